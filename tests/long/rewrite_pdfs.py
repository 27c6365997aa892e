"""Measures how much is read of PDFs that another program has written again, or whose rules are taken away.

    python -m tests.long.rewrite_pdfs [PDF ...] [--only NAME ...] [--misses N]

Each PDF is written by cairo, Ghostscript, mutool and qpdf where they are installed and, where pikepdf is (`pip install pikepdf`),
without its vertical rules and without all rules. The figures of the forms of each, with their row and their head, are compared
with those of the PDF itself; by default sample documents are taken. Prints for each way how many figures are read, and how
many are read that are not in it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from samples.documents import KINDS
from samples.pdf import render_pdf
from samples.prose.wordings import VOICES
from tests.long.read_producers import CHOSEN, REWRITERS, Figure, figures_of, rewritten

_PAINTS = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"})
_STROKES = frozenset({"S", "s"})
_BUILDS = frozenset({"m", "l", "c", "v", "y", "h", "re"})
_CLIPS = frozenset({"W", "W*"})
_AREA = 12.0
"""Points; a fill that is wider and higher is an area and not a rule."""
Step = tuple[Any, str]
"""The operands and the operator of a step of a page's content."""


def main() -> None:
    """Write, read and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--misses", type=int, default=0)
    arguments = parser.parse_args()
    totals: dict[str, tuple[Counter[Figure], Counter[Figure]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = arguments.files or _samples(Path(folder))
        _measure(files, arguments.only, arguments.misses, totals)
    print(f"\n{'way':24}{'figures':>9}{'read':>9}{'wrong':>9}")
    for name, (expected, found) in totals.items():
        share = (expected & found).total() / max(1, expected.total())
        print(f"{name:24}{expected.total():9}{share:9.1%}{(found - expected).total():9}")


def _samples(folder: Path) -> list[Path]:
    """Sample documents, written into a folder."""
    files = []
    for kind in CHOSEN:
        document = KINDS[kind](Random("rewritten"), kind, VOICES[0]).document
        files.append(folder / f"{kind}.pdf")
        files[-1].write_bytes(render_pdf(document)[0])
    return files


def _measure(
    files: list[Path],
    only: list[str],
    misses: int,
    totals: dict[str, tuple[Counter[Figure], Counter[Figure]]],
) -> None:
    """Write and read each file in each way, print what is read, and add it to the totals of the ways."""
    for path in files:
        expected = figures_of(path.read_bytes())
        print(f"{path.name}: {expected.total()} figures", flush=True)
        for name, data in variants(path, only):
            both = totals.setdefault(name, (Counter(), Counter()))
            found = figures_of(data)
            both[0].update(expected)
            both[1].update(found)
            wrong = found - expected
            print(f"    {name:24}{(expected & found).total():7} read{wrong.total():6} wrong", flush=True)
            for mark, some in (("-", expected - found), ("+", wrong)):
                for figure in sorted(some)[:misses]:
                    print("       ", mark, *figure)


def variants(path: Path, only: list[str]) -> Iterator[tuple[str, bytes]]:
    """The PDF as each program writes it, and without rules; of the ways those named in ``only``, or all."""
    for name in REWRITERS:
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                again = rewritten(name, path, Path(folder))
            except subprocess.CalledProcessError as error:
                print(f"    {name}: {error}")
                continue
        if again is not None:
            yield name, again
    ways = {"without vertical rules": _horizontal, "without rules": _nothing}
    for name, kept in ways.items():
        if (not only or name in only) and find_spec("pikepdf"):
            yield name, _stripped(path, kept)


def _stripped(path: Path, kept: Callable[[list[list[Step]], str], list[list[Step]]]) -> bytes:
    """The PDF with the shapes that ``kept`` keeps of each painted path."""
    pikepdf = import_module("pikepdf")
    done: set[Any] = set()

    def content(source: Any) -> bytes:
        steps: list[Step] = [
            (list(operands), str(operator)) for operands, operator in pikepdf.parse_content_stream(source)
        ]
        written = [(operands, pikepdf.Operator(operator)) for operands, operator in _without(steps, kept)]
        return bytes(pikepdf.unparse_content_stream(written))

    def open_forms(resources: Any) -> None:
        for form in (resources.get("/XObject") or {}).values():
            if form.get("/Subtype") == "/Form" and form.objgen not in done:
                done.add(form.objgen)
                form.write(content(form))
                open_forms(form.get("/Resources") or {})

    with tempfile.TemporaryDirectory() as folder, pikepdf.open(path) as pdf:
        for page in pdf.pages:
            page.Contents = pdf.make_stream(content(page))
            open_forms(page.get("/Resources") or {})
        pdf.save(Path(folder) / "stripped.pdf")
        return (Path(folder) / "stripped.pdf").read_bytes()


def _without(steps: list[Step], kept: Callable[[list[list[Step]], str], list[list[Step]]]) -> Iterator[Step]:
    """The steps of a content with what is kept of its painted paths; what clips stays."""
    shapes: list[list[Step]] = []
    clips: list[Step] = []
    for step in steps:
        operator = step[1]
        if operator in _BUILDS:
            if operator in ("m", "re") or not shapes:
                shapes.append([])
            shapes[-1].append(step)
        elif operator in _CLIPS:
            clips.append(step)
        elif operator in _PAINTS or operator == "n":
            left = shapes if clips or operator == "n" else kept(shapes, operator)
            yield from (each for shape in left for each in shape)
            yield from clips
            if left:
                yield step if operator == "n" or not clips else ([], "n")
            shapes, clips = [], []
        else:
            yield step


def _horizontal(shapes: list[list[Step]], operator: str) -> list[list[Step]]:
    """The shapes that are wider than high, and areas."""
    found = []
    for shape in shapes:
        across, down = _extent(shape)
        is_area = operator not in _STROKES and min(across, down) > _AREA
        if across >= down or is_area:
            found.append(shape)
    return found


def _nothing(_shapes: list[list[Step]], _operator: str) -> list[list[Step]]:
    return []


def _extent(shape: list[Step]) -> tuple[float, float]:
    xs: list[float] = []
    ys: list[float] = []
    for operands, operator in shape:
        values = [float(operand) for operand in operands]
        if operator == "re":
            xs += [values[0], values[0] + values[2]]
            ys += [values[1], values[1] + values[3]]
        else:
            xs += values[0::2]
            ys += values[1::2]
    return max(xs, default=0.0) - min(xs, default=0.0), max(ys, default=0.0) - min(ys, default=0.0)


if __name__ == "__main__":
    main()
