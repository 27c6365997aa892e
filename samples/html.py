"""Writes a sample document as a web page: headings, paragraphs and tables with spans."""

from html import escape

from samples.model import Cell, Form, PageBreak, Paragraph, SampleDocument

TAGS = {"cover": "h1", "part": "h2", "heading": "h3", "body": "p", "list": "li"}


def render_html(document: SampleDocument) -> str:
    """A whole page in UTF-8; merged cells occur once, with `rowspan` and `colspan`."""
    lines = [
        "<!DOCTYPE html>",
        '<html><head><meta charset="utf-8">',
        f"<title>{document.stem}</title></head><body>",
    ]
    for block in document.blocks:
        if isinstance(block, Paragraph):
            tag = TAGS[block.style]
            lines.append(f"<{tag}>{escape(block.text)}</{tag}>")
        elif isinstance(block, PageBreak):
            lines.append("<hr>")
        else:
            lines += _form(block)
    return "\n".join([*lines, "</body></html>"]) + "\n"


def _form(form: Form) -> list[str]:
    above = (form.number, form.issuer_line, form.unit_line)
    lines = [f"<h3>{escape(form.title)}</h3>", *(f"<p>{escape(line)}</p>" for line in above if line)]
    lines.append("<table>")
    lines += ["<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in form.header + form.body]
    return [*lines, "</table>", *(f"<p>{escape(note)}</p>" for note in form.notes)]


def _cell(cell: Cell) -> str:
    spans = (("rowspan", cell.depth), ("colspan", cell.span))
    marks = "".join(f' {name}="{count}"' for name, count in spans if count > 1)
    return f"<td{marks}>{escape(cell.text)}</td>"
