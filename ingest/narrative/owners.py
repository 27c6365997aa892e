"""Whose figures a sentence states: the publisher's, or those of another budget unit that it names."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from ingest.cover.regions import begins_with_region
from ingest.cover.unit_names import is_own_office, is_unit_name
from ingest.document.text import fold, strip_enumerator

_CLAUSE_ENDS = re.compile(r"[,;。:、\x00]")
_YEAR = re.compile(r"20\d\d年度?(?:末|初)?$")
_LOCAL = re.compile(r"(?:省|市|区|县|州)(?!级|本级|政|场|域|直|属|内|外)")
"""What a shortened name of a budget unit begins with instead of its region's name."""
_PLACE = 2
"""How many characters of a name say the place without 市 or 县."""
_LEADS = re.compile(r"^(?:其中|包括|一是|二是|三是|(?:减少|增加)了?)")


def other_unit_named(before: str, own: Collection[str]) -> str | None:
    """The budget unit whose name the words before a subject, folded, end in, if that is none of the publisher's names.

    A shortened name is the publisher's own where its characters stand in the full name in the same order. Where the
    publisher is not known, any name may be its own.
    """
    clause = _CLAUSE_ENDS.split(before)[-1]
    name = _YEAR.sub("", _LEADS.sub("", strip_enumerator(clause.strip())))
    return name if is_other_unit(name, tuple(own)) else None


def begins_sentence(before: str, name: str) -> bool:
    """Whether a name that the words before a subject end in is the first that the sentence says, after its number and its year."""
    at = before.rindex(name)
    return not _YEAR.sub("", strip_enumerator(before[:at].strip()))


@lru_cache(maxsize=4096)
def is_other_unit(name: str, own: tuple[str, ...]) -> bool:
    """Whether a text is the name of a budget unit that is none of the publisher's names.

    Such a name begins with a region, or as the publisher's does; the first of those names is the publisher's, the others titles.
    The publisher's own office (本级) is another unit, unless one of those names has that mark as well.
    """
    folded = fold(name)
    places = {fold(each)[:_PLACE] for each in own[:1]}
    begins = begins_with_region(folded) or _LOCAL.match(folded) or folded[:_PLACE] in places
    if not own or not begins or not is_unit_name(name):
        return False
    if is_own_office(folded) and not any(map(is_own_office, own)):
        return True
    return not any(
        _is_short_of(folded, each) or _is_short_of(each, folded) or folded in each for each in map(fold, own)
    )


def _is_short_of(short: str, name: str) -> bool:
    """Whether a name is another one with characters left out."""
    rest = iter(name)
    return all(char in rest for char in short)
