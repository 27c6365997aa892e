"""Writes a sample document as an OFD file, drawn as its PDF is, in the ways in which programs write OFD.

Lengths that the canvas is given are in points from the lower left corner; OFD counts millimetres from the upper left.
"""

import io
import zipfile
from collections.abc import Sequence
from html import escape
from typing import Literal

from reportlab.lib.pagesizes import A4

from samples.fonts import BODY, TITLE, register_fonts
from samples.model import SampleDocument
from samples.pdf import PageWriter, Rules, text_width

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PER_POINT = 25.4 / 72
FONTS = {BODY: 3, TITLE: 4}
TEMPLATE_ID = 5
Way = Literal["plain", "repeated", "scaled", "single", "template"]
"""How a text's characters are placed: by a list of distances; by ``g n d`` where distances are equal; in letters of size 1 that
the matrix enlarges, the distances too; one object for each character, in dots that the matrix reduces; as ``plain``, with
each page's title in a template of its own."""


class OfdCanvas:
    """Draws pages as reportlab's canvas does, as far as the samples need it."""

    def __init__(self, way: Way = "plain") -> None:
        self.way = way
        self.pages: list[tuple[tuple[float, float], list[str], list[str]]] = []
        self._size: tuple[float, float] = A4
        self._objects: list[str] = []
        self._behind: list[str] = []
        self._grey, self._line = 0.0, 0.5
        self._font, self._font_size = BODY, 9.0
        self._last_id = 100

    def setPageSize(self, size: tuple[float, float]) -> None:
        """Set the size of the page that begins."""
        self._size = size

    def setLineWidth(self, width: float) -> None:
        """Set the width of the next lines."""
        self._line = width

    def setFillGray(self, grey: float) -> None:
        """Set the grey of the next fills, 0 is black."""
        self._grey = grey

    def setFont(self, name: str, size: float) -> None:
        """Set the font of the next texts."""
        self._font, self._font_size = name, size

    def showPage(self) -> None:
        """End the page."""
        self.pages.append((self._size, self._objects, self._behind))
        self._objects, self._behind = [], []

    def save(self) -> None:
        """Do nothing: ``content`` gives the file."""

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line."""
        left, top = min(x0, x1), self._size[1] - max(y0, y1)
        ends = [(x - left, self._size[1] - y - top) for x, y in ((x0, y0), (x1, y1))]
        self._path((left, top, abs(x1 - x0), abs(y1 - y0)), ends, False, True)

    def rect(
        self, left: float, bottom: float, width: float, height: float, stroke: int = 1, fill: int = 0
    ) -> None:
        """Draw a rectangle, its sides, its area or both."""
        corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
        box = (left, self._size[1] - bottom - height, width, height)
        self._path(box, corners, bool(fill), bool(stroke))

    def drawString(self, left: float, baseline: float, text: str) -> None:
        """Print a text from the left."""
        size = self._font_size
        steps = [text_width(letter, self._font, size) for letter in text]
        top = self._size[1] - baseline - size
        is_title = self.way == "template" and self._font == TITLE
        objects = self._behind if is_title else self._objects
        if self.way == "single":
            for letter, step in zip(text, steps, strict=True):
                objects.append(self._text((left, top, step, size), 1 / 20, size * 20, letter, []))
                left += step
        else:
            box = (left, top, sum(steps), 1.2 * size)
            scale = size * PER_POINT if self.way == "scaled" else 1.0
            objects.append(self._text(box, scale, size / scale, text, [step / scale for step in steps[:-1]]))

    def content(self) -> bytes:
        """The file; the same pages always give the same bytes."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self._parts().items():
                package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return written.getvalue()

    def _parts(self) -> dict[str, str]:
        numbers = range(len(self.pages))
        places = "".join(
            f'<ofd:Page ID="{10 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>' for number in numbers
        )
        templates = "".join(
            f'<ofd:TemplatePage ID="{TEMPLATE_ID}{number}" BaseLoc="Tpls/Tpl_{number}/Content.xml"/>'
            for number in numbers
            if self.pages[number][2]
        )
        fonts = "".join(
            f'<ofd:Font ID="{number}" FontName="{name}" FamilyName="{name}"/>'
            for name, number in FONTS.items()
        )
        area = _area(self.pages[0][0] if self.pages else A4)
        parts = {
            "OFD.xml": f'<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{self._last_id}"
            f"</ofd:MaxUnitID><ofd:PageArea>{area}</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            f"{templates}</ofd:CommonData><ofd:Pages>{places}</ofd:Pages></ofd:Document>",
            "Doc_0/PublicRes.xml": f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>',
        }
        for number, (size, objects, behind) in enumerate(self.pages):
            used = f'<ofd:Template TemplateID="{TEMPLATE_ID}{number}" ZOrder="Background"/>' if behind else ""
            head = f"<ofd:Area>{_area(size)}</ofd:Area>{used}"
            parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = page_xml(objects, head)
            if behind:
                parts[f"Doc_0/Tpls/Tpl_{number}/Content.xml"] = page_xml(behind)
        return {name: f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}' for name, xml in parts.items()}

    def _path(
        self,
        box: tuple[float, float, float, float],
        points: Sequence[tuple[float, float]],
        is_filled: bool,
        is_stroked: bool,
    ) -> None:
        drawn = " L ".join(f"{_mm(x)} {_mm(y)}" for x, y in points)
        end = " C" if len(points) > 2 else ""
        value = " ".join([str(round(255 * self._grey))] * 3)
        self._objects.append(
            f'<ofd:PathObject ID="{self._id()}" Boundary="{_box(box)}" LineWidth="{_mm(self._line)}"'
            f' Fill="{str(is_filled).lower()}" Stroke="{str(is_stroked).lower()}">'
            f'<ofd:FillColor Value="{value}"/><ofd:AbbreviatedData>M {drawn}{end}</ofd:AbbreviatedData></ofd:PathObject>'
        )

    def _text(
        self,
        box: tuple[float, float, float, float],
        scale: float,
        size: float,
        text: str,
        steps: Sequence[float],
    ) -> str:
        matrix = f' CTM="{scale:.6f} 0 0 {scale:.6f} 0 0"' if scale != 1 else ""
        deltas = [f"{step * PER_POINT:.4f}" for step in steps]
        told = _repeated(deltas) if self.way == "repeated" else " ".join(deltas)
        distances = f' DeltaX="{told}"' if deltas else ""
        return (
            f'<ofd:TextObject ID="{self._id()}"{matrix} Boundary="{_box(box)}" Font="{FONTS[self._font]}"'
            f' Size="{size * PER_POINT:.4f}"><ofd:TextCode X="0" Y="{size * PER_POINT:.4f}"{distances}>'
            f"{escape(text)}</ofd:TextCode></ofd:TextObject>"
        )

    def _id(self) -> int:
        self._last_id += 1
        return self._last_id


