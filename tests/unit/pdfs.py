"""PDFs written by hand, object by object, for cases about the content of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

FONTS = """
/Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>
/Bold << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /MacRomanEncoding >>
/Bare << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>
/Moved << /Type /Font /Subtype /Type1 /BaseFont /Courier
  /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /fi /B] >> >>
/Song << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts
  [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 [207 270 342]]
  /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor
  << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
  /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>
/Down << /Type /Font /Subtype /Type0 /BaseFont /STSong-Down /Encoding /UniGB-UCS2-V /DescendantFonts
  [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Down /DW 1000
  /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor
  << /Type /FontDescriptor /FontName /STSong-Down /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
  /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>
/Mute << /Type /Font /Subtype /Type0 /BaseFont /Mute /Encoding /Identity-H /DescendantFonts
  [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Mute /DW 1000
  /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor
  << /Type /FontDescriptor /FontName /Mute /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0
  /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>
/Says << /Type /Font /Subtype /Type0 /BaseFont /Says /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts
  [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Says /DW 1000 /W [3 [500 600 1400]]
  /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor
  << /Type /FontDescriptor /FontName /Says /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0
  /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>
/Drawn << /Type /Font /Subtype /Type3 /BaseFont /Drawn /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0]
  /CharProcs << /square 6 0 R >> /Encoding << /Type /Encoding /Differences [97 /square] >>
  /FirstChar 97 /LastChar 97 /Widths [1000] /Resources << >> >>
/Sketched << /Type /Font /Subtype /Type3 /FontBBox [0 200 1000 -800] /FontMatrix [0.001 0 0 -0.001 0 0]
  /CharProcs << /square 6 0 R >> /Encoding << /Type /Encoding /Differences [3 /square /square /square /square] >>
  /FirstChar 3 /LastChar 6 /Widths [600 600 600 1000] /Resources << >> /ToUnicode 7 0 R >>
"""
TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Says def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
6 beginbfchar <0003> <0041> <0004> <FB01> <0005> <00660066006C> <0006> <9884> <0007> <D840DC00> <0008> <007F> endbfchar
endcmap end end"""
TO_UNICODE_OF_BYTES = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Sketched def
/CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
4 beginbfchar <03> <9884> <04> <2F00> <05> <7B97> <06> <0041> endbfchar
endcmap end end"""

_IMAGE = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"


def pdf(
    content: str,
    *,
    media: str = "0 0 400 300",
    page: str = "",
    forms: Mapping[str, tuple[str, str]] | None = None,
    pack: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """A PDF of one page. ``page`` are more entries of its dictionary, ``forms`` name -> (entries, content); forms
    know the page's fonts, the image ``/Gray`` and each other. ``pack`` makes compressed bytes of the content.
    """
    names = {name: number for number, name in enumerate(forms or {}, start=8)}
    entries = " ".join(f"/{name} {number} 0 R" for name, number in names.items())
    resources = f"<< /Font << {FONTS} >> /XObject << /Gray {len(names) + 8} 0 R {entries} >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{media}] {page} /Contents 4 0 R /Resources {resources} >>".encode(),
        _stream("/Filter /FlateDecode" if pack else "", (pack or bytes)(content.encode("latin-1"))),
        _stream("", TO_UNICODE),
        _stream("", b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
        _stream("", TO_UNICODE_OF_BYTES),
    ]
    for more, inner in (forms or {}).values():
        head = f"/Type /XObject /Subtype /Form /BBox [0 0 400 300] {more} /Resources {resources}"
        objects.append(_stream(head, inner.encode("latin-1")))
    objects.append(_stream(_IMAGE, b"\x80"))
    return _file(objects)


def _stream(head: str, content: bytes) -> bytes:
    return f"<< {head} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
