"""Document -> statutory forms. Knows forms and nothing about media; no rule looks at a department's name."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile

from ingest.document.model import Document, TextLine
from ingest.document.text import (
    FORM_NUMBER,
    NOTE,
    PAGE_NUMBER,
    fold,
    is_amount,
    printed_unit,
    running_text,
    squeeze,
)
from ingest.forms.columns import Column, tell_changes, tell_parts_apart, tell_years_apart
from ingest.forms.grid import CODE, CODED_LABEL, Piece, is_known_line, is_order_row
from ingest.forms.labels import LIST_LAYOUTS, label_of
from ingest.forms.listing import ListReader
from ingest.forms.model import FormCell, RecognisedForm
from ingest.forms.order import find_gaps, headerless_project_columns
from ingest.forms.rows import RowReader
from ingest.forms.stitch import OpenForm, goes_on, goes_on_below_title, is_cut_label, stream
from ingest.forms.units import name_units
from ingest.registry import (
    Layout,
    TitleForm,
    any_of,
    bare_header,
    cuts_title_word,
    forms,
    header_attributes,
    titled_form,
    titled_statements,
)

_CONTEXT_LINES = 15
_SENTENCE, _PLACES = re.compile(r"[，。；]"), re.compile(r"\d[.,，]\d")
_HEADING = re.compile(r"^(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)")
_TITLE_HEAD = re.compile(rf"^[^。;,:!?]{{0,20}}{any_of('form.title_begins')}[^。;,:!?]{{0,10}}(?<!表)$")
"""A line that may be the first half of a title that continues below."""
_PLAIN_LINE = re.compile(r"^[^。;,:!?]{1,40}$")
_SAME_SIZE = 0.1
"""The share by which the heights of two lines of one size may differ."""
_TITLE_ENDS = ("表", ")")
"""How the last line of a title ends."""
_NOTE_ENDS = "。！!；;：:"
"""What ends a note, or a part of one, so that the next line does not continue it."""
_BY_CLASS = re.compile(any_of("form.by_economic_class"))
_DESCRIBED = "project"
"""As which form's the columns of a table that describes projects are read."""
_DESCRIPTION = re.compile(rf"^{any_of('list.description_head')}$")
_TELLING_HEADS = (
    (
        "revenue",
        "source",
        ("superior_subsidy", "institutional", "operating", "affiliate_remittance", "other"),
    ),
    (
        "expenditure",
        "measure",
        ("basic", "project", "remitted_to_superior", "operating", "subsidy_to_affiliates"),
    ),
    ("three_public", "item", ("overseas_travel", "vehicle_purchase", "vehicle_operation", "reception")),
)
"""What the heads of a form all say, each once, that no other form's do."""
_FUNDS = ("government_fund", "state_capital")
"""Forms that some places print two-sided."""
_CODED_LAYOUTS = ("function", "economic", "project", "detail")


def recognise_forms(document: Document, fiscal_year: int | None) -> list[RecognisedForm]:
    """The statutory forms of a document in printed order, each stitched over its page breaks.

    ``fiscal_year`` tells a prior-year column by its printed year. A table whose title no registry entry
    knows, or whose columns do not fit its title's form, is not a form and is left out.
    """
    found: list[OpenForm] = []
    unread: list[OpenForm] = []
    loose: list[int] = []
    context: list[TextLine] = []
    printed = Counter(running_text(line.text, line.page_no) for line in document.lines())
    current: OpenForm | None = None
    items = stream(document, printed)
    for place, item in enumerate(items):
        if isinstance(item, TextLine):
            context.append(item)
            if current:
                _read_line_below(current, item)
            continue
        opened = _open_or_continue(item, context, current, printed)
        if opened and opened is not current:
            fits = _fits(opened)
            if fits or not _is_by_class(opened):
                (found if fits else unread).append(opened)
            opened.place = place
            opened = opened if fits else None
        elif opened is None and not item.header:
            loose.append(place)
        current = opened
        context = []
    found = _with_one_of_each(found)
    for each in found:
        _read_rows(each, fiscal_year)
        if each.is_description:
            each.form.statement_code = "project_performance"
    read = {each.form.statement_code for each in found}
    refused = [each for each in unread if each.form.statement_code not in read and _refuse_rows(each)]
    told = _tell_by_order(items, loose, found, read | {each.form.statement_code for each in refused})
    for each, columns in told:
        _read_rows(each, fiscal_year, columns)
    found = sorted([*found, *(each for each, _ in told)], key=lambda each: each.place)
    recognised = [*found, *refused]
    name_units([each.form for each in recognised])
    for number, each in enumerate(recognised, start=1):
        each.form.form_no = number
        each.form.piece_refs = [
            [cell.ref for cell in row.distinct()]
            for piece in each.pieces
            for row in (piece.header or piece.body)[:1]
        ]
    return [each.form for each in recognised]


