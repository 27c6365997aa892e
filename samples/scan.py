"""Writes a sample document as a scan: the pages of its PDF as slightly skewed, faded and noisy pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from random import Random
from time import gmtime

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image


@dataclass(frozen=True)
class Scanner:
    """How a sheet is scanned: dots per inch, the most skew in degrees either way, the noise in levels of grey, the
    quality of the JPEG, the quarter turns of the sheet."""

    dpi: int = 200
    skew: float = 0.7
    noise: float = 6.0
    quality: int = 75
    turns: int = 0


def scan_pages(pdf: bytes, rng: Random, scanner: Scanner = Scanner()) -> Iterator[Image.Image]:
    """The pages of a PDF in grey, as a scanner gives them; the same numbers always give the same pictures."""
    noises = np.random.default_rng(rng.getrandbits(64))
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            grey = page.render(scale=scanner.dpi / 72, grayscale=True).to_numpy().squeeze()
            height, width = grey.shape
            turn = cv2.getRotationMatrix2D(
                (width / 2, height / 2), rng.uniform(-scanner.skew, scanner.skew), 1
            )
            skewed = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
            ink = (255.0 - cv2.GaussianBlur(skewed, (3, 3), 0.6)) * rng.uniform(0.8, 1.0)
            seen = np.clip(250.0 - ink + noises.normal(0, scanner.noise, ink.shape), 0, 255)
            yield Image.fromarray(np.rot90(seen.astype(np.uint8), scanner.turns))


def write_scan(pages: Iterator[Image.Image], file_format: str, scanner: Scanner = Scanner()) -> bytes:
    """Pictures as one file, ``pdf`` or ``tiff``, one picture per page, both in JPEG."""
    first, *others = (_compressed(page, scanner.quality) for page in pages)
    written = BytesIO()
    if file_format == "pdf":
        first.save(
            written, "PDF", save_all=True, append_images=others, resolution=scanner.dpi,
            creationDate=gmtime(0), modDate=gmtime(0),
        )  # fmt: skip
    else:
        first.save(
            written, "TIFF", save_all=True, append_images=others, compression="jpeg", quality=scanner.quality,
            dpi=(scanner.dpi, scanner.dpi),
        )  # fmt: skip
    return written.getvalue()


def _compressed(page: Image.Image, quality: int) -> Image.Image:
    """The picture with the marks that JPEG leaves, held in memory as its compressed bytes."""
    written = BytesIO()
    page.save(written, "JPEG", quality=quality)
    return Image.open(written)
