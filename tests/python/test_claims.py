"""Claims of the narrative: wordings, sections, re-joined lines, and the real documents."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import land
from flows.extract.claims import claims_of
from flows.extract.claims.outline import numeral
from flows.extract.claims.vocabulary import vocabulary
from flows.extract.model import ClaimDraft, Line
from tests.corpus.claim_score import CLAIM_TRUTH, claim_score, claim_truth
from tests.corpus.narrative import HEADINGS

YEAR = "2021"
SECTIONS = {section: title for section, title in HEADINGS.items() if section != "appendix"}


def lines(*texts: str) -> list[Line]:
    return [Line(1, number, text) for number, text in enumerate(texts, start=1)]


def short(claim: ClaimDraft) -> str:
    """subject measure value unit direction, blanks where nothing is worded"""
    parts = (claim.subject, claim.measure, claim.value_text, claim.unit_text, claim.direction)
    return " ".join(part for part in parts if part)


def claims_in(section: str, *texts: str) -> list[str]:
    """The claims of texts under the title of a section; a number left over fails the test."""
    title = [SECTIONS[section]] if section in SECTIONS else []
    claims, problems = claims_of(lines(*title, *texts), [], YEAR)
    assert problems == []
    assert {claim.section for claim in claims} <= {section}
    assert all(len(claim.evidence) <= 60 for claim in claims)
    return [short(claim) for claim in claims]


WORDINGS = [
    (
        "5",
        "教育支出（类）普通教育（款）小学教育（项）。年初预算为5万元，支出决算为6万元。"
        "决算数大于年初预算数的主要原因是年中追加3万元。",
        [
            "function initial_budget 5 万元",
            "function final 6 万元",
            "function comparison increase",
            "function change 3 万元 increase",
        ],
    ),
    (
        "9",
        "公务接待费全年预算为2万元，支出决算为2万元，决算数等于全年预算数。",
        [
            "three_public.reception adjusted_budget 2 万元",
            "three_public.reception final 2 万元",
            "three_public.reception comparison flat",
        ],
    ),
    (
        "3",
        "2023年度，支出合计8万元，上年决算数9万元，决算数小于上年决算数的主要原因是会议减少。",
        [
            "expenditure.total_current final 8 万元",
            "expenditure.total_current prior_year 9 万元",
            "expenditure.total_current comparison decrease",
        ],
    ),
    (
        "9",
        "公务接待费全年预算为2万元，支出决算为3万元，决算数大于预算数1万元，决算数大于（小于）预算数。",
        [
            "three_public.reception adjusted_budget 2 万元",
            "three_public.reception final 3 万元",
            "three_public.reception change 1 万元 increase",
        ],
    ),
    # section, sentence, what it states
    (
        "2",
        "收入合计9万元，上年决算数8万元，增长12.5%。其中：财政拨款收入7万元。上年决算数8万元，其中：事业收入1万元。",
        [
            "revenue.total_current final 9 万元",
            "revenue.total_current prior_year 8 万元",
            "revenue.total_current change_rate 12.5 % increase",
            "revenue.fiscal_appropriation final 7 万元",
            "revenue.fiscal_appropriation prior_year 8 万元",
            "revenue.institutional prior_year 1 万元",
        ],
    ),
    (
        "7",
        "年初结转和结余－0.68万元，本年收入5万元，年末结转和结余-8.30万元。",
        [
            "government_fund.opening_carryover final -0.68 万元",
            "government_fund.revenue final 5 万元",
            "government_fund.closing_carryover final -8.30 万元",
        ],
    ),
    (
        "1",
        "2021年度收、支总计均为80.5万元。与2020年度相比，收、支总计各减少3万元，下降3.59%，原因是人员减少。",
        [
            "grand_total final 80.5 万元",
            "grand_total change 3 万元 decrease",
            "grand_total change_rate 3.59 % decrease",
        ],
    ),
    (
        "2",
        "本年收入合计1,200.07万元，其中：财政拨款收入1,100万元，占91.66％；其他收入100.07万元，占8.34%。",
        [
            "revenue.total_current final 1,200.07 万元",
            "revenue.fiscal_appropriation final 1,100 万元",
            "revenue.fiscal_appropriation share 91.66 %",
            "revenue.other final 100.07 万元",
            "revenue.other share 8.34 %",
        ],
    ),
    (
        "3",
        "支出合计7亿元，其中：对附属单位补助支出0万元，占本年支出0 %；项目支出2.5千元。",
        [
            "expenditure.total_current final 7 亿元",
            "expenditure.subsidy_to_affiliated final 0 万元",
            "expenditure.subsidy_to_affiliated share 0 %",
            "expenditure.project final 2.5 千元",
        ],
    ),
    (
        "4",
        "政府性基金预算财政拨款收入3万元，比2020年度决算数增加(减少)0.万元。",
        ["revenue.government_fund final 3 万元", "revenue.government_fund change 0. 万元"],
    ),
    (
        "5",
        "一般公共预算财政拨款支出年初预算为10万元，全年预算为12万元，支出决算为11.4万元，完成年初预算的114%。",
        [
            "general_public_budget.expenditure initial_budget 10 万元",
            "general_public_budget.expenditure adjusted_budget 12 万元",
            "general_public_budget.expenditure final 11.4 万元",
            "general_public_budget.expenditure completion_rate 114 %",
        ],
    ),
    (
        "5",
        "年初预算为9万元，支出决算为9.6万元，主要原因：新增旧楼改造项目0.6万元，比上年增加0.2万元。",
        [
            "overall_expenditure initial_budget 9 万元",
            "overall_expenditure final 9.6 万元",
            "project final 0.6 万元",
            "project change 0.2 万元 increase",
        ],
    ),
    (
        "6",
        "基本支出60万元。其中：人员经费50万元，主要包括：基本工资30万元、医保2.1 万、"
        "水电费0.5万元；公用经费10万元，主要包括：维修（护）费1 万元、其他交通费0.24万元。",
        [
            "general_public_budget.basic final 60 万元",
            "economic.personnel_total final 50 万元",
            "economic.30101 final 30 万元",
            "economic.30110 final 2.1 万",
            "economic.unlisted final 0.5 万元",
            "economic.public_total final 10 万元",
            "economic.30213 final 1 万元",
            "economic.30239 final 0.24 万元",
        ],
    ),
    (
        "7",
        "年初结转和结余1万元，本年收入2万元，本年支出2.5万元，年末结转和结余0.5万元。",
        [
            "government_fund.opening_carryover final 1 万元",
            "government_fund.revenue final 2 万元",
            "government_fund.expenditure final 2.5 万元",
            "government_fund.closing_carryover final 0.5 万元",
        ],
    ),
    ("8", "国有资本经营预算财政拨款本年支出4元。", ["state_capital.expenditure final 4 元"]),
    (
        "9",
        "公务接待费全年预算为2万元，支出决算为1.5万元，完成全年预算的75%，较上年减少0.5万元，下降25%。其中："
        "外宾接待支出0万元，接待来访团组0个，0人次。国内公务接待支出1.5万元，共接待国内来访团组12个，97人次。",
        [
            "three_public.reception adjusted_budget 2 万元",
            "three_public.reception final 1.5 万元",
            "three_public.reception completion_rate 75 %",
            "three_public.reception change 0.5 万元 decrease",
            "three_public.reception change_rate 25 % decrease",
            "three_public.reception_foreign final 0 万元",
            "three_public.reception_foreign_groups count 0 个",
            "three_public.reception_foreign_persons count 0 人次",
            "three_public.reception_domestic final 1.5 万元",
            "three_public.reception_domestic_groups count 12 个",
            "three_public.reception_domestic_persons count 97 人次",
        ],
    ),
    (
        "9",
        "因公出国（境）费支出决算为6万元，出国（境）团组2个，累计5人次。购置（更新）公务用车1辆，"
        "截至2021年12月31日，公务用车保有量为4辆。",
        [
            "three_public.overseas_travel final 6 万元",
            "three_public.overseas_groups count 2 个",
            "three_public.overseas_persons count 5 人次",
            "three_public.vehicles_purchased count 1 辆",
            "three_public.vehicles_owned count 4 辆",
        ],
    ),
    (
        "10",
        "机关运行经费支出30万元，比上年决算数增加5万元，上升了20%。主要原因是：差旅费8万元，"
        "比上年决算数增加2.7 元，增长36%，原因是当年租用会场0.4万元。",
        [
            "agency_operating_expenses final 30 万元",
            "agency_operating_expenses change 5 万元 increase",
            "agency_operating_expenses change_rate 20 % increase",
            "economic.30211 final 8 万元",
            "economic.30211 change 2.7 元 increase",
            "economic.30211 change_rate 36 % increase",
            "other_amount final 0.4 万元",
        ],
    ),
    (
        "11",
        "政府采购支出总额9万元，其中：政府采购货物支出9万元、政府采购工程支出0万元。授予中小企业合同金额9万元，"
        "占政府采购支出总额的100 %；货物采购授予中小企业合同金额占货物支出金额的100％。",
        [
            "procurement.total final 9 万元",
            "procurement.goods final 9 万元",
            "procurement.works final 0 万元",
            "procurement.sme final 9 万元",
            "procurement.sme share 100 %",
            "procurement.sme_goods share 100 %",
        ],
    ),
    (
        "12",
        "共有车辆6辆，实际使用5台，其中，机要通信用车1辆、其他用车4辆；单位价值100万元以上设备（不含车辆）2台（套）。",
        [
            "vehicles.total count 6 辆",
            "vehicles.in_use count 5 台",
            "vehicles.confidential count 1 辆",
            "vehicles.other count 4 辆",
            "equipment.over_one_million count 2 台（套）",
        ],
    ),
    (
        "13",
        "共涉及项目3个，资金40万元，占一般公共预算项目支出总额的100%。整体自评得分96.5分。",
        [
            "performance.evaluated_projects count 3 个",
            "performance.evaluated_amount final 40 万元",
            "performance.evaluated_amount share 100 %",
            "performance.overall_score score 96.5 分",
        ],
    ),
    (
        "13",
        "1.书库扩建经费绩效自评综述：自评得分90分。项目全年预算数为8万元，执行数7.2万元，完成预算90%。"
        "主要产出：一是图书完好率99%。发现的问题及原因：年初预算支出6万元，决算支出7.2万元。",
        [
            "project score 90 分",
            "project adjusted_budget 8 万元",
            "project final 7.2 万元",
            "project completion_rate 90 %",
            "activity_rate completion_rate 99 %",
            "project initial_budget 6 万元",
            "project final 7.2 万元",
        ],
    ),
    (
        "1",
        "2021年度收入总计52.6万元，其中：本年收入合计50.1万元，使用非财政拨款结余0.00万元，年初结转和结余2.5万元。"
        "结余分配0.4万元，年末结转和结余1.6万元。收入支出总体与上年相比，增加4.2万元，增长8.68%。",
        [
            "grand_total final 52.6 万元",
            "revenue.total_current final 50.1 万元",
            "balance.used_non_fiscal_surplus final 0.00 万元",
            "balance.opening_carryover final 2.5 万元",
            "balance.surplus_distribution final 0.4 万元",
            "balance.closing_carryover final 1.6 万元",
            "grand_total change 4.2 万元 increase",
            "grand_total change_rate 8.68 % increase",
        ],
    ),
    (
        "1",
        "（二）本馆2021年度总支出60.2万元，其中本年支出58万元。1.教育支出48万元：较2020年度决算数减少2万元。",
        [
            "grand_total final 60.2 万元",
            "expenditure.total_current final 58 万元",
            "function final 48 万元",
            "function change 2 万元 decrease",
        ],
    ),
    (
        "2",
        "财政拨款收入55万元，支出54万元，其中：一般公共预算50万元，政府性基金预算支出4万元。",
        [
            "revenue.fiscal_appropriation final 55 万元",
            "other_amount final 54 万元",
            "other_amount final 50 万元",
            "other_amount final 4 万元",
        ],
    ),
    (
        "4",
        "2021年财政拨款收入总计61.3万元，比上年增加4万元；财政拨款支出总计60.8万元，增长5%。"
        "年末财政拨款结转和结余0.5万元。",
        [
            "fiscal_appropriation.grand_total final 61.3 万元",
            "fiscal_appropriation.grand_total change 4 万元 increase",
            "fiscal_appropriation.grand_total final 60.8 万元",
            "fiscal_appropriation.grand_total change_rate 5 % increase",
            "balance.closing_fiscal_carryover final 0.5 万元",
        ],
    ),
    (
        "5",
        "本馆一般公共预算财政拨款支出总计70万元，与上年相比减少5万元；完成年初预算104%，决算数大于预算数2.7万元。",
        [
            "general_public_budget.expenditure final 70 万元",
            "general_public_budget.expenditure change 5 万元 decrease",
            "general_public_budget.expenditure completion_rate 104 %",
            "general_public_budget.expenditure change 2.7 万元 increase",
        ],
    ),
    (
        "5",
        "1.教育支出40万元，主要用于人员经费和办公费，完成年初预算98%，决算数低于年初预算数0.8万元。",
        [
            "function final 40 万元",
            "function completion_rate 98 %",
            "function change 0.8 万元 decrease",
        ],
    ),
    (
        "8",
        "国有资本经营预算财政拨款收入2万元，支出1.5万元。",
        ["revenue.state_capital final 2 万元", "state_capital.expenditure final 1.5 万元"],
    ),
    (
        "9",
        "公务用车购置1辆，公务用车保有量3辆；国内公务接待批次39个，接待人次285人。",
        [
            "three_public.vehicles_purchased count 1 辆",
            "three_public.vehicles_owned count 3 辆",
            "three_public.reception_domestic_groups count 39 个",
            "three_public.reception_domestic_persons count 285 人",
        ],
    ),
    (
        "10",
        "本馆机关运行经费财政拨款支出30.5万元，比2020年度减少1.2万元。",
        ["agency_operating_expenses final 30.5 万元", "agency_operating_expenses change 1.2 万元 decrease"],
    ),
    (
        "13",
        "编报绩效目标的2021年度项目4个，涉及预算金额40万元；绩效跟踪评价的2021年度项目3个，涉及预算金额30万元；"
        "绩效自评的2021年度项目2个，涉及预算金额20万元，平均得分91.5分。",
        [
            "performance.target_projects count 4 个",
            "performance.target_amount adjusted_budget 40 万元",
            "performance.monitored_projects count 3 个",
            "performance.monitored_amount adjusted_budget 30 万元",
            "performance.evaluated_projects count 2 个",
            "performance.evaluated_amount adjusted_budget 20 万元",
            "performance.average_score score 91.5 分",
        ],
    ),
    (
        "13",
        "共涉及项目3个，资金40万元。组织对2个部门(单位)开展整体支出绩效自评，资金88万元。",
        [
            "performance.evaluated_projects count 3 个",
            "performance.evaluated_amount final 40 万元",
            "performance.evaluated_departments count 2 个",
            "performance.evaluated_departments_amount final 88 万元",
        ],
    ),
    (
        "13",
        "书库扩建项目自评得分为92.5分。全年预算数为10万元，执行数为9万元。",
        ["project score 92.5 分", "project adjusted_budget 10 万元", "project final 9 万元"],
    ),
    (
        "appendix",
        "2021年支出总额90万元，其中财政拨款支出85万元，自筹资金支出5万元。"
        "2021年财政拨款支出85万元，其中基本支出60万元，项目支出25万元。",
        [
            "expenditure.total_current final 90 万元",
            "fiscal_appropriation.expenditure final 85 万元",
            "other_amount final 5 万元",
            "fiscal_appropriation.expenditure final 85 万元",
            "fiscal_appropriation.basic final 60 万元",
            "fiscal_appropriation.project final 25 万元",
        ],
    ),
    (
        "appendix",
        "偏移原因：一是项目经费追加，其中书库扩建经费20万元，图书修复经费15万元，二是人员变动。",
        ["project change 20 万元 increase", "project change 15 万元 increase"],
    ),
    (
        "appendix",
        "本馆编制数20个，其中行政编8个，事业编制12个。在职人员18人，退休人员7人，离休0人，设5个内设机构。",
        [
            "staff.posts count 20 个",
            "staff.posts_administrative count 8 个",
            "staff.posts_institutional count 12 个",
            "staff.in_service count 18 人",
            "staff.retired count 7 人",
            "staff.veteran_retired count 0 人",
            "org.internal_bodies count 5 个",
        ],
    ),
    (
        "appendix",
        "全年办展览12次，讲座近 30场次，观众4000 余人次，扫描近1.5万余页，投稿不少于25篇，同比压降10%。",
        [
            "activity_count count 12 次",
            "activity_count count 30 场次",
            "activity_count count 4000 人次",
            "activity_count count 1.5 万页",
            "activity_target count 25 篇",
            "activity_rate change_rate 10 % decrease",
        ],
    ),
    (
        "appendix",
        "整体支出年初预算90万元，其中财政拨款收入90万元。实际到位资金99万元，预算调整增加了展厅经费5万元、书库经费4万元。",
        [
            "overall_expenditure initial_budget 90 万元",
            "revenue.fiscal_appropriation initial_budget 90 万元",
            "funds_in_place final 99 万元",
            "project change 5 万元 increase",
            "project change 4 万元 increase",
        ],
    ),
    (
        "appendix",
        "部门整体预算数60万元，实际执行数为54万元，其中：基本支出50万元，项目支出4万元，执行率90%。",
        [
            "overall_expenditure adjusted_budget 60 万元",
            "overall_expenditure final 54 万元",
            "expenditure.basic final 50 万元",
            "expenditure.project final 4 万元",
            "overall_expenditure completion_rate 90 %",
        ],
    ),
    ("appendix", "2021年度灯箱更新经费5 万，执行数5 万，投资40 余万。", None),
    (
        "3",
        "项目支出20万元，2020年度决算数为18万元。",
        ["expenditure.project final 20 万元", "expenditure.project prior_year 18 万元"],
    ),
    (
        "3",
        "基本支出年初预算为26.53，支出决算为26.53万元。",
        ["expenditure.basic initial_budget 26.53", "expenditure.basic final 26.53 万元"],
    ),
]


@pytest.mark.parametrize(
    ("section", "sentence", "stated"), WORDINGS, ids=lambda v: v[:14] if isinstance(v, str) else ""
)
def test_wordings(section: str, sentence: str, stated: list[str] | None) -> None:
    if stated is None:
        stated = ["project adjusted_budget 5 万", "project final 5 万", "other_amount final 40 万"]
    assert claims_in(section, sentence) == stated


NOT_CLAIMS = [
    "截至2021年12月31日，按《某某办法》（某财发〔2020〕3号）执行。",
    "依据某财绩【2019】44号文第3条，于4月15日完成。",
    "图 1：收、支决算变动情况",
    "1.书库管理",
    "（12）其他事项；2、展厅管理。",
    "7.2021年读书节",
    "机关事业单位基本养老保险缴费支出（2080505项）：指单位缴纳的支出。",
    "90~100 分 优",
    "详见公开表 07表。",
    "结合“4·15”活动，24小时值班。",
    "单价100万元(含)以上的须报批。",
    "(决算数低于年初预算数 95%的应作原因说明)",
    "联系电话：0739-5081678",
    "一、收入决算情况说明........12",
]


@pytest.mark.parametrize("sentence", NOT_CLAIMS)
def test_dates_ordinals_and_labels_are_neither_claims_nor_problems(sentence: str) -> None:
    assert claims_of(lines(sentence), [], YEAR) == ([], [])


def test_a_number_without_meaning_is_a_problem() -> None:
    claims, problems = claims_of(lines("展厅", "评价内容 权重 17 18"), [], YEAR)
    assert claims == []
    assert [(p.line_no, p.stage, p.code) for p in problems] == [(2, "claims", "unclaimed_number")] * 2
    assert "17" in problems[0].detail and "18" in problems[1].detail


def test_numbers_shared_out_by_one_verb_are_problems() -> None:
    text = "与上年相比，会议费、培训费、印刷费分别减少0.2万元、0.3万元和0.6万元。差旅费2万元。"
    claims, problems = claims_of(lines(SECTIONS["6"], text), [], YEAR)
    assert [short(claim) for claim in claims] == ["economic.30211 final 2 万元"]
    assert [problem.code for problem in problems] == ["unclaimed_number"] * 3


def test_a_class_is_known_by_its_name_alone() -> None:
    claims, _ = claims_of(
        lines(SECTIONS["3"], "（一）教育支出35.5万元，占59%；卫生健康支出3万元。"), [], YEAR
    )
    assert [(claim.functional_path, claim.value_text) for claim in claims] == [
        ("教育支出", "35.5"),
        ("教育支出", "59"),
        ("卫生健康支出", "3"),
    ]


def test_functional_path_is_printed_and_carried() -> None:
    claims, problems = claims_of(
        lines(
            SECTIONS["5"],
            "（1）科学技术（类）支出5万元，占50%。",
            "2、卫生健康支出（类）公共卫生（款）",
            "卫生监督机构（室）（项）。年初预算为3万元，支出决算为13.08元，完成年初预算的0%。",
        ),
        [],
        YEAR,
    )
    assert problems == []
    assert [(c.functional_path, short(c)) for c in claims] == [
        ("科学技术", "function final 5 万元"),
        ("科学技术", "function share 50 %"),
        ("卫生健康支出/公共卫生/卫生监督机构（室）", "function initial_budget 3 万元"),
        ("卫生健康支出/公共卫生/卫生监督机构（室）", "function final 13.08 元"),
        ("卫生健康支出/公共卫生/卫生监督机构（室）", "function completion_rate 0 %"),
    ]


def test_sections_are_known_by_their_titles_whatever_their_number() -> None:
    claims, _ = claims_of(
        lines(
            "第一部分 某馆概况",
            "在职人员5人。",
            "第三部分 2021年度部门决算情况说明",
            "七、财政拨款三公经费支出决算情况说明",
            "公务接待费支出决算为1万元。",
            "八、政府性基金预算收入支出决算情况",
            "支出2万元。",
            "九、一般性支出情况说明",
            "开支会议费3万元。",
            "十、预算绩效管理情况",
            "自评得分95分。",
            "三、存在的问题",
            "执行率95%。",
            "第四部分 附件",
            "办展览6次。",
        ),
        [],
        YEAR,
    )
    assert [(c.section, c.subject) for c in claims] == [
        ("appendix", "staff.in_service"),
        ("9", "three_public.reception"),
        ("7", "government_fund.expenditure"),
        ("appendix", "economic.30215"),
        ("13", "performance.overall_score"),
        ("13", "overall_expenditure"),
        ("appendix", "activity_count"),
    ]


def test_tables_are_left_out_and_no_sentence_runs_over_them() -> None:
    claims, problems = claims_of(
        lines(SECTIONS["3"], "支出合计9万元，其中：", "基本支出 5 5", "项目支出4万元。"), [(1, 3, 1, 3)], YEAR
    )
    assert problems == []
    assert [(c.line_no, short(c)) for c in claims] == [
        (2, "expenditure.total_current final 9 万元"),
        (4, "expenditure.project final 4 万元"),
    ]


def test_rows_of_a_list_have_ordinals_not_figures() -> None:
    assert claims_of(lines("包括：", "序号 单位名称 备注", "1 某馆（本级）", "2 某中心"), [], YEAR) == (
        [],
        [],
    )


def test_a_page_number_in_a_date_is_dropped_and_a_number_that_its_unit_needs_is_not() -> None:
    claims, problems = claims_of(
        lines(
            "某馆于2021 年 3 月 26", "29", "日公布。", SECTIONS["3"], "支出合计比上年增加", "102", "万元。"
        ),
        [],
        YEAR,
    )
    assert problems == []
    assert [(c.line_no, short(c)) for c in claims] == [
        (6, "expenditure.total_current change 102 万元 increase")
    ]


def test_the_line_of_a_claim_is_that_of_its_first_digit() -> None:
    text = "2021年度支出合计880.25万元，与2020年度相比，支出合计增加100.5万元，增长12.9%。"
    wrapped = [text[i : i + 9] for i in range(0, len(text), 9)]
    claims, _ = claims_of([Line(3, 7 + i, t) for i, t in enumerate(wrapped)], [], YEAR)
    for claim in claims:
        line = wrapped[claim.line_no - 7]
        assert claim.page == 3
        assert claim.value_text[0] in line


def test_every_subject_of_the_patterns_is_in_the_seeds() -> None:
    words = vocabulary()
    keys = [subject.key for subject in words.subjects]
    assert len(keys) == len(set(keys))
    for pattern in (*words.ends, *words.leads, *words.contexts):
        assert not pattern.subject or pattern.subject in keys
    for subject in words.subjects:
        assert not subject.follows or subject.follows in keys
    with pytest.raises(KeyError, match="claim_subjects"):
        words.subject("nothing")


@pytest.mark.parametrize(
    ("text", "number"), [("一", 1), ("十", 10), ("十三", 13), ("二十", 20), ("二十一", 21), ("甲", 0)]
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert numeral(text) == number


# -- lines broken anywhere ------------------------------------------------------------------------

STORY = (
    "2021年度支出合计1880.25万元，与2020年度相比，支出合计增加1,100.5万元，增长141.1%。其中：基本支出1200.2万元，"
    "占本年支出63.8%；项目支出680.05万元，占本年支出36.2%；上缴上级支出0万元，占本年支出0%；经营支出0.07万元，"
    "占本年支出0.01%；对附属单位补助支出0万元，占本年支出0%。支出合计的年初预算为1755.4万元，支出决算为1880.25万元，"
    "完成年初预算的107.1%。"
)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Broken at a margin, numbers too; a mark that cannot begin a line may hang over the margin."""
    broken = [""]
    for char in text:
        if _width(broken[-1] + char) > width and char not in "，。；：":
            broken.append("")
        broken[-1] += char
    return broken


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(30, 80),
    page_numbers=st.sets(st.integers(1, 12)),
    blanks=st.booleans(),
    full_width=st.booleans(),
)
def test_claims_do_not_depend_on_where_lines_break(
    width: int, page_numbers: set[int], blanks: bool, full_width: bool
) -> None:
    expected = claims_in("3", STORY)
    text = re.sub(r"([\d.,]+)", r" \1 ", STORY) if blanks else STORY
    if full_width:
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789%"})
    printed: list[str] = []
    for i, line in enumerate(_wrapped(text, width)):
        printed += ["", line] + (["", f" {i + 3} "] if i in page_numbers else [])
    assert claims_in("3", *printed) == expected


