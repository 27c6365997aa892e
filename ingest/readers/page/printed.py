"""What is printed on one page of a PDF, whichever library read it: characters and straight rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_LIGATURES = {"ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬁ": "fi", "ﬂ": "fl", "ﬆ": "st", "ﬅ": "st"}
_SIMPLIFIED_RADICALS = "⺁厂⺇几⺜日⺝月⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟⼾户⾭青"
_KANGXI = range(0x2F00, 0x2FD6)
_MEANT = (
    {radical: ord(unicodedata.normalize("NFKC", chr(radical))) for radical in _KANGXI}
    | dict(zip(map(ord, _SIMPLIFIED_RADICALS[::2]), map(ord, _SIMPLIFIED_RADICALS[1::2]), strict=True))
    | {ord("∕"): ord("／")}
)
ONE_WORD = 3.0
"""Points up to which characters of one word are apart, along their line and across it."""
_PLACES = 2
"""Decimals of a position in points: finer differences come from the libraries' arithmetic, not from the page."""
UNKNOWN = "\ufffd"
"""What is read where a font does not say which character it draws."""


class UnsureError(Exception):
    """The page cannot be read safely; the message says why."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page's size in points as seen, and the position of its content on it.

    ``matrix`` (a, b, c, d, e, f) takes a point of the content to (left, top) of the page.
    """

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]


@dataclass
class PrintedPage:
    """Characters in the order of the content, and rules; places in points from the upper left corner.

    ``texts`` is what each character reads, ``boxes`` (n, 4) its left, top, right and bottom, ``upright`` whether
    it stands upright, ``base_lines`` where its base line is (y of upright ones, x of others). ``verticals`` (n, 3)
    are the x, top and bottom of each vertical rule, ``horizontals`` (n, 3) the y, left and right of each horizontal one; a
    side of a filled box is a rule too. ``picture_area`` are the square points that the page's pictures cover, each
    counted separately; ``has_drawings`` says whether lines or colours are drawn that are not rules.
    """

    width: float
    height: float
    texts: list[str]
    boxes: Numbers
    upright: npt.NDArray[np.bool_]
    base_lines: Numbers
    verticals: Numbers
    horizontals: Numbers
    picture_area: float = 0.0
    has_drawings: bool = True
    lefts: list[float] = field(init=False, repr=False)
    tops: list[float] = field(init=False, repr=False)
    rights: list[float] = field(init=False, repr=False)
    bottoms: list[float] = field(init=False, repr=False)
    levels: list[float] = field(init=False, repr=False)
    is_upright: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.boxes, self.levels = self.boxes.round(_PLACES), self.base_lines.round(_PLACES).tolist()
        self.verticals, self.horizontals = self.verticals.round(_PLACES), self.horizontals.round(_PLACES)
        if not _LIGATURES.keys().isdisjoint(self.texts):
            self.texts = [_LIGATURES.get(text, text) for text in self.texts]
        self.lefts, self.tops, self.rights, self.bottoms = (side.tolist() for side in self.boxes.T)
        self.is_upright = bool(self.upright.all())

    @cached_property
    def breaks(self) -> list[int]:
        """How many characters up to each one do not stand right behind the one before on its line, as parts of one word."""
        levels, blank = np.array(self.levels), np.array([text.isspace() for text in self.texts], np.bool_)
        lefts, rights = self.boxes[:, 0], self.boxes[:, 2]
        follows = (
            (np.abs(levels[1:] - levels[:-1]) <= ONE_WORD)
            & (lefts[1:] >= lefts[:-1])
            & (lefts[1:] <= rights[:-1] + ONE_WORD)
            & self.upright[1:]
            & self.upright[:-1]
            & ~blank[1:]
            & ~blank[:-1]
        )
        counted: list[int] = np.cumsum(np.append(1, ~follows)).tolist()
        return counted


def as_meant(text: str) -> str:
    """The text with ideographs instead of radicals and the wide slash instead of the division sign: a font draws both with
    one glyph, and programs that write PDF name the wrong one.
    """
    return text if text.isascii() else text.translate(_MEANT)


def as_rows(rows: Sequence[Sequence[float]], width: int) -> Numbers:
    """Rows of numbers as an array of (n, width), also where there are none."""
    return np.array(rows, dtype=np.float64).reshape(-1, width)