def _read_line_below(current: OpenForm, line: TextLine) -> None:
    """Keep the notes printed below a form; a note, like a title, ends the form. What stands below the title of another is not its own."""
    folded = fold(line.text)
    is_note = NOTE.match(folded)
    if titled_statements(line.text) or FORM_NUMBER.match(folded):
        current.is_closed = True
        current.is_passed = current.is_passed or (not is_note and not FORM_NUMBER.match(folded))
        current.note = None
    elif current.is_passed:
        return
    elif is_note:
        current.is_closed = True
        current.note = line
        current.form.notes.append(squeeze(line.text))
    elif current.note:
        ends = (_HEADING.match(folded), PAGE_NUMBER.match(folded), printed_unit(line.text))
        if any(ends) or line.page_no != current.note.page_no:
            current.note = None
            return
        current.note = line
        if current.form.notes[-1][-1] in _NOTE_ENDS:
            current.form.notes.append(squeeze(line.text))
        else:
            current.form.notes[-1] += squeeze(line.text)
    elif not current.is_closed and _is_row(line.text):
        current.form.has_unread_rows = True


def _is_row(text: str) -> bool:
    """Whether a line has figures with decimals or thousands, and is no sentence."""
    return not _SENTENCE.search(text) and any(
        is_amount(word) and _PLACES.search(word) for word in text.split()
    )


def _title_above(context: list[TextLine]) -> tuple[str, TitleForm] | None:
    """The nearest form title above a table, on its page or the one before, with the form that it names."""
    lines = context[-_CONTEXT_LINES:][::-1]
    for number, line in enumerate(lines):
        folded = fold(line.text)
        if not folded.endswith(_TITLE_ENDS) and not titled_statements(line.text):
            continue
        if FORM_NUMBER.match(folded):
            continue
        named = titled_form(line.text)
        text = line.text
        for other in lines[number + 1 : number + 3]:
            may_join = _may_begin_title(other, text, line, named)
            text = other.text + text
            if not may_join:
                break
            if not titled_form(other.text) and (joined := titled_form(text)) and joined.statement_code:
                return squeeze(text), joined
        if named:
            return squeeze(line.text), named
    return None


def _may_begin_title(other: TextLine, below: str, line: TextLine, named: TitleForm | None) -> bool:
    """Whether a line may be the first part of a title that ends in the line below it.

    It may where the line below is no form's title by itself, where it looks like a title's beginning, or where both are
    printed like one text that is broken over two lines.
    """
    folded = fold(other.text)
    if NOTE.match(folded) or printed_unit(other.text) or FORM_NUMBER.match(folded):
        return False
    if not named or _TITLE_HEAD.match(folded) or cuts_title_word(other.text, below):
        return True
    is_plain = _PLAIN_LINE.match(folded) is not None and not _HEADING.match(folded)
    return is_plain and (not named.statement_code or _are_broken(other, line))


def _are_broken(above: TextLine, below: TextLine) -> bool:
    """Whether two lines are printed in one size, one right below the other and both centred at one place."""
    if above.box is None or below.box is None or above.page_no != below.page_no:
        return False
    height = below.box[3] - below.box[1]
    gap = below.box[1] - above.box[3]
    middles = [(box[0] + box[2]) / 2 for box in (above.box, below.box)]
    return (
        abs(above.box[3] - above.box[1] - height) <= _SAME_SIZE * height
        and -height / 2 < gap < height
        and abs(middles[0] - middles[1]) < height
    )


def _open_or_continue(
    piece: Piece,
    context: list[TextLine],
    current: OpenForm | None,
    printed: Counter[str],
) -> OpenForm | None:
    """The open form where the piece continues it, else the form that its title names; None without a title."""
    title = _title_above(context)
    if current and title is None and goes_on(current, piece, context, printed):
        return current
    if current and title and goes_on_below_title(current, piece, title[0]):
        current.is_closed, current.is_passed, current.note = False, False, None
        return current
    if title is None and _describes_projects(piece):
        described = _opened(_form(_DESCRIBED, "project", _line_above(context), context, piece), piece)
        described.is_description = True
        return described
    if title is None and (told := _told_by_heads(piece)):
        opened = _opened(_form(told, forms()[told].layout, _line_above(context), context, piece), piece)
        opened.is_told_by_heads = True
        return opened
    if title is None or not title[1].statement_code:
        return None
    statement_code = title[1].statement_code
    layout = title[1].layout or forms()[statement_code].layout
    if layout == "economic" and title[1].layout is None and _prints_codes(piece, "2"):
        layout = "function"
    elif layout == "function" and _BY_CLASS.search(fold(title[0])) and _prints_codes(piece, "35"):
        layout = "economic"
    if layout == "function" and statement_code in _FUNDS and piece.header and _is_two_sided(piece):
        layout = "two_sided"
    if layout == "project" and _lists_classes(piece, statement_code):
        layout = "economic"
    return _opened(_form(statement_code, layout, title[0], context, piece), piece)


