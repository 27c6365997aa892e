"""CPU seconds of each layer from a file's bytes to its rows, and pages per second.

``python -m benchmarks.layers PATHS [--rounds 5] [--read-once]``

Every file at and below the paths goes through ``ingest.extraction.extract`` once per round, in this process, with each layer
timed where ``extract`` calls it. It prints one table per file format: for each layer the first round, in which the
registries are read and the patterns compiled, the median of the later rounds, its share of the whole, and the pages
per second at that median (documents per second where the format has no pages). Seconds are CPU seconds of the process,
all threads together, so that other work on the machine weighs little.

With ``--read-once`` a file is read in the first round only and the later rounds measure the layers after the reader.
Files that are not readable disclosures are listed with their code and left out of the figures. Ends with 1 if no file
was measured.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any
from unittest.mock import patch

import typer
from rich.console import Console
from rich.table import Table

from ingest.document.model import Document
from ingest.extraction import extract
from ingest.inbox.walk import find_files
from ingest.outcomes import DocumentError

READER = "read_document"
LAYERS = (
    READER,
    "read_cover",
    "recognise_forms",
    "read_performance",
    "read_paragraphs",
    "read_narrative",
    "read_declarations",
)
"""The functions that ``ingest.extraction.extract`` calls, in its order."""
WHOLE = "whole"


@dataclass
class Medium:
    """What was measured of one medium's files: how many they are, and {layer: seconds} for each round."""

    documents: int = 0
    pages: int = 0
    rounds: list[dict[str, float]] = field(default_factory=list)


def main(
    paths: list[Path],
    rounds: Annotated[
        int,
        typer.Option(min=2, help="How often every file is read; the first reading is reported separately."),
    ] = 5,
    read_once: Annotated[bool, typer.Option(help="Measure the reader in the first round only.")] = False,
) -> None:
    """CPU seconds of each layer from a file's bytes to its rows, and pages per second."""
    console = Console()
    try:
        files = {found.path: found.path.read_bytes() for found in find_files(paths) if not found.refusal}
    except FileNotFoundError as error:
        raise typer.BadParameter(str(error)) from error
    media = measure(files, rounds, read_once, console.print)
    for name, medium in sorted(media.items()):
        console.print(_table(name, medium))
    if not media:
        raise typer.Exit(1)


def measure(
    files: dict[Path, bytes], rounds: int, read_once: bool, report: Callable[[str], object]
) -> dict[str, Medium]:
    """{media type: what was measured}; calls ``report`` with each file that was left out, and the reason."""
    media: dict[str, Medium] = defaultdict(Medium)
    kept: dict[Path, Document] = {}
    left_out: set[Path] = set()
    for number in range(rounds):
        sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for path, data in files.items():
            if path in left_out:
                continue
            try:
                document, seconds = time_layers(data, kept.get(path))
            except DocumentError as error:
                report(f"{path.name}: left out, {error.reason}: {error}")
                left_out.add(path)
                continue
            for layer, spent in seconds.items():
                sums[document.media_type][layer] += spent
            if read_once:
                kept[path] = document
            if number == 0:
                media[document.media_type].documents += 1
                media[document.media_type].pages += document.page_count or 0
        for name, of_round in sums.items():
            media[name].rounds.append(of_round)
    return media


def time_layers(data: bytes, document: Document | None = None) -> tuple[Document, dict[str, float]]:
    """One file's Document and the CPU seconds of each layer and of the whole; a given Document is not read again.

    Raises DocumentError as ``extract`` does.
    """
    seconds: dict[str, float] = {}

    def timed(layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            started = time.process_time()
            result = function(*arguments)
            result = list(result) if isinstance(result, Iterator) else result
            seconds[layer] = time.process_time() - started
            return result

        return call

    with ExitStack() as stack:
        for layer in LAYERS:
            stack.enter_context(patch.object(extract, layer, timed(layer, getattr(extract, layer))))
        if document is not None:
            stack.enter_context(patch.object(extract, READER, lambda _: document))
        started = time.process_time()
        extraction = extract.extract(data)
        seconds[WHOLE] = time.process_time() - started
    return extraction.document, seconds


def _table(name: str, medium: Medium) -> Table:
    counted, count = ("pages", medium.pages) if medium.pages else ("documents", medium.documents)
    table = Table(title=f"{name}: {medium.documents} documents, {medium.pages} pages", title_justify="left")
    table.add_column("layer", no_wrap=True)
    for heading in ("first, s", "later, s", "share", f"{counted}/s"):
        table.add_column(heading, justify="right")
    first, *later = medium.rounds
    usual = {layer: median(seconds[layer] for seconds in later) for layer in later[0]}
    for layer in (*LAYERS, WHOLE):
        row = [layer, f"{first[layer]:.3f}"]
        if spent := usual.get(layer):
            row += [f"{spent:.3f}", f"{spent / usual[WHOLE]:.0%}", f"{count / spent:,.0f}"]
        table.add_row(*row)
    return table


if __name__ == "__main__":
    typer.run(main)
