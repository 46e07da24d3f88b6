"""Wording that changes a figure or was left behind: found where it is a slip, silent where it is ordinary."""

import re

import pytest

from flows.extract.claims import narrative_of
from flows.extract.claims.passages import comparable
from flows.extract.document import draft_document
from flows.extract.model import (
    CellDraft,
    DocumentDraft,
    Line,
    Page,
    ProblemDraft,
    Reading,
    Recognition,
    TableDraft,
)
from flows.extract.places import stretch_of
from flows.extract.wording import wording_problems
from flows.extract.wording.slip import seed
from flows.land import land_document

SECTIONS = "一、收入支出决算总体情况说明"
GENERAL = "五、一般公共预算财政拨款支出决算情况说明"


def draft(**values):
    ordinary = {
        "title": "东海市云山区档案局2023年度部门决算",
        "department_name": "东海市云山区档案局",
        "region_name": "东海市云山区",
        "fiscal_year": "2023",
        "document_kind": "department_accounts",
        "amount_unit": "万元",
    }
    return DocumentDraft(**(ordinary | values))


def lines_of(*texts, recognition=None):
    return [Line(1, n, text, recognition=recognition) for n, text in enumerate(texts, start=1)]


def problems_in(lines, document):
    return wording_problems(lines, narrative_of(lines, map(stretch_of, document.tables)), document)


def slips(*texts, **values):
    """(line, code, detail) of each slip in a document of these lines, each its own paragraph."""
    return sorted(
        (p.line_no, p.code.split("_")[0], p.code, p.detail)
        for p in problems_in(lines_of(*texts), draft(**values))
    )


def codes(*texts, **values):
    return [code for _, _, code, _ in slips(*texts, **values)]


def expected(*texts, **values):
    return [detail.partition(" → ")[2] for *_, detail in slips(*texts, **values)]


# -- residue ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("年初预算为5.00万元，支出决算为3.00万元，决算数大于（小于）预算数的主要原因是压减开支。", "小于"),
        ("年初预算为5.00万元，支出决算为8.10万元，决算数大(小)于预算数的主要原因是追加。", "大于"),
        ("全年预算为5.00万元，支出决算为5.00万元，决算数小于(大于)预算数的原因是持平。", "等于"),
        ("与上年相比增加(减少)3.20万元。", ""),
        ("支出比上年下降（增长）4.1%，主要原因是人员减少。", ""),
        ("收入较上年增加/减少2.00万元。", ""),
    ],
)
def test_a_choice_nobody_made_is_residue(text, words):
    assert codes(GENERAL, text) == ["residue_choice"]
    assert expected(GENERAL, text) == [words]


def test_a_choice_and_its_echo_before_the_reason_are_one_slip():
    assert codes(SECTIONS, "比2022年度增加（减少）0万元。增加（减少）主要原因是无此项收入。") == [
        "residue_choice"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "二、部门（单位）整体支出绩效情况",
        "按收入（支出）分类，本年收入3.00万元。",
        "财政拨款收入、支出增加或减少的情况见上表。",
        "因公出国（境）费、公务用车购置（更新）0辆，维修（护）费1.00万元。",
        "预算增减变动3.00万元。",
        "备注：一个一级项目支出一张表。",
        "说明：“项目支出”需要填报基本支出以外的所有项目支出情况。",
        "增长（下降）率按可比口径计算。",
    ],
)
def test_ordinary_phrases_are_no_residue(text):
    assert codes(SECTIONS, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "纳入东海市××局2023年度部门决算的单位包括三家。",
        "本年收入合计XXX万元，占XX%。",
        "公开《2023年度xx部门(单位)整体绩效自评表》。",
        "20XX年度收入合计3.00万元。",
        "云山区○○局共有车辆1辆。",
    ],
)
def test_a_placeholder_is_residue(text):
    assert set(codes("第一部分", text)) == {"residue_placeholder"}


@pytest.mark.parametrize(
    "text", ["预算执行率=执行数/预算数×100%", "采购xx2型服务器1台。", "项目编号2023XX01。", "面积2×2米。"]
)
def test_signs_and_model_numbers_are_no_placeholders(text):
    assert codes("第一部分", text) == []


