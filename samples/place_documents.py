"""Documents in the layouts and wordings of six places, told in our own words. They are no part of the round of ``make build``."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from samples import meaning, place_forms
from samples.figures import Figures
from samples.function_forms import function_form
from samples.layout import Layout
from samples.model import Block, Fact, Form, Paragraph
from samples.money import MoneyStyle
from samples.parts import MEASURES, Disclosure, draw, make_document
from samples.prose.pen import Pen
from samples.units import Profile

_FUNDS = ("government_fund",)


def _paragraph(text: str, *facts: tuple[Fact, ...]) -> Paragraph:
    return Paragraph(text, "body", tuple(fact for group in facts for fact in group))


def _said(pen: Pen, yuan: int, *facts: Fact) -> tuple[Fact, ...]:
    return pen.money.facts(yuan, facts)


def _changed(fact: Fact) -> Fact:
    return replace(fact, where=fact.where | {"basis": "change_from_prior_year"})


def _accounts(pen: Pen, template: str, now: int, before: int, whole: Fact) -> Paragraph:
    """A sentence with an amount and its change against the year before; `{now}`, `{turn}` and `{by}` stand for these."""
    change = now - before
    text = template.format(
        now=pen.money.printed(now),
        turn="增加" if change >= 0 else "减少",
        by=pen.money.printed(abs(change)),
        year=pen.figures.year,
        last=pen.figures.year - 1,
    )
    return _paragraph(text, _said(pen, now, whole), _said(pen, change, _changed(whole)))


def _totals(pen: Pen, income: str, spending: str) -> list[Paragraph]:
    """The income and the expenditure of the year, in a place's own sentences."""
    now, before = pen.figures, pen.history.prior
    return [
        _accounts(
            pen,
            income,
            now.received(),
            before.received(),
            meaning.revenue("revenue", "total", pen.basis, fund="all", source="narrative"),
        ),
        _accounts(
            pen,
            spending,
            now.spent(),
            before.spent(),
            meaning.expenditure("expenditure", "all", pen.basis, source="narrative"),
        ),
    ]


def _operating(pen: Pen, template: str, fund: str | None = None) -> Paragraph:
    """机关运行经费 and its change; ``fund`` is the one that the sentence names."""
    whole = meaning.metric("operating_expense", pen.basis, fund=fund)
    return _accounts(pen, template, pen.figures.public, pen.history.prior.public, whole)


def _against_budget(pen: Pen) -> Paragraph:
    """The general public expenditure beside its budget, without which a report has nothing to compare it with."""
    funds = ("general_public",)
    budget, spent = pen.history.initial.spent("", "total", funds), pen.figures.spent("", "total", funds)
    text = f"{pen.figures.year}年度一般公共预算财政拨款支出年初预算{pen.money.printed(budget)}万元，支出决算{pen.money.printed(spent)}万元。"

    def row(basis: str) -> Fact:
        return meaning.expenditure("general_public_expenditure", "general_public", basis, source="narrative")

    return _paragraph(text, _said(pen, budget, row("initial_budget")), _said(pen, spent, row("final")))


def _document(
    kind: str,
    stem: str,
    figures: Figures,
    profile: Profile,
    forms: list[Form],
    explained: list[tuple[str, list[Paragraph]]],
) -> Disclosure:
    is_final = figures.stage == "final"
    title = f"{profile.unit.unit_name}{figures.year}年{'度' if is_final else ''}{profile.unit.kind_word}{'决算' if is_final else '预算'}"
    blocks: list[Block] = [Paragraph(title, "cover"), *forms]
    for heading, paragraphs in explained:
        blocks += [Paragraph(heading, "heading"), *paragraphs]
    return Disclosure(make_document(stem, kind, figures, blocks), figures, is_landscape=True)


def _drawn(
    rng: Random, stage: str, funds: tuple[str, ...] = (), money: MoneyStyle | None = None
) -> tuple[Figures, Profile, Layout, Pen]:
    layout = Layout(money or MoneyStyle(), code_columns=3)
    figures, profile = draw(rng, stage, funds)
    return figures, profile, layout, Pen(figures, layout.money, voice="itemised")