def render_ofd(
    document: SampleDocument, is_landscape: bool = False, way: Way = "plain", rules: Rules = "all"
) -> tuple[bytes, int]:
    """The file's bytes and its number of pages; the same document always gives the same bytes."""
    register_fonts()
    canvas = OfdCanvas(way)
    writer = PageWriter(canvas, is_landscape, rules)
    for block in document.blocks:
        writer.write(block)
    writer.finish()
    return canvas.content(), writer.page_count


def page_xml(objects: Sequence[str], head: str = "") -> str:
    """The content of a page with these objects in one layer; ``head`` stands before it."""
    return (
        f'<ofd:Page {NAMESPACE}>{head}<ofd:Content><ofd:Layer ID="2" Type="Body">{"".join(objects)}'
        "</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _area(size: tuple[float, float]) -> str:
    return f"<ofd:PhysicalBox>0 0 {_mm(size[0])} {_mm(size[1])}</ofd:PhysicalBox>"


def _box(box: tuple[float, float, float, float]) -> str:
    return " ".join(map(_mm, box))


def _mm(points: float) -> str:
    return f"{points * PER_POINT:.4f}"


def _repeated(deltas: Sequence[str]) -> str:
    """Distances, equal ones that follow each other as ``g n d``."""
    written: list[str] = []
    place = 0
    while place < len(deltas):
        end = place
        while end < len(deltas) and deltas[end] == deltas[place]:
            end += 1
        count = end - place
        written.append(f"g {count} {deltas[place]}" if count > 1 else deltas[place])
        place = end
    return " ".join(written)
