"""Performance forms in the layouts that are printed and in those that converters leave of them."""

from __future__ import annotations

import pytest

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.paragraphs import Paragraph
from ingest.performance import FundingRow, IndicatorRow, PerformanceForm, read_performance, read_sentences
from ingest.performance.align import align
from ingest.performance.beside import join_beside
from ingest.performance.levels import carry_levels, damaged_level
from ingest.performance.model import PrintedCell
from ingest.performance.values import value_kind
from ingest.performance.words import fund_line, header_role
from tests.unit.documents import document, table

HEADER = "→一级指标→二级指标→三级指标→指标值→实际完成值→分值→得分→偏差原因分析及改进措施"
EVALUATION = f"""项目支出绩效自评表
（2024年度）

项目名称→河道清淤→→→→→→→
项目资金（万元）→→年初预算数→全年预算数→全年执行数→分值→执行率→得分→
→年度资金总额→30.00→28.00→27.50→10→98.21%→9.82分→
→其中：当年财政拨款→30.00→28.00→27.50→-→-→-→
→上年结转资金→0.00→0.00→0.00→-→-→-→
→其他资金→→→→-→-→-→
年度总体目标→预期目标→→→实际完成情况→→→→
→清淤两段河道→→→清淤两段河道→→→→
{HEADER}
年度绩效指标完成情况→产出指标→数量指标→清淤河道数→≥2段→2段→20→20→
→→→清出淤泥量→≥900立方米→1000立方米→20→20→雨量偏大，淤泥增多
→→质量指标→验收合格率→=100%→100%→20→20→
→效益指标→社会效益指标→改善水质→有效改善→有效改善→30→28→
总分→→→→→→100→97.82分→
"""


def forms(text: str) -> list[PerformanceForm]:
    return read_performance(document(text))


def texts(row: FundingRow | IndicatorRow) -> dict[str, str]:
    return {role: joined.text for role, joined in row.cells.items()}


def levels(form: PerformanceForm) -> list[tuple[str | None, str | None]]:
    return [(row.level1_name, row.level2_name) for row in form.indicators]


def evaluation(*rows: str) -> PerformanceForm:
    """A project's self-evaluation with the given body rows."""
    (form,) = forms("\n".join(["项目支出绩效自评表", "", "项目名称→桥梁检测", HEADER, *rows]))
    return form


def test_self_evaluation_in_its_national_layout() -> None:
    (form,) = forms(EVALUATION)
    assert (form.kind, form.scope, form.project_no, form.project_name) == (
        "self_evaluation", "project", 1, "河道清淤",
    )  # fmt: skip
    assert [(row.fund_line, row.unit_text) for row in form.funding] == [
        ("total", "万元"), ("fiscal_current_year", "万元"), ("carryover", "万元"), ("other", "万元"),
    ]  # fmt: skip
    assert texts(form.funding[0]) == {
        "initial": "30.00", "adjusted": "28.00", "executed": "27.50", "weight": "10", "rate": "98.21%",
        "score": "9.82分",
    }  # fmt: skip
    assert form.total_weight is not None
    assert form.total_score is not None
    assert (form.total_weight.text, form.total_score.text) == ("100", "97.82分")
    assert levels(form) == [
        ("产出指标", "数量指标"), ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("效益指标", "社会效益指标"),
    ]  # fmt: skip
    assert texts(form.indicators[1]) == {
        "name": "清出淤泥量", "target": "≥900立方米", "actual": "1000立方米", "weight": "20", "score": "20",
        "deviation": "雨量偏大，淤泥增多",
    }  # fmt: skip
    assert form.problem is None


def test_a_form_names_its_unit_in_its_rows_or_above_them() -> None:
    rows = f"{HEADER}\n→产出指标→数量指标→清淤河道数→≥2段→2段→20→20→"
    (inside,) = forms(f"部门整体支出绩效自评表\n\n单位名称→海滨市水务局→→→→→→→\n{rows}")
    (above,) = forms(f"部门整体支出绩效自评表\n填报单位：海滨市水务局 单位：万元\n\n{rows}")
    (neither,) = forms(f"部门整体支出绩效自评表\n单位：万元\n\n{rows}")
    assert (inside.unit_text, above.unit_text, neither.unit_text) == ("海滨市水务局", "海滨市水务局", None)


def test_forms_without_titles_are_told_apart_by_their_projects() -> None:
    untitled = EVALUATION.split("\n", 3)[3]
    first, second = forms(untitled + "\n" + untitled.replace("河道清淤", "堤岸加固"))
    assert [(form.project_no, form.project_name, len(form.indicators)) for form in (first, second)] == [
        (1, "河道清淤", 4), (2, "堤岸加固", 4),
    ]  # fmt: skip


def test_a_title_in_a_list_or_a_pointer_opens_no_form() -> None:
    assert forms("部门整体支出绩效目标表\n\n详见单位的项目支出绩效目标表\n\n科目→预算数\n2010301→12.00") == []


def test_a_titled_form_that_cannot_be_read_says_why() -> None:
    (form,) = forms("项目支出绩效目标表\n\n项目名称→桥梁检测\n年度总体目标→检测全部桥梁")
    assert (form.problem, form.indicators) == ("no_indicator_header", [])


