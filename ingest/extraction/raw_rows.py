"""Rows of the raw schema: what is written about one document, table by table.

A new column stands in two places, ``TABLES`` and the function that yields the table's rows; staging names it after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any

import pyarrow as pa

from ingest.document.figures import money_figures
from ingest.document.model import Cell, TextLine
from ingest.extraction.extract import Extraction
from ingest.extraction.printed_tables import lost_by_page, performance_figures, printed_tables
from ingest.outcomes import DocumentError, Reason
from ingest.performance.raw import TABLES as PERFORMANCE_TABLES
from ingest.performance.raw import performance_rows
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
_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
}
TABLES: dict[str, str] = {
    "document": "document_id VARCHAR, file_name VARCHAR, sha256 VARCHAR, media_type VARCHAR, byte_size BIGINT, page_count INTEGER,"
    " extractor_version VARCHAR, title VARCHAR, doc_type VARCHAR, stage VARCHAR, fiscal_year INTEGER, unit_name VARCHAR,"
    " unit_kind VARCHAR, region_name VARCHAR, unit_from VARCHAR, fiscal_year_from VARCHAR, stage_from VARCHAR,"
    " region_code VARCHAR, zone_name VARCHAR, prose_paragraphs INTEGER, is_departmental BOOLEAN",
    "form": "document_id VARCHAR, form_no INTEGER, statement_code VARCHAR, title VARCHAR, unit_text VARCHAR, page_from INTEGER,"
    " page_to INTEGER, is_continued BOOLEAN, has_total_row BOOLEAN, row_count INTEGER, note VARCHAR, is_empty_declared BOOLEAN,"
    " score INTEGER, layout VARCHAR",
    "form_cell": "document_id VARCHAR, form_no INTEGER, statement_code VARCHAR, row_no INTEGER, col_no INTEGER, side VARCHAR,"
    " row_kind VARCHAR, line_code VARCHAR, line_fund_code VARCHAR, code_text VARCHAR, label VARCHAR, measure_word VARCHAR,"
    " fund_word VARCHAR, basis_word VARCHAR, source_word VARCHAR, item_word VARCHAR, balance_word VARCHAR, part_word VARCHAR, comparison_word VARCHAR, set_aside_word VARCHAR, ratio_word VARCHAR,"
    " economic_word VARCHAR, government_word VARCHAR, classification_word VARCHAR, project_name VARCHAR, budget_unit_name VARCHAR, header_path VARCHAR,"
    " cell_text VARCHAR, source_ref VARCHAR, page_no INTEGER, problem VARCHAR",
    "list_row": "document_id VARCHAR, form_no INTEGER, row_no INTEGER, kind VARCHAR, unit_name VARCHAR, category_name VARCHAR,"
    " parent_project_name VARCHAR, project_name VARCHAR, project_code VARCHAR, project_category VARCHAR, item_name VARCHAR,"
    " catalogue_code VARCHAR, function_text VARCHAR, function_name VARCHAR, economic_text VARCHAR, government_text VARCHAR,"
    " method VARCHAR, quantity_text VARCHAR, quantity_unit VARCHAR",
    "cell": "document_id VARCHAR, source_ref VARCHAR, page_no INTEGER, line_no INTEGER, table_no INTEGER, row_no INTEGER,"
    " col_no INTEGER, text VARCHAR, x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE, figures INTEGER",
    "printed_table": "document_id VARCHAR, table_no INTEGER, table_ref VARCHAR, page_no INTEGER, title VARCHAR, form_no INTEGER,"
    " performance_no INTEGER",
    "performance_figure": "document_id VARCHAR, performance_no INTEGER, source_ref VARCHAR, role VARCHAR, line_no INTEGER",
    "lost_figure": "document_id VARCHAR, page_no INTEGER, figures INTEGER",
    "page": "document_id VARCHAR, page_no INTEGER, width DOUBLE, height DOUBLE, reader VARCHAR, note VARCHAR, confidence DOUBLE,"
    " is_read BOOLEAN",
    "reading_confidence": "document_id VARCHAR, source_ref VARCHAR, confidence DOUBLE",
    "paragraph": "document_id VARCHAR, paragraph_no INTEGER, source_ref VARCHAR, page_no INTEGER, line_no INTEGER,"
    " section_path VARCHAR, is_heading BOOLEAN, text VARCHAR, figures INTEGER",
    "declaration": "document_id VARCHAR, statement_code VARCHAR, kind VARCHAR, text VARCHAR, source_ref VARCHAR",
    "claim": "document_id VARCHAR, claim_no INTEGER, paragraph_no INTEGER, source_ref VARCHAR, page_no INTEGER,"
    " section_no INTEGER, sentence VARCHAR, figure_text VARCHAR, unit_text VARCHAR, status VARCHAR, reason_code VARCHAR,"
    " fact VARCHAR, statement_code VARCHAR, fund_code VARCHAR, basis VARCHAR, comparison_base VARCHAR, direction INTEGER,"
    " subject_type VARCHAR, subject_code VARCHAR, class_name VARCHAR, section_name VARCHAR, item_name VARCHAR,"
    " function_code_text VARCHAR, item_level_marked BOOLEAN, economic_name VARCHAR, ratio VARCHAR, detail VARCHAR,"
    " project_name VARCHAR, part_name VARCHAR, form VARCHAR, scope VARCHAR, amount_column VARCHAR",
    "stated_part": "document_id VARCHAR, part_no INTEGER, source_ref VARCHAR, page_no INTEGER, sentence VARCHAR, fact VARCHAR,"
    " statement_code VARCHAR, fund_code VARCHAR, subject_code VARCHAR, part_name VARCHAR",
    "change_reason": "document_id VARCHAR, reason_no INTEGER, source_ref VARCHAR, page_no INTEGER, sentence VARCHAR,"
    " statement_code VARCHAR, fund_code VARCHAR, subject_type VARCHAR, subject_code VARCHAR, class_name VARCHAR,"
    " section_name VARCHAR, item_name VARCHAR, function_code_text VARCHAR, item_level_marked BOOLEAN, economic_name VARCHAR,"
    " compared_with VARCHAR, direction INTEGER, claim_no INTEGER, reason_text VARCHAR",
    "remark": "document_id VARCHAR, remark_no INTEGER, kind VARCHAR, code VARCHAR, paragraph_no INTEGER, source_ref VARCHAR,"
    " page_no INTEGER, section_path VARCHAR, text VARCHAR, named VARCHAR, claim_no INTEGER, sentence VARCHAR",
    "member_unit": "document_id VARCHAR, unit_no INTEGER, printed_text VARCHAR, unit_name VARCHAR, is_own BOOLEAN,"
    " is_separate BOOLEAN, note VARCHAR, source_ref VARCHAR, page_no INTEGER",
} | PERFORMANCE_TABLES
"""Each table's columns with their types."""


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """One document's rows: an Arrow stream per table that has rows, which is cheap to pass between processes."""

    document_id: str
    tables: dict[str, bytes]

    @property
    def byte_size(self) -> int:
        """The size of all streams in bytes."""
        return sum(map(len, self.tables.values()))


