"""The form registry: titles, header words and line labels, read from the dbt seeds where they are declared once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from ingest.config import CLASSIFICATION_DIR, REGISTRY_DIR
from ingest.document.text import fold, remembered, remembered_with, strip_enumerator
from ingest.seeds import money_unit_pattern, seed_rows

_TITLE_REMARK = re.compile(r"(?:(?:(?<=表)[-—―]{1,2}[^()。]{1,20})?(?:\([^()]{0,24}\)){0,2}|\(?续表?\)?)$")
_PAGE_BEHIND = re.compile(r"(?<![.…·])[.…·]{3,}+[(]?\d{0,3}[)]?$")
"""The page number behind a title in a list of contents."""
_TITLE_NUMBER = re.compile(r"^[^表件。;,:!?]{0,20}公?开?[表件]\d{1,2}(?:-\d{1,2})?:")
"""A number of a form with words before it (2024年预算公开表3:), which is no sentence."""
_AFTER_TITLE, _BEFORE_REMARK = ".…·》0123456789", "》」\"'.…·"
"""What may stand at the end of a title's line, and between the title and a remark behind it."""
_STAGE_BEHIND = re.compile(r"(?<=..)(?:预算|决算)数?$")
"""The stage of the document behind what a header cell is about."""
_UNIT_IN_BRACKETS = re.compile(rf"[(（](?:单位:)?(?:{money_unit_pattern()})[)）]$")
_SENTENCE = re.compile(r"[。;；,，!！?？]|[:：].")
_REMARKS = re.compile(r"[(][^()]*[)]?")
_UP_TO_FORM = re.compile(r"[^表。;,:!?]{1,60}表")
LONGEST_TITLE, LONGEST_SENTENCE = 60, 600
LONGEST_LABEL = 120
"""The most characters of a label or header cell that the registry may know, once folded."""


Layout = Literal[
    "two_sided",
    "function",
    "economic",
    "project",
    "three_public",
    "procurement",
    "detail",
    "performance",
    "text",
]
"""How the rows of a form are laid out."""


@dataclass(frozen=True, slots=True)
class Form:
    """One statutory form: its code and how its rows are laid out."""

    statement_code: str
    layout: Layout
    topic: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class HeaderWord:
    """What a word of a column's header says: an attribute and its value, in the forms where it says so."""

    statements: frozenset[str] | None
    attribute: str
    value: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FormLine:
    """What a row's printed label says in a form, on a side, inside a block of rows."""

    statements: frozenset[str] | None
    side: str | None
    line_code: str
    fund_code: str | None
    opens_block: str | None
    in_block: frozenset[str] | None
    pattern: re.Pattern[str]


def registry_rows(name: str) -> Iterable[dict[str, str]]:
    """The rows of one seed of the registry."""
    return seed_rows(REGISTRY_DIR / f"{name}.csv")


def vocabulary_rows(name: str) -> list[dict[str, str]]:
    """The entries of a vocabulary seed in the order in which they are tried: by ``priority``, then by ``term_id``.

    The order of the rows in the file has no effect.
    """
    return sorted(registry_rows(name), key=lambda row: (int(row["priority"]), row["term_id"]))


@cache
def _wordings() -> dict[str, list[str]]:
    """The patterns of each list of wordings, in the order in which they are tried."""
    lists: dict[str, list[str]] = {}
    for row in vocabulary_rows("wordings"):
        lists.setdefault(row["list_name"], []).append(row["pattern"])
    return lists


def any_of(list_name: str) -> str:
    """A list of wordings as one group of a regular expression, which takes any of them.

    Raises KeyError where the seed has no such list.
    """
    return f"(?:{'|'.join(_wordings()[list_name])})"


def classification_rows(name: str) -> Iterable[dict[str, str]]:
    """The rows of one code list."""
    return seed_rows(CLASSIFICATION_DIR / f"{name}.csv")


def _scope(text: str) -> frozenset[str] | None:
    """The statements of a scope; None for all. A scope that begins with ! is all statements but those named."""
    if text.startswith("!"):
        return frozenset(forms()) - set(text[1:].split("|"))
    return None if text == "*" else frozenset(text.split("|"))


@cache
def forms() -> dict[str, Form]:
    """All statements by code, in the registry's order."""
    return {
        row["statement_code"]: Form(
            row["statement_code"],
            cast(Layout, row["layout"]),
            re.compile(row["topic_pattern"]) if row["topic_pattern"] else None,
        )
        for row in sorted(registry_rows("forms"), key=lambda row: int(row["sort_order"]))
    }


@dataclass(frozen=True, slots=True)
class TitleForm:
    """The form that a title names: its statement ('' for a table that is not a form), and its layout where the title says it."""

    statement_code: str
    layout: Layout | None


@cache
def _title_words() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """The words of titles by what they determine, in the order in which they are tried."""
    words: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for row in vocabulary_rows("form_titles"):
        words.setdefault(row["attribute"], []).append((row["value"], re.compile(row["pattern"])))
    return words


@cache
def _title_forms() -> list[tuple[dict[str, frozenset[str] | None], TitleForm]]:
    """Which words together name which form, in the order in which they are tried; '-' is no word of that kind."""
    return [
        (
            {attribute: _scope(row[attribute]) for attribute in _title_words()},
            TitleForm(row["statement_code"], cast(Layout, row["layout"]) if row["layout"] else None),
        )
        for row in vocabulary_rows("title_forms")
    ]