def test_funding_without_a_unit_is_a_problem() -> None:
    (form,) = forms(EVALUATION.replace("（万元）", ""))
    assert form.problem == "unit_unknown"


def test_columns_printed_for_two_periods_are_a_problem() -> None:
    (form,) = forms(
        "项目支出绩效目标表\n\n项目名称→桥梁检测\n一级指标→二级指标→三级指标→指标值→二级指标→三级指标→指标值\n"
        "产出指标→数量指标→检测桥梁数→≥9座→数量指标→检测桥梁数→≥3座"
    )
    assert (form.problem, form.indicators) == ("columns_repeated", [])


def test_goals_with_blank_lines_do_not_end_a_form() -> None:
    goals = "→（一）清淤\n\n（二）护岸，并按照年度计划逐段组织实施，确保汛期到来之前全部完工。\n→两段完工"
    (form,) = forms(EVALUATION.replace("→清淤两段河道→→→清淤两段河道→→→→", goals))
    assert len(form.indicators) == 4


def test_funding_in_one_row_of_labels_and_amounts() -> None:
    (form,) = forms(
        "项目支出绩效目标表\n\n项目名称→阅览室添书→→项目负责人→甲→\n"
        "项目资金（万元）→年度预算总→12→其中：财政→10.50→其他资金：1.50\n\n→→额：→→拨款→→\n"
        "一级指标→二级指标→三级指标→指标值→指标分值权重\n产出指标→数量指标→新书册数→≥300册→20"
    )
    assert (form.kind, form.project_name) == ("target", "阅览室添书")
    assert [(row.fund_line, texts(row)) for row in form.funding] == [
        ("total", {"initial": "12"}), ("fiscal_current_year", {"initial": "10.50"}), ("other", {"initial": "1.50"}),
    ]  # fmt: skip


def test_funding_of_a_unit_by_source() -> None:
    (form,) = forms(
        "部门整体绩效目标表\n\n单位名称→→松岭县文化馆\n年度预算（万元）→→资金来源→→资金总额（万元）\n"
        "→→财政资金（万元）→上级安排→0\n→→→本级安排→88.50\n其他资金（万元）→其他→3\n"
        "一级指标→二级指标→三级指标→指标值→分值权重\n履职效能→数量指标→开放天数→≥300天→100"
    )
    assert (form.scope, form.project_no, levels(form)) == ("unit", None, [("履职效能", "数量指标")])
    assert [(row.fund_line, texts(row)["initial"]) for row in form.funding] == [
        ("superior", "0"), ("local", "88.50"), ("other", "3"),
    ]  # fmt: skip


def test_funding_whose_columns_are_the_funds() -> None:
    (form,) = forms(
        "部门整体支出绩效目标表\n\n单位：万元\n部门名称→松岭县文化馆\n"
        "任务名称→主要内容→资金总额→财政拨款→其他资金\n免费开放→四个展厅→60→55→5\n金额合计→→60→55→5\n"
        "一级指标→二级指标→三级指标→指标值\n产出指标→数量指标→开放天数→≥300天"
    )
    assert [(row.fund_line, row.unit_text, texts(row)["initial"]) for row in form.funding] == [
        ("total", "万元", "60"), ("fiscal_current_year", "万元", "55"), ("other", "万元", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("年度资金总额", "total"),
        ("年度预算总", "total"),
        ("其中：当年", "fiscal_current_year"),
        ("其中: 财政", "fiscal_current_year"),
        ("其中:上级安", "superior"),
        ("本级 安排 (万 元)", "local"),
        ("其作也资金", "other"),
        ("上年结转资金", "carryover"),
        ("单位资金", ""),
        ("财政专户管理资金", ""),
    ],
)
def test_fund_lines_damaged_labels_too(label: str, line: str) -> None:
    found = fund_line(label)
    assert found is not None
    assert found[1] == line


@pytest.mark.parametrize("label", ["项目负责人", "联系电话", "资", "年初预算数", "实施单位"])
def test_other_labels_are_no_fund_line(label: str) -> None:
    assert fund_line(label) is None


def test_lost_funding_cells_stay_empty() -> None:
    (form,) = forms(EVALUATION.replace("总额→30.00→28.00", "总额→→28.00"))
    assert texts(form.funding[0])["adjusted"] == "28.00"
    assert "initial" not in texts(form.funding[0])


def test_row_shifted_to_the_left_by_a_lost_level_cell() -> None:
    form = evaluation(
        "→产出指标→数量指标→检测桥梁数→≥4座→4座→25→25→",
        "→→检测次数→≥8次→8次→25→25→",
        "成本指标→经济成本指标→检测费用→≤9万元→8万元→40→40→节约",
    )
    assert [texts(row)["name"] for row in form.indicators] == ["检测桥梁数", "检测次数", "检测费用"]
    assert levels(form)[1:] == [("产出指标", "数量指标"), ("成本指标", "经济成本指标")]
    assert texts(form.indicators[2])["deviation"] == "节约"


def test_row_shifted_to_the_right() -> None:
    form = evaluation("→→产出指标→数量指标→检测桥梁数→≥4座→4座→25→25→")
    assert (levels(form), texts(form.indicators[0])["name"]) == ([("产出指标", "数量指标")], "检测桥梁数")


