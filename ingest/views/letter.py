"""``mingzhang letter``: what is wrong with one disclosure, as a letter to the unit that published it, ready to send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ingest.views import evidence
from ingest.views.evidence import GRAVE, Evidence
from ingest.views.html_report import DOC_TYPES
from ingest.views.query import named_document

_OPENING = "    我们在阅读贵单位公开的{what}时，把表格与表格、表格与文字逐项核对，看到以下 {count} 处前后不一致，特此函告，烦请核实。"
_NOTHING = "    我们核对了贵单位公开的{what}，没有看到前后不一致之处。"
_CLOSING = (
    "    以上各处都只依据文件自身所印的数字和文字。如系我们理解有误，敬请指正；如确有差错，建议更正后重新公开，"
    "并说明更正之处。感谢贵单位公开预决算信息，方便公众了解。"
)
_SIGNED = (
    "    此致",
    "敬礼",
    "",
    "                                        （署名、联系方式）",
    "                                        （日期）",
)


def letter(warehouse: Path, document: str) -> str:
    """The letter on one document, named by its id, its file name or its own file, in Chinese plain text.

    It names errors and warnings that are not accepted, one for each cause. Raises LookupError where no document, or
    several, have that name; OSError or duckdb.Error where the warehouse cannot be read.
    """
    with duckdb.connect(str(warehouse), read_only=True) as con:
        head = named_document(con, document, warehouse)
        findings = [
            one
            for one in evidence.of_document(con, head["document_id"])
            if one.finding["is_cause"] and not one.finding["accepted"] and one.finding["severity"] in GRAVE
        ]
    return "\n".join(_lines(head, findings)) + "\n"


def _lines(head: dict[str, Any], findings: Sequence[Evidence]) -> Iterator[str]:
    what = f"《{head['title'] or head['file_name']}》"
    kind, _ = DOC_TYPES.get(head["doc_type"], ("", ""))
    if kind and kind not in what:
        what += f"（{head['fiscal_year']}年度{kind}）" if head["fiscal_year"] else f"（{kind}）"
    yield f"{head['unit_name'] or '有关单位'}："
    yield "    您好！"
    if not findings:
        yield _NOTHING.format(what=what)
    else:
        yield _OPENING.format(what=what, count=len(findings))
        yield ""
        for number, finding in enumerate(findings, start=1):
            yield from _told(number, finding)
        yield _CLOSING
    yield from _SIGNED


def _told(number: int, one: Evidence) -> Iterator[str]:
    """One finding: where, what, why it should hold, which figure is the likely one, and its number for an answer."""
    finding = one.finding
    place = f"第 {finding['page_no']} 页，" if finding["page_no"] else ""
    yield f"    {number}. {place}{finding['message_zh']}"
    yield f"       依据：{finding['basis_zh'].rstrip('。')}（{finding['basis_ref']}）。"
    suspect = next((each for each in one.places if each.source_ref == finding["suspect_ref"]), None)
    if suspect:
        yield f"       较可能有误的是：{' '.join(part for part in (suspect.row, suspect.printed) if part).rstrip('。')}。"
    yield f"       编号：{finding['finding_key'][:8]}（{finding['identity_id']}）。"
    yield ""
