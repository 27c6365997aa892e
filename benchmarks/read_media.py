"""How fast each file format (medium) is read, stage by stage: ``python -m benchmarks.read_media``.

The media take turns in every round. No document is read twice: each round and medium has its own sample documents
of the same kinds, so that no cache of one reading speeds up another. A page is a page of the same document as a PDF,
whatever the medium, to make the rates comparable.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from ingest.cover.cover import read_cover
from ingest.document.paragraphs import read_paragraphs
from ingest.extraction.extract import extract
from ingest.forms.declare import read_declarations
from ingest.forms.recognise import recognise_forms
from ingest.narrative.read import read_narrative
from ingest.outcomes import DocumentError, Reason
from ingest.performance import read_performance, read_sentences
from ingest.readers import read_document
from ingest.readers.media import detect_medium
from samples.documents import KINDS
from samples.media import MEDIA, render
from samples.prose.wordings import VOICES

KINDS_READ = ("national_final", "yuan_budget", "performance_report")
STAGES = ("detect", "read", "cover", "forms", "performance", "prose", "declared")
Clock = Callable[[], float]
T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """A document's bytes in one medium, and its number of pages as a PDF."""

    content: bytes
    pages: int


@dataclass
class Round:
    """What one round of a medium took: seconds by stage and pages read."""

    pages: int = 0
    documents: int = 0
    size: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def cpu_seconds() -> float:
    """Processor time of this process, its threads and the programs that it ran (a converter)."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def samples(medium: str, kinds: Iterable[str], seed: str) -> Iterator[Sample]:
    """A document of each kind, written in a medium; another seed gives other documents."""
    for number, kind in enumerate(kinds):
        voice = VOICES[number % len(VOICES)]
        disclosure = KINDS[kind](Random(seed), kind, voice)
        pages = render(disclosure, "pdf", Random(seed)).page_count
        if not pages:
            raise RuntimeError(f"the sample generator gives no number of pages for {kind}")
        yield Sample(render(disclosure, medium, Random(seed)).content, pages)


def read_in_stages(data: bytes, clock: Clock) -> tuple[dict[str, float], tuple[int, int, int]]:
    """Read a document as ``ingest.extraction.extract`` does, stage by stage: seconds of each, and how many forms, performance
    forms and figures of the prose were found. The stage ``read`` is without ``detect``, which it repeats."""
    seconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], T]) -> T:
        start = clock()
        result = work()
        seconds[stage] = clock() - start
        return result

    timed("detect", lambda: detect_medium(data))
    document = timed("read", lambda: read_document(data))
    seconds["read"] = max(0.0, seconds["read"] - seconds["detect"])
    cover = timed("cover", lambda: read_cover(document))
    forms = timed("forms", lambda: recognise_forms(document, cover.fiscal_year))
    performance = timed("performance", lambda: read_performance(document))
    start = clock()
    paragraphs = list(read_paragraphs(document))
    listed = read_sentences(paragraphs)
    claims = read_narrative(paragraphs, cover).claims
    seconds["prose"] = clock() - start
    timed("declared", lambda: read_declarations(document, paragraphs, forms))
    return seconds, (len(forms), len(performance) + bool(listed), len(claims))


def check_stages(sample: Sample, clock: Clock) -> None:
    """Raise RuntimeError where the stages find a different number of things than the build; also warms up."""
    read = extract(sample.content)
    expected = len(read.forms), len(read.performance), len(read.claims)
    _, found = read_in_stages(sample.content, clock)
    if found != expected:
        raise RuntimeError(f"the stages find {found}, the build {expected}: they have grown apart")


def read_round(medium: str, kinds: Iterable[str], seed: str, clock: Clock) -> Round:
    """Read new documents of a medium and add up what each stage took."""
    done = Round()
    for sample in samples(medium, kinds, seed):
        seconds, _ = read_in_stages(sample.content, clock)
        for stage, taken in seconds.items():
            done.seconds[stage] += taken
        done.pages += sample.pages
        done.documents += 1
        done.size += len(sample.content)
    return done


def measure(
    media: Iterable[str], kinds: list[str], rounds: int, most_seconds: float, clock: Clock
) -> tuple[dict[str, list[Round]], dict[str, DocumentError]]:
    """The rounds of each medium, in turn; a medium that has used ``most_seconds`` begins no further round.

    The second result is the media of which a document was refused, with the error; they are not read any further.
    """
    found: dict[str, list[Round]] = {medium: [] for medium in media}
    refused: dict[str, DocumentError] = {}
    for medium in found:
        try:
            check_stages(next(samples(medium, kinds[:1], f"warm/{medium}")), clock)
        except DocumentError as error:
            refused[medium] = error
    used: dict[str, float] = defaultdict(float)
    for number in range(rounds):
        order = list(found)[number % len(found) :] + list(found)[: number % len(found)]
        for medium in order:
            if medium in refused or used[medium] > most_seconds:
                continue
            start = time.perf_counter()
            try:
                found[medium].append(read_round(medium, kinds, f"{number}/{medium}", clock))
            except DocumentError as error:
                refused[medium] = error
            used[medium] += time.perf_counter() - start
    return {medium: done for medium, done in found.items() if done}, refused


def table(found: dict[str, list[Round]]) -> Table:
    """One row per medium: rates, and the median milliseconds per page of each stage."""
    grid = Table("medium", "rounds", "documents", "pages", "KB per page", "pages/s", "documents/s", *STAGES)
    for column in grid.columns[1:]:
        column.justify = "right"
    for medium, rounds in found.items():
        whole = [sum(each.seconds.values()) for each in rounds]
        pages = sum(each.pages for each in rounds)
        grid.add_row(
            medium,
            str(len(rounds)),
            str(sum(each.documents for each in rounds)),
            str(pages),
            f"{sum(each.size for each in rounds) / pages / 1000:.1f}",
            f"{median(each.pages / taken for each, taken in zip(rounds, whole, strict=True)):.1f}",
            f"{median(each.documents / taken for each, taken in zip(rounds, whole, strict=True)):.2f}",
            *(
                f"{median(1000 * each.seconds[stage] / each.pages for each in rounds):.2f}"
                for stage in STAGES
            ),
        )
    return grid


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; returns 1 where a medium is not read for any reason but a missing converter."""
    parser = argparse.ArgumentParser(
        description="Pages per second by file format (medium), and time by stage."
    )
    parser.add_argument("--media", nargs="+", choices=list(MEDIA), default=list(MEDIA))
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS_READ))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--most-seconds", type=float, default=60, help="limit for one medium, all rounds together"
    )
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu")
    chosen = parser.parse_args(arguments)
    clock = cpu_seconds if chosen.clock == "cpu" else time.perf_counter
    out = Console() if sys.stdout.isatty() else Console(width=180)
    found, refused = measure(chosen.media, chosen.kinds, chosen.rounds, chosen.most_seconds, clock)
    if found:
        grid = table(found)
        grid.title = f"one process, {chosen.clock} seconds; stages in milliseconds a page; medians of rounds"
        out.print(grid)
    for medium, error in refused.items():
        out.print(f"{medium}: a sample was refused, {error.reason}: {error}", style="red", markup=False)
    return int(any(error.reason is not Reason.CONVERTER_MISSING for error in refused.values()))


if __name__ == "__main__":
    sys.exit(main())