def test_a_lost_name_is_null_and_never_the_target() -> None:
    form = evaluation("→效益指标→社会效益指标→有效改善→有效改善→30→30→")
    assert texts(form.indicators[0]) == {
        "target": "有效改善", "actual": "有效改善", "weight": "30", "score": "30",
    }  # fmt: skip


def test_a_name_that_is_a_level_word_stays_a_name() -> None:
    form = evaluation(
        "→满意度指标→服务对象满意度指标→住户满意度→≥90%→95%→10→10→",
        "→→→服务对象满意度→≥92%→95%→10→10→",
    )
    assert texts(form.indicators[1])["name"] == "服务对象满意度"
    assert levels(form)[1] == ("满意度指标", "服务对象满意度指标")


def test_cells_cut_by_a_page_break_are_whole_again() -> None:
    form = evaluation(
        "→产出→数量→检测→≥4→4座→25→25→因汛",
        "",
        "→指标→指标→桥梁数→座→→→→期顺延",
        "→→质量指标→检测合格率→=100%→100%→25→25→",
    )
    assert levels(form) == [("产出指标", "数量指标"), ("产出指标", "质量指标")]
    assert texts(form.indicators[0]) == {
        "name": "检测桥梁数", "target": "≥4座", "actual": "4座", "weight": "25", "score": "25",
        "deviation": "因汛期顺延",
    }  # fmt: skip


def test_a_piece_that_repeats_the_end_of_a_value_is_not_added() -> None:
    form = evaluation("→产出指标→时效指标→按时完→≥95%→96%→25→25→", "", "→→标→成率→%→→→→")
    assert (texts(form.indicators[0])["target"], texts(form.indicators[0])["name"]) == ("≥95%", "按时完成率")


def test_a_rule_below_a_table_is_no_piece() -> None:
    form = evaluation("→产出指标→数量指标→检测桥梁数→≥4座→4座→25→25→", "", "→----→----→----→---→--→--→--→")
    assert texts(form.indicators[0])["name"] == "检测桥梁数"


def test_a_piece_of_the_last_column_on_a_page_with_fewer_columns() -> None:
    form = evaluation(
        "→满意度指标→满意度指标→住户满意度→≥90%→100%→10→10→满意度超出预期，完成率→",
        "",
        "→→→→→111%",
        "→总分→→100→100分→",
    )
    assert texts(form.indicators[0])["deviation"] == "满意度超出预期，完成率111%"


def test_level_words_printed_one_character_a_row() -> None:
    (form,) = forms(
        "部门整体支出绩效自评表\n\n级北→级北→三级指标→指标值→指标设定依→分值→实际完→得分\n"
        "指标→指标→→→据→权重→成值→\n运→→→→→→→\n行→→→→→→→\n成→→→→→→→\n本→→→→→→→\n"
        "7→→接待读者人次→≥900人次→年度工作计划→20→950人次→20\n"
        "→→外借→→年度→→→\n履→数→图书册数→≥80册→工作计划→20→80册→20\n"
        "职效→量指→办展次数→≥2次→年度工作计划→20→2次→20\n能→标→讲座次数→≥5次→年度工作计划→20→5次→20\n"
        "社→→→→→→→\n会→→→→→→→\n效→→→→→→→\n益→→→→→→→"
    )
    assert set(levels(form)) == {("履职效能", "数量指标")}
    assert texts(form.indicators[1]) == {
        "name": "外借图书册数", "target": "≥80册", "basis": "年度工作计划", "weight": "20", "actual": "80册",
        "score": "20",
    }  # fmt: skip


def test_level_words_in_the_middle_of_their_merged_cells() -> None:
    named = carry_levels({2: "产出指标", 4: "效益指标"}, {1: "数量指标", 3: "质量指标", 4: "社会效益指标"}, [0, 1, 2, 3, 4], True)  # fmt: skip
    assert named == {
        0: ("产出指标", "数量指标"), 1: ("产出指标", "数量指标"), 2: ("产出指标", "数量指标"),
        3: ("产出指标", "质量指标"), 4: ("效益指标", "社会效益指标"),
    }  # fmt: skip


def test_a_lost_level_word_is_what_the_order_of_the_words_leaves() -> None:
    named = carry_levels({0: "产出指标"}, {0: "FEWE", 2: "质量指标", 3: "口口人", 4: "时效指标"}, [0, 1, 2, 3, 4], True)  # fmt: skip
    assert [two for _, two in named.values()] == ["数量指标", "数量指标", "质量指标", "时效指标", "时效指标"]


def test_several_level_words_in_one_cell_leave_the_rows_below_open() -> None:
    named = carry_levels({0: "产出指标"}, {0: "数量指标 质量指标 时效指标"}, [0, 1, 2], True)
    assert [two for _, two in named.values()] == ["数量指标", None, None]


def test_level_two_tells_level_one_where_that_is_lost_in_a_project_form() -> None:
    assert carry_levels({}, {0: "质量指标"}, [0], True) == {0: ("产出指标", "质量指标")}
    assert carry_levels({}, {0: "质量指标"}, [0], False) == {0: (None, "质量指标")}


def test_level_words_of_a_province_stay_as_printed() -> None:
    named = carry_levels({0: "管理效率"}, {0: "预算编制完整性", 1: "资产管理规范性"}, [0, 1], False)
    assert named == {0: ("管理效率", "预算编制完整性"), 1: ("管理效率", "资产管理规范性")}


