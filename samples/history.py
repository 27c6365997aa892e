"""What a unit's figures are compared with: the year before, the plan, and the counts that prose gives.

Everything is drawn from the figures themselves, so the same document has the same history in every medium.
"""

from dataclasses import dataclass, replace
from random import Random

from samples.classification import function_names
from samples.figures import Carryover, Figures, Item, Project

DIVISIONS = ("办公室", "综合科", "业务一科", "业务二科", "计划财务科", "监督检查科", "信息服务科")
VEHICLE_CLASSES = ("机要通信用车", "应急保障用车", "执法执勤用车", "其他用车")


@dataclass(frozen=True)
class History:
    """The same unit a year earlier and as planned; `counts` maps metric code -> number, `assets` to yuan.

    `plans` maps project name -> (initial, adjusted) budget in yuan; `past_counts` has the year before.
    """

    prior: Figures
    initial: Figures
    adjusted: Figures
    plans: dict[str, tuple[int, int]]
    counts: dict[str, int]
    past_counts: dict[str, int]
    assets: dict[str, int]
    divisions: tuple[str, ...]
    vehicle_classes: dict[str, int]


def make_history(figures: Figures) -> History:
    """Draw what the figures are compared with."""
    rng = Random(f"history/{figures.unit.unit_name}/{figures.year}/{figures.stage}/{figures.spent()}")
    plans = {project.name: _plan(rng, project) for project in figures.projects}
    initial = {project.code: plans[project.name][0] for project in figures.projects}
    adjusted = {project.code: plans[project.name][1] for project in figures.projects}
    counts = _counts(rng, figures)
    divisions = DIVISIONS[: counts["internal_divisions"]]
    return History(
        prior=_prior(rng, figures),
        initial=_planned(rng, figures, initial, (80, 120)),
        adjusted=_planned(rng, figures, adjusted, (100, 108)),
        plans=plans,
        counts=counts,
        past_counts={
            code: max(0, count + rng.randint(-3, 3 if count else 0))
            for code, count in counts.items()
            if code in ("staff_in_service", "staff_retired", "staff_veteran_retired")
        },
        assets={
            "building_value": _hundreds(rng, 300_000, 90_000_000),
            "vehicle_value": counts["vehicle_count"] * _hundreds(rng, 90_000, 240_000),
            "furniture_value": _hundreds(rng, 20_000, 900_000),
            "other_assets_value": _hundreds(rng, 50_000, 4_000_000),
            "construction_in_progress": 0,
            **_fixed_assets(rng),
        },
        divisions=divisions,
        vehicle_classes=_divide(rng, counts["vehicle_count"]),
    )


def _hundreds(rng: Random, low: int, high: int) -> int:
    return rng.randint(low // 100, high // 100) * 100


def _scaled(rng: Random, amount: int, percents: tuple[int, int]) -> int:
    return amount * rng.randint(*percents) // 10_000 * 100


def _plan(rng: Random, project: Project) -> tuple[int, int]:
    """Initial and adjusted budget; now and then a project was added during the year, or spent in full."""
    if rng.random() < 0.3:
        return project.amount, project.amount
    adjusted = max(project.amount, _scaled(rng, project.amount, (100, 125)))
    return (0 if rng.random() < 0.15 else _scaled(rng, adjusted, (70, 130))), adjusted


def _planned(rng: Random, figures: Figures, projects: dict[str, int], percents: tuple[int, int]) -> Figures:
    """The figures as budgeted; projects of the general public budget cost what their plans say."""
    items = []
    for item in figures.items:
        planned = item.fund == "general_public" and item.code in projects
        basic = max(item.basic if percents[0] >= 100 else 0, _scaled(rng, item.basic, percents))
        project = projects[item.code] if planned else max(item.project, _scaled(rng, item.project, percents))
        items.append(replace(item, basic=basic, project=project))
    return replace(figures, items=tuple(items), carryovers={}, _sums={})


def _prior(rng: Random, figures: Figures) -> Figures:
    """The year before: some items are new this year, and one item of that year is gone."""
    items = [
        replace(
            item,
            basic=_scaled(rng, item.basic, (70, 130)),
            project=0 if rng.random() < 0.15 else _scaled(rng, item.project, (60, 140)),
        )
        for item in figures.items
    ]
    used = {item.code for item in items}
    section = items[0].code[:3]
    free = [
        code
        for code in function_names(figures.year - 1)
        if len(code) == 7 and code.startswith(section) and code not in used
        if function_names(figures.year).get(code) == function_names(figures.year - 1)[code]
    ]
    if free and figures.stage == "final":
        items.append(Item(rng.choice(free), "general_public", 0, _hundreds(rng, 5_000, 500_000)))
    carried = {
        fund: Carryover(carry.code, _hundreds(rng, 1_000, 60_000), carry.opening)
        for fund, carry in figures.carryovers.items()
    }
    three_public = {item: _scaled(rng, final, (60, 140)) for item, (_, final) in figures.three_public.items()}
    three_public["vehicle_total"] = three_public["vehicle_purchase"] + three_public["vehicle_operation"]
    three_public["total"] = sum(
        three_public[item] for item in ("overseas_travel", "vehicle_total", "reception")
    )
    return replace(
        figures,
        year=figures.year - 1,
        items=tuple(items),
        carryovers=carried,
        economic={code: _scaled(rng, amount, (70, 130)) for code, amount in figures.economic.items()},
        three_public={item: (amount, amount) for item, amount in three_public.items()},
        _sums={},
    )


def _counts(rng: Random, figures: Figures) -> dict[str, int]:
    """Numbers of people, vehicles, guests and equipment that fit the amounts of the unit."""
    at = 1 if figures.stage == "final" else 0
    spent = {item: amounts[at] for item, amounts in figures.three_public.items()}
    retired, groups = figures.staff // 3, 0
    if spent["overseas_travel"]:
        groups = rng.randint(1, 2)
    purchased = 1 if spent["vehicle_purchase"] else 0
    held = purchased + (rng.randint(1, 6) if spent["vehicle_operation"] else 0)
    batches = max(1, spent["reception"] // 1_500) if spent["reception"] else 0
    return {
        "staff_quota": figures.staff + rng.randint(0, 5),
        "staff_total": figures.staff + retired,
        "staff_in_service": figures.staff,
        "staff_retired": retired,
        "staff_veteran_retired": 0,
        "internal_divisions": rng.randint(3, len(DIVISIONS)),
        "overseas_groups": groups,
        "overseas_persons": groups * rng.randint(1, 4),
        "vehicles_purchased": purchased,
        "vehicles_held": held,
        "vehicle_count": held,
        "reception_batches": batches,
        "reception_persons": batches * rng.randint(4, 9),
        "equipment_over_1m_count": rng.choice((0, 0, 1, 3)),
        "equipment_over_500k_count": rng.choice((0, 1, 2, 5)),
        "planned_equipment_over_1m_count": 0,
        "building_area": rng.randint(20_000, 900_000),
    }


def _fixed_assets(rng: Random) -> dict[str, int]:
    original = _hundreds(rng, 400_000, 9_000_000)
    depreciation = _scaled(rng, original, (30, 90))
    return {
        "fixed_assets_original": original,
        "accumulated_depreciation": depreciation,
        "fixed_assets_net": original - depreciation,
    }


def _divide(rng: Random, vehicles: int) -> dict[str, int]:
    """The vehicles by class."""
    classes = [rng.choice(VEHICLE_CLASSES) for _ in range(vehicles)]
    return {name: classes.count(name) for name in VEHICLE_CLASSES}
