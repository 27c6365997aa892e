"""The names of budget units: what reads like one, and the lines, sentences and cells that print one.

No rule looks at a particular name: a name is recognised by its last word and by the words printed around it.
"""

from __future__ import annotations

import re

from ingest.cover.regions import begins_with_region, region_before
from ingest.document.model import Table
from ingest.document.text import fold, fold_in_place, squeeze, strip_enumerator
from ingest.registry import any_of

_LAST_WORD = re.compile(rf"{any_of('unit.last_word')}(?:\([^()]+\)|本级|机关)*$")
_LAST_WORD_OF_LABELLED = re.compile(rf"{any_of('unit.last_word_if_labelled')}(?:\([^()]+\)|本级|机关)*$")
_NO_NAME = re.compile(
    rf"[。;:,!?<>=《》\"|]|第.部分|[本我各该]{any_of('unit.own_kind')}|20\d\d|^{any_of('unit.not_first')}"
    rf"|{any_of('unit.sentence_word')}"
    rf"|{any_of('unit.account_word')}(?:公开|编制|管理)?(?:部门|单位|情况)"
)
_NO_NAME_OF_ITS_OWN = re.compile(rf"{any_of('unit.common_noun')}(?:本级)?")
_BODY = rf"{any_of('unit.body')}?"
_REGION = re.compile(
    rf"^{_BODY}(?P<region>(?:[^省区市州县旗]{{2,8}}(?:省|自治区))?"
    r"(?:[^省市县旗区]{1,8}?(?:市(?!场)|自治州|州(?![市区县])|地区|盟))?"
    r"(?:[^省市县旗区]{2,12}自治[县旗]|[^省市县区]{1,6}?(?:(?<![社景园校发护税灌库])区|县|旗(?!区)|(?<!城)市(?!场)))?)"
)
_MARKS = rf"(?:\({any_of('unit.seal')}\))?"
_NAMED = any_of("unit.label")
_COMPILER = re.compile(
    rf"(?:{any_of('unit.compiled_by')}(?:部门|单位)|预算单位|{_NAMED}(?:全称|名称)|^{_NAMED}){_MARKS}[:：](?P<unit>.+)"
)
_SUPERIOR = re.compile(rf"{any_of('unit.superior_label')}{_MARKS}[:：](?P<unit>.+)")
_AFTER_NAME = re.compile(
    rf"(?:金额)?单位[:：].*$|{any_of('unit.dated_by')}?{any_of('unit.date_label')}[:：].*$|(?:预算|财决)?公开\d+表.*$|20\d\d年.*$"
)
_CODE = re.compile(r"^[\[(【]?\d{3,}[\])】]?[-_—]*")
_NAME_CELL = re.compile(rf"^(?:{_NAMED}名?称?|预算单位){_MARKS}[:：]?$")
_CALLED = r"(?:\((?:以下)?简称[^()]*\))?"
_SENTENCES = (
    re.compile(
        rf"(?P<unit>[^,。;:，]{{4,80}}?){_CALLED}(?:20\d\d年度?末?)?[,，]?"
        rf"{any_of('unit.profile_says')}"
    ),
    re.compile(
        rf"(?P<unit>[^,。;:，、]{{4,60}}?){_CALLED}(?:作为|是|为|系|属于?|隶属于?)[^。]{{0,200}}?"
        rf"{any_of('unit.profile_kind')}"
    ),
    re.compile(
        rf"(?P<unit>[^,。;:，、]{{4,60}}?){_CALLED}的{{0,2}}(?:主要|工作)?职[能责](?:是|为|如下|有|包括|:)"
    ),
    re.compile(r"(?P<unit>[^,。;:，、]{4,60}?)20\d\d年度?部门[预决]算(?:包括|由|编报|编制范围)"),
    re.compile(
        rf"{any_of('unit.announced_by')}(?P<unit>[^,。;:，、]{{3,60}}?)20\d\d年度?{any_of('unit.heading_after_year')}"
    ),
)
_ONLY_UNIT = re.compile(
    r"^[本我]?(?:部门|单位)?[预决]算单位(?:仅)?(?:为|是|包括|只有)[:]?(?:本级)?(?P<unit>[^,。;:，、]{4,60}?)[。]?$"
)
"""The sentence that names the only unit of the accounts."""
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,8}(?:镇|乡|街道)$")
_HEADINGS = (
    re.compile(
        rf"(?P<unit>[^,。;:，、]{{4,60}}?)(?:单位|部门|\(单位\)|\(部门\))*(?:基本)?{any_of('unit.profile_heading')}$"
    ),
    re.compile(rf"(?:关于)?(?P<unit>[^,。;:，、]{{3,60}}?)20\d\d年度?{any_of('unit.heading_after_year')}"),
    re.compile(
        rf"20\d\d年度?(?P<unit>[^,。;:，、]{{4,60}}?)(?:部门|单位)?{any_of('unit.heading_after_name')}"
    ),
)
_SUMMED_UP = re.compile(rf"[（(]{any_of('unit.summed_up')}[)）]$")
_WITH_ITS_UNITS = re.compile(rf"{any_of('unit.with_its_units')}$")
_OWN_OFFICE = re.compile(rf"{any_of('members.own')}$")
_NO_PART_BEFORE = re.compile(r"^(?:【[^】]{1,12}】|\d{1,2}[、.．]|[xX×]{2,}(?:部门|单位))+")
"""What may stand before a name: a list marker, a web page's mark of the kind of text, a placeholder of the template."""
_KIND_BEHIND = re.compile(r"(?:部门|单位)$")
_BODY_FIRST = re.compile(any_of("unit.body"))
_MARKER = re.compile(r"[一二三四五六七八九十]{1,2}(?=政府|单位|部门|预算|决算|财政)")
_CLAUSE = re.compile(r"[,，。;；]")
_NO_SUBJECT = re.compile(r"^(?:[省县区旗州]|市(?![中南北]))|主要|[是为的]|[及和与]其?所$")


