"""The handbook: questions that the warehouse answers rightly, a dictionary that misses nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from flows.handbook import cookbook, diagram, dictionary
from flows.handbook.marts import MODELS, marts
from flows.settings import PROJECT, Settings

MARTS = marts()
QUESTIONS = cookbook.questions()
HETANG = "中共株洲市荷塘区委办公室"
CAIDIAN = "中国共产党武汉市蔡甸区委员会办公室"
BEITA = "中共邵阳市北塔区委办公室"
ZENGDU = "中共随州市曾都区委办公室"
ZENGDU_GOVERNMENT = "曾都区人民政府办公室"


@pytest.fixture(scope="module")
def warehouse(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


def _answer(warehouse: duckdb.DuckDBPyConnection, number: int, *columns: str) -> list[tuple]:
    """The answer of the cookbook's query of that number, only the columns asked for."""
    (question,) = [question for question in QUESTIONS if question.name.startswith(f"{number:02d}_")]
    names = ", ".join(f'"{column}"' for column in columns)
    return warehouse.execute(f"select {names} from ({question.sql})").fetchall()


def _yuan(*figures: str | None) -> tuple[Decimal | None, ...]:
    return tuple(figure and Decimal(figure) for figure in figures)


def _is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


@pytest.mark.end_to_end
def test_every_question_is_asked_in_both_languages_and_has_an_answer(warehouse):
    assert len(QUESTIONS) >= 20
    for question in QUESTIONS:
        assert _is_chinese(question.zh) and re.search("[a-z]", question.en), question.name
        assert warehouse.execute(question.sql).fetchall(), question.name


@pytest.mark.end_to_end
def test_the_cookbook_shows_what_the_queries_give(warehouse):
    """`make docs` writes it anew."""
    assert cookbook.PAGE.read_text(encoding="utf-8") == cookbook.page(warehouse)


# What follows is read from the samples: tables, narrative and annex of the five documents.


@pytest.mark.end_to_end
def test_party_offices_per_head_of_staff(warehouse):
    rows = _answer(
        warehouse, 1, "部门", "支出（万元）", "在职人员（人）", "人均支出（万元）", "没有数值的原因"
    )
    # 北塔 alone prints its staff: 594.67 / 20 = 29.7335
    assert rows[0] == (BEITA, Decimal("594.67"), 20, Decimal("29.73"), None)
    assert {(name, spent, reason) for name, spent, _, _, reason in rows[1:]} == {
        (HETANG, Decimal("563.56"), "denominator_missing"),
        (ZENGDU, Decimal("1002.33"), "denominator_missing"),
        (CAIDIAN, Decimal("990.75"), "denominator_missing"),
    }


@pytest.mark.end_to_end
def test_administrative_operation_between_budget_and_final(warehouse):
    rows = _answer(warehouse, 2, "部门", "科目", "年初预算（万元）", "决算（万元）", "比年初预算增减（万元）")
    # 公开05表, and the sentences of section five; 蔡甸 prints no budget by item
    assert {row[:2]: row[2:] for row in rows} == {
        (HETANG, "2010101"): _yuan("0.00", "17.39", "17.39"),
        (HETANG, "2013101"): _yuan("299.76", "289.99", "-9.77"),
        (ZENGDU, "2013101"): _yuan("503.48", "737.76", "234.28"),
        (ZENGDU_GOVERNMENT, "2010301"): _yuan("553.95", "685.19", "131.24"),
        (CAIDIAN, "2010301"): _yuan(None, "22.25", None),
        (CAIDIAN, "2013101"): _yuan(None, "1.05", None),
        (CAIDIAN, "2013601"): _yuan(None, "570.91", None),
    }


@pytest.mark.end_to_end
def test_three_public_expenses_over_their_budget(warehouse):
    # 北塔's annex: 0 and 0.1; the others print 28.12 and 22.61, 54.33 and 32.99, 35 and 10.69, or 0
    assert _answer(warehouse, 3, "部门", "预算（万元）", "决算（万元）", "决算出处") == [
        (BEITA, Decimal("0.00"), Decimal("0.10"), "annex")
    ]


