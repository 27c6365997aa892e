"""What a person reads after a run: the summary of a warehouse, and rows as CSV or JSON."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from ingest.releases.store import Manifest, ReleaseStore
from ingest.terminal import json_text, program, shown, visible, visible_lines
from ingest.views.language import spoken, tr, translated
from ingest.views.query import published_run, records
from ingest.views.waivers import Waiver, read_waivers
from ingest.warehouse.publish import Release

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
        count(*) filter (where status in ('declared_but_missing', 'blank')) as forms_missing
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
    coalesce(finding.warnings, 0) as warnings,
    document.hold_code,
    document.hold_reason
from marts.dim_document as document
left join marts.dim_unit as unit on document.unit_id = unit.unit_id
left join audit.narrative_coverage as prose on document.document_id = prose.document_id
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
    left(finding.cause_key, 8) as cause,
    cast(history.opened_at as date) as since
from audit.fct_finding as finding
inner join marts.dim_document as document on finding.document_id = document.document_id
left join audit.fct_finding_history as history on finding.finding_key = history.finding_key
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
_WORST_SQL = """
select left(finding.finding_key, 8), finding.severity, document.file_name, finding.page_no, finding.message_zh, finding.message_en
from audit.fct_finding as finding
inner join audit.fct_identity_check as check_ on finding.finding_key = check_.check_key
inner join audit.identity as identity on finding.identity_id = identity.identity_id
inner join marts.dim_document as document on finding.document_id = document.document_id
where finding.is_cause and not finding.accepted and finding.severity != 'info' and identity.concerns = 'publisher'
order by
    case finding.severity when 'error' then 1 else 2 end,
    case when check_.value_unit = 'yuan' then abs(check_.difference) end desc nulls last,
    finding.finding_key
limit 1
"""
FINDINGS_BY_SQL = """
select
    {group},
    count(distinct finding.document_id) as documents,
    count(*) as findings,
    count(*) filter (where finding.severity = 'error') as errors,
    count(*) filter (where finding.severity = 'warning') as warnings,
    count(*) filter (where finding.severity = 'info') as infos
from audit.fct_finding as finding
inner join audit.identity as identity on finding.identity_id = identity.identity_id
inner join marts.dim_document as document on finding.document_id = document.document_id
left join marts.dim_unit as unit on document.unit_id = unit.unit_id
left join marts.dim_region as region on unit.region_code = region.region_code
where
    finding.severity = coalesce($1, finding.severity)
    and (document.document_id = $2 or ends_with('/' || document.file_name, '/' || $2) or $2 is null)
    and (finding.is_cause or $3)
    and not finding.accepted
group by all
order by errors desc, warnings desc, infos desc, 1
"""
GROUPS = {
    "place": "coalesce(region.province_name, '?') as province,"
    " coalesce(region.city_name, region.name_zh, unit.region_name, '?') as place",
    "unit": "coalesce(unit.unit_name, '?') as unit",
    "identity": "finding.identity_id, identity.title_zh, identity.title_en",
}
"""What findings are counted by -> the columns of ``FINDINGS_BY_SQL`` that name it."""
_SHOWN_DOCUMENTS = 40
_SHOWN_LEFT_OUT = 20
SEVERITY_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
_FORMULA = re.compile(r"[=@\t\r\n＝＋－＠]|[+-](?!(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?$)")
"""What a spreadsheet would run as a formula: a text that begins this way, unless it is a signed number."""
_NARROW = 16
"""Where a column would be narrower than this, and than its content, rows are printed with one line per column."""
_WITH_UNITS = 100
"""Characters per line from which a list of documents names their units: on a shorter line neither name would be legible."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One run in numbers, and the documents it published (rows of ``STATUS_SQL`` by the names of its columns)."""

    documents: list[dict[str, Any]]
    files_seen: int
    loaded: int
    same_bytes: int
    quarantined: list[tuple[str, str, str]]
    left_out: list[tuple[str, str]]
    held: list[tuple[str, str, str]]
    checks: dict[str, int]
    findings: dict[str, int]
    waivers: list[Waiver]


