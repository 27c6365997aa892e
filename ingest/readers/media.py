"""Tells a file's medium by its bytes: by magic numbers, and in containers by what they hold."""

from __future__ import annotations

import io
import re
from enum import StrEnum

from ingest.outcomes import DocumentError, Reason
from ingest.readers.containers import ole_paths, open_zip, read_head


class Medium(StrEnum):
    """A file format that has a reader; the members of an archive are read one by one (``ingest.inbox.sources``)."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    DOC = "doc"
    ODT = "odt"
    ODS = "ods"
    OFD = "ofd"
    HTML = "html"
    MHTML = "mhtml"
    IMAGE = "image"
    TEXT = "text"
    ARCHIVE = "archive"


_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIP_NAME = 30
"""Where the name of a ZIP container's first member begins."""
_DOCUMENT_FIRST = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"mimetype", b"OFD.xml")
"""First members that show that a container is a document and not an archive."""
_OFFICE_FIRST = (*_DOCUMENT_FIRST, b"word/", b"xl/", b"ppt/", b"customXml/")
"""First members that an Office container may have."""
_OFFICE_REASONS = {
    Reason.ARCHIVE_DAMAGED: Reason.OFFICE_DAMAGED,
    Reason.ARCHIVE_UNSAFE: Reason.CONTENT_TOO_LARGE,
}
"""The reason for a document whose container has a fault that an archive may have too."""
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
"""Rich text is read like DOC."""
_IMAGES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"),
    *(b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
)
_ARCHIVES: dict[bytes, str] = {
    b"PK00PK": "a part of a split ZIP archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstandard archive",
    b"MSCF": "a CAB archive",
    b"!<arch>\n": "an ar archive",
}
_OTHERS: dict[bytes, str] = {
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
    b"8BPS": "a Photoshop image",
    b"\xd7\xcd\xc6\x9a": "a Windows metafile",
    b"\xff\x4f\xff\x51": "a JPEG 2000 image",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL image",
    b"\x00\x00\x01\x00": "an icon",
}
_BRANDS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "a HEIC image"),
    ((b"avif", b"avis"), "an AVIF image"),
)
"""The name of a file in the ISO base media format by its brand; any other brand is a video."""
_OLE_OTHERS = {
    "POWERPOINT DOCUMENT": "a PowerPoint presentation",
    "VISIODOCUMENT": "a Visio drawing",
    "__PROPERTIES_VERSION1.0": "an Outlook message",
    "HWPSUMMARYINFORMATION": "a Hangul document",
    "MATOST": "a Microsoft Works document",
}
"""What an OLE2 container is by a stream at its root (or \x05 before its name), where it has no reader."""
_ZIP_OTHERS = {
    "xl/workbook.bin": "a binary Excel workbook (XLSB)",
    "index/document.iwa": "an iWork document",
    "fixeddocseq.fdseq": "an XPS document",
    "fixeddocumentsequence.fdseq": "an XPS document",
    "visio/document.xml": "a Visio drawing",
    "meta-inf/container.xml": "an EPUB book",
}
"""What a ZIP container is by a member, where it has no reader."""
_OFD_ENTRY = "ofd.xml"
"""The member by which an OFD container begins."""
_OPEN_DOCUMENTS = {b"text": Medium.ODT, b"spreadsheet": Medium.ODS}
"""What an OpenDocument container is by the type that it declares of itself."""
_MAIN_TYPES: tuple[tuple[bytes, Medium | None], ...] = (
    (rb"wordprocessingml\.(?:document|template)\.main\+xml", Medium.DOCX),
    (rb"spreadsheetml\.(?:sheet|template)\.main\+xml", Medium.XLSX),
    (rb"presentationml\.(?:presentation|slideshow|template)\.main\+xml", None),
)
"""What an Office package is by the type that it declares of its main part."""
_TOO_OLD = (
    (re.compile(rb"\x09[\x00\x02\x04][\x04-\x10]\x00"), "a workbook of Excel 4 or before"),
    (re.compile(rb"[\x9b\xdb]\xa5[\x00-\x7f]\x00"), "a document of Word 2 or before"),
    (re.compile(rb"[\x31\x32]\xbe\x00\x00"), "a document of Windows Write or Word for DOS"),
)
_BIFF = re.compile(rb"\x09\x08[\x04-\x10]\x00\x00[\x05\x06]")
"""The first bytes of a workbook of Excel 5 or later without a container around it."""
_LOCK_SIZES = {162: 54, 165: 55}
"""The sizes of the lock files of Word and Excel, and the position of the owner's name in UTF-16, after its length."""
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
_MOST_TYPES = 2**20
"""How many bytes of a package's declaration of its parts are examined."""


