"""The layouts of performance forms: with evidence columns or as in the national template, evaluated or as targets."""

from dataclasses import dataclass
from random import Random

from samples.figures import Figures
from samples.history import History
from samples.model import Cell, Form
from samples.money import MoneyStyle
from samples.performance.draw import Evaluation, of_project, of_unit
from samples.performance.sheet import Sheet
from samples.units import Unit

GOAL = "按照年度工作安排完成各项任务，保障业务有序开展，提高服务质量。"
DONE = "各项任务按计划推进，业务运行平稳，服务质量有所提高。"
EVIDENCE_HEADER = ("指标值", "指标值设置依据", "上年完成值", "指标分值权重", "指标赋分规则", "佐证资料")
EVIDENCE_COLUMNS = ("target", "basis", "prior", "weight", "rule", "evidence")
FUNDING_HEADER = ("年初预算数", "全年预算数", "全年执行数")


@dataclass(frozen=True)
class PerformanceStyle:
    """How one publisher lays its performance forms out. `evidence` chooses the layout with reasons for each score."""

    money: MoneyStyle
    evidence: bool
    sign: str
    nothing: str
    merges: bool
    totals_unit: bool
    unit_lines: tuple[str, str, str]

    def sheet(self, evaluation: Evaluation, form: str) -> Sheet:
        """An empty form in this style."""
        return Sheet(evaluation, form, self.money, self.nothing, self.sign, self.merges)