def test_damaged_level_word_under_its_parent() -> None:
    assert damaged_level("坐济成本 成本指标", "level2", "成本指标") == "经济成本指标"
    assert damaged_level("粉皂化仁", "level2", "产出指标") is None


def test_merged_cells_of_a_ruled_page_and_a_header_in_two_rows() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效自评表", "l1", 1),
        table(
            ("项目名称", "路灯更换", "<", "<", "<", "<", "<"),
            ("绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "<", "得分"),
            ("^", "^", "^", "^", "年初设定值", "全年完成值", "^"),
            ("^", "产出指标", "数量指标", "更换路灯数", ">=90盏", "92盏", "40"),
            ("^", "^", "^", "更换路段数", ">=3段", "3段", "10"),
            has_spans=True,
        ),
        TextLine("- 12 -", "l2", 1),
        table(
            ("绩效指标", "效益指标", "社会效益指标", "亮灯率", ">=98%", "99%", "40"),
            ("总分", "<", "<", "<", "<", "<", "90"),
            has_spans=True,
        ),
        TextLine("十二、其他需说明的事项", "l3", 2),
        table(("项目", "金额"), ("其他", "3.00")),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 2))
    assert [texts(row).get("actual") for row in form.indicators] == ["92盏", "3段", "99%"]
    assert levels(form) == [("产出指标", "数量指标")] * 2 + [("效益指标", "社会效益指标")]
    assert form.total_score is not None
    assert (form.total_score.text, form.total_weight) == ("90", None)


def test_one_table_for_several_projects() -> None:
    rows = (
        (
            "项目名称",
            "预算金额",
            "年度目标",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标性质",
            "指标值",
            "度量单位",
        ),
        ("路灯更换", "18.00", "更换九十盏", "产出指标", "数量指标", "更换路灯数", "≥", "90", "盏"),
        ("^", "^", "^", "^", "质量指标", "亮灯率", "≥", "98", "%"),
        ("绿化养护", "7.50", "养护三段", "产出指标", "数量指标", "养护路段", "=", "3", "段"),
    )
    blocks: list[Block] = [
        TextLine("部门预算项目支出绩效目标表", "l1", 1),
        TextLine("单位：万元", "l2", 1),
        table(*rows, has_spans=True),
    ]
    found = read_performance(Document("application/pdf", blocks, 1))
    assert [(form.project_no, form.project_name, len(form.indicators)) for form in found] == [
        (1, "路灯更换", 2), (2, "绿化养护", 1),
    ]  # fmt: skip
    assert [(row.fund_line, row.unit_text, texts(row)) for row in found[0].funding] == [
        ("total", "万元", {"initial": "18.00"})
    ]
    assert levels(found[0]) == [("产出指标", "数量指标"), ("产出指标", "质量指标")]
    assert {form.kind for form in found} == {"target"}
    assert [form.problem for form in found] == [None, None]


def test_operator_and_unit_in_columns_of_their_own() -> None:
    (form,) = forms(
        "项目支出绩效目标表\n\n项目名称→路灯更换\n一级指标→二级指标→三级指标→指标性质→指标值→度量单位→权重\n"
        "产出指标→数量指标→更换路灯数→≥→90→盏→20\n产出指标→质量指标→灯具品质→定性→优→级→10"
    )
    assert texts(form.indicators[0]) == {
        "name": "更换路灯数", "operator": "≥", "target": "90", "target_unit": "盏", "weight": "20",
    }  # fmt: skip
    assert texts(form.indicators[1])["target"] == "优"


def test_a_row_swallowed_by_one_cell() -> None:
    form = evaluation("→产出指标→数量指标→巡查次 >=2 次 =2 次 8.00 数→8.00")
    assert texts(form.indicators[0]) == {
        "name": "巡查次 数", "target": ">=2 次", "actual": "=2 次", "weight": "8.00", "score": "8.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("≥ 95 %", "target"),
        ("大于等于3次", "target"),
        ("—", "dash"),
        ("9.87分", "points"),
        ("103.16%", "rate"),
        ("12 人次", "quantity"),
        ("计划 标准", "basis"),
        ("2024年度工作计划", "basis"),
        ("按照完成比例赋分", "rule"),
        ("工作资料,原始凭证", "evidence"),
        ("新增指标，无上年完成值", "prior"),
        ("有效提升", "grade"),
        ("完全达到预期", "grade"),
        ("满意度指标", "level"),
        ("产出指标（60分）", "level1"),
        ("提升营商环境", "text"),
    ],
)
def test_kinds_of_values(text: str, kind: str) -> None:
    assert value_kind(text) == kind


def test_a_cell_that_fits_no_column_is_left_out() -> None:
    cells = [PrintedCell("甲", 0, "a"), PrintedCell("7", 1, "b")]
    assert align(cells, [0, 1], lambda at, _: 8 if at == 0 else -20) == [0, None]


