"""Files that cannot be loaded, each with the code that quarantine must give."""

import copy
import io
import struct
import warnings
from collections.abc import Iterable
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from ingest.config import LIMITS
from ingest.outcomes import Reason
from samples.documents import KINDS
from samples.pdf import render_pdf

OTHER_TOPIC = (
    "城市公园夏季开放时间调整的通知\n\n"
    "为方便市民纳凉，自六月起各公园闭园时间推迟一小时，请游客注意安全，爱护花木。\n"
    "儿童乐园周一闭馆检修，其余时间照常开放。\n"
)
OTHER_LANGUAGE = (
    "Opening hours\n\nFrom June the parks close one hour later. Visitors are asked to mind the flowers.\n"
)
_NO_PAGES = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_TYPES = ("[Content_Types].xml", b"<Types/>")


def write_broken_samples(directory: Path) -> dict[str, str]:
    """Write one file of each broken kind; returns the name under which it is quarantined -> reason code.

    The members of an archive are quarantined one by one, under the archive's name and their own.
    """
    directory.mkdir(parents=True, exist_ok=True)
    reasons = {}
    for name, (content, reason, *member) in broken_files().items():
        (directory / name).write_bytes(content)
        reasons["!/".join([name, *member])] = str(reason)
    return reasons


Broken = tuple[bytes, Reason] | tuple[bytes, Reason, str]
"""A file's bytes, the reason why it is quarantined and, where it is an archive that can be opened, its one member."""


def broken_files() -> dict[str, Broken]:
    """The broken files by name; the same ones every time."""
    return {
        **_plain_files(), **_pdf_files(), **_office_files(), **_office_parts(), **_images(), **_archives(),
    }  # fmt: skip


def _plain_files() -> dict[str, Broken]:
    wide = "<table><tr>" + "<td rowspan=30000>1</td>" * 80 + "</tr>" + "<tr><td>1</td></tr>" * 30_000
    return {
        "empty.pdf": (b"", Reason.FILE_EMPTY),
        "blank.txt": (b" \r\n\t\r\n" * 40, Reason.FILE_EMPTY),
        "rules.md": (b"| | |\n| --- | --- |\n", Reason.NO_CONTENT),
        "text_named.pdf": ("这是一份改了扩展名的文本。\n".encode(), Reason.NOT_A_DISCLOSURE),
        "garbage.pdf": (Random("garbage").randbytes(4096), Reason.TEXT_UNDECODABLE),
        "other_topic.txt": (OTHER_TOPIC.encode(), Reason.NOT_A_DISCLOSURE),
        "other_language.txt": (OTHER_LANGUAGE.encode(), Reason.NOT_A_DISCLOSURE),
        "program.doc": (b"MZ\x90\x00" + b"\x00" * 200, Reason.MEDIA_UNSUPPORTED),
        "rar_named.zip": (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 64, Reason.ARCHIVE_UNSUPPORTED),
        "nothing_shown.html": (
            '<html><meta charset="gbk"><body><p style="display:none">部门决算</p><script>1</script></body></html>'.encode("gbk"),
            Reason.NO_CONTENT,
        ),
        "deep.html": (b"<html><body>" + b"<div>" * 5_000 + b"1", Reason.CONTENT_TOO_LARGE),
        "absurd_spans.html": (wide.encode(), Reason.CONTENT_TOO_LARGE),
        "no_page.mht": (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/css\r\n\r\np{}\r\n--b--\r\n",
            Reason.NO_CONTENT,
        ),
    }  # fmt: skip


