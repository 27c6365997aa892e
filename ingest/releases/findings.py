"""Findings over time: a release carries on what the one before says of when each finding was opened, and of those that are gone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb

from ingest.files import literal
from ingest.warehouse.publish import FINDING_HISTORY, published_tables

_NOW = """
create temp table now as
select
    finding.finding_key, finding.document_id, document.unit_id, document.fiscal_year, document.stage, finding.identity_id,
    finding.severity, finding.scope, finding.message_zh, finding.message_en, document.superseded_by
from release.audit.fct_finding as finding
inner join release.marts.dim_document as document using (document_id)
"""
_CARRIED_ON = """
create temp table carried_on as
with way (known_by) as (
    values ('place'), ('words')
),

replaced as (
    select document_id, superseded_by
    from release.marts.dim_document
    where superseded_by is not null
),

-- what the version that a document replaces had of the same identity, and the same place or the same words: a new line moves the places
before_revision as (
    select
        replaced.superseded_by as document_id, earlier.identity_id, earlier.finding_key, earlier.opened_at, earlier.opened_in_run,
        way.known_by, if(way.known_by = 'place', earlier.scope, earlier.message_zh) as known_as
    from earlier
    inner join replaced using (document_id)
    cross join way
    qualify row_number() over (
        partition by replaced.superseded_by, earlier.identity_id, known_by, known_as order by earlier.opened_at, earlier.finding_key
    ) = 1
),

revision as (
    select
        finding_key, document_id, identity_id,
        way.known_by, if(way.known_by = 'place', scope, message_zh) as known_as
    from now
    cross join way
    qualify row_number() over (partition by document_id, identity_id, known_by, known_as order by finding_key) = 1
),

there as (
    select
        now.* exclude (superseded_by),
        coalesce(earlier.opened_at, before_there.opened_at, before_in_words.opened_at, $at) as opened_at,
        coalesce(earlier.opened_in_run, before_there.opened_in_run, before_in_words.opened_in_run, $run) as opened_in_run,
        earlier.gone_at,
        earlier.gone_in_run,
        now.superseded_by is not null as is_replaced,
        coalesce(after_there.finding_key, after_in_words.finding_key) as continued_as,
        coalesce(earlier.finding_key, before_there.finding_key, before_in_words.finding_key) is not null as is_known
    from now
    left join earlier using (finding_key)
    left join before_revision as before_there
        on now.document_id = before_there.document_id and now.identity_id = before_there.identity_id
        and before_there.known_by = 'place' and now.scope = before_there.known_as
    left join before_revision as before_in_words
        on now.document_id = before_in_words.document_id and now.identity_id = before_in_words.identity_id
        and before_in_words.known_by = 'words' and now.message_zh = before_in_words.known_as
    left join revision as after_there
        on now.superseded_by = after_there.document_id and now.identity_id = after_there.identity_id
        and after_there.known_by = 'place' and now.scope = after_there.known_as
    left join revision as after_in_words
        on now.superseded_by = after_in_words.document_id and now.identity_id = after_in_words.identity_id
        and after_in_words.known_by = 'words' and now.message_zh = after_in_words.known_as
)

select
    there.* exclude (is_replaced, is_known, gone_at, gone_in_run, continued_as),
    case when is_replaced then 'gone' when is_known then 'still_there' else 'opened' end as state,
    case when is_replaced then coalesce(gone_at, $at) end as gone_at,
    case when is_replaced then coalesce(gone_in_run, $run) end as gone_in_run,
    case when is_replaced then if(continued_as is null, 'revised', 'continued') end as gone_reason,
    case when is_replaced then continued_as end as continued_as
from there
union all by name
select
    earlier.* replace (
        'gone' as state,
        coalesce(gone_at, $at) as gone_at,
        coalesce(gone_in_run, $run) as gone_in_run,
        coalesce(
            gone_reason,
            if(document_id in (select document_id from release.marts.dim_document), 'not_found_again', 'withdrawn')
        ) as gone_reason
    )
from earlier
anti join now using (finding_key)
"""


def carry_findings_on(release: Path, base: Path | None, run_id: str, at: str) -> None:
    """Put into a release the history of findings: of its own, and of those that the release before it knew.

    ``at`` is when the run began. A release before it that has no history, or cannot be read, gives none. Raises duckdb.Error.
    """
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {literal(release)} as release")
        tables = published_tables(con, "release")
        if FINDING_HISTORY not in tables:
            return
        columns = ", ".join(tables[FINDING_HISTORY])
        con.execute(f"create temp table earlier as select * from release.{FINDING_HISTORY} limit 0")
        if base is not None and base.exists():
            with suppress(duckdb.Error):
                con.execute(f"attach {literal(base)} as base (read_only)")
                con.execute(f"insert into earlier by name select {columns} from base.{FINDING_HISTORY}")
        con.execute("begin")
        given = {"at": at, "run": run_id}
        con.execute(_NOW)
        con.execute(_CARRIED_ON.replace("$at", "cast($at as timestamp)"), given)
        con.execute(f"truncate release.{FINDING_HISTORY}")
        con.execute(f"insert into release.{FINDING_HISTORY} by name select {columns} from carried_on")
        con.execute("commit")
        con.execute("checkpoint release")
        con.execute("detach release")
