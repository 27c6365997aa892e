"""Real documents against hand-made answer keys. They are not part of the project; without them these tests are skipped.

`MINGZHANG_REAL` names a folder with `documents/`, `corpus/documents/`, `corpus/keys/` and `tools/`; by default `shared`
beside the checkout. The levels below are measured: raise them with the reading, never lower them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from ingest.config import PROJECT_ROOT
from tests.conftest import Compiled, run_mingzhang
from tests.pipeline.keys import FACTS, compare
from tests.pipeline.sums import DIMENSIONS, SUMS, compare_sums

REAL = Path(os.environ.get("MINGZHANG_REAL") or PROJECT_ROOT.parent / "shared")
KEYS = REAL / "corpus" / "keys"
pytestmark = pytest.mark.skipif(not KEYS.is_dir(), reason=f"no real documents with keys at {KEYS}")

LEAST_MATCHED = {
    "fj_quanzhou_scjg_2026": 0.996,
    "gd_foshan_gdj_2019_final": 0.993,
    "js_wuxi_yjj_2026": 0.984,
    "pdf_caizheng": 0.996,
    "pdf_guizi": 0.978,
    "seed001": 0.977,
    "sn_xian_xfj_2026": 0.99,
    "yn_kunming_sjj_2026_html": 0.975,
    "zy_xfj_2026": 0.987,
}
"""The share of the lines of a document's key that must match, where it is not every line."""
LEAST_CRITICAL = 0.998
"""The share of all critical lines that must match."""
MOST_WRONG = 1
"""The number of lines, of all keys, whose row may hold another value."""
MOST_EXTRA = 0.009
"""The share of rows that no line expects, of all rows of the tables that a key has lines of."""
LEAST_FOUND = 64
"""The number of the errors that must be found, of all keys, that are found."""
LEAST_PRECISE = 0.98
"""The share of the errors and warnings in documents with keys that the keys list."""


@dataclass
class Outcome:
    """What became of the lines of all keys: their outcomes, those of the critical ones, and the extra rows."""

    lines: Counter[str] = field(default_factory=Counter)
    critical: Counter[str] = field(default_factory=Counter)
    extra: int = 0
    fallen: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def real_warehouse(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of the documents that have keys, and of the templates."""
    root = tmp_path_factory.mktemp("real")
    target = root / "w.duckdb"
    documents = [_file(name) for name in _names()] + sorted(REAL.rglob("*模板*"))
    asked = ("--warehouse", target, "--publish-policy", "flag")
    done = run_mingzhang("build", *documents, *asked, var_dir=compiled.give(root / "var"))
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def outcome(real_warehouse: Path) -> Outcome:
    """Every key compared with the warehouse."""
    result = Outcome()
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        for name in _names():
            if not (KEYS / f"{name}.facts.jsonl").exists():
                continue
            lines = _lines(name)
            document_id = hashlib.sha256(_file(name).read_bytes()).hexdigest()[:16]
            found = compare(
                con, document_id, [(line["table"], line["where"], line["expect"]) for line in lines]
            )
            result.lines.update(found.outcomes)
            result.critical.update(
                became for became, line in zip(found.outcomes, lines, strict=True) if line.get("critical")
            )
            result.extra += sum(found.extra[table] for table in {line["table"] for line in lines})
            if found.matched < LEAST_MATCHED.get(name, 1) * len(lines):
                result.fallen.append(f"{name}: {found.matched} of {len(lines)}: {found.misses[:10]}")
    return result


def test_no_document_matches_its_key_less_than_before(outcome: Outcome) -> None:
    assert outcome.fallen == []
    assert outcome.lines["match"] > 9000


def test_critical_lines_match(outcome: Outcome) -> None:
    assert outcome.critical["match"] >= LEAST_CRITICAL * outcome.critical.total() > 0


def test_hardly_a_row_is_wrong_or_unexpected(outcome: Outcome) -> None:
    assert outcome.lines["wrong"] <= MOST_WRONG
    assert outcome.extra <= MOST_EXTRA * (outcome.lines["match"] + outcome.extra)


def test_money_figures_of_the_prose_are_read(real_warehouse: Path) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        printed, unread = con.execute(
            "select sum(money_figures), sum(money_figures_unread) from audit.narrative_coverage"
        ).fetchall()[0]
    assert printed > 1500
    assert unread <= 0.02 * printed


def test_findings_are_those_of_the_keys(real_warehouse: Path) -> None:
    """No fewer errors that must be found are found, and nearly every error and warning is one that the keys list."""
    command = [sys.executable, REAL / "tools" / "score_findings", real_warehouse, KEYS, REAL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    must = re.search(r"must (\d+)/(\d+)", done.stdout)
    unmatched = re.search(r"unmatched +(\d+) of (\d+) findings", done.stdout)
    assert must, done.stdout + done.stderr
    assert unmatched, done.stdout + done.stderr
    assert int(must[1]) >= LEAST_FOUND, done.stdout
    assert int(unmatched[1]) <= (1 - LEAST_PRECISE) * int(unmatched[2]), done.stdout


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("report", SUMS)
def test_a_report_sums_to_what_is_printed(real_warehouse: Path, report: str, dimension: str) -> None:
    with duckdb.connect(str(real_warehouse), read_only=True) as con:
        compared = compare_sums(con, report, dimension)
    assert compared.differing == {}
    assert compared.documents


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


def _names() -> dict[str, str]:
    """The file name of each document that has a key, by the name of the key."""
    return json.loads((KEYS / "index.json").read_text(encoding="utf-8"))


def _file(name: str) -> Path:
    return next(path for path in sorted(REAL.rglob("*")) if path.name == _names()[name])


def _lines(name: str) -> list[dict]:
    text = (KEYS / f"{name}.facts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]
