"""The region of a budget unit: a code of GB/T 2260, told from the unit's name, and from the words around it where the name is short.

Nothing is guessed: a name that several regions have is none without a word that tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache

from ingest.document.text import fold
from ingest.registry import any_of, classification_rows

CENTRAL = "000000"
_LONGEST, _SHORTEST = 15, 2
_LEVELS = {"province": 0, "city": 1, "county": 2}
_BODY = re.compile(rf"^(?:{any_of('unit.body')})+")
_CENTRAL = re.compile(rf"^{any_of('region.central')}")
_ZONE = re.compile(rf"^(?P<zone>.{{2,30}}?{any_of('region.zone')})")
_AUTONOMOUS = re.compile("自治[州县旗]$")
_PEOPLES = ("族", "蒙古", "哈萨克", "柯尔克孜")
_SHORT_OF = re.compile(r"(?:特别行政区|(?:[^省市县区]{1,8}族)?自治[区州县]|省|市|地区|盟|县|区)$")
_NO_REGION_BEFORE = re.compile(any_of("region.no_name_follows"))
_RELATIVE = re.compile("自治区|自治州|省|市|县|州|旗")
"""How a name begins that says the level of its region and not which it is."""
_MOST_PLACES = 50
"""How many places of a name in a text are looked at."""
_LEAST_PRINTED = 2
"""How often a text must print a region's full name before it completes a short one."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the code list; its ``parent_code`` is empty for the country itself, and ``is_present`` false where its
    code was abolished."""

    region_code: str
    name_zh: str
    level: str
    parent_code: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit belongs. ``zone`` names a development zone without a code of its own; the code is then its parent's."""

    region_code: str
    zone: str | None = None


@cache
def regions() -> dict[str, Region]:
    """The code list by code."""
    return {
        row["region_code"]: Region(
            row["region_code"], row["name_zh"], row["level"], row["parent_code"], not row["valid_to_year"]
        )
        for row in classification_rows("region")
    }


@cache
def _named() -> dict[str, tuple[Region, ...]]:
    """The regions that have a name, present or former."""
    found: dict[str, list[Region]] = {}
    for row in classification_rows("region"):
        for name in (row["name_zh"], *row["former_names"].split("|")):
            if name and row["level"] in _LEVELS:
                found.setdefault(name, []).append(regions()[row["region_code"]])
    for name, each in list(found.items()):
        for short in _without_peoples(name):
            found.setdefault(short, []).extend(each)
    return {name: tuple(each) for name, each in found.items()}


def _without_peoples(name: str) -> Iterator[str]:
    """An autonomous region's name as it is also printed, without its peoples (红河州 of 红河哈尼族彝族自治州)."""
    if _AUTONOMOUS.search(name):
        for length in range(_SHORTEST, min(len(name) - 4, 5)):
            if name[length:-3].endswith(_PEOPLES):
                yield name[:length] + name[-1]


@cache
def _shortened() -> dict[str, tuple[Region, ...]]:
    """The regions by their names without the last word (市, 省, 自治区)."""
    found: dict[str, list[Region]] = {}
    for name, each in _named().items():
        short = _SHORT_OF.sub("", name)
        if len(short) >= _SHORTEST and short != name:
            found.setdefault(short, []).extend(each)
    return {short: tuple(each) for short, each in found.items()}


def begins_with_region(text: str, levels: Container[str] = ("province", "city")) -> bool:
    """Whether a folded text begins with the full name of a region of one of the levels."""
    found = (_named().get(text[:length], ()) for length in range(3, min(_LONGEST, len(text)) + 1))
    return any(each.level in levels for regions_ in found for each in regions_)


def find_place(unit_name: str | None, title: str | None, whole: str) -> Place | None:
    """The place of a unit, by its name, else by the title; ``whole`` is the folded text of its document."""
    for text in (unit_name, title):
        place = _place_of(fold(text), whole) if text else None
        if place:
            return place
    region = _named_in_text(fold(unit_name), whole) if unit_name else None
    return Place(region.region_code) if region else None


def _named_in_text(name: str, whole: str) -> Region | None:
    """The region of a name that begins with none: the one that the text prints right before it (甲市 in 甲市乙镇人民政府), else
    the only one of its level that the text names (甲自治区 for 自治区教育厅)."""
    before = {
        region
        for text in whole.split(name, _MOST_PLACES)[:-1]
        if (region := _ends_with_region(text[-_LONGEST:], whole))
    }
    if len(before) == 1:
        return before.pop()
    level = _RELATIVE.match(name)
    if before or level is None:
        return None
    found = [each for each in regions().values() if each.name_zh.endswith(level[0]) and each.name_zh in whole]
    return found[0] if len(found) == 1 else None


