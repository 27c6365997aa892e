"""Other layouts of one form's table, none of which changes what a figure means: how other places print the same form.

Each takes a table and its form and returns the changed table, or the blocks that stand for it; None where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ingest.document.model import Block, Cell, Table, TextLine
from ingest.document.text import fold, is_amount
from ingest.forms.grid import Row, is_header_row, is_order_row
from ingest.forms.labels import LIST_LAYOUTS
from ingest.forms.model import RecognisedForm

Layout = Callable[[Table, RecognisedForm], "Table | list[Block] | None"]
_TOTAL = re.compile(r"^(?:合计|总计)$")
_ENOUGH_ROWS = 6
_SYNONYMS = (
    {
        "科目编码": "科目代码",
        "科目名称": "项目",
        "功能分类科目": "支出功能分类",
        "合计": "总计",
        "人员经费": "人员支出",
        "公用经费": "日常公用经费",
        "一般公共预算": "一般公共预算拨款",
        "政府性基金预算": "政府性基金预算拨款",
        "国有资本经营预算": "国有资本经营预算拨款",
    },
    {
        "科目编码": "编码",
        "科目名称": "名称",
        "合计": "小计",
        "一般公共预算": "一般公共预算财政拨款",
        "政府性基金预算": "政府性基金",
        "国有资本经营预算": "国有资本经营",
    },
)
"""Words of heads and what other places print for the same."""


def layouts() -> Iterator[tuple[str, Layout]]:
    """The layouts by name."""
    yield "spaces in heads", _spaced
    yield "line breaks in heads", _broken
    for number, words in enumerate(_SYNONYMS, start=1):
        yield f"other words in heads {number}", lambda table, form, words=words: _reworded(table, form, words)  # type: ignore[misc]
    yield "numbers without separators", lambda table, _: _amounts(table, lambda text: text.replace(",", ""))
    yield "numbers with separators", lambda table, _: _amounts(table, _separated)
    yield "negative numbers in brackets", lambda table, _: _amounts(table, _bracketed)
    yield "numbers without trailing zeros", lambda table, _: _amounts(table, _trimmed)
    for mark in ("-", "—", "/"):
        yield f"{mark} for what is empty", lambda table, form, mark=mark: _marked(table, form, mark)  # type: ignore[misc]
    yield "names indented", _indented
    yield "total last", lambda table, form: _total_moved(table, form, is_last=True)
    yield "total first", lambda table, form: _total_moved(table, form, is_last=False)
    yield "column of numbers in front", _numbered
    yield "column of remarks behind", _remarked
    yield "row of column numbers", _ordered
    yield "heads crushed into one row", _crushed
    yield "title in the table", _titled
    yield "note in the last row", _noted
    yield "note below", _annotated
    yield (
        "two pages, head repeated",
        lambda table, _: _paged(table, is_repeated=True, has_number=False),
    )
    yield "two pages, head once", lambda table, _: _paged(table, is_repeated=False, has_number=False)
    yield (
        "two pages with their numbers, head repeated",
        lambda table, _: _paged(table, is_repeated=True, has_number=True),
    )
    yield (
        "two pages with their numbers, head once",
        lambda table, _: _paged(table, is_repeated=False, has_number=True),
    )
    yield "codes with spaces between their parts", _parted
    yield "money unit in the heads", _unit_in_heads


def _top(table: Table) -> int:
    """How many rows at a table's top are its header, as the reader of forms sees it."""
    for number, row in enumerate(table.grid):
        if not is_header_row(Row(row, table.page_no), bool(number)):
            return number
    return table.row_count


def _with_texts(table: Table, change: Callable[[Cell], str]) -> Table | None:
    cells = [
        replace(cell, text=text) if (text := change(cell)) != cell.text else cell for cell in table.cells
    ]
    return replace(table, cells=cells) if cells != table.cells else None


def _spaced(table: Table, _form: RecognisedForm) -> Table | None:
    top = _top(table)
    return _with_texts(
        table, lambda cell: "  ".join(cell.text.replace(" ", "")) if cell.row < top else cell.text
    )


def _broken(table: Table, _form: RecognisedForm) -> Table | None:
    top = _top(table)

    def change(cell: Cell) -> str:
        half = len(cell.text) // 2
        is_head = cell.row < top and half > 1 and "\n" not in cell.text
        return f"{cell.text[:half]}\n{cell.text[half:]}" if is_head else cell.text

    return _with_texts(table, change)


def _reworded(table: Table, form: RecognisedForm, words: dict[str, str]) -> Table | None:
    if form.layout in LIST_LAYOUTS:
        return None
    top = _top(table)
    return _with_texts(
        table, lambda cell: words.get(fold(cell.text), cell.text) if cell.row < top else cell.text
    )


