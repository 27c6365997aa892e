"""What a document says it is: kind, stage, year, title, the unit that publishes it and where.

Read from the cover, the headings, the profile and the compilers' lines (编制单位：…).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from ingest.cover.regions import Place, find_place
from ingest.cover.titles import (
    TITLE_LENGTH,
    Title,
    UnitKind,
    cover_names,
    find_title,
    is_about_region,
    is_government,
    plain_years,
    title_below_contents,
)
from ingest.cover.unit_names import (
    compiler_name,
    in_full,
    is_common_noun,
    is_own_office,
    names_in,
    profile_name,
    region_of,
    superior_name,
)
from ingest.document.model import Document
from ingest.document.paragraphs import read_paragraphs
from ingest.document.text import fold, squeeze, strip_enumerator
from ingest.registry import any_of

_FINAL_WORDS, _BUDGET_WORDS = (
    re.compile(any_of("cover.final_accounts")),
    re.compile(any_of("cover.budget")),
)
_YEAR = re.compile(r"(20[0-4]\d)年(?!以来|前|后)")
_YEAR_OF_HEADING = re.compile(
    rf"(20[0-4]\d)年度?(?:部门|单位)(?:收支)?[预决]算{any_of('cover.heading_aspect')}"
)
_YEAR_OF_ACCOUNT = re.compile(rf"(20[0-4]\d)年度?(?:{any_of('cover.account_phrase')})*[预决]算")
_YEAR_OF_REPORT = re.compile(r"(20[0-4]\d)年度?[^,。;:\d]{0,20}绩效[^,。;:\d]{0,10}(?:表|报告)")
_DATE = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日")
_ANNOUNCED = re.compile(
    rf"20[0-4]\d年度?(?:{any_of('cover.account_phrase')})*(?P<stage>[预决]算)(?:{any_of('title.after_account')})*{any_of('cover.announced')}"
)
"""How a text without a title says whose account it gives (2020年度三公经费决算情况公布如下)."""
_HEADED = re.compile(
    r"20[0-4]\d年度?(?:部门|单位)(?P<stage>[预决]算)(?:情况说明|编制说明|报?表|公开|包括|由|编报|编制范围)"
)
"""A heading of a text without a title that says of what account a part is (第二部分 2020年度部门决算表)."""
_COMPARISON = re.compile(any_of("cover.comparison"))
_COMPARED_YEAR = re.compile(r"[比较与同和]20[0-4]\d年")
_PRESS = re.compile(any_of("cover.press"))
_REPORT_WORDS = re.compile(any_of("cover.report"))
_ACCOUNT_WORDS = re.compile(any_of("cover.account"))
_REPORT_HEADING = re.compile(any_of("cover.report_heading"))
_INDICATOR_HEADS = re.compile(any_of("cover.indicator_head"))
_FLATTENED_FORMS = {
    "self_evaluation": re.compile(any_of("cover.evaluation_form")),
    "target": re.compile(any_of("cover.target_form")),
}
STAGES = {"departmental_budget": "budget", "final_accounts": "final", "performance_report": "final"}
"""The stage of each kind of document."""
_OF_ACCOUNTS = ("departmental_budget", "final_accounts")
_STAGE_WORDS = re.compile(r"(?P<fund>(?:一般公共|政府性基金|国有资本经营)预算)|[预决]算")
_LEAST_HEADS = 3
"""How many pages print a line that is their head."""
_MOST_NAMES = 100
"""How many names are looked up in the text. A document that prints more is not describing itself."""
_UNIT_WORDS, _DEPARTMENT_WORDS = re.compile("单位[预决]算"), re.compile("部门[预决]算")


Printed = Literal["title", "text", "form"]
"""Where a document prints something of itself: on its cover, in its text, in or above a form."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A document's own account of itself; what is not printed is None.

    ``unit_from``, ``fiscal_year_from`` and ``stage_from`` say where it was printed. ``region_name`` is how the unit's name
    begins, ``place`` what that is in the code list. ``is_departmental`` is false where the cover says that it sums up all
    bodies of a region, or is a government's own budget.
    """

    title: str | None
    doc_type: str | None
    stage: str | None
    fiscal_year: int | None
    unit_name: str | None
    unit_kind: UnitKind | None
    region_name: str | None
    unit_from: Printed | None = None
    fiscal_year_from: Printed | None = None
    stage_from: Printed | None = None
    place: Place | None = None
    is_departmental: bool = True


def read_cover(document: Document) -> Cover:
    """The cover of a document. ``doc_type`` is None where nothing says that it is a disclosure."""
    lines = [squeeze(line.text) for line in document.lines() if line.text.strip()]
    whole = "".join(fold(line) for line in lines)
    title = find_title(lines, whole) or title_below_contents(lines) or _title_of_pages(document, whole)
    doc_type = title.doc_type if title else _guess_type(lines, whole)
    unit_name, unit_from = _unit_name(document, lines, whole, title)
    year = title.year if title else None
    year_from: Printed = "title" if year else "text"
    year = year or _guess_year(whole)
    kind = title.unit_kind if title else None
    return Cover(
        title=title.text if title else None,
        doc_type=doc_type,
        stage=STAGES[doc_type] if doc_type else None,
        fiscal_year=year,
        unit_name=unit_name,
        unit_kind=_kind(unit_name, kind or (_guess_kind(whole) if doc_type else None)),
        region_name=region_of(unit_name) if unit_name else None,
        unit_from=unit_from,
        fiscal_year_from=year_from if year else None,
        stage_from=("title" if title else "text") if doc_type else None,
        place=find_place(unit_name, title.text if title else None, whole),
        is_departmental=not (is_about_region(lines, title) or (title is None and _PRESS.search(whole))),
    )


def with_forms(cover: Cover, titles: Sequence[str], heads: Sequence[str]) -> Cover:
    """The cover, completed from the forms: from their titles and, where these do not name the stage, from their column heads.

    This serves files whose title stands in a table's first row, and files that hold only a form. Where the forms
    contradict each other the value stays unknown.
    """
    titles = [squeeze(title) for title in titles]
    folded = "".join(map(fold, titles))
    title = find_title(titles, folded)
    years = set(map(int, _YEAR.findall(plain_years(folded))))
    year, year_from = cover.fiscal_year, cover.fiscal_year_from
    if year_from != "title" and len(years) == 1:
        year, year_from = years.pop(), "form"
    unit_name = cover.unit_name or (title.unit if title else None)
    doc_type, stage_from = cover.doc_type, cover.stage_from
    if doc_type is None or (stage_from == "text" and doc_type in _OF_ACCOUNTS):
        named = _type_named(folded) or (None if doc_type else _type_named("".join(map(fold, heads))))
        doc_type, stage_from = (named, "form") if named else (doc_type, stage_from)
    return replace(
        cover,
        doc_type=doc_type,
        stage=STAGES[doc_type] if doc_type else None,
        fiscal_year=year,
        unit_name=unit_name,
        unit_kind=_kind(unit_name, cover.unit_kind or (_guess_kind(folded) if doc_type else None)),
        region_name=region_of(unit_name) if unit_name else None,
        unit_from=cover.unit_from or ("form" if unit_name else None),
        fiscal_year_from=year_from,
        stage_from=stage_from,
        place=cover.place or find_place(unit_name, None, folded),
    )


def with_kinds(cover: Cover, kinds: Collection[str]) -> Cover:
    """The cover, with the stage that the performance forms have where nothing else says it; ``kinds`` are theirs."""
    if cover.doc_type or len(set(kinds)) != 1:
        return cover
    doc_type = "departmental_budget" if "target" in kinds else "performance_report"
    kind = _kind(cover.unit_name, cover.unit_kind or "department")
    return replace(cover, doc_type=doc_type, stage=STAGES[doc_type], stage_from="form", unit_kind=kind)


def flattened_kinds(document: Document) -> set[str]:
    """The kinds of the performance forms that lines of text name and print indicator after indicator, without a table."""
    whole = "".join(fold(line.text) for line in document.lines())
    if not _INDICATOR_HEADS.search(whole):
        return set()
    return {kind for kind, words in _FLATTENED_FORMS.items() if words.search(whole)}


def without_prose(cover: Cover) -> Cover:
    """The cover of a document that prints forms and no prose: what its lines say is said above a form."""
    return replace(
        cover,
        unit_from=_above_form(cover.unit_from),
        fiscal_year_from=_above_form(cover.fiscal_year_from),
        stage_from=_above_form(cover.stage_from),
    )


def _above_form(printed: Printed | None) -> Printed | None:
    return "form" if printed == "text" else printed


def _title_of_pages(document: Document, whole: str) -> Title | None:
    """The title that several pages print as their head; the first in print."""
    pages: dict[str, set[int]] = {}
    for line in document.lines():
        if line.page_no is not None and len(line.text) <= TITLE_LENGTH:
            pages.setdefault(squeeze(line.text), set()).add(line.page_no)
    heads = (text for text, on in pages.items() if len(on) >= _LEAST_HEADS)
    return next(filter(None, (find_title([head], whole) for head in heads)), None)


def _type_named(text: str) -> str | None:
    """What a folded text names, budget or final accounts; None where it names both or neither."""
    words = {word[0] for word in _STAGE_WORDS.finditer(text) if not word["fund"]}
    if len(words) != 1:
        return None
    return "departmental_budget" if words == {"预算"} else "final_accounts"


def _guess_type(lines: Sequence[str], whole: str) -> str | None:
    """The kind of a text without a title. A report calls itself one, or has at least two of a report's headings."""
    if not _ACCOUNT_WORDS.search(whole):
        headings = {
            line for line in map(strip_enumerator, map(fold, lines)) if _REPORT_HEADING.fullmatch(line)
        }
        if _REPORT_WORDS.search(whole) or len(headings) > 1:
            return "performance_report"
    plain = plain_years(whole)
    named = {match["stage"] for match in (*_ANNOUNCED.finditer(plain), *_HEADED.finditer(plain))}
    if len(named) == 1:
        return "departmental_budget" if named == {"预算"} else "final_accounts"
    final, budget = len(_FINAL_WORDS.findall(whole)), len(_BUDGET_WORDS.findall(whole))
    if final + budget < 3:
        return None
    return "final_accounts" if final >= budget else "departmental_budget"


