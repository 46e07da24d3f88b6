# The two commands most people need:
#   make refresh DOCUMENTS=<folder>    install what is missing, then read, check and publish
#   make test                          install what is missing, then run all tests
# Everything else: make help

PYTHON    ?= python3
DOCUMENTS ?=
WAREHOUSE ?=
POLICY    ?=

BIN   := .venv/bin
STAMP := .venv/.installed
# Handed over in the environment, so that blanks and quotes in file names arrive as they were typed.
export JUESUAN_DOCUMENTS = $(DOCUMENTS)
export JUESUAN_PUBLISHED = $(WAREHOUSE)
export JUESUAN_POLICY    = $(POLICY)

.DEFAULT_GOAL := help
.PHONY: help install refresh test lint score bench samples lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18
	@echo
	@echo '  DOCUMENTS=  folder, file, quoted list of them, or @list.txt   (documents/samples)'
	@echo '  WAREHOUSE=  the published DuckDB file                         (warehouse/juesuan.duckdb)'
	@echo '  POLICY=     quarantine, flag or strict                        (quarantine)'

refresh: $(STAMP) ## read the documents, check them, publish the warehouse
	@$(BIN)/juesuan refresh

test: $(STAMP) ## all tests, then style
	@$(BIN)/python -m pytest -q
	@$(BIN)/ruff check --quiet flows tests

lint: $(STAMP) ## style only
	@$(BIN)/ruff check flows tests

score: $(STAMP) ## how much of the truth under tests/corpus the readers find, in per cent
	@$(BIN)/python -m tests.corpus.score

bench: $(STAMP) ## speed and memory, as ratios measured in one run
	@$(BIN)/python -m tests.corpus.bench

samples: $(STAMP) ## render documents/samples again and land them into seeds/landing, which are tracked
	@$(BIN)/python -m tests.corpus.samples

install: $(STAMP) ## the virtual environment, from requirements.lock

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

lock: ## resolve requirements.in anew into requirements.lock (needs uv)
	@command -v uv >/dev/null || { echo "install uv first: https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-o requirements.lock

clean: ## remove the virtual environment and dbt's scratch; warehouses stay
	rm -rf .venv target logs *.egg-info
