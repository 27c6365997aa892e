"""The regression guard: what was published is not lost, and does not move, unless something new came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from ingest.files import literal
from ingest.releases.store import KnownDocument, Manifest
from ingest.warehouse.publish import published_tables

_LARGEST_WITHDRAWN_SHARE = 0.5
"""Where more of the documents than this have gone, the inbox is taken to be at fault."""
_SHOWN_LINES = 10
_REPORTS = "marts.rpt_"
"""Tables that choose among the documents of a unit."""


class RegressionError(Exception):
    """A release would lose or move what was published; the message says what. ``--accept-regression`` goes on."""


def lost_documents(base: Manifest, now: Mapping[str, KnownDocument]) -> None:
    """Stop where a document that used to load is still there and no longer does."""
    lost = [
        f"{now[each.sha256].file_name}: {now[each.sha256].reason_code}"
        for each in base.loaded
        if each.sha256 in now and not now[each.sha256].is_loaded
    ]
    if lost:
        raise RegressionError(_said("documents that used to load no longer do:", lost))


def withdrawn_at_once(base: Manifest, removed: Collection[str]) -> None:
    """Stop where more than half of the documents have gone: more likely the inbox is not what it should be."""
    lost = [base.documents[sha].file_name for sha in removed if sha in base.documents]
    if len(lost) > _LARGEST_WITHDRAWN_SHARE * len(base.loaded):
        raise RegressionError(
            _said(f"{len(lost)} of {len(base.loaded)} documents are gone from the inbox:", lost)
        )


def moved_totals(base_file: Path, release: Path, untouched: Collection[str]) -> None:
    """Stop where the figures of a document that did not change are others than before: rows or sum of a table of money.

    Where its unit has other documents than before, a document may be held that was not, as checks reach across the
    documents of a unit, or the other way round; and a report may take the unit's figures from another document.
    """
    moved: list[str] = []
    with duckdb.connect() as con:
        con.execute(f"attach {literal(base_file)} as base (read_only)")
        con.execute(f"attach {literal(release)} as fresh (read_only)")
        con.execute(
            "create temp table compared as"
            " with unit as ("
            "  select unit_id from (select unit_id, document_id, 1 as n from base.marts.dim_document"
            "   union all select unit_id, document_id, -1 as n from fresh.marts.dim_document)"
            "  group by unit_id having count(distinct document_id) * 2 != count(*))"
            " select old.document_id, old.file_name, old.audit_status = new.audit_status as has_same_status,"
            "  new.unit_id not in (select unit_id from unit) as has_same_unit"
            " from base.marts.dim_document as old inner join fresh.marts.dim_document as new using (document_id)"
            " where list_contains(?, document_id) and (has_same_status or has_same_unit)",
            [sorted(untouched)],
        )
        tables = published_tables(con, "fresh")
        before = published_tables(con, "base")
        for table, columns in tables.items():
            if not {"amount_yuan", "document_id"} <= set(columns) or "amount_yuan" not in before.get(
                table, ()
            ):
                continue
            sums = "select document_id, count(*) as figures, sum(amount_yuan) as amount from {}.{} group by document_id"
            found = con.execute(
                f"select file_name, coalesce(old.figures, 0), old.amount, coalesce(new.figures, 0), new.amount"
                f" from compared left join ({sums.format('base', table)}) as old using (document_id)"
                f" left join ({sums.format('fresh', table)}) as new using (document_id)"
                " where (old.figures, old.amount) is distinct from (new.figures, new.amount)"
                f"  and (has_same_unit or not {table.startswith(_REPORTS)}) order by all"
            ).fetchall()
            moved += [
                f"{table} of {name}: {old_count} figures, {old} yuan -> {new_count} figures, {new} yuan"
                for name, old_count, old, new_count, new in found
            ]
    if moved:
        raise RegressionError(_said("figures moved without new input:", moved))


def _said(what: str, lines: list[str]) -> str:
    more = f"\n… and {len(lines) - _SHOWN_LINES} more" if len(lines) > _SHOWN_LINES else ""
    shown = "\n".join(sorted(lines)[:_SHOWN_LINES])
    return f"{what}\n{shown}{more}\nnothing is published; --accept-regression goes on"
