"""Body rows of a form -> its cells. Each column group of a row is a line of its own."""

from __future__ import annotations

import re

from ingest.cover.unit_names import clean_name, is_unit_name
from ingest.document.model import Cell
from ingest.document.text import fold, is_amount, printed_year, squeeze, strip_enumerator
from ingest.forms.classes import ClassReader, code_classification, is_function
from ingest.forms.columns import Column
from ingest.forms.grid import TOTAL_LINES, Row, is_known_line, split_label
from ingest.forms.lines import (
    Line,
    settle_items,
    settle_records,
    settle_repeated,
    settle_side_totals,
    settle_subtotals,
)
from ingest.forms.model import CellProblem, FormCell, RecognisedForm, RowKind, Side
from ingest.forms.project import ProjectLabels, ProjectRow
from ingest.forms.ragged import align_row
from ingest.forms.units import settle_units
from ingest.registry import any_of, find_line, header_attributes

_NOTHING = re.compile(rf"^{any_of('form.says_nothing')}$")
_CUT_LABEL_STOP = re.compile(r"^(?:[一二三四五六七八九十]+、|[(（]|\d)")
_UNIT_LAYOUTS = ("function", "economic", "project", "three_public")
"""Layouts whose rows may be broken down by budget unit."""
_LIST_SIDES: dict[str, Side] = {"revenue": "income", "expenditure": "expenditure"}


