"""What a sentence is made of: its tokens, and the names of functional codes among them."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.narrative.terms import Term


@dataclass(frozen=True, slots=True)
class FunctionName:
    """A printed 类/款/项 path, as far as it is printed."""

    class_name: str | None = None
    section_name: str | None = None
    item_name: str | None = None
    code_text: str | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a sentence: ``kind`` is figure, function, economic, year, compare, date, punctuation or a term's kind."""

    kind: str
    start: int
    end: int
    text: str
    term: Term | None = None
    number: str = ""
    unit: str = ""
    name: FunctionName | None = None
    year: str | None = None
