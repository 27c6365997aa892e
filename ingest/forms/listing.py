"""Body rows of a form that lists things -> what each row names, and its amounts.

Such a form prints one thing per row (a purchase, a project), with what belongs to it in columns of their own. Rows of
budget units, of categories and of subtotals stand between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.cover.unit_names import is_unit_name
from ingest.document.model import Cell
from ingest.document.text import count_of, fold, is_amount, squeeze, strip_enumerator
from ingest.forms.classes import is_known_class
from ingest.forms.columns import Column
from ingest.forms.grid import Row, is_order_row
from ingest.forms.labels import CLASSIFIED, split_code
from ingest.forms.model import CellProblem, FormCell, ListKind, ListRow, RecognisedForm
from ingest.forms.nesting import nest
from ingest.forms.ragged import align_row
from ingest.registry import any_of, find_line, header_attributes

_NOTHING = re.compile(rf"^{any_of('form.says_nothing')}$")
_KIND_OF_PURCHASE = re.compile(rf"^{any_of('list.kind_of_purchase')}$")
_PAY_KIND = re.compile(rf"^{any_of('list.pay_kind')}$")
_OWN_OFFICE = re.compile(r"[（(]?(?:本级|机关)[)）]?$")
_NUMBER = re.compile(r"[^\d.]")
_BOUGHT = ("item", "catalogue", "directory")
_THING = (*_BOUGHT, "project", "economic", "government", "method")
"""What a row of a thing names; a row without any of it is a unit's, a category's or a total's."""
_CATEGORY = ("parent", "category", "project_category")
_MIXED = ("unit_or_project", "unit_or_function")
"""The nouns of columns that hold names of units and of other things; below a head of units and functions stand projects too."""
_NAME_ONLY = frozenset({"unit", "unit_or_project", "project", "category"})
"""The nouns of forms whose rows differ in nothing but a name, so that only the amounts tell levels apart."""


@dataclass(slots=True)
class _Line:
    """One row while its form is read: its own labels, and (``unit`` …) what it belongs to."""

    kind: ListKind
    names: dict[str, str]
    codes: dict[str, str]
    cells: list[FormCell] = field(default_factory=list)
    unit: str | None = None
    project: str | None = None
    category: str | None = None
    parent: str | None = None

    def says(self, nouns: Iterable[str]) -> bool:
        return any(noun in self.names or noun in self.codes for noun in nouns)

    def text(self, noun: str) -> str | None:
        """The noun's code as printed, else its name."""
        return self.codes.get(noun) or self.names.get(noun)

    def name(self, noun: str) -> str | None:
        """The noun's name as printed, else its code."""
        return self.names.get(noun) or self.codes.get(noun)


