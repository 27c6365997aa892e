"""Damages files in many ways and reads each of them in a process with limited time and memory.

    python -m tests.long.mutate_files [PATH ...] --count 400 --seed 1

takes the files at PATH and one sample document in every medium, shows the outcome of each damaged file, and counts
by outcome. A file may be loaded or quarantined with a code. Exit status 1 where a reader died, took more than
``--seconds`` or ``--megabytes``, or raised an unexpected error (EXTRACTION_FAILED); ``--keep`` saves those files.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import resource
import sys
import tempfile
import time
import warnings
from base64 import encodebytes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import openpyxl
import xlwt

from ingest.extraction.read import read_file
from ingest.inbox.sources import find_sources
from ingest.inbox.walk import find_files
from ingest.outcomes import Reason
from samples.documents import KINDS
from samples.media import MEDIA, render
from tests.long.mutations import MUTATIONS

_FORK = multiprocessing.get_context("fork")
_SUFFIXES = ("pdf", "docx", "doc", "xlsx", "xls", "html", "txt", "md", "zip", "png", "bin")
_MOST_NAMED = 3
"""How many outcomes of one archive's members are shown one by one."""
DIED, HUNG, SWOLLEN = "died", "took too long", "took too much memory"
_FAILURES = (DIED, HUNG, SWOLLEN, str(Reason.EXTRACTION_FAILED), str(Reason.MEMORY_EXCEEDED))


@dataclass(frozen=True)
class Result:
    """The result of one damaged file: outcomes with their counts, a message, the cost."""

    name: str
    outcomes: dict[str, int]
    message: str
    seconds: float
    megabytes: int

    @property
    def has_failed(self) -> bool:
        """Whether the readers are at fault, and not the file."""
        return any(outcome in _FAILURES for outcome in self.outcomes)


def main() -> int:
    """Break, read, show; returns the exit status."""
    options = _options()
    rng = Random(options.seed)
    bases = dict(_bases(options.paths))
    print(f"{len(bases)} files: {', '.join(bases)}", flush=True)
    results: list[Result] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for result in _read_all(_broken(bases, Path(folder), options.count, rng), options):
            results.append(result)
            _show(result)
            if result.has_failed and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / result.name).write_bytes((Path(folder) / result.name).read_bytes())
            (Path(folder) / result.name).unlink()
    print(f"\n{len(results)} broken files in {time.monotonic() - began:.0f} s, seed {options.seed}")
    for outcome, count in Counter(_main_outcome(result) for result in results).most_common():
        print(f"{count:6} {outcome}")
    slowest = max(results, key=lambda result: result.seconds)
    largest = max(results, key=lambda result: result.megabytes)
    print(
        f"slowest {slowest.seconds:.1f} s ({slowest.name}), largest {largest.megabytes} MiB ({largest.name})"
    )
    failed = [result for result in results if result.has_failed]
    print(f"{len(failed)} failures")
    for result in failed:
        _show(result)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    parser.add_argument("--count", type=int, default=400, help="number of damaged files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds",
        type=float,
        default=300,
        help="time limit per file; a scan of ten pages takes a minute",
    )
    parser.add_argument("--megabytes", type=int, default=2048, help="memory limit per file")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for the files on which the readers fail")
    return parser.parse_args()


