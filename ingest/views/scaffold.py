"""What a new identity needs, written from its equation: its rows in the registry, four cases, its place in the catalogue.

An equation is written as the cases of `tests/identities/cases.csv` write lines::

    exp:summary/total = exp:expenditure/total
    rev:revenue/total = rev:revenue/total/fiscal_appropriation + rev:revenue/total/other
    ~rev:revenue/total = rev:revenue/total                          ~ is a figure of the text
    rev:appropriation_summary/total = rev:revenue[all]/total/fiscal_appropriation@final
                                                                    fact:form[fund]/row/column@basis

The first term is the anchor: the identity is due wherever its line is printed, once for each basis unless one is named. What an
equation of lines cannot say (the rows below a row, conditions, a term that may be missing) is edited in the rows afterwards.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from ingest.config import CLASSIFICATION_DIR, PROJECT_ROOT, REGISTRY_DIR
from ingest.seeds import seed_rows
from ingest.views.dictionary import identity_section
from ingest.views.equation import FACTS, equation
from ingest.views.language import tr

IDENTITY_ID = re.compile(r"(?:(?:AL|DB|FA)-[NT]\d{2}|[A-Z]{4,})-\d{3}")
"""``AL``, ``DB`` or ``FA`` (all documents, budgets, final accounts), the form or chapter and a number; or a topic and a number."""
_TERM = re.compile(
    r"(?P<text>~?)(?P<fact>\w+):(?P<statement>\w+)(?:\[(?P<fund>\w+)\])?/(?P<row>\w+)(?:/(?P<column>\w+))?(?:@(?P<basis>\w+))?"
)
_WITHOUT_COLUMNS = ("balance", "three_public")
_DOCUMENTS = {"DB": ("departmental_budget", "initial_budget"), "FA": ("final_accounts", "final")}
"""What the two kinds of documents are called, and the basis of their own figures, by the beginning of an id."""
_HALF_OF_TWO_DECIMALS, _HALF_OF_ONE_DECIMAL, _LEAST_STEP = Decimal("0.005"), Decimal("0.05"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of an equation: its side, its sign, and the line that it reads."""

    side: str
    sign: int
    source: str
    fact: str
    statement: str
    fund: str
    row: str
    column: str
    basis: str | None

    @property
    def line(self) -> str:
        """The line in the shorthand of the cases, with its fund."""
        fact = next(short for short, name in FACTS.items() if name == self.fact)
        column = "" if self.column == _only_column(self.fact) else f"/{self.column}"
        basis = f"@{self.basis}" if self.basis else ""
        mark = "~" if self.source == "narrative" else ""
        return f"{mark}{fact}:{self.statement}[{self.fund}]/{self.row}{column}{basis}"


def scaffold_identity(identity_id: str, written: str, root: Path = PROJECT_ROOT) -> list[Path]:
    """Write the rows, the four cases and the entry of the catalogue for a new identity. Returns the changed files.

    The identity is a ``draft``: nothing evaluates it until its author has named it and made it ``active``.
    Raises ValueError where the id is badly formed or taken, or the equation cannot be read or names a form or fund that
    does not exist; LookupError where the folder is not a clone of the project. Nothing is written then.
    """
    registry = root / REGISTRY_DIR.relative_to(PROJECT_ROOT)
    cases, catalogue = root / "tests/identities/cases.csv", root / "docs/identities.md"
    files = [registry / "identities.csv", registry / "identity_terms.csv", cases, catalogue]
    for path in files:
        if not path.is_file():
            raise LookupError(f"{path} is not there: an identity is added in a clone of the project")
    if not IDENTITY_ID.fullmatch(identity_id):
        raise ValueError(f"{identity_id}: an id reads like FA-T01-009 or CROSS-009")
    taken = [path for path in (files[0], cases) if identity_id in _first_fields(path)]
    taken += [path for path in cases.with_name("cases").glob("*.yml") if _is_topic(path, identity_id)]
    if taken:
        raise ValueError(f"{identity_id} is taken: {taken[0]}; ids are permanent, choose the next number")
    terms = _read_equation(written, root)
    row = _registry_row(identity_id, terms)
    rows = _term_rows(identity_id, terms)
    named = [dict(zip(_header(files[1]), fields, strict=True)) for fields in rows]
    texts = [
        _inserted(files[0], identity_id, [[row[name] for name in _header(files[0])]]),
        _inserted(files[1], identity_id, rows),
        _inserted(cases, identity_id, _case_rows(identity_id, terms)),
        _with_section(
            catalogue.read_text(encoding="utf-8"),
            identity_id,
            identity_section(row | {"equation": equation(named, row["relation"])}),
        ),
    ]
    for path, text in zip(files, texts, strict=True):
        path.write_text(text, encoding="utf-8", newline="")
    return files