def test_a_template_is_one_slip():
    texts = ["本年收入合计XXX万元。"] * 5 + ["增加（减少）XX万元。", "……"]
    found = slips("东海市XX局", *texts, department_name="东海市XX局", title="东海市XX局2023年度部门决算")
    assert [(code, detail) for _, _, code, detail in found] == [
        ("residue_template", "东海市XX局2023年度部门决算")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "本部门共有车辆____辆。",
        "支出决算为万元，完成年初预算的98.0%。",
        "与上年相比，增长%。",
        "共接待来访团组0个。来访对象。国内公务接待支出0万元。",
        "支出减少，主要原因是。",
    ],
)
def test_a_blank_is_residue(text):
    assert codes("七、财政拨款三公经费支出决算情况说明", text) == ["residue_blank"]


@pytest.mark.parametrize(
    "text",
    [
        "填表人：____ 填报日期：____年__月__日",
        "主要原因是：",
        "主要用于以下方面：",
        "支出决算为0万元，占0%。",
    ],
)
def test_what_is_filled_in_elsewhere_is_no_blank(text):
    assert codes("第五部分 附件", text, "人员减少。") == []


def test_an_entry_that_nothing_follows_is_a_blank():
    assert codes("第五部分 名词解释", "（十八）其他专用名词。", "第六部分 附件", "无。") == ["residue_blank"]
    assert (
        codes("第五部分 名词解释", "（十八）其他专用名词。", "1.年金：指补充养老保险。", "第六部分 附件")
        == []
    )


@pytest.mark.parametrize("text", ["……", "......", "三、……", "2.…", "\t……\t", "。。。"])
def test_a_line_of_dots_is_residue(text):
    assert codes("名词解释", text) == ["residue_ellipsis"]


@pytest.mark.parametrize(
    "text", ["一、收入支出决算总表......5", "...................", "信息化建设等……工作。"]
)
def test_leaders_and_dots_in_a_sentence_are_no_residue(text):
    assert codes("目录", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "（如果本部门没有此项收入，则写“本部门当年无此项收入”）",
        "(请简要说明评价工作的开展情况)",
        "（增减原因由各部门根据本单位情况填列）",
        "（注意事项：经费为零的单位要作文字描述）",
        "无此项收支的，仍保留该表格式，并在本表下方作下述说明：",
        "（如持平作持平表述）",
        "（不涉及的不列）",
        "按上述格式依次说明到各项级科目。",
        "（参考《2023年政府收支分类科目》逐项解释）",
        "此处填写主要职责。",
        "（根据本部门使用的专用名词补充解释）",
        "对年初安排的子项目分别描述绩效情况。",
        "有专项支出的部门参照部门预算公开的范围和体例公开。",
        "（决算数低于年初预算数95%的应作原因说明）",
    ],
)
def test_an_instruction_of_the_template_is_residue(text):
    assert codes("第三部分", text) == ["residue_instruction"]


@pytest.mark.parametrize(
    "text",
    [
        "负责研究各部门向区政府的请示、报告，提出处理意见。",
        "邀请各界代表对工作进行说明和评议。",
        "自评表由各项目单位根据实际情况填写绩效自评表。",
        "负责审核各部门公开的预决算信息。",
        "现将有关情况作如下说明：",
        "具体情况说明如下：本年支出3.00万元。",
        "依申请公开政府信息12件。",
        "详细分析原因，提出建议，形成自评报告。",
        "说明：本部门没有政府性基金收入，故本表无数据。",
        "各部门（单位）需在“指标分类”一栏中明确各三级指标的分类。",
    ],
)
def test_the_departments_own_sentences_are_no_instructions(text):
    assert codes("第三部分", text) == []


def test_an_instruction_is_shown_from_its_bracket_on():
    ((line, _, _, detail),) = slips("第三部分", "本年支出3.00万元(具体原因请各单位补充说明)，占98.0%。")
    assert (line, detail) == (2, "(具体原因请各单位补充说明)")


def test_a_doubled_word_is_residue():
    assert codes(SECTIONS, "本年支出3.00万元，其中其中基本支出2.00万元。") == ["residue_doubled"]


def test_words_of_a_superiors_template_are_residue_in_a_district():
    text = "（一）财政拨款收入：指市级财政一般公共预算当年拨付的资金。"
    assert codes("名词解释", text) == ["residue_level"]
    assert expected("名词解释", text) == ["区级财政"]
    assert codes("名词解释", text, department_name="东海市档案局", region_name="东海市") == []
    assert codes("名词解释", "支持市级财政专项资金管理，配合省直部门工作。") == []


