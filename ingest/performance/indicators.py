"""Indicator rows of one form: header, columns, pieces of cut rows, level words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ingest.document.text import fold
from ingest.performance.align import align
from ingest.performance.fits import INDICATOR, UNFIT
from ingest.performance.header import read_header
from ingest.performance.levels import carry_levels, is_level, leading_levels
from ingest.performance.model import IndicatorRow, Joined, PrintedCell, PrintedRow
from ingest.performance.stream import indicator_roles
from ingest.performance.values import value_kind
from ingest.performance.words import bare_label
from ingest.registry import any_of

_ROW_HEAD = re.compile(any_of("performance.row_head"))
_TOTAL = re.compile(any_of("performance.score_total"))
_CLOSED_NAME = re.compile(rf"{any_of('performance.name_ends')}$")
_TAIL_NOUN = re.compile(any_of("performance.name_tail"))
_VALUES_INSIDE = re.compile(r"(?<=\s)(?:(?:[><]=|[≥≤=])\s*\d[\d,.]*(?:\s?[^\s\d]{1,4})?|\d+\.\d\d)(?=\s|$)")
"""A target or a number that stands between blanks inside a text."""
_FIXED = (
    "level1",
    "level2",
    "target",
    "actual",
    "completion",
    "weight",
    "score",
    "basis",
    "rule",
    "evidence",
)
_ORDER = ("target", "actual", "name", "weight", "score", "level1", "level2")


@dataclass(slots=True)
class Indicators:
    """What the indicator block of a form holds; ``left_out`` are texts that fit no column."""

    rows: list[IndicatorRow] = field(default_factory=list)
    roles: frozenset[str] = frozenset()
    has_repeated_columns: bool = False
    total_weight: Joined | None = None
    total_score: Joined | None = None
    left_out: list[PrintedCell] = field(default_factory=list)


@dataclass(slots=True)
class _Body:
    """A body row on its way: its cells by role once they are placed; ``is_full`` when it holds an indicator."""

    printed: PrintedRow
    is_full: bool
    cells: dict[str, list[PrintedCell]] = field(default_factory=lambda: defaultdict(list))


def read_indicators(rows: list[PrintedRow], has_default_levels: bool) -> Indicators:
    """The indicators in the rows of one form, from its indicator header on.

    ``has_default_levels``: a level 2 word implies its usual level 1 (project forms).
    """
    start = next((at for at, row in enumerate(rows) if indicator_roles(row)), None)
    if start is None:
        return Indicators()
    header, at = read_header(rows, start)
    repeated = Counter(role for role, _ in header if role not in ("ignored", "remark", "rule", "evidence"))
    if repeated and max(repeated.values()) > 1:
        return Indicators(roles=frozenset(repeated), has_repeated_columns=True)
    reader = _Reader(header, rows[start].width)
    for row in rows[at:]:
        if indicator_roles(row):
            continue
        cells = [cell for cell in row.cells if not _is_row_head(cell, header)]
        if not cells:
            continue
        if _TOTAL.fullmatch(bare_label(cells[0].text)):
            reader.read_total(cells, row)
            continue
        reader.add(PrintedRow(cells, row.width, row.part, row.page_no))
    return reader.finish(has_default_levels)


def _is_row_head(cell: PrintedCell, header: list[tuple[str, int]]) -> bool:
    """Whether a cell is (a piece of) the label that stands beside all indicator rows."""
    folded = fold(cell.text)
    return cell.col <= header[0][1] and bool(folded) and bool(_ROW_HEAD.fullmatch(folded))


class _Reader:
    def __init__(self, header: list[tuple[str, int]], width: int) -> None:
        self.width = width
        self.roles = [role for role, _ in header]
        self.positions = [position for _, position in header]
        self.result = Indicators(roles=frozenset(self.roles))
        self.rows: list[_Body] = []
        self.below_total: list[_Body] | None = None
        self.parts: dict[int, Counter[tuple[int, str]]] = defaultdict(Counter)
        self.total_parts: dict[int, Counter[tuple[int, str]]] = defaultdict(Counter)

    def add(self, row: PrintedRow) -> None:
        """Take a body row. A level beside which only dashes stand has no indicator."""
        row.cells = [part for cell in row.cells for part in _split_swallowed(cell)]
        if all(value_kind(cell.text) in ("dash", "level", "level1", "level2") for cell in row.cells):
            row.cells = [cell for cell in row.cells if value_kind(cell.text) != "dash"]
        body = _Body(row, self._is_full(row))
        if self.below_total is not None and not body.is_full:
            self.below_total.append(body)
            return
        self.rows.extend(self.below_total or [])
        self.below_total = None
        if body.is_full:
            self._place(body)
        self.rows.append(body)

    def _is_full(self, row: PrintedRow) -> bool:
        """Whether a row holds an indicator, and not only pieces of one."""
        kinds = [value_kind(cell.text) for cell in row.cells]
        in_place = {
            self.roles[self.positions.index(cell.col)]
            for cell in row.cells
            if cell.col in self.positions and cell.span
        }
        if row.width == self.width and {"name", "target"} <= in_place and "dash" not in kinds:
            return True
        if "target" in kinds and len(kinds) > 2:
            return True
        if {"weight", "score"} & set(self.roles):
            return len(kinds) > 2 and bool({"number", "points"} & set(kinds))
        texts = [kind for kind in kinds if "level" not in kind]
        return len(texts) > 1

    def _place(self, body: _Body) -> None:
        cells = body.printed.cells
        placed = align(cells, self.positions, lambda at, number: self._fit(cells, at, number))
        for cell, number in zip(cells, placed, strict=True):
            if number is None:
                self._leave_out(cell)
            else:
                body.cells[self.roles[number]].append(cell)
                self.parts[body.printed.part][cell.col, self.roles[number]] += 1

    def _fit(self, cells: list[PrintedCell], at: int, number: int) -> int:
        """How well a cell of a row is a value of a column; a text that the row prints twice is a grade."""
        role, text = self.roles[number], cells[at].text
        if role == "ignored":
            return 0
        kind = value_kind(text)
        if kind in ("text", "damaged_level") and sum(fold(cell.text) == fold(text) for cell in cells) > 1:
            kind = "grade"
        if kind == "text" and role in ("level1", "level2") and len(fold(text)) > 10:
            return UNFIT
        return INDICATOR[role].get(kind, UNFIT)

    def _place_as_part(self, body: _Body) -> None:
        """Place a row of a ruled table as the other rows of its part, whose columns say what they hold."""
        columns: dict[int, str] = {}
        for (col, role), count in sorted(self.parts[body.printed.part].items(), key=lambda item: item[1]):
            if count > 1:
                columns[col] = role
        cells = body.printed.cells
        roles = [columns.get(cell.col) for cell in cells]
        numbers = [self.roles.index(role) for role in roles if role]
        fits = len(numbers) == len(cells) and all(
            self._fit(cells, at, number) > UNFIT for at, number in enumerate(numbers)
        )
        if not fits or len(set(roles)) < len(roles) or not all(cell.span for cell in cells):
            return
        self.result.left_out = [cell for cell in self.result.left_out if cell not in cells]
        body.cells.clear()
        for cell, number in zip(cells, numbers, strict=True):
            body.cells[self.roles[number]].append(cell)

    def read_total(self, cells: list[PrintedCell], row: PrintedRow) -> None:
        """Read the row of totals: one number for the weights, one for the scores. What stands below it, but for more indicators, is none's."""
        self.below_total = self.below_total or []
        labels = [at for at, cell in enumerate(cells) if re.search("得分", fold(cell.text))]
        values = [
            (at, cell) for at, cell in enumerate(cells) if value_kind(cell.text) in ("number", "points")
        ]
        scores = [cell for at, cell in values if labels and at > labels[-1] and labels[-1] > 0]
        weights = [cell for at, cell in values if cell not in scores]
        if not scores and (len(weights) == 2 or (len(weights) == 1 and self._is_score(weights[0]))):
            scores = [weights.pop()]
        for role, found in (("weight", weights), ("score", scores)):
            if len(found) == 1 and role in self.roles:
                self.total_parts[row.part][found[0].col, role] += 1
        if len(weights) == 1:
            self.result.total_weight = Joined(weights[0].text, weights[0].ref)
        if len(scores) == 1:
            self.result.total_score = Joined(scores[0].text, scores[0].ref)

    def _is_score(self, cell: PrintedCell) -> bool:
        if value_kind(cell.text) == "points" or "weight" not in self.roles:
            return True
        return (
            "score" in self.roles and cell.col + max(cell.span, 1) > self.positions[self.roles.index("score")]
        )

    def finish(self, has_default_levels: bool) -> Indicators:
        """Join the pieces to their rows and name the levels."""
        for body in self.rows:
            if body.is_full:
                self._place_as_part(body)
        for at, body in enumerate(self.rows):
            if not body.is_full:
                self._place_pieces(body)
                self._join(at, body)
        first, second = self._level_texts("level1"), self._level_texts("level2")
        full = [at for at, body in enumerate(self.rows) if body.is_full]
        levels = carry_levels(first, second, full, has_default_levels)
        for at in full:
            body = self.rows[at]
            cells = {
                role: Joined(_joined_text(role, pieces), pieces[0].ref)
                for role, pieces in body.cells.items()
                if pieces and role not in ("level1", "level2", "ignored", "remark")
            }
            refs = [cells[role].ref for role in _ORDER if role in cells]
            one, two = levels[at]
            if "name" in cells and all(cell.span for cell in body.printed.cells):
                cells["name"].text = _without_end(cells["name"].text, at, ((one, first), (two, second)))
            if "name" in cells and one is None:
                one, led, cells["name"].text = leading_levels(cells["name"].text)
                two = two or led
            if refs:
                self.result.rows.append(IndicatorRow(one, two, cells, refs[0], body.printed.page_no))
        return self.result

    def _place_pieces(self, body: _Body) -> None:
        """Put pieces under the column that their part of the table has there."""
        columns = self._columns_of(body.printed)
        for cell in body.printed.cells:
            role = columns.get(cell.col) or self._between(cell.col, columns)
            if role is None and is_level(cell.text, "level1"):
                role = "level1"
            if role is None:
                self._leave_out(cell)
            else:
                body.cells[role].append(cell)

    def _columns_of(self, row: PrintedRow) -> dict[int, str]:
        """{position: role} of the columns of a part of the table, by what its other rows hold there."""
        header = dict(zip(self.positions, self.roles, strict=True))
        own_layout = self.total_parts.get(row.part) if row.width != self.width else None
        counts = self.parts.get(row.part) or own_layout
        if not counts:
            return header
        columns = {col: role for (col, role), _ in sorted(counts.items(), key=lambda item: item[1])}
        is_as_header = all(header.get(col) == role for col, role in columns.items())
        return header | columns if is_as_header else columns

    def _between(self, col: int, columns: dict[int, str]) -> str | None:
        """The only role that a column may have between the known ones on its sides; None where several may."""
        left = max((self.roles.index(role) for at, role in columns.items() if at < col), default=-1)
        right = min(
            (self.roles.index(role) for at, role in columns.items() if at > col), default=len(self.roles)
        )
        return self.roles[left + 1] if right - left == 2 else None

    def _leave_out(self, cell: PrintedCell) -> None:
        """Remember a text that fits no column, unless it is left of the first column: that is the label beside all indicators."""
        if cell.col >= self.positions[0]:
            self.result.left_out.append(cell)

    def _join(self, at: int, body: _Body) -> None:
        """Add a row's pieces to the indicator that they belong to: the one above, or the one below that they begin."""
        above = next((row for row in reversed(self.rows[:at]) if row.is_full), None)
        below = next((row for row in self.rows[at + 1 :] if row.is_full), None)
        roles = [role for role in body.cells if role not in ("level1", "level2")]
        if not roles:
            return
        if below and self._begins(body, above, below):
            for role in roles:
                below.cells[role] = body.cells[role] + below.cells[role]
            return
        for role in roles:
            holder = self._open_name(at, body) if role == "name" else above
            if holder is None:
                for cell in body.cells[role]:
                    self._leave_out(cell)
            else:
                holder.cells[role].extend(body.cells[role])

    def _begins(self, body: _Body, above: _Body | None, below: _Body) -> bool:
        """Whether pieces begin the row below: there is no row above, or a column's words are whole only in this way."""
        if above is None:
            return True
        for role in ("basis", "rule", "evidence"):
            if body.cells.get(role):
                whole = {
                    fold(row.cells[role][0].text)
                    for row in self.rows
                    if row.is_full and len(row.cells.get(role, [])) == 1
                }
                piece = _joined_text(role, body.cells[role])
                upward = fold(_joined_text(role, above.cells.get(role, [])) + piece)
                downward = fold(piece + _joined_text(role, below.cells.get(role, [])))
                if (downward in whole) != (upward in whole):
                    return downward in whole
        return False

    def _open_name(self, at: int, body: _Body) -> _Body | None:
        """The row above whose name the piece continues: the nearest, unless that is whole and the piece is a mere ending."""
        rows = [row for row in reversed(self.rows[:at]) if row.is_full]
        if not rows:
            return None
        piece = fold(_joined_text("name", body.cells["name"]))
        if _TAIL_NOUN.fullmatch(piece):
            for row in rows[:2]:
                if not _CLOSED_NAME.search(fold(_joined_text("name", row.cells.get("name", [])))):
                    return row
        return rows[0]

    def _level_texts(self, role: str) -> dict[int, str]:
        return {
            at: _joined_text(role, body.cells[role])
            for at, body in enumerate(self.rows)
            if body.cells.get(role)
        }


