"""The seeds of the dimensions against facts that do not come from them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"

# Regions of county level at the end of the year, as the Ministry of Civil Affairs counts them.
COUNTIES = {2017: 2851, 2018: 2851, 2019: 2846, 2020: 2844, 2021: 2843, 2022: 2843, 2023: 2844, 2024: 2846}


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def regions() -> dict[str, dict[str, str]]:
    return {row["division_code"]: row for row in _rows("regions")}


def _holds(row: dict[str, str], year: int) -> bool:
    return int(row["valid_from"] or 0) <= year < int(row["valid_to"] or 9999)


@pytest.mark.parametrize("year", COUNTIES)
def test_as_many_regions_as_were_counted(regions, year):
    levels = Counter(row["level"] for row in regions.values() if _holds(row, year))
    assert levels["province"] == 34
    assert levels["city"] == (334 if year < 2019 else 333)
    assert levels["county"] == COUNTIES[year]


@pytest.mark.parametrize(
    ("code", "name", "valid_from", "valid_to", "successor"),
    [
        ("421303", "曾都区", "", "", ""),
        ("420114", "蔡甸区", "", "", ""),
        ("430202", "荷塘区", "", "", ""),
        ("430511", "北塔区", "", "", ""),
        ("371200", "莱芜市", "", "2019", "370116"),
        ("370116", "莱芜区", "2019", "", ""),
        ("430221", "株洲县", "", "2018", "430212"),
        ("330103", "下城区", "", "2021", "330105"),
        ("330113", "临平区", "2021", "", ""),
        ("500157", "两江新区", "2025", "", ""),
    ],
)
def test_regions_that_are_known(regions, code, name, valid_from, valid_to, successor):
    row = regions[code]
    found = (row["region_name"], row["valid_from"], row["valid_to"], row["successor_code"])
    assert found == (name, valid_from, valid_to, successor)


def test_functional_codes_form_a_tree_whose_branches_have_names_of_their_own():
    rows = {row["functional_code"]: row for row in _rows("functional_codes")}
    lengths = {"class": 3, "section": 5, "item": 7}
    for code, row in rows.items():
        if code == "total":
            continue
        assert len(code) == lengths[row["level"]]
        assert row["parent_code"] == (code[:-2] if len(code) > 3 else "total")
        assert row["parent_code"] in rows
        if row["valid_from"] and row["valid_to"]:
            assert row["valid_from"] <= row["valid_to"]
    # names decide what a narrative means: two of one parent must not be alike, now or before a renaming
    alike = Counter(
        (row["parent_code"], name.removesuffix("支出"))
        for row in rows.values()
        for name in {row["name_zh"], row["former_name_zh"]} - {""}
    )
    assert [key for key, count in alike.items() if count > 1] == []


@pytest.mark.parametrize(
    ("code", "name", "former", "renamed_in", "valid_from"),
    [
        ("207", "文化旅游体育与传媒支出", "文化体育与传媒支出", "2019", ""),
        ("210", "卫生健康支出", "医疗卫生与计划生育支出", "2019", ""),
        ("220", "自然资源海洋气象等支出", "国土海洋气象等支出", "2019", ""),
        ("224", "灾害防治及应急管理支出", "", "", "2019"),
        ("234", "抗疫特别国债安排的支出", "", "", "2020"),
        ("20139", "社会工作事务", "", "", "2024"),
        ("2010101", "行政运行", "", "", ""),
        ("2080505", "机关事业单位基本养老保险缴费支出", "", "", ""),
        ("2101101", "行政单位医疗", "", "", ""),
        ("2210201", "住房公积金", "", "", ""),
    ],
)
def test_functional_codes_that_are_known(code, name, former, renamed_in, valid_from):
    row = next(row for row in _rows("functional_codes") if row["functional_code"] == code)
    found = (row["name_zh"], row["former_name_zh"], row["renamed_in"], row["valid_from"])
    assert found == (name, former, renamed_in, valid_from)


@pytest.mark.parametrize(
    ("standard", "code", "category"),
    [
        ("COFOG", "2010101", "011"),
        ("COFOG", "2013101", "011"),
        ("COFOG", "2050202", "091"),
        ("COFOG", "2040201", "031"),
        ("COFOG", "2080505", ""),  # the employer's pension costs belong to the function of the unit
        ("COFOG", "2101101", ""),
        ("COFOG", "2210201", ""),
        ("COFOG", "2060302", ""),
        ("COFOG", "2320301", "017"),
        ("COFOG", "2310301", ""),
        ("GFSM 2014", "30101", "211"),
        ("GFSM 2014", "30108", "212"),
        ("GFSM 2014", "30201", "22"),
        ("GFSM 2014", "31002", "311"),
        ("GFSM 2014", "30302", "273"),
    ],
)
def test_the_longest_prefix_decides(standard, code, category):
    fitting = [
        row
        for row in _rows("international_crosswalk")
        if row["standard"] == standard and code.startswith(row["code_prefix"])
    ]
    assert max(fitting, key=lambda row: len(row["code_prefix"]))["category_code"] == category


@pytest.mark.parametrize(
    "names",
    [
        ["中共§委办公室", "§委办公室", "中国共产党§委员会办公室", "§委办", "中共§委员会办公室"],
        ["§人民政府办公室", "§政府办公室", "§政府办", "§人民政府办", "§府办"],
        ["§人大常委会办公室", "§人民代表大会常务委员会办公室", "§人大办公室", "§人大办"],
        ["政协§委员会办公室", "中国人民政治协商会议§委员会办公室", "§政协办公室", "§政协办"],
        ["中共§纪委监委", "中共§纪律检查委员会", "§纪委", "中共§纪律检查委员会、§监察委员会"],
        ["共青团§委", "共青团§委员会", "团§委", "中国共产主义青年团§委员会"],
        ["中共§委政法委员会", "§委政法委", "中国共产党§委员会政法委员会"],
        ["中共§委机构编制委员会办公室", "§编办", "§委编办"],
        ["§住房和城乡建设局", "§住建局", "§住房城乡建设局"],
        ["§发展和改革委员会", "§发改委", "§发展改革委"],
        ["§财政局", "§财政局(汇总)"],
        ["§财政局(本级)", "§财政局本级", "§财政局(机关本级)"],
    ],
)
def test_ways_of_writing_come_to_one_name(names):
    rewrites = [row for row in _rows("department_name_rewrites") if row["stage"] == "organ"]

    def rewritten(name: str) -> str:
        for row in rewrites:
            if row["needs"] in name:
                name = re.sub(row["pattern"], row["replacement"], name)
            else:  # else the pattern would be passed by where it fits
                assert not re.search(row["pattern"], name), (row["pattern"], name)
        return name

    assert {rewritten(name) for name in names} == {names[0]}
    assert rewritten(names[0]) == names[0]


@pytest.mark.parametrize(
    ("organ", "kind"),
    [
        ("中共§委办公室", "party_office"),
        ("§人民政府办公室", "government_office"),
        ("§财政局", "finance"),
        ("中共§委社会工作部", "social_work"),
        ("§人民政府石泉路街道办事处", "subdistrict"),
        ("§仙庾镇人民政府", "township"),
        ("§民政局", "civil_affairs"),
        ("§人民法院", "court"),
        ("政协§委员会办公室", "cppcc"),
        ("§XX局", None),
    ],
)
def test_the_first_pattern_tells_the_kind(organ, kind):
    fitting = (
        row["department_kind"] for row in _rows("department_kinds") if re.search(row["pattern"], organ)
    )
    assert next(fitting, None) == kind
