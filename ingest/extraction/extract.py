"""One file's bytes -> everything that the loader writes about it. Pure: no I/O, no clock, no database."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.cover.cover import Cover, flattened_kinds, read_cover, with_forms, with_kinds, without_prose
from ingest.cover.member_units import MemberUnit, read_member_units
from ingest.document.figures import money_figures
from ingest.document.model import Document, TextLine
from ingest.document.paragraphs import LEAST_PROSE, Paragraph, prose_count, read_paragraphs
from ingest.document.text import fold
from ingest.extraction.certainty import mark_uncertain
from ingest.forms.declare import note_says_none, read_declarations
from ingest.forms.flattened import restore_tables
from ingest.forms.model import Declaration, RecognisedForm
from ingest.forms.recognise import recognise_forms
from ingest.forms.streamed import restore_streams
from ingest.narrative.model import ChangeReason, Claim, StatedPart
from ingest.narrative.read import read_narrative
from ingest.narrative.remarks import Remark, read_remarks
from ingest.outcomes import DocumentError, Reason
from ingest.performance import PerformanceForm, read_performance, read_sentences
from ingest.readers import read_document
from ingest.registry import any_of

_ACCOUNT_FACTS = ("balance", "revenue", "expenditure", "economic", "three_public")
_LEAST_ACCOUNTS = 3
"""How many figures of accounts show that a text without a title is a part of a disclosure."""
_PART = re.compile(
    rf"(?:第[一二三四五六]部分[:：、]?|[一二三四五六][、:：]|[(（][一二三四五六][)）])[^,，。;；:：、]{{0,30}}?{any_of('cover.part')}"
)
"""The heading of a disclosure's part that describes the body (一、主要职责)."""
_LEAST_FORMS = 3
"""How many statutory forms a text must list to show that it is a disclosure."""
_BEGINNING = 40
"""Characters of a document that the message quotes where it is not a disclosure."""


@dataclass(slots=True)
class Extraction:
    """What was read from one document, verbatim and with places."""

    document_id: str
    sha256: str
    byte_size: int
    document: Document
    cover: Cover
    forms: list[RecognisedForm]
    performance: list[PerformanceForm]
    paragraphs: list[Paragraph]
    declarations: list[Declaration]
    claims: list[Claim]
    stated_parts: list[StatedPart]
    change_reasons: list[ChangeReason]
    remarks: list[Remark]
    member_units: list[MemberUnit]

    @property
    def prose_paragraphs(self) -> int:
        """How many paragraphs hold whole sentences."""
        return prose_count(self.paragraphs)

    @property
    def empty_forms(self) -> set[int]:
        """The numbers of the forms whose own note declares them empty."""
        return {
            form.form_no
            for form in self.forms
            if any(note_says_none(note) or note == "无" for note in form.notes)
        }


def _beginning(document: Document) -> str:
    """The first printed words: they show whether it is an error page or about another topic."""
    texts = (
        block.text
        if isinstance(block, TextLine)
        else next((each.text for each in block.cells if each.text), "")
        for block in document.blocks
    )
    found = " ".join(next((text for text in texts if text.strip()), "").split())
    return found if len(found) <= _BEGINNING else f"{found[:_BEGINNING]}…"


def extract(data: bytes) -> Extraction:
    """Read one file's bytes. What it makes is not looked through for cycles meanwhile: it is much, and has none.

    Raises DocumentError: whatever the reader raises, and NOT_A_DISCLOSURE where neither title nor text, nor figures
    of accounts in it, nor any form shows that it is a budget, final accounts or performance document.
    """
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        return _extract(data)
    finally:
        if is_collecting:
            gc.enable()


def restored(document: Document) -> Document:
    """The document with the forms put together again that a converter took apart."""
    return restore_streams(restore_tables(document))


def _extract(data: bytes) -> Extraction:
    sha256 = hashlib.sha256(data).hexdigest()
    document = restored(read_document(data))
    cover = read_cover(document)
    forms = recognise_forms(document, cover.fiscal_year)
    completed = with_forms(cover, *titles_and_heads(forms))
    if completed.fiscal_year != cover.fiscal_year:
        forms = recognise_forms(document, completed.fiscal_year)
    cover = completed
    performance = read_performance(document)
    named = {form.kind for form in performance} or flattened_kinds(document)
    cover = with_kinds(cover, named)
    paragraphs = list(read_paragraphs(document))
    is_named = bool(cover.doc_type or forms or performance)
    if not is_named and not _states_accounts(read_narrative(paragraphs, cover).claims):
        raise DocumentError(
            Reason.NOT_A_DISCLOSURE,
            "no title, sentence or form of a budget, final accounts or performance report in the file"
            f" ({document.media_type}), which begins {_beginning(document)!r}",
        )
    mark_uncertain(document, forms, performance)
    if (forms or performance) and prose_count(paragraphs) < LEAST_PROSE:
        cover = without_prose(cover)
    if listed := read_sentences(paragraphs):
        performance.append(replace(listed, form_no=len(performance) + 1))
    units = read_member_units(document, paragraphs)
    narrative = read_narrative(paragraphs, cover, {form.statement_code for form in forms}, len(units))
    declarations = read_declarations(document, paragraphs, forms)
    is_read = forms or performance or named or narrative.claims or _prints_money(document)
    if not is_read and not _prints_parts(document, cover, declarations):
        raise DocumentError(
            Reason.NOT_A_DISCLOSURE,
            f"the file names a disclosure and prints nothing of it; it begins {_beginning(document)!r}",
        )
    return Extraction(
        document_id=sha256[:16],
        sha256=sha256,
        byte_size=len(data),
        document=document,
        cover=cover,
        forms=forms,
        performance=performance,
        paragraphs=paragraphs,
        declarations=declarations,
        claims=narrative.claims,
        stated_parts=narrative.parts,
        change_reasons=narrative.reasons,
        remarks=read_remarks(paragraphs, narrative.claims),
        member_units=units,
    )


def _states_accounts(claims: Sequence[Claim]) -> bool:
    """Whether prose gives figures of accounts: a part of a disclosure, though nothing says of which."""
    accounts = [each for each in claims if each.status == "read" and each.fact in _ACCOUNT_FACTS]
    return len(accounts) >= _LEAST_ACCOUNTS


def _prints_money(document: Document) -> bool:
    return any(money_figures(line.text) for line in document.lines()) or any(
        money_figures(cell.text) for table in document.tables() for cell in table.cells
    )


def _prints_parts(document: Document, cover: Cover, declarations: Sequence[Declaration]) -> bool:
    """Whether a text without a figure is the beginning of a disclosure: it lists statutory forms, or has a title and describes the
    body; a page that only links to disclosures does neither."""
    if len({each.statement_code for each in declarations}) >= _LEAST_FORMS:
        return True
    is_titled = bool(cover.unit_name and cover.fiscal_year)
    return is_titled and any(_PART.search(fold(line.text)) for line in document.lines())


def titles_and_heads(forms: Sequence[RecognisedForm]) -> tuple[list[str], list[str]]:
    """What the forms that have columns print above themselves and over their columns, for the cover."""
    found = [form for form in forms if form.columns]
    return [form.title for form in found], [column.header_path for form in found for column in form.columns]