@pytest.mark.parametrize("row", seed("wording_patterns.csv"), ids=lambda row: row["example"])
def test_every_pattern_finds_its_example(row):
    text = "".join(comparable(character) for character in row["example"])
    find = re.fullmatch if row["place"] in ("line", "entry") else re.search
    assert find(row["pattern"], text)


# -- units ------------------------------------------------------------------------------------------


def test_yuan_is_wrong_where_a_rate_needs_ten_thousands():
    found = expected(GENERAL, "年初预算为26.50元，支出决算为13.25万元，完成年初预算的50.0%。")
    assert found == ["26.50万元"]
    changed = "办公费8.00万元，比上年增加2.0元，增长33.3%。"
    assert expected("九、关于机关运行经费支出说明", changed) == ["2.0万元"]


def test_yuan_is_wrong_where_the_same_digits_stand_with_ten_thousands():
    found = slips(GENERAL, "住房公积金支出87.08元，主要用于职工。", "六、说明", "其中住房公积金87.08万元。")
    assert [(line, code) for line, _, code, _ in found] == [(2, "unit_wrong")]


def test_yuan_is_wrong_where_no_budget_is_that_small():
    assert expected(GENERAL, "社会保障支出年初预算为13.28元，支出决算为0万元。") == ["13.28万元"]


@pytest.mark.parametrize(
    "text",
    [
        "人均接待费85.32元，国内公务接待0.70万元，增长10.0%。",
        "年初预算为0元，支出决算为16.8万元。",
        "会议费支出560.50元。",
        "单价87.08元/套。",
        "年初预算为265000元，支出决算为13.25万元，完成年初预算的50.0%。",
    ],
)
def test_ordinary_amounts_in_yuan_are_no_slips(text):
    assert codes(GENERAL, text) == []


def test_an_account_in_yuan_may_say_yuan():
    assert codes(GENERAL, "年初预算为26.50元，支出决算为13.25元。", amount_unit="元") == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("支出决算为990.24，主要用于人员经费。", "990.24万元"),
        ("一般公共服务支出746.34万元，占本年支出75.3。", "75.3%"),
        ("与上年相比增加12.57，增长1.2%。", "12.57万元"),
    ],
)
def test_a_missing_unit_is_a_slip(text, unit):
    assert codes(GENERAL, text) == ["unit_missing"]
    assert expected(GENERAL, text) == [unit]


def test_a_list_that_says_its_unit_once_misses_none():
    assert codes(GENERAL, "（单位：万元）支出决算为990.24，上年决算为980.00。") == []


def table(code, line_no, unit="万元", cells=1, **values):
    numbers = [
        CellDraft(n, 1, 1, line_no + n, "", "合计", "function.total", "合计", "total", f"{n}.00")
        for n in range(1, cells + 1)
    ]
    known = {"row_count": 3, "column_count": 3, "is_declared_empty": False, "method": "grid"} | values
    return TableDraft(code, f"{code}表", unit, 1, 1, line_no, line_no + cells, cells=tuple(numbers), **known)


def cell(text):
    return CellDraft(1, 1, 1, 2, "", "合计", "revenue.grand_total", "金额", "final", text)


def test_the_digits_of_a_table_in_another_unit_are_chance():
    """Sentences in 万元 beside tables in 千元 say 11.14 of another thing."""
    of_tables = [TableDraft("gk01", "01表", "千元", 1, 1, 1, 2, 3, 3, False, "grid", cells=(cell("11.14"),))]
    text = "公务接待费11.14万元。因公出国费5.31万元。"
    assert codes(*["表"] * 3, SECTIONS, text, tables=of_tables, amount_unit="千元") == []


def test_the_one_table_without_unit_is_a_slip():
    tables = [table("gk01", 1, ""), *(table(f"gk0{n}", 10 * n) for n in range(2, 6))]
    assert slips(*["正文"] * 60, tables=tables) == [(1, "unit", "unit_missing", "gk01表 → 单位：万元")]
    assert codes(*["正文"] * 60, tables=[table(t.table_code, t.first_line, "") for t in tables]) == []