LIST_HEAD = [
    ("项目名称", "项目总额", "其中：", "<", "绩效目标", "一级指标", "二级指标", "三级指标", "绩效指标性质", "本年绩效指标值", "绩效度量单位"),
    ("^", "^", "财政资金", "其他资金", "^", "^", "^", "^", "^", "^", "^"),
]  # fmt: skip
COVERED = ("^", "^", "^", "^", "^")
NAMED = (
    "0021T0000-苗木养护",
    "12.50",
    "12.50",
    "",
    "养护苗木",
    "产出指标",
    "数量指标",
    "养护苗木数",
    "≥",
    "300",
    "株",
)
"""The first row of a project in a list of projects."""


def listed(*rows: tuple[str, ...], head: bool = True) -> Block:
    return table(*(LIST_HEAD if head else []), *rows, has_spans=True)


def test_one_table_that_lists_the_indicators_of_several_projects() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        TextLine("金额单位：万元", "l2", 1),
        listed(
            ("0021T0000-苗木养护", "12.50", "10.00", "2.50", "养护苗木", "产出指标", "数量指标", "养护苗木数", "≥", "300", "株"),
            (*COVERED, "效益指标", "生态效益指标", "改善林相", "定性", "优", ""),
            ("0022T0000-步道维修", "8.00", "8.00", "", "维修步道", "产出指标", "质量指标", "验收合格率", "＝", "100", "%"),
        ),
        listed(
            ("0022T0000-步道维修", "8.00", "8.00", "", "维修步道", "满意度指标", "服务对象满意度指标", "游人满意度", "≥", "90", "%"),
        ),
    ]  # fmt: skip
    first, second = read_performance(Document("application/pdf", blocks, 2))
    assert [(form.project_no, form.project_name, form.problem) for form in (first, second)] == [
        (1, "苗木养护", None), (2, "步道维修", None),
    ]  # fmt: skip
    assert [(row.fund_line, texts(row)["initial"], row.unit_text) for row in first.funding] == [
        ("total", "12.50", "万元"), ("fiscal_current_year", "10.00", "万元"), ("other", "2.50", "万元"),
    ]  # fmt: skip
    assert [texts(row) for row in first.indicators] == [
        {"name": "养护苗木数", "operator": "≥", "target": "300", "target_unit": "株"},
        {"name": "改善林相", "operator": "定性", "target": "优"},
    ]
    assert [texts(row)["name"] for row in second.indicators] == ["验收合格率", "游人满意度"]


def test_a_name_that_the_page_break_cut_off_is_a_project_without_name() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        listed(
            NAMED,
            (*COVERED, "产出指标", "质量指标", "成活率", "≥", "95", "%"),
            ("", "", "", "", "", "产出指标", "数量指标", "购置机具数", "＝", "4", "台"),
        ),
        TextLine("0022T0000-机具购置 3.00 3.00", "l2", 2),
        listed(
            ("", "", "", "", "", "产出指标", "质量指标", "机具合格率", "＝", "100", "%"),
            ("0023T0000-步道维修", *NAMED[1:]),
            head=False,
        ),
    ]  # fmt: skip
    forms_read = read_performance(Document("application/pdf", blocks, 2))
    assert [(form.project_name, len(form.indicators)) for form in forms_read] == [
        ("苗木养护", 2), (None, 2), ("步道维修", 1),
    ]  # fmt: skip


def test_a_table_without_its_columns_of_names_is_not_read_nor_what_follows_it() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        listed(NAMED),
        table(("产出指标", "数量指标", "购置机具数", "＝", "4", "台"), has_spans=True),
        listed(("0023T0000-步道维修", *NAMED[1:]), head=False),
    ]
    forms_read = read_performance(Document("application/pdf", blocks, 3))
    assert [(form.problem, len(form.indicators)) for form in forms_read] == [
        ("unit_unknown", 1), ("name_lost", 0), ("order_unknown", 0),
    ]  # fmt: skip


def test_a_list_of_units_below_a_head_of_three_rows() -> None:
    blocks: list[Block] = [
        TextLine("部门整体支出绩效目标表", "l1", 1),
        TextLine("单位：万元", "l2", 1),
        table(
            ("单位编码", "单位名称", "年度预算申请", "<", "<", "整体支出绩效目标", "<", "<", "<"),
            ("^", "^", "资金总额", "按收入性质分", "<", "^", "^", "^", "^"),
            ("^", "^", "^", "一般公共预算", "其他资金", "一级指标", "二级指标", "三级指标", "指标值"),
            ("301", "海滨市苗圃", "90.00", "80.00", "10.00", "产出指标", "数量指标", "出圃苗木", "≥900株"),
            ("302", "海滨市林业站", "40.00", "40.00", "", "产出指标", "数量指标", "巡护里程", "≥80公里"),
            has_spans=True,
        ),
    ]
    first, second = read_performance(Document("application/pdf", blocks, 1))
    assert [(form.scope, form.unit_text) for form in (first, second)] == [
        ("unit", "海滨市苗圃"), ("unit", "海滨市林业站"),
    ]  # fmt: skip
    assert [(row.fund_line, texts(row)["initial"]) for row in first.funding] == [
        ("total", "90.00"),
        ("other", "10.00"),
    ]


