"""Whose a document is, of which year and stage, where it does not print that: its companion, the catalogue or its file's name say it.

A companion is a file of the same disclosure in the same folder: prose without forms, and the forms that print its figures.
What helped stays with the document (``unit_from``, ``fiscal_year_from``, ``stage_from``). Nothing that a document prints is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import duckdb

from ingest.cover.cover import STAGES
from ingest.cover.regions import find_place
from ingest.cover.titles import find_title
from ingest.cover.unit_names import is_own_office
from ingest.document.paragraphs import LEAST_PROSE
from ingest.document.text import fold, squeeze
from ingest.files import literal
from ingest.inbox.catalogue import Entry

Source = Literal["companion", "catalogue", "file_name"]
_LEAST_SHARED = 3
"""How many figures a prose must share with forms to be about them."""
_LEAST_SHARE = 4
"""And at least one in this many of its figures."""
_LEAST_DIGITS = 3
"""Figures of fewer digits are shared by chance."""
_MONEY_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_FACTORS = (Decimal(1), Decimal("0.0001"))
"""What turns a form's figure into that of the prose: both print yuan or 万元, or the form prints yuan."""
_ATTACHMENT = re.compile(r"^(?:附件|附表?)?[\d一二三四五六七八九十]{0,3}[:：、.．_\-\s]*")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?:年|(?!\d))")
_COLUMNS = (
    "unit_name", "unit_kind", "unit_from", "region_code", "zone_name", "fiscal_year", "fiscal_year_from", "doc_type", "stage",
    "stage_from",
)  # fmt: skip
CATALOGUE_TABLE = "create table if not exists raw.catalogue (document_id varchar, source_url varchar, published_on date, retrieved_on date)"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document's identity, and whether it holds prose and tables with figures."""

    document_id: str
    file_name: str
    sha256: str
    unit_name: str | None
    unit_kind: str | None
    unit_from: str | None
    region_code: str | None
    zone_name: str | None
    fiscal_year: int | None
    fiscal_year_from: str | None
    doc_type: str | None
    stage: str | None
    stage_from: str | None
    has_prose: bool
    has_forms: bool

    @property
    def is_whole(self) -> bool:
        """Whether unit, year and stage are known."""
        return None not in (self.unit_name, self.fiscal_year, self.stage)

    @property
    def folder(self) -> str:
        """The folder, or the archive, that the file lies in."""
        return str(PurePosixPath(self.file_name).parent)

    def completed(
        self,
        source: Source,
        unit_name: str | None = None,
        unit_kind: str | None = None,
        fiscal_year: int | None = None,
        doc_type: str | None = None,
        stage: str | None = None,
    ) -> Known:
        """With what another source says of that which is not known yet."""
        known = self
        if known.unit_name is None and unit_name:
            place = find_place(unit_name, None, "") if not known.region_code else None
            known = replace(
                known,
                unit_name=unit_name,
                unit_kind="unit" if is_own_office(unit_name) else unit_kind or known.unit_kind,
                unit_from=source,
                region_code=place.region_code if place else known.region_code,
                zone_name=place.zone if place else known.zone_name,
            )
        if known.fiscal_year is None and fiscal_year:
            known = replace(known, fiscal_year=fiscal_year, fiscal_year_from=source)
        if known.stage is None and stage:
            known = replace(known, doc_type=known.doc_type or doc_type, stage=stage, stage_from=source)
        return known


def complete(build_file: Path, catalogue: Sequence[Entry]) -> None:
    """Complete what the documents of a build file say of themselves, and write what the catalogue says. Raises duckdb.Error."""
    with duckdb.connect() as con:
        con.execute(f"attach {literal(build_file)} as build")
        con.execute("use build")
        con.execute(CATALOGUE_TABLE)
        known = read_known(con)
        entries = entries_of(known, catalogue)
        _write_entries(con, entries)
        for each in known:
            if each.is_whole and each.document_id not in entries:
                continue
            done = _with_companion(con, each, known) if not each.is_whole else each
            done = _from_file_name(_with_entry(done, entries.get(each.document_id)))
            if done != each:
                _write(con, done)
        con.execute("checkpoint build")


def read_known(con: duckdb.DuckDBPyConnection) -> list[Known]:
    """What the documents of the build file of this connection say of themselves. Raises duckdb.Error."""
    rows = con.execute(
        f"select document_id, file_name, sha256, {', '.join(_COLUMNS[:2])}, unit_from, region_code, zone_name, fiscal_year,"
        " fiscal_year_from, doc_type, stage, stage_from, prose_paragraphs >= ?,"
        " document_id in (select document_id from raw.form) from raw.document order by document_id",
        [LEAST_PROSE],
    ).fetchall()
    return [Known(*row) for row in rows]


def _write(con: duckdb.DuckDBPyConnection, known: Known) -> None:
    values: list[Any] = [getattr(known, name) for name in _COLUMNS]
    con.execute(
        f"update raw.document set {', '.join(f'{name} = ?' for name in _COLUMNS)} where document_id = ?",
        [*values, known.document_id],
    )


