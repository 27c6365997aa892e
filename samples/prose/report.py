"""绩效自评报告: what was planned, adjusted and spent, and how the indicators came out."""

from collections.abc import Callable

from samples import meaning
from samples.classification import economic_names
from samples.figures import Figures
from samples.model import Fact, Paragraph
from samples.performance.draw import Evaluation
from samples.performance.layouts import PerformanceSet
from samples.prose.about import staff_parts
from samples.prose.matters import three_public_line
from samples.prose.pen import Line, Pen, ratio_of
from samples.prose.phrase import Phrase, join

STATEMENT = "overall_performance"
CLASSES = ("301", "302", "303", "310")
ITEMS = ("total", "overseas_travel", "vehicle_purchase", "vehicle_operation", "reception")
ASSETS = ("fixed_assets_original", "accumulated_depreciation", "fixed_assets_net", "construction_in_progress")


def staff(pen: Pen) -> list[Paragraph]:
    """Staff and divisions."""
    return pen.say("report_staff", **staff_parts(pen))


def plan(pen: Pen) -> list[Paragraph]:
    """What is to be put into each project."""
    paragraphs = []
    for number, project in enumerate(pen.figures.projects, start=1):
        line = Line(project.amount, _planned(project.name), adjusted=pen.history.plans[project.name][1])
        paragraphs += pen.say("report_plan", number=str(number), name=project.name, line=pen.line(line))
    return paragraphs


def funding(pen: Pen, evaluation: Evaluation, section: str) -> list[Paragraph]:
    """One of the sections on the unit's money: report_initial, report_adjustment, report_use."""
    initial, adjusted, _ = evaluation.funding["total"]
    rate = pen.percent(adjusted - initial, initial)
    change = pen.money.printed(adjusted - initial)
    parts = {line: _funding_line(pen, evaluation, line) for line in evaluation.funding}
    return pen.say(
        section,
        adjusted_by=Phrase(change, aside=(change,)),
        adjustment_rate=Phrase(rate, ratio_of(STATEMENT, "measure", "total")("adjustment_rate", rate)),
        **parts,
    )


def basic(pen: Pen) -> list[Paragraph]:
    """基本支出 against its budget, by economic class."""
    names = economic_names(pen.figures.year)
    classes = join(
        (
            pen.phrase(
                "report_economic_class",
                name=names[code],
                amount=pen.amount(
                    pen.figures.economic_total(code),
                    meaning.economic_class(STATEMENT, pen.basis, code, names[code]),
                ),
            )
            for code in CLASSES
        ),
        "、",
    )
    return pen.say("report_basic", line=pen.line(_measure(pen, "basic")), classes=classes)


def three_public(pen: Pen) -> list[Paragraph]:
    """三公 budget and expenditure, item by item."""
    parts = {}
    for item in ITEMS:
        line = pen.line(three_public_line(pen, item))
        budget = pen.figures.three_public[item][0]
        parts[item] = line | {"done": pen.phrase("report_controlled", line=line) if budget else Phrase("")}
    return pen.say("report_three_public", **parts)


def projects(pen: Pen, performance: PerformanceSet) -> list[Paragraph]:
    """项目支出 against its budget, and the projects that were evaluated."""
    funding = [project.funding["total"] for project in performance.projects]
    return pen.say(
        "report_projects",
        line=pen.line(_measure(pen, "project")),
        performance_projects=pen.count("performance_projects", "project", len(funding)),
        projects_budget=pen.amount(
            sum(adjusted for _, adjusted, _ in funding),
            meaning.metric("performance_projects_budget", "adjusted_budget"),
        ),
        projects_executed=pen.amount(
            sum(executed for _, _, executed in funding),
            meaning.metric("performance_projects_executed", pen.basis),
        ),
    )


def procurement(pen: Pen) -> list[Paragraph]:
    """政府采购 against its budget."""
    bought = sum(pen.figures.procurement.values())
    line = Line(
        bought,
        lambda basis: (meaning.metric("procurement_total", basis),),
        ratio_of("other_matters", "metric", "procurement_total"),
        initial=max(100, bought * pen.rng.randint(100, 130) // 10_000 * 100),
    )
    return pen.say("report_procurement", line=pen.line(line))


def assets(pen: Pen) -> list[Paragraph]:
    """Fixed assets."""
    return pen.say(
        "report_assets",
        **{name: pen.amount(pen.history.assets[name], meaning.metric(name, pen.basis)) for name in ASSETS},
    )


def indicators(pen: Pen, evaluation: Evaluation) -> list[Paragraph]:
    """The indicators in words, each a row beside that of the form."""
    paragraphs = []
    for number, indicator in enumerate(evaluation.indicators, start=1):
        unit = indicator.unit if indicator.is_number else ""
        target, actual = f"{indicator.operator}{indicator.target}{unit}", f"{indicator.actual}{unit}"
        fact = meaning.indicator(
            STATEMENT,
            "self_evaluation",
            None,
            number,
            "narrative",
            indicator_name=indicator.name,
            target_text=target,
            target_operator=indicator.operator or None,
            target_value=indicator.target if indicator.is_number else None,
            target_unit=indicator.unit if indicator.is_number else None,
            actual_text=actual,
            actual_value=indicator.actual if indicator.is_number else None,
            actual_unit=indicator.unit if indicator.is_number else None,
            completion_rate_pct=indicator.completion,
        )
        paragraphs += pen.say(
            "report_indicator",
            number=str(number),
            name=Phrase(indicator.name, (fact,)),
            target=target,
            actual=actual,
            completion=indicator.completion,
            deviation=indicator.deviation,
        )
    return paragraphs


def score(pen: Pen, evaluation: Evaluation) -> list[Paragraph]:
    """The points of the unit's form."""
    return pen.say("report_score", score=str(evaluation.score))


def _measure(pen: Pen, measure: str) -> Line:
    def spent(figures: Figures) -> int:
        return figures.spent("", measure)

    return Line(
        spent(pen.figures),
        lambda basis: (meaning.expenditure(STATEMENT, "", basis, measure=measure, source="narrative"),),
        ratio_of(STATEMENT, "measure", measure),
        initial=spent(pen.history.initial),
        adjusted=spent(pen.history.adjusted),
        whole=pen.figures.spent(),
    )


def _funding_line(pen: Pen, evaluation: Evaluation, fund_line: str) -> dict[str, Phrase]:
    """The three amounts of a funding line, each stating its own column of the line's row."""

    def fact(column: str, value: str) -> tuple[Fact, ...]:
        row = meaning.funding(STATEMENT, "self_evaluation", None, fund_line, "narrative", **{column: value})
        return (row,)

    phrases = {}
    for name, yuan in zip(("initial", "adjusted", "executed"), evaluation.funding[fund_line], strict=True):
        column = f"{name}_yuan" if name == "executed" else f"{name}_budget_yuan"
        value = f"{pen.money.stated_yuan(yuan)}.00"
        phrases[name] = Phrase(pen.money.printed(yuan), fact(column, value))
    rate = str(evaluation.rate)
    whole = meaning.ratio(STATEMENT, "measure", "total", "execution_rate", rate)
    return phrases | {"rate": Phrase(rate, (*fact("execution_rate_pct", rate), whole))}


def _planned(name: str) -> Callable[[str], tuple[Fact, ...]]:
    return lambda basis: (meaning.project_amount(name, basis, STATEMENT),)
