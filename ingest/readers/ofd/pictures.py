"""The pictures of an OFD page -> one picture of the page, for OCR."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from ingest.readers.ofd.content import PlacedPicture
from ingest.readers.ofd.parts import OfdPackage
from ingest.readers.scan.ocr import Picture
from ingest.readers.scan.reader import drawn_scale

_LEAST_SHARE = 0.25
"""The part of a page from which a picture decides how finely the page is drawn."""


def page_picture(
    package: OfdPackage, names: dict[str, str], pictures: Sequence[PlacedPicture], size: tuple[float, float]
) -> tuple[Picture, float, float | None, int]:
    """The page's picture, its pixels per point, those of its largest picture, and how many pictures cannot be read."""
    width, height = size
    read: list[tuple[PlacedPicture, Picture]] = []
    for picture in pictures:
        decoded = _decoded(package, names.get(picture.resource, ""))
        if decoded is not None:
            read.append((picture, decoded))
    own = 0.0
    for picture, pixels in read:
        a, b, c, d, _, _ = picture.matrix
        if abs(a * d - b * c) > _LEAST_SHARE * width * height:
            own = max(own, pixels.shape[1] / max(1.0, float(np.hypot(a, b))))
    scale = drawn_scale(size, own or None)
    page = np.full((max(1, round(height * scale)), max(1, round(width * scale)), 3), 255, np.uint8)
    for picture, pixels in read:
        _paste(page, pixels, picture, scale)
    return page, scale, own or None, len(pictures) - len(read)


def _decoded(package: OfdPackage, name: str) -> Picture | None:
    """A picture with its opacity as fourth band; None where it is missing, too large or not of a kind that is read."""
    data = package.read(name)
    if data is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.mode.startswith("I;16"):
                    image = image.point(lambda value: value / 256).convert("L")  # type: ignore[assignment]
                return np.asarray(image.convert("RGBA"))
    except Exception:  # Pillow raises many kinds of errors for damaged bytes
        return None


def _paste(page: Picture, pixels: Picture, picture: PlacedPicture, scale: float) -> None:
    high, wide = pixels.shape[:2]
    a, b, c, d, e, f = picture.matrix
    turn = np.array([[a / wide, c / high, e], [b / wide, d / high, f]]) * scale
    shrinks = np.hypot(*turn[:, 0]) < 1
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    placed = cv2.warpAffine(pixels, turn, (page.shape[1], page.shape[0]), flags=method, borderValue=0)
    opacity = placed[:, :, 3:].astype(np.uint16)
    page[:] = ((page * (255 - opacity) + placed[:, :, :3] * opacity) // 255).astype(np.uint8)