def entries_of(known: Iterable[Known], catalogue: Sequence[Entry]) -> dict[str, Entry]:
    """The catalogue's entry of each document that has one, by its id."""
    found = {}
    filed: dict[str, list[Entry]] = {}
    for listed in catalogue:
        filed.setdefault(listed.sha256 or PurePosixPath(listed.file_name or "").name, []).append(listed)
    for each in known:
        keys = (each.sha256, each.sha256[:16], PurePosixPath(each.file_name).name)
        entries = [entry for key in keys for entry in filed.get(key, ())]
        entry = next((entry for entry in entries if entry.is_of(each.file_name, each.sha256)), None)
        if entry:
            found[each.document_id] = entry
    return found


def _write_entries(con: duckdb.DuckDBPyConnection, entries: Mapping[str, Entry]) -> None:
    for document_id, entry in entries.items():
        con.execute(
            "insert into raw.catalogue values (?, ?, ?, ?)",
            [document_id, entry.source_url, entry.published_on, entry.retrieved_on],
        )


def _with_entry(known: Known, entry: Entry | None) -> Known:
    if entry is None:
        return known
    if entry.region_code and known.region_code is None:
        known = replace(known, region_code=entry.region_code)
    doc_type = next((doc_type for doc_type, stage in STAGES.items() if stage == entry.stage), None)
    return known.completed(
        "catalogue",
        unit_name=entry.unit_name,
        fiscal_year=entry.fiscal_year,
        doc_type=doc_type,
        stage=entry.stage,
    )


def _from_file_name(known: Known) -> Known:
    """With what the file's name says, where nothing else does."""
    if known.is_whole:
        return known
    name = _ATTACHMENT.sub("", PurePosixPath(known.file_name.rpartition("!/")[2]).stem)
    title = find_title([squeeze(name)], fold(name))
    year = _YEAR.search(fold(name))
    return known.completed(
        "file_name",
        unit_name=title.unit if title else None,
        unit_kind=title.unit_kind if title else None,
        fiscal_year=title.year if title and title.year else int(year[1]) if year else None,
        doc_type=title.doc_type if title else None,
        stage=STAGES[title.doc_type] if title else None,
    )


def _with_companion(con: duckdb.DuckDBPyConnection, known: Known, others: Iterable[Known]) -> Known:
    """With what the one file says whose prose speaks of the other's forms."""
    candidates = [each for each in others if may_accompany(known, each)]
    if not candidates:
        return known
    shared = {each: _shared_figures(con, known, each) for each in candidates}
    best, *rest = sorted(candidates, key=lambda each: -shared[each])
    if shared[best] < _LEAST_SHARED or (rest and shared[rest[0]] == shared[best]):
        return known
    return known.completed(
        "companion", best.unit_name, best.unit_kind, best.fiscal_year, best.doc_type, best.stage
    )


def may_accompany(known: Known, other: Known) -> bool:
    """Whether one has prose and no forms, the other forms and no prose, in one folder, and they do not contradict each other."""
    pairs = (
        (known.unit_name and fold(known.unit_name), other.unit_name and fold(other.unit_name)),
        (known.fiscal_year, other.fiscal_year),
        (known.stage, other.stage),
    )
    return (
        known.folder == other.folder
        and known.has_prose != other.has_prose
        and known.has_forms != other.has_forms
        and known.has_prose != known.has_forms
        and all(None in pair or pair[0] == pair[1] for pair in pairs)
    )


def _shared_figures(con: duckdb.DuckDBPyConnection, known: Known, other: Known) -> int:
    """How many different money figures of the prose the forms print too; 0 where that is only a small part of them."""
    prose, forms = (known, other) if known.has_prose else (other, known)
    told = con.execute(
        "select distinct figure_text from raw.claim where document_id = ? and unit_text is not null",
        [prose.document_id],
    ).fetchall()
    cells = con.execute(
        "select distinct text from raw.cell where document_id = ? and figures > 0", [forms.document_id]
    ).fetchall()
    printed = [number for (text,) in cells for number in _numbers(text)]
    numbers = {number for (text,) in told for number in _numbers(text or "")}
    numbers = {number for number in numbers if len(number.as_tuple().digits) >= _LEAST_DIGITS}
    rounded: dict[int, set[Decimal]] = {}
    count = 0
    for number in numbers:
        places = -min(int(number.as_tuple().exponent), 0)
        if places not in rounded:
            step = Decimal(1).scaleb(-places)
            rounded[places] = {(each * factor).quantize(step) for each in printed for factor in _FACTORS}
        count += number in rounded[places]
    return count if _LEAST_SHARE * count >= len(numbers) else 0


def _numbers(text: str) -> list[Decimal]:
    numbers = []
    for found in _MONEY_NUMBER.findall(fold(text)):
        with suppress(InvalidOperation):
            numbers.append(Decimal(found.replace(",", "")))
    return numbers
