"""The title of a disclosure: the lines of the cover that say whose budget, final accounts or report this is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from ingest.cover.unit_names import (
    clean_name,
    group,
    is_own_office,
    is_unit_name,
    may_name,
    names_region_late,
    region_of,
    takes_in_units,
)
from ingest.document.text import fold, fold_in_place, strip_enumerator
from ingest.registry import any_of

_COVER_LINES, _MOST_COVER_LINES = 12, 60
"""How many lines a cover has whose end is not printed, and at most: a web page prints its navigation above the title."""
_TITLE_LINES = 4
_MOST_LINES_OF_CONTENTS = 150
TITLE_LENGTH = 90
"""The most characters of a title."""
_END_OF_COVER = re.compile(r"^(?:目录|[-#*]*第[一二三1-3]部分|[-#*]*(?:[一1]、|\(一\)))")
_NO_TITLE_LINE = re.compile(
    r"^[^:：]{2,10}[:：]|^[-—–]+\d{1,4}[-—–]+$|^20\d\d年\d{1,2}月(?:\d{1,2}日)?$|^[\u4e00-\u9fff]{2,8}[\dA-Za-z/-]{8,}$|^[\d\W]{5,}$|>"
    r"|^\[[^\]\d]{2,8}\]"
)
_BULLET = "•·●▪■◆※*"
"""What a converter prints before the items of a list."""
_LABELLED_TITLE = re.compile(
    r"(?:^|[|｜])\s*(?:信息|文件)?(?:名称|标题|题名)[:：][|｜\s]*(?P<title>[^|｜]{6,})"
)
"""A line of a page's data sheet that gives its title (名称：…)."""
_ABOUT_WORDS = rf"关于{any_of('title.announcing')}?"
_BEFORE = rf"^(?:附件?\d*[:：.、]?|【[^】]{{1,12}}】|[\u4e00-\u9fff]{{2,6}}号[\dA-Za-z/-]{{8,}}|{_ABOUT_WORDS}|\(?公开\)?)*"
_UNIT = r"(?P<unit>.{2,60}?)"
_ABOUT = rf"(?:{_ABOUT_WORDS})?"
_YEAR = r"[(\[]?(?P<year>20[0-4]\d)(?:年度?)[)\]]?(?:的)?"
_KIND = r"(?:[省市区县州旗镇乡师团]?本?级)?(?P<kind>部门\(单位\)|单位\(部门\)|部门|单位)?"
_KIND += rf"{any_of('title.before_account')}*(?P<stage>预算|决算)"
_AFTER = rf"{any_of('title.after_account')}*"
_TAIL = rf"{_AFTER}(?:[-—]+(?P<last>.+)|\((?P<bracketed>[^()]+)\))*(?:\.[A-Za-z]{{2,5}})?$"
_REPORT = (
    rf"(?P<kind>部门\(单位\)|部门|单位)?{any_of('title.report_subject')}*"
    rf"绩效{any_of('title.report_qualifier')}*(?:评价|自评价?)+"
    rf"{any_of('title.report_aspect')}*{any_of('title.report_noun')}(?P<last>)(?P<bracketed>\([^()]+\))*$"
)
_TITLES = (
    re.compile(rf"{_BEFORE}{_UNIT}?{_ABOUT}{any_of('title.before_account')}*{_YEAR}{_KIND}{_TAIL}"),
    re.compile(rf"{_BEFORE}{_YEAR}{_UNIT}(?:的)?{_KIND}{_TAIL}"),
    re.compile(rf"{_BEFORE}{_UNIT}(?P<year>){_KIND}{_TAIL}"),
)
_REPORTS = (
    re.compile(rf"{_BEFORE}{_UNIT}?{_ABOUT}{_YEAR}.{{0,40}}?{_REPORT}"),
    re.compile(rf"{_BEFORE}{_YEAR}{_UNIT}{_REPORT}"),
    re.compile(rf"{_BEFORE}{_UNIT}(?P<year>){_REPORT}"),
)
_ABOUT_REGION = re.compile(any_of("title.about_region"))
_OF_GOVERNMENT = re.compile("本级政府$|[省市县区州旗盟]人民政府$")
_GOVERNMENT_ITSELF = re.compile("[省市县区州旗盟]人民政府$")
"""The government of a region above the townships: its accounts are those of all its bodies."""
_YEAR_FIRST = re.compile(rf"{_BEFORE}{_YEAR}")
_YEAR_LINE = re.compile(r"^[(\[]?(20[0-4]\d)年度?[)\]]?$")
_CHINESE_YEAR = re.compile(r"二[〇○零Oo0][一二三四][〇○零Oo0一二三四五六七八九](?=年)")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")