class ListReader:
    """Reads the rows of one such form from the top down."""

    def __init__(self, form: RecognisedForm, columns: list[Column]) -> None:
        self.form = form
        self.labels = [column for column in columns if column.kind == "label"]
        self.amounts = [column for column in columns if column.kind in ("amount", "unknown")]
        self.kinds = ["name" if column.kind == "label" else column.kind for column in columns]
        self.nouns = {column.words["label"] for column in self.labels}
        self.is_of_projects = form.layout == "project"
        self.lines: list[_Line] = []
        self.carried: dict[str, dict[int, str]] = {}
        self._seen: set[int] = set()

    def join_label(self, row: Row) -> bool:
        """Append a label that a page break cut to the row above; False where there is none to append to."""
        cell = row.distinct()[0]
        noun = next((column.words["label"] for column in self.labels if column.index == cell.col), None)
        if noun in _MIXED:
            noun = "project"
        if noun is None or not self.lines or noun not in self.lines[-1].names:
            return False
        if self._is_total(cell.text):
            return False
        self.lines[-1].names[noun] += squeeze(cell.text)
        return True

    def read(self, row: Row, is_ragged: bool) -> None:
        """Read one printed row."""
        if is_order_row(row):
            return
        self.form.row_count += 1
        if is_ragged and row.is_short:
            aligned = align_row([cell for cell in row.cells if cell], self.kinds)
            row = Row(aligned, row.page_no) if aligned else row
        names, codes = self._read_labels(row)
        texts = [row.text(column.index) for column in self.amounts]
        if not names and not codes and _numbers_columns(texts):
            return
        said = "".join(names.values())
        if _NOTHING.match(fold(said)) and not codes and not any(is_amount(text) for text in texts):
            self.form.notes.append(said)
            return
        line = _Line(self._kind(names, codes), names, codes)
        words: dict[str, str] = {}
        if "fund" in names and line.kind == "line":
            fund = header_attributes(names["fund"], self.form.statement_code).get("fund")
            words = {"fund": fund} if fund else {}
            line.kind = line.kind if fund else "outside"
        for column in self.amounts:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is not None and (cell.col != column.index or id(cell) in self._seen):
                continue
            if column.kind == "unknown" and (cell is None or not cell.text.strip()):
                continue
            if cell is not None and cell.row_span > 1:
                self._seen.add(id(cell))
            line.cells.append(self._cell(line, column, row, cell, words))
        self.lines.append(line)

    def _read_labels(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        """What the row prints of each noun: names and codes."""
        names: dict[str, list[str]] = {}
        codes: dict[str, list[str]] = {}
        parts: dict[str, dict[int, str]] = {}
        for column in self.labels:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is None or cell.col != column.index or not any(char.isalnum() for char in cell.text):
                continue
            noun = column.words["label"]
            code, name = split_code(cell.text, noun, "code" in column.words)
            if name and "code" in column.words and not self._is_total(name):
                continue
            if noun == "directory":
                codes.pop(noun, None)
                names.pop(noun, None)
            if code and noun in CLASSIFIED:
                parts.setdefault(noun, {})[column.index] = code
            elif code:
                codes.setdefault(noun, []).append(code)
            if name:
                names.setdefault(noun, []).append(name)
        for noun, printed in parts.items():
            codes[noun] = self._carry_parts(noun, printed)
        return (
            {noun: "".join(dict.fromkeys(texts)) for noun, texts in names.items()},
            {noun: " ".join(texts) for noun, texts in codes.items()},
        )

    def _carry_parts(self, noun: str, printed: dict[int, str]) -> list[str]:
        """The parts of a code (类 款 项), those on the left of the first that is printed from the rows above."""
        carried = self.carried.setdefault(noun, {})
        for index in [index for index in carried if index >= min(printed)]:
            del carried[index]
        carried.update(printed)
        return [carried[index] for index in sorted(carried)]

    def _kind(self, names: dict[str, str], codes: dict[str, str]) -> ListKind:
        """What a row is by its labels alone; moves a unit's name that stands in a column of other names."""
        for noun, name in list(names.items()):
            if line_code := self._is_total(name):
                del names[noun]
                if "unit" in names:
                    return "unit"
                return "total" if line_code == "total" else "outside"
        self._move_names(names, codes)
        mixed = next((noun for noun in _MIXED if noun in names), None)
        if mixed:
            name = names.pop(mixed)
            names[_mixed_noun(mixed, name, names, codes)] = name
        elif "unit" in codes and "unit" not in names and "project" in names:
            others = {noun: name for noun, name in names.items() if noun != "project"}
            if not _says_thing(others, codes):
                names["unit"] = names.pop("project")
        if "unit" in names and _PAY_KIND.match(fold(names["unit"])):
            return "outside"
        if _says_thing(names, codes):
            return "line"
        if any(noun in names or noun in codes for noun in _CATEGORY):
            return "category"
        if "unit" in names:
            return "unit"
        return "category" if "function" in names or "function" in codes else "line"

    def _move_names(self, names: dict[str, str], codes: dict[str, str]) -> None:
        """Give names that stand in columns of others their own nouns.

        A purchase is an item of a project where both are named, else the project itself; 货物, 工程 and 服务 are categories
        in whichever column; a unit may stand below a category in its column.
        """
        for texts in (names, codes):
            if "purchase" in texts:
                noun = "item" if "project" in self.nouns and "item" not in texts else "project"
                texts.setdefault(noun, texts.pop("purchase"))
        for noun in ("project", "item", "catalogue"):
            if not self.is_of_projects and noun in names and _KIND_OF_PURCHASE.match(fold(names[noun])):
                names.setdefault("category", names.pop(noun))
        is_unit = is_unit_name(names.get("category", "")) and not self.nouns & {"unit", *_MIXED}
        if is_unit:
            names["unit"] = names.pop("category")

    def _is_total(self, name: str) -> str | None:
        """``total`` or ``subtotal`` for a label that says so."""
        found = find_line(strip_enumerator(fold(name)), self.form.statement_code, None, None)
        return found.line_code if found and found.line_code in ("total", "subtotal") else None

    def _cell(
        self, line: _Line, column: Column, row: Row, cell: Cell | None, words: dict[str, str]
    ) -> FormCell:
        unclear: CellProblem | None = (
            "line_unknown" if not line.names and not line.codes and line.kind != "total" else None
        )
        return FormCell(
            row_no=self.form.row_count,
            col_no=column.index,
            side=None,
            row_kind="coded",
            line_code=None,
            line_fund_code=None,
            code_text=None,
            label=None,
            words=column.words | words,
            header_path=column.header_path,
            cell_text=cell.text if cell else "",
            source_ref=cell.ref if cell else "",
            page_no=row.page_no,
            problem="header_unknown" if column.kind == "unknown" else unclear,
        )

    def finish(self) -> None:
        """Hand over the rows, once the whole form says which unit, category and project each belongs to."""
        if self.nouns & {*_MIXED} and not any("unit" in line.names for line in self.lines):
            self._tell_units()
        self._settle_departments()
        self._carry_down()
        self._settle_levels()
        self.form.has_total_row = any(line.kind in ("total", "unit") for line in self.lines)
        for line in self.lines:
            if line.cells:
                self.form.list_rows.append(self._row(line))
                self._hand_over(line)

    def _hand_over(self, line: _Line) -> None:
        """Give the cells of a row what the whole form says of it."""
        for cell in line.cells:
            cell.row_kind = "total" if line.kind in ("total", "unit") else "coded"
            if line.kind == "outside":
                cell.row_kind = "line"
            cell.line_code = line.kind if line.kind in ("unit", "category", "outside") else None
            if line.kind in ("category", "line"):
                cell.code_text, cell.label = line.codes.get("function"), line.names.get("function")
                cell.project_name = line.project if self.is_of_projects else None
                classes = {noun: line.text(noun) for noun in ("economic", "government")}
                cell.words |= {noun: text for noun, text in classes.items() if text}
            cell.budget_unit_name = line.unit if self.is_of_projects else None
            self.form.cells.append(cell)

    def _row(self, line: _Line) -> ListRow:
        names, codes = line.names, line.codes
        bought = next((noun for noun in _BOUGHT if noun in names), None)
        return ListRow(
            row_no=line.cells[0].row_no,
            kind=line.kind,
            unit_name=line.unit,
            category_name=line.category,
            parent_project_name=line.parent,
            project_name=line.project,
            project_code=codes.get("project"),
            project_category=names.get("project_category") if line.kind == "line" else None,
            item_name=names[bought] if bought else None,
            catalogue_code=codes.get("item") or codes.get("catalogue") or codes.get("directory"),
            function_text=codes.get("function"),
            function_name=names.get("function"),
            economic_text=line.text("economic"),
            government_text=line.text("government"),
            method=names.get("method"),
            quantity_text=names.get("quantity"),
            quantity_unit=names.get("quantity_unit"),
        )

    def _tell_units(self) -> None:
        """Tell the units from the projects of one column without codes: a unit's name stands above what adds up to it.

        Where every part of the total has parts and one of them is a unit's name, all are units. Where the amounts
        make no tree, every unit's name counts as one.
        """
        totals = [line for line in self.lines if line.kind == "total"]
        block = [line for line in self.lines if line.kind == "line"]
        parents = _find_parents(block, totals[0] if totals else None)
        named = {number for number, line in enumerate(block) if is_unit_name(line.names.get("project", ""))}
        if parents is None:
            units = named
        else:
            tops = {number for number, parent in enumerate(parents) if parent is None}
            whole = tops & set(parents)
            units = whole if whole == tops and whole & named else whole & named
        for number in units:
            block[number].kind = "unit"
            block[number].names["unit"] = block[number].names.pop("project", "")

    def _settle_departments(self) -> None:
        """Make a department's row above the row of its own office, or of its first unit by code, the document's own.

        Where a form names one unit only and prints no total beside it, that unit's row is the form's total.
        """
        for line, below in zip(self.lines, self.lines[1:], strict=False):
            if line.kind != "unit" or below.kind != "unit":
                continue
            name, other = line.names.get("unit", ""), below.names.get("unit", "")
            code, under = line.codes.get("unit", ""), below.codes.get("unit", "")
            if name == _OWN_OFFICE.sub("", other) or (code and under.startswith(code) and under != code):
                line.kind = "total"
        named = {line.names["unit"] for line in self.lines if "unit" in line.names and line.kind != "total"}
        if len(named) == 1 and not any(line.kind == "total" for line in self.lines):
            for line in self.lines:
                line.kind = "total" if line.kind == "unit" else line.kind
                line.names.pop("unit", None)

    def _carry_down(self) -> None:
        """Give each row the unit, the category and (in forms of projects) the function that stand above it or beside it.

        Of units and categories the kind whose row comes first is the outer one: its next row ends the other.
        """
        unit = category = None
        function: tuple[str | None, str | None] = (None, None)
        outer = next((line.kind for line in self.lines if line.kind in ("unit", "category")), "unit")
        for line in self.lines:
            if line.kind in ("total", "unit"):
                unit = line.names.get("unit") if line.kind == "unit" else None
                category = category if line.kind == "unit" and outer == "category" else None
                function = (None, None)
            elif line.kind == "category":
                named = (line.name(noun) for noun in _CATEGORY)
                category = next((name for name in named if name), None)
                unit = unit if outer == "unit" else None
            line.unit = None if line.kind == "total" else line.names.get("unit") or unit
            line.project = line.names.get("project")
            line.category = None if line.kind in ("total", "outside") else line.name("category") or category
            if line.kind in ("category", "line") and self.is_of_projects:
                line.parent = line.names.get("parent") if line.kind == "line" else None
                line.project = category if line.kind == "category" else line.project
                function = self._carry_function(line, function)

    def _carry_function(
        self, line: _Line, above: tuple[str | None, str | None]
    ) -> tuple[str | None, str | None]:
        """The function that a row prints, else the one above, which a project without one stands below."""
        if line.says(("function",)):
            if line.kind == "category":
                line.project = next((name for noun in _CATEGORY if (name := line.name(noun))), None)
            return line.codes.get("function"), line.names.get("function")
        if line.project and line.kind == "line":
            code, name = above
            line.codes |= {"function": code} if code else {}
            line.names |= {"function": name} if name else {}
        return above

    def _settle_levels(self) -> None:
        """Tell subtotals from things: rows that are not bought themselves, above rows that are; rows that others add up to."""
        start = 0
        for number, line in enumerate([*self.lines, None]):
            if line is None or line.kind in ("unit", "total"):
                self._settle_block(start, number)
                start = number + 1

    def _settle_block(self, start: int, stop: int) -> None:
        block = [line for line in self.lines[start:stop] if line.kind == "line"]
        if not self.is_of_projects and not self.nouns & set(_THING):
            _settle_functions(self.lines[start:stop])
        elif self.nouns & set(_BOUGHT):
            _settle_bought(block)
        elif self.nouns <= _NAME_ONLY and block:
            self._settle_nested(block, self.lines[start - 1] if start else self._total_below(stop))
        elif self.is_of_projects:
            for line, above in zip(block[1:], block, strict=False):
                if line.project is None and line.says(("economic", "government")):
                    line.project = above.project

    def _total_below(self, stop: int) -> _Line | None:
        """The row that ends a block, where it is the form's total and nothing but the block stands above it."""
        line = self.lines[stop] if stop < len(self.lines) else None
        return line if line and line.kind == "total" else None

    def _settle_nested(self, block: list[_Line], whole: _Line | None) -> None:
        """Find the levels of rows that print nothing but a name, by what adds up to what.

        A subtotal that is a unit's name is that unit's. Where no tree exists, a column of units and projects says nothing.
        """
        parents = _find_parents(block, whole)
        for line in block if parents is None else []:
            if self.nouns & {*_MIXED} or ("unit" not in self.nouns and is_unit_name(line.project or "")):
                for cell in line.cells:
                    cell.problem = cell.problem or "line_unknown"
        for line, parent in zip(block, parents or [], strict=False):
            if parent is None:
                continue
            above = block[parent]
            if above.kind == "line":
                is_unit = "unit" not in self.nouns and is_unit_name(above.project or "")
                above.kind = "unit" if is_unit else "category"
                above.unit = above.project if is_unit else above.unit
            line.unit = above.unit
            line.parent = above.project if above.kind == "category" else None
        for line in block:
            line.project = None if line.kind == "unit" else line.project


def _numbers_columns(texts: list[str]) -> bool:
    """Whether a row without labels is blank or numbers the columns (2 3 4), and states no amounts."""
    printed = [fold(text) for text in texts if text.strip()]
    if not all(text.isdigit() for text in printed):
        return False
    return all(int(below) == int(text) + 1 for text, below in pairwise(printed)) and len(printed) != 1


def _mixed_noun(noun: str, name: str, names: dict[str, str], codes: dict[str, str]) -> str:
    """What a name is that stands in a column of several kinds of names."""
    is_unit = "unit" in codes or noun in codes
    if noun == "unit_or_function":
        if is_known_class(name):
            return "function"
        is_unit = is_unit and ("function" not in codes or is_unit_name(name))
    return "unit" if is_unit and not _says_thing(names, codes) else "project"


def _says_thing(names: dict[str, str], codes: dict[str, str]) -> bool:
    return any(noun in names or noun in codes for noun in _THING)


def _settle_functions(block: list[_Line]) -> None:
    """Make the lowest functions of a form that says nothing else of its purchases lines."""
    for line, below in zip(block, [*block[1:], None], strict=False):
        code = "".join(line.codes.get("function", "").split())
        under = "".join(below.codes.get("function", "").split()) if below else ""
        if line.kind == "category" and code and not (under.startswith(code) and under != code):
            line.kind = "line"


def _settle_bought(block: list[_Line]) -> None:
    """Make the rows of a project that stand above the things bought for it subtotals of them."""
    above: _Line | None = None
    for line, below in zip(block, [*block[1:], None], strict=False):
        if line.says(_BOUGHT):
            if above is not None and line.project is None:
                line.project = above.project
            continue
        if line.project is None and above is not None:
            line.project = above.project
        above = line
        if below is not None and below.says(_BOUGHT) and not below.says(("project",)):
            line.kind = "category"


def _find_parents(block: list[_Line], whole: _Line | None) -> list[int | None] | None:
    """For each row of a block the row that it is a part of, by what adds up to what; None where the amounts do not say."""
    amounts = [_main_amount(line) for line in block]
    total = _main_amount(whole)
    if total is None or None in amounts:
        return None
    decimals = max(_decimals(text) for text in [*amounts, total] if text)
    counts = [count_of(text or "", decimals) for text in amounts]
    for is_rounded in (False, True) if decimals else (False,):
        if parents := nest(counts, count_of(total, decimals), is_rounded):
            return parents
    return None


def _main_amount(line: _Line | None) -> str | None:
    """The first amount that a row states, as printed, once folded."""
    texts = (fold(cell.cell_text) for cell in line.cells) if line else ()
    return next((text for text in texts if is_amount(text) and text[0].isdigit()), None)


def _decimals(text: str) -> int:
    return len(_NUMBER.sub("", text).partition(".")[2])
