"""Pages per second of several ways to read PDFs with text, against pdfplumber in the same process.

    python -m benchmarks.read_pdf PATHS [--rounds N]

PATHS are PDFs or folders of them. The ways are run in turn, file by file, and all files ``--rounds`` times (5); a round's
time is the processor time for all files. It prints each way's median over the rounds, its pages per second, and the
median over the rounds of pdfplumber's time divided by its own. The ways:

- ``pdfplumber``: pdfplumber's own ``extract_tables()`` and ``extract_text()`` on every page;
- ``fast``: our reader, by pdfium;
- ``reference``: our reader, every page by pdfplumber;
- ``all layers``: our reader and all that follows it: pages, tables, prose and forms;
- ``pdfminer text``, ``pdfium text``: text only, no tables; ``pymupdf``, ``camelot``: tables, where they are installed.

It also counts the pages by the reader that read them, with the reasons where that is not pdfium.
"""

from __future__ import annotations

import argparse
import gc
import io
import time
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import pdfminer.high_level
import pdfplumber
import pypdfium2 as pdfium

from ingest.extraction.extract import extract
from ingest.readers.pdf.reader import read_pdf

Way = Callable[[bytes], object]
BASE = "pdfplumber"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    files = [path.read_bytes() for path in _pdfs(arguments.paths)]
    if not files or arguments.rounds < 1:
        parser.error("there is nothing to measure")
    pages = _print_pages(files)
    rounds = [_round(files) for _ in range(arguments.rounds)]
    print(f"{'way':15}{'seconds':>9}{'pages/s':>9}{'times as fast as pdfplumber':>29}")
    for name in ways():
        seconds = median(one[name] for one in rounds)
        ratio = median(one[BASE] / one[name] for one in rounds)
        print(f"{name:15}{seconds:9.2f}{pages / seconds:9.1f}{ratio:29.2f}")


def ways() -> dict[str, Way]:
    """The ways that are measured, by name; libraries that are not installed are left out."""
    found: dict[str, Way] = {
        BASE: _pdfplumber,
        "fast": read_pdf,
        "reference": lambda data: read_pdf(data, is_fast=False),
        "all layers": extract,
        "pdfminer text": lambda data: pdfminer.high_level.extract_text(io.BytesIO(data)),
        "pdfium text": _pdfium_text,
    }
    if find_spec("pymupdf"):
        found["pymupdf"] = _pymupdf
    if find_spec("camelot"):
        found["camelot"] = _camelot
    return found


def _pdfs(paths: list[Path]) -> list[Path]:
    return sorted(pdf for path in paths for pdf in (path.rglob("*.pdf") if path.is_dir() else [path]))


def _print_pages(files: list[bytes]) -> int:
    """Print how many pages each reader read, which warms everything up, and return their number."""
    readers = Counter((page.reader, page.note) for data in files for page in read_pdf(data).pages)
    for (reader, note), count in readers.most_common():
        print(f"{count} pages by {reader}" + (f": {note}" if note else ""))
    return readers.total()


def _round(files: list[bytes]) -> dict[str, float]:
    """The seconds that every way takes for all files."""
    seconds = dict.fromkeys(ways(), 0.0)
    for data in files:
        for name, way in ways().items():
            gc.collect()  # what one way leaves behind is not the next one's work
            start = time.process_time()
            way(data)
            seconds[name] += time.process_time() - start
    return seconds


def _pdfplumber(data: bytes) -> None:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.extract_text()
            page.close()


def _pdfium_text(data: bytes) -> None:
    with pdfium.PdfDocument(data) as pdf:
        for page in pdf:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()


def _pymupdf(data: bytes) -> None:
    import pymupdf

    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        for page in pdf:
            page.get_text()
            for table in page.find_tables():
                table.extract()


def _camelot(data: bytes) -> None:
    import camelot

    camelot.read_pdf(io.BytesIO(data), pages="all", flavor="lattice")


if __name__ == "__main__":
    main()
