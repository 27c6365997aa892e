"""A finding with what a person needs to judge it: both sides, every figure as printed with its page, likely misreadings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from ingest.document.model import Box
from ingest.seeds import money_units
from ingest.views.query import records

_FINDING_SQL = """
select
    finding.*,
    check_.lhs,
    check_.rhs,
    check_.difference as value_difference,
    check_.tolerance,
    document.file_name,
    unit.unit_name,
    identity.title_zh,
    identity.title_en,
    identity.basis_zh,
    identity.basis_ref,
    identity.remedy_zh,
    identity.remedy_en
from audit.fct_finding as finding
inner join audit.fct_identity_check as check_ on finding.finding_key = check_.check_key
inner join audit.identity as identity on finding.identity_id = identity.identity_id
inner join marts.dim_document as document on finding.document_id = document.document_id
inner join marts.dim_unit as unit on document.unit_id = unit.unit_id
where {condition}
order by
    finding.is_cause desc,
    case finding.severity when 'error' then 1 when 'warning' then 2 else 3 end,
    finding.page_no nulls last,
    finding.identity_id,
    finding.scope
"""
_CELL_COLUMNS = "source_ref, page_no, line_no, concat_ws(' ', row_code_text, row_label), header_path, printed_text, x0, top, x1, bottom"
_PLACE_SQL = f"""
select {_CELL_COLUMNS}
from audit.evidence
where document_id = ? and list_contains(?, source_ref)
order by page_no, line_no, source_ref
"""
_CITED_SQL = f"""
with cited as (
    select finding_key, 'left' as side, unnest(string_split(lhs_ref, ' ')) as source_ref, document_id
    from audit.fct_finding
    where {{condition}}
    union
    select finding_key, 'right' as side, unnest(string_split(rhs_ref, ' ')) as source_ref, document_id
    from audit.fct_finding
    where {{condition}}
)

select
    cited.document_id,
    cited.finding_key,
    cited.side,
    {_CELL_COLUMNS}
from cited
inner join audit.evidence as evidence using (document_id, source_ref)
order by cited.document_id, cited.finding_key, cited.side, page_no, line_no, source_ref
"""
_CELL = re.compile(r"(.*?)(?<!\d)(\d++)c(\d++)")
_APART_SQL = """
with printed as (
    select source_ref, printed_text, try_cast(replace(trim(printed_text), ',', '') as decimal(28, 4)) as amount
    from audit.evidence
    where document_id = $document_id
)

select pair.cited_ref, pair.beside_ref, beside.printed_text
from (select unnest($cited) as cited_ref, unnest($beside) as beside_ref) as pair
inner join printed as cited on pair.cited_ref = cited.source_ref
inner join printed as beside on pair.beside_ref = beside.source_ref
where list_contains(
    list_transform($factors_yuan, lambda factor: abs($gap_yuan) / factor),
    abs(cited.amount - beside.amount)
)
order by all
"""
"""An amount may be printed in any money unit."""


GRAVE = ("error", "warning")
"""The severities of what a publisher should look at."""


@dataclass(frozen=True, slots=True)
class Place:
    """One printed cell or sentence that a side of a finding (``left`` or ``right``) rests on."""

    side: str
    source_ref: str
    page_no: int | None
    line_no: int | None
    row: str
    column: str
    printed: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A cell next to a cited one whose figure would make the equation hold: the wrong row or column may have been read."""

    cited_ref: str
    source_ref: str
    printed: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding (a row of ``audit.fct_finding`` with its identity, document and unit) and its places."""

    finding: dict[str, Any]
    places: list[Place]
    neighbours: list[Neighbour]

    @property
    def key(self) -> str:
        """The finding's key."""
        return str(self.finding["finding_key"])

    @property
    def equation(self) -> tuple[str, str, str] | None:
        """Left side, sign, right side as printed; None where the finding has one side."""
        left, right = self.finding["lhs_terms"], self.finding["rhs_terms"]
        if left is None or right is None:
            return None
        is_sum = self.finding["lhs"] is not None and self.finding["rhs"] is not None
        return left, "≠" if is_sum and self.finding["family"] != "direction" else "↔", right


