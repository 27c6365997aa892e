"""Chinese fonts for the PDF samples.

The fonts come with a package as OpenType with cubic outlines, which the PDF library cannot embed. Once per
process they are reduced to the characters that the samples can use and turned into TrueType; a document then
embeds the few hundred glyphs that it prints.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from pylopdf_fonts_zh_cn import sans_path, serif_path
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

from samples.classification import SEEDS

BODY, TITLE = "SampleSong", "SampleHei"
LARGEST_ERROR = 1.5  # font units by which a quadratic outline may deviate from the cubic one
LIMITS_OF_PROGRAMS = (  # fields of `maxp` about programs and composite glyphs: there are none
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)


@cache
def register_fonts() -> None:
    """Make the body (song) and title (hei) fonts known to the PDF library."""
    characters = sample_characters()
    for name, path in ((BODY, serif_path()), (TITLE, sans_path())):
        pdfmetrics.registerFont(EmbeddedFont(name, BytesIO(truetype(path, characters))))


@cache
def sample_characters() -> frozenset[int]:
    """Code points that a sample can print: those of this package's texts and of the classifications."""
    folder = Path(__file__).parent
    sources = [*folder.rglob("*.py"), *folder.rglob("*.toml"), *SEEDS.glob("*_classification.csv")]
    used = {ord(character) for source in sources for character in source.read_text(encoding="utf-8")}
    return frozenset(used | set(range(0x20, 0x7F)))


def truetype(path: Path, characters: frozenset[int]) -> bytes:
    """A TrueType font with the given characters of an OpenType font."""
    font = TTFont(path, lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(
        subset.Options(
            layout_features=[],
            desubroutinize=True,
            drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"],
        )
    )
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    _make_quadratic(font)
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _make_quadratic(font: TTFont) -> None:
    order, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    table = newTable("glyf")
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, LARGEST_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    table.glyphOrder, table.glyphs = order, glyphs
    for glyph in glyphs.values():
        glyph.recalcBounds(table)
    del font["CFF "]
    font["loca"], font["glyf"] = newTable("loca"), table
    metrics = font["hmtx"].metrics
    font["hmtx"].metrics = {name: (metrics[name][0], glyphs[name].xMin) for name in order}
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for limit in LIMITS_OF_PROGRAMS:
        setattr(limits, limit, 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"
