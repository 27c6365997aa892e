"""One table that lists the indicators of several projects or units: the rows of each are a form of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.document.text import fold, is_amount
from ingest.performance.heads import column_label, paths
from ingest.performance.levels import exact_level
from ingest.performance.model import FormProblem, PrintedCell, PrintedRow
from ingest.performance.stream import Segment, indicator_roles, is_project_label
from ingest.performance.words import bare_label, header_role, is_fund
from ingest.registry import any_of

_UNIT_LABEL = re.compile(any_of("performance.unit_label"))
_BLOCK = re.compile(any_of("performance.indicator_block"))
_CODE = re.compile(r"^[0-9A-Za-z\s]{6,40}[-—]")
_MOST_HEAD_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns before the indicators: the one of names, and the label of each."""

    name: int
    first: int
    is_project: bool
    labels: dict[int, PrintedCell]
    header: PrintedRow
    level: int | None


def split_lists(segments: Iterable[Segment]) -> list[Segment]:
    """The forms of all segments; a table that lists projects or units beside their indicators is one form for each.

    The columns before the indicators (amounts, goals) belong to the name on whose first row they stand. A name that a
    list prints again below the head of the next page continues. Rows without indicators, such as sums, are no form.
    """
    whole: list[Segment] = []
    for segment in segments:
        if whole and _continues(whole[-1], segment):
            whole[-1].rows.extend(segment.rows)
            whole[-1].has_cut_row |= segment.has_cut_row
        else:
            whole.append(segment)
    return [form for segment in whole for form in _List(segment).read() or _goals(segment) or [segment]]


def _continues(former: Segment, segment: Segment) -> bool:
    """Whether a segment is the next page of a list: the same columns below the same title, or below none."""
    if segment.title not in (None, former.title):
        return False
    columns = next((own for at in range(len(former.rows)) if (own := _columns(former.rows, at)[0])), None)
    header = next((row for row in segment.rows if indicator_roles(row)), None)
    return (
        columns is not None
        and header is not None
        and [cell.col for cell in columns.header.cells]
        == [cell.col for cell in header.cells if cell.col >= columns.first]
    )


def _goals(segment: Segment) -> list[Segment]:
    """The forms of a table that lists projects with their amounts and goals in words, without indicators."""
    if segment.has_indicators or segment.statement_code != "project_performance":
        return []
    found: list[Segment] = []
    heads: dict[int, PrintedCell] = {}
    unit = ""
    for row in segment.rows:
        own = _goal_heads(row)
        if own:
            heads = own
            continue
        cells = {heads[cell.col].text: cell for cell in row.cells if cell.col in heads}
        name = next((cell for text, cell in cells.items() if _names(text)[0]), None)
        unit = next((cell.text for text, cell in cells.items() if _names(text)[1]), unit)
        pairs = [(heads[cell.col], cell) for cell in row.cells if cell.col in heads and is_amount(cell.text)]
        if name and pairs and not is_amount(name.text):
            found.append(
                replace(
                    segment,
                    source_ref=name.ref,
                    page_no=row.page_no,
                    project_name=_CODE.sub("", name.text.strip()).strip(),
                    listed_unit=unit or None,
                    has_project=True,
                    is_listed=True,
                    rows=[replace(row, cells=[cell for pair in pairs for cell in pair])],
                )
            )
    return found


def _goal_heads(row: PrintedRow) -> dict[int, PrintedCell]:
    """{column: its head} of a row that heads names of projects, amounts and goals; {} for any other row."""
    texts = [cell.text for cell in row.cells]
    has_name = any(_names(text)[0] for text in texts)
    has_amount = any(
        is_fund(text) or header_role(text, "funding") in ("initial", "adjusted") for text in texts
    )
    has_goal = any(_BLOCK.fullmatch(bare_label(text)) for text in texts)
    is_header = has_name and has_amount and has_goal and not any(is_amount(text) for text in texts)
    return {cell.col: cell for cell in row.cells} if is_header else {}


