"""``mingzhang proofread``: one document that is not published yet, read and checked by itself; nothing is kept of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.padding import Padding

from ingest.config import RUN_FOLDERS, Policy, Run
from ingest.outcomes import DocumentError, FileOutcome, Outcome, Reason
from ingest.processes.scratch import owned
from ingest.runs.build import ingest_files
from ingest.terminal import shown
from ingest.views import evidence
from ingest.views.evidence import GRAVE, Evidence, Place
from ingest.views.html_report import DOC_TYPES
from ingest.views.language import spoken, tr, translated
from ingest.views.listings import SEVERITY_COLOURS
from ingest.views.query import records
from ingest.warehouse.compiled import Statements, compiled_statements
from ingest.warehouse.in_memory import made_in_memory
from ingest.warehouse.load import Totals

_MODELS = (
    "dim_document", "dim_unit", "evidence", "extraction_coverage", "fct_finding", "fct_identity_check", "identity",
)  # fmt: skip
_HEAD_SQL = """
select
    document.*,
    unit.unit_name,
    (
        select count(*) from audit.extraction_coverage as coverage
        where coverage.document_id = document.document_id and coverage.status in ('extracted', 'partial')
    ) as forms_read,
    (
        select count(*) from audit.fct_identity_check as check_
        where check_.document_id = document.document_id and check_.status = 'pass'
    ) as checks_passed,
    (
        select count(*) from audit.fct_identity_check as check_
        where check_.document_id = document.document_id and check_.status = 'fail'
    ) as checks_failed
from marts.dim_document as document
left join marts.dim_unit as unit on document.unit_id = unit.unit_id
where document.document_id = coalesce($1, document.document_id)
order by document.file_name
"""
_COUNTS = (
    "forms_read", "figures_loaded", "figures_printed", "figures_unread", "checks_passed", "checks_failed",
)  # fmt: skip
_SHOWN_PLACES = 6
"""How many cells of one side are listed; a long sum has hundreds."""
LISTED = (
    "file_name", "severity", "identity_id", "page_no", "message_zh", "message_en", "lhs_terms", "rhs_terms",
)  # fmt: skip
"""The columns of ``listed``."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was read of a document (a row of ``marts.dim_document`` with counts) and its open findings, the worst first."""

    head: dict[str, Any]
    findings: list[Evidence]

    @property
    def counts(self) -> Counter[str]:
        """How many findings, those that follow from another one left out, have which severity."""
        return Counter(one.finding["severity"] for one in self.causes)

    @property
    def causes(self) -> list[Evidence]:
        """The findings that do not follow from another one."""
        return [one for one in self.findings if one.finding["is_cause"]]

    @property
    def is_clean(self) -> bool:
        """Whether nothing serious is wrong with it, and its figures were not held as misread."""
        return self.head["audit_status"] != "held" and not any(self.counts[each] for each in GRAVE)


def proofread(file: Path) -> list[Proof]:
    """Read and check one file by itself; an archive gives one proof for each of its documents.

    Raises DocumentError where no document can be read from it, WorkerError, TransformError, OSError or duckdb.Error.
    """
    run = Run(publish_policy=Policy.hold)
    with ThreadPoolExecutor(1) as beside:
        prepared = beside.submit(_prepared, run)
        with (
            _read(file, run) as build_file,
            made_in_memory(prepared.result(), build_file, _MODELS) as con,
        ):
            return [_proof(con, head) for head in records(con, _HEAD_SQL, None)]


def _prepared(run: Run) -> Statements:
    """What is needed once the document is read, made ready meanwhile: the statements, and what PyArrow loads to make tables."""
    import_module("pandas")
    return compiled_statements(run)


@contextmanager
def _read(file: Path, run: Run) -> Iterator[Path]:
    refused: list[Outcome] = []

    def note(outcome: Outcome, _totals: Totals, _total: int) -> None:
        if outcome.outcome in (FileOutcome.QUARANTINED, FileOutcome.LEFT_OUT):
            refused.append(outcome)

    with owned(run.work_dir, RUN_FOLDERS):
        totals = ingest_files([file], run.build_file, run.run_id, 1, note)
        if not totals.loaded:
            first = next(iter(refused), None)
            reason = first.reason_code if first and first.reason_code else Reason.NOT_A_DISCLOSURE
            raise DocumentError(Reason(reason), (first and first.message) or f"nothing to read in {file}")
        yield run.build_file