def _pdf_files() -> dict[str, Broken]:
    whole, _ = render_pdf(KINDS["national_final"](Random("broken"), "broken").document)
    locked, _ = render_pdf(KINDS["yuan_budget"](Random("locked"), "locked").document, password="mingzhang")
    return {
        "truncated.pdf": (whole[: len(whole) // 3], Reason.PDF_DAMAGED),
        "encrypted.pdf": (locked, Reason.PDF_ENCRYPTED),
        "no_pages.pdf": (_NO_PAGES, Reason.PDF_DAMAGED),
    }


def _office_files() -> dict[str, Broken]:
    macro = _zip([_TYPES, ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")])
    workbook = _zip([_TYPES, ("xl/workbook.xml", Random("workbook").randbytes(2000))])
    slides = _zip([_TYPES, ("ppt/presentation.xml", b"<p/>")])
    return {
        "macro.docx": (macro, Reason.OFFICE_MACRO),
        "macro.doc": (_ole2("WordDocument", "Macros"), Reason.OFFICE_MACRO),
        "encrypted.xlsx": (_ole2("EncryptionInfo", "EncryptedPackage"), Reason.OFFICE_ENCRYPTED),
        "truncated.xlsx": (workbook[:1200], Reason.OFFICE_DAMAGED),
        "truncated.xls": (_ole2("Workbook")[:700], Reason.OFFICE_DAMAGED),
        "slides_named.docx": (slides, Reason.MEDIA_UNSUPPORTED),
        "slides.ppt": (_ole2("PowerPoint Document"), Reason.MEDIA_UNSUPPORTED),
    }


def _office_parts() -> dict[str, Broken]:
    """Undamaged containers with a part that cannot be loaded."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="{_column(row)}{row}"><v>1</v></c></row>'
        for row in range(2, 1_500)
    )
    body = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    return {
        "entity_bomb.docx": (_word(body.format("&b;"), bomb), Reason.OFFICE_DAMAGED),
        "cut_part.docx": (_word("<w:p><w:r><w:t>" * 2), Reason.OFFICE_DAMAGED),
        "nothing_printed.docx": (_word(body.format(" ")), Reason.NO_CONTENT),
        "swelling.docx": (_word(body.format("0" * 70 * 2**20)), Reason.CONTENT_TOO_LARGE),
        "empty_sheet.xlsx": (
            _workbook(f'<worksheet xmlns="{main}"><sheetData/></worksheet>'),
            Reason.NO_CONTENT,
        ),
        "absurd_cells.xlsx": (
            _workbook(f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'),
            Reason.CONTENT_TOO_LARGE,
        ),
    }


def _column(number: int) -> str:
    """A column's letters, as in workbooks."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _word(body: str, declared: str = "") -> bytes:
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    part = f'<?xml version="1.0"?>{declared}<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", part)


def _workbook(sheet: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = f'<workbook xmlns="{main}" xmlns:r="{_RELATION}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
    links = _relations("worksheet", "worksheets/sheet1.xml")
    return _package(
        "xl/workbook.xml", book, [("xl/worksheets/sheet1.xml", sheet), ("xl/_rels/workbook.xml.rels", links)]
    )


_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _package(main: str, content: str, parts: Iterable[tuple[str, str]] = ()) -> bytes:
    links = ("_rels/.rels", _relations("officeDocument", main))
    return _zip([_TYPES, *((name, text.encode()) for name, text in (links, (main, content), *parts))])


def _relations(kind: str, target: str) -> str:
    name = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="r1" Type="{_RELATION}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{name}">{link}</Relationships>'


def _images() -> dict[str, Broken]:
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 255).save(buffer, "png")
    blank = buffer.getvalue()
    return {
        "truncated.png": (blank[: len(blank) // 2], Reason.IMAGE_DAMAGED),
        "blank.png": (blank, Reason.SCAN_UNREADABLE),
    }


def _archives() -> dict[str, Broken]:
    text = OTHER_TOPIC.encode()
    nested = _zip([("text.txt", text)])
    for depth in range(LIMITS.archive_depth, 0, -1):
        nested = _zip([(f"{depth}.zip", nested)])
    inner = "!/".join(f"{depth}.zip" for depth in range(1, LIMITS.archive_depth + 1))
    one = _zip([("text.txt", text)])
    return {
        "nothing.zip": (_zip([]), Reason.NO_CONTENT),
        "hidden.zip": (_zip([("__MACOSX/._a.txt", text), (".DS_Store", b"1")]), Reason.NO_CONTENT),
        "truncated.zip": (one[:-40], Reason.ARCHIVE_DAMAGED),
        "flipped.zip": (_flipped(one), Reason.ARCHIVE_DAMAGED, "text.txt"),
        "encrypted.zip": (_encrypted(one), Reason.ARCHIVE_ENCRYPTED, "text.txt"),
        "escape.zip": (_zip([("../text.txt", text)]), Reason.ARCHIVE_UNSAFE, "../text.txt"),
        "bomb.zip": (_zip([("zeros.txt", bytes(4 * 2**20))]), Reason.ARCHIVE_UNSAFE, "zeros.txt"),
        "shared_bytes.zip": (_shared(text), Reason.ARCHIVE_UNSAFE, "text.txt"),
        "claims.zip": (_claiming(one, LIMITS.expanded_bytes + 1), Reason.FILE_TOO_LARGE, "text.txt"),
        "lying.zip": (_claiming(one, 100), Reason.ARCHIVE_DAMAGED, "text.txt"),
        "nested.zip": (nested, Reason.ARCHIVE_UNSAFE, inner),
    }


def _zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


_DIRECTORY = b"PK\x01\x02"


def _encrypted(archive: bytes) -> bytes:
    """An archive whose members say that they are encrypted."""
    for magic, flags in ((b"PK\x03\x04", 6), (_DIRECTORY, 8)):
        at = archive.index(magic) + flags
        archive = archive[:at] + b"\x01" + archive[at + 1 :]
    return archive


def _flipped(archive: bytes) -> bytes:
    """An archive with a member whose bytes do not match its checksum."""
    at = archive.index(_DIRECTORY) + 16
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]


def _claiming(archive: bytes, size: int) -> bytes:
    """An archive whose member claims to expand to ``size`` bytes."""
    at = archive.index(_DIRECTORY) + 24
    return archive[:at] + struct.pack("<L", size) + archive[at + 4 :]


def _shared(content: bytes) -> bytes:
    """An archive whose two members, one of them hidden, are the same bytes of it."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("text.txt", content)
        again = copy.copy(archive.filelist[0])
        again.filename = ".text.txt"
        archive.filelist.append(again)
    return buffer.getvalue()


def _ole2(*streams: str) -> bytes:
    """An OLE2 container with up to three empty streams: a header, a sector of chains and one of directory entries."""
    end, used, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    head = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10L", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<L", free) * 108
    chains = struct.pack("<2L", used, end) + struct.pack("<L", free) * 126
    entries = [_ole2_entry("Root Entry", 5, free, 1 if streams else free)]
    entries += [
        _ole2_entry(name, 2, at + 1 if at < len(streams) else free, free)
        for at, name in enumerate(streams, start=1)
    ]
    return head + chains + b"".join(entries).ljust(512, b"\x00")


def _ole2_entry(name: str, kind: int, right: int, child: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<HBB3L", len(text), kind, 1, 0xFFFFFFFF, right, child)
    return text.ljust(64, b"\x00") + links + bytes(36) + struct.pack("<LQ", 0xFFFFFFFE, 0)
