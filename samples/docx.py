"""Writes a sample document as a Word document: paragraphs in styles, forms as tables with merged cells."""

import io
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from samples.model import Form, PageBreak, Paragraph, SampleDocument
from samples.package import without_clock

STYLES = {
    "cover": "Title",
    "part": "Heading 1",
    "heading": "Heading 2",
    "body": "Normal",
    "list": "List Paragraph",
}
_TEXT_WIDTH = 9000
"""Width of the text in twentieths of a point."""


def render_docx(document: SampleDocument) -> bytes:
    """The document's bytes; a cell merged downwards continues in empty cells below, as Word stores it."""
    word = Document()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            word.add_paragraph(block.text, style=STYLES[block.style])
        elif isinstance(block, PageBreak):
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            for line in (block.number, block.title, block.issuer_line, block.unit_line):
                if line:
                    word.add_paragraph(line)
            word.element.body.insert(len(word.element.body) - 1, parse_xml(_table(block)))
            for note in block.notes or ("",):
                word.add_paragraph(note)
    written = io.BytesIO()
    word.save(written)
    return without_clock(written.getvalue())


def _table(form: Form) -> str:
    scale = _TEXT_WIDTH / sum(form.widths)
    columns = "".join(f'<w:gridCol w:w="{round(width * scale)}"/>' for width in form.widths)
    rows: list[dict[int, str]] = [{} for _ in form.header + form.body]
    for row_no, column, cell in form.grid():
        for down in range(cell.depth):
            merge = ("restart" if down == 0 else "continue") if cell.depth > 1 else ""
            text = cell.text if down == 0 else ""
            rows[row_no + down][column] = _cell(text, cell.span, merge)
    body = "".join(f"<w:tr>{''.join(row[column] for column in sorted(row))}</w:tr>" for row in rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>"
    )


def _cell(text: str, span: int, merge: str) -> str:
    marks = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + (
        f'<w:vMerge w:val="{merge}"/>' if merge else ""
    )
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{marks}</w:tcPr><w:p><w:r>{lines}</w:r></w:p></w:tc>"