def is_unit_name(name: str) -> bool:
    """Whether a text reads like the name of a budget unit: its last word, and no word of a sentence or heading."""
    folded = fold(name)
    if not 4 <= len(folded) <= 80 or not may_name(name) or _NO_NAME_OF_ITS_OWN.fullmatch(folded):
        return False
    return bool(_LAST_WORD.search(folded))


def is_labelled_name(name: str) -> bool:
    """Whether a text beside a label such as 编制单位 is a name: its last word may then be a common noun too."""
    return is_unit_name(name) or (may_name(name) and bool(_LAST_WORD_OF_LABELLED.search(fold(name))))


def may_name(name: str) -> bool:
    """Whether nothing in a text speaks against a unit's name: it is not a bare region and does not hold a sentence."""
    folded = fold(name)
    region = _REGION.match(folded)
    is_region = region is not None and region.end() == len(folded)
    return (
        len(folded) >= 4
        and not is_region
        and not _NO_NAME.search(folded)
        and not _is_rest_of_sentence(folded)
        and _balanced(folded)
    )


def _is_rest_of_sentence(folded: str) -> bool:
    """Whether a name begins with the end of another word, or with a list marker: a region's name follows, or none."""
    if any(begins_with_region(folded[start:]) for start in (1, 2)) and not _BODY_FIRST.match(folded):
        return not begins_with_region(folded)
    return bool(_MARKER.match(folded)) and not begins_with_region(folded)


def names_region_late(folded: str) -> bool:
    """Whether a folded name has other words than those of a party or other body before the region that it names."""
    body = _BODY_FIRST.match(folded)
    name = folded[body.end() :] if body else folded
    levels = ("province", "city", "county")
    return not begins_with_region(name, levels) and any(
        begins_with_region(name[start:], levels) for start in range(1, len(name) - 3)
    )


