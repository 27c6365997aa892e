"""Writes a sample document as text, in the two shapes that converters leave behind."""

from random import Random

from samples.model import Cell, Form, PageBreak, Paragraph, SampleDocument

MARKS = {"cover": "**{}**", "part": "## {}", "heading": "### {}", "body": "{}", "list": "- {}"}


def render_tabbed(document: SampleDocument, rng: Random) -> str:
    """Markdown-like text: one table row per line, cells separated by tabs, with the noise of a converter.

    Noise: `<b>` around totals, a blank inside some numbers, and now and then blank lines where a page ended.
    """
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines += [MARKS[block.style].format(block.text), ""]
        elif isinstance(block, PageBreak):
            lines += ["", "", ""]
        else:
            lines += _tabbed_form(block, rng)
    return "\n".join(lines) + "\n"


def _tabbed_form(form: Form, rng: Random) -> list[str]:
    lines = [
        form.number,
        "",
        f"### {form.title}",
        "",
        f"{form.issuer_line}      {form.unit_line}".strip(),
        "",
    ]
    grid = [[""] * len(form.widths) for _ in form.header + form.body]
    for row_no, column, cell in form.grid():
        grid[row_no][column] = _noisy(cell, rng)
    is_total = [any(cell.text.replace(" ", "") in ("合计", "收入总计") for cell in row) for row in form.body]
    for row_no, row in enumerate(grid):
        body_no = row_no - len(form.header)
        if body_no > 0 and rng.random() < 0.02:
            lines += ["", ""]
        emphasised = body_no >= 0 and is_total[body_no] and rng.random() < 0.5
        lines.append("\t".join(f"<b>{text}</b>" if emphasised and text else text for text in row))
    return [*lines, "", *form.notes, ""]


def _noisy(cell: Cell, rng: Random) -> str:
    """A number now and then gets a blank after its point (`35. 00`)."""
    if cell.facts and "." in cell.text and rng.random() < 0.03:
        return cell.text.replace(".", ". ")
    return cell.text


def render_cell_lines(document: SampleDocument) -> str:
    """Text with one table cell per line after a tab, and a blank line after each row.

    A cell that spans columns occurs once; below a cell that spans rows there is a line with only the tab.
    """
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, PageBreak):
            lines += ["", ""]
        else:
            lines += _cell_line_form(block)
    return "\n".join(lines) + "\n"


def _cell_line_form(form: Form) -> list[str]:
    lines = ["", f"\t{form.title}", "", f"\t{form.unit_line}", ""]
    placed: dict[int, dict[int, str]] = {row_no: {} for row_no in range(len(form.header + form.body))}
    for row_no, column, cell in form.grid():
        placed[row_no][column] = cell.text
        for down in range(1, cell.depth):
            placed[row_no + down][column] = ""
    for row in placed.values():
        lines += [f"\t{row[column]}" for column in sorted(row)]
        lines.append("")
    return [*lines, *form.notes, ""]
