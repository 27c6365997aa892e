"""The only writer of the raw schema: verbatim text, one transaction a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from ingest.config import EXTRACTOR_VERSION, STORAGE_VERSION
from ingest.extract import Extraction
from ingest.model import Cell, TextLine
from ingest.outcomes import Outcome
from ingest.performance.raw import TABLES as PERFORMANCE_TABLES
from ingest.performance.raw import performance_rows

_WORDS = ("measure", "fund", "basis", "source", "item", "balance", "economic")
_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
}
_TABLES: dict[str, str] = {
    "document": "document_id VARCHAR, file_name VARCHAR, sha256 VARCHAR, media_type VARCHAR, byte_size BIGINT, page_count INTEGER,"
    " extractor_version VARCHAR, title VARCHAR, doc_type VARCHAR, stage VARCHAR, fiscal_year INTEGER, unit_name VARCHAR,"
    " unit_kind VARCHAR, region_name VARCHAR",
    "form": "document_id VARCHAR, form_no INTEGER, statement_code VARCHAR, title VARCHAR, unit_text VARCHAR, page_from INTEGER,"
    " page_to INTEGER, is_continued BOOLEAN, has_total_row BOOLEAN, row_count INTEGER, note VARCHAR, is_empty_declared BOOLEAN,"
    " score INTEGER, runner_up VARCHAR",
    "form_cell": "document_id VARCHAR, form_no INTEGER, statement_code VARCHAR, row_no INTEGER, col_no INTEGER, side VARCHAR,"
    " row_kind VARCHAR, line_code VARCHAR, line_fund_code VARCHAR, code_text VARCHAR, label VARCHAR, measure_word VARCHAR,"
    " fund_word VARCHAR, basis_word VARCHAR, source_word VARCHAR, item_word VARCHAR, balance_word VARCHAR, economic_word VARCHAR,"
    " project_name VARCHAR, header_path VARCHAR,"
    " cell_text VARCHAR, source_ref VARCHAR, page_no INTEGER, problem VARCHAR",
    "cell": "document_id VARCHAR, source_ref VARCHAR, page_no INTEGER, line_no INTEGER, table_no INTEGER, row_no INTEGER,"
    " col_no INTEGER, text VARCHAR, x0 DOUBLE, top DOUBLE, x1 DOUBLE, bottom DOUBLE",
    "page": "document_id VARCHAR, page_no INTEGER, width DOUBLE, height DOUBLE, reader VARCHAR, note VARCHAR, confidence DOUBLE",
    "reading_confidence": "document_id VARCHAR, source_ref VARCHAR, confidence DOUBLE",
    "paragraph": "document_id VARCHAR, paragraph_no INTEGER, source_ref VARCHAR, page_no INTEGER, line_no INTEGER,"
    " section_path VARCHAR, is_heading BOOLEAN, text VARCHAR",
    "declaration": "document_id VARCHAR, statement_code VARCHAR, kind VARCHAR, text VARCHAR, source_ref VARCHAR",
    "claim": "document_id VARCHAR, claim_no INTEGER, paragraph_no INTEGER, source_ref VARCHAR, page_no INTEGER,"
    " section_no INTEGER, sentence VARCHAR, figure_text VARCHAR, unit_text VARCHAR, status VARCHAR, reason_code VARCHAR,"
    " fact VARCHAR, statement_code VARCHAR, fund_code VARCHAR, basis VARCHAR, comparison_base VARCHAR, direction INTEGER,"
    " subject_type VARCHAR, subject_code VARCHAR, class_name VARCHAR, section_name VARCHAR, item_name VARCHAR,"
    " function_code_text VARCHAR, item_level_marked BOOLEAN, economic_name VARCHAR, ratio VARCHAR, detail VARCHAR,"
    " project_name VARCHAR, part_name VARCHAR, form VARCHAR, scope VARCHAR, amount_column VARCHAR",
    "stated_part": "document_id VARCHAR, part_no INTEGER, source_ref VARCHAR, page_no INTEGER, sentence VARCHAR, fact VARCHAR,"
    " statement_code VARCHAR, fund_code VARCHAR, subject_code VARCHAR, part_name VARCHAR",
} | PERFORMANCE_TABLES
_RUN_TABLES = """
create table if not exists raw.outcome (
    run_id varchar, file_name varchar, sha256 varchar, document_id varchar, stage varchar, outcome varchar,
    reason_code varchar, message varchar, seconds double);
create table if not exists raw.quarantine (
    file_name varchar, sha256 varchar, reason_code varchar, message varchar, first_seen_at timestamp);
create table if not exists raw.load_run (
    run_id varchar, started_at timestamp, finished_at timestamp, extractor_version varchar,
    files_seen integer, documents_loaded integer, files_same_bytes integer, files_quarantined integer, files_left_out integer);