def _amounts(table: Table, change: Callable[[str], str]) -> Table | None:
    top = _top(table)

    def changed(cell: Cell) -> str:
        is_money = cell.row >= top and is_amount(cell.text) and "." in cell.text and "%" not in cell.text
        return change(cell.text) if is_money else cell.text

    return _with_texts(table, changed)


def _separated(text: str) -> str:
    found = re.fullmatch(r"(-?)(\d+)(\.\d+)", text.replace(",", "").strip())
    return f"{found.group(1)}{int(found.group(2)):,}{found.group(3)}" if found else text


def _bracketed(text: str) -> str:
    return f"({text.strip().lstrip('-')})" if text.strip().startswith("-") else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") or "0"


def _marked(table: Table, form: RecognisedForm, mark: str) -> Table | None:
    top = _top(table)
    amounts = {column.index for column in form.columns if column.kind == "amount"}
    shift = table.col_count - len(form.columns)
    if shift:
        return None
    return _with_texts(
        table,
        lambda cell: mark if cell.row >= top and cell.col in amounts and not cell.text.strip() else cell.text,
    )


def _indented(table: Table, form: RecognisedForm) -> Table | None:
    top = _top(table)
    names = {column.index for column in form.columns if column.kind == "name"}
    if table.col_count != len(form.columns) or form.layout not in ("function", "economic"):
        return None

    def change(cell: Cell) -> str:
        is_name = cell.row >= top and cell.col in names and cell.text.strip() and not is_amount(cell.text)
        return f"　　{cell.text}" if is_name else cell.text

    return _with_texts(table, change)


def _total_moved(table: Table, form: RecognisedForm, is_last: bool) -> Table | None:
    top = _top(table)
    if form.layout not in ("function", "economic") or any(column.kind == "unit" for column in form.columns):
        return None
    rows = list(range(top, table.row_count))
    totals = [row for row in rows if any(cell and _TOTAL.match(fold(cell.text)) for cell in table.grid[row])]
    if (
        len(totals) != 1
        or len(rows) < _ENOUGH_ROWS
        or any(cell.row_span > 1 and cell.row >= top for cell in table.cells)
    ):
        return None
    order = [row for row in rows if row not in totals]
    order = [*order, *totals] if is_last else [*totals, *order]
    if order == rows:
        return None
    place = {row: number for number, row in enumerate(order, start=top)}
    cells = [replace(cell, row=place.get(cell.row, cell.row)) for cell in table.cells]
    return replace(table, cells=sorted(cells, key=lambda cell: (cell.row, cell.col)))


def _with_column(table: Table, at: int, head: str, body: Callable[[int], str]) -> Table | None:
    """The table with a column more, whose head is merged over all rows of heads."""
    top = _top(table)
    if not top or not table.has_spans:
        return None
    cells = [replace(cell, col=cell.col + 1) if cell.col >= at else cell for cell in table.cells]
    mark = table.cells[0].ref
    cells.append(Cell(head, 0, at, f"{mark}-new-h", top if table.has_spans else 1, 1))
    cells += [Cell(body(row - top + 1), row, at, f"{mark}-new-{row}") for row in range(top, table.row_count)]
    edges = table.col_edges
    if edges:
        edges = (*(edge - 20.0 for edge in edges[:1]), *edges) if not at else (*edges, edges[-1] + 20.0)
    return replace(
        table,
        cells=sorted(cells, key=lambda cell: (cell.row, cell.col)),
        col_count=table.col_count + 1,
        col_edges=edges,
    )


def _numbered(table: Table, form: RecognisedForm) -> Table | None:
    if any(column.header_path in ("序号", "行次") for column in form.columns):
        return None
    return _with_column(table, 0, "序号", str)


def _remarked(table: Table, _form: RecognisedForm) -> Table | None:
    return _with_column(table, table.col_count, "备注", lambda row: "含上年结转" if row == 2 else "")


def _inserted(table: Table, at: int, cells: list[Cell]) -> Table:
    """The table with a row more."""
    moved = [
        replace(cell, row=cell.row + 1)
        if cell.row >= at
        else replace(cell, row_span=cell.row_span + 1)
        if cell.row + cell.row_span > at
        else cell
        for cell in table.cells
    ]
    return replace(
        table,
        cells=sorted([*moved, *cells], key=lambda cell: (cell.row, cell.col)),
        row_count=table.row_count + 1,
    )


