"""What a performance form says of a unit or a project: its money, its goal, its indicators and their scores."""

import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from samples.figures import Figures, Project
from samples.history import History

FUNDING_WEIGHT = 10
BASES = ("计划标准", "历史标准", "行业标准", "年度工作计划")
PRIOR_TEXTS = ("-", "新增指标，上年无此项", "98%", "上年已完成")
REACHED = ("达成预期目标", "基本达成预期")
DEVIATIONS = ("任务量低于年初测算，下一步将细化测算依据。", "部分工作跨年实施，下一步将加快进度。")
PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Indicator:
    """An indicator with its target and result; numbers are texts as printed, empty where there are none."""

    level1: str
    level2: str
    name: str
    operator: str
    target: str
    unit: str
    actual: str
    basis: str
    prior: str
    weight: int
    completion: str
    score: Decimal
    deviation: str

    @property
    def is_number(self) -> bool:
        """Whether the target is a number and not words."""
        return bool(self.operator)


@dataclass(frozen=True)
class Evaluation:
    """One form. `funding` maps fund line -> (initial, adjusted, executed) yuan; no project is the unit's own form."""

    project_name: str | None
    funding: dict[str, tuple[int, int, int]]
    indicators: tuple[Indicator, ...]

    @property
    def rate(self) -> Decimal:
        """Execution rate of the whole in percent."""
        _, adjusted, executed = self.funding["total"]
        return (Decimal(executed) * 100 / Decimal(adjusted)).quantize(PLACES, ROUND_HALF_UP)

    @property
    def funding_score(self) -> Decimal:
        """Points for the execution rate."""
        return (self.rate * FUNDING_WEIGHT / 100).quantize(PLACES, ROUND_HALF_UP)

    @property
    def score(self) -> Decimal:
        """Points of the whole form."""
        return self.funding_score + sum(indicator.score for indicator in self.indicators)


def of_unit(rng: Random, figures: Figures, history: History) -> Evaluation:
    """The form of the whole unit; money by its source."""
    plans = (history.initial, history.adjusted, figures)
    lines = {
        "total": (),
        "superior": ("government_fund",),
        "local": ("general_public", "state_capital"),
        "other": ("own_funds",),
    }
    amounts = {line: tuple(plan.spent("", "total", funds) for plan in plans) for line, funds in lines.items()}
    funding = {line: (first, second, third) for line, (first, second, third) in amounts.items()}
    return Evaluation(None, funding, _indicators(rng, "unit"))


def of_project(rng: Random, project: Project, history: History, stage: str) -> Evaluation:
    """The form of a project; a budget knows only its amount."""
    initial, adjusted = history.plans[project.name]
    figures = (initial, adjusted, project.amount) if stage == "final" else (project.amount,) * 3
    funding = {"total": figures, "fiscal_current_year": figures, "other": (0, 0, 0)}
    return Evaluation(project.name, funding, _indicators(rng, "project"))


@cache
def _bank() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))


def _indicators(rng: Random, kind: str) -> tuple[Indicator, ...]:
    """One or two indicators of most groups; the weights make 90."""
    chosen = [
        (group["levels"], drawn)
        for group in _bank()[kind]
        if rng.random() < 0.85
        for drawn in rng.sample(group["indicators"], min(len(group["indicators"]), rng.randint(1, 2)))
    ]
    chosen = chosen or [(_bank()[kind][0]["levels"], _bank()[kind][0]["indicators"][0])]
    each, rest = divmod(100 - FUNDING_WEIGHT, len(chosen))
    return tuple(
        _indicator(rng, levels, drawn, each + (rest if at == 0 else 0))
        for at, (levels, drawn) in enumerate(chosen)
    )


def _indicator(rng: Random, levels: list[str], drawn: dict[str, Any], weight: int) -> Indicator:
    operator, target = drawn.get("operator", ""), str(drawn["target"])
    actual, completion, score, deviation = target, Decimal(100), Decimal(weight), ""
    if not operator:
        actual = rng.choice(REACHED)
    elif operator == ">=" and drawn["unit"] == "%" and rng.random() < 0.3:
        actual = "100"
    elif operator != "<=" and drawn["target"] >= 10 and rng.random() < 0.15:
        missed = drawn["target"] * rng.randint(80, 97) // 100
        completion = (Decimal(missed) * 100 / Decimal(target)).quantize(PLACES, ROUND_HALF_UP)
        score = (weight * completion / 100).quantize(PLACES, ROUND_HALF_UP)
        actual, deviation = str(missed), rng.choice(DEVIATIONS)
    return Indicator(
        level1=levels[0],
        level2=levels[1],
        name=drawn["name"],
        operator=operator,
        target=target,
        unit=drawn.get("unit", ""),
        actual=actual,
        basis=rng.choice(BASES),
        prior=rng.choice(PRIOR_TEXTS),
        weight=weight,
        completion=str(completion),
        score=score,
        deviation=deviation,
    )
