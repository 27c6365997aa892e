"""Break raw rows of some documents at random: those are held or as before, the others are published as before.

`python -m tests.long.break_rows --times 50` reads the sample documents once, then each time takes a few documents, breaks
rows of theirs in the raw schema (a value gone, a row twice, a value of another row, a value that fits nowhere), makes the
models and checks them as a build does. Wrong is a run that stops, and a document that was not touched whose facts changed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

import duckdb
from rich.console import Console

from ingest.config import Run
from ingest.runs.build import ingest_files
from ingest.runs.checking import make_and_check
from ingest.warehouse.compiled import compiled_statements
from samples import write_samples

BROKEN_DOCUMENTS = 3
BREAKS_PER_DOCUMENT = 4
_LEFT_ALONE = ("document_id", "sha256", "file_name", "extractor_version", "media_type", "byte_size")
_UNFIT = {
    "VARCHAR": ["", "9" * 40, "\U0001f4a9", "x" * 5000, "NaN", "-1e308"],
    "INTEGER": [-1, 0, 2**31 - 1],
    "BIGINT": [-1, 2**62],
    "DOUBLE": [-1.0, 1e300],
    "BOOLEAN": [True, False],
}


def break_rows(con: duckdb.DuckDBPyConnection, document_id: str, rng: Random) -> str:
    """Change one row of a document, or add one. Returns what was done."""
    tables = con.execute(
        "select distinct table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'document_id'"
        " and table_name not in ('outcome', 'broken_rule', 'supersession') order by all"
    ).fetchall()
    while True:
        table = rng.choice(tables)[0]
        rows = con.execute(f"select rowid from raw.{table} where document_id = ? order by all", [document_id])
        found = [row for (row,) in rows.fetchall()]
        if found:
            break
    row = rng.choice(found)
    if table != "document" and rng.random() < 0.2:
        con.execute(f"insert into raw.{table} select * from raw.{table} where rowid = ?", [row])
        return f"{table}: a row twice"
    columns = [
        (name, kind)
        for name, kind in con.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'raw' and table_name = ?",
            [table],
        ).fetchall()
        if name not in _LEFT_ALONE
    ]
    name, kind = rng.choice(columns)
    if rng.random() < 0.3:
        value = None
    elif rng.random() < 0.5:
        value = con.execute(
            f'select "{name}" from raw.{table} where rowid = ?', [rng.choice(found)]
        ).fetchall()[0][0]
    else:
        value = rng.choice(_UNFIT.get(kind, [None]))
    con.execute(f'update raw.{table} set "{name}" = ? where rowid = ?', [value, row])
    return f"{table}.{name} = {str(value)[:30]!r}"


def facts(build_file: Path) -> dict[str, str]:
    """For each document one hash of its rows in every fact; reports and dimensions are left out."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        tables = [name for (name,) in con.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' and table_name like 'fct%' order by all"
        ).fetchall()]  # fmt: skip
        union = " union all ".join(
            f"select document_id, '{table}' as fact, cast(t as varchar) as line from marts.{table} as t"
            for table in tables
        )
        rows = con.execute(
            f"select document_id, md5(string_agg(fact || line, '' order by fact, line)) from ({union}) group by document_id"
        ).fetchall()
    return dict(rows)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=Path, help="a folder of documents instead of the samples")
    asked = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        documents = asked.documents
        if documents is None:
            documents = root / "samples"
            write_samples(documents)
        run = Run(warehouse=root / "none.duckdb", publish_policy="flag", var_dir=root / "var")
        whole = root / "whole.duckdb"
        ingest_files([documents], whole, run.run_id, 2, lambda *_: None)
        statements = compiled_statements(run)
        sound = root / "sound.duckdb"
        shutil.copy(whole, sound)
        make_and_check(run, statements, sound, lambda *_: None)
        before = facts(sound)
        ids = sorted(before)
        wrong = held = 0
        for time in range(asked.times):
            rng = Random(f"{asked.seed}/{time}")
            build_file = root / "build.duckdb"
            shutil.copy(whole, build_file)
            chosen = rng.sample(ids, min(BROKEN_DOCUMENTS, len(ids)))
            with duckdb.connect(str(build_file)) as con:
                done = [
                    f"{key}: {break_rows(con, key, rng)}"
                    for key in chosen
                    for _ in range(BREAKS_PER_DOCUMENT)
                ]
            try:
                made = make_and_check(run, statements, build_file, lambda *_: None)
            except Exception as error:
                wrong += 1
                console.print(f"{time}: stopped: {type(error).__name__}: {str(error)[:300]}", markup=False)
                console.print("\n".join(f"    {each}" for each in done), markup=False)
                continue
            after = facts(build_file)
            held += len({rule.document_id for rule in made.broken})
            moved = [key for key in ids if key not in chosen and after.get(key) != before[key]]
            if moved or {rule.document_id for rule in made.broken} - set(chosen):
                wrong += 1
                console.print(f"{time}: others changed: {moved}, held {made.broken}", markup=False)
                console.print("\n".join(f"    {each}" for each in done), markup=False)
        console.print(
            f"{asked.times} times {BROKEN_DOCUMENTS} documents broken: {held} held for a rule, {wrong} times wrong"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
