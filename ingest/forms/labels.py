"""The label columns of forms that list things, one per row: what is bought, which projects are planned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document.text import fold, fold_in_place, is_amount, squeeze
from ingest.registry import Layout, any_of, header_attributes

LIST_LAYOUTS: tuple[Layout, ...] = ("procurement", "project")
"""The layouts of forms whose rows are read by ``ingest.forms.listing``."""
_CODE_HEAD = re.compile(rf"{any_of('list.code_head')}$")
_LEVEL_HEAD = re.compile(rf"^{any_of('list.level_head')}$")
_LED = re.compile(r"^[\[(【〔]?([A-Za-z]?\d[\dA-Za-z.]*|[A-Z](?=[-—_、]))[\])】〕]?[-—_、.:：]?(?=[^\d,.%])")
_LED_SURELY = re.compile(
    r"^(?:[\[(【〔]([\dA-Za-z-]{3,40})[\])】〕][-—_]?|(\d{3,40}|[\dA-Z]{6,40})[-—_])(?=[^\x00-\x7f])"
)
_ALL_CODE = re.compile(r"^[\[(【〔]?[A-Za-z]?\d[\dA-Za-z.\- ]*[\])】〕]?$")
_DIGITS = re.compile(r"\d+")
CLASSIFIED = ("function", "economic", "government")
_NAMED_ONLY = ("quantity", "item", "project", "unit_or_project", "unit_or_function")
_CODED_NOUNS = (*CLASSIFIED, "catalogue", "directory", "category")
"""What is printed with a code of its own in front of the name, without more ado (``C0504保安服务``)."""


def label_of(path: Sequence[str], statement_code: str, left: str | None = None) -> str | None:
    """What a column's head says its labels are: the lowest head that says it.

    A head that only names a level or a part of a code (一级, 类) takes what stands above it, else what the column on
    its ``left`` holds: flat text prints the head of several columns over the first.
    """
    for text in reversed(path):
        label = header_attributes(text, statement_code).get("label")
        if label is None and not _LEVEL_HEAD.match(fold(text)):
            return None
        if label is not None:
            return label
    return left if path else None


def is_code_head(path: Sequence[str]) -> bool:
    """Whether a column's head says that it holds codes."""
    return any(_CODE_HEAD.search(fold(text)) for text in path[-2:])


def is_text_column(texts: Sequence[str]) -> bool:
    """Whether a column holds texts and not amounts, by what stands in it."""
    filled = [fold(text) for text in texts if text.strip()]
    amounts = sum(1 for text in filled if is_amount(text))
    labels = sum(1 for text in filled if not is_amount(text) and any(char.isalnum() for char in text))
    return bool(labels) and labels >= amounts


def split_code(text: str, noun: str, is_code: bool) -> tuple[str, str]:
    """A printed label as (its code, its name); either may be empty.

    A project's or a unit's name may begin with digits (a year): there only a code in brackets or before a hyphen counts.
    """
    name = squeeze(text)
    folded = fold_in_place(name)
    has_digits = any(char.isdigit() for char in folded)
    if (is_code and has_digits) or (noun not in _NAMED_ONLY and _ALL_CODE.match(folded)):
        digits = _DIGITS.findall(folded)
        return (" ".join(digits) if noun in CLASSIFIED else folded.strip("[]()【】〔〕")), ""
    led = (_LED if noun in _CODED_NOUNS else _LED_SURELY).match(folded)
    if not led:
        return "", name
    code = next(group for group in led.groups() if group)
    return code, name[led.end() :].strip()
