"""What a person reads after a run: the summary of a warehouse, and rows as CSV or JSON."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from ingest.publish import Release
from ingest.releases import Manifest
from ingest.waivers import Waiver, read_waivers

STATUS_SQL = """
with figure as (
    select document_id, count(*) as figures
    from (
        select document_id from marts.fct_expenditure
        union all select document_id from marts.fct_revenue
        union all select document_id from marts.fct_balance
        union all select document_id from marts.fct_economic_expenditure
        union all select document_id from marts.fct_three_public
        union all select document_id from marts.fct_project_budget
        union all select document_id from marts.fct_disclosure_metric
        union all select document_id from marts.fct_reported_ratio
    )
    group by document_id
),

form as (
    select
        document_id,
        count(*) filter (where status = 'extracted') as forms_read,
        count(*) filter (where status = 'partial') as forms_partial,
        count(*) filter (where status = 'empty_by_declaration') as forms_empty,
        count(*) filter (where status = 'declared_but_missing') as forms_missing
    from audit.extraction_coverage
    group by document_id
),

finding as (
    select
        document_id,
        count(*) filter (where severity = 'error' and not accepted) as errors,
        count(*) filter (where severity = 'warning' and not accepted) as warnings
    from audit.fct_finding
    group by document_id
)

select
    document.document_id,
    document.file_name,
    unit.unit_name,
    document.fiscal_year,
    document.stage,
    document.audit_status,
    coalesce(figure.figures, 0) as figures,
    prose.money_figures as prose_money,
    prose.money_figures_unread as prose_money_unread,
    coalesce(form.forms_read, 0) as forms_read,
    coalesce(form.forms_partial, 0) as forms_partial,
    coalesce(form.forms_empty, 0) as forms_empty,
    coalesce(form.forms_missing, 0) as forms_missing,
    coalesce(finding.errors, 0) as errors,
    coalesce(finding.warnings, 0) as warnings
from marts.dim_document as document
inner join marts.dim_unit as unit on document.unit_id = unit.unit_id
inner join audit.narrative_coverage as prose on document.document_id = prose.document_id
left join figure on document.document_id = figure.document_id
left join form on document.document_id = form.document_id
left join finding on document.document_id = finding.document_id
order by document.file_name
"""
FINDINGS_SQL = """
select
    left(finding.finding_key, 8) as finding,
    finding.document_id,
    document.file_name,
    finding.identity_id,
    finding.severity,
    finding.page_no,
    finding.scope,
    finding.message_zh,
    finding.message_en,
    case when finding.is_cause then follow.follow_count else 0 end as follows,
    left(finding.cause_key, 8) as cause
from audit.fct_finding as finding
inner join marts.dim_document as document on finding.document_id = document.document_id
inner join (
    select cause_key, count(*) - 1 as follow_count
    from audit.fct_finding
    where not accepted
    group by cause_key
) as follow on finding.cause_key = follow.cause_key
where
    finding.severity = coalesce($1, finding.severity)
    and (document.document_id = $2 or ends_with('/' || document.file_name, '/' || $2) or $2 is null)
    and (finding.is_cause or $3)
    and not finding.accepted
order by
    document.file_name,
    case finding.severity when 'error' then 1 when 'warning' then 2 else 3 end,
    finding.page_no,
    finding.identity_id,
    finding.scope
"""
_SHOWN_DOCUMENTS = 40
_SHOWN_LEFT_OUT = 20
_SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Summary:
    """One run in numbers, and the documents it published."""

    documents: list[tuple[Any, ...]]
    files_seen: int
    loaded: int
    same_bytes: int
    quarantined: list[tuple[str, str, str]]
    left_out: list[tuple[str, str]]
    held: list[tuple[str, str]]
    checks: dict[str, int]
    waivers: list[Waiver]


def summarise(warehouse: Path) -> Summary:
    """Read the summary of the run that made the published warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        seen, loaded, same = con.execute(
            "select files_seen, documents_loaded, files_same_bytes from audit.ingest_run order by started_at desc limit 1"
        ).fetchall()[0]
        return Summary(
            documents=con.execute(STATUS_SQL).fetchall(),
            files_seen=seen,
            loaded=loaded,
            same_bytes=same,
            quarantined=con.execute(
                "select file_name, reason_code, message from audit.quarantine order by file_name"
            ).fetchall(),
            left_out=left_out_files(con),
            held=con.execute(
                "select file_name, hold_reason from marts.dim_document where audit_status = 'held' order by file_name"
            ).fetchall(),
            checks=dict(
                con.execute(
                    "select status, count(*) from audit.fct_identity_check group by status"
                ).fetchall()
            ),
            waivers=read_waivers(con),
        )