# -- years ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年度收入合计990.24万元，与2022年度相比增加3.00万元。", "2023年"),
        ("2023年度收入合计990.24万元，与2023年度相比，增加3.00万元。", "2022年"),
        ("截至2022年12月31日，本部门共有车辆3辆。", "2023年"),
        ("附件：2021年度档案抢救经费自评表", "2023年"),
        ("2024年度一般公共预算财政拨款支出990.24万元。", "2023年"),
        ("2021年度，一般公共预算财政拨款基本支出209.14万元。", "2023年"),
        ("2021年度，公务用车购置及运行维护费全年预算8.20万元，支出决算8.00万元。", "2023年"),
        ("2021年度，公共安全支出（类）国家保密（款）机关服务（项），年初预算0.00万元。", "2023年"),
    ],
)
def test_another_year_where_the_documents_is_meant_is_a_slip(text, year):
    assert codes(SECTIONS, text, "正文。") == ["year_wrong"]
    assert expected(SECTIONS, text, "正文。") == [year]


@pytest.mark.parametrize(
    "text",
    [
        "2023年度收入合计990.24万元，与2022年度相比增加3.00万元。",
        "2022年度收入合计900.00万元，2023年度收入合计990.24万元。",
        "主要原因是补缴2022年养老保险3.00万元。",
        "2022年结转资金收入12.00万元在本年使用。",
        "2024年将继续压减三公经费。",
        "2022年度总结表彰大会经费3.29万元。",
        "2022年，财政拨款比上年增加3.00万元。",
        "2022年度，区政府下达专项资金3.00万元。",
        "2022年度，公务接待费3.00万元；2023年度公务接待费支出2.00万元。",
    ],
)
def test_ordinary_years_are_no_slips(text):
    assert codes(SECTIONS, text) == []


def test_the_title_of_a_table_tells_the_documents_year():
    other = TableDraft("gk02", "2022年度收入决算表", "万元", 1, 1, 5, 9, 3, 3, False, "grid")
    assert slips("正文", tables=[other]) == [
        (5, "year", "year_wrong", "2022年度收入决算表 → 2023年度收入决算表")
    ]


# -- names ------------------------------------------------------------------------------------------


def test_a_department_calls_itself_what_its_name_ends_in():
    office = {"department_name": "中共云山区委办公室", "region_name": ""}
    assert expected("附件", "2023年，我局无项目支出。", **office) == ["我办"]
    assert codes("附件", "我办、我委各股室，我局长会同办理。", **office) == ["department_wrong"]
    assert codes("附件", "2023年，我局无项目支出。") == []
    assert codes("附件", "我委托第三方评价，我办理了手续，我区我市都好。") == []


def test_the_name_in_a_title_is_the_covers():
    office = {"department_name": "云山区人民政府办公室"}
    assert codes("附件", "一、2023年度云山区人民政府整体绩效评价报告", **office) == ["department_wrong"]
    assert codes("附件", "2023年度区政府办公室整体支出绩效自评报告", **office) == []
    assert codes("附件", "2023年度云山区机关幼儿园整体支出绩效自评报告", **office) == []


def test_the_name_above_a_table_is_the_covers():
    assert codes("部门：东海市云山区财政局 金额单位：万元") == ["department_wrong"]
    assert codes("部门：东海市云山区档案局 金额单位：万元", "部门：云山区档案局（本级）") == []


def test_the_use_of_an_account_is_its_own():
    text = "住房保障支出（类）住房改革支出（款）住房公积金（项）。主要用于：单位医疗保险支出。"
    assert codes(GENERAL, text) == ["account_wrong"]
    assert expected(GENERAL, text) == ["住房公积金"]
    for ordinary in (
        "住房保障支出（类）住房改革支出（款）住房公积金（项）。主要用于：职工住房公积金。",
        "卫生健康支出（类）55.48万元，主要用于职工医疗保险。",
        "社会保障和就业支出（类）。主要用于：机关养老保险及职业年金支出。",
        "一般公共服务支出（类）。主要用于：人员工资、医疗保险、住房公积金。",
    ):
        assert codes(GENERAL, ordinary) == []


def test_names_and_units_read_from_pictures_are_no_slips():
    lines = lines_of(GENERAL, "部门：东海市云山区财攻局", "年初预算为13.28元。", recognition=Recognition(0.9))
    assert problems_in(lines, draft()) == []


# -- tables -----------------------------------------------------------------------------------------


def test_an_attachment_that_is_announced_has_to_be_there():
    announced = "附件：2023年度档案抢救经费自评表（附后）"
    assert codes(announced, "正文。") == ["table_missing"]
    assert codes(announced, "正文。", tables=[table("pf03", 2)]) == []
    unread = [ProblemDraft(2, 0, "read", "page_without_text", "")]
    assert codes(announced, "正文。", problems=unread) == []


