"""The vocabulary of the prose: every row compiles, refers to existing codes, is handled by the grammar, and occurs in a sentence."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ingest.config import CLASSIFICATION_DIR, PROJECT_ROOT, REGISTRY_DIR
from ingest.document.paragraphs import read_paragraphs
from ingest.document.text import fold, fold_in_place, squeeze
from ingest.extraction.extract import extract
from ingest.narrative import tokenise
from ingest.narrative.grammar import KINDS, UNIT_KIND
from ingest.narrative.model import ReasonCode
from ingest.narrative.steps import STEPS
from ingest.narrative.terms import NUMBER, Term, find_terms, section_of
from ingest.narrative.tokenise import tokens
from ingest.registry import vocabulary_rows
from tests.golden.corpus import CORPUS, names
from tests.unit.documents import document

BESIDE_THE_STEPS = {"section", "phrase", "aside", "filler", "includes"}
"""Kinds that the grammar does not handle by a step of its state."""
OTHER_SECTIONS = {"glossary", "duties", "explanation", "funding", "performance", "project"}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _codes(name: str, column: str) -> set[str]:
    return {row[column] for row in _rows(CLASSIFICATION_DIR / f"{name}.csv")}


TERMS = vocabulary_rows("narrative_terms")
METRICS = _rows(REGISTRY_DIR / "narrative_metrics.csv")
STATEMENTS = {row["statement_code"] for row in _rows(REGISTRY_DIR / "forms.csv")}
SECTIONS = {row["code"] for row in TERMS if row["kind"] == "section"} | {"general"}
NOUNS = {row["noun"] for row in METRICS}
CODES = {
    "section": STATEMENTS | OTHER_SECTIONS,
    "basis": {"initial_budget", "adjusted_budget", "final", "budget"},
    "direction": {"1", "-1", "0"},
    "ratio": {"share", "change_rate", "budget_variance_rate", "execution_rate", "adjustment_rate"},
    "aside": set(get_args(ReasonCode)),
    "skip": set(get_args(ReasonCode)),
    "fund": _codes("fund", "fund_code"),
    "balance": _codes("balance_item", "item") | {"total_both"},
    "revenue": _codes("revenue_source", "revenue_source"),
    "expenditure": _codes("measure", "measure"),
    "economic": {"total", "personnel", "public"},
    "three_public": _codes("three_public_item", "item"),
    "metric": NOUNS | set(KINDS),
    "project_budget": {"own", "planned"},
    "project_funding": {"total", "fiscal_current_year", "superior", "local", "other"},
}
"""What a term's code may be: by its fact where it is a subject, else by its kind."""


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row["term_id"])
def test_a_term_compiles_and_names_what_exists(row: dict[str, str]) -> None:
    re.compile(row["pattern"].replace("{n}", NUMBER))
    assert row["kind"] in set(STEPS) | BESIDE_THE_STEPS, "the grammar does not know the kind"
    assert row["sections"] == "*" or set(row["sections"].split("|")) <= SECTIONS
    assert row["fund_code"] in CODES["fund"] | {""}
    assert row["statement_code"] in STATEMENTS | {""}
    allowed = CODES.get(row["fact"] if row["kind"] in ("subject", "phrase") else row["kind"])
    assert allowed is None or row["code"] in allowed


def test_no_term_matches_nothing() -> None:
    assert [row["term_id"] for row in TERMS if re.fullmatch(row["pattern"].replace("{n}", NUMBER), "")] == []


@pytest.mark.parametrize("row", METRICS, ids=lambda row: f"{row['noun']}-{row['unit_kind']}")
def test_a_metric_noun_leads_to_a_metric(row: dict[str, str]) -> None:
    assert row["metric_code"] in _codes("metric", "metric_code")
    assert row["unit_kind"] in {*UNIT_KIND.values(), "money", "executed"}


def test_every_noun_is_a_terms_and_every_metric_can_be_read() -> None:
    terms = {row["code"] for row in TERMS}
    assert sorted(NOUNS - terms) == []
    read = {row["metric_code"] for row in METRICS}
    planned = {f"planned_{code}" for code in read if code.startswith("equipment_")}
    assert sorted(_codes("metric", "metric_code") - read - planned) == []


def test_every_term_is_met_in_a_test_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[tuple[str, str, str]] = set()

    def recorded(folded: str, section: str) -> Iterator[tuple[int, int, Term]]:
        for start, end, term in find_terms(folded, section):
            met.add((term.kind, term.code or "", term.pattern.pattern))
            yield start, end, term

    monkeypatch.setattr(tokenise, "find_terms", recorded)
    headings: set[str] = set()
    for name in names():
        data = (CORPUS / f"{name}.txt").read_bytes()
        extract(data)
        for paragraph in read_paragraphs(document(data.decode("utf-8"))):
            headings.update(paragraph.section_path)
    for sentence in _unit_sentences():
        headings.add(sentence)
        printed = squeeze(sentence)
        for section in SECTIONS:
            tokens(fold_in_place(printed), printed, section)
    sections = [row for row in TERMS if row["kind"] == "section"]
    for heading in headings:
        if section_of(heading):
            first = next(row for row in sections if re.search(row["pattern"], fold(heading)))
            met.add(("section", first["code"], first["pattern"]))
    missing = [
        (row["term_id"], row["kind"], row["code"], row["pattern"])
        for row in TERMS
        if (row["kind"], row["code"], row["pattern"].replace("{n}", NUMBER)) not in met
    ]
    assert missing == [], "no test sentence meets these rows: add one to tests/unit/test_narrative_*.py"


def _unit_sentences() -> Iterator[str]:
    """The Chinese texts in the unit tests of the narrative grammar, line by line."""
    for path in sorted((PROJECT_ROOT / "tests" / "unit").glob("test_narrative_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isascii():
                yield from node.value.splitlines()
