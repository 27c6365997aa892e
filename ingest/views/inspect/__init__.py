"""``mingzhang inspect``: what was recognised in one document, as a picture of a page or as text."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from ingest.extraction.extract import extract
from ingest.terminal import SafeConsole

_LEAST_WIDTH = 160
"""Characters per line where the console is not a terminal: forms have many columns."""


def show(
    out: Console, file: Path, page: int | None, form: int | None, output: Path | None, folder: Path
) -> None:
    """Show one document: a page as a picture (written to ``output``, else into ``folder``), a form or a part as
    text, and with neither an overview.

    Raises DocumentError where the file cannot be read, LookupError where it has no such page, part or form or
    ``output`` is given and there is no picture, OSError where a font is missing or a folder cannot be written.
    """
    from ingest.views.inspect.picture import can_draw, draw_page
    from ingest.views.inspect.printed import part_name, parts, print_form, print_overview, print_part

    data = file.read_bytes()
    extraction = extract(data)
    document = extraction.document
    if not out.is_terminal:
        out = SafeConsole(file=out.file, width=_LEAST_WIDTH)
    if output and (form is not None or page is None or not can_draw(document.media_type)):
        raise LookupError("--output is for the picture of a page: give --page and a PDF or an image")
    if form is not None:
        _check_number("form", form, len(extraction.forms))
        print_form(out, extraction, form)
    elif page is None:
        print_overview(out, extraction)
    elif not can_draw(document.media_type):
        _check_number(part_name(document), page, len(parts(document)))
        print_part(out, extraction, page)
    else:
        _check_number("page", page, document.page_count or 0)
        output = output or folder / f"{file.stem}-p{page}.png"
        output.parent.mkdir(parents=True, exist_ok=True)
        draw_page(extraction, data, page).save(output, "PNG")
        out.print(str(output), highlight=False, markup=False, soft_wrap=True)


def _check_number(what: str, number: int, count: int) -> None:
    if not 1 <= number <= count:
        raise LookupError(f"no {what} {number}: the document has {count} {what}s")
