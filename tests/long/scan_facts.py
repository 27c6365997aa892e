"""Checks that the scan of a sample document gives the same facts as its PDF.

    python -m tests.long.scan_facts [KIND ...] [--media scan tiff]

Writes each kind of sample document (without one: all) as a PDF and as scans, reads them through all layers, and compares
what feeds the marts of forms and performance forms. It prints the facts that the scan lacks because figures
were held back, and those that it has beyond or instead of the PDF's. It takes about 1.5 seconds of one core per page. Exit status 1 where a scan
lacks more than 5 in 100 facts of all, or loads one that the PDF does not print.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from random import Random
from typing import Any

from ingest.document.certainty import UNCERTAIN
from ingest.extraction.extract import extract
from samples.documents import KINDS
from samples.media import render
from tests.pipeline.test_media import rows_of

MEDIA = ("scan", "tiff")
_LEAST_READ = 0.95


def main() -> int:
    """Write, read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--media", nargs="*", choices=MEDIA, default=list(MEDIA))
    arguments = parser.parse_args()
    printed = lacking = beyond = 0
    for kind in arguments.kinds or KINDS:
        disclosure = KINDS[kind](Random(11), "sample", "itemised")
        expected = _facts(render(disclosure, "pdf", Random(3)).content)
        for medium in arguments.media:
            found = _facts(render(disclosure, medium, Random(3)).content)
            missing, extra = expected - found, found - expected
            wrong = Counter({row: count for row, count in extra.items() if UNCERTAIN not in row})
            print(
                f"{kind} {medium}: {expected.total()} facts, {missing.total()} lacking, {wrong.total()} beyond"
            )
            for sign, rows in (("-", missing), ("+", wrong)):
                for row in rows:
                    print(f"    {sign} {' '.join(str(value) for value in row if value is not None)}")
            sys.stdout.flush()
            printed, lacking = printed + expected.total(), lacking + missing.total()
            beyond += wrong.total()
    print(f"{printed} facts, {lacking} lacking, {beyond} beyond")
    return int(lacking > (1 - _LEAST_READ) * printed or beyond > 0)


def _facts(content: bytes) -> Counter[tuple[Any, ...]]:
    """The rows of forms, and of performance forms each value by itself: there a doubtful value is taken out alone."""
    rows = rows_of(extract(content))
    facts = Counter({("form_cell", *row): count for row, count in rows["form_cell"].items()})
    for table in ("performance_form", "performance_funding", "performance_indicator"):
        for row in rows[table]:
            values = [
                (place, value) for place, value in enumerate(row) if any(map(str.isalnum, str(value or "")))
            ]
            facts.update((table, *row[:2], place, value) for place, value in values)
    return facts


if __name__ == "__main__":
    sys.exit(main())
