"""Checks with growing inputs that the time to read a document is linear in its size, whatever its shape.

`python -m tests.long.grow_inputs [--size 60000] [--only digits]`. Each shape is read at one, two and four times the size
(characters, about), each in its own process; it prints the processor seconds. Exit status 1 where
four times as much takes more than seven times as long, or a reading takes more than ``--seconds``.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from docx import Document as Word
from openpyxl import Workbook

from ingest.extraction.extract import extract
from ingest.outcomes import DocumentError

_TITLE = "某某市财政局2024年部门预算\n\n"
_FORM = "部门支出总表\n单位：万元\n"
_MOST_GROWTH = 7.0
_QUICK = 0.4
"""Seconds below which growth is not judged: starting a process costs as much."""
Shape = Callable[[int], bytes]


def text(part: str, before: str = "", after: str = "") -> Shape:
    """A text that repeats a part below a title."""
    return lambda size: (_TITLE + before + part * (size // len(part)) + after).encode()


def page(part: str, before: str = "", after: str = "") -> Shape:
    """A web page that repeats a part below a title."""
    start = f"<html><body><h1>{_TITLE.strip()}</h1>{before}"
    return lambda size: (start + part * (size // len(part)) + after + "</body></html>").encode()


def numbered(part: str, before: str, after: str = "") -> Shape:
    """A text that repeats a part with a number that differs each time."""
    return lambda size: (
        before + "".join(part.format(n=number) for number in range(size // len(part))) + after
    ).encode()


def _workbook(size: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表1")
    for row in (
        ["部门支出总表"],
        ["科目编码", "科目名称", "合计"],
        *([["2010101", "行政运行", 1.5]] * (size // 30)),
    ):
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _word(part: str) -> Shape:
    def make(size: int) -> bytes:
        word = Word()
        word.add_paragraph(_TITLE.strip())
        for _ in range(size // len(part)):
            word.add_paragraph(part)
        written = io.BytesIO()
        word.save(written)
        return written.getvalue()

    return make


SHAPES: dict[str, Shape] = {
    "digits": text("1"),
    "one character": text("甲"),
    "spaces": text(" ", after="甲"),
    "brackets": text("("),
    "quotes": text('"'),
    "filler words": text("总计", "2024年收入预算", "甲"),
    "list markers": text("1、"),
    "figures": text("12.34万元", "收入预算"),
    "figures in clauses": text("支出12.34万元，"),
    "figures in brackets": text("(含12.34万元)", "收入预算总计"),
    "remarks in brackets": text("收入(不含甲)"),
    "marked names": text("一般公共服务支出(类)行政运行(项)"),
    "names in a list": text("行政运行、"),
    "quoted names": text('"行政运行"项'),
    "sentences of a paragraph": text("2024年本部门收入预算12.34万元，比上年增加1.2万元。"),
    "lines of a paragraph": text("2024年本部门收入预算12.34万元，比上年增加\n", after="。"),
    "lines of a paragraph without clauses": text("本部门主要承担全市各项工作的组织和协调职能以及管理\n"),
    "paragraphs": text("2024年本部门收入预算12.34万元。\n\n"),
    "headings": text("一、部门收支总体情况说明\n\n"),
    "headings of all levels": text("一、收支情况\n(一)收入情况\n1、说明\n(1)内容\n"),
    "titles of forms": text("部门支出总表\n"),
    "titles that differ": numbered("某某{n}局2024年部门预算\n", _TITLE),
    "names of units": numbered("编制单位：某某{n}中心\n", _TITLE),
    "empty forms": text("政府性基金预算支出表为空表。"),
    "rows": text("2010101\t行政运行\t1,234.50\n", _FORM + "科目编码\t科目名称\t合计\n"),
    "rows that differ": numbered("{n}局\t甲{n}\t{n}.50\n", _TITLE + _FORM + "单位名称\t项目名称\t合计\n"),
    "columns": text("\t1,234.50", _FORM + "2010101\t行政运行"),
    "tables": text("2010101\t行政运行\t1,234.50\n\n\n甲乙丙丁。\n", _FORM),
    "forms": text("\n".join((_FORM + "科目编码\t科目名称\t合计", "2010101\t行政运行\t1,234.50", "\n甲乙丙丁。\n"))),
    "notes": text("甲乙丙丁\n", _FORM + "科目编码\t科目名称\t合计\n2010101\t行政运行\t1.50\n注：\n"),
    "pipes": text("|"),
    "dashes": text("-"),
    "rules": text("---|---\n"),
    "a CSV's rows": numbered("2010101,行政运行,{n}.5\n", "科目编码,科目名称,合计\n"),
    "a CSV's columns": numbered(",预算数{n}", "科目编码", "\n2010101,行政运行,1.5\n" * 3),
    "elements": page("<p>2024年本部门收入预算12.34万元。</p>"),
    "nested elements": page("<div>"),
    "elements that nothing ends": page("<p>甲<b>乙<td>"),
    "attributes": page(" a=1", "<p", ">甲</p>"),
    "attributes that differ": numbered(" a{n}=1", "<html><body><p", ">甲</p></body></html>"),
    "comments": page("<!-- -->"),
    "comments that nothing ends": page("<!--"),
    "nested tables": page("<table><tr><td>"),
    "tables of a page": page("<table><tr><td>科目</td><td>合计</td></tr></table>"),
    "rows of a page": page("<tr><td>2010101</td><td>行政运行</td><td>1.50</td></tr>", "<table>", "</table>"),
    "spans of a page": page("<tr><td rowspan=9 colspan=9>1.50</td><td>甲</td></tr>", "<table>", "</table>"),
    "line breaks of a page": page("甲乙<br>", "<p>", "</p>"),
    "comments before a page": lambda size: (b"<!-- -->" * (size // 8) + b"<p>x"),
    "a workbook": _workbook,
    "paragraphs of Word": _word("2024年本部门收入预算12.34万元，比上年增加"),
}  # fmt: skip


def _read(data: bytes, told: Connection) -> None:
    began, why = time.process_time(), "read"
    try:
        extract(data)
    except DocumentError as error:
        why = error.reason.value
    told.send((time.process_time() - began, why))


def seconds(data: bytes, most: float) -> tuple[float, str]:
    """The processor seconds of reading a document in its own process, and how it ends."""
    context = multiprocessing.get_context("fork")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(data, tells))
    process.start()
    tells.close()
    try:
        return hears.recv() if hears.poll(4 * most) else (most, "not over")
    except EOFError:
        return most, f"killed ({process.exitcode})"
    finally:
        process.kill()
        process.join()


def main() -> int:
    """Command line: read each shape at three sizes, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.grow_inputs", description=__doc__)
    parser.add_argument("--size", type=int, default=60_000, help="characters of the smallest document")
    parser.add_argument("--seconds", type=float, default=30.0, help="limit of processor seconds per document")
    parser.add_argument("--only", default="", help="only shapes whose name contains this")
    given = parser.parse_args()
    failed = 0
    for name, make in SHAPES.items():
        if given.only not in name:
            continue
        took, ends = list[float](), dict[str, None]()
        for times in (1, 2, 4):
            second, end = seconds(make(times * given.size), given.seconds)
            took.append(second)
            ends[end] = None
        growth = took[2] / took[0] if took[0] else 1.0
        is_slow = took[2] >= given.seconds or (took[2] > _QUICK and growth > _MOST_GROWTH)
        failed += is_slow
        figures = " ".join(f"{second:8.2f}" for second in took)
        print(
            f"{name:40} {figures} {growth:6.1f}  {', '.join(ends)}{'  SLOW' if is_slow else ''}", flush=True
        )
    print(f"{failed} of the shapes take more than linear time")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