def _kind(unit_name: str | None, kind: UnitKind | None) -> UnitKind | None:
    """The kind of the unit; a name with the mark 本级 is the department's own office, which is a unit."""
    return "unit" if unit_name and is_own_office(unit_name) else kind


def _guess_kind(whole: str) -> UnitKind:
    units, departments = (len(words.findall(whole)) for words in (_UNIT_WORDS, _DEPARTMENT_WORDS))
    return "unit" if units > departments else "department"


def _guess_year(whole: str) -> int | None:
    """The year that the headings name (2024年部门预算…), else the latest of the years that the text names often; a day's date
    is none."""
    text = plain_years(whole)
    for pattern in (_YEAR_OF_HEADING, _YEAR_OF_ACCOUNT, _YEAR_OF_REPORT):
        named = Counter(map(int, pattern.findall(_COMPARISON.sub("", text))))
        if named:
            return max(named, key=lambda year: (named[year], year))
    years = Counter(map(int, _YEAR.findall(_DATE.sub("", _COMPARED_YEAR.sub("", text)))))
    often = max(years.values(), default=0)
    return max((year for year, count in years.items() if 3 * count >= often), default=None)


def _unit_name(
    document: Document, lines: Sequence[str], whole: str, title: Title | None
) -> tuple[str | None, Printed | None]:
    """The fullest form of the publishing unit's name, and where it is printed.

    The sources are tried in this order: the title, where the document prints that name again; the compiler's line; the
    title; a line of the cover, unless it is a government's, whose web site prints it; the profile; that government; the line
    of the department in charge. Where no line has a name, the profile's sentences are read across their line breaks. A
    line of a cover says nothing where there is neither a title nor a table below it.
    """
    compilers = [name for name in map(compiler_name, lines) if name]
    compilers += [name for table in document.tables() for name in names_in(table)]
    profiles = [name for name in map(profile_name, lines) if name]
    in_title = title.unit if title else None
    if in_title and is_common_noun(in_title):
        in_title = in_full(in_title, whole)
    titles = [in_title] if in_title else []
    on_cover = cover_names(lines) if title or any(document.tables()) else []
    confirmed = [name for name in titles if whole.count(fold(name)) > 1]
    superiors = [name for name in map(superior_name, lines) if name]
    sources: tuple[tuple[Printed, list[str]], ...] = (
        ("title", confirmed),
        ("form", compilers),
        ("title", titles),
        ("title", [name for name in on_cover if not is_government(name)]),
        ("text", profiles),
        ("title", on_cover),
        ("title", superiors),
    )
    for printed, names in sources:
        if names:
            best = _most_printed(names, whole)
            fullest = _fullest(best, [*titles, *compilers, *profiles, *superiors], whole)
            return fullest, "title" if fullest in titles else printed
    broken = [name for paragraph in read_paragraphs(document) if (name := profile_name(paragraph.text))]
    return (_most_printed(broken, whole), "text") if broken else (None, None)


