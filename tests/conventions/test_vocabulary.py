"""The vocabulary seeds: each entry has a permanent number, and only ``priority`` and ``term_id`` decide the order."""

from __future__ import annotations

import csv
import random
import re
from typing import get_args

import pytest
import yaml

from ingest import registry
from ingest.config import PROJECT_ROOT, REGISTRY_DIR
from ingest.performance.values import ValueKind


def _names() -> list[str]:
    """The seeds whose rows are entries of a vocabulary."""
    headers = {
        path.stem: path.read_text(encoding="utf-8").split("\n", 1)[0] for path in REGISTRY_DIR.glob("*.csv")
    }
    return sorted(name for name, header in headers.items() if "term_id" in header.split(","))


NAMES = _names()


def test_every_seed_with_patterns_is_a_vocabulary_that_is_read() -> None:
    with_patterns = {
        path.stem
        for path in REGISTRY_DIR.glob("*.csv")
        if "pattern" in path.read_text(encoding="utf-8").split("\n", 1)[0]
    }
    assert with_patterns - set(NAMES) == {"forms"}, "a form's topic is tried by sort_order"
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "ingest").rglob("*.py"))
    assert [name for name in NAMES if f'vocabulary_rows("{name}")' not in code] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_term_id_is_well_formed_and_used_once(name: str) -> None:
    with (REGISTRY_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [row["term_id"] for row in rows]
    assert len({one.split("-")[0] for one in ids}) == 1
    assert all(re.fullmatch(r"[A-Z]{2}-\d{4}", one) for one in ids)
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[1-9]\d*", row["priority"]) for row in rows)


def test_two_seeds_do_not_share_a_prefix() -> None:
    prefixes = [registry.vocabulary_rows(name)[0]["term_id"].split("-")[0] for name in NAMES]
    assert len(set(prefixes)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_rows_has_no_effect(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    as_written = registry.vocabulary_rows(name)
    shuffled = list(registry.registry_rows(name))
    random.Random(16).shuffle(shuffled)
    assert shuffled != as_written
    monkeypatch.setattr(registry, "registry_rows", lambda _name: shuffled)
    assert registry.vocabulary_rows(name) == as_written


def test_every_list_of_wordings_is_described_and_read() -> None:
    lists = {row["list_name"] for row in registry.vocabulary_rows("wordings")}
    described = yaml.safe_load((REGISTRY_DIR / "wordings.yml").read_text(encoding="utf-8"))
    text = next(
        column["description"] for column in described["seeds"][0]["columns"] if column["name"] == "list_name"
    )
    assert set(re.findall(r"^- ([a-z._]+)：", text, re.MULTILINE)) == lists
    code = "".join(path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "ingest").rglob("*.py"))
    assert set(re.findall(r"any_of\([\"']([a-z._]+)[\"']\)", code)) == lists


def test_a_wording_compiles_and_takes_some_text() -> None:
    wrong = [
        row["term_id"]
        for row in registry.vocabulary_rows("wordings")
        if re.fullmatch(row["pattern"], "") or re.compile(row["pattern"]).groups
    ]
    assert wrong == [], "a wording matches nothing, or opens a group that captures"


def test_a_list_that_the_seed_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        registry.any_of("no.list")


def test_the_types_of_the_code_hold_what_the_seeds_say() -> None:
    assert {form.layout for form in registry.forms().values()} == set(get_args(registry.Layout))
    columns = registry.vocabulary_rows("performance_columns")
    assert {row["role"] for row in columns if row["value_pattern"]} <= set(get_args(ValueKind))
