# The two commands most people need:
#   make refresh DOCUMENTS=<folder>    install what is missing, then read, check and publish
#   make test                          install what is missing, then run all tests
# Everything else: make help

PYTHON    ?= python3
DOCUMENTS ?=
WAREHOUSE ?=
POLICY    ?=
WORKERS   ?=
FUZZ      ?= 10000
DEPARTMENTS ?= 20000

BIN   := .venv/bin
STAMP := .venv/.installed
OCR   := .venv/.ocr
# Handed over in the environment, so that blanks and quotes in file names arrive as they were typed.
export JUESUAN_DOCUMENTS = $(DOCUMENTS)
export JUESUAN_PUBLISHED = $(WAREHOUSE)
export JUESUAN_POLICY    = $(POLICY)
export JUESUAN_WORKERS   = $(WORKERS)

.DEFAULT_GOAL := help
.PHONY: help install ocr refresh test lint docs score score-findings bench fuzz samples lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 24
	@echo
	@echo '  DOCUMENTS=  folder, file, quoted list of them, or @list.txt   (documents/samples)'
	@echo '  WAREHOUSE=  the published DuckDB file                         (warehouse/juesuan.duckdb)'
	@echo '  POLICY=     quarantine, flag or strict                        (quarantine)'
	@echo '  WORKERS=    documents read at the same time                   (one a core)'

refresh: $(STAMP) ## read the documents, check them, publish the warehouse
	@$(BIN)/juesuan refresh

test: $(OCR) ## all tests, then style
	@$(BIN)/python -m pytest -q
	@$(BIN)/ruff check --quiet flows tests

lint: $(STAMP) .venv/.sql-style ## style only, of Python and SQL
	@$(BIN)/ruff check flows tests

# A minute for all of the SQL, so that only what changed is looked at; all of it when the rules or a macro did.
SQL := $(shell find models tests docs/cookbook -name '*.sql')
.venv/.sql-style: .sqlfluff $(wildcard macros/*.sql) $(SQL) | $(STAMP)
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar -q \
		$(if $(filter .sqlfluff macros/%,$?),$(SQL),$(filter %.sql,$?))
	@touch $@

docs: $(STAMP) ## docs/ (cookbook, data dictionary, diagram) anew, and dbt's pages as target/docs/index.html
	@rm -rf target/docs
	@$(BIN)/juesuan refresh documents/samples --warehouse target/docs/samples.duckdb
	@$(BIN)/python -m flows.handbook target/docs/samples.duckdb
	@JUESUAN_WAREHOUSE=target/docs/samples.state/candidate.duckdb \
		$(BIN)/dbt --quiet docs generate --static --target-path target/docs/dbt
	@mv target/docs/dbt/static_index.html target/docs/index.html
	@echo '  target/docs/index.html'

score: $(OCR) ## how much of the truth under tests/corpus the readers find, in per cent
	@$(BIN)/python -m tests.corpus.score && $(BIN)/python -m tests.corpus.finding_score

score-findings: $(OCR) ## how many planted errors the findings say, and how many findings are false
	@$(BIN)/python -m tests.corpus.score_findings

bench: $(OCR) ## speed and memory, as ratios measured in one run; identities over DEPARTMENTS= (20000) accounts
	@$(BIN)/python -m tests.corpus.bench --departments $(DEPARTMENTS)

fuzz: $(STAMP) ## read FUZZ= (10000) damaged documents of every format: none may crash, hang or lack a status
	@$(BIN)/python -m tests.corpus.fuzz --documents $(FUZZ)

samples: $(STAMP) ## render documents/samples again and land them into seeds/landing, which are tracked
	@$(BIN)/python -m tests.corpus.samples

install: $(STAMP) ## the virtual environment, from requirements.lock

ocr: $(OCR) ## the extra that reads pictures of pages (scans), from requirements-ocr.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "juesuan needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@echo "installing: 1/4 virtual environment"
	@$(PYTHON) -m venv --clear .venv
	@echo "installing: 2/4 packages, with hashes from requirements.lock (minutes)"
	@$(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check --require-hashes --no-deps \
		-r requirements.lock
	@$(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check --no-deps \
		--no-build-isolation -e .
	@echo "installing: 3/4 check"
	@$(BIN)/python -m pip check --disable-pip-version-check >.venv/pip-check 2>&1 || { cat .venv/pip-check; exit 1; }
	@echo "installing: 4/4 bytecode"
	@# Some packages ship templates that are no Python; they stay as they are.
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -qq -j 0 .venv/lib >/dev/null 2>&1 || true
	@touch $(STAMP)

$(OCR): requirements-ocr.lock $(STAMP)
	@echo "installing: what reads pictures of pages, with hashes from requirements-ocr.lock"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps \
		-r requirements-ocr.lock
	@$(BIN)/python -m pip check --disable-pip-version-check >.venv/pip-check 2>&1 || { cat .venv/pip-check; exit 1; }
	@touch $(OCR)

lock: ## resolve requirements.in and requirements-ocr.in anew into their locks (needs uv)
	@command -v uv >/dev/null || { echo "install uv first: https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-o requirements.lock
	uv pip compile requirements-ocr.in -c requirements.lock --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate -o requirements-ocr.lock

clean: ## remove the virtual environment and dbt's scratch; warehouses stay
	rm -rf .venv target logs *.egg-info