@dataclass(frozen=True)
class PerformanceSet:
    """What a document evaluates, or sets as targets, and the forms that say so."""

    whole: Evaluation
    projects: tuple[Evaluation, ...]
    forms: tuple[Form, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The projects that have a form."""
        return tuple(project.project_name or "" for project in self.projects)


def performance_set(
    figures: Figures, history: History, money: MoneyStyle, projects: int = 3
) -> PerformanceSet:
    """The unit's form and those of its first projects: evaluated in final accounts, targets in budgets."""
    rng = Random(f"performance/{figures.unit.unit_name}/{figures.year}/{figures.stage}/{figures.staff}")
    style = PerformanceStyle(
        money=MoneyStyle(thousands=money.thousands),
        evidence=rng.random() < 0.5,
        sign=rng.choice((">=", "≥")),
        nothing=rng.choice(("-", "—")),
        merges=rng.random() < 0.8,
        totals_unit=rng.random() < 0.5,
        unit_lines=rng.choice(
            (
                ("上级资金（万元）", "本级资金（万元）", "其他资金（万元）"),
                ("其中：上级安排（万元）", "本级安排（万元）", "其他资金（万元）"),
            )
        ),
    )
    whole = of_unit(rng, figures, history)
    parts = tuple(of_project(rng, project, history, figures.stage) for project in figures.projects[:projects])
    if figures.stage == "budget":
        of_whole, of_part = _unit_target, _target_evidence if style.evidence else _target_national
    else:
        of_whole, of_part = _unit_evaluation, _project_evidence if style.evidence else _project_national
    unit, year = figures.unit, figures.year
    forms = (of_whole(whole, unit, year, style), *(of_part(part, unit, year, style) for part in parts))
    return PerformanceSet(whole, parts, forms)


def _unit_evaluation(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """Eight columns; no column for reasons."""
    sheet = style.sheet(evaluation, "self_evaluation")
    lines = dict(zip(("superior", "local", "other"), style.unit_lines, strict=True))
    sheet.add(("单位名称", 1), (unit.unit_name, 7))
    sheet.add(
        Cell(f"{unit.kind_word}资金（万元）", depth=5),
        *((word, 1) for word in ("资金来源", *FUNDING_HEADER, "分值权重", "执行率", "得分")),
    )
    sheet.add(("年度总资金", 1), *sheet.funding("total", (1,) * 6, style.totals_unit))
    for line, word in lines.items():
        sheet.add((word, 1), *sheet.funding(line, (1,) * 6, style.totals_unit))
    sheet.add(Cell("年度总体目标", depth=2), ("预期目标", 3), ("实际完成情况", 4))
    sheet.add((GOAL, 3), (DONE, 4))
    header = ("一级指标", "二级指标", "三级指标", "预期指标值", "指标值设定依据")
    sheet.add(*((word, 1) for word in (*header, "实际完成指标值", "分值权重", "得分")))
    sheet.indicators(("target", "basis", "actual", "weight", "score"))
    if style.totals_unit:
        sheet.add(("总分", 6), ("100", 1), (str(evaluation.score), 1))
    title = f"{unit.kind_word}整体支出绩效自评表"
    return sheet.finish(title, f"（{year}年度）", (1.4, 1.6, 1.8, 1.4, 1.4, 1.4, 1, 1))


def _project_evidence(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """Fourteen columns: basis, last year, rule, evidence, completion and reasons beside each indicator."""
    sheet = style.sheet(evaluation, "self_evaluation")
    _head(sheet, unit, (1, 13), (1, 6, 2, 5))
    spans = (2, 2, 2, 1, 2, 1)
    sheet.add(
        Cell("项目资金（万元）", depth=4),
        ("资金来源", 3),
        *zip((*FUNDING_HEADER, "分值权重", "执行率", "得分"), spans, strict=True),
    )
    sheet.add(("年度资金总额", 3), *sheet.funding("total", spans, True))
    sheet.add(("其中：当年财政拨款", 3), *sheet.funding("fiscal_current_year", spans, True))
    sheet.add(("其他资金", 3), *sheet.funding("other", spans, True))
    sheet.add(Cell("年度总体目标", depth=2), ("总体目标", 6), ("总体目标完成情况", 7))
    sheet.add((GOAL, 6), (DONE, 7))
    evaluated = ("指标实际完成值", "完成率", "指标得分", "偏差原因分析及改进措施")
    sheet.add(*((word, 1) for word in ("一级指标", "二级指标", "三级指标", *EVIDENCE_HEADER, *evaluated)))
    columns = (*EVIDENCE_COLUMNS, "equal_actual", "completion", "score", "deviation")
    sheet.indicators(columns, "年度绩效指标完成情况")
    blanks = [("", 1)] * 4
    sheet.add(("总分", 7), ("100", 1), *blanks, (f"{evaluation.score}分", 1), ("", 1))
    widths = (1, 1, 1, 1.5, 1, 1, 1, 0.8, 1, 1, 1, 1, 0.8, 1.6)
    return sheet.finish("项目支出绩效自评表", f"（{year}年度）", widths)


def _project_national(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """The national template: nine columns."""
    sheet = style.sheet(evaluation, "self_evaluation")
    _head(sheet, unit, (1, 8), (1, 4, 1, 3))
    sheet.add(
        Cell("项目资金（万元）", depth=4),
        ("", 2),
        *((word, 1) for word in (*FUNDING_HEADER, "分值", "执行率", "得分")),
    )
    for line, word in (
        ("total", "年度资金总额"),
        ("fiscal_current_year", "其中：当年财政拨款"),
        ("other", "其他资金"),
    ):
        sheet.add((word, 2), *sheet.funding(line, (1,) * 6, True))
    sheet.add(Cell("年度总体目标", depth=2), ("预期目标", 4), ("实际完成情况", 4))
    sheet.add((GOAL, 4), (DONE, 4))
    header = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
    sheet.add(*((word, 1) for word in (*header, "偏差原因分析及改进措施")))
    sheet.indicators(("target", "actual", "weight", "score", "deviation"), "绩效指标")
    sheet.add(("总分", 6), ("100", 1), (str(evaluation.score), 1), ("", 1))
    return sheet.finish("项目支出绩效自评表", f"（{year}年度）", (1, 1.2, 1.2, 1.6, 1.2, 1.2, 0.8, 0.8, 1.6))


def _unit_target(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """Six columns; the money is listed by its source."""
    sheet = style.sheet(evaluation, "target")
    sheet.add(("单位名称（盖章）", 2), (unit.unit_name, 4))
    sheet.add(("年度绩效目标", 2), (GOAL, 4))
    sheet.add(Cell("年度预算（万元）", depth=4), ("资金来源", 2), ("资金总额（万元）", 3))
    sheet.add(Cell("财政资金（万元）", depth=2), ("上级安排", 1), sheet.planned("superior", 3))
    sheet.add(("本级安排", 1), sheet.planned("local", 3))
    sheet.add(("其他资金（万元）", 1), ("其他", 1), sheet.planned("other", 3))
    header = ("一级指标", "二级指标", "三级指标", "指标值", "指标设定依据", "分值权重")
    sheet.add(*((word, 1) for word in header))
    sheet.indicators(("target", "basis", "weight"))
    return sheet.finish(f"{unit.kind_word}整体绩效目标表", f"（{year}年）", (1.4, 1.6, 1.8, 1.4, 1.4, 1))


def _target_evidence(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """Nine columns; the money is in one row."""
    sheet = style.sheet(evaluation, "target")
    sheet.add(("预算单位", 1), (unit.unit_name, 8))
    sheet.add(("项目名称", 1), (evaluation.project_name or "", 8))
    sheet.add(
        ("项目资金（万元）", 1),
        ("年度预算总额：", 1),
        sheet.planned("total"),
        ("其中：财政拨款", 2),
        sheet.planned("fiscal_current_year"),
        ("其他资金：", 2),
        sheet.planned("other"),
    )
    sheet.add(("项目总体目标", 1), (GOAL, 8))
    sheet.add(*((word, 1) for word in ("一级指标", "二级指标", "三级指标", *EVIDENCE_HEADER)))
    sheet.indicators(EVIDENCE_COLUMNS)
    return sheet.finish("项目支出绩效目标表", f"（{year}年）", (1.2, 1.2, 1.6, 1.2, 1.2, 1.2, 1, 1.2, 1))


def _target_national(evaluation: Evaluation, unit: Unit, year: int, style: PerformanceStyle) -> Form:
    """The national template: six columns."""
    sheet = style.sheet(evaluation, "target")
    sheet.add(("项目名称", 1), (evaluation.project_name or "", 5))
    sheet.add(("主管部门", 1), (unit.unit_name, 5))
    sheet.add(Cell("项目资金（万元）", depth=3), ("年度资金总额", 3), sheet.planned("total", 2))
    sheet.add(("其中：财政拨款", 3), sheet.planned("fiscal_current_year", 2))
    sheet.add(("其他资金", 3), sheet.planned("other", 2))
    sheet.add(("年度总体目标", 1), (GOAL, 5))
    sheet.add(*((word, 1) for word in ("一级指标", "二级指标", "三级指标", "指标值", "分值")))
    sheet.indicators(("target", "weight"), "绩效指标")
    return sheet.finish("项目支出绩效目标表", f"（{year}年度）", (1, 1.4, 1.6, 2, 1.4, 0.8))


def _head(sheet: Sheet, unit: Unit, name: tuple[int, int], office: tuple[int, int, int, int]) -> None:
    """The rows that say which project it is and whose."""
    sheet.add(("项目名称", name[0]), (sheet.evaluation.project_name or "", name[1]))
    words = ("主管部门", unit.unit_name, "实施单位", unit.unit_name)
    sheet.rows.append(tuple(Cell(word, span) for word, span in zip(words, office, strict=True)))