def left_out_files(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What was left out because it is no document by nature: (reason, message), the latest last."""
    return con.execute(
        "select reason_code, message from audit.document_outcome where outcome = 'left_out'"
        " group by all order by max(run_id), message"
    ).fetchall()


def print_left_out(console: Console, files: Sequence[tuple[str, str]]) -> None:
    """Name what was left out."""
    for reason, message in files[-_SHOWN_LEFT_OUT:]:
        console.print(f"[dim]left out[/dim] {reason} {shown(message)}", highlight=False)
    if len(files) > _SHOWN_LEFT_OUT:
        console.print(f"… and {len(files) - _SHOWN_LEFT_OUT} more: audit.document_outcome", style="dim")


def print_summary(console: Console, release: Release, summary: Summary, seconds: float) -> None:
    """Print what a build made, for a person."""
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("file", no_wrap=True, overflow="ellipsis", ratio=3)
    table.add_column("unit", no_wrap=True, overflow="ellipsis", ratio=3)
    for name in ("year", "stage", "status"):
        table.add_column(name, no_wrap=True)
    for name in ("figures", "unread", "forms", "errors"):
        table.add_column(name, no_wrap=True, justify="right")
    table.expand = True
    colours = {"passed": "green", "flagged": "yellow", "held": "red"}
    for row in summary.documents[:_SHOWN_DOCUMENTS]:
        _, file_name, unit, year, stage, status, figures, prose, unread, *forms, errors, warnings = row
        table.add_row(
            shown(file_name),
            shown(unit),
            str(year or ""),
            stage or "",
            f"[{colours[status]}]{status}[/]",
            f"{figures:,}",
            f"{unread:,}/{prose:,}" if prose else "",
            "/".join(map(str, forms)),
            f"{errors}+{warnings}" if errors or warnings else "",
        )
    console.print(table)
    if len(summary.documents) > _SHOWN_DOCUMENTS:
        console.print(
            f"… and {len(summary.documents) - _SHOWN_DOCUMENTS} more: mingzhang status", style="dim"
        )
    console.print(
        "unread: money figures of the prose that no rule has read/all that it prints (audit.unread_figure)"
        " · forms: read/partial/empty by declaration/missing · errors: errors+warnings",
        style="dim",
    )
    for _, reason, message in summary.quarantined:
        console.print(f"[red]quarantined[/red] {reason} {shown(message)}", highlight=False)
    print_left_out(console, summary.left_out)
    for file_name, reason in summary.held:
        console.print(f"[red]held[/red] {shown(file_name)}: {shown(reason)}", highlight=False)
    print_waivers(console, summary.waivers)
    same = f" + {summary.same_bytes} with the same bytes" if summary.same_bytes else ""
    checks = ", ".join(f"{count:,} {status}" for status, count in sorted(summary.checks.items()))
    console.print(
        f"\nfiles   {summary.files_seen} seen = {summary.loaded} loaded{same} + {len(summary.quarantined)} quarantined; {len(summary.left_out)} left out"
        f"\nchecks  {checks}"
        f"\n{'published' if release.is_new else 'unchanged'} {release.warehouse} in {seconds:.1f} s"
        '\nnext    mingzhang findings · mingzhang status · mingzhang sql "select * from marts.dim_document"',
        highlight=False,
    )


def print_findings(console: Console, findings: Sequence[dict[str, Any]]) -> None:
    """Print findings (rows of ``FINDINGS_SQL`` by the names of its columns) document by document, for a person."""
    file_name = None
    for row in findings:
        if row["file_name"] != file_name:
            file_name = row["file_name"]
            console.print(f"\n[bold]{shown(file_name)}[/bold]  {row['document_id']}", highlight=False)
        place = f"  p{row['page_no']}" if row["page_no"] else ""
        led = f"  ({row['follows']} follow)" if row["follows"] else ""
        led += f"  (follows {row['cause']})" if row["cause"] != row["finding"] else ""
        colour = _SEVERITY_COLOURS[row["severity"]]
        console.print(
            f"  {row['finding']}  [{colour}]{row['severity']}[/]  {row['identity_id']}{place}{led}",
            highlight=False,
        )
        for message in (row["message_zh"], row["message_en"]):
            console.print(Padding(shown(message), (0, 0, 0, 4)), highlight=False)
    counts = Counter(row["severity"] for row in findings)
    said = ", ".join(f"{counts[severity]} {severity}" for severity in _SEVERITY_COLOURS if counts[severity])
    console.print(f"\n{said or 'no finding'}", highlight=False)
    if findings:
        console.print(f"next    mingzhang explain {findings[0]['finding']}", style="dim", highlight=False)


def print_waivers(console: Console, waivers: Iterable[Waiver]) -> None:
    """Print the waivers that accept nothing: expired, or no finding is what they name."""
    for waiver in waivers:
        if waiver.status != "in_force":
            console.print(f"waiver {waiver}", style="yellow", highlight=False, markup=False)


def release_rows(
    manifests: Iterable[Manifest], published: Manifest | None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The releases that are kept, the newest first: names of columns and rows."""
    names = [
        "release_id",
        "created_at",
        "is_published",
        "documents",
        "quarantined",
        "is_incremental",
        "content_hash",
    ]
    rows = [
        (
            each.release_id,
            each.created_at,
            published is not None and each.release_id == published.release_id,
            len(each.loaded),
            len(each.documents) - len(each.loaded),
            each.is_incremental,
            each.content_hash,
        )
        for each in manifests
    ]
    return names, rows[::-1]


def confirmed_at(runs: Iterable[dict[str, Any]], published: Manifest | None) -> datetime | None:
    """When a run last made the published release or found that nothing had changed (UTC)."""
    if published is None:
        return None
    ends = [run["finished_at"] for run in runs if run["outcome"] in ("published", "unchanged")]
    return datetime.fromisoformat(max([published.created_at, *ends]))


def freshness(published: Manifest, confirmed: datetime | None) -> str:
    """A line on the published release: its age, its newest document, when a run last confirmed it."""
    newest = max((each.seen_at for each in published.loaded), default="-")
    age = hours_since(datetime.fromisoformat(published.created_at))
    return (
        f"release {published.release_id}, {age:.1f} hours old, last confirmed {confirmed or '-'} UTC;"
        f" newest document arrived {newest} UTC"
    )


def hours_since(moment: datetime) -> float:
    """Hours since a moment (UTC, without a zone)."""
    return (datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds() / 3600


def visible(text: object) -> str:
    """What a document or a file name says, without characters that would steer a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in str(text).replace("\n", " "))


def shown(value: object) -> str:
    """A cell of a printed table: nothing in it is read as markup or as an order to the terminal."""
    return "" if value is None else escape(visible(value))


def write_rows(stream: TextIO, names: Sequence[str], rows: Sequence[Sequence[Any]], output: str) -> None:
    """Write rows as JSON (one array) or CSV. Text that a spreadsheet would run as a formula is led by a quote."""
    if output == "json":
        json.dump(
            [dict(zip(names, row, strict=True)) for row in rows],
            stream,
            ensure_ascii=False,
            default=str,
            indent=1,
        )
        stream.write("\n")
        return
    writer = csv.writer(stream)
    for row in (names, *rows):
        writer.writerow(
            "'" + value if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
            for value in row
        )
