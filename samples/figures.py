"""The figures of one invented unit and year, adding up exactly. All amounts are whole yuan.

Amounts that a document prints in 万元 with two decimals are drawn in steps of 100 yuan, so that the printed
figures add up exactly too. Basic expenditure by function and by economic class is the same money: what is
drawn by economic class is booked to the function items that carry it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from samples.classification import function_names, level_of
from samples.units import Profile, Unit

THREE_PUBLIC = (
    "total",
    "overseas_travel",
    "vehicle_total",
    "vehicle_purchase",
    "vehicle_operation",
    "reception",
)
FUNDS = ("general_public", "government_fund", "state_capital")

# Economic codes drawn for each unit: (code, lowest, highest), in yuan per person.
PERSONNEL = (
    ("30101", 38_000, 62_000),
    ("30102", 52_000, 98_000),
    ("30103", 3_000, 30_000),
    ("30106", 0, 4_000),
    ("30107", 0, 30_000),
    ("30108", 14_000, 24_000),
    ("30109", 7_000, 12_000),
    ("30110", 9_000, 15_000),
    ("30111", 0, 6_000),
    ("30112", 400, 1_200),
    ("30113", 15_000, 30_000),
    ("30114", 0, 900),
    ("30199", 1_000, 20_000),
    ("30302", 0, 9_000),
    ("30305", 0, 1_500),
    ("30309", 0, 60),
)
PUBLIC = (
    ("30201", 1_000, 9_000),
    ("30202", 0, 900),
    ("30205", 0, 800),
    ("30206", 0, 3_000),
    ("30207", 100, 2_000),
    ("30208", 0, 3_000),
    ("30209", 0, 6_000),
    ("30211", 200, 3_000),
    ("30213", 0, 2_000),
    ("30214", 0, 2_000),
    ("30216", 0, 900),
    ("30226", 0, 2_000),
    ("30227", 0, 4_000),
    ("30228", 1_500, 3_000),
    ("30229", 2_000, 4_500),
    ("30239", 3_000, 9_000),
    ("30299", 100, 6_000),
    ("31002", 0, 2_500),
)
# Function items that carry an economic code; the other codes are booked to the running-cost item of the unit.
CARRIED_BY = {
    "30108": "2080505",
    "30109": "2080506",
    "30110": "21011{medical}",
    "30111": "2101103",
    "30113": "2210201",
    "30302": "20805{retired}",
}

RUNNING_ITEMS = ("01", "03", "50")  # last digits of the items that hold running costs in most sections
UNFITTING = ("国务院", "中央", "国际", "全国", "国家")  # words of items that do not occur in a district


@dataclass(frozen=True)
class Item:
    """Expenditure of one function item (7 digits) out of one fund, in yuan."""

    code: str
    fund: str
    basic: int
    project: int


@dataclass(frozen=True)
class Project:
    """A project of the general public budget with the item it is booked to and its parts, in yuan."""

    name: str
    code: str
    amount: int
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Carryover:
    """A fund's opening and closing carryover, and the item that holds it."""

    code: str
    opening: int
    closing: int


