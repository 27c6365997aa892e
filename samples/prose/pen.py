"""Fills the sentences of one document in one voice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from samples import meaning
from samples.figures import Figures
from samples.history import History, make_history
from samples.model import Fact, Paragraph
from samples.money import MoneyStyle
from samples.prose.phrase import Part, Phrase, fill
from samples.prose.wordings import VOICES, wordings

REASONS = (
    "重点项目安排较上年有所调整",
    "人员变动和工资基数调整",
    "按规定压减一般性支出",
    "部分项目跨年度实施",
    "业务工作量变化",
)
REASONS_WITH_AMOUNT = (
    "本年新增设备购置经费{}万元",
    "上年安排的信息系统升级{}万元已经完成",
    "年中追加专项业务经费{}万元",
)
HALF_WIDTH = str.maketrans("（）", "()")
NUMBER_EDGE = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff%])")
BASES = {"prior": "prior_year", "initial": "initial_budget", "adjusted": "adjusted_budget"}


@dataclass(frozen=True)
class Line:
    """An amount that sentences speak of, in yuan, with what it is compared with.

    `facts` gives the rows of a basis, `ratio` the rows of a printed percentage (ratio, percent).
    """

    now: int
    facts: Callable[[str], tuple[Fact, ...]]
    ratio: Callable[[str, str], tuple[Fact, ...]] | None = None
    prior: int = 0
    initial: int = 0
    adjusted: int = 0
    whole: int = 0


class Pen:
    """Writes the prose of one document. Amounts are printed in 万元 in the given style."""

    def __init__(
        self,
        figures: Figures,
        money: MoneyStyle,
        kind: str = "",
        voice: str = "",
        history: History | None = None,
    ) -> None:
        self.figures, self.money, self.unit = figures, money, figures.unit
        self.rng = Random(f"prose/{figures.unit.unit_name}/{figures.year}/{figures.stage}/{figures.staff}")
        drawn = self.rng.choice(VOICES)
        self.voice = voice or drawn
        self.history = history or make_history(figures)
        self.is_final, self.basis, self.kind = figures.stage == "final", figures.basis, kind or figures.stage
        self.spaced, self.half_width = self.rng.random() < 0.3, self.rng.random() < 0.3
        self.decimals = 1 if self.voice == "rated" else 2
        self._words: dict[str, Part] = {
            "unit": figures.unit.unit_name,
            "self": figures.unit.self_word,
            "kind": figures.unit.kind_word,
            "year": str(figures.year),
            "prior_year": str(figures.year - 1),
            "why": self._reason,
        }

    def wording(self, section: str) -> str:
        """The template of a section in this voice; empty where the voice does not print the section."""
        voices = wordings(self.kind)[section]
        return voices["any"] if self.voice not in voices else voices[self.voice]

    def phrase(self, section: str, **parts: Part) -> Phrase:
        """The filled template of a section."""
        template = _without_baseless_rates(self.wording(section).strip("\n"), parts)
        return fill(template.translate(HALF_WIDTH) if self.half_width else template, self._words | parts)

    def say(self, section: str, **parts: Part) -> list[Paragraph]:
        """The paragraphs of a section: one per line of its template."""
        template = _without_baseless_rates(self.wording(section).strip("\n"), parts)
        if not template:
            return []
        if self.half_width:
            template = template.translate(HALF_WIDTH)
        return [self.paragraph(fill(line, self._words | parts)) for line in template.split("\n")]

    def paragraph(self, phrase: Phrase) -> Paragraph:
        """A body paragraph, with blanks around numbers where the document prints them."""
        text = NUMBER_EDGE.sub(" ", phrase.text) if self.spaced else phrase.text
        return Paragraph(text, "body", phrase.facts, phrase.aside)

    def amount(self, yuan: int, *facts: Fact) -> Phrase:
        """An amount of money that states rows."""
        return Phrase(self.money.printed(yuan), self.money.facts(yuan, facts))

    def mentioned(self, yuan: int) -> Phrase:
        """An amount of money that is not in a fact."""
        return Phrase(self.money.printed(yuan), aside=(self.money.printed(yuan),))

    def count(self, metric: str, unit: str, value: int | None = None) -> Phrase:
        """A counted metric of this year."""
        number = self.history.counts[metric] if value is None else value
        return Phrase(str(number), (meaning.count(metric, self.basis, number, unit),))

    def percent(self, part: int, whole: int) -> str:
        """A percentage, rounded half up; against nothing it is 100 or 0, as publishers print it."""
        place = Decimal(1).scaleb(-self.decimals)
        value = Decimal(part) * 100 / Decimal(whole) if whole else Decimal(100 if part > 0 else 0)
        return str(value.quantize(place, ROUND_HALF_UP) + 0)

    def line(self, line: Line) -> dict[str, Phrase]:
        """Everything that a sentence may print of a line, by the name of its place in the templates.

        `change_final` and `change_budget` are for sentences that compare with last year's accounts or budget,
        `change` for those that do not say. `rate` belongs to the words of `rise` and is missing where there was
        nothing to grow from, `variance` carries its sign.
        """
        change = line.now - line.prior
        rate = self.percent(change, line.prior)
        phrases = {
            "amount": self.amount(line.now, *line.facts(self.basis)),
            "up": Phrase("增加" if change >= 0 else "减少"),
            "rise": Phrase("增长" if change >= 0 else "下降"),
            "against_plan": Phrase(_against(line.now, line.initial)),
            "against_adjusted": Phrase(_against(line.now, line.adjusted)),
        }
        if line.prior:
            phrases["rate"] = Phrase(rate.lstrip("-"), _ratio(line, "change_rate", rate))
        for name, base in (
            ("change", None),
            ("change_final", "prior_final"),
            ("change_budget", "prior_budget"),
        ):
            rows = (_compared(fact, base) for fact in line.facts("change_from_prior_year"))
            phrases[name] = Phrase(self.money.printed(abs(change)), self.money.facts(change, tuple(rows)))
        for name, basis in BASES.items():
            yuan = getattr(line, name)
            phrases[name] = self.amount(yuan, *line.facts(basis))
        for name, ratio, part, whole in (
            ("share", "share", line.now, line.whole),
            ("variance", "budget_variance_rate", line.now - line.initial, line.initial),
            ("variance_adjusted", "budget_variance_rate", line.now - line.adjusted, line.adjusted),
            ("execution", "execution_rate", line.now, line.adjusted),
            ("execution_initial", "execution_rate", line.now, line.initial),
        ):
            text = self.percent(part, whole)
            phrases[name] = Phrase(text, _ratio(line, ratio, text))
        return phrases

    def _reason(self) -> Phrase:
        if self.rng.random() < 0.15:
            yuan = self.rng.randint(50, 9_000) * 100
            amount = self.money.printed(yuan)
            return Phrase(self.rng.choice(REASONS_WITH_AMOUNT).format(amount), aside=(amount,))
        return Phrase(self.rng.choice(REASONS))


def _without_baseless_rates(template: str, parts: dict[str, Part]) -> str:
    """The template without the rates of change of lines that were nothing before."""
    for name, part in parts.items():
        if isinstance(part, dict) and "up" in part and "rate" not in part:
            template = template.replace(f"，{{{name}.rise}}{{{name}.rate}}%", "")
    return template


def ratio_of(
    statement: str, subject_type: str, *codes: str, name: str = ""
) -> Callable[[str, str], tuple[Fact, ...]]:
    """The rows that a printed percentage of one or several subjects states."""

    def facts(ratio: str, percent: str) -> tuple[Fact, ...]:
        return tuple(meaning.ratio(statement, subject_type, code, ratio, percent, name) for code in codes)

    return facts


def _ratio(line: Line, ratio: str, percent: str) -> tuple[Fact, ...]:
    return line.ratio(ratio, percent) if line.ratio else ()


def _compared(fact: Fact, base: str | None) -> Fact:
    if fact.table == "fct_disclosure_metric":
        return fact
    return replace(fact, expect=fact.expect | {"comparison_base": base})


def _against(now: int, planned: int) -> str:
    return "大于" if now > planned else "小于" if now < planned else "等于"


def named(lines: Mapping[str, Line], pen: Pen) -> dict[str, Part]:
    """Several lines as parts of one sentence."""
    return {name: pen.line(line) for name, line in lines.items()}