def next_steps(identity_id: str) -> list[str]:
    """What an author does after the scaffold, in order."""
    return [
        tr(
            "identities.csv: replace each TODO of {identity} (titles, basis) and choose severity and on_fail",
            identity=identity_id,
        ),
        tr(
            "identity_terms.csv: check pick, when_blank and the conditions (identity_terms.yml says what they mean)"
        ),
        tr("identities.csv: make lifecycle active"),
        tr("python -m pytest -n0 tests/identities -k {identity}: the four cases hold", identity=identity_id),
        tr("python -m pytest -n0 tests/golden: a document of the project decides it"),
        tr("mingzhang build, then mingzhang docs: the catalogue says it too"),
    ]


def _read_equation(equation: str, root: Path) -> list[_Term]:
    """The terms of an equation, the anchor first. Raises ValueError where it cannot be read."""
    sides = equation.split("=")
    if len(sides) != 2:
        raise ValueError(f"{equation!r}: an equation has one '='")
    forms = _names(root, REGISTRY_DIR / "forms.csv", "statement_code", "widest_fund")
    funds = _names(root, CLASSIFICATION_DIR / "fund.csv", "fund_code", "fund_code")
    terms: list[_Term] = []
    for side, text in zip(("left", "right"), sides, strict=True):
        words = text.split()
        if not words or words[0] in "+-":
            raise ValueError(f"{text.strip()!r}: a side begins with a term that is added")
        for operator, word in zip_longest(["+", *words[1::2]], words[::2], fillvalue=""):
            match = _TERM.fullmatch(word)
            if match is None or operator not in ("+", "-") or match["fact"] not in FACTS:
                raise ValueError(f"{operator} {word}: a term reads like exp:summary/total, joined by + or -")
            if match["statement"] not in forms:
                raise ValueError(f"{word}: {match['statement']} is not a form of forms.csv")
            fund = match["fund"] or forms[match["statement"]]
            if fund not in funds:
                raise ValueError(f"{word}: {fund} is not a fund of fund.csv")
            fact = FACTS[match["fact"]]
            terms.append(
                _Term(
                    side, 1 if operator == "+" else -1, "narrative" if match["text"] else "table", fact,
                    match["statement"], fund, match["row"], match["column"] or _only_column(fact), match["basis"],
                )
            )  # fmt: skip
    lines = [term.line for term in terms]
    if len(set(lines)) < len(lines):
        raise ValueError(f"{equation!r}: the same line stands in it twice")
    return terms


def _names(root: Path, path: Path, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in seed_rows(root / path.relative_to(PROJECT_ROOT))}


def _only_column(fact: str) -> str:
    """The column of a fact that has one, else its total."""
    return "amount" if fact in _WITHOUT_COLUMNS else "total"


_DOUBTS = {
    "sum": "withheld|rows_unread|difference_printed|difference_in_column|not_confirmed|confirmed_nowhere",
    "cross_form": "difference_printed|not_confirmed|confirmed_nowhere",
    "narrative_vs_table": "printed_elsewhere|difference_printed|not_confirmed",
}
"""Which misreadings may explain that an equation of a family does not hold."""


