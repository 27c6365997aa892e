"""Which classification a form's labels are of: functions, departments' economic classes or the government's.

A form may cross them: a row then prints a function and an economic class, or a function's row stands above the
rows of its economic classes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from ingest.document.text import fold, strip_enumerator
from ingest.registry import classification_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.forms.columns import Column
    from ingest.forms.lines import Line

Classification = Literal["function", "department", "government"]
_CODES: dict[Classification, re.Pattern[str]] = {
    "function": re.compile(r"^2\d\d(?:\d\d){0,2}(?: |$)"),
    "department": re.compile(r"^3\d\d(?:\d\d){0,2}(?: |$)"),
    "government": re.compile(r"^5\d\d(?:\d\d){0,2}(?: |$)"),
}
_ROW_MEASURES = {"基本支出": "basic", "项目支出": "project"}
"""Names of rows that divide the row above them by kind of expenditure."""
_FEWEST_CLASSES = 2
"""Economic classes that a side of a form lists where its heads do not say so."""
_SAYS_NOTHING = re.compile("的|支出$")
_FIRST = "(一)"
"""What the first of several classes of one name is also printed without."""
CLASSIFIED_LAYOUTS = ("function", "economic")
"""Layouts whose rows are those of a classification."""


def code_classification(codes: str) -> Classification | None:
    """The classification that printed code parts, joined by spaces, belong to; None for other codes."""
    return next((name for name, pattern in _CODES.items() if pattern.match(codes)), None)


def is_economic_class(name: str) -> bool:
    """Whether a name is that of a class (类) of one of the economic classifications."""
    return _SAYS_NOTHING.sub("", strip_enumerator(fold(name))) in _class_names()


def _is_part(codes: str) -> bool:
    """Whether a code is that of one level alone (``05`` below ``208``): the row's name then says which code it is."""
    return re.fullmatch(r"\d{1,2}", codes) is not None


def is_function(name: str) -> bool:
    """Whether a name may be one of the functional classification: a known one, one that says 支出, or a masked one."""
    folded = strip_enumerator(fold(name))
    return folded.endswith("支出") or folded in _function_names() or not folded.strip("*×")


def is_known_class(name: str) -> bool:
    """Whether a name is one of a classification, of whichever level."""
    return strip_enumerator(fold(name)) in _function_names() or is_economic_class(name)


@cache
def _function_names() -> frozenset[str]:
    names = [(fold(row["name_zh"]), row["level"]) for row in classification_rows("function_classification")]
    return frozenset(
        [name for name, _ in names] + [name.removesuffix("支出") for name, level in names if level == "class"]
    )


@cache
def _class_names() -> frozenset[str]:
    rows = classification_rows("economic_classification")
    names = [fold(row["name_zh"]) for row in rows if row["level"] == "class"]
    names += [name.removesuffix(_FIRST) for name in names if name.endswith(_FIRST)]
    return frozenset(_SAYS_NOTHING.sub("", name) for name in names)


@cache
def governments_classes() -> dict[str, str]:
    """The government's class of each of the departments' classes that has the same name."""
    classes = [row for row in classification_rows("economic_classification") if row["level"] == "class"]
    named = {
        row["name_zh"]: row["code"] for row in classes if code_classification(row["code"]) == "government"
    }
    return {
        row["code"]: named[row["name_zh"]]
        for row in classes
        if code_classification(row["code"]) == "department" and row["name_zh"] in named
    }


def settle_label_columns(columns: list[Column], layout: str) -> None:
    """Tell the columns of a form's own rows from those of a classification that is crossed with it.

    Each group of columns keeps one classification for its rows: functions where they are printed, else departments'
    classes, else the government's. Columns of the others become ``economic`` and ``government``.
    """
    if layout not in CLASSIFIED_LAYOUTS:
        return
    for number in {column.group for column in columns}:
        labels = [column for column in columns if column.group == number and column.kind in ("code", "name")]
        _share_classification(labels)
        printed = {column.words.get("classification") for column in labels}
        own = next((name for name in ("function", None, "department", "government") if name in printed), None)
        if layout == "economic" and own is None and "department" in printed:
            own = "department"
        for column in labels:
            classification = column.words.get("classification")
            if classification == "department" and own in ("function", None):
                column.kind = "economic"
            elif classification == "government" and own != "government":
                column.kind = "government"


