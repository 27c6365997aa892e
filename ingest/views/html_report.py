"""``mingzhang report``: what was read of one document and its findings, as one HTML file that needs no other file."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from ingest.extraction.extract import extract
from ingest.views import evidence
from ingest.views.evidence import Evidence
from ingest.views.explain import document_bytes, verdict
from ingest.views.inspect.cited import draw_cited
from ingest.views.query import named_document, records
from ingest.views.reread import Reread, reread

Names = dict[str, tuple[str, str]]
"""A code of the warehouse -> its name in Chinese and English."""
FAMILIES: Names = {
    "sum": ("表内加总", "Sums within a form"),
    "cross_form": ("表间一致", "Forms against each other"),
    "narrative_vs_table": ("文字与表", "Text against forms"),
    "narrative_repeat": ("文字前后", "Text against itself"),
    "share": ("占比", "Shares"),
    "change_rate": ("增减率", "Rates of change"),
    "variance_rate": ("预决算差异率", "Variance rates"),
    "execution_rate": ("执行率", "Execution rates"),
    "direction": ("增减方向", "Directions"),
    "weight": ("指标权重", "Weights"),
    "score": ("得分", "Scores"),
    "completion_rate": ("指标完成率", "Completion rates"),
    "unit": ("金额单位", "Units"),
    "year": ("年度", "Years"),
    "code_name": ("科目编码与名称", "Codes and names"),
    "item_list": ("文字列举", "Lists in the text"),
    "structure": ("结构与模板", "Structure and template"),
    "cross_document": ("文件之间", "Documents against each other"),
    "other": ("其他", "Other"),
}
COVERAGE: Names = {
    "extracted": ("已读取", "read"),
    "partial": ("部分读取", "read in part"),
    "empty_by_declaration": ("声明为空表", "declared empty"),
    "blank": ("空白", "blank"),
    "in_companion": ("见另一文件", "in another file"),
    "declared_but_missing": ("目录有而正文无", "announced, missing"),
    "not_declared": ("未列出", "not announced"),
}
SEVERITIES: Names = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "info": ("提示", "info"),
}
AUDIT_STATUS: Names = {
    "passed": ("通过", "passed"),
    "flagged": ("有问题", "flagged"),
    "held": ("扣留", "held"),
}
DOC_TYPES: Names = {
    "departmental_budget": ("部门预算", "departmental budget"),
    "final_accounts": ("部门决算", "final accounts"),
    "performance_report": ("绩效自评报告", "performance report"),
}
SIDES: Names = {"left": ("左", "left"), "right": ("右", "right")}
READERS: Names = {
    "pdfium": ("文字层", "text layer, pdfium"),
    "pdfplumber": ("文字层", "text layer, pdfplumber"),
    "ofd": ("文字层", "text layer, OFD"),
    "ocr": ("图像识别", "OCR"),
    "sheet": ("工作表", "sheet"),
}
_PICTURE_COLOURS = 64
COVERAGE_SQL = """
select
    coverage.document_id,
    coalesce(statement.name_zh, coverage.statement_code) as zh,
    coalesce(statement.name_en, coverage.statement_code) as en,
    coverage.status,
    coverage.rows,
    coverage.note_zh,
    coverage.note_en
from audit.extraction_coverage as coverage
left join marts.dim_statement as statement on coverage.statement_code = statement.statement_code
where coverage.status != 'not_declared' and list_contains($1, coverage.document_id)
order by coverage.document_id, statement.sort_order, coverage.statement_code
"""
"""What became of the forms of some documents, of which it takes the list of keys."""
_FAMILY_SQL = """
select
    identity.family,
    count(*) filter (where check_.status = 'pass') as passed,
    count(*) filter (where check_.status = 'fail') as failed,
    count(*) filter (where check_.status = 'waived') as waived,
    count(*) filter (where check_.status = 'not_evaluable') as not_evaluable
