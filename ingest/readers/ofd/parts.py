"""The parts of an OFD container: which pages its documents have, and the resources that these name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.office.package import Package, child, children, local

Element: TypeAlias = etree._Element
_ENTRY = "OFD.xml"
_ENCRYPTED = ("Encryptions.xml", "Encryption.xml")
_MOST_NAMES = 64
"""Resource files of one document or page; a document has two."""


@dataclass(slots=True)
class Resources:
    """What pages name by a number: drawing parameters, the parts that hold pictures, and groups of objects."""

    parameters: dict[str, Element] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page: the name of its part, the parts of its templates behind and before it, its box where the document gives one
    to all pages, and the document's resources.
    """

    name: str
    templates: dict[str, tuple[str, bool]]
    box: str
    resources: Resources


class OfdPackage:
    """The documents of an OFD container. Parts are found by their place, else by their place in the document's folder."""

    def __init__(self, data: bytes) -> None:
        """Raises DocumentError: what ``Package`` raises; OFFICE_ENCRYPTED."""
        self._package = Package(data)
        if any(map(self._package.has, _ENCRYPTED)):
            raise DocumentError(
                Reason.OFFICE_ENCRYPTED, "the OFD document is encrypted and needs a password or a key"
            )

    def pages(self) -> list[PageParts]:
        """The pages of all documents in their order.

        Raises DocumentError: OFFICE_DAMAGED where there is no document or page, CONTENT_TOO_LARGE.
        """
        root = self._package.xml(_ENTRY)
        places = [(each.text or "").strip() for each in (root.iter("{*}DocRoot") if root is not None else ())]
        if not any(places):
            raise DocumentError(Reason.OFFICE_DAMAGED, f"{_ENTRY} names no document")
        found = [page for place in places for page in self._pages_of(self._found("", place))]
        if not found:
            raise DocumentError(Reason.OFFICE_DAMAGED, "the OFD document has no pages")
        if len(found) > LIMITS.pages:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE,
                f"the OFD document has {len(found)} pages, more than {LIMITS.pages}",
            )
        return found

    def _pages_of(self, name: str | None) -> Iterator[PageParts]:
        root = self._package.xml(name) if name else None
        if name is None or root is None:
            raise DocumentError(Reason.OFFICE_DAMAGED, "the part with the document's pages is missing")
        folder = posixpath.dirname(name)
        common = child(root, "CommonData")
        resources = self.resources(folder, common, ("PublicRes", "DocumentRes"))
        templates = {
            each.get("ID", ""): (self._found(folder, each.get("BaseLoc", "")) or "", _is_before(each))
            for each in children(common)
            if local(each) == "TemplatePage"
        }
        box = box_of(child(common, "PageArea"))
        for page in children(child(root, "Pages")):
            if local(page) == "Page":
                place = page.get("BaseLoc", "")
                yield PageParts(self._found(folder, place) or place, templates, box, resources)

    def resources(
        self, folder: str, parent: Element | None, names: tuple[str, ...], known: Resources | None = None
    ) -> Resources:
        """The resources of the files that the children ``names`` of an element give, added to those ``known``."""
        found = Resources()
        if known:
            found = Resources(dict(known.parameters), dict(known.pictures), dict(known.groups))
        places = [(each.text or "").strip() for each in children(parent) if local(each) in names]
        for place in places[:_MOST_NAMES]:
            name = self._found(folder, place)
            root = self._package.xml(name) if name else None
            if name is None or root is None:
                continue
            own, base = posixpath.dirname(name), root.get("BaseLoc", "")
            for each in root.iter("{*}DrawParam", "{*}MultiMedia", "{*}CompositeGraphicUnit"):
                number, kind = each.get("ID", ""), local(each)
                if kind == "DrawParam":
                    found.parameters[number] = each
                elif kind == "CompositeGraphicUnit":
                    found.groups[number] = each
                else:
                    file = child(each, "MediaFile")
                    told = (file.text or "").strip() if file is not None else ""
                    found.pictures[number] = (
                        self._found(posixpath.join(own, base), told) or self._found(own, told) or ""
                    )
        return found

    def page(self, name: str) -> Element:
        """The root of a page's or a template's part. Raises DocumentError(OFFICE_DAMAGED) where it is not XML or missing."""
        root = self._package.xml(name)
        if root is None:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"the part {name} is missing")
        return root

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none. Raises DocumentError(OFFICE_DAMAGED)."""
        return self._package.read(name) if name else None

    def _found(self, folder: str, place: str) -> str | None:
        """The part at a place that is given from a folder or from the container's root."""
        place = place.replace("\\", "/")
        inside = posixpath.normpath(posixpath.join("/", folder, place)).lstrip("/")
        below = posixpath.normpath(posixpath.join("/", folder, place.lstrip("/"))).lstrip("/")
        names = (inside, below, posixpath.normpath(place).lstrip("/"))
        return next((name for name in names if place and self._package.has(name)), None)


def box_of(area: Element | None) -> str:
    """The physical box of a page's area, as it is written; '' where there is none."""
    found = child(area, "PhysicalBox")
    return (found.text or "") if found is not None else ""


def _is_before(template: Element) -> bool:
    return str(template.get("ZOrder", "")).lower() == "foreground"