def by_key(con: duckdb.DuckDBPyConnection, key: str) -> list[Evidence]:
    """The findings whose key begins with ``key``."""
    return _read(con, "starts_with(finding.finding_key, ?)", key)


def following(con: duckdb.DuckDBPyConnection, cause_key: str) -> list[tuple[str, str, str]]:
    """The other findings with the same cause: key, identity and message in Chinese."""
    return con.execute(
        "select finding_key, identity_id, message_zh from audit.fct_finding"
        " where cause_key = ? and not is_cause order by page_no, identity_id, scope",
        [cause_key],
    ).fetchall()


def of_document(con: duckdb.DuckDBPyConnection, document_id: str) -> list[Evidence]:
    """All findings of a document, the most serious first, then by page."""
    return _read(con, "finding.document_id = ?", document_id)


def grave_places(
    con: duckdb.DuckDBPyConnection, document_ids: Collection[str]
) -> dict[str, dict[str, list[Place]]]:
    """What the open errors and warnings of some documents rest on, causes only: document -> finding -> places."""
    found: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    condition = "is_cause and not accepted and list_contains($severities, severity) and list_contains($ids, document_id)"
    rows = con.execute(
        _CITED_SQL.format(condition=condition), {"severities": list(GRAVE), "ids": list(document_ids)}
    ).fetchall()
    for document_id, key, side, *cell in rows:
        found[document_id][key].append(_place(side, *cell))
    return found


def _read(con: duckdb.DuckDBPyConnection, condition: str, parameter: str) -> list[Evidence]:
    rows = records(con, _FINDING_SQL.format(condition=condition), parameter)
    return [Evidence(row, places := _places(con, row), _neighbours(con, row, places)) for row in rows]


def _places(con: duckdb.DuckDBPyConnection, finding: dict[str, Any]) -> list[Place]:
    return [
        _place(side, *cell)
        for side, refs in (("left", finding["lhs_ref"]), ("right", finding["rhs_ref"]))
        for cell in _cells(con, finding, (refs or "").split())
    ]


def _cells(con: duckdb.DuckDBPyConnection, finding: dict[str, Any], refs: list[str]) -> list[tuple[Any, ...]]:
    return con.execute(_PLACE_SQL, [finding["document_id"], refs]).fetchall() if refs else []


def _place(side: str, ref: str, page: Any, line: Any, row: Any, column: Any, text: Any, *box: Any) -> Place:
    """A side's place from a row of ``_CELL_COLUMNS``."""
    return Place(side, ref, page, line, row or "", column or "", text or "", _box(box))


def _box(sides: Sequence[Any]) -> Box | None:
    x0, top, x1, bottom = sides
    return None if x0 is None or top is None or x1 is None or bottom is None else (x0, top, x1, bottom)


def _neighbours(
    con: duckdb.DuckDBPyConnection, finding: dict[str, Any], places: list[Place]
) -> list[Neighbour]:
    """Cells left, right, above and below a cited one whose figure differs from it by the difference of the two sides."""
    cited = dict.fromkeys(place.source_ref for place in places)
    pairs = [(ref, other) for ref in cited for other in _beside(ref) if other not in cited]
    if finding["value_unit"] != "yuan" or not finding["value_difference"] or not pairs:
        return []
    parameters = {
        "document_id": finding["document_id"],
        "gap_yuan": finding["value_difference"],
        "factors_yuan": list(money_units().values()),
        "cited": [ref for ref, _ in pairs],
        "beside": [other for _, other in pairs],
    }
    return [Neighbour(*row) for row in con.execute(_APART_SQL, parameters).fetchall()]


def _beside(ref: str) -> Iterator[str]:
    if found := _CELL.fullmatch(ref):
        start, row, col = found[1], int(found[2]), int(found[3])
        for down, across in ((0, -1), (0, 1), (-1, 0), (1, 0)):
            yield f"{start}{row + down}c{col + across}"
