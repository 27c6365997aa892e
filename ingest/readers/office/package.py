"""Office Open XML packages: ZIP containers of XML parts, opened within limits and without following anything."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.containers import expand

_LEAST_EXPANDED = 64 * 2**20
"""Bytes to which any package may expand; XML compresses well, so the ratio is checked only beyond this."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compressions that the format allows."""
_MACRO_PART = re.compile(r"(?:^|/)vbaProject\.bin$|(?:^|/)vbaData\.xml$|/macrosheets/", re.IGNORECASE)
_DTD = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_CONTENT_TYPES = "[Content_Types].xml"


class Package:
    """The parts of a package. The sizes in the directory are checked first, and are limits for every read.

    Names of parts are compared without regard to case, a leading slash, the kind of slashes and percent-encoding,
    since programs differ in all of these.
    """

    def __init__(self, data: bytes) -> None:
        """Raises DocumentError: OFFICE_DAMAGED, OFFICE_ENCRYPTED, OFFICE_MACRO or CONTENT_TOO_LARGE."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"the container cannot be opened: {error}") from error
        members = self._zip.infolist()
        if len(members) > LIMITS.members:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE,
                f"the container has {len(members)} parts; the limit is {LIMITS.members}",
            )
        expanded = sum(member.file_size for member in members)
        bound = min(LIMITS.expanded_bytes, max(_LEAST_EXPANDED, len(data) * LIMITS.expansion_ratio))
        if expanded > bound:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE, f"{len(data)} bytes expand to {expanded}; the limit is {bound}"
            )
        if any(member.flag_bits & 1 for member in members):
            raise DocumentError(Reason.OFFICE_ENCRYPTED, "the container's parts are encrypted")
        self._members = {_key(member.filename): member for member in members}
        macro = next((name for name in self._members if _MACRO_PART.search(name)), None)
        if macro or b"macroEnabled" in (self.read(_CONTENT_TYPES) or b""):
            raise DocumentError(Reason.OFFICE_MACRO, f"the document holds macros ({macro or _CONTENT_TYPES})")

    def has(self, name: str) -> bool:
        """Whether there is a part with this name."""
        return _key(name) in self._members

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none. Never more than its directory entry declares.

        Raises DocumentError(OFFICE_DAMAGED) where the bytes are not those of the entry.
        """
        member = self._members.get(_key(name))
        if member is None:
            return None
        if member.compress_type not in _METHODS:
            why = f"part {name} is compressed by method {member.compress_type}, which Office never does"
            raise DocumentError(Reason.OFFICE_DAMAGED, why)
        try:
            return expand(self._zip, member, member.file_size)
        except DocumentError as error:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"part {name} cannot be read: {error}") from error

    def xml(self, name: str) -> etree._Element | None:
        """The root of a part; None where there is none.

        Raises DocumentError(OFFICE_DAMAGED) where it is not XML or declares a document type.
        """
        content = self.read(name)
        if content is None:
            return None
        refuse_dtd(content, name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"part {name} is not XML: {error}") from error
        if root.getroottree().docinfo.doctype:
            raise _declares_type(name)
        return root

    def elements(self, name: str, *wanted: str) -> Iterator[etree._Element]:
        """The elements of a part with one of the names, as they end; each is emptied after use.

        Yields nothing where there is no such part; raises what ``xml`` raises. The elements must not contain one another.
        """
        content = self.read(name)
        if content is None:
            return
        refuse_dtd(content, name)
        tags = [f"{{*}}{each}" for each in wanted]
        events = etree.iterparse(
            io.BytesIO(content), tag=tags, resolve_entities=False, no_network=True, remove_comments=True
        )
        try:
            for _, element in events:
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"part {name} is not XML: {error}") from error

    def main_part(self, kind: str, default: str) -> str:
        """The name of the main part of a kind (``wordprocessingml.document``).

        It is the part that the container declares to be of that kind, else the one that it refers to as its document, else
        ``default``.
        """
        declared = [
            each.get("PartName", "")
            for each in children(self.xml(_CONTENT_TYPES))
            if re.search(rf"{kind}\.main\+xml$", each.get("ContentType", ""))
        ]
        referred = [part for relation, part in self.related("").values() if relation == "officeDocument"]
        return next((name for name in [*declared, default, *referred] if name and self.has(name)), default)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts of the package that a part refers to: by id, the kind of relation and the name of the part."""
        folder, _, file = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{file}.rels".lstrip("/"))
        found = {}
        for each in root if root is not None else ():
            target = each.get("Target", "").replace("\\", "/")
            if local(each) == "Relationship" and each.get("TargetMode") != "External":
                place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], place)
        return found


def _key(name: str) -> str:
    """The form of a part's name in which all its spellings are equal."""
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").casefold()


def refuse_dtd(content: bytes, name: str) -> None:
    """Raise DocumentError(OFFICE_DAMAGED) where XML declares a document type: Office parts have none."""
    if any(mark in content for mark in _DTD):
        raise _declares_type(name)


def _declares_type(name: str) -> DocumentError:
    return DocumentError(
        Reason.OFFICE_DAMAGED, f"part {name} declares a document type, which Office never does"
    )


def local(element: etree._Element) -> str:
    """An element's name without its namespace; '' for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute's value by its name without namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of a name (without namespace), or None."""
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)


def children(element: etree._Element | None) -> list[etree._Element]:
    """The child elements; none where there is no element."""
    return [] if element is None else [each for each in element if local(each)]


def value_of(element: etree._Element | None, name: str) -> str | None:
    """The ``val`` of the first child of a name, or None."""
    found = child(element, name)
    return attribute(found, "val") if found is not None else None


def is_on(element: etree._Element | None, name: str) -> bool | None:
    """Whether an on/off property is set, None where it is not stated."""
    found = child(element, name)
    return None if found is None else attribute(found, "val") not in ("0", "false", "off")
