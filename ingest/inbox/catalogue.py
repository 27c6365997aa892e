"""The catalogue of a build: a CSV file that says where files came from and, where they do not print it, whose they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.registry import classification_rows
from ingest.seeds import closed_list

_NAME_COLUMNS = ("file_name", "file", "sha256")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of one file; what it does not say is None."""

    file_name: str | None = None
    sha256: str | None = None
    source_url: str | None = None
    published_on: date | None = None
    retrieved_on: date | None = None
    unit_name: str | None = None
    fiscal_year: int | None = None
    stage: str | None = None
    region_code: str | None = None

    def is_of(self, file_name: str, sha256: str) -> bool:
        """Whether it is about a file: by its hash (or the 16 digits of a document's id), else by its name or path."""
        if self.sha256:
            return sha256 == self.sha256 or sha256[:16] == self.sha256
        return file_name == self.file_name or file_name.endswith(f"/{self.file_name}")


def read_catalogue(path: Path) -> list[Entry]:
    """The entries of a catalogue. Raises OSError, or ValueError with the line that does not say what it must."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or []
        if not set(names) & set(_NAME_COLUMNS):
            raise ValueError(f"{path}: the catalogue has no column file_name or sha256")
        return list(_entries(reader, path))


def _entries(reader: csv.DictReader[str], path: Path) -> Iterator[Entry]:
    regions = {row["region_code"] for row in classification_rows("region")}
    for row in reader:
        said = {name: (value or "").strip() or None for name, value in row.items() if name}
        try:
            entry = Entry(
                file_name=said.get("file_name") or said.get("file"),
                sha256=(said.get("sha256") or "").lower() or None,
                source_url=said.get("source_url"),
                published_on=_day(said.get("published_on")),
                retrieved_on=_day(said.get("retrieved_on")),
                unit_name=said.get("unit_name"),
                fiscal_year=_year(said.get("fiscal_year")),
                stage=_one_of(said.get("stage"), set(closed_list("stage"))),
                region_code=_one_of(said.get("region_code"), regions),
            )
        except ValueError as error:
            raise ValueError(f"{path}, line {reader.line_num}: {error}") from error
        if entry.file_name or entry.sha256:
            yield entry


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _year(text: str | None) -> int | None:
    if text and not (text.isdecimal() and 2000 <= int(text) < 2050):
        raise ValueError(f"{text} is not a fiscal year")
    return int(text) if text else None


def _one_of(text: str | None, codes: set[str]) -> str | None:
    if text and text not in codes:
        raise ValueError(f"{text} is not in the code list")
    return text
