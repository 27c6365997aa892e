"""Writes sample files and says what is in them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from samples.documents import KINDS
from samples.media import render
from samples.parts import Disclosure
from samples.place_documents import PLACES
from samples.prose.wordings import VOICES

# Kinds in the order in which samples are made, each with its medium and the voice of its prose in the first round;
# each further round takes the next voice.
ROUND: tuple[tuple[str, str, str], ...] = (
    ("national_final", "pdf", "itemised"),
    ("split_code_final", "pdf", "executed"),
    ("yuan_budget", "pdf", "rated"),
    ("tabbed_budget", "utf-8", "itemised"),
    ("cell_line_final", "utf-8", "rated"),
    ("unfilled_template", "pdf", "itemised"),
    ("tabbed_budget", "utf-16", "compact"),
    ("cell_line_final", "gb18030", "compact"),
    ("performance_report", "utf-8", "itemised"),
    ("performance_report", "pdf", "compact"),
    ("national_final", "html", "executed"),
    ("performance_report", "html", "executed"),
)


UNCRITICAL = (
    "extraction_coverage",
    "fct_reported_ratio",
)  # tables whose lines the answer keys do not mark critical


@dataclass(frozen=True)
class TruthLine:
    """One line of an answer key: which row, and which values it must have."""

    table: str
    where: dict[str, Any]
    expect: dict[str, Any]
    quote: str
    critical: bool


@dataclass(frozen=True)
class SampleTruth:
    """A written sample with everything that it says."""

    file_name: str
    kind: str
    document_id: str
    lines: tuple[TruthLine, ...]


def write_samples(directory: Path, seed: int = 7, count: int = len(ROUND)) -> list[SampleTruth]:
    """Write `count` samples, the kinds taking turns; the same seed and number always give the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    truths = []
    for number in range(count):
        kind, medium, first_voice = ROUND[number % len(ROUND)]
        voice = VOICES[(VOICES.index(first_voice) + number // len(ROUND)) % len(VOICES)]
        rng = Random(f"{seed}/{number}")
        disclosure = KINDS[kind](rng, f"{number + 1:05d}_{kind}", voice)
        rendered = render(disclosure, medium, rng)
        file_name = f"{disclosure.document.stem}.{rendered.suffix}"
        (directory / file_name).write_bytes(rendered.content)
        truths.append(_truth(disclosure, file_name, rendered.content, rendered.page_count))
    return truths


def write_places(directory: Path, seed: int = 7) -> list[SampleTruth]:
    """Write one web page in the layout and wording of each of several places."""
    directory.mkdir(parents=True, exist_ok=True)
    truths = []
    for number, (kind, make) in enumerate(PLACES.items(), start=1):
        rng = Random(f"{seed}/{kind}")
        disclosure = make(rng, f"place_{number}_{kind}")
        rendered = render(disclosure, "html", rng)
        file_name = f"{disclosure.document.stem}.{rendered.suffix}"
        (directory / file_name).write_bytes(rendered.content)
        truths.append(_truth(disclosure, file_name, rendered.content, rendered.page_count))
    return truths


def write_truths(truths: list[SampleTruth], directory: Path) -> None:
    """Write truths as answer keys: one `.facts.jsonl` per sample and an `index.json`."""
    directory.mkdir(parents=True, exist_ok=True)
    index = {}
    for truth in truths:
        name = Path(truth.file_name).stem
        index[name] = truth.file_name
        lines = (json.dumps(asdict(line), ensure_ascii=False) for line in truth.lines)
        (directory / f"{name}.facts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (directory / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")


def _truth(disclosure: Disclosure, file_name: str, content: bytes, page_count: int | None) -> SampleTruth:
    lines = []
    for fact, quote in disclosure.document.all_facts():
        expect = dict(fact.expect)
        if fact.table == "dim_document" and page_count is not None:
            expect["page_count"] = page_count
        lines.append(TruthLine(fact.table, fact.where, expect, quote[:80], fact.table not in UNCRITICAL))
    document_id = hashlib.sha256(content).hexdigest()[:16]
    return SampleTruth(file_name, disclosure.document.kind, document_id, tuple(lines))
