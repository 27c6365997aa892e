"""Tells a file's medium by its bytes: by magic numbers, and in containers by what they hold."""

from __future__ import annotations

import io
import re
from enum import StrEnum

from ingest.outcomes import DocumentError, Reason
from ingest.readers.containers import ole_streams, open_zip


class Medium(StrEnum):
    """A medium that has a reader; of an archive the members are read one by one (``ingest.sources``)."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    DOC = "doc"
    HTML = "html"
    MHTML = "mhtml"
    IMAGE = "image"
    TEXT = "text"
    ARCHIVE = "archive"


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIP_NAME = 30
"""Where the name of a ZIP container's first member begins."""
_DOCUMENT_FIRST = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"mimetype", b"OFD.xml")
"""First members by which a container shows that it is a document and no archive."""
_OFFICE_FIRST = (*_DOCUMENT_FIRST, b"word/", b"xl/", b"ppt/", b"customXml/")
"""First members that an Office container may have."""
_OFFICE_REASONS = {
    Reason.ARCHIVE_DAMAGED: Reason.OFFICE_DAMAGED,
    Reason.ARCHIVE_UNSAFE: Reason.CONTENT_TOO_LARGE,
}
"""What is said of a document where the same is wrong with its container as may be with an archive."""
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
"""Rich text is read as DOC is."""
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_OTHERS: dict[bytes, str] = {
    b"PK00PK": "a part of a split ZIP archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstandard archive",
    b"MSCF": "a CAB archive",
    b"ITSF": "a compiled help file",
    b"\x7fELF": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"SQLite format 3\x00": "a SQLite database",
    b"%!PS": "a PostScript document",
    b"AT&TFORM": "a DjVu document",
    b"CAJ": "a CAJ document",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 image",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"\x1a\x45\xdf\xa3": "a video",
}
_XML: tuple[tuple[str, str], ...] = (
    (r"urn:schemas-microsoft-com:office:spreadsheet", "an Excel 2003 XML workbook"),
    (r"schemas\.microsoft\.com/office/word/2003/wordml", "a Word 2003 XML document"),
    (r"<pkg:package", "a Word document in one XML file"),
    (r"<office:document", "an OpenDocument file in one XML file"),
    (r"<svg\b", "an SVG image"),
)
_HTML = re.compile(
    rb"\s*+(?:<\?xml\b[^<>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|(?:html|head|body|title|meta|frameset)\b)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_PART = re.compile(
    rb"\s*+(?:(?><!--.*?-->)\s*+)*+<(?:div|p|span|font|center|style|script|section|article|link|h[1-6])\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_HEAD = re.compile(rb"\s*[A-Za-z][A-Za-z-]*:[^\n]*\n")
_MIME = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|alternative|mixed)|text/html)", re.IGNORECASE | re.MULTILINE
)
_HEAD = 8192