def _most_printed(names: Sequence[str], whole: str) -> str:
    """The name that most of the lines print, then the one that the text repeats most, then the first."""
    counts = Counter(fold(name) for name in names)
    most = max(counts.values())
    best = dict.fromkeys(name for name in names if counts[fold(name)] == most)
    return max(islice(best, _MOST_NAMES), key=lambda name: whole.count(fold(name)))


def _fullest(best: str, names: Sequence[str], whole: str) -> str:
    """The longest of the names that is the same unit's: see ``_is_fuller``."""
    distinct = islice(dict.fromkeys(names), _MOST_NAMES)
    fuller = [name for name in distinct if _is_fuller(fold(name), fold(best), whole)]
    return max(fuller, key=len, default=best)


def _is_fuller(name: str, short: str, whole: str) -> bool:
    """Whether a name says in full what the short one says.

    It does where it adds brackets (``甲局（乙局）``), where the short name is mostly printed as a part of it, or
    where the short name drops characters in the middle (``甲区科技局``): it begins with the same two and ends with the same one.
    """
    if len(name) <= len(short):
        return False
    if name.startswith(short + "("):
        return True
    if name.startswith(short) or name.endswith(short):
        return 2 * whole.count(name) > whole.count(short)
    rest = iter(name)
    return (name[:2], name[-1]) == (short[:2], short[-1]) and all(char in rest for char in short)
