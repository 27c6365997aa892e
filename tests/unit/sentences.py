"""Sentences for the unit tests of the narrative grammar, and what is read from them in one short line each."""

from __future__ import annotations

from ingest.cover.cover import Cover
from ingest.document.paragraphs import read_paragraphs
from ingest.document.text import squeeze
from ingest.narrative.grammar import SentenceReader
from ingest.narrative.model import ChangeReason, Claim, Narrative, StatedPart
from ingest.narrative.read import read_narrative
from ingest.narrative.state import Reading, Setting
from tests.unit.documents import document

YEAR = 2023


def read(
    *sentences: str,
    section: str = "expenditure",
    stage: str = "final",
    is_report: bool = False,
    project_name: str | None = None,
) -> list[Reading]:
    """The readings of sentences that follow each other in one section of a document on 2023."""
    reader = SentenceReader()
    setting = Setting(YEAR, stage, is_report, section, project_name)
    return [reading for sentence in sentences for reading in reader.read(squeeze(sentence), setting)]


def says(
    *sentences: str,
    section: str = "expenditure",
    stage: str = "final",
    is_report: bool = False,
    project_name: str | None = None,
) -> list[str]:
    """What each figure of the sentences says: ``figure fact subject basis @statement #fund``, what is null left out."""
    found = read(*sentences, section=section, stage=stage, is_report=is_report, project_name=project_name)
    return [_told(reading, reading.token.number + reading.token.unit) for reading in found]


def claims(text: str, stage: str = "final", doc_type: str = "final_accounts", title: str = "") -> list[Claim]:
    """The claims of a document on 2023, from its text."""
    return _narrative(text, stage, doc_type, title).claims


def tells(text: str, stage: str = "final", doc_type: str = "final_accounts", title: str = "") -> list[str]:
    """What each figure of a document's text says, in the short form of ``says``."""
    return [
        _told(claim, claim.figure_text + claim.unit_text) for claim in claims(text, stage, doc_type, title)
    ]


def lists(text: str) -> list[StatedPart]:
    """What a document's text says that amounts include."""
    return _narrative(text, "final", "final_accounts", "").parts


def explains(text: str, stage: str = "final", doc_type: str = "final_accounts") -> list[str]:
    """The reasons of changes in a document's text: ``subject against what, direction, figure: reason @statement``."""
    found = _narrative(text, stage, doc_type, "")
    return [_reason_told(reason, found.claims) for reason in found.reasons]


def _reason_told(said: ChangeReason, figures: list[Claim]) -> str:
    figure = figures[said.claim_no - 1] if said.claim_no else None
    words = (
        said.subject_type,
        said.subject_code,
        said.item_name or said.section_name or said.class_name,
        said.economic_name,
        said.compared_with,
        {1: "+", -1: "-", 0: "="}.get(said.direction if said.direction is not None else 9),
        figure.figure_text + figure.unit_text if figure else None,
    )
    told = " ".join(word for word in words if word)
    return f"{told}: {said.reason_text} @{said.statement_code}" + (
        f" #{said.fund_code}" if said.fund_code else ""
    )


def _narrative(text: str, stage: str, doc_type: str, title: str) -> Narrative:
    cover = Cover(title or None, doc_type, stage, YEAR, None, None, None)
    return read_narrative(list(read_paragraphs(document(text))), cover)


def _told(said: Reading | Claim, figure: str) -> str:
    if said.status != "read":
        return f"{figure} {said.status} {said.reason_code}"
    name = said.name if isinstance(said, Reading) else said
    path = (
        "/".join(part for part in (name.class_name, name.section_name, name.item_name) if part)
        if name
        else ""
    )
    code = (
        name.code_text
        if isinstance(said, Reading) and said.name
        else getattr(said, "function_code_text", None)
    )
    sign = {1: "+", -1: "-"}.get(said.direction or 0, "")
    words = (
        *(
            figure,
            said.fact,
            said.subject_type,
            said.subject_code,
            path,
            code,
            said.economic_name,
            said.ratio,
        ),
        *(said.project_name, said.part_name, said.amount_column, said.basis, sign, said.comparison_base),
    )
    places = (
        f"@{said.statement_code}" if said.statement_code else "",
        f"#{said.fund_code}" if said.fund_code else "",
    )
    return " ".join(word for word in (*words, *places) if word)