@pytest.mark.end_to_end
def test_share_of_spending_on_people(warehouse):
    rows = _answer(warehouse, 4, "部门", "人员经费（万元）", "占基本支出（%）", "占支出合计（%）")
    # 公开06表 人员经费合计 over 公开05表 基本支出, and over all expenditure; that of 北塔 is not the basic
    # expenditure of the general public budget
    assert {name: figures for name, *figures in rows} == {
        CAIDIAN: list(_yuan("838.07", "96.8", "84.6")),  # of 866.15, of 990.75
        ZENGDU_GOVERNMENT: list(_yuan("683.20", "90.6", "74.1")),  # of 754.19, of 921.96
        ZENGDU: list(_yuan("676.65", "87.0", "67.5")),  # of 777.40, of 1002.33
        HETANG: list(_yuan("373.28", "87.7", "66.2")),  # of 425.43, of 563.56
        BEITA: list(_yuan("387.97", None, "65.2")),  # of 594.67
    }


@pytest.mark.end_to_end
def test_largest_gaps_between_initial_budget_and_final(warehouse):
    columns = ("部门", "编码", "年初预算（万元）", "决算（万元）", "差（万元）", "可信度", "问题")
    rows = _answer(warehouse, 5, *columns)
    assert [(name, code, *figures) for name, code, *figures, _, _ in rows[:9]] == [
        (ZENGDU, "", *_yuan("675.95", "1000.46", "324.51")),
        (ZENGDU, "2013101", *_yuan("503.48", "737.76", "234.28")),
        (ZENGDU_GOVERNMENT, "", *_yuan("715.58", "905.31", "189.73")),
        (ZENGDU_GOVERNMENT, "2010301", *_yuan("553.95", "685.19", "131.24")),
        (CAIDIAN, "", *_yuan("1093.15", "990.24", "-102.91")),
        (HETANG, "", *_yuan("448.03", "540.44", "92.41")),
        (ZENGDU, "2080505", *_yuan("87.42", "160.55", "73.13")),
        (ZENGDU_GOVERNMENT, "2080505", *_yuan("72.17", "111.83", "39.66")),
        # printed as 26.53元, which the finding beside it says
        (HETANG, "2080505", *_yuan("0.00", "26.53", "26.53")),
    ]
    assert {confidence for *_, confidence, _ in rows} == {"certain / certain"}
    assert [finding is not None for *_, finding in rows[:9]] == [False] * 8 + [True]
    assert "26.53元" in rows[8][-1]


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.model)
def test_a_mart_and_its_columns_are_told_in_chinese_and_english(mart):
    for described in (mart, *mart.columns):
        assert _is_chinese(described.zh), described.name
        assert re.search("[a-z]", described.en), described.name


def test_the_chinese_explains_every_value_that_a_column_may_have():
    for path in MODELS.rglob("*.yml"):
        for column in yaml.safe_load(path.read_text(encoding="utf-8"))["models"][0]["columns"]:
            for test in column.get("data_tests", []):
                if isinstance(test, dict) and "accepted_values" in test:
                    values = test["accepted_values"]["arguments"]["values"]
                    zh = column["config"]["meta"]["zh"]
                    assert [value for value in values if value not in zh] == [], (path.stem, column["name"])