UnitKind = Literal["department", "unit"]
"""Whose document it is: a department's with its units, or one unit's."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed; ``unit`` and ``unit_kind`` are None where it does not say them."""

    text: str
    doc_type: str
    year: int | None
    unit: str | None
    unit_kind: UnitKind | None


def find_title(lines: Sequence[str], whole: str) -> Title | None:
    """The title among a document's squeezed lines; ``whole`` is their folded text.

    A title may run over several lines of the cover. The rest of the document decides which of the lines above it belong
    to the unit's name: those that make a name printed again, else those that are not a name by themselves.
    """
    cover = _cover_lines(lines)
    found = sorted(_readings(cover, whole), key=lambda reading: reading.rank)
    return found[0].title if found else None


def title_below_contents(lines: Sequence[str]) -> Title | None:
    """The title of a text that begins with its list of contents: below it, a unit's name and year in one line or in two."""
    if _cover_lines(lines):
        return None
    for line, following in zip_longest(lines[:_MOST_LINES_OF_CONTENTS], lines[1:_MOST_LINES_OF_CONTENTS]):
        if strip_enumerator(fold(line)) != fold(line) or _END_OF_COVER.match(fold(line)):
            continue
        texts = [line, line + following] if following and is_unit_name(line) else [line]
        found = (_read(text, []) for text in texts if len(text) <= TITLE_LENGTH)
        title = next((each for each in found if each and each.unit and each.year), None)
        if title:
            return title
    return None


def is_government(name: str) -> bool:
    """Whether a unit is the government of a region above the townships."""
    return bool(_GOVERNMENT_ITSELF.search(fold(name)))


def cover_names(lines: Sequence[str]) -> list[str]:
    """The lines of the cover that are a unit's name and nothing else, brackets around it aside."""
    names = (line.strip("()（）") for line in _cover_lines(lines))
    return [name for name in names if is_unit_name(name)]


def is_about_region(lines: Sequence[str], title: Title | None) -> bool:
    """Whether the cover speaks of a whole county or city, or of its government's budget, and names no unit or department."""
    if title and (title.unit_kind or (title.unit and not _OF_GOVERNMENT.search(title.unit))):
        return False
    if title and title.unit and _GOVERNMENT_ITSELF.search(title.unit):
        return True
    cover = [fold(line) for line in _cover_lines(lines)]
    texts = ["".join(cover[start : start + 2]) for start in range(len(cover))]
    return any(_ABOUT_REGION.search(plain_years(text)) for text in texts)


def plain_years(text: str) -> str:
    """A folded text with written-out years (二〇二四年) in digits; its length stays the same."""
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), text)


@dataclass(frozen=True, slots=True)
class _Reading:
    title: Title
    rank: tuple[bool, bool, int, bool, int, int, int]
    """Decides between readings, smallest first: one with a unit or a year; one with a unit or region; the earliest end; a name
    without words before its region; a name that is printed again, else one that is not two names in one; the longest name;
    the earliest start."""


def _cover_lines(lines: Sequence[str]) -> list[str]:
    """The lines above the contents or the first heading that may be of a title."""
    cover: list[str] = []
    most = _COVER_LINES
    for line in lines:
        labelled = _LABELLED_TITLE.search(line)
        line = (labelled["title"] if labelled else line).lstrip(_BULLET).rstrip("|｜ ")
        folded = plain_years(fold_in_place(line))
        if _END_OF_COVER.match(folded):
            most = _MOST_COVER_LINES
            break
        if not _NO_TITLE_LINE.search(folded):
            cover.append(line)
    return cover[:most]


