"""Real documents against hand-made answer keys. They are not part of the project; without them these tests are skipped.

`MINGZHANG_REAL` names a folder with `documents/` and `keys/`; by default `shared` beside the checkout.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ingest.config import PROJECT_ROOT
from tests.conftest import Compiled, run_mingzhang
from tests.pipeline.keys import FACTS, compare

REAL = Path(os.environ.get("MINGZHANG_REAL") or PROJECT_ROOT.parent / "shared")
pytestmark = pytest.mark.skipif(not (REAL / "keys").is_dir(), reason=f"no real documents at {REAL}")


@pytest.fixture(scope="module")
def real_warehouse(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real")
    target = root / "w.duckdb"
    asked = ("--warehouse", target, "--publish-policy", "flag")
    done = run_mingzhang("build", REAL / "documents", *asked, var_dir=compiled.give(root / "var", "flag"))
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def _keys() -> dict[str, tuple[str, list[dict]]]:
    index = json.loads((REAL / "keys" / "index.json").read_text(encoding="utf-8"))
    keys = {}
    for name, file_name in index.items():
        path = REAL / "keys" / f"{name}.facts.jsonl"
        if path.exists():
            keys[name] = (
                file_name,
                [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line],
            )
    return keys


def test_figures_match_the_keys(real_warehouse: Path) -> None:
    """Forms, prose and performance forms: what the keys list is there, and nearly nothing beyond it."""
    matched, extra = 0, 0
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        for name, (file_name, lines) in _keys().items():
            (document_id,) = con.execute(
                "select document_id from marts.dim_document where ends_with('/' || file_name, '/' || ?)",
                [file_name],
            ).fetchall()[0]
            result = compare(
                con, document_id, [(line["table"], line["where"], line["expect"]) for line in lines]
            )
            expected = result.matched + len(result.misses)
            assert result.matched >= 0.995 * expected, (name, result.misses[:10])
            matched += result.matched
            extra += sum(result.extra.values())
    assert extra <= 0.01 * (matched + extra)


def test_money_figures_of_the_prose_are_read(real_warehouse: Path) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        printed, unread = con.execute(
            "select sum(money_figures), sum(money_figures_unread) from audit.narrative_coverage"
        ).fetchall()[0]
    assert printed > 500
    assert unread <= 0.02 * printed


def test_findings_are_those_of_the_keys(real_warehouse: Path) -> None:
    """Every error that must be found is found, and every error and warning of a document with a key is in it."""
    command = [
        sys.executable,
        REAL / "tools" / "score_findings",
        real_warehouse,
        REAL / "keys",
        REAL / "documents",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    must = re.search(r"must (\d+)/(\d+)", done.stdout)
    unmatched = re.search(r"unmatched +(\d+) of (\d+) findings", done.stdout)
    assert must, done.stdout + done.stderr
    assert unmatched, done.stdout + done.stderr
    assert int(must[1]) >= 0.95 * int(must[2]) > 0, done.stdout
    assert int(unmatched[1]) <= 0.05 * int(unmatched[2]), done.stdout


def test_a_template_yields_no_figure(real_warehouse: Path) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        templates = con.execute(
            "select document_id from marts.dim_document where file_name like '%模板%'"
        ).fetchall()
        assert templates
        for table in FACTS:
            rows = con.execute(
                f"select count(*) from marts.{table} where list_contains(?, document_id)",
                [[key for (key,) in templates]],
            ).fetchall()
            assert rows == [(0,)]