def test_headline_figures_have_the_names_of_their_seed():
    with (PROJECT / "seeds" / "reference" / "headline_figures.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        names = {row["figure"]: row["name_zh"] for row in csv.DictReader(file)}
    (mart,) = [mart for mart in MARTS if mart.model == "fct_department_year"]
    told = {column.name: column.zh for column in mart.columns}
    for figure, name in names.items():
        value = f"{figure}_yuan" if f"{figure}_yuan" in told else figure
        for column in (value, f"{figure}_evidence", f"{figure}_confidence", f"{figure}_figure_id"):
            assert told[column].startswith(name), column


def test_dictionary_and_diagram_are_those_of_the_project():
    """`make docs` writes them anew."""
    assert dictionary.PAGE.read_text(encoding="utf-8") == dictionary.page()
    assert diagram.PAGE.read_text(encoding="utf-8") == diagram.page()


def test_the_diagram_draws_every_tested_key():
    drawn = set(re.findall(r"(\w+) \|\|--o\{ (\w+) : (\w+)", diagram.page()))
    tested = {
        (column.refers_to, mart.model, column.name)
        for mart in MARTS
        for column in mart.columns
        if column.refers_to
    }
    assert drawn == tested
    assert sum("relationships:" in path.read_text(encoding="utf-8") for path in MODELS.rglob("*.yml")) > 10


@pytest.mark.end_to_end
def test_the_dictionary_holds_what_is_published_and_the_comments_say_the_same(warehouse):
    rows = warehouse.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where schema_name in ('marts', 'quality', 'zh') and database_name = current_database()"
    ).fetchall()
    assert {row[:3]: row[3] for row in rows} == {
        (mart.schema, mart.name, column.name): _comment(column.zh, column.en)
        for mart in MARTS
        for column in mart.columns
    }
    comments = warehouse.execute(
        "select table_name, comment from duckdb_tables() where schema_name in ('marts', 'quality') "
        "union all select view_name, comment from duckdb_views() where schema_name = 'zh'"
    ).fetchall()
    assert dict(comments) == {mart.name: _comment(mart.zh, mart.en) for mart in MARTS}


def _comment(zh: str, en: str) -> str:
    return f"{zh} / {en}"


@pytest.mark.end_to_end
def test_no_column_of_staging_or_intermediate_is_undescribed(published):
    with duckdb.connect(str(Settings(warehouse=published).candidate), read_only=True) as connection:
        built = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where schema_name in ('staging', 'intermediate') group by all"
        ).fetchall()
    files = [path for layer in ("staging", "intermediate") for path in (MODELS.parent / layer).glob("*.yml")]
    models = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]]
    told = {model["name"]: sorted(column["name"] for column in model["columns"]) for model in models}
    assert {table: sorted(columns) for table, columns in built} == told


def test_semantic_models_are_described_and_metrics_named():
    content = yaml.safe_load((MODELS.parent / "semantic" / "_semantic.yml").read_text(encoding="utf-8"))
    assert [model["name"] for model in content["semantic_models"] if not model.get("description")] == []
    assert [metric["name"] for metric in content["metrics"] if not _is_chinese(metric["label"])] == []


def test_an_exposure_depends_on_what_its_code_reads():
    content = yaml.safe_load((MODELS.parent / "exposures.yml").read_text(encoding="utf-8"))
    exposures = {
        exposure["name"]: set(re.findall(r"ref\('(\w+)'\)", " ".join(exposure["depends_on"])))
        for exposure in content["exposures"]
    }
    assert exposures["findings_report"] == _read_by(*(PROJECT / "flows" / "report").glob("*.py"))
    assert exposures["official_workbooks"] == _read_by(PROJECT / "flows" / "export" / "accounts.py")
    assert exposures["query_cookbook"] == _read_by(*cookbook.QUERIES.glob("*.sql"))
    package = yaml.safe_load(
        (PROJECT / "flows" / "export" / "fiscal_package.yml").read_text(encoding="utf-8")
    )
    assert exposures["fiscal_data_package"] == {*package["facts"], *package["dimensions"]}
    semantic = (MODELS.parent / "semantic" / "_semantic.yml").read_text(encoding="utf-8")
    # the calendar is MetricFlow's own
    assert exposures["metrics"] == {"dim_date", *re.findall(r"model: ref\('(\w+)'\)", semantic)}


def _read_by(*files: Path) -> set[str]:
    models = {f"{mart.schema}.{mart.name}": mart.model for mart in MARTS}
    read = {
        name
        for file in files
        for name in re.findall(r"(?<![\w.])(?:marts|quality|zh)\.\w+", file.read_text(encoding="utf-8"))
    }
    return {models[name] for name in read}
