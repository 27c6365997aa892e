"""What an OFD page draws -> a printed page: characters, rules and pictures at their places in points.

An object stands in its boundary, whose corner is its own origin, after its matrix; blocks and groups hold objects. The
boundary is not used to cut the object off, since many programs give one that is too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.ofd.numbers import Matrix, Path, distances, matrix, number, numbers, path, product
from ingest.readers.ofd.parts import Element, Resources
from ingest.readers.office.package import child, children, local
from ingest.readers.page.printed import Numbers, PrintedPage, as_meant, as_rows
from ingest.readers.page.visible import LEANING_RULE, PALE, WHITE, Mask, seen, unseen

_POINTS = 72 / 25.4
"""Points per millimetre."""
_DEEPEST = 12
_MOST_CURVES = 8
"""The curves that a double frame with round corners has; a shape with more is a drawing."""
_WIDE = 0x2E7F
"""The last character before the ideographs and their punctuation, which are one em wide; others are half as wide."""
_TIGHT = 1.05
"""Ems up to which the next character stands right behind."""
_NARROW = 0.2
"""Ems that a letter is wide at least."""
_DEVICE = 25.4 / 300
"""The measure in which an older program writes paths by their place on the page: dots of 300 to the inch."""
_NEAR = 1.0
"""Millimetres by which a path may reach beyond its boundary."""
_ORDER = {"background": 0, "body": 1, "foreground": 2}
Colour = tuple[float, float]
"""The least bright of a colour's parts, and its opacity (0 to 1)."""
_BLACK: Colour = (0.0, 1.0)
_USUAL_COLOURS = {"FillColor": _BLACK, "StrokeColor": _BLACK}


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture: the number of its resource, and the matrix that takes the unit square to the page in points."""

    resource: str
    matrix: Matrix


@dataclass(slots=True)
class _Text:
    """A text object: its matrix to the page, the size and the turn of its letters, its colour."""

    matrix: Matrix
    size: float
    turn: float
    is_pale: bool


@dataclass(slots=True)
class Drawn:
    """What a page draws, in the order of painting.

    ``given`` are its texts as the file holds them, ``broken`` counts objects that cannot be read, ``drawings`` shapes
    of curves, which may be letters.
    """

    width: float
    height: float
    resources: Resources
    given: list[str] = field(default_factory=list)
    pictures: list[PlacedPicture] = field(default_factory=list)
    broken: int = 0
    drawings: int = 0
    _pieces: int = 0
    _letters: list[str] = field(default_factory=list)
    _places: list[tuple[float, float, float]] = field(default_factory=list)
    _owners: list[int] = field(default_factory=list)
    _texts: list[_Text] = field(default_factory=list)
    _rules: list[tuple[int, Numbers]] = field(default_factory=list)
    _boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    _whites: list[bool] = field(default_factory=list)
    _fills: list[bool] = field(default_factory=list)

    def add(self, root: Element) -> None:
        """Add what the content of a page or a template draws.

        Raises DocumentError(CONTENT_TOO_LARGE) where it draws more than LIMITS.cells pieces, or nests them too deep.
        """
        layers = [each for each in children(child(root, "Content")) if local(each) == "Layer"]
        layers.sort(key=lambda layer: _ORDER.get(layer.get("Type", "").lower(), 1))
        for layer in layers:
            self._add_all(layer, (_POINTS, 0.0, 0.0, _POINTS, 0.0, 0.0), dict(_USUAL_COLOURS), 0)

    def page(self) -> PrintedPage:
        """The page as it is seen."""
        verticals, horizontals = self._straight()
        area = sum(abs(a * d - b * c) for a, b, c, d, _, _ in (picture.matrix for picture in self.pictures))
        return PrintedPage(self.width, self.height, *self._chars(), verticals, horizontals, area)

    def _add_all(self, block: Element, placed: Matrix, colours: dict[str, Colour], depth: int) -> None:
        if depth > _DEEPEST:
            raise DocumentError(Reason.CONTENT_TOO_LARGE, "the page's objects stand in one another too deep")
        colours = self._colours(block, colours)
        for each in children(block):
            if each.get("Visible", "").strip().lower() in ("false", "0"):
                continue
            self._count(1)
            kind = local(each)
            try:
                if kind in ("PageBlock", "Layer"):
                    self._add_all(each, placed, colours, depth + 1)
                elif kind == "TextObject":
                    self._add_text(each, _placed(each, placed), self._colours(each, colours))
                elif kind == "PathObject":
                    self._add_path(each, placed, self._colours(each, colours))
                elif kind == "ImageObject":
                    self.pictures.append(PlacedPicture(each.get("ResourceID", ""), _placed(each, placed)))
                elif kind == "CompositeObject":
                    group = self.resources.groups.get(each.get("ResourceID", ""))
                    content = child(group, "Content")
                    if content is not None:
                        self._add_all(content, _placed(each, placed), colours, depth + 1)
            except ValueError:
                self.broken += 1

    def _count(self, pieces: int) -> None:
        self._pieces += pieces
        if self._pieces > LIMITS.cells:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE, f"the page draws more than {LIMITS.cells} characters and lines"
            )

    def _colours(self, element: Element, colours: dict[str, Colour]) -> dict[str, Colour]:
        """The colours of an object: its own, those of its drawing parameters, or those around it."""
        found = dict(colours)
        named = element.get("DrawParam")
        sources = [element]
        while named and len(sources) <= _DEEPEST:
            parameters = self.resources.parameters.get(named)
            if parameters is None:
                break
            sources.append(parameters)
            named = parameters.get("Relative")
        for source in reversed(sources):
            for each in source:
                if local(each) in found:
                    found[local(each)] = _colour(each)
        opacity = number(element.get("Alpha"), 255.0) / 255
        if opacity < 1:
            found = {name: (bright, clear * opacity) for name, (bright, clear) in found.items()}
        return found

    # -------------------------------------------------------------------------------------------- characters

    def _add_text(self, element: Element, placed: Matrix, colours: dict[str, Colour]) -> None:
        is_filled = element.get("Fill", "true").strip().lower() not in ("false", "0")
        is_stroked = element.get("Stroke", "false").strip().lower() in ("true", "1")
        bright, opacity = colours["FillColor" if is_filled else "StrokeColor"]
        if not (is_filled or is_stroked) or opacity == 0:
            return
        size = number(element.get("Size"), 0.0)
        if size <= 0:
            raise ValueError(size)
        stretch = number(element.get("HScale"), 1.0)
        turn = math.radians(number(element.get("CharDirection"), 0.0))
        self._texts.append(_Text(placed, size, turn, bright >= PALE or opacity <= PALE))
        x = y = 0.0
        for code in children(element):
            if local(code) != "TextCode":
                continue
            text = _content(code)
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            self._count(len(text))
            right, down = (distances(code.get(name), len(text) - 1) for name in ("DeltaX", "DeltaY"))
            widths = [size * stretch * (1.0 if ord(letter) > _WIDE else 0.5) for letter in text]
            if len(text) == 1:
                widths = [_width_of_one(element, size * stretch, widths[0])]
            if not down:
                right += widths[len(right) : len(text) - 1]
            right += [0.0] * (len(text) - 1 - len(right))
            down += [0.0] * (len(text) - 1 - len(down))
            ends = [
                step if 0 < step <= _TIGHT * max(width, size * stretch) and not fall else width
                for step, fall, width in zip(right, down, widths, strict=False)
            ]
            self._letters += text
            self._places += zip(
                accumulate(right, initial=x), accumulate(down, initial=y), ends + widths[-1:], strict=False
            )
            self._owners += [len(self._texts) - 1] * len(text)
            self.given.append(text)

    def _chars(self) -> tuple[list[str], Numbers, Mask, Numbers]:
        """The characters that are print and stand on the page: their texts, boxes, whether upright, and base lines."""
        owners = np.array(self._owners, np.int64)
        matrices = as_rows([text.matrix for text in self._texts], 6)[owners]
        looks = as_rows([(text.size, text.turn, text.is_pale) for text in self._texts], 3)[owners]
        x, y, width = as_rows(self._places, 3).T
        a, b, c, d, e, f = matrices.T
        origins = np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)
        cosine, sine = np.cos(looks[:, 1]), np.sin(looks[:, 1])
        ahead = np.stack([a * cosine + c * sine, b * cosine + d * sine], axis=1)
        upward = np.stack([a * sine - c * cosine, b * sine - d * cosine], axis=1) * looks[:, :1]
        advances = width * np.hypot(*ahead.T)
        middles = origins + ahead * width[:, None] / 2 + upward / 2
        inside = ((middles >= 0) & (middles <= (self.width, self.height))).all(axis=1)
        inside &= np.hypot(*upward.T) > 0
        kept = np.flatnonzero(inside)
        pale = looks[kept, 2] > 0
        texts = [self._letters[place] for place in kept.tolist()]
        return seen(
            texts,
            origins[kept],
            ahead[kept],
            advances[kept],
            upward[kept],
            lambda some: np.asarray(pale[some], np.bool_),
        )

    # ------------------------------------------------------------------------------------------------ shapes

    def _add_path(self, element: Element, placed: Matrix, colours: dict[str, Colour]) -> None:
        is_filled = element.get("Fill", "false").strip().lower() in ("true", "1")
        is_stroked = element.get("Stroke", "true").strip().lower() not in ("false", "0")
        paints = [
            colours[name] for name, has in (("FillColor", is_filled), ("StrokeColor", is_stroked)) if has
        ]
        data = child(element, "AbbreviatedData")
        if not paints or data is None:
            return
        found = path(data.text, LIMITS.cells)
        self._count(len(found.points))
        if found.curves > _MOST_CURVES:
            self.drawings += 1
            return
        if not found.points:
            return
        on_page = _path_matrix(element, found, placed)
        points = _moved(as_rows(found.points, 2), on_page)
        ends = _moved(as_rows(found.pieces, 4).reshape(-1, 2), on_page).reshape(-1, 4)
        number_of_shape = len(self._boxes)
        self._boxes.append((*points.min(axis=0).tolist(), *points.max(axis=0).tolist()))
        self._whites.append(all(bright >= WHITE or opacity == 0 for bright, opacity in paints))
        self._fills.append(is_filled)
        self._rules.append((number_of_shape, ends))

    def _straight(self) -> tuple[Numbers, Numbers]:
        """The vertical and horizontal rules that are seen, as far as they stand on the page."""
        if not self._rules:
            return as_rows([], 3), as_rows([], 3)
        hidden = unseen(
            np.array(self._whites, np.bool_), np.array(self._fills, np.bool_), as_rows(self._boxes, 4)
        )
        shown = [ends for shape, ends in self._rules if not hidden[shape]]
        x0, y0, x1, y1 = np.concatenate([*shown, as_rows([], 4)]).T
        across, down = np.abs(x1 - x0), np.abs(y1 - y0)
        level = (down <= LEANING_RULE * across) & (across > 0)
        steep = ~level & (across <= LEANING_RULE * down) & (down > 0)
        sides = (
            (steep, (x0 + x1) / 2, y0, y1, self.width, self.height),
            (level, (y0 + y1) / 2, x0, x1, self.height, self.width),
        )
        rules = []
        for chosen, place, one, other, breadth, length in sides:
            start = np.clip(np.minimum(one, other), 0, length)
            end = np.clip(np.maximum(one, other), 0, length)
            chosen = chosen & (place >= 0) & (place <= breadth) & (end > start)
            rules.append(np.stack([place, start, end], axis=1)[chosen])
        return rules[0], rules[1]


def text_of(drawn: Drawn) -> str:
    """The page's text as the file holds it, one line for each piece."""
    return as_meant("\n".join(drawn.given))