def region_before(name: str, whole: str) -> str | None:
    """The words by which a text names the region right before a name, where it names one only (甲市 in 甲市财政局)."""
    found = {
        text[-length:]
        for text in whole.split(name, _MOST_PLACES)[:-1]
        for length in [_length_of_region(text[-_LONGEST:], whole)]
        if length
    }
    return found.pop() if len(found) == 1 else None


def _length_of_region(text: str, whole: str) -> int:
    """The characters of the longest path of regions that a text ends with; 0 where it ends with none."""
    for start in range(len(text) - _SHORTEST + 1):
        region, rest = _path(text[start:], whole)
        if region and not rest:
            return len(text) - start
    return 0


def _ends_with_region(text: str, whole: str) -> Region | None:
    """The lowest region of the longest path of regions (甲省乙市) that a text ends with."""
    for start in range(len(text) - _SHORTEST + 1):
        region, rest = _path(text[start:], whole)
        if region and not rest:
            return region
    return None


def _place_of(name: str, whole: str) -> Place | None:
    name = _BODY.sub("", name) or name
    path, rest = _path(name, whole)
    if path is None and _CENTRAL.match(name):
        return Place(CENTRAL)
    zone = _ZONE.match(rest)
    if zone and "市场" not in zone["zone"]:
        parent = path or _short_parent(rest, whole)
        return Place(parent.region_code, zone["zone"]) if parent else None
    path = path or _completed(name, whole)
    return Place(path.region_code) if path else None


def _path(name: str, whole: str) -> tuple[Region | None, str]:
    """The lowest region that the beginning of a name gives (省, 市, 县), and what follows it."""
    last: Region | None = None
    while True:
        step = next(_steps(name, last, whole), None)
        if step is None:
            return last, name
        last, name = step


def _steps(name: str, above: Region | None, whole: str) -> Iterator[tuple[Region, str]]:
    """The next region of a path, with what follows it; the longest name first."""
    for length in range(min(_LONGEST, len(name)), _SHORTEST - 1, -1):
        found = _named().get(name[:length], ())
        if not found or _NO_REGION_BEFORE.match(name[length:]):
            continue
        if (
            above is None and length == _SHORTEST and name[1] == "区"
        ):  # 城区, 郊区: common nouns without a city before
            continue
        below = [each for each in found if above is None or _is_below(each, above)]
        region = below[0] if len(below) == 1 else _told_apart(below, whole)
        if region:
            yield region, name[length:]
    if above is None:  # a province may stand without its last word before one of its cities
        for length in range(2, 4):
            for region in _shortened().get(name[:length], ()):
                if region.level == "province":
                    deeper = next(_steps(name[length:], region, whole), None)
                    if deeper:
                        yield deeper


def _is_below(region: Region, above: Region) -> bool:
    while region.parent_code:
        region = regions()[region.parent_code]
        if region == above:
            return True
    return False


def _told_apart(found: list[Region], whole: str) -> Region | None:
    """The one of several regions of a name whose city, else province, the text prints, else the only one that still has its
    code; None where that leaves a choice."""
    parents = {each: regions().get(each.parent_code) for each in found}
    printed = [each for each, parent in parents.items() if parent and parent.name_zh in whole]
    return printed[0] if len(printed) == 1 else _only_present(found)


def _only_present(found: list[Region]) -> Region | None:
    """The one of several regions whose code was not abolished; None where none or more than one is left."""
    present = [each for each in found if each.is_present]
    return present[0] if len(present) == 1 else None


def _completed(name: str, whole: str) -> Region | None:
    """The region of a name that begins with a short one, where it can only be one, or the text prints it in full."""
    for length in range(min(8, len(name)), _SHORTEST - 1, -1):
        found = _shortened().get(name[:length], ())
        if not found or _NO_REGION_BEFORE.match(name[length:]):
            continue
        if len(found) == 1 and found[0].level == "province":
            return found[0]
        printed = [each for each in found if whole.count(each.name_zh) >= _LEAST_PRINTED]
        region = printed[0] if len(printed) == 1 else _only_present(printed)
        if region:
            return region
    return None


def _short_parent(name: str, whole: str) -> Region | None:
    """The region that a zone's name begins with, without its last word: the highest that has that name."""
    region = _completed(name, whole)
    for length in range(min(8, len(name)), _SHORTEST - 1, -1) if region is None else ():
        found = sorted(_shortened().get(name[:length], ()), key=lambda each: _LEVELS[each.level])
        if found and (len(found) == 1 or found[0].level != found[1].level):
            return found[0]
    return region
