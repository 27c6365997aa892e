"""Checks that forms are read the same however their tables are laid out.

    python -m tests.long.vary_tables [FILE ...] [--seed N] [--misses N]

Reads the forms of each document (of sample documents where no file is named), changes one thing in each of its tables that
changes no figure's meaning (a blank column, the order of columns, codes in one or three columns, merged cells repeated or
lost, another place of the money unit, another way to write the title, and the layouts of ``table_layouts``), reads them again, and compares what every figure is
said to be. Prints for each change how many figures are read differently. Exit status 1 where there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from operator import is_
from pathlib import Path
from random import Random

from ingest.cover.cover import read_cover
from ingest.document.model import Block, Cell, Document, Table, TextLine, expand_spans
from ingest.document.text import fold, is_amount, printed_unit
from ingest.forms.flattened import restore_tables
from ingest.forms.grid import Row, is_order_row
from ingest.forms.model import RecognisedForm
from ingest.forms.recognise import recognise_forms
from ingest.readers import read_document
from ingest.registry import is_header_word, titled_form
from samples.documents import KINDS
from samples.pdf import render_pdf
from samples.prose.wordings import VOICES
from tests.long.table_layouts import Layout, layouts

Meaning = tuple[object, ...]
Change = Callable[[Table], Table | None]
_SAYS_NOTHING = ("neutral", "span", "role", "by")
_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_COLUMN_WIDTH = 20.0
_NEAR = 6
"""How many lines above a table its title and its money unit are looked for."""
_TITLES = (
    "附表{n}：{title}",
    "公开{n:02d}表 {title}",
    "云川市水务局2026年{title}",
    "{n}.{title}",
    "{title}（云川市水务局）",
    "{title}（公开{n:02d}表）",
    "表{n}-1 {title}",
    "2026年部门预算公开表{n}：{title}",
)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=3)
    arguments = parser.parse_args()
    figures, misses = Counter[str](), Counter[str]()
    for name, data in documents(arguments.files):
        for change, figure_count, found in compare(data, arguments.seed):
            figures[change] += figure_count
            misses[change] += len(found)
            for before, after in found[: arguments.misses]:
                print(name, change, "\n   ", before, "\n   ", after)
    print(f"{'change':40}{'figures':>9}{'differ':>9}")
    for change, count in figures.items():
        print(f"{change:40}{count:9}{misses[change]:9}")
    sys.exit(misses.total() > 0)


def documents(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The named files, else a sample document of each kind."""
    if files:
        yield from ((path.name, path.read_bytes()) for path in files)
        return
    for number, (kind, make) in enumerate(sorted(KINDS.items()), start=1):
        random = Random(number)
        disclosure = make(random, f"{kind}_{number}", random.choice(VOICES))
        yield kind, render_pdf(disclosure.document)[0]


def compare(data: bytes, seed: int) -> Iterator[tuple[str, int, list[tuple[Meaning, Meaning | None]]]]:
    """Each change of a document, with the number of its figures and those that are read differently: before and after."""
    document = restore_tables(read_document(data))
    year = read_cover(document).fiscal_year
    forms = recognise_forms(document, year)
    before = meanings(forms)
    for change, changed in changes(document, forms, Random(seed)):
        if changed is not None:
            after = meanings(recognise_forms(changed, year))
            differ = [(what, after.get(ref)) for ref, what in before.items() if after.get(ref) != what]
            yield change, len(before), differ


def meanings(forms: list[RecognisedForm]) -> dict[str, Meaning]:
    """What each figure is said to be, by its place."""
    return {
        cell.source_ref: (
            form.statement_code,
            form.unit_text,
            cell.side,
            cell.row_kind,
            cell.line_code,
            cell.line_fund_code,
            (cell.code_text or "").replace(" ", ""),
            fold(cell.label or ""),
            cell.project_name,
            cell.budget_unit_name,
            tuple(sorted((word, said) for word, said in cell.words.items() if word not in _SAYS_NOTHING)),
            cell.problem,
        )
        for form in forms
        for cell in form.cells
        if any(char.isdigit() for char in cell.cell_text)
    }