@dataclass(frozen=True)
class Figures:
    """Everything that a disclosure of one unit prints. `three_public` maps item -> (budget, final) yuan."""

    unit: Unit
    year: int
    stage: str
    items: tuple[Item, ...]
    economic: dict[str, int]
    three_public: dict[str, tuple[int, int]]
    projects: tuple[Project, ...]
    carryovers: dict[str, Carryover]
    staff: int
    procurement: dict[str, int]
    other_source: str = "other"
    _sums: dict[tuple[str, str, tuple[str, ...]], int] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def basis(self) -> str:
        """Basis of the document's own figures."""
        return "final" if self.stage == "final" else "initial_budget"

    @property
    def funds(self) -> tuple[str, ...]:
        """Funds with expenditure, in the order of the forms."""
        present = {item.fund for item in self.items}
        return tuple(fund for fund in (*FUNDS, "own_funds") if fund in present)

    def spent(self, prefix: str = "", measure: str = "total", funds: tuple[str, ...] = ()) -> int:
        """Expenditure of all items under a code, by measure, out of the given funds."""
        key = (prefix, measure, funds)
        if key not in self._sums:
            self._sums[key] = sum(
                (item.basic if measure != "project" else 0) + (item.project if measure != "basic" else 0)
                for item in self.items
                if item.code.startswith(prefix) and (not funds or item.fund in funds)
            )
        return self._sums[key]

    def received(self, source: str = "total", prefix: str = "") -> int:
        """Revenue of the year under a code: what was spent, plus what was added to the carryover."""
        funds = self._funds_of(source)
        added = sum(
            carry.closing - carry.opening
            for fund, carry in self.carryovers.items()
            if fund in funds and carry.code.startswith(prefix)
        )
        return self.spent(prefix, "total", funds) + added if funds else 0

    def carried(self, end: str, funds: tuple[str, ...]) -> int:
        """Opening or closing carryover of the given funds."""
        return sum(getattr(carry, end) for fund, carry in self.carryovers.items() if fund in funds)

    def codes(self, *funds: str, levels: tuple[str, ...] = ("class", "section", "item")) -> Iterator[str]:
        """Function codes with money, parents before children, in code order."""
        found = {
            item.code[:length]
            for item in self.items
            if not funds or item.fund in funds
            for length in (3, 5, 7)
        }
        return (code for code in sorted(found) if level_of(code) in levels)

    def economic_total(self, prefix: str = "") -> int:
        """Basic expenditure of the general public budget under an economic code."""
        return sum(amount for code, amount in self.economic.items() if code.startswith(prefix))

    @property
    def personnel(self) -> int:
        """人员经费 of the basic expenditure."""
        return self.economic_total("301") + self.economic_total("303")

    @property
    def public(self) -> int:
        """公用经费 of the basic expenditure, also the operating expense of the organ."""
        return self.economic_total("302") + self.economic_total("310")

    def _funds_of(self, source: str) -> tuple[str, ...]:
        if source == "total":
            return (*FUNDS, "own_funds")
        if source == "fiscal_appropriation":
            return FUNDS
        if source == self.other_source:
            return ("own_funds",)
        return (source,) if source in FUNDS else ()