def region_of(unit_name: str) -> str | None:
    """The region that a unit's name begins with (``甲市乙区`` of ``甲市乙区民政局``), or None."""
    region = _REGION.match(fold(unit_name))
    return (region.group("region") or None) if region else None


def clean_name(name: str) -> str:
    """A printed name without a code, mark or placeholder before it and without the remark behind it that its figures are summed up (汇总)."""
    name = _SUMMED_UP.sub("", _CODE.sub("", _NO_PART_BEFORE.sub("", name)).strip("-—_、,，."))
    units = _WITH_ITS_UNITS.search(fold_in_place(name))
    bare = _KIND_BEHIND.sub("", name[: units.start()] if units else name)
    return bare if bare != name and is_unit_name(bare) else name


def is_common_noun(name: str) -> bool:
    """Whether a name is a common noun (财政局), which is a unit's name only behind its region's."""
    return bool(_NO_NAME_OF_ITS_OWN.fullmatch(_KIND_BEHIND.sub("", fold(name))))


def in_full(name: str, whole: str) -> str | None:
    """A common noun with the region that the text prints before it; None where it prints none, or several."""
    bare = _KIND_BEHIND.sub("", name)
    region = region_before(fold(bare), whole)
    return f"{region}{bare}" if region else None


def takes_in_units(name: str) -> bool:
    """Whether a printed name goes on with the units that it takes in (甲局及所属单位)."""
    return bool(_WITH_ITS_UNITS.search(fold(name)))


def is_own_office(name: str) -> bool:
    """Whether a name has the mark of a department's own office (本级) behind it."""
    return bool(_OWN_OFFICE.search(fold(name)))


def compiler_name(line: str) -> str | None:
    """The unit of a compiler's line (``编制单位：…``, ``部门名称：…``), or None."""
    return _labelled(_COMPILER, line)


def superior_name(line: str) -> str | None:
    """The unit of a line that names the department in charge (``预算主管部门：…``), or None."""
    return _labelled(_SUPERIOR, line)


def profile_name(line: str) -> str | None:
    """The unit that a profile's heading or sentence speaks of (``…内设3个科室``, ``…概况``), or None."""
    folded = fold_in_place(line)
    start = len(folded) - len(strip_enumerator(folded))
    clauses = [start, *(match.end() for match in _CLAUSE.finditer(folded, start))]
    places = [(pattern, place) for pattern in _SENTENCES for place in clauses]
    for pattern, place in [*places, *((pattern, start) for pattern in (*_HEADINGS, _ONLY_UNIT))]:
        name = group(pattern.match(folded, place), line)
        if name and (is_unit_name(name) or _TOWN.match(name)) and not _NO_SUBJECT.search(fold(name)):
            return clean_name(name)
    return None


def names_in(table: Table) -> list[str]:
    """The units that a form's own cells name: in a compiler's cell, or beside the cell 单位名称."""
    cells = [cell for cell in table.cells if not cell.text.isascii() or ":" in cell.text]
    names = [compiler_name(squeeze(cell.text)) for cell in cells]
    for cell in cells:
        if _NAME_CELL.match(fold(cell.text)):
            right = [
                other
                for other in table.cells
                if other.row == cell.row and other.col > cell.col and other.text.strip()
            ]
            names.extend(clean_name(squeeze(other.text)) for other in right[:1])
    return [name for name in names if name and is_labelled_name(name)]


def group(match: re.Match[str] | None, printed: str) -> str | None:
    """The printed text of a match's unit group; the match is on the text folded in place."""
    return printed[slice(*match.span("unit"))] if match and match.group("unit") else None


def _labelled(pattern: re.Pattern[str], line: str) -> str | None:
    folded = fold_in_place(line)
    name = group(pattern.search(folded), line) if ":" in folded else None
    if not name:
        return None
    end = _AFTER_NAME.search(fold_in_place(name))
    name = clean_name(name[: end.start()] if end else name)
    return name if is_labelled_name(name) else None


def _balanced(folded: str) -> bool:
    return folded.count("(") == folded.count(")")
