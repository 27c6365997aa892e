"""Rows of the raw schema: what is written about one document, table by table.

A new column stands in two places, ``TABLES`` and the function that yields the table's rows; staging names it after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from ingest.document.figures import money_figures
from ingest.document.model import Cell, TextLine
from ingest.extraction.extract import Extraction
from ingest.extraction.performance_rows import performance_rows
from ingest.extraction.printed_tables import lost_by_page, performance_figures, printed_tables
from ingest.extraction.tables import DocumentRows, packed
from ingest.version import extractor_version

_Row = tuple[Any, ...]
_WORDS = (
    "measure",
    "fund",
    "basis",
    "source",
    "item",
    "balance",
    "part",
    "comparison",
    "set_aside",
    "ratio",
    "economic",
    "government",
    "classification",
)


def pack_rows(extraction: Extraction, file_name: str) -> DocumentRows:
    """A document's rows, ready to be passed on and inserted.

    Raises DocumentError(VALUE_OUT_OF_RANGE) where a value does not fit its column.
    """
    return packed(extraction.document_id, document_rows(extraction, file_name))


def document_rows(extraction: Extraction, file_name: str) -> dict[str, list[_Row]]:
    """Every row of one document, table by table, in the order of ``TABLES``' columns."""
    key = extraction.document_id
    rows: dict[str, Iterable[_Row]] = {
        "document": [_document_row(extraction, file_name)],
        "form": _form_rows(extraction),
        "form_cell": _form_cell_rows(extraction),
        "list_row": (
            (key, form.form_no, *astuple(row)) for form in extraction.forms for row in form.list_rows
        ),
        "cell": _cell_rows(extraction),
        "printed_table": (
            (key, *astuple(table))
            for table in printed_tables(extraction.document, extraction.forms, extraction.performance)
        ),
        "performance_figure": (
            (key, *astuple(figure)) for figure in performance_figures(extraction.performance)
        ),
        "lost_figure": (
            (key, page_no, count) for page_no, count in lost_by_page(extraction.document).items()
        ),
        "page": _page_rows(extraction),
        "reading_confidence": (
            (key, ref, confidence) for ref, confidence in _reading_confidence(extraction).items()
        ),
        "paragraph": _paragraph_rows(extraction),
        "declaration": (
            (key, each.statement_code, each.kind, each.text, each.source_ref)
            for each in extraction.declarations
        ),
        "claim": ((key, *astuple(claim)) for claim in extraction.claims),
        "stated_part": ((key, *astuple(part)) for part in extraction.stated_parts),
        "change_reason": ((key, *astuple(reason)) for reason in extraction.change_reasons),
        "remark": ((key, *astuple(remark)) for remark in extraction.remarks),
        "member_unit": ((key, *astuple(unit)) for unit in extraction.member_units),
    }
    return {name: list(found) for name, found in rows.items()} | performance_rows(key, extraction.performance)


def _document_row(extraction: Extraction, file_name: str) -> _Row:
    cover, document = extraction.cover, extraction.document
    return (
        extraction.document_id,
        file_name,
        extraction.sha256,
        document.media_type,
        extraction.byte_size,
        document.page_count,
        extractor_version(),
        cover.title,
        cover.doc_type,
        cover.stage,
        cover.fiscal_year,
        cover.unit_name,
        cover.unit_kind,
        cover.region_name,
        cover.unit_from,
        cover.fiscal_year_from,
        cover.stage_from,
        cover.place.region_code if cover.place else None,
        cover.place.zone if cover.place else None,
        extraction.prose_paragraphs,
        cover.is_departmental,
    )


def _form_rows(extraction: Extraction) -> Iterator[_Row]:
    for form in extraction.forms:
        yield (
            extraction.document_id,
            form.form_no,
            form.statement_code,
            form.title,
            form.unit_text,
            form.page_from,
            form.page_to,
            form.is_continued,
            form.has_total_row,
            form.has_unread_rows,
            form.row_count,
            "\n".join(form.notes) or None,
            form.form_no in extraction.empty_forms,
            form.score,
            form.layout,
        )


def _form_cell_rows(extraction: Extraction) -> Iterator[_Row]:
    for form in extraction.forms:
        for cell in form.cells:
            yield (
                extraction.document_id,
                form.form_no,
                form.statement_code,
                cell.row_no,
                cell.col_no,
                cell.side,
                cell.row_kind,
                cell.line_code,
                cell.line_fund_code,
                cell.code_text,
                cell.label,
                *(cell.words.get(word) for word in _WORDS),
                cell.project_name,
                cell.budget_unit_name,
                cell.header_path,
                cell.cell_text,
                cell.source_ref,
                cell.page_no,
                cell.problem,
            )


def _cell_rows(extraction: Extraction) -> Iterator[_Row]:
    for table_no, table in enumerate(extraction.document.tables(), start=1):
        for cell in table.cells:
            if cell.text.strip():
                yield (
                    extraction.document_id,
                    cell.ref,
                    table.page_no,
                    cell.line_no,
                    table_no,
                    cell.row + 1,
                    cell.col + 1,
                    cell.text,
                    *_box(cell),
                    len(money_figures(cell.text)),
                )


def _page_rows(extraction: Extraction) -> Iterator[_Row]:
    read_pages = {block.page_no for block in extraction.document.blocks}
    for page in extraction.document.pages:
        yield (
            extraction.document_id,
            page.page_no,
            page.width,
            page.height,
            page.reader,
            page.note,
            page.confidence,
            page.page_no in read_pages,
        )


def _paragraph_rows(extraction: Extraction) -> Iterator[_Row]:
    for number, paragraph in enumerate(extraction.paragraphs, start=1):
        yield (
            extraction.document_id,
            number,
            paragraph.ref,
            paragraph.page_no,
            paragraph.line_no,
            " > ".join(paragraph.section_path),
            paragraph.is_heading,
            paragraph.text,
            len(money_figures("\n".join(paragraph.lines))),
        )


def _reading_confidence(extraction: Extraction) -> dict[str, float]:
    """The OCR confidence of each cell and sentence, by its place; empty for files that hold their text."""
    sure = {
        cell.ref: cell.confidence
        for table in extraction.document.tables()
        for cell in table.cells
        if cell.confidence is not None and cell.text.strip()
    }
    read = {claim.source_ref for claim in extraction.claims}
    read |= {part.source_ref for part in extraction.stated_parts}
    read |= {reason.source_ref for reason in extraction.change_reasons}
    sentences = (sentence for paragraph in extraction.paragraphs for sentence in paragraph.sentences())
    return sure | {
        sentence.ref: sentence.confidence
        for sentence in sentences
        if sentence.confidence is not None and sentence.ref in read
    }


def _box(place: Cell | TextLine) -> tuple[float | None, float | None, float | None, float | None]:
    return place.box or (None, None, None, None)