def _share_classification(labels: list[Column]) -> None:
    """Give columns of codes the classification of the names on their right, where their own heads say none."""
    beside: str | None = None
    for column in reversed(labels):
        if column.kind == "name":
            beside = column.words.get("classification")
        elif beside:
            column.words.setdefault("classification", beside)


class ClassReader:
    """Says of each row which classification it is of, and of which function a row of an economic class is.

    In a form of two sides one side may list economic classes, by kind of expenditure: below a row 基本支出 or
    项目支出 they are classes of that kind.
    """

    def __init__(self, statement_code: str, layout: str, groups: Sequence[Sequence[Column]]) -> None:
        self._is_classified = layout in CLASSIFIED_LAYOUTS and statement_code != "revenue"
        self._is_two_sided = layout == "two_sided"
        self._own: list[str | None] = [
            next(
                (
                    found
                    for c in group
                    if c.kind in ("code", "name") and (found := c.words.get("classification"))
                ),
                None,
            )
            for group in groups
        ]
        default = "department" if layout == "economic" else "function"
        self._default = default if self._is_classified else None
        self._function = ("", "")
        self._measures: dict[int, str | None] = {}

    def tell(self, group: int, names: Sequence[str]) -> None:
        """Take a group whose heads do not say what it lists, by the ``names`` of its rows, for one of economic classes."""
        if self._is_two_sided and self._own[group] is None:
            economic = {name for name in names if is_economic_class(name)}
            is_of_functions = any(
                strip_enumerator(fold(name)) in _function_names() for name in {*names} - economic
            )
            if len(economic) >= _FEWEST_CLASSES and not is_of_functions:
                self._own[group] = "department"

    def is_economic(self, group: int) -> bool:
        """Whether a group of a form of two sides lists economic classes."""
        return self._is_two_sided and self._own[group] in ("department", "government")

    def is_class_row(self, group: int, name: str) -> bool:
        """Whether a row of such a group is one of an economic class."""
        return self.is_economic(group) and is_economic_class(name)

    def is_own_code(self, codes: str) -> bool:
        """Whether codes may stand in this form's rows."""
        found = code_classification(codes)
        return found == "function" or _is_part(codes) or (self._is_classified and found is not None)

    def classify(self, line: Line) -> None:
        """Give a row its classification; a row of an economic class below a function's row is a class of that function."""
        if self._is_two_sided:
            self._classify_kind(line)
            return
        if not self._is_classified:
            return
        if line.kind != "coded":
            self._function = ("", "")
            return
        measure = None if line.codes else _ROW_MEASURES.get(fold(line.name))
        if measure:
            line.words["measure"] = measure
            line.codes, line.name = self._function
            if not any(self._function):
                line.become("total", "total")
                return
        own = code_classification(line.codes) or self._own[line.group] or self._default
        if not line.codes and not line.name:
            line.codes, line.name = self._function
            own = "function" if line.codes or line.name else self._default
        elif own == "function":
            self._function = (line.codes, line.name)
        elif line.codes and any(self._function):
            if own == "department":
                line.economic = line.codes
            else:
                line.government = line.codes
            line.codes, line.name = self._function
            own = "function"
        if own:
            line.words["classification"] = own

    def _classify_kind(self, line: Line) -> None:
        if not self.is_economic(line.group):
            return
        if line.kind == "coded":
            line.words["classification"] = self._own[line.group] or ""
            measure = self._measures.get(line.group)
            if measure:
                line.words["measure"] = measure
        elif line.line_code in ("measure_basic", "measure_project"):
            self._measures[line.group] = line.line_code.removeprefix("measure_")
        elif line.line_code != "outside" or "经济分类" in fold(line.name):
            self._measures[line.group] = None

    def settle_totals(self, lines: Sequence[Line]) -> None:
        """Give the form's totals the classification of its rows: functions where it has any."""
        if not self._is_classified:
            return
        printed = {line.words.get("classification") for line in lines if line.kind == "coded"}
        own = (
            "function" if "function" in printed else next(iter(sorted(filter(None, printed))), self._default)
        )
        for line in lines:
            if line.kind != "coded" and own:
                line.words["classification"] = own
                for cell in line.cells:
                    cell.words["classification"] = own
