"""What a document says of its own forms: which it lists, and which it declares empty."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.document.model import Document
from ingest.document.paragraphs import Paragraph
from ingest.document.text import fold
from ingest.forms.model import Declaration, RecognisedForm
from ingest.registry import any_of, named_statement, titled_statements

_EMPTY = re.compile(any_of("form.says_empty"))

_REFERENCE = re.compile(rf"^{any_of('form.pointer')}")
"""A pointer to a form elsewhere (详见…表) is not an entry of a list of forms."""


def says_empty(text: str) -> bool:
    """Whether a note or sentence declares a form empty (故本表无数据, 为空表)."""
    return bool(_EMPTY.search(fold(text)))


def read_declarations(
    document: Document, paragraphs: Iterable[Paragraph], found: list[RecognisedForm]
) -> list[Declaration]:
    """The forms that a document lists by title, and those that a sentence outside a form declares empty.

    A note printed below a recognised form belongs to that form and is not read again here.
    """
    declared: list[Declaration] = []
    for line in document.lines():
        statements = titled_statements(line.text)
        if statements and statements[0] and not _REFERENCE.match(fold(line.text)):
            declared.append(Declaration(statements[0], "listed", line.text.strip(), line.ref))
    notes = {fold(note) for form in found for note in form.notes}
    for paragraph in paragraphs:
        if (
            not says_empty(paragraph.text)
            or fold(paragraph.text) in notes
            or any(note in fold(paragraph.text) for note in notes)
        ):
            continue
        for sentence in re.split(r"(?<=[。；;])", paragraph.text):
            statement = named_statement(sentence) if says_empty(sentence) else None
            if statement:
                declared.append(Declaration(statement, "empty", sentence.strip(), paragraph.ref))
    return declared