@cache
def _header_words() -> list[HeaderWord]:
    return [
        HeaderWord(_scope(row["statements"]), row["attribute"], row["value"], re.compile(row["pattern"]))
        for row in vocabulary_rows("header_words")
    ]


@cache
def _form_lines() -> list[FormLine]:
    return [
        FormLine(
            statements=_scope(row["statements"]),
            side=row["side"] or None,
            line_code=row["line_code"],
            fund_code=row["fund_code"] or None,
            opens_block=row["opens_block"] or None,
            in_block=frozenset(row["in_block"].split("|")) if row["in_block"] else None,
            pattern=re.compile(row["pattern"]),
        )
        for row in vocabulary_rows("form_lines")
    ]


@remembered
def titled_form(text: str) -> TitleForm | None:
    """The form whose title a line may be; None for a line that is not a title.

    A title is short, holds no sentence and ends with 表, but for a remark in brackets. The words in it together say
    which form it names: its kind, fund, matter and classes. A remark in
    brackets adds a fund or classes where the rest of the title names none.
    """
    folded = strip_enumerator(_TITLE_NUMBER.sub("", fold(text))).lstrip("《")
    bare = _PAGE_BEHIND.sub("", folded).rstrip(_AFTER_TITLE)
    bare = _TITLE_REMARK.sub("", bare).rstrip(_BEFORE_REMARK)
    if not bare.endswith("表") or len(bare) > LONGEST_TITLE or _SENTENCE.search(bare):
        return None
    return _named_form(folded)


def _named_form(folded: str) -> TitleForm:
    """The form that the words of a folded title name."""
    outer = _REMARKS.sub("", folded)
    outer = outer if "表" in outer else folded
    said = {
        attribute: next((value for part in parts for value, pattern in words if pattern.search(part)), "-")
        for attribute, words in _title_words().items()
        for parts in [(outer, folded) if attribute in ("fund", "classes") else (outer,)]
    }
    return next(
        form
        for scopes, form in _title_forms()
        if all(scope is None or said[attribute] in scope for attribute, scope in scopes.items())
    )


def cuts_title_word(above: str, below: str) -> bool:
    """Whether a word that names a fund in a title is printed partly at the end of one line, partly at the beginning of the next."""
    joined, cut = fold(above) + fold(below), len(fold(above))
    return any(
        found.start() < cut < found.end()
        for _, pattern in _title_words()["fund"]
        for found in pattern.finditer(joined)
    )


def titled_statements(text: str) -> tuple[str, ...]:
    """The statement that a line is the title of; ('',) for another table's title, () for a line that is not a title."""
    form = titled_form(text)
    return () if form is None else (form.statement_code,)


@remembered
def named_statement(text: str) -> str | None:
    """The statement whose form a sentence names (``政府性基金预算支出情况表为空表``), else the one it is about."""
    folded = fold(text)
    for part in _UP_TO_FORM.findall(folded[:LONGEST_SENTENCE]):
        if code := _named_form(part).statement_code:
            return code
    for form in forms().values():
        if form.topic and form.topic.search(folded):
            return form.statement_code
    return None


@remembered
def is_header_word(text: str) -> bool:
    """Whether a cell's text is a header word of any form."""
    heads = _header_forms(text)
    return any(
        word.pattern.fullmatch(head) for head in (*heads, *_without_stage(heads)) for word in _header_words()
    )


@remembered_with
def header_attributes(text: str, statement_code: str) -> dict[str, str]:
    """What one header cell says in a form: {attribute: value}, the registry's first match for each attribute.

    Where the cell as a whole is no known word, it is read without the stage at its end (事业收入预算).
    """
    heads = _header_forms(text)
    return _said_by(heads, statement_code) or _said_by(_without_stage(heads), statement_code)


def _said_by(heads: Iterable[str], statement_code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for head in heads:
        for word in _header_words():
            if word.statements is not None and statement_code not in word.statements:
                continue
            if word.attribute not in found and word.pattern.fullmatch(head):
                found[word.attribute] = word.value
    return found


def _without_stage(heads: Iterable[str]) -> Iterator[str]:
    """The header words that end in the stage of the document, without it."""
    return (bare for head in heads if (bare := _STAGE_BEHIND.sub("", head)) != head)


def _header_forms(text: str) -> tuple[str, ...]:
    """A header cell as it is compared: whole, and without the remark in brackets at its end; () for a longer text."""
    whole = bare_header(text)
    if len(whole) > LONGEST_LABEL:
        return ()
    bare = re.sub(r"(?<=.)[(][^()]*[)]$", "", whole)
    return (whole,) if bare == whole else (whole, bare)


def bare_header(text: str) -> str:
    """A folded header cell without its unit in brackets, its year and its list marker."""
    folded = _UNIT_IN_BRACKETS.sub("", fold(text))
    folded = re.sub(r"^(?:20\d\d年度?)", "", folded)
    return strip_enumerator(folded)


@remembered_with
def find_line(label: str, statement_code: str, side: str | None, block: str | None) -> FormLine | None:
    """The registry's line for a row label (enumerator stripped, folded) in a form; None where there is none."""
    if len(label) > LONGEST_LABEL:
        return None
    for line in _form_lines():
        if line.statements is not None and statement_code not in line.statements:
            continue
        if line.side is not None and line.side != side:
            continue
        if line.in_block is not None and block not in line.in_block:
            continue
        if line.pattern.fullmatch(label):
            return line
    return None