def _opened(form: RecognisedForm, piece: Piece) -> OpenForm:
    opened = OpenForm(form, piece, piece.header)
    opened.pieces.append(piece)
    opened.starts.add(0)
    opened.rows.extend(piece.body)
    return opened


def _form(
    statement_code: str, layout: Layout, title: str, above: list[TextLine], piece: Piece
) -> RecognisedForm:
    """A form that begins with a piece, its unit read from the lines above."""
    unit = next(
        (found for line in reversed(above[-_CONTEXT_LINES:]) if (found := printed_unit(line.text))), None
    )
    return RecognisedForm(
        form_no=0,
        statement_code=statement_code,
        title=title,
        unit_text=unit,
        page_from=piece.page_no,
        page_to=piece.page_no,
        score=_score(piece, statement_code),
        layout=layout,
    )


def _fits(opened: OpenForm) -> bool:
    """Whether the columns of a form's first piece are those of its layout."""
    piece, layout, statement_code = opened.first, opened.form.layout, opened.form.statement_code
    if layout == "performance":
        return True
    if not piece.header or not piece.is_placed:
        return False
    columns = opened.first_columns
    kinds = [column.kind for column in columns]
    groups = {column.group for column in columns if column.kind == "amount"}
    if layout == "two_sided":
        return "name" in kinds and len(groups) >= 2
    if layout == "three_public":
        return "amount" in kinds and (
            len({column.words.get("item") for column in columns if column.kind == "amount"} - {None}) >= 3
            or sum(
                1
                for row in piece.body
                if any(is_known_line(cell.text, statement_code) for cell in row.distinct())
            )
            >= 3
        )
    if layout in LIST_LAYOUTS:
        nouns = {column.words["label"] for column in columns if column.kind == "label"}
        return "amount" in kinds and bool(nouns - {"unit", "fund", "unit_or_function"})
    if layout in _CODED_LAYOUTS:
        labels = {"code", "name", "project", "economic"} | ({"unit"} if layout != "project" else set())
        has_labels = bool(labels & set(kinds)) or _is_one_record(opened)
        if _is_by_class(opened):
            classes = [column for column in columns if {"economic", "government"} & set(column.words)]
            has_labels = has_labels and len(classes) > 1  # rows of functions crossed with columns of classes
        return "amount" in kinds and has_labels and not _is_two_sided(piece)
    return False


def _is_by_class(opened: OpenForm) -> bool:
    """Whether a form that its layout makes one of functions is by economic class, as its title says."""
    return opened.form.layout == "function" and bool(_BY_CLASS.search(fold(opened.form.title or "")))


def _heads(piece: Piece) -> list[list[str]]:
    """The texts over each column from the top down, but for numbers of columns."""
    rows = [row for row in piece.header if not is_order_row(row)]
    return [[cell.text for row in rows if (cell := row.cells[col])] for col in range(piece.col_count)]


def _lists_classes(piece: Piece, statement_code: str) -> bool:
    """Whether a table that its title calls one of projects names none: its rows are economic classes."""
    if not piece.header:
        return False
    paths = _heads(piece)
    nouns = {label_of(path, statement_code) for path in paths}
    return "economic" in nouns and not nouns & {"project", "unit_or_project", "parent", "function"}


def _describes_projects(piece: Piece) -> bool:
    """Whether a table without a title lists projects with an amount and a description of each, as its heads say."""
    if not piece.header or not piece.is_placed:
        return False
    heads = _heads(piece)
    said = [[header_attributes(text, _DESCRIBED) for text in path] for path in heads]
    nouns = [label_of(path, _DESCRIBED) for path in heads]
    is_described = any(_DESCRIPTION.match(fold(path[-1])) for path in heads if path)
    has_amounts = any("basis" in each or "neutral" in each for path in said for each in path)
    return (
        nouns.count("project") == 1
        and is_described
        and has_amounts
        and all(path and any(each) for path, each in zip(heads, said, strict=True))
    )


def _told_by_heads(piece: Piece) -> str | None:
    """The form of a table without a title, where its heads are those of one form and no other; else None."""
    if not piece.header or not piece.is_placed:
        return None
    heads = [path[-1] for path in _heads(piece) if path]
    for statement_code, attribute, values in _TELLING_HEADS:
        said = [header_attributes(head, statement_code).get(attribute) for head in heads]
        if all(said.count(value) == 1 for value in values):
            return statement_code
    return None