def _bases(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The undamaged files: a sample in every medium, and those at the paths."""
    kinds = ("tabbed_budget", "performance_report")
    for number, medium in enumerate(MEDIA):
        kind = kinds[number % len(kinds)]
        rendered = render(KINDS[kind](Random(medium), medium), medium, Random(medium))
        yield f"{kind}_{medium}.{rendered.suffix}", rendered.content
        yield from _converted(medium, rendered.content)
    for found in find_files(paths):
        content = b"" if found.refusal else found.path.read_bytes()
        if content:
            yield found.path.name, content


def _converted(medium: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A sample in the formats of other programs: an old workbook, comma-separated values, a page saved as one file."""
    if medium == "html":
        head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        about = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        yield "page.mht", head + about + encodebytes(content) + b"\r\n--b--\r\n"
    elif medium == "xlsx":
        old, lines = xlwt.Workbook(), io.StringIO()
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            target = old.add_sheet(sheet.title[:31])
            for row in sheet.iter_rows():
                csv.writer(lines).writerow([cell.value for cell in row])
                for cell in row:
                    if cell.value is not None:
                        style = xlwt.easyxf(num_format_str=cell.number_format)
                        target.write(cell.row - 1, cell.column - 1, cell.value, style)
        written = io.BytesIO()
        old.save(written)
        yield "workbook.xls", written.getvalue()
        yield "values.csv", lines.getvalue().encode("gb18030")


def _broken(bases: dict[str, bytes], folder: Path, count: int, rng: Random) -> Iterator[Path]:
    """Write ``count`` broken files, the sound ones and the ways of breaking them taking turns."""
    others = list(bases.values())
    names = list(bases)
    made = turn = 0
    while made < count:
        if turn % len(names) == 0:
            rng.shuffle(names)
        base, mutation = names[turn % len(names)], MUTATIONS[turn % len(MUTATIONS)]
        turn += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = mutation(bases[base], rng, others)
        if content is None:
            continue
        made += 1
        stem = Path(base).stem.replace(" ", "_")[:40]
        suffix = rng.choice((Path(base).suffix[1:], rng.choice(_SUFFIXES)))
        path = folder / f"{made:04d}_{mutation.__name__}_{stem}.{suffix}"
        path.write_bytes(content)
        yield path


@dataclass(frozen=True)
class _Task:
    path: Path
    process: BaseProcess
    answers: Connection
    began: float


def _read_all(paths: Iterator[Path], options: argparse.Namespace) -> Iterator[Result]:
    """Read each file in its own process, ``jobs`` at a time; yields them in the order in which they end."""
    tasks: list[_Task] = []
    is_over = False
    while tasks or not is_over:
        while len(tasks) < options.jobs and not is_over:
            path = next(paths, None)
            if path is None:
                is_over = True
            else:
                tasks.append(_start(path, options.megabytes))
        wait([task.answers for task in tasks], timeout=0.5)
        for task in list(tasks):
            result = _result(task, options)
            if result:
                tasks.remove(task)
                yield result


def _start(path: Path, megabytes: int) -> _Task:
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_read, args=(path, theirs, megabytes), daemon=True)
    process.start()
    theirs.close()
    return _Task(path, process, ours, time.monotonic())


def _read(path: Path, answers: Connection, megabytes: int) -> None:
    """In a separate process: read a file and its members, and report."""
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    outcomes: Counter[str] = Counter()
    message = ""
    try:
        for source in find_sources([path]):
            outcome, _ = read_file(source)
            reason = str(outcome.reason_code or outcome.outcome)
            if not message or reason in _FAILURES:
                message = outcome.message or message
            outcomes[reason] += 1
    except MemoryError:
        outcomes[SWOLLEN] += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.send((dict(outcomes), message, peak))


def _result(task: _Task, options: argparse.Namespace) -> Result | None:
    seconds = time.monotonic() - task.began
    outcomes, message, megabytes = {HUNG: 1}, "", 0
    if task.answers.poll():
        try:
            outcomes, message, megabytes = task.answers.recv()
            if "MemoryError" in message:
                outcomes = {SWOLLEN: 1}
        except EOFError:
            task.process.join()
            outcomes, message = {DIED: 1}, f"exit status {task.process.exitcode}"
    elif seconds < options.seconds:
        return None
    task.process.kill()
    task.process.join()
    task.answers.close()
    return Result(task.path.name, outcomes, message, seconds, megabytes)


def _main_outcome(result: Result) -> str:
    return (
        next(iter(result.outcomes)) if len(result.outcomes) == 1 else "an archive's members, several outcomes"
    )


def _show(result: Result) -> None:
    counted = Counter(result.outcomes).most_common(_MOST_NAMED)
    outcomes = ", ".join(f"{outcome} x{count}" if count > 1 else outcome for outcome, count in counted)
    message = result.message.replace(result.name, "", 1).lstrip(": ").replace("\n", " ")[:110]
    print(f"{result.name}: {outcomes} ({result.seconds:.1f} s, {result.megabytes} MiB) {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