def test_levels_and_name_in_one_cell_below_heads_of_funds() -> None:
    blocks: list[Block] = [
        TextLine("部门整体支出绩效目标表", "l1", 1),
        table(
            ("部门名称", "海滨市林业局", "<", "<", "<"),
            ("总体资金情况（万元）", "预算支出总额", "财政拨款", "<", "其他资金"),
            ("^", "^", "合计", "基本支出", "^"),
            ("^", "500.00", "480.00", "300.00", "20.00"),
            ("活动", "绩效指标", "指标性质", "指标值", "度量单位"),
            ("造林", "产出指标数量指标新造林面积", "≥", "600", "亩"),
            ("造林", "效益指标生态效益指标改善林相", "定性", "优", ""),
            has_spans=True,
        ),
        table(("护林", "产出指标-质量指标-巡护到位率", "≥", "98", "%"), has_spans=True),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert [(row.fund_line, row.unit_text, texts(row)["initial"]) for row in form.funding] == [
        ("total", "万元", "500.00"), ("fiscal_current_year", "万元", "480.00"), ("other", "万元", "20.00"),
    ]  # fmt: skip
    assert levels(form) == [("产出指标", "数量指标"), ("效益指标", "生态效益指标"), ("产出指标", "质量指标")]
    assert texts(form.indicators[2]) == {
        "name": "巡护到位率",
        "operator": "≥",
        "target": "98",
        "target_unit": "%",
    }


def test_a_catalogue_of_three_levels_is_no_performance_form() -> None:
    assert forms("指导性目录\n\n一级→二级→三级→预算金额\n公共服务→宣传服务→公益宣传→5.20") == []


def test_a_template_that_is_not_filled_in_is_no_form() -> None:
    assert (
        forms("项目支出绩效目标表\n\n项目名称→→→\n一级指标→二级指标→三级指标→指标值\n产出指标→数量指标→→")
        == []
    )


def paragraph(text: str, number: int) -> Paragraph:
    return Paragraph(text, f"L{number}", None, number, ())


def test_indicators_listed_in_sentences_with_the_levels_above_them() -> None:
    form = read_sentences(
        paragraph(text, number)
        for number, text in enumerate((
            "（二）一级指标：履职效能",
            "1.数量指标：",
            "指标①：巡护林地面积，指标值：>=600亩，自评完成值：640亩，指标完成率106.67%，成效：林相改善。偏差原因及改进措施：新增林地，已报备。",
            "指标2：购置机具，指标值：=4台；实际完成值：4台。",
            "指标值设置合理，完成值均已核对。",
        ))
    )  # fmt: skip
    assert form is not None
    assert (form.source, form.kind, form.scope) == ("narrative", "self_evaluation", "unit")
    assert levels(form) == [("履职效能", "数量指标")] * 2
    assert [texts(row) for row in form.indicators] == [
        {"name": "巡护林地面积", "target": ">=600亩", "actual": "640亩", "completion": "106.67%",
         "deviation": "新增林地，已报备。"},
        {"name": "购置机具", "target": "=4台", "actual": "4台"},
    ]  # fmt: skip


def test_a_report_without_listed_indicators_has_none() -> None:
    assert read_sentences([paragraph("指标值设置合理，完成值均已核对。", 1)]) is None


def test_the_funds_of_the_year_beside_those_of_the_whole_period() -> None:
    (form,) = forms(
        "项目支出绩效目标表\n\n项目名称→河道清淤→项目性质→延续性项目\n"
        "资金金额→实施期资金总额：→90万元→年度资金总额：→30万元\n→其中：财政拨款→80万元→其中：财政拨款→25万元\n"
        "→其他资金→10万元→其他资金→\n一级指标→二级指标→三级指标→指标值\n产出指标→数量指标→清淤河道数→≥2段"
    )
    assert form.project_name == "河道清淤"
    assert [(row.fund_line, row.unit_text, texts(row)["initial"]) for row in form.funding] == [
        ("total", "万元", "30"), ("fiscal_current_year", "万元", "25"),
    ]  # fmt: skip


def test_a_row_of_a_ruled_table_whose_values_are_words_of_levels_is_whole() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        table(
            ("一级指标", "二级指标", "三级指标", "指标值"),
            ("效益指标", "社会效益指标", "完善设施", "完善率"),
            ("满意度指标", "服务对象满意度指标", "居民满意度", "满意度"),
            has_spans=True,
        ),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert [texts(row) for row in form.indicators] == [
        {"name": "完善设施", "target": "完善率"}, {"name": "居民满意度", "target": "满意度"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        (("一级指标", "二级指标", "三级指标", "实施期指标值", "年度指标值", "备注"),),
        (
            ("绩效指标", "<", "<", "中期目标", "年度目标", "备注"),
            ("一级指标", "二级指标", "三级指标", "指标值", "指标值", "^"),
        ),
        (("一级指标", "二级指标", "三级指标", "中期指标值", "指标值", "核定人"),),
    ],
)
def test_of_targets_for_several_periods_that_of_the_year_is_read(head: tuple[tuple[str, ...], ...]) -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        table(*head, ("产出指标", "数量指标", "清淤河道数", "≥9段", "≥2段", "甲"), has_spans=True),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert [texts(row) for row in form.indicators] == [{"name": "清淤河道数", "target": "≥2段"}]


def test_a_name_printed_on_the_second_page_of_its_cell_names_the_rows_of_both() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        listed(
            NAMED,
            (*COVERED, "产出指标", "质量指标", "成活率", "≥", "95", "%"),
            ("", "", "", "", "", "产出指标", "数量指标", "购置机具数", "＝", "4", "台"),
        ),
        listed(("0022T0000-机具购置", "3.00", "3.00", "", "购置", "产出指标", "质量指标", "机具合格率", "＝", "100", "%"), head=False),
    ]  # fmt: skip
    first, second = read_performance(Document("application/pdf", blocks, 2))
    assert [(form.project_name, len(form.indicators), texts(form.funding[0])["initial"]) for form in (first, second)] == [
        ("苗木养护", 2, "12.50"), ("机具购置", 2, "3.00"),
    ]  # fmt: skip