def _with_one_of_each(found: list[OpenForm]) -> list[OpenForm]:
    """The forms without those that only their heads tell, where the document has another form of the kind."""
    counts = Counter(each.form.statement_code for each in found)
    return [each for each in found if not each.is_told_by_heads or counts[each.form.statement_code] == 1]


def _line_above(context: list[TextLine]) -> str:
    """What stands above a table without a title."""
    return squeeze(context[-1].text) if context else ""


def _prints_codes(piece: Piece, begins: str) -> bool:
    """Whether most codes that a piece's rows begin with are of one classification: those of functions begin with 2, others with 3 and 5."""
    first = [fold(cell.text) for row in piece.body for cell in row.distinct()[:1]]
    codes = [text[0] for text in first if CODE.match(text) or CODED_LABEL.match(text)]
    return 2 * sum(code in begins for code in codes) > len(codes)


def _is_one_record(opened: OpenForm) -> bool:
    """Whether a form prints no labels and one row: the amounts of the form as a whole, as its heads say."""
    rows = [row for row in opened.first.body if any(is_amount(cell.text) for cell in row.distinct())]
    return opened.form.layout == "function" and len(rows) == 1 and len(opened.first.body) == 1


def _is_two_sided(piece: Piece) -> bool:
    """Whether a piece's top header row sets revenue and expenditure side by side."""
    texts = {bare_header(cell.text.split("\n")[0]) for cell in piece.header[0].distinct()}
    return {"收入", "支出"} <= texts


def _score(piece: Piece, statement_code: str) -> int:
    return sum(
        1 for row in piece.header for cell in row.distinct() if header_attributes(cell.text, statement_code)
    )


def _refuse_rows(opened: OpenForm) -> bool:
    """Keep the figures of a table that its title names as a form but whose columns do not fit: they are not placed.

    False where it has no figures or no header: then it is not a form.
    """
    for number, row in enumerate(opened.rows, start=1):
        for cell in row.distinct():
            if opened.header and is_amount(cell.text) and not CODE.match(fold(cell.text)):
                opened.form.cells.append(
                    FormCell(
                        row_no=number,
                        col_no=cell.col,
                        side=None,
                        row_kind="unknown",
                        line_code=None,
                        line_fund_code=None,
                        code_text=None,
                        label=None,
                        words={},
                        header_path="",
                        cell_text=cell.text,
                        source_ref=cell.ref,
                        page_no=row.page_no,
                        problem="layout_unknown",
                    )
                )
    return bool(opened.form.cells)


def _tell_by_order(
    items: list[TextLine | Piece], loose: list[int], found: list[OpenForm], read: set[str]
) -> list[tuple[OpenForm, list[Column]]]:
    """The project forms among the tables without title and header, with their columns."""
    names = {fold(cell.label) for each in found for cell in each.form.cells if cell.label}
    told = []
    for gap in find_gaps(items, read) if loose else []:
        places = [place for place in loose if gap.start < place < gap.stop]
        pieces = [item for place in places if isinstance(item := items[place], Piece)]
        if forms()[gap.statement_code].layout != "project" or len({p.col_count for p in pieces}) != 1:
            continue
        rows = [row for piece in pieces for row in piece.body]
        columns = headerless_project_columns(rows, pieces[0].col_count, names)
        if columns is None:
            continue
        lines = takewhile(lambda item: isinstance(item, TextLine), reversed(items[: places[0]]))
        above = [line for line in lines if isinstance(line, TextLine)][::-1]
        form = _form(gap.statement_code, "project", gap.title, above, pieces[0])
        form.page_to = pieces[-1].page_no
        form.is_continued = len(pieces) > 1
        told.append((OpenForm(form, pieces[0], [], places[0], pieces, rows), columns))
    return told


def _read_rows(opened: OpenForm, fiscal_year: int | None, columns: list[Column] | None = None) -> None:
    """Read a form's rows; ``columns`` are given where the form has no header to read them from."""
    form, layout = opened.form, opened.form.layout
    if layout == "performance":
        form.row_count = len(opened.rows)
        return
    columns = columns or opened.read_columns()
    units = [column.unit for column in columns if column.unit]
    form.unit_text = form.unit_text or (units[0] if units else None)
    tell_years_apart(columns, fiscal_year)
    tell_changes(columns, opened.rows)
    tell_parts_apart(columns)
    form.columns = columns
    reader: RowReader | ListReader = (
        ListReader(form, columns)
        if layout in LIST_LAYOUTS
        else RowReader(form, columns, opened.rows, fiscal_year)
    )
    for number, row in enumerate(opened.rows):
        if not row.distinct() or opened.repeats_head(row):
            continue
        if number in opened.starts and number and is_cut_label(row) and reader.join_label(row):
            continue
        reader.read(row, opened.first.table.is_ragged)
    reader.finish()
