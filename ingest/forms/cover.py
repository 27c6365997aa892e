"""What a document says it is: kind, stage, year, title, the unit that publishes it and where.

Read from the cover, the headings and the compilers' lines (编制单位：…); no rule looks at a particular name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.model import Document, Table
from ingest.text import fold, fold_in_place, printed_unit, squeeze

_COVER_LINES = 12
_KIND = r"(?:区级|市级|县级|本级)?(部门|单位)(预算|决算)"
_TITLE = re.compile(rf"^(?P<unit>.{{2,60}}?)?(?P<year>20[0-4]\d)年度?{_KIND}")
_TITLE_END = re.compile(r"(?:公开|说明|报告|情况|报表|书|草案)*(?:\(.*\))?$")
_REPORT = re.compile(
    r"^(?P<unit>.{2,60}?)(?:20\d\d年度?)?(?P<kind>部门|单位)?(?:整体|项目|专项)(?:支出|资金|经费)?绩效(?:自评|评价)(?:报告|结果)"
)
_COMPILER = re.compile(
    r"(?:编制部门|编制单位|填报单位|填报部门|预算主管部门|预算单位|主管部门|部门名称|单位名称|部门\(?单位\)?名称|部门单位名称)"
    r"(?:\(公章\)|\(盖章\))?[:：](?P<unit>.+)"
)
_NAME_CELL = re.compile(
    r"^(?:部门|单位|部门\(单位\)|预算单位|部门单位)名称?(?:\((?:公章|盖章)\))?[:：]?$|^预算单位$"
)
_PROFILE = re.compile(
    r"^(?P<unit>[^,。;:，]{4,80}?)(?:20\d\d年度?)?[,，]?(?:编制(?:人)?数|实有人数|人员编制|无下属预算单位|下设\d|有下属)"
)
_UNIT_NAME = re.compile(
    r"(?:局|委员会|委|办公室|办事处|办|厅|部|院|中心|站|所|校|学|园|馆|会|队|处|社|室|政府|法院|检察院|医院|集团|公司|大学|学院|联合会|协会|管理区|团)"
    r"(?:\(.+\))?$"
)
_NO_NAME = re.compile(r"[。;:《》\"]|第.部分|本(?:部门|单位)|20\d\d")
_REGION = re.compile(
    r"^(?:中共)?(?P<region>(?:[^省区市州县旗]{2,8}(?:省|自治区))?(?:[^省市州县旗区]{1,8}(?:市|自治州|州|地区|盟))?(?:[^省市县旗区]{1,6}(?:区|县|旗|市))?)"
)
_YEAR = re.compile(r"(20[0-4]\d)年(?!以来)")
_FINAL_WORDS, _BUDGET_WORDS = (
    re.compile("决算"),
    re.compile("预算(?:公开|编制说明|情况说明|表)|年初?预算|部门预算|单位预算"),
)


@dataclass(frozen=True, slots=True)
class Cover:
    """A document's own account of itself; what is not printed is None."""

    title: str | None
    doc_type: str | None
    stage: str | None
    fiscal_year: int | None
    unit_name: str | None
    unit_kind: str | None
    region_name: str | None


def read_cover(document: Document) -> Cover:
    """The cover of a document. ``doc_type`` is None where nothing says that it is a disclosure."""
    lines = [squeeze(line.text) for line in document.lines() if line.text.strip()]
    title = _find_title(lines[:_COVER_LINES])
    whole = "".join(fold(line) for line in lines)
    doc_type = title.doc_type if title else _guess_type(whole)
    stage = {"departmental_budget": "budget", "final_accounts": "final", "performance_report": "final"}.get(
        doc_type or ""
    )
    unit_name = _fullest(title.unit if title else None, _unit_names(document, lines))
    kind = title.unit_kind if title else None
    region = _REGION.match(fold(unit_name)) if unit_name else None
    return Cover(
        title=title.text if title else None,
        doc_type=doc_type,
        stage=stage,
        fiscal_year=(title.year if title else None) or _commonest_year(whole),
        unit_name=unit_name,
        unit_kind=kind or ("department" if doc_type else None),
        region_name=(region.group("region") or None) if region else None,
    )