def _registry_row(identity_id: str, terms: Sequence[_Term]) -> dict[str, str]:
    """The identity's row of identities.csv, with TODO for what only its author knows."""
    if len({term.source for term in terms}) > 1:
        family = "narrative_vs_table"
    else:
        family = "cross_form" if len({term.statement for term in terms}) > 1 else "sum"
    kinds = [kind for kind, _ in _DOCUMENTS.values()]
    return {
        "identity_id": identity_id,
        "title_zh": "TODO 标题",
        "title_en": "TODO title",
        "family": family,
        "document_kind": _DOCUMENTS[identity_id[:2]][0] if identity_id[:2] in _DOCUMENTS else "|".join(kinds),
        "basis_zh": "TODO 依据的原文",
        "basis_ref": "TODO 文件与条款",
        "tolerance_policy_id": "display_rounding",
        "concerns": "publisher",
        "severity": "error",
        "on_fail": "publish",
        "evaluation": "terms",
        "relation": "equal",
        "doubts": _DOUBTS[family],
        "lifecycle": "draft",
        "remedy_zh": "核对原文各处数字。",
        "remedy_en": "Compare the figures with the print.",
        "note": "",
    }


def _term_rows(identity_id: str, terms: Sequence[_Term]) -> list[list[str]]:
    """The rows of identity_terms.csv: the anchor in full, the others where they differ from it."""
    anchor, counted, rows = terms[0], {"left": 0, "right": 0}, []
    for term in terms:
        counted[term.side] += 1
        own = [
            term.source,
            term.fact,
            term.statement,
            term.fund,
            term.row,
            "",
            term.column,
            term.basis or "*",
        ]
        first = [
            anchor.source, anchor.fact, anchor.statement, anchor.fund, anchor.row, "", anchor.column, anchor.basis or "*",
        ]  # fmt: skip
        if term is not anchor:
            own = [
                "=" if value and value in (given, "*") else value
                for value, given in zip(own, first, strict=True)
            ]
        rows.append(
            [identity_id, term.side, str(counted[term.side]), str(term.sign), "line", "own", *own, "required"]
        )
    return rows


def _case_rows(identity_id: str, terms: Sequence[_Term]) -> list[list[str]]:
    """Four cases with figures: the equation holds, lies on the edge of its tolerance, breaks, lacks a term.

    With an odd number of figures one is printed with one decimal, so that the tolerance is a whole number of cents.
    """
    doc_type, own_basis = _DOCUMENTS.get(identity_id[:2], _DOCUMENTS["FA"])
    anchor, others = terms[0], terms[1:]
    balancing = next(term for term in others if term.side == "right")
    rest = sum(
        10 * term.sign * (1 if term.side == "left" else -1) for term in others if term is not balancing
    )
    is_odd = len(terms) % 2 == 1
    figures = {term.line: "10.00" for term in others}
    figures[balancing.line] = f"{100 + rest}.{'0' if is_odd else '00'}"
    tolerance = _HALF_OF_TWO_DECIMALS * (len(terms) - is_odd) + _HALF_OF_ONE_DECIMAL * is_odd
    scope = "/".join([anchor.statement, anchor.fund, anchor.row, anchor.column, anchor.basis or own_basis])
    edge = f"{100 + tolerance:.2f}"
    holds = " ".join(f"{line}={value}" for line, value in {anchor.line: "100.00", **figures}.items())
    return [
        [identity_id, "holds", doc_type, scope, holds, "pass", ""],
        [identity_id, "edge", doc_type, scope, f"{anchor.line}={edge}", "pass", ""],
        [identity_id, "broken", doc_type, scope, f"{anchor.line}={Decimal(edge) + _LEAST_STEP}", "fail", ""],
        [identity_id, "missing", doc_type, scope, f"{balancing.line}=-", "not_evaluable", "term_missing"],
    ]


def _first_fields(path: Path) -> list[str]:
    return [line.split(",", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def _is_topic(path: Path, identity_id: str) -> bool:
    return any(line == f"{identity_id}:" for line in path.read_text(encoding="utf-8").splitlines())


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle))


def _inserted(path: Path, identity_id: str, rows: Iterable[Sequence[str]]) -> str:
    """A file's text with rows put behind those of the last smaller id; no other line changes."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    smaller = [number for number, first in enumerate(_first_fields(path), start=1) if first < identity_id]
    at = max(smaller, default=0) + 1
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return "".join([*lines[:at], buffer.getvalue(), *lines[at:]])


def _with_section(page: str, identity_id: str, section: str) -> str:
    """The catalogue with a section at its place in the order of ids."""
    following = next(
        (match for match in re.finditer(r"^## (\S+)", page, re.MULTILINE) if match[1] > identity_id), None
    )
    at = following.start() - 1 if following else len(page)
    return page[:at] + section + page[at:]
