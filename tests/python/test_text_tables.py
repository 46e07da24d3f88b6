"""Standard tables in text: where they stand, and what their rows are when columns are lost."""

from flows.extract.model import Line
from flows.extract.tables.columnless import read_columnless
from flows.extract.tables.segment import segments_of
from flows.extract.tables.tabbed import grid_of


def lines(text):
    return [Line(1, n, t) for n, t in enumerate(text.strip("\n").split("\n"), start=1)]


def only_segment(text):
    (segment,) = segments_of(lines(text))
    return segment


def rows_of(text):
    table = read_columnless(only_segment(text))
    return {r.line_item: [v.text for v in r.values] for r in table.rows if r.values}, table.problems


# -- segments ---------------------------------------------------------------------------------

CONTENTS = """
目录
一、收入决算表
二、支出决算表
收入决算表
金额单位：万元
栏次 1 2 3 4 5 6 7
合计 8.00 8.00
注：本表反映收入。
支出决算表
单位：元
栏次 1 2 3 4 5 6
合计 8.00 8.00
第三部分 说明
本年支出 8.00 万元
"""


def test_a_contents_entry_is_no_table_and_a_part_heading_ends_the_last_one():
    found = [(s.table_code, s.title_line.line_no, s.unit, len(s.body)) for s in segments_of(lines(CONTENTS))]
    assert found == [("gk02", 4, "万元", 3), ("gk03", 9, "元", 3)]


def test_a_title_whose_table_is_a_picture_is_reported_once():
    (segment,) = segments_of(lines("目录\n一、收入决算表\n第二部分\n一、收入决算表\n第三部分"))
    assert (segment.title_line.line_no, segment.has_body, segment.is_declared_empty) == (4, False, False)


def test_a_table_may_be_declared_empty_in_words():
    (segment,) = segments_of(
        lines("政府性基金预算财政拨款收入支出决算表\n说明：本单位没有政府性基金收入，故本表无数据。")
    )
    assert segment.is_declared_empty


def test_the_forms_own_instruction_declares_nothing():
    (segment,) = segments_of(
        lines(
            "政府性基金预算财政拨款收入支出决算表\n栏次 1 2 3 4 5 6\n合计\n"
            "注：无政府性基金预算财政拨款收入支出的，仍保留该表格式，并在本表下方说明"
        )
    )
    assert not segment.is_declared_empty


# -- columnless rows ----------------------------------------------------------------------------


def test_rows_are_named_by_code_whatever_the_label_is_broken_into():
    rows, problems = rows_of(
        """
支出决算表
科目名称
栏次 1 2 3 4 5 6
合计 30.00 20.00 10.00
205
教育
支出
12.00 2.00 10.00
20502 普通 12.00 2.00 10.00
教育
2050299 其他普通教育支出 12.00 2.00 10.00
"""
    )
    assert rows == {
        "function.total": ["30.00", "20.00", "10.00"],
        "function.205": ["12.00", "2.00", "10.00"],
        "function.20502": ["12.00", "2.00", "10.00"],
        "function.2050299": ["12.00", "2.00", "10.00"],
    }
    assert problems == ()


def test_a_label_that_goes_on_after_the_numbers_is_whole():
    table = read_columnless(
        only_segment("支出决算表\n栏次 1 2 3 4 5 6\n20502 普通 1.00 1.00\n教育\n合计 1.00 1.00")
    )
    assert [row.label for row in table.rows] == ["普通教育", "合计"]


def test_a_number_broken_over_lines_is_one_number():
    rows, _ = rows_of(
        "基本支出决算表\n栏次".replace("基本", "一般公共预算财政拨款基本") + "\n301 工资福利支出 28\n.0\n9"
    )
    assert rows == {"economic.301": ["28.09"]}


