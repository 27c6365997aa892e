"""The format of bytes, whatever the file is called."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.document.model import Page
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.media import Medium, detect_medium, may_be_archive
from samples import broken


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return buffer.getvalue()


def described(main_type: str, *names: str) -> bytes:
    """A package that declares its main part's type."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override ContentType="x.{main_type}.main+xml"/></Types>'
        )
        for name in names:
            archive.writestr(name, b"<x/>")
    return buffer.getvalue()


def open_document(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", b"<x/>")
    return buffer.getvalue()


def compound(own: str, embedded: str) -> bytes:
    """An OLE2 container with a stream at its root and another one in an object that it embeds."""
    none = 0xFFFFFFFF
    return b"".join(
        (
            broken._ole2(own)[:1024],
            broken._ole2_entry("Root Entry", 5, none, 1),
            broken._ole2_entry("MBD0435D8BE", 1, 2, 3),
            broken._ole2_entry(own, 2, none, none),
            broken._ole2_entry(embedded, 2, none, none),
        )
    )


def lock(size: int, place: int, fill: bytes) -> bytes:
    """What Office writes beside an open document: who has it open, in two encodings."""
    name = "张三"
    first = (bytes([4]) + name.encode("gbk")).ljust(place, fill)
    second = len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    return (first + second).ljust(size, fill)


@pytest.mark.parametrize(
    ("data", "medium"),
    [
        (b"%PDF-1.7\n", Medium.PDF),
        (b"\r\n\r\n%PDF-1.4\n1 0 obj", Medium.PDF),
        (packed("[Content_Types].xml", "word/document.xml"), Medium.DOCX),
        (packed("xl/workbook.xml", "[Content_Types].xml"), Medium.XLSX),
        (packed("[Content_Types].xml", "word\\document.xml"), Medium.DOCX),
        (packed("[CONTENT_TYPES].XML", "XL/WORKBOOK.XML"), Medium.XLSX),
        (described("wordprocessingml.document", "document.xml"), Medium.DOCX),
        (described("spreadsheetml.sheet", "workbook.xml", "word/x.xml"), Medium.XLSX),
        (compound("Workbook", "WordDocument"), Medium.XLS),
        (compound("WordDocument", "Workbook"), Medium.DOC),
        (compound("WORKBOOK", "x"), Medium.XLS),
        (compound("WORDDOCUMENT", "EncryptedPackage"), Medium.DOC),
        (broken._ole2("WordDocument", "1Table", "WpsCustomData"), Medium.DOC),
        (broken._ole2("Workbook", "ETExtData"), Medium.XLS),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12), Medium.XLS),
        (packed("部门决算.docx"), Medium.ARCHIVE),
        (packed("word/部门决算.txt", "word/说明.txt"), Medium.ARCHIVE),
        (b"PK\x05\x06" + bytes(18), Medium.ARCHIVE),
        (b"{\\rtf1\\ansi", Medium.DOC),
        (packed("OFD.xml", "Doc_0/Document.xml"), Medium.OFD),
        (packed("Doc_0/Document.xml", "ofd.xml"), Medium.OFD),
        (open_document("text"), Medium.ODT),
        (open_document("spreadsheet-template"), Medium.ODS),
        (b"\x89PNG\r\n\x1a\n", Medium.IMAGE),
        (b"\xff\xd8\xff\xe0", Medium.IMAGE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Medium.IMAGE),
        (b"BM\x46\x00\x00\x00" + bytes(60), Medium.IMAGE),
        (b"GIF89a", Medium.IMAGE),
        (b"MM\x00\x2b\x00\x08", Medium.IMAGE),
        ("\t部门预算".encode("utf-16-le"), Medium.TEXT),
        (("1" * 54 + "6\x00" * 54).encode(), Medium.TEXT),
        ("BM 部门预算编制说明".encode(), Medium.TEXT),
        ("\ufeff  <!DOCTYPE html><html>".encode(), Medium.HTML),
        ("<html>".encode("utf-16"), Medium.HTML),
        (b"<!-- saved from url --><HTML>", Medium.HTML),
        (b'<?xml version="1.0"?><html xmlns="x">', Medium.HTML),
        ("<div><table><tr><td>部门预算</td></tr></table></div>\n".encode(), Medium.HTML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", Medium.MHTML),
        ("部门预算<table><tr><td>1</td></tr></table>\n".encode(), Medium.TEXT),
        ("PK 部门预算".encode(), Medium.TEXT),
        ("本文说明 %PDF-1.4 格式".encode(), Medium.TEXT),
    ],
)
def test_bytes_decide(data: bytes, medium: Medium) -> None:
    assert detect_medium(data) is medium


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"Rar!\x1a\x07\x00", Reason.ARCHIVE_UNSUPPORTED, "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", Reason.ARCHIVE_UNSUPPORTED, "a 7z archive"),
        (b"\x1f\x8b\x08\x00", Reason.ARCHIVE_UNSUPPORTED, "a gzip archive"),
        (b"1.txt".ljust(257, b"\x00") + b"ustar", Reason.ARCHIVE_UNSUPPORTED, "a tar archive"),
        (b"\x00\x00\x00\x18ftypheic", Reason.MEDIA_UNSUPPORTED, "a HEIC image"),
        (b"\x00\x00\x00\x18ftypisom", Reason.MEDIA_UNSUPPORTED, "a video"),
        (open_document("presentation"), Reason.MEDIA_UNSUPPORTED, "neither text nor spreadsheet"),
        (described("presentationml.presentation", "word/x.xml"), Reason.MEDIA_UNSUPPORTED, "PowerPoint"),
        (compound("PowerPoint Document", "Workbook"), Reason.MEDIA_UNSUPPORTED, "PowerPoint"),
        (
            compound("x", "WordDocument"),
            Reason.MEDIA_UNKNOWN,
            "neither document nor workbook but 'MBD0435D8BE'",
        ),
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", Reason.OFFICE_TOO_OLD, "Excel 4 or before"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00\x00\x00", Reason.OFFICE_TOO_OLD, "Excel 4 or before"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", Reason.OFFICE_TOO_OLD, "Excel 4 or before"),
        (b"\xdb\xa5\x2d\x00" + bytes(60), Reason.OFFICE_TOO_OLD, "Word 2 or before"),
        (lock(162, 54, b"\x00"), Reason.LOCK_FILE, "lock file"),
        (lock(165, 55, b" "), Reason.LOCK_FILE, "lock file"),
        (b"MZ\x90\x00\x03", Reason.MEDIA_UNSUPPORTED, "a program"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), Reason.MEDIA_UNSUPPORTED, "PowerPoint"),
        (packed("mimetype", "content.xml"), Reason.MEDIA_UNSUPPORTED, "OpenDocument"),
        (b'<?xml version="1.0"?><svg xmlns="x">', Reason.MEDIA_UNSUPPORTED, "SVG"),
        (packed("[Content_Types].xml", "xl/macrosheets/sheet1.xml"), Reason.OFFICE_MACRO, "macros"),
        (packed("[Content_Types].xml", "docProps/app.xml"), Reason.OFFICE_DAMAGED, "neither"),
        (packed("[Content_Types].xml", "word/document.xml")[:-30], Reason.OFFICE_DAMAGED, "directory"),
        (packed("1.txt")[:-30], Reason.ARCHIVE_DAMAGED, "directory"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.OFFICE_DAMAGED, "OLE2"),
        (b" \x00\r\n", Reason.FILE_EMPTY, "4 bytes"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, reason: Reason, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as raised:
        detect_medium(data)
    assert raised.value.reason is reason


def test_an_office_file_is_no_archive() -> None:
    assert not may_be_archive(packed("[Content_Types].xml", "word/document.xml"))
    assert may_be_archive(packed("部门决算.docx"))


def encrypted_pdf(password: str, was: bytes = b"/V 2", becomes: bytes = b"/V 2") -> bytes:
    """A PDF that opens with the password, what it says of its encryption changed."""
    written = io.BytesIO()
    canvas = Canvas(written, encrypt=StandardEncryption(password, ownerPassword="owner", strength=128))
    canvas.drawString(100, 700, "2025 budget 1.00")
    canvas.save()
    assert was in written.getvalue()
    return written.getvalue().replace(was, becomes)


def test_a_pdf_that_opens_without_a_password_is_read() -> None:
    assert [line.text for line in read_document(encrypted_pdf("")).lines()] == ["2025 budget 1.00"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (encrypted_pdf("secret"), "asks for a password"),
        (encrypted_pdf("", b"/Filter /Standard", b"/Filter /Adobe.PubSec"), "its kind of encryption"),
        (encrypted_pdf("", b"/V 2", b"/V 9"), "its kind of encryption"),
        (
            encrypted_pdf("", b"/V 2", b"/V 4/CF<</StdCF<</CFM/V2>>>>/StmF/StdCF/StrF/Identity"),
            "its kind of encryption",
        ),
    ],
    ids=["password", "security handler", "version", "other streams than strings"],
)
def test_a_pdf_that_is_encrypted_in_any_way_is_not_damaged(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as raised:
        read_document(data)
    assert raised.value.reason is Reason.PDF_ENCRYPTED


def test_an_image_on_which_its_reader_stumbles_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ingest.readers.scan.reader.read_picture", lambda *about: ([], Page(about[2], 1.0, 1.0, "ocr"))
    )
    first, second = (Image.new("L", (8, 8), shade) for shade in (0, 255))
    written = io.BytesIO()
    first.save(written, "GIF", save_all=True, append_images=[second], duration=10)
    whole = written.getvalue()
    place = whole.index(b",", whole.rindex(b"\x21\xf9\x04") + 8)
    with pytest.raises(DocumentError) as raised:
        read_document(whole[: place + 10])
    assert raised.value.reason is Reason.IMAGE_DAMAGED
    with pytest.raises(DocumentError) as raised:
        read_document(whole)
    assert raised.value.reason is Reason.SCAN_UNREADABLE