def _proof(con: duckdb.DuckDBPyConnection, head: dict[str, Any]) -> Proof:
    findings = evidence.of_document(con, head["document_id"])
    return Proof(head, [one for one in findings if not one.finding["accepted"]])


def listed(proofs: Sequence[Proof]) -> list[tuple[Any, ...]]:
    """The findings of the documents, those that follow from another one left out, as rows for a program."""
    return [tuple(one.finding[name] for name in LISTED) for proof in proofs for one in proof.causes]


def print_proofs(console: Console, proofs: Sequence[Proof]) -> None:
    """Print each document with its findings, the worst first, each with its places in the print, for a person."""
    for proof in proofs:
        _print_head(console, proof)
        follow = Counter(one.finding["cause_key"] for one in proof.findings if not one.finding["is_cause"])
        for number, one in enumerate(proof.causes, 1):
            _print_finding(console, number, one, follow[one.key])
        said = ", ".join(f"{proof.counts[each]} {each}" for each in SEVERITY_COLOURS if proof.counts[each])
        console.print(f"\n{said or tr('no finding')}", highlight=False)


def _print_head(console: Console, proof: Proof) -> None:
    head = proof.head
    kind = DOC_TYPES.get(head["doc_type"], ("", ""))
    names = spoken({"kind_zh": kind[0], "kind_en": kind[1]}, "kind")
    parts = (head["unit_name"], head["fiscal_year"], " ".join(names).strip())
    console.print(f"\n[bold]{shown(head['file_name'])}[/bold]", highlight=False)
    console.print(" · ".join(shown(part) for part in parts if part), highlight=False)
    counts = {name: f"{head[name]:,}" for name in _COUNTS}
    console.print(
        tr(
            "read {pages}{forms_read} forms; {figures_loaded} of {figures_printed} money figures, {figures_unread} unread;"
            " {checks_passed} checks hold, {checks_failed} do not",
            pages=tr("{count} pages, ", count=head["page_count"]) if head["page_count"] else "", **counts,
        ),
        style="dim", highlight=False,
    )  # fmt: skip
    if head["audit_status"] == "held":
        reason = shown(translated(head["hold_reason"]))
        console.print(f"[red]{tr('held')}[/red] {shown(head['hold_code'])}: {reason}", highlight=False)


def _print_finding(console: Console, number: int, one: Evidence, follow: int) -> None:
    row = one.finding
    colour = SEVERITY_COLOURS[row["severity"]]
    place = tr("  page {page}", page=row["page_no"]) if row["page_no"] else ""
    led = tr("  ({count} follow)", count=follow) if follow else ""
    console.print(
        f"\n{number}. [{colour}]{row['severity']}[/]  {row['identity_id']}{place}{led}", highlight=False
    )
    texts = list(map(shown, spoken(row, "message")))
    if row["severity"] in GRAVE:
        texts += _places(one)
        texts.append(f"[dim]→ {' / '.join(map(shown, spoken(row, 'remedy')))}[/dim]")
    for text in texts:
        console.print(Padding(text, (0, 0, 0, 3)), highlight=False)


def _places(one: Evidence) -> Iterator[str]:
    """What the finding rests on: side, page or line, row, column, figure. What stands on both sides is listed once."""
    sides: dict[str, str] = {}
    for place in one.places:
        sides[place.source_ref] = (
            "both" if sides.get(place.source_ref, place.side) != place.side else place.side
        )
    shown_of: Counter[str] = Counter()
    for place in {place.source_ref: place for place in one.places}.values():
        side = sides[place.source_ref]
        shown_of[side] += 1
        if shown_of[side] <= _SHOWN_PLACES:
            mark = "▸ " if place.source_ref == one.finding["suspect_ref"] else ""
            yield f"[dim]{tr(side)}[/dim] {mark}{shown(_place(place))} [bold]{shown(place.printed)}[/bold]"
    for side, count in shown_of.items():
        if count > _SHOWN_PLACES:
            yield f"[dim]{tr(side)} … {tr('{count} more', count=count - _SHOWN_PLACES)}[/dim]"


def _place(place: Place) -> str:
    """Page or line, row and column; of the headings above a sentence the nearest one."""
    where = (
        f"p{place.page_no}"
        if place.page_no
        else tr("line {line}", line=place.line_no)
        if place.line_no
        else ""
    )
    return " · ".join(part for part in (where, place.row, place.column.rpartition(" > ")[2]) if part)
