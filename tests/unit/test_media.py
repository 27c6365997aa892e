"""What bytes are, whatever a file is called."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.outcomes import DocumentError, Reason
from ingest.readers.media import Medium, detect_medium, may_be_archive


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "medium"),
    [
        (b"%PDF-1.7\n", Medium.PDF),
        (b"\r\n\r\n%PDF-1.4\n1 0 obj", Medium.PDF),
        (packed("[Content_Types].xml", "word/document.xml"), Medium.DOCX),
        (packed("xl/workbook.xml", "[Content_Types].xml"), Medium.XLSX),
        (packed("部门决算.docx"), Medium.ARCHIVE),
        (packed("word/部门决算.txt", "word/说明.txt"), Medium.ARCHIVE),
        (b"PK\x05\x06" + bytes(18), Medium.ARCHIVE),
        (b"{\\rtf1\\ansi", Medium.DOC),
        (b"\x89PNG\r\n\x1a\n", Medium.IMAGE),
        (b"\xff\xd8\xff\xe0", Medium.IMAGE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Medium.IMAGE),
        (b"BM\x46\x00\x00\x00" + bytes(60), Medium.IMAGE),
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
        (b"MZ\x90\x00\x03", Reason.MEDIA_UNSUPPORTED, "a program"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), Reason.MEDIA_UNSUPPORTED, "PowerPoint"),
        (packed("mimetype", "content.xml"), Reason.MEDIA_UNSUPPORTED, "OpenDocument"),
        (packed("OFD.xml", "Doc_0/Document.xml"), Reason.MEDIA_UNSUPPORTED, "OFD"),
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