def detect_medium(data: bytes) -> Medium:
    """The medium of a file's bytes; what is nothing else is text, which its reader may still refuse.

    Raises DocumentError: FILE_EMPTY; OFFICE_ENCRYPTED, OFFICE_MACRO, OFFICE_DAMAGED; ARCHIVE_DAMAGED,
    ARCHIVE_UNSAFE; or MEDIA_UNKNOWN with a message that says what the bytes are.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError(Reason.FILE_EMPTY, f"the file holds nothing ({len(data)} bytes)")
    head = data[:_HEAD]
    if head.startswith(_ZIP):
        return _zip_medium(data)
    if head.startswith(_OLE2):
        return _ole_medium(ole_streams(data))
    if head.startswith(_RTF):
        return Medium.DOC
    if head.startswith(_IMAGES) or _is_bitmap(data) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Medium.IMAGE
    _refuse_others(data, head)
    if b"%PDF-" in head[:1024] and (head.startswith(b"%PDF-") or b" obj" in data):
        return Medium.PDF
    text = (
        head.removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
        .replace(b"\x00", b"")
    )
    if _MAIL_HEAD.match(text) and re.search(rb"(?im)^mime-version:", text) and _MIME.search(text):
        return Medium.MHTML
    if _HTML.match(text) or (_HTML_PART.match(text) and data.rstrip(b"\x00 \t\r\n").endswith(b">")):
        return Medium.HTML
    if text.lstrip().startswith(b"<?xml"):
        raise _unknown(_xml_name(text))
    return Medium.TEXT


def may_be_archive(head: bytes) -> bool:
    """Whether a file that begins so is a ZIP container, and not by its first member already a document."""
    return head.startswith(_ZIP) and not head[_ZIP_NAME:].startswith(_DOCUMENT_FIRST)


def zip_medium(names: list[str]) -> Medium:
    """What a ZIP container is by its members' names: a Word or Excel file, or an archive.

    Raises DocumentError: OFFICE_MACRO, OFFICE_DAMAGED, or MEDIA_UNKNOWN.
    """
    parts = {name.replace("\\", "/").lower().removeprefix("/") for name in names}
    for part, name in (("ofd.xml", "an OFD document"), ("xl/workbook.bin", "a binary Excel workbook (XLSB)")):
        if part in parts:
            raise _unknown(name)
    is_office = "[content_types].xml" in parts
    if is_office and any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in parts):
        raise DocumentError(Reason.OFFICE_MACRO, "the Office file holds macros")
    if is_office or {"word/document.xml", "xl/workbook.xml"} & parts:
        folders = {name.partition("/")[0] for name in parts}
        for folder, medium in (("word", Medium.DOCX), ("xl", Medium.XLSX)):
            if folder in folders:
                return medium
        if "ppt" in folders:
            raise _unknown("a PowerPoint presentation")
        raise DocumentError(Reason.OFFICE_DAMAGED, "the Office container holds neither document nor workbook")
    if {"mimetype", "content.xml"} <= parts:
        raise _unknown("an OpenDocument file")
    return Medium.ARCHIVE


def _zip_medium(data: bytes) -> Medium:
    try:
        with open_zip(io.BytesIO(data)) as archive:
            return zip_medium(archive.namelist())
    except DocumentError as error:
        reason = _OFFICE_REASONS.get(error.reason)
        if reason and data[_ZIP_NAME:_HEAD].startswith(_OFFICE_FIRST):
            raise DocumentError(reason, f"the Office container: {error}") from error
        raise


def _ole_medium(streams: set[str]) -> Medium:
    if {"EncryptedPackage", "EncryptionInfo"} & streams:
        raise DocumentError(Reason.OFFICE_ENCRYPTED, "the Office file is encrypted and asks for a password")
    if {"Macros", "_VBA_PROJECT_CUR", "VBA"} & streams:
        raise DocumentError(Reason.OFFICE_MACRO, "the Office file holds macros")
    for name, medium in (("WordDocument", Medium.DOC), ("Workbook", Medium.XLS), ("Book", Medium.XLS)):
        if name in streams:
            return medium
    if "PowerPoint Document" in streams:
        raise _unknown("a PowerPoint presentation")
    listed = ", ".join(sorted(streams)[:5]) or "nothing"
    raise _unknown(f"an OLE2 container that holds neither document nor workbook but {listed}")


def _refuse_others(data: bytes, head: bytes) -> None:
    name = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
    if head.startswith(b"MZ") and b"\x00" in head[:64]:
        name = "a program"
    elif head[257:262] == b"ustar":
        name = "a tar archive"
    elif head[4:8] == b"ftyp":
        name = "a video"
    elif head.startswith(b"\x09\x08") and b"\x00" in data[:16]:
        name = "an Excel stream without its container"
    if name:
        raise _unknown(name)


def _is_bitmap(data: bytes) -> bool:
    return data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00" and len(data) > 54


def _xml_name(head: bytes) -> str:
    text = head.decode("latin-1")
    return next((name for pattern, name in _XML if re.search(pattern, text)), "XML that is no web page")


def _unknown(name: str) -> DocumentError:
    return DocumentError(Reason.MEDIA_UNKNOWN, f"no reader for this medium: the bytes are {name}")
