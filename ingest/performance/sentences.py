"""Indicators that a report lists in sentences (指标①：…，指标值：…，完成值：…), one in a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.document.paragraphs import Paragraph
from ingest.document.text import fold
from ingest.performance.levels import exact_level
from ingest.performance.model import IndicatorRow, Joined, PerformanceForm
from ingest.performance.words import bare_label, header_role
from ingest.registry import any_of

_BEGIN = re.compile(r"\s*+指标\s*+(?:[①-⑳]|[一二三四五六七八九十]{1,3}|\d{1,2})\s*+[:：、.．]\s*+(?=\S)")
_CLAUSE = re.compile(r"[^,，;；。]++[,，;；。]?+")
_LABELLED = re.compile(r"\s*+([^:：,，;；。]{2,20})[:：](.*)", re.DOTALL)
_WITH_FIGURE = re.compile(r"\s*+([^\d:：,，;；。]{2,16}?)\s*+(-?\d[\d.]{0,12}\s*+[%％]?)[,，;；。]?")
_SCORE = re.compile(rf"{any_of('performance.unit_score')}[为是:]?(\d{{1,3}}(?:\.\d{{1,4}})?)分")
_LONGEST_HEADING = 30
_ROLES = ("target", "actual", "completion", "weight", "score", "deviation", "basis")


def read_sentences(paragraphs: Iterable[Paragraph]) -> PerformanceForm | None:
    """The unit's indicators that paragraphs list, and its score, as one form; None where there are none.

    Where sentences give several scores it is not known which is the unit's. A level word that stands alone in a paragraph above them (``1.数量指标：``) is theirs.
    """
    levels: dict[str, str | None] = {"level1": None, "level2": None}
    rows: list[IndicatorRow] = []
    scores: dict[str, Joined] = {}
    for paragraph in paragraphs:
        for score in _SCORE.finditer(fold(paragraph.text)):
            scores.setdefault(score.group(1), Joined(score.group(1), paragraph.ref))
        begin = _BEGIN.match(paragraph.text)
        cells = _cells(paragraph.text[begin.end() :], paragraph.ref) if begin else {}
        if {"name", "target", "actual"} <= set(cells):
            rows.append(
                IndicatorRow(levels["level1"], levels["level2"], cells, paragraph.ref, paragraph.page_no)
            )
        elif len(paragraph.text) <= _LONGEST_HEADING:
            _read_heading(paragraph.text, levels)
    total_score = next(iter(scores.values())) if len(scores) == 1 else None
    if not rows and not total_score:
        return None
    ref = rows[0].source_ref if rows else total_score.ref if total_score else ""
    return PerformanceForm(
        form_no=0,
        statement_code="overall_performance",
        kind="self_evaluation",
        scope="unit",
        project_no=None,
        project_name=None,
        title=None,
        unit_text=None,
        source_ref=ref,
        page_no=rows[0].page_no if rows else None,
        indicators=rows,
        total_score=total_score,
        source="narrative",
    )


def _read_heading(text: str, levels: dict[str, str | None]) -> None:
    """Take the level word that a heading prints, alone or behind a colon."""
    for part in reversed(re.split(r"[:：]", text)):
        if one := exact_level(bare_label(part), "level1"):
            levels["level1"], levels["level2"] = one, None
        elif two := exact_level(bare_label(part), "level2"):
            levels["level2"] = two
        if exact_level(bare_label(part), "level1") or exact_level(bare_label(part), "level2"):
            return


def _cells(text: str, ref: str) -> dict[str, Joined]:
    """The cells of an indicator: its name up to the first label, then what follows each label up to the next one."""
    found: dict[str, str] = {"name": ""}
    role: str | None = "name"
    for clause in _CLAUSE.findall(text):
        if role == "deviation":
            found[role] += clause
            continue
        labelled, figure = _LABELLED.match(clause), _WITH_FIGURE.fullmatch(clause)
        if labelled:
            role = header_role(labelled.group(1), "indicator")
            if role in _ROLES and role not in found:
                found[role] = labelled.group(2)
            elif role != "deviation":
                role = None
        elif figure and (named := header_role(figure.group(1), "indicator")) in _ROLES:
            found.setdefault(str(named), figure.group(2))
            role = None
        elif role:
            found[role] += clause
    cells = {
        role: text.strip() if role == "deviation" else text.strip(" ,，;；。") for role, text in found.items()
    }
    return {role: Joined(text, ref) for role, text in cells.items() if fold(text)}