def detect_medium(data: bytes) -> Medium:
    """The medium of a file's bytes. Bytes of no other medium count as text, which its reader may still refuse.

    Raises DocumentError: FILE_EMPTY; OFFICE_ENCRYPTED, OFFICE_MACRO, OFFICE_DAMAGED, OFFICE_TOO_OLD, LOCK_FILE;
    ARCHIVE_DAMAGED, ARCHIVE_UNSAFE; ARCHIVE_UNSUPPORTED, MEDIA_UNSUPPORTED, with a message that names the format; or
    MEDIA_UNKNOWN.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise DocumentError(Reason.FILE_EMPTY, f"the file is empty ({len(data)} bytes)")
    head = data[:_HEAD]
    if head.startswith(_ZIP):
        return _zip_medium(data)
    if head.startswith(_OLE2):
        return _ole_medium(ole_paths(data))
    if head.startswith(_RTF):
        return Medium.DOC
    if head.startswith(_IMAGES) or _is_bitmap(data) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Medium.IMAGE
    if _BIFF.match(head):
        return Medium.XLS
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
        raise _xml_refusal(text)
    return Medium.TEXT


def may_be_archive(head: bytes) -> bool:
    """Whether a file with this beginning is a ZIP container that its first member does not already show to be a document."""
    return head.startswith(_ZIP) and not head[_ZIP_NAME:].startswith(_DOCUMENT_FIRST)


def zip_medium(names: list[str], types: bytes = b"") -> Medium:
    """The medium of a ZIP container by the ``types`` that it declares of its parts, else by its members' names: a Word,
    Excel or OFD file, or an archive.

    Raises DocumentError: OFFICE_MACRO, OFFICE_DAMAGED, or MEDIA_UNSUPPORTED.
    """
    parts = {_part_name(name) for name in names}
    if _OFD_ENTRY in parts:
        return Medium.OFD
    for part, name in _ZIP_OTHERS.items():
        if part in parts:
            raise _unsupported(name)
    is_office = "[content_types].xml" in parts
    if is_office and any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in parts):
        raise DocumentError(Reason.OFFICE_MACRO, "the Office file holds macros")
    if is_office or {"word/document.xml", "xl/workbook.xml"} & parts:
        found = [medium for pattern, medium in _MAIN_TYPES if re.search(pattern, types)]
        folders = {name.partition("/")[0] for name in parts}
        if len(found) != 1:
            by_folder = (("word", Medium.DOCX), ("xl", Medium.XLSX), ("ppt", None))
            found = [medium for folder, medium in by_folder if folder in folders]
        if not found:
            raise DocumentError(
                Reason.OFFICE_DAMAGED, "the Office container holds neither document nor workbook"
            )
        if found[0] is None:
            raise _unsupported("a PowerPoint presentation")
        return found[0]
    if {"mimetype", "content.xml"} <= parts:
        raise _unsupported("an OpenDocument file that is neither text nor spreadsheet")
    return Medium.ARCHIVE


def _zip_medium(data: bytes) -> Medium:
    try:
        with open_zip(io.BytesIO(data)) as archive:
            heads = {
                _part_name(entry.filename): read_head(archive, entry, _MOST_TYPES)
                for entry in archive.infolist()
                if _part_name(entry.filename) in ("[content_types].xml", "mimetype")
            }
            kind = heads.get("mimetype", b"").strip().partition(b"opendocument.")[2].partition(b"-")[0]
            if kind in _OPEN_DOCUMENTS:
                return _OPEN_DOCUMENTS[kind]
            return zip_medium(archive.namelist(), heads.get("[content_types].xml", b""))
    except DocumentError as error:
        reason = _OFFICE_REASONS.get(error.reason)
        if reason and data[_ZIP_NAME:_HEAD].startswith(_OFFICE_FIRST):
            raise DocumentError(reason, f"the Office container: {error}") from error
        raise


def _ole_medium(paths: list[tuple[str, ...]]) -> Medium:
    """The medium of an OLE2 container by the entries at its root; deeper entries are objects that a document embeds."""
    root = {path[0] for path in paths}
    if {"ENCRYPTEDPACKAGE", "ENCRYPTIONINFO"} & root:
        raise DocumentError(Reason.OFFICE_ENCRYPTED, "the Office file is encrypted and needs a password")
    if {"MACROS", "_VBA_PROJECT_CUR", "VBA"} & {name for path in paths for name in path}:
        raise DocumentError(Reason.OFFICE_MACRO, "the Office file holds macros")
    for name, medium in (("WORDDOCUMENT", Medium.DOC), ("WORKBOOK", Medium.XLS), ("BOOK", Medium.XLS)):
        if name in root:
            return medium
    for name, other in _OLE_OTHERS.items():
        if {name, f"\x05{name}"} & root:
            raise _unsupported(other)
    listed = ", ".join(repr(name) for name in sorted(root)[:5]) or "nothing"
    raise DocumentError(
        Reason.MEDIA_UNKNOWN,
        f"the bytes are an OLE2 container that holds neither document nor workbook but {listed}",
    )


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lower().removeprefix("/")


def _refuse_others(data: bytes, head: bytes) -> None:
    if _is_lock(data):
        raise DocumentError(
            Reason.LOCK_FILE,
            "an Office lock file (~$…), which says who has a document open; it is not a document",
        )
    for pattern, name in _TOO_OLD:
        if pattern.match(head):
            raise DocumentError(
                Reason.OFFICE_TOO_OLD, f"the bytes are {name}, which is too old; save it in a newer format"
            )
    archive = next((name for magic, name in _ARCHIVES.items() if head.startswith(magic)), None)
    if archive or head[257:262] == b"ustar":
        raise DocumentError(
            Reason.ARCHIVE_UNSUPPORTED,
            f"the bytes are {archive or 'a tar archive'}; only ZIP archives are opened",
        )
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), None)
    if head.startswith(b"MZ") and b"\x00" in head[:64]:
        other = "a program"
    elif head[4:8] == b"ftyp":
        other = next((name for brands, name in _BRANDS if head[8:12] in brands), "a video")
    if other:
        raise _unsupported(other)


def _is_lock(data: bytes) -> bool:
    """Whether the bytes are a lock file of Word or Excel: the owner's name in two encodings."""
    place = _LOCK_SIZES.get(len(data))
    if place is None or not 0 < data[0] < place or data[1] < 0x20:
        return False
    length = int.from_bytes(data[place : place + 2], "little")
    name = data[place + 2 : place + 2 + 2 * length].decode("utf-16-le", "replace")
    return 0 < length < place and name.isprintable()


def _is_bitmap(data: bytes) -> bool:
    return data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00" and len(data) > 54


def _xml_refusal(head: bytes) -> DocumentError:
    text = head.decode("latin-1")
    name = next((name for pattern, name in _XML if re.search(pattern, text)), None)
    if name:
        return _unsupported(name)
    return DocumentError(Reason.MEDIA_UNKNOWN, "the bytes are XML that is not a web page")


def _unsupported(name: str) -> DocumentError:
    return DocumentError(Reason.MEDIA_UNSUPPORTED, f"no reader for this medium: the bytes are {name}")