def _content(code: Element) -> str:
    """The characters of a text code. Line breaks around them come from a program that indents XML."""
    text = "".join(code.itertext())
    if "\n" in text or "\r" in text:
        text = text.strip()
    return text


def _width_of_one(element: Element, em: float, usual: float) -> float:
    """The width of a single character: that of its boundary, where this is a letter's."""
    if not element.get("Boundary") or element.get("CharDirection") not in (None, "0"):
        return usual
    a, b, _, _, _, _ = matrix(element.get("CTM"))
    width = numbers(element.get("Boundary"), 3)[2] / max(math.hypot(a, b), 1e-9)
    return width if _NARROW * em <= width <= _TIGHT * em else usual


def _placed(element: Element, outer: Matrix) -> Matrix:
    """The matrix from an object's own measures to the page."""
    a, b, c, d, e, f = matrix(element.get("CTM"))
    left, top = numbers(element.get("Boundary"), 2) if element.get("Boundary") else (0.0, 0.0)
    return product((a, b, c, d, e + left, f + top), outer)


def _path_matrix(element: Element, found: Path, outer: Matrix) -> Matrix:
    """The matrix of a path. Where it then lies outside its boundary, older programs have written its place on the page."""
    usual = _placed(element, outer)
    if not element.get("Boundary"):
        return usual
    left, top, width, height = numbers(element.get("Boundary"), 4)
    boundary = _moved(as_rows([(left, top), (left + width, top + height)], 2), outer)
    low, high = boundary.min(axis=0) - _NEAR * _POINTS, boundary.max(axis=0) + _NEAR * _POINTS
    points = as_rows(found.points, 2)
    for choice in (usual, product((_DEVICE, 0.0, 0.0, _DEVICE, 0.0, 0.0), outer), outer):
        placed = _moved(points, choice)
        least, most = placed.min(axis=0), placed.max(axis=0)
        if choice is usual:
            if (most >= low).all() and (least <= high).all():
                return usual
        elif (least >= low).all() and (most <= high).all():
            return choice
    return usual


def _moved(points: Numbers, by: Matrix) -> Numbers:
    a, b, c, d, e, f = by
    x, y = points.T
    return np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)


def _colour(element: Element) -> Colour:
    """A colour of one (grey), three (RGB) or four (CMYK) parts up to 255; a pattern counts as dark."""
    opacity = number(element.get("Alpha"), 255.0) / 255
    value = element.get("Value", "").replace(",", " ").split()
    parts = [int(each[1:], 16) if each.startswith("#") else number(each, 0.0) for each in value]
    if len(parts) == 4:
        return 1 - max(parts) / 255, opacity
    return (min(parts) / 255 if parts else 0.0), opacity
