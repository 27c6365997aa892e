"""Measures how well scans are read, by comparison with the text of the scanned PDFs.

    python -m tests.long.scan_samples [PDF ...] [--pages N ...] [--scanners NAME ...]

Scans each PDF (without one: three sample documents) in several ways, reads the scan by OCR and the PDF by its text, and
compares every figure of every cell and line. Prints, for each way of scanning and for several thresholds, how many
figures are loaded, how many of those are wrong, and how many right ones are held. Exit status 1 where a wrong figure is
loaded, or less than 95% of the figures are.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pypdfium2 as pdfium

from ingest.document.certainty import LEAST_CONFIDENCE
from ingest.document.model import Document, Table
from ingest.document.text import fold
from ingest.readers import read_document
from ingest.readers.scan.ocr import FIGURE
from samples.documents import KINDS
from samples.media import render
from samples.scan import Scanner, scan_pages, write_scan

SCANNERS = {
    "200 dpi": Scanner(),
    "300 dpi": Scanner(dpi=300, skew=1.0),
    "150 dpi": Scanner(dpi=150, skew=1.0),
    "200 dpi, noisy": Scanner(skew=1.0, noise=16, quality=50),
    "150 dpi, noisy": Scanner(dpi=150, skew=1.0, noise=12, quality=60),
    "120 dpi": Scanner(dpi=120, skew=1.0, noise=8),
    "100 dpi": Scanner(dpi=100, skew=1.0, noise=8, quality=60),
    "80 dpi": Scanner(dpi=80, skew=1.0, noise=8, quality=50),
    "65 dpi": Scanner(dpi=65, skew=1.0, noise=8, quality=40),
    "200 dpi, on its side": Scanner(turns=1),
    "200 dpi, on its head": Scanner(turns=2),
}
HARD = ("120 dpi", "100 dpi", "80 dpi", "65 dpi")
"""Poorer than any real scan: they show the effect of the thresholds, and figures may be missing there."""
THRESHOLDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
KINDS_SCANNED = ("national_final", "yuan_budget", "performance_report")
LEAST_LOADED = 0.95


@dataclass(frozen=True)
class Figure:
    """One printed figure or row of figures: what is printed, what OCR read in its place, and its confidence."""

    place: str
    printed: str
    read: str | None
    confidence: float


def compare(printed: Document, scanned: Document) -> Iterator[Figure]:
    """The figures of a PDF's text beside those of its scan; None where the scan has no such cell or line."""
    for page_no in range(1, (printed.page_count or 0) + 1):
        tables = [[t for t in each.tables() if t.page_no == page_no] for each in (printed, scanned)]
        for number, table in enumerate(tables[0]):
            other = tables[1][number] if number < len(tables[1]) else None
            yield from _cells(table, other)
        read = [
            (fold(line.text), line.confidence or 0.0) for line in scanned.lines() if line.page_no == page_no
        ]
        for line in printed.lines():
            text = fold(line.text)
            if line.page_no == page_no and FIGURE.search(text):
                yield _line(text, read, line.ref)


def _cells(table: Table, other: Table | None) -> Iterator[Figure]:
    if other and (other.row_count, other.col_count) != (table.row_count, table.col_count):
        other = None
    for cell in table.cells:
        text = fold(cell.text)
        if any(char.isdigit() for char in text):
            seen = other.grid[cell.row][cell.col] if other else None
            confidence = (seen.confidence or 0.0) if seen else 0.0
            yield Figure(cell.ref, text, fold(seen.text) if seen else None, confidence)


def _line(text: str, read: list[tuple[str, float]], ref: str) -> Figure:
    """A line's figures beside those of the next line with the same words, which is then used up."""
    words = FIGURE.sub("#", text)
    same = next((each for each in read if FIGURE.sub("#", each[0]) == words), None)
    figures = " ".join(FIGURE.findall(text))
    if same is None:
        return Figure(ref, figures, None, 0.0)
    read.remove(same)
    return Figure(ref, figures, " ".join(FIGURE.findall(same[0])), same[1])


def _samples() -> Iterator[tuple[str, bytes]]:
    for kind in KINDS_SCANNED:
        rng = Random(f"scan/{kind}")
        yield kind, render(KINDS[kind](rng, kind, "itemised"), "pdf", rng).content


def _chosen(pdf: bytes, pages: list[int]) -> bytes:
    written = io.BytesIO()
    with pdfium.PdfDocument(pdf) as source, pdfium.PdfDocument.new() as chosen:
        chosen.import_pages(source, [page - 1 for page in pages if page <= len(source)])
        chosen.save(written)
    return written.getvalue()


def main() -> int:
    """Scan, read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pdf", nargs="*", type=Path)
    parser.add_argument("--pages", nargs="*", type=int, help="only these pages of each PDF")
    parser.add_argument("--scanners", nargs="*", choices=list(SCANNERS), default=list(SCANNERS))
    arguments = parser.parse_args()
    documents = [(path.name, path.read_bytes()) for path in arguments.pdf] or list(_samples())
    if arguments.pages:
        documents = [(name, _chosen(data, arguments.pages)) for name, data in documents]
    by_scanner: dict[str, list[Figure]] = {}
    for scanner_name in arguments.scanners:
        figures: list[Figure] = []
        scanner, cpu, pages = SCANNERS[scanner_name], 0.0, 0
        for name, data in documents:
            scan = write_scan(scan_pages(data, Random(name), scanner), "pdf", scanner)
            started = time.process_time()
            scanned = read_document(scan)
            cpu += time.process_time() - started
            pages += scanned.page_count or 0
            figures.extend(compare(read_document(data), scanned))
        by_scanner[scanner_name] = figures
        print(f"{scanner_name}: {pages} pages, {cpu / pages:.2f} s of one core a page; {_summary(figures)}")
        for figure in figures:
            if figure.read not in (None, figure.printed):
                print(
                    f"    {figure.place} printed {figure.printed!r} read {figure.read!r} {figure.confidence:.3f}"
                )
        sys.stdout.flush()
    print("\nthreshold  loaded  wrong among them  right ones held")
    everything = [figure for figures in by_scanner.values() for figure in figures if figure.read is not None]
    for threshold in THRESHOLDS:
        loaded = [figure for figure in everything if figure.confidence >= threshold]
        wrong = sum(figure.read != figure.printed for figure in loaded)
        held = sum(figure.read == figure.printed for figure in everything) - (len(loaded) - wrong)
        print(f"{threshold:9.2f} {len(loaded):7} {wrong:17} {held:16}")
    return int(any(_fails(name, figures) for name, figures in by_scanner.items()))


def _summary(figures: list[Figure]) -> str:
    loaded = [figure for figure in figures if figure.confidence >= LEAST_CONFIDENCE]
    wrong = sum(figure.read != figure.printed for figure in loaded)
    missing = sum(figure.read is None for figure in figures)
    return f"{len(figures)} figures, {len(loaded)} loaded, {wrong} of them wrong, {missing} without their cell or line"


def _fails(name: str, figures: list[Figure]) -> bool:
    loaded = [figure for figure in figures if figure.confidence >= LEAST_CONFIDENCE]
    is_short = len(loaded) < LEAST_LOADED * len(figures) and name not in HARD
    return is_short or any(figure.read != figure.printed for figure in loaded)


if __name__ == "__main__":
    sys.exit(main())