def test_funds_and_measures_crossed_above_a_row_of_totals() -> None:
    blocks: list[Block] = [
        TextLine("部门整体支出绩效自评表", "l1", 1),
        table(
            ("任务名称", "全年预算数（万元）", "<", "全年执行数（万元）", "<", "分值", "执行率", "得分"),
            ("^", "总额", "财政拨款", "总额", "财政拨款", "^", "^", "^"),
            ("造林", "60", "50", "45", "40", "5", "75%", "4"),
            ("金额合计", "60", "50", "45", "40", "10", "75%", "8"),
            ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "备注"),
            ("产出指标", "数量指标", "造林面积", "≥600亩", "610亩", "90", "90", ""),
            has_spans=True,
        ),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert [(row.fund_line, row.unit_text, texts(row)) for row in form.funding] == [
        ("total", "万元", {"adjusted": "60", "executed": "45", "weight": "10", "rate": "75%", "score": "8"}),
        ("fiscal_current_year", "万元", {"adjusted": "50", "executed": "40"}),
    ]  # fmt: skip


def test_a_form_goes_on_below_its_head_repeated_behind_a_long_text() -> None:
    head = ("活动", "绩效指标", "指标性质", "指标值", "度量单位")
    blocks: list[Block] = [
        TextLine("部门整体支出绩效目标表", "l1", 1),
        table(head, ("造林", "产出指标数量指标新造林面积", "≥", "600", "亩"), has_spans=True),
        TextLine("全年按照造林计划逐片组织实施，并在汛期到来之前完成补植和抚育管护的各项工作任务", "l2", 2),
        table(head, ("护林", "产出指标质量指标巡护到位率", "≥", "98", "%"), has_spans=True),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 2))
    assert len(form.indicators) == 2


def ruled(left: float, top: float, *rows: tuple[tuple[str, float, int], ...]) -> Table:
    """A table whose cells are (text, width, row span), one row per 10 points."""
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        x = left
        for col, (text, wide, span) in enumerate(row):
            box = (x, top + 10 * number, x + wide, top + 10 * (number + span))
            cells.append(Cell(text, number, col, f"x{x}y{number}", span, 1, box=box))
            x += wide
    boxes = [cell.box for cell in cells if cell.box]
    box = (left, top, max(each[2] for each in boxes), max(each[3] for each in boxes))
    return Table(cells, len(rows), max(len(row) for row in rows), 1, box, has_spans=True)


def test_two_tables_side_by_side_are_one() -> None:
    names = ruled(0, 0, (("甲项目", 50, 2), ("9.00", 20, 2)), (), (("乙项目", 50, 1), ("8.00", 20, 1)))
    values = ruled(100, 0, *((("产出指标", 40, 1), (text, 60, 1)) for text in ("一", "二", "三")))
    (joined,) = join_beside([values, names])
    assert isinstance(joined, Table)
    assert [[joined.text_at(row, col) for col in range(joined.col_count)] for row in range(joined.row_count)] == [
        ["甲项目", "9.00", "", "产出指标", "一"], ["甲项目", "9.00", "", "产出指标", "二"],
        ["乙项目", "8.00", "", "产出指标", "三"],
    ]  # fmt: skip
    below = ruled(100, 60, (("产出指标", 40, 1), ("四", 60, 1)))
    assert list(join_beside([names, below])) == [names, below]


def test_a_list_of_projects_with_amounts_and_goals_only() -> None:
    blocks: list[Block] = [
        TextLine("项目支出绩效目标表", "l1", 1),
        TextLine("单位：万元", "l2", 1),
        table(
            ("单位名称", "项目名称", "金额", "绩效目标"),
            ("海滨市林业局", "造林", "60.00", "新造林600亩。"),
            ("^", "护林", "8.00", "巡护到位。"),
            ("海滨市苗圃", "育苗", "12.50", "出圃9.5万株。"),
            ("合计", "<", "80.50", ""),
            has_spans=True,
        ),
    ]
    found = read_performance(Document("application/pdf", blocks, 1))
    assert [(form.project_no, form.project_name, form.unit_text, form.problem) for form in found] == [
        (1, "造林", "海滨市林业局", None), (2, "护林", "海滨市林业局", None), (3, "育苗", "海滨市苗圃", None),
    ]  # fmt: skip
    assert [texts(form.funding[0])["initial"] for form in found] == ["60.00", "8.00", "12.50"]


