"""What a document says it is: kind, stage, year, title, the unit that publishes it and where.

Read from the cover, the headings, the profile and the compilers' lines (编制单位：…).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.cover.titles import UnitKind, cover_names, find_title, plain_years
from ingest.cover.unit_names import compiler_name, names_in, profile_name, region_of, superior_name
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
_REPORT_WORDS = re.compile(any_of("cover.report"))
_ACCOUNT_WORDS = re.compile(any_of("cover.account"))
_REPORT_HEADING = re.compile(any_of("cover.report_heading"))
_STAGES = {"departmental_budget": "budget", "final_accounts": "final", "performance_report": "final"}
_STAGE_WORDS = re.compile(r"(?P<fund>(?:一般公共|政府性基金|国有资本经营)预算)|[预决]算")
_MOST_NAMES = 100
"""How many names are looked up in the text. A document that prints more is not describing itself."""
_UNIT_WORDS, _DEPARTMENT_WORDS = re.compile("单位[预决]算"), re.compile("部门[预决]算")


@dataclass(frozen=True, slots=True)
class Cover:
    """A document's own account of itself; what is not printed is None."""

    title: str | None
    doc_type: str | None
    stage: str | None
    fiscal_year: int | None
    unit_name: str | None
    unit_kind: UnitKind | None
    region_name: str | None


def read_cover(document: Document) -> Cover:
    """The cover of a document. ``doc_type`` is None where nothing says that it is a disclosure."""
    lines = [squeeze(line.text) for line in document.lines() if line.text.strip()]
    whole = "".join(fold(line) for line in lines)
    title = find_title(lines, whole)
    doc_type = title.doc_type if title else _guess_type(lines, whole)
    unit_name = _unit_name(document, lines, whole, title.unit if title else None)
    kind = title.unit_kind if title else None
    return Cover(
        title=title.text if title else None,
        doc_type=doc_type,
        stage=_STAGES[doc_type] if doc_type else None,
        fiscal_year=(title.year if title else None) or _guess_year(whole),
        unit_name=unit_name,
        unit_kind=kind or (_guess_kind(whole) if doc_type else None),
        region_name=region_of(unit_name) if unit_name else None,
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
    year = cover.fiscal_year or (years.pop() if len(years) == 1 else None)
    unit_name = cover.unit_name or (title.unit if title else None)
    doc_type = cover.doc_type
    if doc_type is None:
        doc_type = _type_named(folded) or _type_named("".join(map(fold, heads)))
    return replace(
        cover,
        doc_type=doc_type,
        stage=_STAGES[doc_type] if doc_type else None,
        fiscal_year=year,
        unit_name=unit_name,
        unit_kind=cover.unit_kind or (_guess_kind(folded) if doc_type else None),
        region_name=region_of(unit_name) if unit_name else None,
    )


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
    final, budget = len(_FINAL_WORDS.findall(whole)), len(_BUDGET_WORDS.findall(whole))
    if final + budget < 3:
        return None
    return "final_accounts" if final >= budget else "departmental_budget"


def _guess_kind(whole: str) -> UnitKind:
    units, departments = (len(words.findall(whole)) for words in (_UNIT_WORDS, _DEPARTMENT_WORDS))
    return "unit" if units > departments else "department"


def _guess_year(whole: str) -> int | None:
    """The year that the headings name (2024年部门预算…), else the latest of the years that the text names often."""
    text = plain_years(whole)
    headings = Counter(map(int, _YEAR_OF_HEADING.findall(text)))
    if headings:
        return max(headings, key=lambda year: (headings[year], year))
    years = Counter(map(int, _YEAR.findall(text)))
    often = max(years.values(), default=0)
    return max((year for year, count in years.items() if 3 * count >= often), default=None)


def _unit_name(document: Document, lines: Sequence[str], whole: str, in_title: str | None) -> str | None:
    """The fullest form of the publishing unit's name.

    The sources are tried in this order: the title, where the document prints that name again; the compiler's line; the
    title; a line of the cover; the profile; the line of the department in charge. Where no line has a name, the
    profile's sentences are read across their line breaks.
    """
    compilers = [name for name in map(compiler_name, lines) if name]
    compilers += [name for table in document.tables() for name in names_in(table)]
    profiles = [name for name in map(profile_name, lines) if name]
    titles = [in_title] if in_title else []
    confirmed = [name for name in titles if whole.count(fold(name)) > 1]
    superiors = [name for name in map(superior_name, lines) if name]
    for names in (confirmed, compilers, titles, cover_names(lines), profiles, superiors):
        if names:
            best = _most_printed(names, whole)
            return _fullest(best, [*titles, *compilers, *profiles], whole)
    broken = [name for paragraph in read_paragraphs(document) if (name := profile_name(paragraph.text))]
    return _most_printed(broken, whole) if broken else None


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