def summarise(warehouse: Path) -> Summary:
    """Read the summary of the run that made the published warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        [(seen, loaded, same)] = con.execute(
            "select files_seen, documents_loaded, files_same_bytes from audit.ingest_run order by started_at desc limit 1"
        ).fetchall()
        documents = records(con, STATUS_SQL)
        return Summary(
            documents=documents,
            files_seen=seen,
            loaded=loaded,
            same_bytes=same,
            quarantined=con.execute(
                "select file_name, reason_code, message from audit.quarantine order by file_name"
            ).fetchall(),
            left_out=left_out_files(con),
            held=[
                (each["file_name"], each["hold_code"], each["hold_reason"])
                for each in documents
                if each["audit_status"] == "held"
            ],
            checks=dict(
                con.execute(
                    "select status, count(*) from audit.fct_identity_check group by status"
                ).fetchall()
            ),
            findings=dict(
                con.execute(
                    "select severity, count(*) from audit.fct_finding where not accepted group by severity"
                ).fetchall()
            ),
            waivers=read_waivers(con),
        )


def left_out_files(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """What was left out because it cannot be a document: (reason, message), the latest last."""
    return con.execute(
        "select reason_code, message from audit.document_outcome where outcome = 'left_out'"
        " group by all order by max(run_id), message"
    ).fetchall()


def print_left_out(console: Console, files: Sequence[tuple[str, str]]) -> None:
    """List what was left out."""
    for reason, message in files[-_SHOWN_LEFT_OUT:]:
        console.print(f"[dim]{tr('left out')}[/dim] {reason} {shown(translated(message))}", highlight=False)
    if len(files) > _SHOWN_LEFT_OUT:
        more = tr(
            "… and {count} more: {where}", count=len(files) - _SHOWN_LEFT_OUT, where="audit.document_outcome"
        )
        console.print(more, style="dim")


def run_counts(summary: Summary) -> dict[str, int]:
    """The outcomes of the files, and the states of the published documents, in numbers."""
    states = Counter(each["audit_status"] for each in summary.documents)
    return {
        "seen": summary.files_seen,
        "loaded": summary.loaded,
        "quarantined": len(summary.quarantined),
        "held": states["held"],
        "flagged": states["flagged"],
        "findings": sum(summary.findings.values()),
    }


def print_documents(console: Console, documents: Iterable[dict[str, Any]]) -> None:
    """Print what is known of each document (rows of ``STATUS_SQL``), one line each where lines are long enough for its unit too."""
    table = Table(show_edge=False, pad_edge=False)
    has_units = console.width >= _WITH_UNITS
    table.add_column(tr("file"), no_wrap=has_units, overflow="ellipsis" if has_units else "fold", ratio=3)
    if has_units:
        table.add_column(tr("unit"), no_wrap=True, overflow="ellipsis", ratio=3)
    for name in ("year", "stage", "status"):
        table.add_column(tr(name), no_wrap=True)
    for name in ("figures", "unread", "forms", "errors"):
        table.add_column(tr(name), no_wrap=True, justify="right")
    table.expand = True
    colours = {"passed": "green", "flagged": "yellow", "held": "red"}
    for row in documents:
        status, money = row["audit_status"], row["prose_money"]
        forms = (row["forms_read"], row["forms_partial"], row["forms_empty"], row["forms_missing"])
        table.add_row(
            shown(row["file_name"]),
            *([shown(row["unit_name"])] if has_units else []),
            shown(row["fiscal_year"]),
            shown(row["stage"]),
            f"[{colours[status]}]{status}[/]",
            f"{row['figures']:,}",
            f"{row['prose_money_unread']:,}/{money:,}" if money else "",
            "/".join(map(str, forms)),
            f"{row['errors']}+{row['warnings']}" if row["errors"] or row["warnings"] else "",
        )
    console.print(table)


def print_legend(console: Console) -> None:
    """Print what the columns about documents mean."""
    console.print(
        tr(
            "unread: money figures of the prose that no rule has read/all that it prints (audit.unread_figure)"
            " · forms: read/partial/empty by declaration/missing · errors: errors+warnings"
        ),
        style="dim",
    )


def print_set_aside(console: Console, summary: Summary) -> None:
    """Print the files that are quarantined and the documents that are held, each with its reason."""
    for _, reason, message in summary.quarantined:
        console.print(
            f"[red]{tr('quarantined')}[/red] {shown(reason)} {shown(translated(message))}", highlight=False
        )
    print_left_out(console, summary.left_out)
    for file_name, code, reason in summary.held:
        console.print(
            f"[red]{tr('held')}[/red] {shown(file_name)}: {shown(code)} {shown(translated(reason))}",
            highlight=False,
        )


def print_summary(console: Console, release: Release, summary: Summary, seconds: float) -> None:
    """Print what a build made, for a person."""
    print_documents(console, summary.documents[:_SHOWN_DOCUMENTS])
    if len(summary.documents) > _SHOWN_DOCUMENTS:
        console.print(
            tr(
                "… and {count} more: {where}",
                count=len(summary.documents) - _SHOWN_DOCUMENTS,
                where=f"{program()} status",
            ),
            style="dim",
        )
    print_legend(console)
    print_set_aside(console, summary)
    print_waivers(console, summary.waivers)
    same = tr(" + {count} with the same bytes", count=summary.same_bytes) if summary.same_bytes else ""
    checks = ", ".join(f"{count:,} {status}" for status, count in sorted(summary.checks.items()))
    console.print(
        tr(
            "\nfiles   {seen} seen = {loaded} loaded{same} + {quarantined} quarantined; {left_out} left out"
            "\nchecks  {checks}"
            "\n{published} {warehouse} in {seconds} s"
            '\nnext    {program} findings · {program} status · {program} sql "select * from marts.dim_document"',
            seen=summary.files_seen, loaded=summary.loaded, same=same, quarantined=len(summary.quarantined),
            left_out=len(summary.left_out), checks=checks, published=tr("published" if release.is_new else "unchanged"),
            warehouse=shown(release.warehouse), seconds=f"{seconds:.1f}", program=shown(program()),
        ),
        highlight=False,
    )  # fmt: skip


def print_worst(console: Console, warehouse: Path, documents: Path) -> None:
    """Print the worst finding of a warehouse, the largest error in yuan first, and the command that explains it; nothing where there is none.

    ``documents`` is where its documents are.
    """
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.execute(_WORST_SQL).fetchall()
    for key, severity, file_name, page_no, message_zh, message_en in found:
        texts = spoken({"message_zh": message_zh, "message_en": message_en}, "message")
        console.print(
            tr(
                "\nworst   {severity} in {file}{place}: {message}\nexplain {program} explain {key} --documents {documents}",
                severity=f"[{SEVERITY_COLOURS[severity]}]{severity}[/]", file=shown(file_name),
                place=tr(", page {page}", page=page_no) if page_no else "", message="\n        ".join(map(shown, texts)),
                program=shown(program()), key=key, documents=shown(documents),
            ),
            highlight=False, soft_wrap=True,
        )  # fmt: skip


def print_findings(console: Console, findings: Sequence[dict[str, Any]]) -> None:
    """Print findings (rows of ``FINDINGS_SQL`` by the names of its columns) document by document, for a person."""
    file_name = None
    for row in findings:
        if row["file_name"] != file_name:
            file_name = row["file_name"]
            console.print(f"\n[bold]{shown(file_name)}[/bold]  {row['document_id']}", highlight=False)
        place = f"  p{row['page_no']}" if row["page_no"] else ""
        led = tr("  ({count} follow)", count=row["follows"]) if row["follows"] else ""
        led += tr("  (follows {cause})", cause=row["cause"]) if row["cause"] != row["finding"] else ""
        since = tr("  since {date}", date=row["since"]) if row.get("since") else ""
        colour = SEVERITY_COLOURS[row["severity"]]
        console.print(
            f"  {row['finding']}  [{colour}]{row['severity']}[/]  {row['identity_id']}{place}{since}{led}",
            highlight=False,
        )
        for message in spoken(row, "message"):
            console.print(Padding(shown(message), (0, 0, 0, 4)), highlight=False)
    counts = Counter(row["severity"] for row in findings)
    said = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITY_COLOURS if counts[severity])
    console.print(f"\n{said or tr('no finding')}", highlight=False)
    if findings:
        said = tr("next    {program} explain {key}", program=shown(program()), key=findings[0]["finding"])
        console.print(said, style="dim", highlight=False)


def print_waivers(console: Console, waivers: Iterable[Waiver]) -> None:
    """Print the waivers that accept nothing: they have expired, or no finding matches them."""
    for waiver in waivers:
        if waiver.status != "in_force":
            console.print(
                visible(tr("waiver {waiver}", waiver=translated(waiver))),
                style="yellow",
                highlight=False,
                markup=False,
            )


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
    """One line about the published release: its age, its newest document, when a run last confirmed it."""
    newest = max((each.seen_at for each in published.loaded), default="-")
    age = hours_since(datetime.fromisoformat(published.created_at))
    return tr(
        "release {release}, {hours} hours old, last confirmed {confirmed} UTC; newest document arrived {newest} UTC",
        release=published.release_id, hours=f"{age:.1f}", confirmed=confirmed or "-", newest=newest,
    )  # fmt: skip


def hours_since(moment: datetime) -> float:
    """Hours since a moment (UTC, without a zone)."""
    return (datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds() / 3600


def last_run(warehouse: Path) -> dict[str, Any]:
    """The run that began last, of those that the warehouse and the journal of its refreshes know.

    Its id, outcome, message, when it began and ended (UTC) and how many seconds it took.
    """
    store = ReleaseStore(warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        known = con.execute(
            "select run_id, outcome, message, started_at, finished_at from audit.ingest_run"
            " order by started_at desc, run_id desc limit 1"
        ).fetchall()
    found = [
        (
            run["run_id"],
            run["outcome"],
            run.get("message"),
            datetime.fromisoformat(run["started_at"]),
            datetime.fromisoformat(run["finished_at"]) if "finished_at" in run else None,
        )
        for run in store.runs()
    ]
    run_id, outcome, message, began, ended = max([*known, *found], key=lambda run: run[3])
    if ended is None and store.is_at_work(run_id):
        outcome = "running"
    return {
        "run_id": run_id,
        "outcome": outcome,
        "message": message,
        "started_at": _with_zone(began),
        "finished_at": ended and _with_zone(ended),
        "seconds": ended and round((ended - began).total_seconds(), 3),
    }


def last_success(warehouse: Path) -> tuple[str, datetime, datetime]:
    """The published release, when it was made, and when a run last made or confirmed it (UTC)."""
    store = ReleaseStore(warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        run = published_run(con)
    if run is None:
        raise ValueError(f"no run of {warehouse} was published")
    release_id, made = run
    manifest = store.manifest(release_id)
    made = datetime.fromisoformat(manifest.created_at) if manifest else made
    return release_id, made, confirmed_at(store.runs(), manifest) or made


def status_record(warehouse: Path, summary: Summary) -> dict[str, Any]:
    """Everything that ``status`` knows, for a program: the release, its age, what is in it and what is not, the last run."""
    release_id, made, confirmed = last_success(warehouse)
    states = Counter(each["audit_status"] for each in summary.documents)
    return {
        "release_id": release_id,
        "created_at": _with_zone(made),
        "age_seconds": round(hours_since(made) * 3600, 3),
        "confirmed_at": _with_zone(confirmed),
        "documents_by_status": {status: states[status] for status in ("passed", "flagged", "held")},
        "quarantined_by_reason": dict(Counter(reason for _, reason, _ in summary.quarantined)),
        "held": [
            {name: each[name] for name in ("document_id", "file_name", "hold_code", "hold_reason")}
            for each in summary.documents
            if each["audit_status"] == "held"
        ],
        "last_run": last_run(warehouse),
        "documents": summary.documents,
    }


def print_status(console: Console, summary: Summary, last: dict[str, Any]) -> None:
    """Print what is known of every document, what is set aside, and the outcome of the last run, for a person."""
    print_documents(console, summary.documents)
    print_legend(console)
    print_set_aside(console, summary)
    seconds = last["seconds"]
    said = tr(
        "last run {run} of {began} UTC: {outcome}{took}{said}",
        run=last["run_id"], began=last["started_at"][:19], outcome=tr(last["outcome"]),
        took="" if seconds is None else tr(" after {seconds} s", seconds=f"{seconds:,.1f}"),
        said=f": {translated(last['message'])}" if last["message"] else "",
    )  # fmt: skip
    console.print(visible(said), highlight=False, markup=False)


def _with_zone(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 with its zone."""
    return moment.replace(tzinfo=UTC).isoformat()