def pack_rows(extraction: Extraction, file_name: str) -> DocumentRows:
    """A document's rows, ready to be passed on and inserted.

    Raises DocumentError(VALUE_OUT_OF_RANGE) where a value does not fit its column.
    """
    tables = {
        name: _stream(name, rows) for name, rows in document_rows(extraction, file_name).items() if rows
    }
    return DocumentRows(extraction.document_id, tables)


def unpack_rows(name: str, documents: Iterable[DocumentRows]) -> pa.Table | None:
    """The rows of several documents for one table, in their order; None where there are none."""
    streams = [document.tables[name] for document in documents if name in document.tables]
    if not streams:
        return None
    return pa.concat_tables(pa.ipc.open_stream(stream).read_all() for stream in streams)


def with_values(stream: bytes, values: Mapping[str, Any]) -> bytes:
    """A table's stream with the same value in every row of some columns; columns that the table lacks are ignored."""
    table = pa.ipc.open_stream(stream).read_all()
    for place, field in enumerate(table.schema):
        if field.name in values:
            column = pa.array([values[field.name]] * table.num_rows, field.type)
            table = table.set_column(place, field, column)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _stream(name: str, rows: list[tuple[Any, ...]]) -> bytes:
    schema = pa.schema(
        [(field, _TYPES[kind]) for field, kind in (column.split() for column in TABLES[name].split(", "))]
    )
    columns = [
        _column(name, field, values) for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    return bytes(sink.getvalue())


def _column(table: str, field: pa.Field, values: tuple[Any, ...]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise DocumentError(
            Reason.VALUE_OUT_OF_RANGE, f"a value does not fit column {field.name} of raw.{table}: {error}"
        ) from error


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