"""


class RawLoader:
    """Writes extractions and outcomes of one run into the raw schema of a build file.

    A document that is already there is replaced, so that loading twice is loading once. Use as a context
    manager; the run's totals are written when it ends.
    """

    def __init__(self, build_file: Path, run_id: str) -> None:
        build_file.parent.mkdir(parents=True, exist_ok=True)
        self._con = duckdb.connect()
        place = str(build_file).replace("'", "''")
        self._con.execute(f"attach '{place}' as build (storage_version '{STORAGE_VERSION}')")
        self._con.execute("use build")
        self._con.execute("create schema if not exists raw")
        for name, columns in _TABLES.items():
            self._con.execute(f"create table if not exists raw.{name} ({columns})")
        self._con.execute(_RUN_TABLES)
        self._run_id = run_id
        self._started_at = _now()
        present = self._con.execute("select document_id from raw.document").fetchall()
        self._present = {document_id for (document_id,) in present}
        self._loaded: set[str] = set()
        self._counts = {"loaded": 0, "same_bytes": 0, "quarantined": 0}
        self.files_left_out = 0

    def __enter__(self) -> RawLoader:
        return self

    def __exit__(self, *_: object) -> None:
        counts = self._counts
        self._con.execute(
            "insert into raw.load_run values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self._run_id,
                self._started_at,
                _now(),
                EXTRACTOR_VERSION,
                sum(counts.values()),
                counts["loaded"],
                counts["same_bytes"],
                counts["quarantined"],
                self.files_left_out,
            ],
        )
        self._con.execute("checkpoint build")
        self._con.close()

    def load(self, extraction: Extraction, outcome: Outcome) -> Outcome:
        """Write one document; the same bytes under another name are recorded and not written again."""
        if extraction.document_id in self._loaded:
            self._counts["same_bytes"] += 1
            same = Outcome(
                outcome.file_name,
                outcome.stage,
                "same_bytes",
                outcome.sha256,
                outcome.document_id,
                None,
                "the same bytes as a file already loaded",
                outcome.seconds,
            )
            self._record(same)
            return same
        self._loaded.add(extraction.document_id)
        self._con.execute("begin")
        try:
            for name, rows in _rows(extraction, outcome.file_name).items():
                if extraction.document_id in self._present:
                    self._con.execute(
                        f"delete from raw.{name} where document_id = ?", [extraction.document_id]
                    )
                self._insert(name, rows)
            self._con.execute("commit")
        except BaseException:
            self._con.execute("rollback")
            raise
        self._counts["loaded"] += 1
        self._record(outcome)
        return outcome

    def quarantine(self, outcome: Outcome) -> Outcome:
        """Record a file that could not be read."""
        self._counts["quarantined"] += 1
        self._con.execute(
            "insert into raw.quarantine values (?, ?, ?, ?, ?)",
            [outcome.file_name, outcome.sha256, outcome.reason_code, outcome.message, self._started_at],
        )
        self._record(outcome)
        return outcome

    def _record(self, outcome: Outcome) -> None:
        self._con.execute(
            "insert into raw.outcome values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self._run_id,
                outcome.file_name,
                outcome.sha256,
                outcome.document_id,
                outcome.stage,
                outcome.outcome,
                outcome.reason_code,
                outcome.message,
                outcome.seconds,
            ],
        )

    def _insert(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        fields = [column.split() for column in _TABLES[name].split(", ")]
        arrow = pa.table(
            {
                field: pa.array([row[at] for row in rows], _TYPES[kind])
                for at, (field, kind) in enumerate(fields)
            }
        )
        self._con.register("new_rows", arrow)
        self._con.execute(f"insert into raw.{name} select * from new_rows")
        self._con.unregister("new_rows")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _rows(extraction: Extraction, file_name: str) -> dict[str, list[tuple[Any, ...]]]:
    key, cover, document = extraction.document_id, extraction.cover, extraction.document
    rows: dict[str, list[tuple[Any, ...]]] = {
        "document": [
            (
                key,
                file_name,
                extraction.sha256,
                document.media_type,
                extraction.byte_size,
                document.page_count,
                EXTRACTOR_VERSION,
                cover.title,
                cover.doc_type,
                cover.stage,
                cover.fiscal_year,
                cover.unit_name,
                cover.unit_kind,
                cover.region_name,
            )
        ],
        "form": [
            (
                key,
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
                form.runner_up,
            )
            for form in extraction.forms
        ],
        "form_cell": [
            (
                key,
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
                cell.header_path,
                cell.cell_text,
                cell.source_ref,
                cell.page_no,
                cell.problem,
            )
            for form in extraction.forms
            for cell in form.cells
        ],
        "cell": [
            (
                key,
                cell.ref,
                table.page_no,
                cell.line_no,
                table_no,
                cell.row + 1,
                cell.col + 1,
                cell.text,
                *_box(cell),
            )
            for table_no, table in enumerate(document.tables(), start=1)
            for cell in table.cells
            if cell.text.strip()
        ],
        "page": [(key, *astuple(page)) for page in document.pages],
        "reading_confidence": [
            (key, ref, confidence) for ref, confidence in _reading_confidence(extraction).items()
        ],
        "paragraph": [
            (
                key,
                number,
                paragraph.ref,
                paragraph.page_no,
                paragraph.line_no,
                " > ".join(paragraph.section_path),
                paragraph.is_heading,
                paragraph.text,
            )
            for number, paragraph in enumerate(extraction.paragraphs, start=1)
        ],
        "declaration": [
            (key, each.statement_code, each.kind, each.text, each.source_ref)
            for each in extraction.declarations
        ],
        "claim": [(key, *astuple(claim)) for claim in extraction.claims],
        "stated_part": [(key, *astuple(part)) for part in extraction.stated_parts],
    }
    return rows | performance_rows(key, extraction.performance)


def _reading_confidence(extraction: Extraction) -> dict[str, float]:
    """How sure OCR was of each cell and sentence, by its place; empty for files that hold their text."""
    sure = {
        cell.ref: cell.confidence
        for table in extraction.document.tables()
        for cell in table.cells
        if cell.confidence is not None and cell.text.strip()
    }
    read = {claim.source_ref for claim in extraction.claims}
    read |= {part.source_ref for part in extraction.stated_parts}
    sentences = (sentence for paragraph in extraction.paragraphs for sentence in paragraph.sentences())
    return sure | {
        sentence.ref: sentence.confidence
        for sentence in sentences
        if sentence.confidence is not None and sentence.ref in read
    }


def _box(place: Cell | TextLine) -> tuple[float | None, float | None, float | None, float | None]:
    return place.box or (None, None, None, None)