def test_a_document_does_not_end_in_a_title():
    assert codes("正文。", "二、2023年度项目绩效评价表", "- 12 -") == ["table_missing"]
    assert codes("正文。", "二、2023年度项目绩效评价表", "1 2 3。") == []


def test_an_empty_table_says_that_it_is_empty():
    empty = [table("gk07", 2, cells=0)]
    assert codes("第二部分", "gk07表", "合计", tables=empty) == ["note_missing"]
    assert codes("第二部分", "gk07表", "合计", "本部门无政府性基金预算收支。", tables=empty) == []
    assert codes("第二部分", "gk07表", "政府性基金预算财政拨款收入0万元。", tables=empty) == []
    under_its_heading = ("七、政府性基金预算财政拨款收入支出决算情况说明", "本部门没有这类收入和支出。")
    assert codes("第二部分", "gk07表", "合计", *under_its_heading, tables=empty) == []


def test_the_note_of_one_empty_table_does_not_speak_for_another():
    tables = [table("gk07", 2, cells=0), table("gk08", 4, cells=0, is_declared_empty=True)]
    note = "说明：本部门没有国有资本经营预算财政拨款支出，本表无数据。"
    text = ("政府性基金预算财政拨款收入支出决算表", "合计", "国有资本经营预算财政拨款支出决算表", note)
    assert codes("第二部分", *text, tables=tables) == ["note_missing"]
    assert codes("第二部分", "gk07表", "合计", tables=[table("gk07", 2, cells=1)]) == []


# -- landing ----------------------------------------------------------------------------------------


def test_slips_are_landed_with_stage_place_and_what_was_expected():
    text = (
        "东海市云山区档案局\n2023年度部门决算\n第三部分 2023年度部门决算情况说明\n"
        "五、一般公共预算财政拨款支出决算情况说明\n"
        "教育支出决算为13.25万元，上年决算为12.00万元。\n"
        "教育支出年初预算为26.50元，支出决算为13.25万元，完成年初预算的50.0%，决算数大于（小于）预算数。\n"
    )
    rows = land_document("a.txt", text.encode())
    assert [tuple(row.values())[1:] for row in rows["landed_problems"]] == [
        ("1", "6", "wording", "residue_choice", "大于（小于）"),
        ("1", "6", "wording", "unit_wrong", "26.50元 → 26.50万元"),
    ]
    assert rows["landed_documents"][0]["status"] == "landed"


def test_a_detail_has_sixty_characters_at_most():
    long = "（请简要说明" + "绩效评价工作的开展情况" * 12 + "）"
    page = Page(1, tuple(lines_of("东海市档案局2023年度部门决算", "第三部分", long)))
    found = draft_document(Reading("text", "text/plain", (page,))).problems
    assert [(p.code, len(p.detail)) for p in found] == [("residue_instruction", 60)]


# -- terms and funds ------------------------------------------------------------------------------


def test_a_term_is_called_as_the_law_calls_it():
    found = slips(SECTIONS, "国有资产经营预算财政拨款支出决算表", "国有资本经营预算财政拨款支出决算表")
    assert found == [(2, "term", "term_wrong", "国有资产经营预算 → 国有资本经营预算")]


def _totals(all_funds, general):
    tables = []
    for table_code, value in (("gk03", all_funds), ("gk05", general)):
        cell = CellDraft(1, 1, 1, 900, "", "合计", "function.total", "", "total", value, "万元")
        tables.append(TableDraft(table_code, "", "万元", 1, 1, 900, 900, 1, 1, False, "grid", (cell,)))
    return tables


@pytest.mark.parametrize(
    ("spent", "general", "found"),
    [
        ("563.56", "540.44", ["563.56万元 → 540.44万元"]),
        ("540.44", "540.44", []),  # that of the budget
        ("563.56", "563.56", []),  # one fund alone
        ("563.56", "54.0.44", []),  # no number at all
    ],
)
def test_a_heading_of_one_fund_stands_over_amounts_of_that_fund(spent, general, found):
    texts = ("第六部分 附件", "二、一般公共预算支出情况", f"2023年支出{spent}万元，结余结转0万元。")
    tables = _totals("563.56", general)
    assert [detail for _, _, code, detail in slips(*texts, tables=tables) if code == "fund_wrong"] == found