def test_a_longer_label_is_another_fund() -> None:
    assert fund_line("拟由市本级使用资金") is None


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("2026年目标值", "target"), ("预期当年实现值", "target"), ("年度计划值", "target"), ("设定目标值（包含单位）", "target"),
        ("年终实际完成值", "actual"), ("实际达成值", "actual"), ("绩效完成值", "actual"), ("上年完成情况", "prior"),
        ("标准分值", "weight"), ("指标权重%", "weight"), ("分值/权重", "weight"), ("单位自评得分", "score"),
        ("指标说明及评分标准", "rule"), ("偏离原因", "deviation"), ("指标值来源", "basis"), ("年度绩效指标完成情况", None),
        ("绩效度量单位", "target_unit"), ("绩效指标性质", "operator"), ("指标值内容", "remark"),
    ],
)  # fmt: skip
def test_the_heads_of_indicator_columns_are_composed_of_words(head: str, role: str | None) -> None:
    assert header_role(head, "indicator") == role


def test_rows_of_a_page_with_fewer_columns_stand_as_the_other_rows_of_that_page() -> None:
    blocks: list[Block] = [
        TextLine("部门整体支出绩效目标表", "l1", 1),
        table(
            ("绩效指标", "一级指标", "二级指标", "指标内容", "<", "指标值"),
            ("^", "产出指标", "数量指标", "指标1：造林面积", "<", "≥600亩"),
            has_spans=True,
        ),
        table(
            ("质量指标", "指标1：成活率", "≥95%"),
            ("^", "指标2：验收合格率", "100%"),
            ("时效指标", "指标1：补植完成时间", "全年"),
            ("^", "补植时间", "全年"),
            has_spans=True,
        ),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 2))
    assert [texts(row) for row in form.indicators[2:]] == [
        {"name": "指标2：验收合格率", "target": "100%"}, {"name": "指标1：补植完成时间", "target": "全年"},
        {"name": "补植时间", "target": "全年"},
    ]  # fmt: skip
    assert levels(form)[2:] == [("产出指标", "质量指标"), ("产出指标", "时效指标"), ("产出指标", "时效指标")]


def test_the_score_of_the_unit_in_a_sentence() -> None:
    form = read_sentences([paragraph("2024年度部门整体支出绩效自评综合得分96.5分，评价结果为优。", 1)])
    assert form is not None
    assert form.total_score is not None
    assert (form.total_score.text, form.indicators) == ("96.5", [])
    assert (
        read_sentences([paragraph("整体支出得分96.5分。", 1), paragraph("整体支出复核得分95分。", 2)]) is None
    )


def test_a_title_in_two_lines_and_a_block_whose_label_gives_the_unit() -> None:
    blocks: list[Block] = [
        TextLine("401003_海滨市林业局苗圃管理站_科技兴林与苗木良种繁育推广绩效", "l1", 1),
        TextLine("目标表", "l2", 1),
        table(
            ("专项资金情况（万元）", "资金总额：", "57.00"),
            ("^", "财政拨款：", "57.00"),
            ("一级指标", "二级指标", "三级指标"),
            has_spans=True,
        ),
        table(
            ("一级指标", "二级指标", "三级指标", "目标值"),
            ("产出指标", "数量指标", "良种数", "3个"),
            has_spans=True,
        ),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert (form.scope, form.statement_code) == ("project", "project_performance")
    assert [(row.fund_line, row.unit_text) for row in form.funding] == [
        ("total", "万元"), ("fiscal_current_year", "万元"),
    ]  # fmt: skip


def test_a_unit_form_whose_head_names_a_project_and_whose_columns_are_more_than_are_read() -> None:
    blocks: list[Block] = [
        TextLine("部门整体绩效自评表", "l1", 1),
        table(
            ("专项名称", "部门整体", "<", "<", "<", "<", "<"),
            ("资金情况（万元）", "预算安排", "<", "<", "拨付情况", "分值", "得分"),
            ("^", "年初预算数①", "年中调整金额②", "小计③=①+②", "年度拨付金额④", "^", "^"),
            ("合计", "60", "10", "70", "63", "10", "9"),
            ("①地方财政资金", "60", "10", "70", "63", "", ""),
            ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "指标分值", "自评得分"),
            ("满意度指标", "服务对象满意", "度12345热线满意率", "≥95%", "99.14", "90", "90"),
            ("总分值、评价总分（S）", "<", "<", "<", "<", "99", "<"),
            has_spans=True,
        ),
    ]
    (form,) = read_performance(Document("application/pdf", blocks, 1))
    assert (form.scope, form.total_score.text if form.total_score else None) == ("unit", "99")
    assert [(row.fund_line, texts(row)) for row in form.funding] == [
        ("total", {"initial": "60", "adjusted": "70", "executed": "63", "weight": "10", "score": "9"}),
        ("local", {"initial": "60", "adjusted": "70", "executed": "63"}),
    ]  # fmt: skip
    assert levels(form) == [("满意度指标", "服务对象满意度")]
    assert texts(form.indicators[0])["name"] == "12345热线满意率"


def test_what_is_said_below_the_total_is_no_part_of_an_indicators_name() -> None:
    (form,) = forms(EVALUATION + "未完成原因→→→雨量偏大。→→→→→\n改进措施→→→提前清淤。→→→→→\n")
    assert form.indicators[-1].cells["name"].text == "改善水质"
    assert form.total_score is not None
    assert form.total_score.text == "97.82分"