def test_two_sided_rows_are_told_by_their_line_numbers():
    rows, problems = rows_of(
        """
收入支出决算总表
栏次 1 栏次 2
一、一般公共预算财政
拨款收入
1 9.00
一、一般公共服务
支出
32 8.50
八、其他收入 8 0.50
二、外交支出 33 1.00
"""
    )
    assert rows == {
        "revenue.general_public_budget": ["9.00"],
        "expenditure.class.201": ["8.50"],
        "revenue.other": ["0.50"],  # rows 2 to 7 were left out
        "expenditure.class.202": ["1.00"],
    }
    assert problems == ()


def test_an_integer_that_follows_no_label_is_no_line_number():
    rows, problems = rows_of(
        "收入支出决算总表\n栏次 1 栏次 2\n一、一般公共预算财政拨款收入 1 9.00 5\n二、外交支出 32 1.00"
    )
    assert rows == {"revenue.general_public_budget": ["9.00"], "expenditure.class.202": ["1.00"]}
    assert [p.detail.split()[0] for p in problems] == ["5"]


def test_the_tail_of_a_centred_label_goes_back_to_its_row():
    table = read_columnless(
        only_segment(
            "财政拨款收入支出决算总表\n栏次 1 栏次 2 3 4 5\n一、一般公共预算财政拨款 1 3.00\n"
            "一、粮油物资储备支\n33 3.00 3.00\n出\n2\n二、外交支出\n34"
        )
    )
    assert [(r.row_code, r.label, r.line_item) for r in table.rows] == [
        ("1", "一、一般公共预算财政拨款", "revenue.general_public_budget"),
        ("33", "一、粮油物资储备支出", "expenditure.class.222"),
        ("34", "二、外交支出", "expenditure.class.202"),
    ]


def test_more_numbers_than_columns_are_problems_and_not_figures():
    rows, problems = rows_of("支出决算表\n栏次 1 2 3 4 5 6\n205 教育支出 1.00 2.00 3.00 4.00 5.00 6.00 7.00")
    assert rows == {}
    assert len(problems) == 7 and all("教育支出" in p.detail for p in problems)


def test_three_public_row_with_the_column_numbers_in_the_same_line():
    header = "\t".join(str(n) for n in range(1, 13))
    values = "\t".join(f"{n}.00" for n in range(1, 14))
    rows, problems = rows_of(f"财政拨款三公经费支出决算表\n预算数\t决算数\n{header}\t{values}")
    assert rows == {"three_public": [f"{n}.00" for n in range(1, 13)]}
    assert [p.detail.split()[0] for p in problems] == ["13.00"]


# -- tab-separated rows --------------------------------------------------------------------------


def table_texts(grid):
    cells = [[""] * grid.column_count for _ in range(grid.row_count)]
    for cell in grid.cells:
        cells[cell.row][cell.column] = cell.text
    return cells


def test_code_and_name_in_one_field_and_a_missing_label_cell_are_set_right():
    grid = grid_of(
        lines(
            "公开03表\n科目代码\t科目名称\t本年支出合计\t基本支出\n合计\t5.00\t4.00\t0.00\n"
            "205 教育支出\t5.00\t4.00\t0.00\n20502\t普通教育\t5.00\t4.00\t"
        )
    )
    assert table_texts(grid) == [
        ["科目代码", "科目名称", "本年支出合计", "基本支出", ""],
        ["合计", "", "5.00", "4.00", "0.00"],
        ["205", "教育支出", "5.00", "4.00", "0.00"],
        ["20502", "普通教育", "5.00", "4.00", ""],
    ]


def test_totals_on_the_line_below_go_back_to_their_row_and_keep_their_line():
    grid = grid_of(lines("301\t工资福利支出\t3.00\n人员经费合计\t\t\t公用经费合计\t\t\n\t\t3.00\t\t\t2.00"))
    assert table_texts(grid)[1] == ["人员经费合计", "", "3.00", "公用经费合计", "", "2.00"]
    assert {cell.line_no for cell in grid.cells if cell.text == "2.00"} == {3}
