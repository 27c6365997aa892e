"""The project is an ordinary dbt project: `dbt build` passes all its tests and makes the tables that a build makes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import duckdb

from ingest.config import PROJECT_ROOT
from ingest.processes import child
from ingest.runs.build import ingest_files
from ingest.warehouse.publish import table_digests
from ingest.warehouse.transform import transform
from tests.conftest import Compiled


def test_dbt_build_makes_the_same_tables(sample_documents: Path, compiled: Compiled, tmp_path: Path) -> None:
    documents = sorted(sample_documents.glob("0*.txt"))[:3]
    ours, theirs = tmp_path / "ours" / "build.duckdb", tmp_path / "build.duckdb"
    for build_file in (ours, theirs):
        ingest_files(documents, build_file, "run", 0, lambda *_: None)
    with duckdb.connect(str(theirs)) as con:  # the record of runs contains timestamps
        con.execute("attach ? as ours", [str(ours)])
        con.execute("create or replace table raw.load_run as select * from ours.raw.load_run")
        con.execute("create or replace table raw.outcome as select * from ours.raw.outcome")
    made = transform(compiled.statements("hold"), ours)
    assert not made.broken
    done = subprocess.run(
        [
            *child.command("dbt.cli.main", "build", "--quiet"), "--project-dir", PROJECT_ROOT, "--profiles-dir", PROJECT_ROOT,
            "--target-path", tmp_path / "target", "--log-path", tmp_path / "target",
        ],
        cwd=tmp_path, env=os.environ | {"MINGZHANG_BUILD_DB": theirs.name}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    kinds = [result["unique_id"].split(".")[0] for result in results]
    assert {"seed", "model", "test", "unit_test"} == set(kinds)
    assert kinds.count("model") + kinds.count("test") >= made.count  # dbt also counts tests that only warn
    assert table_digests(theirs) == table_digests(ours)
    with duckdb.connect(str(ours)) as con:
        con.execute("attach ? as theirs (read_only)", [str(theirs)])
        seeds = con.execute(
            "select table_name from duckdb_tables() where database_name = 'theirs' and schema_name = 'seeds'"
        ).fetchall()
        assert seeds
        for (seed,) in seeds:
            for one, other in (("theirs", "build"), ("build", "theirs")):
                rows = con.execute(
                    f'from {one}.seeds."{seed}" except all from {other}.seeds."{seed}"'
                ).fetchall()
                assert rows == [], seed
