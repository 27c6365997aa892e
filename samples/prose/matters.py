"""三公经费, 机关运行经费, 政府采购, 国有资产 and 预算绩效."""

from collections.abc import Callable

from samples import meaning
from samples.figures import THREE_PUBLIC
from samples.model import Fact, Paragraph
from samples.prose.pen import Line, Pen, ratio_of
from samples.prose.phrase import Part, Phrase, join

COUNT_UNITS = {
    "overseas_groups": "group",
    "overseas_persons": "person",
    "vehicles_purchased": "vehicle",
    "vehicles_held": "vehicle",
    "vehicle_count": "vehicle",
    "reception_batches": "batch",
    "reception_persons": "person",
    "equipment_over_1m_count": "item",
    "equipment_over_500k_count": "item",
    "planned_equipment_over_1m_count": "item",
    "performance_projects": "project",
    "performance_units": "form",
}
ASSET_VALUES = ("building_value", "vehicle_value", "furniture_value", "other_assets_value")


def full_year_three_public(pen: Pen) -> bool:
    """Whether the text calls the budget of the 三公 form 全年预算数; the form's figures then mean that."""
    return pen.is_final and "全年预算数" in pen.wording("three_public")


def counts(pen: Pen) -> dict[str, Part]:
    """The counted metrics that are not money."""
    return {
        metric: pen.count(metric, unit)
        for metric, unit in COUNT_UNITS.items()
        if metric in pen.history.counts
    }


def three_public(pen: Pen) -> list[Paragraph]:
    """三公 expenditure by item, with what was counted."""
    parts: dict[str, Part] = {}
    for item in THREE_PUBLIC:
        budget = pen.figures.three_public[item][0]
        figures = pen.line(three_public_line(pen, item))
        done = pen.phrase("three_public_done", line=figures) if pen.is_final and budget else Phrase("")
        parts[item] = figures | {"done": done}
    return pen.say("three_public", **parts, **counts(pen))


def three_public_line(pen: Pen, item: str) -> Line:
    """An item of 三公 expenditure."""
    at = 1 if pen.is_final else 0
    budget = pen.figures.three_public[item][0]
    return Line(
        pen.figures.three_public[item][at],
        _three_public_facts(item),
        ratio_of("three_public", "three_public", item),
        prior=pen.history.prior.three_public[item][at],
        initial=budget,
        adjusted=budget,
        whole=pen.figures.three_public["total"][at],
    )


def operating(pen: Pen) -> list[Paragraph]:
    """机关运行经费."""
    public, prior, planned = (
        pen.figures.public,
        pen.history.prior.public,
        pen.figures.public * 105 // 10_000 * 100,
    )
    fund = "fiscal_appropriation" if "财政拨款" in pen.wording("operating") else None
    line = Line(
        public,
        lambda basis: (meaning.metric("operating_expense", basis, fund=fund),),
        ratio_of("other_matters", "metric", "operating_expense"),
        prior=prior,
        initial=planned,
    )
    plan = {
        "plan_up": Phrase("增加" if public >= planned else "减少"),
        "plan_change": pen.mentioned(abs(public - planned)),
    }
    return pen.say("operating", line=pen.line(line) | plan)


def procurement(pen: Pen) -> list[Paragraph]:
    """政府采购 by kind, and what small firms got."""
    bought = dict(pen.figures.procurement)
    total = sum(bought.values())
    small = total * pen.rng.randint(40, 100) // 10_000 * 100
    bought |= {"total": total, "sme": small, "micro": small * pen.rng.randint(20, 100) // 10_000 * 100}

    def line(kind: str) -> Line:
        metric = f"procurement_{kind}"
        return Line(
            bought[kind],
            lambda basis: (meaning.metric(metric, basis),),
            ratio_of("other_matters", "metric", metric),
            whole=total,
        )

    return pen.say("procurement", **{kind: pen.line(line(kind)) for kind in bought})


def assets(pen: Pen) -> list[Paragraph]:
    """国有资产占用: buildings, vehicles with their classes, equipment."""
    area = pen.history.counts["building_area"]
    square = f"{area // 100}.{area % 100:02d}"
    return pen.say(
        "assets",
        building_area=Phrase(square, (meaning.count("building_area", pen.basis, square, "square_metre"),)),
        vehicle_classes=_vehicle_classes(pen),
        million=Phrase("100", aside=("100",)),
        half_million=Phrase("50", aside=("50",)),
        **{
            name: pen.amount(pen.history.assets[name], meaning.metric(name, pen.basis))
            for name in ASSET_VALUES
        },
        **counts(pen),
    )


def performance(pen: Pen, evaluated: tuple[str, ...]) -> list[Paragraph]:
    """预算绩效; `evaluated` names the projects that have a form."""
    projects = [project for project in pen.figures.projects if project.name in evaluated]
    if pen.is_final:
        budget = sum(pen.history.plans[project.name][1] for project in projects)
    else:
        budget = sum(project.amount for project in projects)
    said = pen.wording("performance")
    planned = "adjusted_budget" if "全年预算" in said else pen.basis
    fund = "fiscal_appropriation" if "财政拨款预算金额" in said else None
    executed = sum(project.amount for project in projects)
    amounts = {
        "projects_budget": (budget, meaning.metric("performance_projects_budget", planned, fund=fund)),
        "projects_executed": (executed, meaning.metric("performance_projects_executed", pen.basis)),
        "units_budget": (pen.history.adjusted.spent(), meaning.metric("performance_units_budget", planned)),
        "units_executed": (pen.figures.spent(), meaning.metric("performance_units_executed", pen.basis)),
    }
    return pen.say(
        "performance",
        performance_projects=pen.count("performance_projects", "project", len(projects)),
        performance_units=pen.count("performance_units", "form", 1),
        **{place: pen.amount(yuan, fact) for place, (yuan, fact) in amounts.items()},
    )


def _three_public_facts(item: str) -> Callable[[str], tuple[Fact, ...]]:
    return lambda basis: (meaning.three_public(item, basis, "narrative"),)


def _vehicle_classes(pen: Pen) -> Phrase:
    """`，其中：…` with the number of vehicles of each class: parts of the count, zeros too."""
    if not pen.history.counts["vehicle_count"]:
        return Phrase("")
    classes = (
        pen.phrase(
            "vehicle_class",
            name=name,
            count=Phrase(str(count), (meaning.count("vehicle_count", pen.basis, count, "vehicle", name),)),
        )
        for name, count in pen.history.vehicle_classes.items()
    )
    return join([Phrase("，其中："), join(classes, "、")], "")
