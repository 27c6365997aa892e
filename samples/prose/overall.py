"""收入支出总体, 收入, 支出 and 财政拨款总体."""

from functools import partial

from samples import meaning
from samples.classification import function_names
from samples.figures import FUNDS, Figures
from samples.model import Fact, Paragraph
from samples.prose.pen import Line, Pen, named, ratio_of
from samples.prose.phrase import Phrase, join

SOURCES = {
    "fiscal_appropriation": "财政拨款收入",
    "superior_subsidy": "上级补助收入",
    "institutional": "事业收入",
    "operating": "经营收入",
    "affiliate_remittance": "附属单位上缴收入",
    "other": "其他收入",
}
BUDGET_SOURCES = {"fiscal_appropriation": "财政拨款收入", "institutional": "事业收入", "other": "其他收入"}
MEASURES = {
    "basic": "基本支出",
    "project": "项目支出",
    "remitted_to_superior": "上缴上级支出",
    "operating": "经营支出",
    "subsidy_to_affiliates": "对附属单位补助支出",
}
BOTH = ("total_income", "total_expenditure")


def balance(pen: Pen) -> list[Paragraph]:
    """收支总计 and its change against the year before."""
    return pen.say("balance", **named(_balance_lines(pen, "summary", "all", (*FUNDS, "own_funds")), pen))


def appropriation(pen: Pen) -> list[Paragraph]:
    """财政拨款收支总计; a budget also says what the money is for."""
    lines = _balance_lines(pen, "appropriation_summary", "fiscal_appropriation", FUNDS)
    return pen.say(
        "appropriation",
        **named(lines, pen),
        public_income=pen.amount(
            pen.figures.received("general_public"),
            meaning.revenue("appropriation_summary", "general_public", pen.basis, source="narrative"),
        ),
        classes=_functions(pen, "class", "appropriation_class"),
        coded=_functions(pen, "item", "coded_item"),
    )


def fund_movement(pen: Pen, fund: str, name: str) -> list[Paragraph]:
    """What a fund received and spent."""
    return pen.say("fund", name=name, **named(_balance_lines(pen, fund, fund, (fund,)), pen))


def revenue(pen: Pen) -> list[Paragraph]:
    """Revenue by source."""
    now, prior, statement = pen.figures, pen.history.prior, "revenue"
    is_of_the_year = "本年收入" in pen.wording("revenue")
    listed = SOURCES if pen.is_final else BUDGET_SOURCES
    if not (pen.is_final and pen.voice == "itemised"):
        listed = {source: name for source, name in listed.items() if now.received(source)}

    def line(source: str) -> Line:
        def facts(basis: str) -> tuple[Fact, ...]:
            fund = "all" if source == "total" else ""
            row = meaning.revenue(statement, source, basis, fund=fund, source="narrative")
            if is_of_the_year and source == "total":
                return row, meaning.balance(statement, "all", "current_income", basis, "narrative")
            return (row,)

        return Line(
            now.received(source),
            facts,
            ratio_of(statement, "revenue_source", source),
            prior=prior.received(source),
            whole=now.received(),
        )

    sources = [
        pen.phrase("revenue_source", name=name, line=pen.line(line(source)))
        for source, name in listed.items()
    ]
    return pen.say("revenue", total=pen.line(line("total")), sources=join(sources))


def expenditure(pen: Pen) -> list[Paragraph]:
    """Expenditure by measure; a budget may also tell it by fund."""
    now, prior, statement = pen.figures, pen.history.prior, "expenditure"
    is_of_the_year = "本年支出" in pen.wording("expenditure")
    listed = (
        MEASURES
        if pen.is_final and pen.voice == "itemised"
        else {measure: MEASURES[measure] for measure in ("basic", "project")}
    )

    def line(measure: str) -> Line:
        amount = measure in ("total", "basic", "project")

        def facts(basis: str) -> tuple[Fact, ...]:
            row = meaning.expenditure(statement, "all", basis, measure=measure, source="narrative")
            if is_of_the_year and measure == "total":
                return row, meaning.balance(statement, "all", "current_expenditure", basis, "narrative")
            return (row,)

        return Line(
            now.spent("", measure) if amount else 0,
            facts,
            ratio_of(statement, "measure", measure),
            prior=prior.spent("", measure) if amount else 0,
            whole=now.spent(),
        )

    def by_fund(code: str, funds: tuple[str, ...]) -> Line:
        return Line(
            now.spent("", "total", funds),
            lambda basis: (meaning.expenditure("", code, basis, source="narrative"),),
            prior=prior.spent("", "total", funds),
        )

    measures = [
        pen.phrase("expenditure_measure", name=name, line=pen.line(line(measure)))
        for measure, name in listed.items()
    ]
    return pen.say(
        "expenditure",
        total=pen.line(line("total")),
        measures=join(measures),
        fiscal=pen.line(by_fund("fiscal_appropriation", FUNDS)),
        public=pen.line(by_fund("general_public", ("general_public",))),
        fund=pen.line(by_fund("government_fund", ("government_fund",))),
        capital=pen.line(by_fund("state_capital", ("state_capital",))),
    )


def _balance_lines(pen: Pen, statement: str, fund: str, funds: tuple[str, ...]) -> dict[str, Line]:
    """The two sides of a statement, what they consist of, and `both` where one figure stands for both."""
    now, prior, planned = pen.figures, pen.history.prior, pen.history.initial.spent("", "total", funds)

    def total(figures: Figures) -> int:
        return figures.spent("", "total", funds) + figures.carried("closing", funds)

    def items(names: tuple[str, ...], basis: str) -> tuple[Fact, ...]:
        return tuple(meaning.balance(statement, fund, name, basis, "narrative") for name in names)

    def line(names: tuple[str, ...], amount: int, before: int) -> Line:
        return Line(
            amount,
            partial(items, names),
            ratio_of(statement, "balance", *names),
            prior=before,
            initial=planned,
        )

    received = total(now) - now.carried("opening", funds)
    return {
        "both": line(BOTH, total(now), total(prior)),
        "total_income": line(BOTH[:1], total(now), total(prior)),
        "total_expenditure": line(BOTH[1:], total(now), total(prior)),
        "opening": line(("opening_carryover",), now.carried("opening", funds), 0),
        "closing": line(("closing_carryover",), now.carried("closing", funds), 0),
        "surplus_used": line(("surplus_used",), 0, 0),
        "surplus_distributed": line(("surplus_distributed",), 0, 0),
        "current_income": Line(
            received, lambda basis: meaning.current_income(statement, fund, basis, "narrative")
        ),
        "current_expenditure": Line(
            now.spent("", "total", funds),
            lambda basis: meaning.current_expenditure(statement, fund, basis, "narrative"),
        ),
    }


def _functions(pen: Pen, level: str, section: str) -> Phrase:
    """What fiscal appropriation pays for, by function."""
    if pen.is_final:
        return join([])
    names = function_names(pen.figures.year)

    def phrase(code: str) -> Phrase:
        line = Line(
            pen.figures.spent(code, "total", FUNDS),
            lambda basis: (
                meaning.expenditure(
                    "appropriation_summary", "", basis, code, names[code], source="narrative"
                ),
            ),
        )
        return pen.phrase(section, code=code, name=names[code], three=names[code], line=pen.line(line))

    return join(phrase(code) for code in pen.figures.codes(*FUNDS, levels=(level,)))