@settings(max_examples=60, deadline=None)
@given(
    value=st.decimals(0, 10**7, places=2, allow_nan=False),
    commas=st.booleans(),
    blank=st.sampled_from(["", " ", "\u3000", "\u00a0"]),
)
def test_values_land_as_printed(value: Decimal, commas: bool, blank: str) -> None:
    printed = f"{value:,.2f}" if commas else f"{value:.2f}"
    (claim,) = claims_in("10", f"本馆2021年度机关运行经费支出{blank}{printed}{blank}万元。")
    assert claim == f"agency_operating_expenses final {printed} 万元"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(
            "0123456789.,%万元亿个人次（）()。，：；、年月日第占比上增减率预算支出 \t一二三", max_size=40
        ),
        max_size=12,
    )
)
def test_any_text_is_read_without_error(texts: list[str]) -> None:
    claims, problems = claims_of(lines(*texts), [], YEAR)
    for row in (*claims, *problems):
        assert 1 <= row.line_no <= len(texts)
    for claim in claims:
        assert claim.measure and claim.subject and re.search(r"\d", claim.value_text)


# -- the real documents -----------------------------------------------------------------------------


@pytest.mark.parametrize("document_id", CLAIM_TRUTH)
def test_real_documents(real_documents, document_id: str) -> None:
    (path,) = [p for p in real_documents.paths if land.document_id_of(p.read_bytes()) == document_id]
    rows = land.land_document(path.name, path.read_bytes())
    score = claim_score(claim_truth(CLAIM_TRUTH[document_id]), rows["landed_claims"])
    assert score.recall >= 0.95, score.missed
    assert score.precision >= 0.98, score.wrong