def _without_end(name: str, at: int, levels: tuple[tuple[str | None, dict[int, str]], ...]) -> str:
    """A name without the last character of a level word that its narrow cell pushes into the next one."""
    for word, texts in levels:
        printed = next((texts[row] for row in sorted(texts, reverse=True) if row <= at), "")
        is_cut = word is not None and printed != "" and word not in fold(printed)
        if word and is_cut and name[0] == word[-1] and len(name) > 1:
            name = name[1:]
    return name


def _split_swallowed(cell: PrintedCell) -> list[PrintedCell]:
    """A cell as it is, or the cells that stand in one: a name with the target and the values beside it."""
    values = list(_VALUES_INSIDE.finditer(cell.text))
    if len(values) < 2 or not any(char.isalpha() for char in cell.text[: values[0].start()]):
        return [cell]
    name = " ".join(_VALUES_INSIDE.sub(" ", cell.text).split())
    texts = [name, *(value.group() for value in values)]
    return [PrintedCell(text.strip(), cell.col + at, cell.ref) for at, text in enumerate(texts)]


def _joined_text(role: str, pieces: list[PrintedCell]) -> str:
    """A cell's text from its pieces. A piece that only repeats the end of a value comes from the converter and is left out."""
    text = ""
    for piece in pieces:
        if text and role in _FIXED and fold(text).endswith(fold(piece.text)):
            continue
        text += piece.text
    return text