class _List:
    """Reads the rows of one segment as a list."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.columns: _Columns | None = None
        self.found: list[Segment] = []
        self.part: int | None = None
        self.has_merged = False
        self.is_coded = False
        self.was_blank = False

    def read(self) -> list[Segment]:
        """The forms; none where the table has no column of names."""
        rows, at = self.segment.rows, 0
        while at < len(rows):
            own, following = _columns(rows, at)
            if own:
                self.columns, at = own, following
                continue
            if self.columns and not _is_head_row(rows, at):
                self._add(_shifted(rows[at], self.columns), self.columns)
            at += 1
        return [form for form in self.found if len(form.rows) > 2]

    def _add(self, row: PrintedRow, columns: _Columns) -> None:
        """Put a row into the form of the name that it stands beside.

        A part without the columns of names stands beside one merged cell: the one that the page before it leaves open.
        """
        name = next((cell for cell in row.cells if cell.col == columns.name), None)
        is_first = row.part != self.part
        self.part = row.part
        former = self.found[-1] if self.found else None
        text = name.text.strip() if name else ""
        self.is_coded |= bool(_CODE.match(text))
        is_nameless = former is not None and not former.doubt and not _key(former)
        is_narrow = row.width + columns.name < columns.header.width and row.part != columns.header.part
        if (is_narrow and not is_nameless) or (name is not None and is_amount(name.text)):
            if former is None or former.doubt != "name_lost":
                self._open(row, columns, "", "name_lost")
        elif indicator_roles(row):
            if not is_nameless:
                self._open(row, columns, "", None)
            self.was_blank = True
            return
        elif name and not (is_nameless and self.is_coded and not _CODE.match(text)):
            bare = _CODE.sub("", text).strip()
            if former and is_nameless and is_first:
                self._name(former, columns, row, bare)
            elif former is None or fold(bare) != _key(former):
                self._open(row, columns, bare, None)
        elif is_first and name is None:
            is_other = (
                former and _key(former) and row.amounts_above and not _repeats(former, row.amounts_above)
            )
            if former is None or is_other:
                self._open(row, columns, "", None)
        elif is_narrow or columns.name not in row.blank:
            self.has_merged = True
        elif self.has_merged and not self.was_blank:
            self._open(row, columns, "", None)
        if self.found and any(cell.col >= columns.first for cell in row.cells):
            self.was_blank = name is None and columns.name in row.blank
            body = [cell for cell in row.cells if cell.col >= columns.first]
            self.found[-1].rows.append(replace(row, cells=body))

    def _name(self, form: Segment, columns: _Columns, row: PrintedRow, text: str) -> None:
        """Give a form whose name cell the page break cuts the name that is printed on the second page."""
        if columns.is_project:
            form.project_name = text
        else:
            form.unit_line = text
        form.rows[0] = _amounts(columns, row)

    def _open(self, row: PrintedRow, columns: _Columns, text: str, doubt: FormProblem | None) -> None:
        """Begin the form of a name. After one whose name is lost, the order of those that follow is not known."""
        if doubt is None and self.found and self.found[-1].doubt:
            doubt = "order_unknown"
        self.found.append(
            replace(
                self.segment,
                source_ref=row.cells[0].ref,
                page_no=row.page_no,
                project_name=text if columns.is_project else None,
                unit_line=self.segment.unit_line if columns.is_project else text,
                has_project=columns.is_project,
                is_listed=True,
                doubt=doubt,
                statement_code="project_performance" if columns.is_project else "overall_performance",
                rows=[_amounts(columns, row), columns.header],
            )
        )


def _shifted(row: PrintedRow, columns: _Columns) -> PrintedRow:
    """A row of a part with other columns than the header's, moved so that its level words stand below their head."""
    level = next((cell for cell in row.cells if exact_level(cell.text, "level1")), None)
    if row.width == columns.header.width or level is None or columns.level is None:
        return row
    shift = columns.level - level.col
    moved = [replace(cell, col=cell.col + shift) for cell in row.cells]
    return replace(row, cells=moved, blank=frozenset(col + shift for col in row.blank))


def _columns(rows: list[PrintedRow], at: int) -> tuple[_Columns | None, int]:
    """The columns that the row at a place heads together with the rows around it, and the first row below the header."""
    roles = indicator_roles(rows[at])
    if not roles:
        return None, at + 1
    header = rows[at]
    first = min(header.cells[number].col for number in roles)
    start = at
    while start > 0 and at - start < _MOST_HEAD_ROWS and _is_upper(rows[start - 1], header):
        start -= 1
    end = at + 1
    while end < len(rows) and _is_lower(rows[end], header, first):
        end += 1
    labels = {col: path for col, path in paths(rows[start:end]).items() if col < first}
    for col, path in labels.items():
        is_project, is_unit = _names(path[-1].text)
        if is_project or is_unit:
            heads = {other: column_label(cells) for other, cells in labels.items() if other != col}
            indicators = replace(header, cells=[cell for cell in header.cells if cell.col >= first])
            level = next(
                (header.cells[number].col for number, role in roles.items() if role == "level1"), None
            )
            return _Columns(col, first, is_project, heads, indicators, level), end
    return None, at + 1


def _names(text: str) -> tuple[bool, bool]:
    """Whether a head names projects, and whether it names units; one that names both (单位（项目）名称) names projects."""
    folded = fold(text)
    is_both = "项目" in folded and folded.endswith("名称")
    is_project = is_project_label(text) or is_both
    return is_project, not is_project and bool(_UNIT_LABEL.fullmatch(bare_label(text)))


def _is_upper(row: PrintedRow, header: PrintedRow) -> bool:
    """Whether a row may be an upper row of a header: labels only, in the same run of rows."""
    first = min(header.cells[number].col for number in indicator_roles(header))
    return (
        row.part == header.part
        and len(row.cells) > 1
        and not indicator_roles(row)
        and not any(char.isdigit() for cell in row.cells for char in cell.text)
        and all(_BLOCK.fullmatch(bare_label(cell.text)) for cell in row.cells if cell.col >= first)
    )


def _is_lower(row: PrintedRow, header: PrintedRow, first: int) -> bool:
    """Whether a row heads the funds below a merged head of amounts."""
    return row.part == header.part and all(cell.col < first and is_fund(cell.text) for cell in row.cells)


def _is_head_row(rows: list[PrintedRow], at: int) -> bool:
    """Whether a row is an upper row of a header that is printed again below it."""
    return any(
        indicator_roles(rows[below]) and all(_is_upper(rows[each], rows[below]) for each in range(at, below))
        for below in range(at + 1, min(at + _MOST_HEAD_ROWS + 1, len(rows)))
    )


def _repeats(form: Segment, amounts: frozenset[str]) -> bool:
    """Whether amounts are those of a form: its cells are printed again where the page break cuts them."""
    return any(fold(cell.text) in amounts for cell in form.rows[0].cells)


def _key(form: Segment) -> str:
    return fold((form.project_name if form.has_project else form.unit_line) or "")


def _amounts(columns: _Columns, row: PrintedRow) -> PrintedRow:
    """The amounts beside a name, each behind the label of its column, as a row of labels and amounts."""
    pairs = [
        (columns.labels[cell.col], cell)
        for cell in row.cells
        if cell.col in columns.labels and is_amount(cell.text)
    ]
    return replace(row, cells=[cell for pair in pairs for cell in pair])
