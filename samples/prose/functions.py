"""一般公共预算支出 (总体, 结构, 具体情况), 基本支出 and the other funds, by function and economic class."""

from collections import Counter
from collections.abc import Iterable

from samples import meaning
from samples.classification import economic_names, function_names
from samples.figures import Figures
from samples.model import Paragraph
from samples.prose.overall import fund_movement
from samples.prose.pen import Line, Pen, ratio_of
from samples.prose.phrase import Part, Phrase, join

STATEMENT, FUND = "general_public_expenditure", "general_public"


def general_public(pen: Pen) -> list[Paragraph]:
    """一般公共预算支出: the whole, the classes with their shares, and each item."""
    classes = list(pen.figures.codes(FUND, levels=("class",)))
    items = list(pen.figures.codes(FUND, levels=("item",)))
    clauses = (
        pen.phrase("public_class", number=str(number), **_code_parts(pen, code, FUND, STATEMENT))
        for number, code in enumerate(classes, start=1)
    )
    paragraphs = pen.say(
        "public_total",
        total=pen.line(_total(pen, "total")),
        basic=pen.line(_total(pen, "basic")),
        project=pen.line(_total(pen, "project")),
        classes=join(clauses),
    )
    if "{classes}" not in pen.wording("public_total"):
        for number, code in enumerate(classes, start=1):
            paragraphs += pen.say(
                "public_class", number=str(number), **_code_parts(pen, code, FUND, STATEMENT)
            )
    if not pen.is_final:
        for number, code in enumerate(items, start=1):
            section = "public_named" if _is_unambiguous(code, pen.figures.year) else "public_marked"
            paragraphs += pen.say(section, number=str(number), **_code_parts(pen, code, FUND, STATEMENT))
    paragraphs += pen.say("public_items_heading")
    if pen.is_final and pen.voice == "itemised":
        gone = pen.history.prior.codes(FUND, levels=("item",))
        items = sorted({*items, *gone})
    return paragraphs + _items(pen, items, FUND, STATEMENT)


def fund(pen: Pen, code: str, name: str) -> list[Paragraph]:
    """What a fund received and spent by item, or that it has nothing."""
    if not pen.figures.spent("", "total", (code,)):
        return pen.say("fund_absent", name=name)
    items = list(pen.figures.codes(code, levels=("item",)))
    return [*fund_movement(pen, code, name), *_items(pen, items, code, code)]


def basic(pen: Pen) -> list[Paragraph]:
    """基本支出: personnel and public, with the names of what was paid."""
    figures, names = pen.figures, economic_names(pen.figures.year)

    def listed(classes: Iterable[str]) -> str:
        return "、".join(
            names[code] for code in figures.economic if code[:3] in classes and figures.economic[code]
        )

    def amount(yuan: int, measure: str) -> Phrase:
        return pen.amount(yuan, meaning.economic(pen.basis, measure=measure, source="narrative"))

    return pen.say(
        "basic",
        total=amount(figures.personnel + figures.public, "total"),
        personnel=amount(figures.personnel, "personnel"),
        public=amount(figures.public, "public"),
        personnel_list=listed(("301", "303")),
        public_list=listed(("302", "310")),
    )


def _items(pen: Pen, codes: list[str], fund_code: str, statement: str) -> list[Paragraph]:
    paragraphs = []
    for number, code in enumerate(codes, start=1):
        planned = pen.history.initial.spent(code, "total", (fund_code,))
        unplanned = pen.is_final and pen.voice == "rated" and not planned
        paragraphs += pen.say(
            "public_item_unplanned" if unplanned else "public_item",
            number=str(number),
            **_code_parts(pen, code, fund_code, statement),
        )
    return paragraphs


def _code_parts(pen: Pen, code: str, fund_code: str, statement: str) -> dict[str, Part]:
    """The names of a code's levels as far as it has them, and its line."""
    names = function_names(pen.figures.year)
    path = [names[code[:length]] for length in (3, 5, 7) if length <= len(code)]

    def spent(figures: Figures, prefix: str = code) -> int:
        return figures.spent(prefix, "total", (fund_code,))

    line = Line(
        spent(pen.figures),
        lambda basis: (
            meaning.expenditure(statement, fund_code, basis, code, names[code], source="narrative"),
        ),
        ratio_of(statement, "function", code, name=names[code]),
        prior=spent(pen.history.prior),
        initial=spent(pen.history.initial),
        adjusted=spent(pen.history.adjusted),
        whole=spent(pen.figures, ""),
    )
    return {
        "line": pen.line(line),
        "code": code,
        "name": names[code],
        **dict(zip(("one", "two", "three"), path, strict=False)),
    }


def _total(pen: Pen, measure: str) -> Line:
    def spent(figures: Figures) -> int:
        return figures.spent("", measure, (FUND,))

    return Line(
        spent(pen.figures),
        lambda basis: (meaning.expenditure(STATEMENT, FUND, basis, measure=measure, source="narrative"),),
        ratio_of(STATEMENT, "measure", measure),
        prior=spent(pen.history.prior),
        initial=spent(pen.history.initial),
        adjusted=spent(pen.history.adjusted),
        whole=pen.figures.spent(),
    )


def _is_unambiguous(code: str, year: int) -> bool:
    """Whether the name alone says which code it is."""
    names = function_names(year)
    return Counter(names.values())[names[code]] == 1