def changes(
    document: Document, forms: list[RecognisedForm], random: Random
) -> Iterator[tuple[str, Document | None]]:
    """The changes by name, each with the changed document; None where there is nothing to change."""
    tables = {id(table): (form, table, count) for form, table, count in tables_of(document, forms)}
    whole = {key: found for key, found in tables.items() if found[2] == 1}
    places = {
        key: random.choice(inner)
        for key, (_, table, _) in whole.items()
        if (inner := [edge for edge in boundaries(table) if 0 < edge < table.col_count])
    }
    coded = {key: found for key, (form, _, _) in whole.items() if (found := code_and_name(form))}

    def each(keys: object, change: Change) -> Document | None:
        return with_tables(document, dict.fromkeys(keys, change))  # type: ignore[attr-defined]

    yield "blank column on the left", each(tables, lambda table: with_blank(table, 0))
    yield "blank column on the right", each(tables, lambda table: with_blank(table, table.col_count))
    yield "blank column between", each(places, lambda table: with_blank(table, places[id(table)]))
    yield "columns exchanged", each(whole, lambda table: exchanged(table, random))
    yield "merged cells lost", each(tables, lambda table: unmerged(table, is_repeated=False))
    yield "merged cells repeated in headers", each(tables, lambda table: unmerged(table, is_repeated=True))
    yield "full-width digits", each(tables, wide)
    for pattern in ("{}{}", "[{}]{}", "{} {}", "{}-{}"):
        yield (
            f"code and name in one cell, {pattern.format('201', '某')}",
            each(coded, lambda table, like=pattern: joined(table, *coded[id(table)], like)),  # type: ignore[misc]
        )
    for name, layout in layouts():
        yield name, with_layout(document, whole, layout)
    yield "codes in three columns", each(coded, lambda table: split(table, coded[id(table)][0]))
    for place in ("above the title", "below the title", "behind the title", "in the table"):
        yield f"money unit {place}", with_unit(document, place)
    for number, pattern in enumerate(_TITLES):
        yield f"title {pattern.format(n=number, title='…')}", with_titles(document, pattern)


def with_layout(
    document: Document, whole: dict[int, tuple[RecognisedForm, Table, int]], layout: Layout
) -> Document | None:
    """The document with its forms' tables in another layout, which may be lines and tables; None where none changes."""
    blocks: list[Block] = []
    heads = Counter(map(top_texts, document.tables()))
    for block in document.blocks:
        is_one = isinstance(block, Table) and id(block) in whole and heads[top_texts(block)] == 1
        found = layout(block, whole[id(block)][0]) if isinstance(block, Table) and is_one else None
        blocks.extend(found if isinstance(found, list) else [found or block])
    is_same = len(blocks) == len(document.blocks) and all(map(is_, blocks, document.blocks))
    return None if is_same else replace(document, blocks=blocks)


def top_texts(table: Table) -> tuple[str, ...]:
    """What a table's first row prints: a form on several pages prints it on each."""
    return tuple(cell.text if cell else "" for cell in table.grid[0])


def tables_of(document: Document, forms: list[RecognisedForm]) -> Iterator[tuple[RecognisedForm, Table, int]]:
    """The tables of the statutory forms, each with its form and the number of tables that the form has."""
    for form in forms:
        refs = {cell.source_ref for cell in form.cells}
        found = [table for table in document.tables() if any(cell.ref in refs for cell in table.cells)]
        yield from ((form, table, len(found)) for table in found)


def with_tables(document: Document, changed: dict[int, Change]) -> Document | None:
    """The document with the changed tables; None where no table changes."""
    blocks: list[Block] = []
    for block in document.blocks:
        table = changed[id(block)](block) if isinstance(block, Table) and id(block) in changed else None
        blocks.append(table or block)
    is_same = all(one is other for one, other in zip(blocks, document.blocks, strict=True))
    return None if is_same else replace(document, blocks=blocks)


def boundaries(table: Table) -> list[int]:
    """The edges of columns that no cell crosses."""
    crossed = {edge for cell in table.cells for edge in range(cell.col + 1, cell.col + cell.col_span)}
    return [edge for edge in range(table.col_count + 1) if edge not in crossed]


