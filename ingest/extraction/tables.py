"""The tables of the raw schema, and a document's rows as they pass between processes and stay on the disk.

Nothing here reads documents: what only moves rows need not load what reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ingest.outcomes import DocumentError, Reason

FUNDING = ("initial", "adjusted", "executed", "weight", "rate", "score")
INDICATOR = (
    "name", "operator", "target", "target_unit", "basis", "prior", "weight", "rule", "evidence", "actual",
    "completion", "score", "deviation",
)  # fmt: skip
"""The parts of a performance form's row whose texts are columns, by the names that reading gives them."""
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
    " page_to INTEGER, is_continued BOOLEAN, has_total_row BOOLEAN, has_unread_rows BOOLEAN, row_count INTEGER, note VARCHAR, is_empty_declared BOOLEAN,"
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
    " project_name VARCHAR, part_name VARCHAR, form VARCHAR, scope VARCHAR, amount_column VARCHAR,"
    " budget_unit_name VARCHAR",
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
    "performance_form": "document_id VARCHAR, performance_no INTEGER, statement_code VARCHAR, kind VARCHAR, scope VARCHAR,"
    " project_no INTEGER, project_name VARCHAR, title VARCHAR, unit_text VARCHAR,"
    " total_weight_text VARCHAR, total_score_text VARCHAR, funding_count INTEGER, indicator_count INTEGER, problem VARCHAR, source VARCHAR, source_ref VARCHAR, page_no INTEGER",
    "performance_funding": "document_id VARCHAR, performance_no INTEGER, line_no INTEGER, fund_line VARCHAR, label VARCHAR,"
    " unit_text VARCHAR, "
    + "".join(f"{role}_text VARCHAR, " for role in FUNDING)
    + "source_ref VARCHAR, page_no INTEGER",
    "performance_indicator": "document_id VARCHAR, performance_no INTEGER, indicator_no INTEGER, level1_name VARCHAR,"
    " level2_name VARCHAR, "
    + "".join(f"{role}_text VARCHAR, " for role in INDICATOR)
    + "source_ref VARCHAR, page_no INTEGER",
}
"""Each table's columns with their types. A text of a performance form is null where the form has no such column or the cell is empty or lost."""


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """One document's rows: an Arrow stream per table that has rows, which is cheap to pass between processes."""

    document_id: str
    tables: dict[str, bytes]

    @property
    def byte_size(self) -> int:
        """The size of all streams in bytes."""
        return sum(map(len, self.tables.values()))


def packed(document_id: str, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> DocumentRows:
    """A document's rows by table, ready to be passed on and inserted.

    Raises DocumentError(VALUE_OUT_OF_RANGE) where a value does not fit its column.
    """
    return DocumentRows(document_id, {name: _stream(name, found) for name, found in rows.items() if found})


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


def _stream(name: str, rows: Sequence[tuple[Any, ...]]) -> bytes:
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