def print_rows(console: Console, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows as a table; where its columns would be too narrow for this console, each row with one line per column."""
    cells = [[("" if value is None else visible_lines(value)) for value in row] for row in rows]
    heads = list(map(visible, names))
    columns = zip(heads, *cells, strict=True)
    widths = [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns]
    if sum(min(width, _NARROW) + 3 for width in widths) + 1 <= console.width:
        table = Table()
        for head, *values in zip(heads, *rows, strict=True):
            is_number = all(isinstance(value, int | float | Decimal | None) for value in values) and values
            table.add_column(escape(head), overflow="fold", justify="right" if is_number else "left")
        for row in cells:
            table.add_row(*map(escape, row))
        console.print(table)
        return
    for number, row in enumerate(cells, 1):
        console.print(Rule(f"{number}", align="left", style="dim"))
        record = Table.grid(padding=(0, 2))
        record.add_column(overflow="fold", style="bold", max_width=console.width // 2)
        record.add_column(overflow="fold")
        for head, value in zip(heads, row, strict=True):
            record.add_row(escape(head), escape(value))
        console.print(record)


def write_rows(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]], output: str) -> None:
    """Write rows as they come as JSON (one array) or CSV. In CSV an apostrophe precedes text that a spreadsheet would run."""
    if output == "json":
        keys = _distinct(names)
        before = "["
        for row in rows:
            stream.write(f"{before}\n{json_text(dict(zip(keys, row, strict=True)))}")
            before = ","
        stream.write("\n]\n" if before == "," else "[]\n")
        return
    writer = csv.writer(stream)
    writer.writerow(map(harmless, names))
    for row in rows:
        writer.writerow(map(harmless, row))


def harmless(value: Any) -> Any:
    """A value for a CSV file: an apostrophe precedes a text that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns as keys: a name that occurs again gets a number."""
    found: list[str] = []
    for name in names:
        number = 1
        key = name
        while key in found:
            number += 1
            key = f"{name}_{number}"
        found.append(key)
    return found