def with_blank(table: Table, at: int) -> Table:
    """The table with an empty column."""
    cells = [
        replace(cell, col=cell.col + 1)
        if cell.col >= at
        else replace(cell, col_span=cell.col_span + 1)
        if cell.col + cell.col_span > at
        else cell
        for cell in table.cells
    ]
    grid = expand_spans(cells, table.row_count, table.col_count + 1)
    mark = table.cells[0].ref
    cells += [Cell("", row, at, f"{mark}-{row}-{at}") for row, line in enumerate(grid) if line[at] is None]
    edges = table.col_edges
    if edges:
        edges = (*edges[: at + 1], *(edge + _COLUMN_WIDTH for edge in edges[at:]))
    return replace(table, cells=cells, col_count=table.col_count + 1, col_edges=edges)


def head_rows(table: Table) -> int:
    """How many rows at a table's top print heads only."""
    for number, row in enumerate(table.grid):
        texts = [cell.text for cell in row if cell and cell.text.strip()]
        if not any(map(is_header_word, texts)) or any(map(is_amount, texts)):
            return number
    return table.row_count


def exchanged(table: Table, random: Random) -> Table | None:
    """The table with two neighbouring heads' columns of amounts exchanged; None where there are none."""
    top = head_rows(table)
    edges = boundaries(table)
    blocks = [
        (left, right)
        for left, right in pairwise(edges)
        if any(is_amount_column(table, col, top) for col in range(left, right))
        and all(is_amount_column(table, col, top) for col in range(left, right))
    ]
    pairs = [(one, other) for one, other in pairwise(blocks) if one[1] == other[0]]
    if not top or not table.has_spans or not pairs or is_numbered(table):
        return None
    (left, middle), (_, right) = random.choice(pairs)
    moves = dict.fromkeys(range(left, middle), right - middle) | dict.fromkeys(
        range(middle, right), left - middle
    )
    cells = [replace(cell, col=cell.col + moves.get(cell.col, 0)) for cell in table.cells]
    widths = [after - before for before, after in pairwise(table.col_edges or ())]
    widths = widths[:left] + widths[middle:right] + widths[left:middle] + widths[right:]
    found = [table.col_edges[0]] if table.col_edges else []
    for width in widths:
        found.append(found[-1] + width)
    return replace(table, cells=cells, col_edges=tuple(found) or None)


def is_numbered(table: Table) -> bool:
    """Whether a row numbers the columns, which then are in order."""
    return any(is_order_row(Row(row, table.page_no)) for row in table.grid)


def is_amount_column(table: Table, col: int, top: int) -> bool:
    """Whether a column prints amounts that are not codes, and nothing else."""
    texts = [fold(cell.text) for row in table.grid[top:] if (cell := row[col]) and cell.text.strip()]
    return bool(texts) and all(map(is_amount, texts)) and not all(map(str.isdigit, texts))


def unmerged(table: Table, is_repeated: bool) -> Table | None:
    """The table as flat text prints it: the text of a merged cell once, or at each place that it covers."""
    if not table.has_spans:
        return None
    cells = [
        replace(cell, row_span=1, col_span=1)
        if (row, col) == (cell.row, cell.col)
        else Cell(cell.text if is_repeated else "", row, col, f"{cell.ref}-{row}-{col}")
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    ]
    return replace(table, cells=cells, has_spans=False, col_edges=None)


def wide(table: Table) -> Table:
    """The table with full-width numbers."""
    cells = [
        replace(cell, text=cell.text.translate(_WIDE)) if is_amount(cell.text) else cell
        for cell in table.cells
    ]
    return replace(table, cells=cells)


def code_and_name(form: RecognisedForm) -> tuple[int, int] | None:
    """The columns of codes and of names of a form that has one of each beside each other."""
    kinds = [column.kind for column in form.columns]
    if form.layout not in ("function", "economic") or {"unit", "economic", "government"} & set(kinds):
        return None
    if kinds.count("code") != 1 or kinds.count("name") != 1 or kinds.index("name") != kinds.index("code") + 1:
        return None
    return kinds.index("code"), kinds.index("name")


