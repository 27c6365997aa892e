"""The registry's waivers and the status of each in a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from ingest.config import REGISTRY_DIR

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


def read_waivers(
    con: duckdb.DuckDBPyConnection, waivers_file: Path = REGISTRY_DIR / "waivers.csv"
) -> list[Waiver]:
    """Every waiver of the registry with its status in the warehouse that ``con`` reads."""
    return [Waiver(*row) for row in con.execute(_SQL, [str(waivers_file)]).fetchall()]