class RowReader:
    """Reads body rows into form cells, keeping the block a row stands in and the codes carried down."""

    def __init__(
        self, form: RecognisedForm, columns: list[Column], rows: list[Row], fiscal_year: int | None
    ) -> None:
        self.form = form
        self.fiscal_year = fiscal_year
        self.layout = form.layout
        self.kinds = [column.kind for column in columns]
        self.units = [column for column in columns if column.kind == "unit"]
        self.has_labels = any(column.kind not in ("amount", "rate", "unknown", "skip") for column in columns)
        self.projects = ProjectLabels(form.statement_code) if self.layout == "project" else None
        self.groups = [
            [column for column in columns if column.group == number]
            for number in range(max((c.group for c in columns), default=0) + 1)
        ]
        self.blocks: dict[int, str | None] = {}
        self.carried: dict[int, dict[int, str]] = {}
        self.classes = ClassReader(self.form.statement_code, self.layout, self.groups)
        self.lines: list[Line] = []
        self.sides = [self._side(number, group) for number, group in enumerate(self.groups)]
        self.is_list = False
        for number, group in enumerate(self.groups if self.layout == "two_sided" else []):
            self.classes.tell(number, [self._labels(number, group, row)[1] for row in rows])
        self.carried.clear()  # what the last rows print is no code of the first ones
        self.is_list = self._is_list(columns, rows)
        if self.is_list:
            self.layout = "two_sided"
            self.sides = [_LIST_SIDES[form.statement_code]]

    def _side(self, number: int, group: list[Column]) -> Side | None:
        if self.layout != "two_sided":
            return None
        heads = " ".join(fold(column.header_path) for column in group)
        if "支出" in heads and "收入" not in heads:
            return "expenditure"
        if "收入" in heads and "支出" not in heads:
            return "income"
        return "income" if number == 0 else "expenditure"

    def _is_list(self, columns: list[Column], rows: list[Row]) -> bool:
        """Whether a form lists sources of revenue or kinds of expenditure, one per row, like one side of a summary."""
        side = _LIST_SIDES.get(self.form.statement_code)
        if side is None or len(self.groups) != 1 or "code" in self.kinds:
            return False
        if any(word in column.words for column in columns for word in ("source", "measure")):
            return False
        labels = [split_label(self._labels(0, self.groups[0], row)[1]) for row in rows]
        found = [
            find_line(strip_enumerator(fold(name)), self.form.statement_code, side, None)
            for _, name in labels
        ]
        known = sum(1 for line in found if line and line.line_code not in (*TOTAL_LINES, "subtotal"))
        return known >= 2 and not any(code for code, _ in labels)

    def join_label(self, row: Row) -> bool:
        """Append a label that a page break cut to the row above; False where there is none to append to."""
        cell = row.distinct()[0]
        if is_known_line(cell.text, self.form.statement_code) or _CUT_LABEL_STOP.match(fold(cell.text)):
            return False
        columns = [
            c for group in self.groups for c in group if c.index == cell.col and c.kind in ("name", "project")
        ]
        joined = False
        for line in reversed(self.lines):
            for each in line.cells if columns and line.group == columns[0].group else []:
                if each.row_no != self.form.row_count:
                    continue
                if columns[0].kind == "project" and each.project_name:
                    each.project_name += squeeze(cell.text)
                    joined = True
                elif columns[0].kind == "name" and each.label:
                    each.label += squeeze(cell.text)
                    joined = True
        return joined

    def read(self, row: Row, is_ragged: bool) -> None:
        """Read one printed row."""
        self.form.row_count += 1
        if is_ragged and row.is_short:
            aligned = align_row([cell for cell in row.cells if cell], self.kinds)
            row = Row(aligned, row.page_no) if aligned else row
        last: Line | None = None
        for number, group in enumerate(self.groups):
            last = self._read_group(number, group, row, last)

    def _read_group(self, number: int, group: list[Column], row: Row, left: Line | None) -> Line | None:
        """Read the row in one column group. ``left`` is the line that the group on the left made of it."""
        codes, name = self._labels(number, group, row)
        led_code, name = split_label(name)
        codes = codes or led_code or ""
        project, economic = "", self._economic(group, row, "economic")
        government = self._economic(group, row, "government")
        is_unclear = False
        if not codes and not name and not self.projects and self._is_total(economic or government):
            name, economic, government = economic or government, "", ""
        economic, government = ("" if self._is_total(text) else text for text in (economic, government))
        if self.projects:
            printed = ProjectRow(codes, name, self._text(group, row, "project"), economic)
            whole, is_unclear = self.projects.read(printed, squeeze(row.distinct()[0].text))
            codes, name, project, economic = whole.codes, whole.name, whole.project, whole.economic
        unit = self._unit(row)
        amounts = [column for column in group if column.kind in ("amount", "rate", "unknown")]
        is_stated = any(row.text(column.index).strip() for column in amounts)
        is_labelled = bool(codes or name or project or economic or government)
        if not is_labelled and not unit and not is_stated:
            return None
        if (
            _NOTHING.match(fold(name))
            and not codes
            and not any(is_amount(row.text(c.index)) for c in amounts)
        ):
            self.form.notes.append(name)
            return None
        if not is_labelled and unit and find_line(fold(unit), self.form.statement_code, None, None):
            name, unit = unit, ""
        if not codes and not name and left and self._is_merged_label(left, number):
            line = Line(number, left.codes, left.name, unit, left.kind, left.line_code, left.fund_code)
        else:
            has_more = bool(project or economic or government)
            meaning = self._meaning(number, codes, name, unit, has_more)
            line = Line(number, codes, name, unit, *meaning, project, economic, government)
            self.classes.classify(line)
            line.words |= self._row_words(line)
            if line.kind == "coded" and (is_unclear or (self.projects and "by" in self.kinds)):
                line.kind = "unknown"
            if self.projects and line.line_code == "unit":
                self.projects.forget()
        self._add_cells(line, amounts, row)
        self.lines.append(line)
        return line

    def _add_cells(self, line: Line, amounts: list[Column], row: Row) -> None:
        """Give a line the cells that state its amounts, each with the reason why it is not placed, if there is one."""
        for column in amounts:
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is not None and cell.col != column.index and column.kind in ("amount", "rate"):
                continue
            problem: CellProblem | None = None
            if column.kind == "unknown":
                if cell is None or not cell.text.strip():
                    continue
                problem = "header_unknown"
            elif line.kind == "unknown":
                problem = "line_unknown"
            elif any(other.is_cut for other in row.distinct()):
                problem = "row_cut"
            line.cells.append(self._cell(line, column, row, cell, problem))

    def _is_merged_label(self, left: Line, number: int) -> bool:
        """Whether a label on the left extends over this group, as a merged cell of flat text does."""
        return (
            left.line_code in TOTAL_LINES
            and self.sides[left.group] == self.sides[number]
            and not any(cell.cell_text.strip() for cell in left.cells)
        )

    def _cell(
        self, line: Line, column: Column, row: Row, cell: Cell | None, problem: CellProblem | None
    ) -> FormCell:
        return FormCell(
            row_no=self.form.row_count,
            col_no=column.index,
            side=self.sides[line.group],
            row_kind=line.kind,
            line_code=line.line_code,
            line_fund_code=line.fund_code,
            code_text=line.codes or None,
            label=line.name or None,
            words={key: word for key, word in column.words.items() if key != "classification"} | line.words,
            project_name=line.project or None,
            header_path=column.header_path,
            cell_text=cell.text if cell else "",
            source_ref=cell.ref if cell else "",
            page_no=row.page_no,
            problem=problem,
        )

    def _row_words(self, line: Line) -> dict[str, str]:
        """What a row's labels say of its amounts: whether they are budgeted, spent or of the year before; for what."""
        if line.economic or line.government:
            classes = {"economic": line.economic, "government": line.government}
            return {attribute: text for attribute, text in classes.items() if text}
        if line.kind != "record" or not line.name:
            return {}
        if self.fiscal_year and printed_year(line.name) == self.fiscal_year - 1:
            return {"basis": "prior_year"}
        basis = header_attributes(line.name, self.form.statement_code).get("basis")
        return {"basis": basis} if basis else {}

    def _labels(self, number: int, group: list[Column], row: Row) -> tuple[str, str]:
        """The row's printed code parts, joined by spaces, and its name."""
        parts: dict[int, str] = {}
        names: list[str] = []
        seen: list[object] = []
        for column in group:
            if column.kind not in ("code", "name"):
                continue
            cell = row.cells[column.index] if column.index < len(row.cells) else None
            if cell is None or not cell.text.strip() or any(cell is other for other in seen):
                continue
            seen.append(cell)
            folded = fold(cell.text)
            if column.kind == "code" and re.fullmatch(r"[\d\-.]+", folded):
                parts[column.index] = " ".join(re.findall(r"\d+", folded))
            elif (
                column.kind == "code"
                and header_attributes(cell.text, self.form.statement_code).get("role") == "code"
            ):
                continue
            else:
                names.append(squeeze(cell.text))
        carried = self.carried.setdefault(number, {})
        if parts:
            first = min(parts)
            for index in [index for index in carried if index >= first]:
                del carried[index]
            carried.update(parts)
            parts = dict(sorted(carried.items()))
        return " ".join(parts.values()), self._listed_name(names) if self.is_list else "".join(
            dict.fromkeys(names)
        )

    def _listed_name(self, names: list[str]) -> str:
        """The label of a list's row: its own below the name of a block, the block's where the row is the block's sum."""
        if len(names) < 2:
            return "".join(names)
        line = find_line(strip_enumerator(fold(names[-1])), self.form.statement_code, None, None)
        return names[-2] if line and line.line_code in ("subtotal", "total") else names[-1]

    def _is_total(self, text: str) -> bool:
        """Whether a text is the label of a total, which may stand in any column of labels."""
        line = find_line(fold(text), self.form.statement_code, None, None) if text else None
        return line is not None and line.line_code in TOTAL_LINES

    def _unit(self, row: Row) -> str:
        """The budget unit that the row names in its columns of units, without a code that stands beside the name."""
        texts = dict.fromkeys(squeeze(row.text(column.index)) for column in self.units)
        names = [text for text in texts if not fold(text).isdigit()]
        if len(names) == 1 and len(texts) > 1:
            self.form.unit_names |= {
                text: clean_name(names[0]) or names[0] for text in texts if text not in names
            }
        return "".join(names) or "".join(texts)

    def _text(self, group: list[Column], row: Row, kind: str) -> str:
        """What the row prints in the columns of a kind; a label merged from the left over them does not count."""
        cells = [row.cells[column.index] for column in group if column.kind == kind]
        starts = {column.index for column in group if column.kind == kind}
        return "".join(
            dict.fromkeys(squeeze(cell.text) for cell in cells if cell is not None and cell.col in starts)
        )

    def _economic(self, group: list[Column], row: Row, kind: str) -> str:
        """The row's class of an economic classification: the code parts that it prints, else its name."""
        texts = [self._text([column], row, kind) for column in group if column.kind == kind]
        led = [split_label(text)[0] or text for text in texts]
        parts = [fold(text) for text in led if fold(text).isdigit()]
        return " ".join(parts) if parts else "".join(dict.fromkeys(texts))

    def _meaning(
        self, number: int, codes: str, name: str, unit: str, has_more: bool = False
    ) -> tuple[RowKind, str | None, str | None]:
        """(row kind, line code, the line's fund) of a row; ``has_more``: it prints other labels as well."""
        side = self.sides[number]
        if not self.has_labels and self.layout == "function":
            return "total", "total", None
        label = strip_enumerator(fold(name))
        if self.classes.is_class_row(number, name):
            return "coded", None, None
        line = None if codes else find_line(label, self.form.statement_code, side, self.blocks.get(number))
        if line:
            if line.opens_block:
                self.blocks[number] = line.opens_block
            is_total = line.line_code == "total" and self.layout != "three_public"
            return ("total" if is_total else "line"), line.line_code, line.fund_code
        if self.layout == "three_public":
            return ("unknown" if codes and not is_unit_name(name) else "record"), None, None
        if unit and not codes and not has_more and self.layout != "two_sided":
            return "line", "unit", None
        if self.classes.is_economic(number):
            return "line", "outside", None
        if codes and self.layout in _UNIT_LAYOUTS:
            if is_unit_name(name) and (len(codes) == 3 or not code_classification(codes)):
                return "line", "unit", None
            if not self.classes.is_own_code(codes):
                return "unknown", None, None
        is_listed = side is not None and len(self.sides) == 1
        if side == "income" or is_listed or not (codes or name or has_more):
            return "unknown", None, None
        list_side = _LIST_SIDES.get(self.form.statement_code)
        if side == "expenditure" and not codes and not is_function(name):
            return "line", "outside", None
        if not codes and list_side and find_line(label, self.form.statement_code, list_side, None):
            return "line", "outside", None
        return "coded", None, None

    def finish(self) -> None:
        """Hand over the cells, after settling the rows that only the whole form explains."""
        if self.layout in _UNIT_LAYOUTS:
            self.form.unit_names |= settle_units(self.lines)
        self.classes.settle_totals(self.lines)
        if self.layout == "three_public":
            settle_items(self.lines)
        settle_records(self.lines)
        for number in range(len(self.groups)):
            lines = [line for line in self.lines if line.group == number]
            settle_subtotals(lines)
            if self.layout == "two_sided" and not self.is_list:
                settle_repeated(lines)
                settle_side_totals(lines)
        self.form.has_total_row = any(line.line_code in TOTAL_LINES for line in self.lines)
        self.form.cells.extend(cell for line in self.lines for cell in line.cells)