def _ordered(table: Table, form: RecognisedForm) -> Table | None:
    top = _top(table)
    if not top or any(is_order_row(Row(row, table.page_no)) for row in table.grid):
        return None
    mark = table.cells[0].ref
    amounts = [column.index for column in form.columns if column.kind == "amount"]
    if table.col_count != len(form.columns) or not amounts:
        return None
    texts = {col: str(number) for number, col in enumerate(amounts, start=1)}
    texts[0] = texts.get(0, "栏次")
    return _inserted(
        table,
        top,
        [Cell(texts.get(col, ""), top, col, f"{mark}-order-{col}") for col in range(table.col_count)],
    )


def _crushed(table: Table, _form: RecognisedForm) -> Table | None:
    """The heads of several rows in one, each the texts above each other in one cell."""
    top = _top(table)
    if (
        top < 2
        or not table.has_spans
        or any(is_order_row(Row(row, table.page_no)) for row in table.grid[:top])
    ):
        return None
    mark = table.cells[0].ref
    heads = []
    for col in range(table.col_count):
        texts = dict.fromkeys(
            cell.text.replace("\n", "")
            for row in table.grid[:top]
            if (cell := row[col]) and cell.text.strip()
        )
        heads.append(Cell("\n".join(texts), 0, col, f"{mark}-crushed-{col}"))
    body = [replace(cell, row=cell.row - top + 1) for cell in table.cells if cell.row >= top]
    return replace(table, cells=[*heads, *body], row_count=table.row_count - top + 1)


def _titled(table: Table, form: RecognisedForm) -> Table | None:
    mark = table.cells[0].ref
    return _inserted(
        table, 0, [Cell(form.title, 0, 0, f"{mark}-title", 1, table.col_count if table.has_spans else 1)]
    )


_NOTE = "注：本表反映部门本年度的预算安排情况。"


def _noted(table: Table, _form: RecognisedForm) -> Table | None:
    mark, last = table.cells[0].ref, table.row_count
    return _inserted(
        table, last, [Cell(_NOTE, last, 0, f"{mark}-note", 1, table.col_count if table.has_spans else 1)]
    )


def _annotated(table: Table, _form: RecognisedForm) -> list[Block] | None:
    return [table, TextLine(_NOTE, f"{table.cells[0].ref}-note", table.page_no)]


def _paged(table: Table, is_repeated: bool, has_number: bool) -> list[Block] | None:
    """The table in two, the second on the next page."""
    top = _top(table)
    cut = (top + table.row_count) // 2
    crosses = any(cell.row < cut < cell.row + cell.row_span for cell in table.cells)
    if not top or table.row_count - top < _ENOUGH_ROWS or crosses or table.page_no is None:
        return None
    heads = [replace(cell, ref=f"{cell.ref}-again") for cell in table.cells if cell.row < top]
    shift = cut - top if is_repeated else cut
    rest = [replace(cell, row=cell.row - shift) for cell in table.cells if cell.row >= cut]
    first = replace(table, cells=[cell for cell in table.cells if cell.row < cut], row_count=cut)
    second = replace(
        table,
        cells=[*heads, *rest] if is_repeated else rest,
        row_count=table.row_count - shift,
        page_no=table.page_no + 1,
    )
    number = TextLine(f"- {table.page_no} -", f"{table.cells[0].ref}-number", table.page_no)
    return [first, number, second] if has_number else [first, second]


def _parted(table: Table, form: RecognisedForm) -> Table | None:
    """Codes in one cell with spaces between their parts (201 03 01)."""
    codes = [column.index for column in form.columns if column.kind == "code"]
    if len(codes) != 1 or table.col_count != len(form.columns) or form.layout != "function":
        return None
    top = _top(table)

    def change(cell: Cell) -> str:
        folded = fold(cell.text)
        is_code = cell.row >= top and cell.col == codes[0] and re.fullmatch(r"2\d{4}(?:\d\d)?", folded)
        return " ".join(filter(None, (folded[:3], folded[3:5], folded[5:]))) if is_code else cell.text

    return _with_texts(table, change)


def _unit_in_heads(table: Table, form: RecognisedForm) -> Table | None:
    """The money unit behind the head of each amount, where the form says it above the table as well."""
    top = _top(table)
    amounts = {column.index for column in form.columns if column.kind == "amount"}
    is_numbered = any(is_order_row(Row(row, table.page_no)) for row in table.grid[:top])
    if table.col_count != len(form.columns) or not form.unit_text or is_numbered:
        return None
    unit = form.unit_text

    def change(cell: Cell) -> str:
        is_leaf = cell.row + cell.row_span == top and cell.col in amounts and cell.col_span == 1
        return f"{cell.text}（{unit}）" if is_leaf and cell.text.strip() else cell.text

    return _with_texts(table, change)
