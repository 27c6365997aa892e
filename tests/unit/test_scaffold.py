"""The scaffold of an identity: rows that hold together, cases whose figures do what they are for, nothing else touched."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.cli import app
from ingest.config import CLASSIFICATION_DIR, PROJECT_ROOT, REGISTRY_DIR
from ingest.views.scaffold import IDENTITY_ID, scaffold_identity
from tests.identities.lines import Line, read_lines, shorthand

REGISTRY = REGISTRY_DIR.relative_to(PROJECT_ROOT)
NEW = "AL-T04-907"
FILES = [
    f"{REGISTRY}/identities.csv",
    f"{REGISTRY}/identity_terms.csv",
    "tests/identities/cases.csv",
    "docs/identities.md",
]
EQUATIONS = [
    "exp:summary/total = exp:expenditure/total",
    "rev:appropriation_summary/total = rev:revenue[all]/total/fiscal_appropriation",
    "bal:summary/total_income = bal:summary/current_income + bal:summary/opening_carryover",
    "exp:expenditure/total - exp:expenditure/201 = exp:expenditure/208 + exp:expenditure/210 - exp:expenditure/221",
    "~rev:revenue/total@final = rev:revenue/total",
]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone holds of identities."""
    for folder in (REGISTRY, CLASSIFICATION_DIR.relative_to(PROJECT_ROOT), Path("tests/identities")):
        shutil.copytree(PROJECT_ROOT / folder, tmp_path / folder)
    (tmp_path / "docs").mkdir()
    shutil.copy(PROJECT_ROOT / "docs/identities.md", tmp_path / "docs")
    return tmp_path


def rows_of(path: Path, identity_id: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row["identity_id"] == identity_id]


def texts(root: Path) -> list[str]:
    return [(root / name).read_text(encoding="utf-8") for name in FILES]


@pytest.mark.parametrize("equation", EQUATIONS)
def test_rows_are_put_in_and_no_other_line_changes(clone: Path, equation: str) -> None:
    before = texts(clone)
    assert scaffold_identity(NEW, equation, clone) == [clone / name for name in FILES]
    for old, new in zip(before, texts(clone), strict=True):
        kept = new.splitlines()
        added = [line for line in kept if line not in set(old.splitlines())]
        assert added
        first = kept.index(added[0])
        assert old.splitlines() == kept[:first] + kept[first + len(kept) - len(old.splitlines()) :]
    [row] = rows_of(clone / FILES[0], NEW)
    assert (row["lifecycle"], row["evaluation"]) == ("draft", "terms")
    assert f"\n## {NEW} {row['title_zh']}\n" in (clone / FILES[3]).read_text(encoding="utf-8")


def test_terms_say_where_they_differ_from_the_anchor(clone: Path) -> None:
    scaffold_identity(NEW, EQUATIONS[1], clone)
    left, right = (list(row.values())[1:] for row in rows_of(clone / FILES[1], NEW))
    assert left == [
        "left", "1", "1", "line", "own", "table", "revenue", "appropriation_summary", "fiscal_appropriation", "total", "", "total", "*",
        "required",
    ]  # fmt: skip
    assert right == [
        "right", "1", "1", "line", "own", "=", "=", "revenue", "all", "=", "", "fiscal_appropriation", "=", "required",
    ]  # fmt: skip


@pytest.mark.parametrize("equation", EQUATIONS)
def test_figures_of_the_cases_hold_lie_on_the_edge_break_and_lack_a_term(clone: Path, equation: str) -> None:
    scaffold_identity(NEW, equation, clone)
    cases = {row["case"]: row for row in rows_of(clone / FILES[2], NEW)}
    signs = [
        int(row["sign"]) * (1 if row["side"] == "left" else -1) for row in rows_of(clone / FILES[1], NEW)
    ]
    assert list(cases) == ["holds", "edge", "broken", "missing"]

    def lines(case: str) -> list[Line]:
        stated = shorthand(cases["holds"]["lines"]) | shorthand(cases[case]["lines"])
        return read_lines(case, cases[case]["doc_type"], stated)

    def difference(case: str) -> Decimal:
        return sum(
            (sign * (line.amount_yuan or 0) for sign, line in zip(signs, lines(case), strict=True)),
            Decimal(0),
        )

    tolerance = sum((line.half_width_yuan or 0 for line in lines("edge")), Decimal(0))
    assert difference("holds") == 0
    assert difference("edge") == tolerance
    assert difference("broken") > tolerance
    assert [line.amount_yuan is None for line in lines("missing")].count(True) == 1


@pytest.mark.parametrize(
    ("identity_id", "equation", "message"),
    [
        ("AL-T00-001", EQUATIONS[0], "is taken"),
        ("METRIC-001", EQUATIONS[0], "is taken"),
        ("al-t00-901", EQUATIONS[0], "an id reads like"),
        ("../x", EQUATIONS[0], "an id reads like"),
        (NEW, "exp:summary/total", "one '='"),
        (NEW, "exp:summary/total = - exp:expenditure/total", "begins with"),
        (NEW, "exp:summary/total = exp:expenditure/total exp:expenditure/201", "joined by"),
        (NEW, "exp:summary/total = nothing", "reads like"),
        (NEW, "exp:summary/total = exp:unknown/total", "not a form"),
        (NEW, "exp:summary[none]/total = exp:expenditure/total", "not a fund"),
        (NEW, "exp:summary/total = exp:summary/total", "twice"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_changes(
    clone: Path, identity_id: str, equation: str, message: str
) -> None:
    before = texts(clone)
    with pytest.raises(ValueError, match=message):
        scaffold_identity(identity_id, equation, clone)
    assert texts(clone) == before


def test_outside_a_clone_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="a clone of the project"):
        scaffold_identity(NEW, EQUATIONS[0], tmp_path)


def test_the_command_refuses_with_the_status_of_wrong_usage() -> None:
    done = CliRunner().invoke(app, ["scaffold", "identity", "AL-T00-001"])
    assert done.exit_code == 2


def test_every_id_of_the_registry_is_well_formed_and_no_active_identity_is_a_stub() -> None:
    with (PROJECT_ROOT / FILES[0]).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["identity_id"] for row in rows if not IDENTITY_ID.fullmatch(row["identity_id"])] == []
    assert [row["identity_id"] for row in rows if row["lifecycle"] == "active" and "TODO" in str(row)] == []
