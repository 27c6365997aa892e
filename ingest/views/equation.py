"""Identities as equations: the terms of the registry in the shorthand of the cases, `fact:form[fund]/row/column@basis`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.config import REGISTRY_DIR
from ingest.seeds import seed_rows

FACTS = {
    "exp": "expenditure",
    "rev": "revenue",
    "bal": "balance",
    "eco": "economic",
    "tp": "three_public",
}
"""How the shorthand names the facts that have a short name."""
_SHORT = {fact: short for short, fact in FACTS.items()}
_RELATIONS = {"equal": "=", "at_most": "≤", "at_least": "≥"}
_PICKS = {
    "line": "{}",
    "any": "any({})",
    "row_children": "Σ rows below {}",
    "column_children": "Σ columns below {}",
}
_DOCUMENTS = {
    "own": "",
    "budget_of_year": "budget of the year: ",
    "prior_final": "last year's final accounts: ",
    "superseded": "the version replaced: ",
}
_CONDITIONS = {
    "if_printed": "{} is printed",
    "if_stated": "{} is stated",
    "unless_stated": "{} is not stated",
    "unless_nonzero": "{} is not stated or zero",
}
_DIMENSIONS = ("source", "fact", "statement_code", "fund_code", "row_key", "column_key", "basis")


def equations(relations: Mapping[str, str], registry: Path = REGISTRY_DIR) -> dict[str, str]:
    """Identity -> its equation, for the identities whose relation of the two sides is given."""
    terms: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in seed_rows(registry / "identity_terms.csv"):
        terms[row["identity_id"]].append(row)
    return {
        identity_id: equation(terms[identity_id], relation)
        for identity_id, relation in relations.items()
        if relation and identity_id in terms
    }


def equation(terms: Iterable[Mapping[str, str]], relation: str) -> str:
    """The terms of one identity, the anchor first, as an equation with its conditions."""
    anchor: Mapping[str, str] = {}
    sides: dict[str, list[str]] = {"left": [], "right": []}
    conditions: list[str] = []
    for term in terms:
        anchor = anchor or term
        line = _line(term, anchor)
        if term["side"] == "condition":
            conditions.append(_CONDITIONS[term["when_blank"]].format(line))
            continue
        side = sides[term["side"]]
        said = _PICKS[term["pick"]].format(_DOCUMENTS[term["document"]] + line)
        side.append(said if not side else f"{'-' if term['sign'] == '-1' else '+'} {said}")
    written = f"{' '.join(sides['left'])} {_RELATIONS[relation]} {' '.join(sides['right'])}"
    return written + (f", where {' and '.join(conditions)}" if conditions else "")


def _line(term: Mapping[str, str], anchor: Mapping[str, str]) -> str:
    """The line that a term reads; what it shares with the anchor is written out."""
    source, fact, statement, fund, row, column, basis = (
        anchor[name] if term[name] == "=" else term[name] for name in _DIMENSIONS
    )
    level = anchor["level"] if term["level"] == "=" else term["level"]
    if row == "*" and level:
        row = f"each {level}"
    mark = "~" if source == "narrative" else ""
    funded = f"[{fund}]" if fund != "*" else ""
    based = f"@{basis}" if basis != "*" else ""
    return f"{mark}{_SHORT.get(fact, fact)}:{statement}{funded}/{row}/{column}{based}"