@dataclass(frozen=True, slots=True)
class _Title:
    text: str
    doc_type: str
    year: int | None
    unit: str | None
    unit_kind: str | None


def _find_title(lines: list[str]) -> _Title | None:
    """The title, over up to three lines of the cover."""
    for start in range(len(lines)):
        for count in (1, 2, 3):
            text = "".join(lines[start : start + count])
            folded = fold_in_place(text)
            if len(folded) > 90 or "目录" in folded:
                break
            report = _REPORT.match(folded)
            if report:
                year = _YEAR.search(fold("".join(lines[start : start + count + 2])))
                return _Title(
                    text,
                    "performance_report",
                    int(year.group(1)) if year else None,
                    _group(report, text),
                    {"部门": "department", "单位": "unit"}.get(report.group("kind")),
                )
            match = _TITLE.match(folded)
            if match and _TITLE_END.fullmatch(folded[match.end() :]):
                kind, stage = match.group(3), match.group(4)
                return _Title(
                    text,
                    "departmental_budget" if stage == "预算" else "final_accounts",
                    int(match.group("year")),
                    _title_unit(match, text),
                    "unit" if kind == "单位" else "department",
                )
    return None


def _title_unit(match: re.Match[str], text: str) -> str | None:
    """The unit that a title names; None for a bare region (``云川市青禾区2025年区级部门预算``)."""
    name = _group(match, text)
    if not name or len(fold(name)) < 4:
        return None
    region = _REGION.match(fold(name))
    is_region = region is not None and region.end() == len(fold(name))
    return None if is_region or _NO_NAME.search(fold(name)) else name


def _guess_type(whole: str) -> str | None:
    if re.search(r"整体支出绩效自评报告", whole) and "决算公开" not in whole:
        return "performance_report"
    final, budget = len(_FINAL_WORDS.findall(whole)), len(_BUDGET_WORDS.findall(whole))
    if final + budget < 3:
        return None
    return "final_accounts" if final >= budget else "departmental_budget"


def _commonest_year(whole: str) -> int | None:
    years = Counter(int(year) for year in re.findall(r"(20[0-4]\d)年度?", whole))
    return max(years, key=lambda year: (years[year], year)) if years else None


def _unit_names(document: Document, lines: list[str]) -> list[str]:
    """The unit's name wherever a compiler's line, the profile or a form's name cell prints it."""
    names = []
    for line in lines:
        names.append(_compiler(line))
        names.append(_group(_PROFILE.match(fold_in_place(line)), line))
    for table in document.tables():
        names.extend(_names_in(table))
    return [name for name in names if name and is_unit_name(name)]


def _names_in(table: Table) -> list[str | None]:
    names: list[str | None] = []
    for cell in table.cells:
        names.append(_compiler(squeeze(cell.text)))
        if _NAME_CELL.match(fold(cell.text)):
            right = [
                other
                for other in table.cells
                if other.row == cell.row and other.col > cell.col and other.text.strip()
            ]
            names.extend(squeeze(other.text) for other in right[:1])
    return names


def _compiler(text: str) -> str | None:
    name = _group(_COMPILER.search(fold_in_place(text)), text)
    if not name or printed_unit("单位:" + name):
        return None
    return re.sub(r"(?:金额)?单位[:：].*$", "", name)


def _group(match: re.Match[str] | None, printed: str) -> str | None:
    """The printed text of a match's unit group, the match being on the text folded in place."""
    return printed[slice(*match.span("unit"))] if match and match.group("unit") else None


def is_unit_name(name: str) -> bool:
    """Whether a text reads like the name of a budget unit."""
    folded = fold(name)
    if not 4 <= len(folded) <= 80 or _NO_NAME.search(folded):
        return False
    return bool(_UNIT_NAME.search(folded))


def _fullest(title_name: str | None, names: list[str]) -> str | None:
    """The title's name, else the most printed one; or a longer one that begins with it."""
    counts = Counter(fold(name) for name in names)
    if not title_name and not counts:
        return None
    best = fold(title_name) if title_name else max(counts, key=lambda name: (counts[name], len(name)))
    fullest = max((name for name in counts if name.startswith(best)), key=len, default=best)
    return next(name for name in [*names, title_name or ""] if fold(name) == fullest)