from audit.fct_identity_check as check_
inner join audit.identity as identity on check_.identity_id = identity.identity_id
where check_.document_id = ? and check_.status != 'not_applicable'
group by identity.family
order by failed desc, passed desc, identity.family
"""
_UNREAD_SQL = """
select page_no, figure, status, reason_code, excerpt
from audit.unread_figure
where document_id = ?
order by status desc, page_no, figure_no
"""
_READER_SQL = """
select reader, count(*) as pages, min(ocr_confidence) as least_sure
from audit.page_reading
where document_id = ?
group by reader
order by reader
"""


def write_report(warehouse: Path, document: str, output: Path, documents: Path | None = None) -> None:
    """Write the report of a document, named by its id, its file name or its own file, to ``output`` (HTML).

    Where its bytes are given, as the file itself or among ``documents``, what errors and warnings cite is read again
    and shown as printed. All text of documents is escaped, and the page loads nothing.

    Raises LookupError where the warehouse has no such document, or ``documents`` lacks its bytes; DocumentError or
    OSError where it cannot be read or the report cannot be written.
    """
    file = Path(document)
    data = file.read_bytes() if file.is_file() else None
    with duckdb.connect(str(warehouse), read_only=True) as con:
        head = named_document(con, document, warehouse)
        if data is None and documents:
            data = document_bytes(documents, head["sha256"], head["file_name"])
        key = head["document_id"]
        findings = evidence.of_document(con, key)
        context: dict[str, Any] = {
            "head": head,
            "coverage": records(con, COVERAGE_SQL, [key]),
            "families": records(con, _FAMILY_SQL, key),
            "prose": records(con, "select * from audit.narrative_coverage where document_id = ?", key),
            "readers": records(con, _READER_SQL, key),
            "unread": records(con, _UNREAD_SQL, key),
        }
    open_ones = [one for one in findings if not one.finding["accepted"]]
    led: dict[str, list[Evidence]] = {}
    for one in open_ones:
        if not one.finding["is_cause"]:
            led.setdefault(one.finding["cause_key"], []).append(one)
    shown_keys = {one.key for one in open_ones if one.finding["is_cause"]}
    causes = [
        one for one in open_ones if one.finding["is_cause"] or one.finding["cause_key"] not in shown_keys
    ]
    grave = [one for one in causes if one.finding["severity"] != "info" or one.key in led]
    context |= {
        "findings": grave,
        "following": led,
        "minor": [one for one in causes if one not in grave],
        "accepted": [one for one in findings if one.finding["accepted"]],
        "shown": _shown(data, head["media_type"], grave),
        "has_document": data is not None,
        "made_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(_template().render(context), encoding="utf-8")


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "FAMILIES": FAMILIES, "COVERAGE": COVERAGE, "SEVERITIES": SEVERITIES, "AUDIT_STATUS": AUDIT_STATUS,
        "DOC_TYPES": DOC_TYPES, "SIDES": SIDES, "READERS": READERS,
    }  # fmt: skip
    return environment.get_template("report.html")


def _shown(data: bytes | None, media_type: str, findings: list[Evidence]) -> dict[str, dict[str, Any]]:
    """Per finding: what reading again says, where it reads differently, and its picture as a data URI."""
    if data is None or not findings:
        return {}
    again: dict[str, list[Reread]] = {}
    for each in reread(data, media_type, (place for one in findings for place in one.places)):
        again.setdefault(each.source_ref, []).append(each)
    extraction = extract(data)
    shown = {}
    for one in findings:
        cited = dict.fromkeys(place.source_ref for place in one.places)
        rereads = [each for ref in cited for each in again.get(ref, [])]
        shown[one.key] = {
            "verdict": verdict(rereads) if rereads else None,
            "is_same": not any(each.is_same is False for each in rereads),
            "otherwise": [each for each in rereads if each.is_same is False],
            "picture": _data_uri(draw_cited(extraction.document, extraction.paragraphs, data, one.places)),
        }
    return shown


def _data_uri(picture: Image.Image | None) -> str | None:
    if picture is None:
        return None
    stream = io.BytesIO()
    picture.quantize(_PICTURE_COLOURS).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
