"""One sample document in every medium: what is read of it is the same, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from random import Random
from typing import Any

import pytest

from ingest.document.text import fold
from ingest.extraction.extract import Extraction, extract
from ingest.extraction.performance_rows import performance_rows
from ingest.extraction.tables import TABLES
from ingest.forms.columns import MEANINGS
from samples.documents import KINDS
from samples.media import render
from samples.model import Form

MEDIA = ("ofd", "utf-8", "html", "docx", "xlsx")
PLACES = {"document_id", "paragraph_no", "source_ref", "page_no", "section_no", "header_path", "claim_no"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_medium_gives_the_rows_of_the_pdf(kind: str) -> None:
    expected = rows_of(_read(kind, "pdf"))
    assert expected["form_cell"] or kind in ("unfilled_template", "performance_report")
    for medium in MEDIA:
        found = rows_of(_read(kind, medium))
        for table, rows in expected.items():
            missing, extra = rows - found[table], found[table] - rows
            assert not missing, f"{medium}: {table} lacks {list(missing)[:3]}; has {list(extra)[:3]}"
            assert not extra, f"{medium}: {table} has {list(extra)[:3]}"


def test_a_scan_gives_the_figures_of_the_pdf() -> None:
    """One short form; `python -m tests.long.scan_facts` compares whole documents."""
    whole = KINDS["yuan_budget"](Random(11), "sample", "itemised")
    form = next(block for block in whole.document.blocks if isinstance(block, Form))
    short = replace(whole, document=replace(whole.document, blocks=(*whole.document.blocks[:2], form)))
    expected, found = (
        rows_of(extract(render(short, medium, Random(3)).content)) for medium in ("pdf", "scan")
    )
    assert expected["form_cell"]
    assert (found["document"], found["form_cell"]) == (expected["document"], expected["form_cell"])


def _read(kind: str, medium: str) -> Extraction:
    disclosure = KINDS[kind](Random(11), "sample", "itemised")
    return extract(render(disclosure, medium, Random(3)).content)


def rows_of(extraction: Extraction) -> dict[str, Counter[tuple[Any, ...]]]:
    """The rows that feed the marts, without their places, the texts without the print's blanks and line breaks."""
    cover = extraction.cover
    read = {form.statement_code for form in (*extraction.forms, *extraction.performance)}
    rows: dict[str, Counter[tuple[Any, ...]]] = {
        "document": Counter(
            [(cover.doc_type, cover.stage, cover.fiscal_year, cover.unit_name, cover.unit_kind)]
        ),
        "form_cell": Counter(
            (
                form.statement_code,
                form.unit_text,
                *(cell.side, cell.row_kind, cell.line_code, cell.line_fund_code),
                "".join((cell.code_text or "").split()),
                fold(cell.label or ""),
                *(cell.words.get(word) for word in MEANINGS),
                *(fold(cell.project_name or ""), fold(cell.cell_text), cell.problem),
            )
            for form in extraction.forms
            for cell in form.cells
            if cell.cell_text.strip()
        ),
        "declaration": Counter(
            {
                (each.statement_code, each.kind)
                for each in extraction.declarations
                if each.statement_code not in read
            }
        ),
        "claim": Counter(_without_places(asdict(claim)) for claim in extraction.claims),
    }
    for table, stored in performance_rows("", extraction.performance).items():
        names = [column.split()[0] for column in TABLES[table].split(",")]
        rows[table] = Counter(_without_places(dict(zip(names, row, strict=True))) for row in stored)
    return rows


def _without_places(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        fold(value) if isinstance(value, str) else value for name, value in row.items() if name not in PLACES
    )
