"""Readers that query and reconnect without pause while refreshes publish: no query fails, no snapshot is mixed.

`python -m tests.long.soak_readers --readers 8 --refreshes 50`. Each connection asks for the run, the documents and the facts
twice; they must be those of one release, and the same both times. Exit status 1 where a query failed or a
snapshot was mixed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb

from tests.long.tiny_inbox import TinyInbox

RUN = "select run_id, documents_loaded from audit.ingest_run order by started_at desc limit 1"
SNAPSHOT = """
select
    (select count(*) from marts.dim_document),
    (select count(distinct document_id) from audit.fct_identity_check),
    (select string_agg(document_id, ' ' order by document_id) from marts.dim_document),
    (select count(*) from marts.fct_expenditure anti join marts.dim_document using (document_id)),
    (select sum(amount_yuan) from marts.fct_expenditure)
"""


def read(warehouse: Path, over: Event, told: Any) -> None:
    """Query and reconnect until the end; put (queries, releases seen, errors) into a queue."""
    queries, seen, wrong = 0, dict[str, Any](), list[str]()
    while not over.is_set():
        try:
            with duckdb.connect(str(warehouse), read_only=True) as con:
                run_id, loaded = con.execute(RUN).fetchall()[0]
                snapshots = [con.execute(SNAPSHOT).fetchall()[0] for _ in range(2)]
                again = con.execute(RUN).fetchall()[0][0]
                queries += 4
        except duckdb.Error as error:
            wrong.append(f"a query failed: {error}")
            continue
        first, second = snapshots
        if first != second or run_id != again or first[0] != loaded or first[1] != loaded or first[3]:
            wrong.append(
                f"a mixed snapshot of {run_id}: {snapshots}, {loaded} documents loaded, then {again}"
            )
        if seen.setdefault(run_id, first) != first:
            wrong.append(f"{run_id} was seen with two contents")
    told.put((queries, sorted(seen), wrong))


def main() -> int:
    """Command line: start readers, refresh, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.soak_readers", description=__doc__)
    parser.add_argument("--readers", type=int, default=8, help="number of processes that read")
    parser.add_argument("--refreshes", type=int, default=50, help="number of releases to publish meanwhile")
    parser.add_argument("--seed", type=int, default=3, help="random seed of the documents")
    given = parser.parse_args()
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    over, told = context.Event(), context.Queue()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        world = TinyInbox(Path(folder), given.seed)
        world.refresh()
        readers = [
            context.Process(target=read, args=(world.store.warehouse, over, told), daemon=True)
            for _ in range(given.readers)
        ]
        for reader in readers:
            reader.start()
        for number in range(1, given.refreshes + 1):
            world.change()
            world.refresh()
            if number % 10 == 0:
                print(f"{number} of {given.refreshes}, {time.monotonic() - began:,.0f} s", flush=True)
        over.set()
        answers = [told.get(timeout=120) for _ in readers]
        for reader in readers:
            reader.join()
    wrong = [line for _, _, lines in answers for line in lines]
    releases = {run_id for _, seen, _ in answers for run_id in seen}
    print(
        f"{given.readers} readers, {sum(count for count, _, _ in answers):,} queries, {len(releases)} of"
        f" {given.refreshes + 1} releases seen, {len(wrong)} wrong, {time.monotonic() - began:,.0f} s"
    )
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
