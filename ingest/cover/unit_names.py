"""The names of budget units: what reads like one, and the lines, sentences and cells that print one.

No rule looks at a particular name: a name is told by its last word and by the words printed around it.
"""

from __future__ import annotations

import re

from ingest.document.model import Table
from ingest.document.text import fold, fold_in_place, squeeze, strip_enumerator

_LAST_WORD = re.compile(
    r"(?:局|委员会|委|办公室|办事处|办|厅|部|署|院|中心|站|所|校|学|园|馆|会|队|处|社|室|政府|法院|检察院|医院|"
    r"集团|公司|大学|学院|联合会|协会|管理区|团|妇联|残联|文联|科协|政协|人大|监狱)"
    r"(?:\([^()]+\)|本级|机关)*$"
)
_LAST_WORD_OF_LABELLED = re.compile(r"(?:段|台|库|场|厂|镇|乡|街道|基地)(?:\([^()]+\)|本级|机关)*$")
_NO_NAME = re.compile(
    r"[。;:,!?<>=《》\"|]|第.部分|[本我各该](?:部门|单位|局|委|办|院|校|中心|镇|乡|街道)|20\d\d|^(?:其中|包括|所属|下属|内设|主管|负责|"
    r"承担|根据|按照|截至|截止|年末|年初|关于|全[省市区县州旗镇乡国])|(?:预算|决算|绩效|财政拨款|经费|收入|支出)(?:公开|编制|管理)?(?:部门|单位|情况)"
)
_NO_NAME_OF_ITS_OWN = re.compile(r"(?:部门|单位|机关|办公室|政府|委员会|财政局|中心|学校|医院)(?:本级)?")
_BODY = (
    r"(?:中国共产党|中共|中国共产主义青年团|共青团|中国人民政治协商会议|政协|中国民主(?:同盟|建国会|促进会)|"
    r"九三学社|国家税务总局)?"
)
_REGION = re.compile(
    rf"^{_BODY}(?P<region>(?:[^省区市州县旗]{{2,8}}(?:省|自治区))?"
    r"(?:[^省市县旗区]{1,8}?(?:市(?!场)|自治州|州(?![市区县])|地区|盟))?"
    r"(?:[^省市县旗区]{2,12}自治[县旗]|[^省市县区]{1,6}?(?:(?<![社景园校发护税灌库])区|县|旗(?!区)|(?<!城)市(?!场)))?)"
)
_MARKS = r"(?:\((?:公章|盖章|签章|加盖公章|章)\))?"
_NAMED = r"(?:部门|单位|部门\(单位\)|单位\(部门\)|部门单位|预算部门|预算单位|公开部门|公开单位)"
_COMPILER = re.compile(
    rf"(?:(?:编制|填报|编报|申报|公开|编制公开)(?:部门|单位)|预算单位|{_NAMED}(?:全称|名称)|^{_NAMED}){_MARKS}[:：](?P<unit>.+)"
)
_SUPERIOR = re.compile(rf"(?:预算主管部门|主管部门){_MARKS}[:：](?P<unit>.+)")
_AFTER_NAME = re.compile(
    r"(?:金额)?单位[:：].*$|(?:填报|编制|填表|报送|公开|填制)?(?:日期|时间|人|年度)[:：].*$|(?:预算|财决)?公开\d+表.*$|20\d\d年.*$"
)
_CODE = re.compile(r"^[\[(【]?\d{3,}[\])】]?[-_—]*")
_NAME_CELL = re.compile(rf"^(?:{_NAMED}名?称?|预算单位){_MARKS}[:：]?$")
_CALLED = r"(?:\((?:以下)?简称[^()]*\))?"
_SENTENCES = (
    re.compile(
        rf"(?P<unit>[^,。;:，]{{4,80}}?){_CALLED}(?:20\d\d年度?末?)?[,，]?"
        r"(?:(?:核定)?编制(?:总)?(?:人)?数|实有人数|人员编制|核定编制|无下属|(?:共|内|下)设|有下属|机关内设)"
    ),
    re.compile(
        rf"(?P<unit>[^,。;:，、]{{4,60}}?){_CALLED}(?:是|为|系|属于?|隶属于?)[^。]{{0,200}}?"
        r"(?:单位|部门|机构|机关|团体|组织|医院|学校|中学|小学|院校|幼儿园)"
    ),
)
_HEADINGS = (
    re.compile(r"(?P<unit>[^,。;:，、]{4,60}?)(?:单位|部门)?(?:基本)?(?:概况|主要职[能责])$"),
    re.compile(
        r"(?:关于)?(?P<unit>[^,。;:，、]{4,60}?)20\d\d年度?(?:部门|单位|收|支|预算|决算|财政|一般公共|政府性)"
    ),
    re.compile(r"20\d\d年度?(?P<unit>[^,。;:，、]{4,60}?)(?:部门|单位)?(?:年初|预算|决算|概况|收入|本年)"),
)
_CLAUSE = re.compile(r"[,，。;；]")
_NO_SUBJECT = re.compile(r"^(?:[省县区旗州]|市(?![中南北]))|主要|[是为的]")


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
    """Whether nothing in a text speaks against a unit's name: it is no bare region and holds no sentence."""
    folded = fold(name)
    region = _REGION.match(folded)
    is_region = region is not None and region.end() == len(folded)
    return len(folded) >= 4 and not is_region and not _NO_NAME.search(folded) and _balanced(folded)


def region_of(unit_name: str) -> str | None:
    """The region that a unit's name begins with (``甲市乙区`` of ``甲市乙区民政局``), or None."""
    region = _REGION.match(fold(unit_name))
    return (region.group("region") or None) if region else None


def clean_name(name: str) -> str:
    """A printed name less what is no part of it: a code before it, the word that the figures are summed up."""
    name = _CODE.sub("", name).strip("-—_、,，.")
    return re.sub(r"[（(](?:部门|单位|汇总|合并|含下属单位)[)）]$", "", name)


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
    for pattern, place in [*places, *((pattern, start) for pattern in _HEADINGS)]:
        name = group(pattern.match(folded, place), line)
        if name and is_unit_name(name) and not _NO_SUBJECT.search(fold(name)):
            return clean_name(name)
    return None


def names_in(table: Table) -> list[str]:
    """The units that a form's own cells name: in a compiler's cell, or beside the cell 单位名称."""
    names = [compiler_name(squeeze(cell.text)) for cell in table.cells]
    for cell in table.cells:
        if _NAME_CELL.match(fold(cell.text)):
            right = [
                other
                for other in table.cells
                if other.row == cell.row and other.col > cell.col and other.text.strip()
            ]
            names.extend(clean_name(squeeze(other.text)) for other in right[:1])
    return [name for name in names if name and is_labelled_name(name)]


def group(match: re.Match[str] | None, printed: str) -> str | None:
    """The printed text of a match's unit group, the match being on the text folded in place."""
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