def make_figures(
    rng: Random,
    profile: Profile,
    year: int,
    stage: str,
    step: int,
    funds: tuple[str, ...],
    carries: bool = False,
) -> Figures:
    """Draw one unit's figures; `step` is the smallest amount in yuan, `funds` are beside the general one."""
    names = function_names(year)
    staff = rng.randint(9, 90)
    three_public = _draw_three_public(rng, staff, stage)
    economic = _draw_economic(rng, staff, step, three_public)
    running, project_codes = _choose_items(rng, profile, names)
    items = _book_basic(economic, running, profile.unit.unit_kind, names)
    projects = _draw_projects(rng, project_codes, profile, year)
    by_code: dict[str, int] = {}
    for project in projects:
        by_code[project.code] = by_code.get(project.code, 0) + project.amount
    rows = [
        Item(code, "general_public", items.get(code, 0), by_code.get(code, 0)) for code in items | by_code
    ]
    if "government_fund" in funds:
        rows += [
            Item(code, "government_fund", 0, _amount(rng, 200_000, 9_000_000))
            for code in rng.sample(["2120803", "2120899", "2296002", "2296003"], rng.randint(1, 3))
        ]
    if "own_funds" in funds:
        rows.append(Item(running, "own_funds", 0, _amount(rng, 20_000, 900_000)))
    carryovers = {}
    if carries:
        biggest = max(projects, key=lambda project: project.amount)
        carryovers["general_public"] = Carryover(
            biggest.code, _amount(rng, 10_000, biggest.amount // 2), _amount(rng, 10_000, 400_000)
        )
        if "own_funds" in funds:
            carryovers["own_funds"] = Carryover(
                running, _amount(rng, 1_000, 20_000), _amount(rng, 10_000, 90_000)
            )
    goods, works, services = (_amount(rng, 0, top) for top in (400_000, 300_000, 900_000))
    return Figures(
        unit=profile.unit,
        year=year,
        stage=stage,
        items=tuple(sorted(rows, key=lambda row: (row.code, row.fund))),
        economic=economic,
        three_public=three_public,
        projects=tuple(projects),
        carryovers=carryovers,
        staff=staff,
        procurement={"goods": goods, "works": works, "services": services},
        other_source=rng.choice(("other", "institutional")) if stage == "final" else "institutional",
    )


def _amount(rng: Random, low: int, high: int, step: int = 100) -> int:
    return rng.randint(low // step, max(high, low + step) // step) * step


def _draw_three_public(rng: Random, staff: int, stage: str) -> dict[str, tuple[int, int]]:
    def pair(chance: float, low: int, high: int) -> tuple[int, int]:
        if rng.random() >= chance:
            return 0, 0
        budget = _amount(rng, low, high)
        return budget, budget if stage == "budget" else min(budget, _amount(rng, 0, budget))

    drawn = {
        "overseas_travel": pair(0.25, 20_000, 90_000),
        "vehicle_purchase": pair(0.2, 120_000, 240_000),
        "vehicle_operation": pair(0.7, 15_000, 30_000 + 1_500 * staff),
        "reception": pair(0.8, 2_000, 60_000),
    }

    if stage == "budget" and not any(budget for budget, _ in drawn.values()):
        drawn["reception"] = pair(1, 2_000, 60_000)

    def total(*parts: str) -> tuple[int, int]:
        return sum(drawn[part][0] for part in parts), sum(drawn[part][1] for part in parts)

    drawn["vehicle_total"] = total("vehicle_purchase", "vehicle_operation")
    drawn["total"] = total("overseas_travel", "vehicle_total", "reception")
    return {item: drawn[item] for item in THREE_PUBLIC}


def _draw_economic(
    rng: Random, staff: int, step: int, three_public: dict[str, tuple[int, int]]
) -> dict[str, int]:
    drawn = {
        code: _amount(rng, low * staff, high * staff, step)
        for code, low, high in PERSONNEL
        if low or rng.random() < 0.6
    }
    drawn |= {
        code: _amount(rng, low * staff, high * staff)
        for code, low, high in PUBLIC
        if low or rng.random() < 0.6
    }
    for code, item in (
        ("30212", "overseas_travel"),
        ("30217", "reception"),
        ("30231", "vehicle_operation"),
        ("31013", "vehicle_purchase"),
    ):
        drawn[code] = three_public[item][1]
    return {code: drawn[code] for code in sorted(drawn) if drawn[code]}


def _choose_items(rng: Random, profile: Profile, names: dict[str, str]) -> tuple[str, list[str]]:
    """The running-cost item of the unit and the items its projects are booked to."""
    usual = "50" if profile.unit.unit_kind == "unit" else "01"
    running = profile.section + usual if profile.section + usual in names else profile.section + "01"
    fitting = [
        code
        for code, name in names.items()
        if len(code) == 7 and code[5:] not in RUNNING_ITEMS and not any(word in name for word in UNFITTING)
    ]
    inside = [code for code in fitting if code.startswith(profile.section)]
    outside = [code for code in fitting if code[:5] in profile.other_sections]
    chosen = rng.sample(inside, min(len(inside), rng.randint(2, 4)))
    chosen += rng.sample(outside, min(len(outside), rng.randint(1, 3)))
    return running, chosen


def _book_basic(
    economic: dict[str, int], running: str, unit_kind: str, names: dict[str, str]
) -> dict[str, int]:
    suffix = {"medical": "02", "retired": "02"} if unit_kind == "unit" else {"medical": "01", "retired": "01"}
    booked: dict[str, int] = {}
    for code, amount in economic.items():
        item = CARRIED_BY.get(code, running).format(**suffix)
        item = item if item in names else running
        booked[item] = booked.get(item, 0) + amount
    return booked


def _draw_projects(rng: Random, codes: list[str], profile: Profile, year: int) -> list[Project]:
    projects = []
    for code, name in zip(codes, rng.sample(profile.project_names, len(codes)), strict=True):
        parts = tuple(
            (part, _amount(rng, 10_000, 1_500_000))
            for part in rng.sample(
                ("设备购置", "运行维护", "宣传培训", "委托服务", "场地租赁", "数据采集"), rng.randint(2, 3)
            )
        )
        projects.append(Project(name.format(year=year), code, sum(amount for _, amount in parts), parts))
    return projects