def unit_rows_budget(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """Rows below their budget units, of which the units' codes alone stand beside the items."""
    figures, profile, layout, pen = _drawn(rng, "budget", _FUNDS)
    forms = [
        place_forms.unit_revenue_form(figures, layout, "表1-1 部门收入总表"),
        place_forms.unit_rows_form(figures, layout, "表1-2 部门支出总表"),
    ]
    said = _totals(
        pen,
        "{year}年收入预算{now}万元，较上年预算{turn}{by}万元。",
        "{year}年支出预算{now}万元，较上年预算{turn}{by}万元。",
    )
    return _document(
        "unit_rows_budget",
        stem,
        figures,
        profile,
        forms,
        [("一、收入预算情况", said[:1]), ("二、支出预算情况", said[1:])],
    )


def crossed_budget(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """Functions crossed with the government's economic classes in columns."""
    figures, profile, layout, pen = _drawn(rng, "budget", money=MoneyStyle(thousands=False))
    form = place_forms.crossed_form(figures, layout, "支出预算分类汇总表（按政府预算经济分类）")
    said = _totals(
        pen,
        "（一）收入预算：{year}年年初预算数{now}万元，收入较去年{turn}{by}万元。",
        "（二）支出预算：{year}年年初预算数{now}万元，支出较去年{turn}{by}万元。",
    )
    return _document("crossed_budget", stem, figures, profile, [form], [("三、部门收支总体情况", said)])


def parted_budget(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """Funds crossed with the parts of the budget in columns."""
    figures, profile, layout, pen = _drawn(rng, "budget", _FUNDS)
    form = place_forms.parted_form(figures, layout, "部门支出总体情况表")
    said = [_operating(pen, "{year}年，我部门机关运行经费共计安排{now}万元，与{last}年相比{turn}{by}万元。")]
    return _document("parted_budget", stem, figures, profile, [form], [("三、机关运行经费安排情况", said)])


def names_only_final(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """A final account whose forms name their functions without codes."""
    figures, profile, layout, pen = _drawn(rng, "final")
    forms = [
        place_forms.named_form(figures, layout, "支出决算表", "expenditure", "all"),
        place_forms.named_form(
            figures, layout, "一般公共预算财政拨款支出决算表", "general_public_expenditure", "general_public"
        ),
    ]
    said = [
        _operating(
            pen, "{year}年机关运行经费支出{now}万元，比{last}年{turn}{by}万元，主要原因是业务工作量变化。"
        )
    ]
    explained = [
        ("四、一般公共预算财政拨款支出决算情况说明", [_against_budget(pen)]),
        ("五、其他重要事项的情况说明", said),
    ]
    return _document("names_only_final", stem, figures, profile, forms, explained)


def numbered_titles_budget(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """Titles that begin with the form's number (预算03表)."""
    figures, profile, layout, pen = _drawn(rng, "budget", _FUNDS)
    forms = [
        function_form(figures, layout, "expenditure", "预算03表 支出总表", MEASURES),
        function_form(
            figures,
            layout,
            "general_public_expenditure",
            "预算05表 一般公共预算支出表",
            MEASURES,
            fund="general_public",
        ),
        function_form(
            figures,
            layout,
            "government_fund",
            "预算08表 政府性基金预算支出表",
            MEASURES,
            fund="government_fund",
        ),
    ]
    said = _totals(
        pen,
        "{year}年收入预算{now}万元，比{last}年{turn}{by}万元。",
        "{year}年支出预算{now}万元，比{last}年{turn}{by}万元。",
    )
    return _document(
        "numbered_titles_budget",
        stem,
        figures,
        profile,
        forms,
        [("二、收入预算说明", said[:1]), ("三、支出预算说明", said[1:])],
    )


def beside_budget(rng: Random, stem: str, _voice: str = "") -> Disclosure:
    """The government's economic classes beside the departments'."""
    figures, profile, layout, pen = _drawn(rng, "budget")
    form = place_forms.beside_form(
        figures, layout, "部门综合预算一般公共预算基本支出明细表（按支出经济分类科目）"
    )
    said = [
        _operating(
            pen, "{year}年一般公共预算财政拨款运行经费{now}万元，比上年{turn}{by}万元。", "general_public"
        )
    ]
    return _document("beside_budget", stem, figures, profile, [form], [("五、其他重要事项的情况说明", said)])


PLACES: dict[str, Callable[..., Disclosure]] = {
    "unit_rows_budget": unit_rows_budget,
    "crossed_budget": crossed_budget,
    "parted_budget": parted_budget,
    "names_only_final": names_only_final,
    "numbered_titles_budget": numbered_titles_budget,
    "beside_budget": beside_budget,
}
