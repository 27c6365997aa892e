"""What a document says of its own forms: which it lists, and which it declares empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from ingest.document.model import Document, Table, TextLine
from ingest.document.paragraphs import LEAST_PROSE, Paragraph, prose_count
from ingest.document.text import fold
from ingest.forms.model import Declaration, DeclarationKind, RecognisedForm
from ingest.registry import LONGEST_TITLE, any_of, named_statement, titled_statements

_EMPTY = re.compile(any_of("form.says_empty"))

_NOTHING = re.compile(any_of("form.note_says_none"))
_NONE = re.compile(any_of("form.says_none"))
_IS_EMPTY_HEAD = re.compile(any_of("form.is_empty_head"))
_ELSEWHERE = re.compile(any_of("form.elsewhere"))
_NEXT_ENTRY = re.compile(r"\s+(?!\d{1,2}[:：])")
"""What divides the entries of a list in one line; a form's number follows its mark (表 1：)."""
_LEAST_LISTED = 3
"""How many forms a line must name to be a list of contents."""
_CLAUSE = re.compile(r"(?<=[。；;])")
_REFERENCE = re.compile(rf"^{any_of('form.pointer')}")
"""A pointer to a form elsewhere (详见…表) is not an entry of a list of forms."""


def says_empty(text: str) -> bool:
    """Whether a note or sentence declares a form empty (故本表无数据, 为空表)."""
    return bool(_EMPTY.search(fold(text)))


def note_says_none(note: str) -> bool:
    """Whether the note of a form without figures says why it has none (没有使用…安排的支出, 如无数字则表示…)."""
    return says_empty(note) or bool(_NOTHING.search(fold(note)))


def read_declarations(
    document: Document, paragraphs: Iterable[Paragraph], found: list[RecognisedForm]
) -> list[Declaration]:
    """The forms that a document lists by title, here or in another file, and those that it declares empty outside them.

    A note printed below a recognised form belongs to that form and is not read again here. What is said twice at one place
    is one declaration.
    """
    declared: list[Declaration] = []
    lines, paragraphs = list(document.lines()), list(paragraphs)
    # prose without any form has them in another file, unless it is only a beginning
    is_elsewhere = not any(form.columns for form in found) and (
        any(_ELSEWHERE.search(fold(line.text)) for line in lines) or prose_count(paragraphs) >= LEAST_PROSE
    )
    for line, following in zip_longest(lines, lines[1:]):
        text = line.text.strip()
        if following and fold(following.text) == "表":  # the last word of a wrapped title
            text += "表"
        statements = titled_statements(text)
        if statements and statements[0] and not _REFERENCE.match(fold(text)):
            kind: DeclarationKind = "announced" if is_elsewhere else "listed"
            declared.append(Declaration(statements[0], kind, text, line.ref))
        if len(text) > LONGEST_TITLE:
            declared.extend(_listed_in_line(line, "announced" if is_elsewhere else "listed"))
    for table in document.tables():
        declared.extend(_listed_in(table))
    notes = {fold(note) for form in found for note in form.notes}
    for paragraph in paragraphs:
        folded = fold(paragraph.text)
        if folded in notes or any(note in folded for note in notes):
            continue
        for sentence in _CLAUSE.split(paragraph.text):
            declared.extend(_declared_empty(sentence, paragraph.ref))
    first: dict[tuple[str, str, str], Declaration] = {}
    for each in declared:
        first.setdefault((each.statement_code, each.kind, each.source_ref), each)
    return list(first.values())


def _declared_empty(sentence: str, ref: str) -> Iterator[Declaration]:
    """What a sentence declares empty: a form (为空表), or the money that a form is about (无政府性基金预算收支)."""
    if says_empty(sentence):
        statement = named_statement(sentence)
        if statement:
            yield Declaration(statement, "empty", sentence.strip(), ref)
        return
    for said in _NONE.finditer(fold(sentence)):
        statement = named_statement(said.group())
        if statement:
            yield Declaration(statement, "none", sentence.strip(), ref)


def _listed_in_line(line: TextLine, kind: DeclarationKind) -> list[Declaration]:
    """The forms that a list of contents names which a converter printed in one line; fewer than a list has are none."""
    found = [
        Declaration(statements[0], kind, word, line.ref)
        for word in _NEXT_ENTRY.split(line.text)
        if (statements := titled_statements(word)) and statements[0]
    ]
    return found if len({each.statement_code for each in found}) >= _LEAST_LISTED else []


def _listed_in(table: Table) -> Iterator[Declaration]:
    """The forms of a table that lists a document's forms and says which of them are empty (是否空表)."""
    head = next((cell for cell in table.cells if _IS_EMPTY_HEAD.fullmatch(fold(cell.text))), None)
    if head is None:
        return
    for row in table.grid[head.row + head.row_span :]:
        answer = row[head.col]
        for cell in dict.fromkeys(cell for cell in row[: head.col] if cell):
            statements = titled_statements(cell.text)
            if statements and statements[0]:
                kind: DeclarationKind = "empty" if answer and fold(answer.text) == "是" else "listed"
                yield Declaration(statements[0], kind, cell.text, cell.ref)