def _readings(cover: Sequence[str], whole: str) -> Iterator[_Reading]:
    for start in range(len(cover)):
        for end in range(start + 1, min(start + _TITLE_LINES, len(cover)) + 1):
            text = "".join(cover[start:end])
            if len(text) > TITLE_LENGTH:
                break
            title = _read(text, cover[end : end + 2])
            if title is None:
                continue
            name = fold(title.unit or "")
            is_glued = _is_glued(name, cover[start:end])
            if name and end - start > 1 and not is_unit_name(name) and (is_glued or not region_of(name)):
                continue  # a line above the title is no part of it for any words that it may hold
            standing = 3 if not name else 0 if whole.count(name) > 1 else 2 if is_glued else 1
            is_nameless = (
                title.unit is None and _YEAR_FIRST.match(plain_years(fold_in_place(text))) is not None
            )
            is_bare = title.unit is None and title.year is None
            yield _Reading(
                title, (is_bare, is_nameless, end, names_region_late(name), standing, -len(name), start)
            )


def _is_glued(name: str, lines: Sequence[str]) -> bool:
    """Whether a folded name is two names, one below the other: its first lines are a unit's name already."""
    firsts = (fold("".join(lines[:count])) for count in range(1, len(lines)))
    return any(name != first and name.startswith(first) and is_unit_name(first) for first in firsts)


def _read(text: str, following: Sequence[str]) -> Title | None:
    """The title that the whole text is, or None."""
    folded = plain_years(fold_in_place(text))
    for pattern in _REPORTS:
        match = pattern.match(folded)
        if match:
            unit = _unit(match, text, is_sure=False)
            year = _year(match) or next(filter(None, map(_year_line, [match["bracketed"], *following])), None)
            if unit or year or match["kind"] or match.end("unit") > 0:
                return Title(text, "performance_report", year, unit, _kind(match))
    for pattern in _TITLES:
        match = pattern.match(folded)
        if not match:
            continue
        year, kind = _year(match), _kind(match)
        unit = _unit(match, text, is_sure=kind is not None and year is not None)
        if match["unit"] and not unit and (kind is None or year is None):
            continue
        if year is None:
            year = next(filter(None, map(_year_line, [match["bracketed"], *following])), None)
        if unit or (year and kind):
            doc_type = "departmental_budget" if match["stage"] == "预算" else "final_accounts"
            return Title(text, doc_type, year, unit, kind)
    return None


def _unit(match: re.Match[str], text: str, is_sure: bool) -> str | None:
    """The unit that a title names; None for a bare region (``云川市青禾区2025年区级部门预算``).

    ``is_sure``: the words around it admit only a unit there, so that its last word may be any word.
    """
    name = group(match, text)
    if name:
        name = clean_name(name)
        if match.string.startswith("本级", match.end("unit")) and is_unit_name(name):
            name += "本级"
        if match["bracketed"] and is_own_office(f"({match['bracketed']})"):
            name += text[slice(match.start("bracketed") - 1, match.end("bracketed") + 1)]
        fits = is_unit_name(name) or (is_sure and may_name(name))
        return name if fits else None
    for other in ("last", "bracketed"):
        if match[other] and is_unit_name(match[other]):
            return clean_name(text[slice(*match.span(other))])
    return None


def _kind(match: re.Match[str]) -> UnitKind | None:
    kind = match["kind"]
    if match["unit"] and takes_in_units(match["unit"]):
        return "department"
    return None if not kind or "(" in kind else "unit" if kind == "单位" else "department"


def _year(match: re.Match[str]) -> int | None:
    return int(match["year"]) if match["year"] else None


def _year_line(line: str | None) -> int | None:
    match = _YEAR_LINE.match(plain_years(fold(line))) if line else None
    return int(match.group(1)) if match else None
