"""The registry's waivers: the status of each in a warehouse, and a new one."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from ingest.config import REGISTRY_DIR
from ingest.files import fresh_name, swap_in
from ingest.seeds import seed_rows

WAIVERS_FILE = REGISTRY_DIR / "waivers.csv"
_KEY = ("identity_id", "document_id", "scope")
_LONGEST_REASON, _LONGEST_NAME = 500, 100
_SQL = """
with waiver as (
    select *
    from read_csv($1, header = true, delim = ',', quote = '"', columns = {
        'identity_id': 'varchar', 'document_id': 'varchar', 'scope': 'varchar', 'reason_zh': 'varchar',
        'decided_by': 'varchar', 'decided_on': 'date', 'valid_until': 'date'
    })
)

select
    identity_id,
    document_id,
    scope,
    reason_zh,
    decided_by,
    valid_until,
    case
        when valid_until < current_date then 'expired'
        when not exists (from marts.dim_document as document where document.document_id = waiver.document_id)
            then 'document_unknown'
        when not exists (
            from audit.fct_identity_check as accepted
            where
                accepted.identity_id = waiver.identity_id
                and accepted.document_id = waiver.document_id
                and accepted.scope = coalesce(waiver.scope, accepted.scope)
                and accepted.status = 'waived'
        ) then 'unused'
        else 'in_force'
    end as status
from waiver
order by identity_id, document_id, scope
"""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver; ``status`` is ``in_force``, ``expired``, ``unused`` (what it names is not broken) or ``document_unknown``."""

    identity_id: str
    document_id: str
    scope: str | None
    reason: str
    decided_by: str
    valid_until: date
    status: str

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.identity_id, self.document_id, self.scope)))
        said = self.status.replace("_", " ")
        return f"{said}: {what}, by {self.decided_by} until {self.valid_until}: {self.reason}"


def read_waivers(con: duckdb.DuckDBPyConnection, waivers_file: Path = WAIVERS_FILE) -> list[Waiver]:
    """Every waiver of the registry with its status in the warehouse that ``con`` reads."""
    return [Waiver(*row) for row in con.execute(_SQL, [str(waivers_file)]).fetchall()]


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One writer at a time."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class AcceptError(Exception):
    """A finding that cannot be accepted this way; the message says why, in Chinese and English."""


def declared(waivers_file: Path) -> list[dict[str, str]]:
    """The rows of a waivers file. Raises OSError."""
    return list(seed_rows(waivers_file))


def accept(
    waivers_file: Path,
    key: tuple[str, str, str],
    reason: str,
    decided_by: str,
    decided_on: date,
    valid_until: date,
) -> None:
    """Add a waiver to the file. ``key`` is identity, document and scope; an expired waiver of the same key is replaced.

    Raises AcceptError where the reason, the person or the last day is not acceptable, or a waiver of the same key is in force; OSError.
    """
    if not 0 < len(reason) <= _LONGEST_REASON or not 0 < len(decided_by) <= _LONGEST_NAME:
        raise AcceptError("理由和决定人都要写，且不能过长 give a reason and who decided, not too long")
    if valid_until < decided_on:
        raise AcceptError("有效期已过 the last day has passed")
    row = dict(zip(_KEY, key, strict=True)) | {
        "reason_zh": reason, "decided_by": decided_by, "decided_on": decided_on.isoformat(), "valid_until": valid_until.isoformat(),
    }  # fmt: skip
    with _alone_in(waivers_file.parent):
        rows = declared(waivers_file)
        same = [each for each in rows if tuple(each[name] for name in _KEY) == key]
        if any(date.fromisoformat(each["valid_until"]) >= decided_on for each in same):
            raise AcceptError("这条问题已有豁免 this finding has a waiver already")
        fresh = fresh_name(waivers_file)
        with fresh.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            writer.writeheader()
            writer.writerows([*(each for each in rows if each not in same), row])
        swap_in(fresh, waivers_file)