def joined(table: Table, code: int, name: int, like: str) -> Table:
    """The table with code and name in one column."""
    names = {cell.row: cell for cell in table.cells if cell.col == name and cell.col_span == 1}
    cells = []
    for cell in table.cells:
        beside = names.get(cell.row) if cell.col == code and cell.col_span == 1 else None
        if beside is not None:
            folded = fold(cell.text)
            text = like.format(folded, beside.text) if _CODE.fullmatch(folded) else beside.text or cell.text
            cells.append(replace(cell, text=text))
        elif cell.col == name and cell.col_span == 1:
            continue
        elif cell.col <= name < cell.col + cell.col_span:
            cells.append(replace(cell, col_span=cell.col_span - 1))
        else:
            cells.append(replace(cell, col=cell.col - 1) if cell.col > name else cell)
    edges = table.col_edges
    edges = (*edges[: name + 1], *edges[name + 2 :]) if edges else None
    return replace(table, cells=cells, col_count=table.col_count - 1, col_edges=edges)


def split(table: Table, code: int) -> Table:
    """The table with class, section and item of each code in columns of their own."""
    top = head_rows(table)
    wider = with_blank(with_blank(table, code + 1), code + 1)
    cells = []
    for cell in wider.cells:
        folded = fold(cell.text)
        if cell.col_span == 1 and code < cell.col <= code + 2:
            continue
        if cell.row < top and cell.col == code and cell.col_span == 1:
            cells.append(replace(cell, col_span=3))
        elif cell.row < top or cell.col != code or cell.col_span > 1:
            cells.append(cell)
        else:
            parts = [folded[:3], folded[3:5], folded[5:7]] if _CODE.fullmatch(folded) else [cell.text, "", ""]
            last = max((at for at, part in enumerate(parts) if part), default=0)
            cells += [
                replace(cell, col=code + at, text=part, ref=cell.ref if at == last else f"{cell.ref}-{at}")
                for at, part in enumerate(parts)
            ]
    return replace(wider, cells=cells)


def with_unit(document: Document, place: str) -> Document | None:
    """The document with each form's money unit at another place."""
    blocks: list[Block] = []
    lines: list[TextLine] = []
    for block in document.blocks:
        if isinstance(block, TextLine):
            lines.append(block)
            continue
        blocks += _moved(lines, block, place)
        lines = []
    changed = [*blocks, *lines]
    return replace(document, blocks=changed) if changed != document.blocks else None


def _moved(lines: list[TextLine], table: Table, place: str) -> list[Block]:
    near = range(max(0, len(lines) - _NEAR), len(lines))
    units = [at for at in near if printed_unit(lines[at].text)]
    if not units or not any((form := titled_form(lines[at].text)) and form.statement_code for at in near):
        return [*lines, table]
    unit = lines[units[-1]]
    rest = [line for line in lines if line is not unit]
    title = max(at for at, line in enumerate(rest) if titled_form(line.text))
    if place == "above the title":
        rest.insert(title, unit)
    elif place == "below the title":
        rest.insert(title + 1, unit)
    elif place == "behind the title":
        rest[title] = replace(rest[title], text=f"{rest[title].text}（单位：{printed_unit(unit.text)}）")
    else:
        top = Cell(unit.text, 0, 0, f"{unit.ref}-top", 1, table.col_count if table.has_spans else 1)
        cells = [top, *(replace(cell, row=cell.row + 1) for cell in table.cells)]
        table = replace(table, cells=cells, row_count=table.row_count + 1)
    return [*rest, table]


def with_titles(document: Document, pattern: str) -> Document | None:
    """The document with the titles of its forms written in another way, each title in one way wherever it is printed."""
    numbers: dict[str, int] = {}
    blocks: list[Block] = []
    for at, block in enumerate(document.blocks):
        form = titled_form(block.text) if isinstance(block, TextLine) else None
        stands_above = any(isinstance(other, Table) for other in document.blocks[at + 1 : at + _NEAR - 1])
        if isinstance(block, TextLine) and form and form.statement_code and stands_above:
            bare = re.sub(
                r"^(?:[一二三四五六七八九十]+、|[^\d。]{0,4}\d[\d-]*表?[:：、. ]?)", "", block.text.strip()
            )
            number = numbers.setdefault(bare, len(numbers) + 1)
            block = replace(block, text=pattern.format(n=number, title=bare))
        blocks.append(block)
    return replace(document, blocks=blocks) if numbers else None


if __name__ == "__main__":
    main()
