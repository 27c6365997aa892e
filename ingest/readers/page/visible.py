"""What a reader sees of a page, whichever library read it: where characters are, which are duplicates, what is not a rule.

A character is where its pen is: the box that a font's descriptor claims says nothing about the printed shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ingest.readers.page.printed import Numbers

Mask = npt.NDArray[np.bool_]
DESCENT = 0.12
"""Ems by which a character's box reaches below its base line, whatever its font."""
_LEANING = 0.09
"""How much a line of text may lean: five degrees. Text that leans more is a watermark or a stamp."""
LEANING_RULE = 0.01
"""How much a straight line may lean and still be a rule."""
_LARGE = 1.5
"""The multiple of the usual size from which a pale character may belong to a watermark."""
PALE = 0.6
"""The brightness from which, or the opacity up to which, paint is pale (0 to 1)."""
_DOUBLE = 0.11
"""The distance, in ems, within which two equal characters are one, drawn twice to look bold. Letters are never so near."""
WHITE = 0.99
"""The brightness (0 to 1) from which paint cannot be distinguished from paper."""
_SHIFTS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
"""Grids of squares, shifted by half a square: one of them has two near characters in the same square."""
_THICKEST_RULE = 4.0
"""Points; a wider and higher fill is an area, not a rule."""
_MOST_PAIRS = 10_000_000


def seen(
    texts: list[str],
    origins: Numbers,
    directions: Numbers,
    advances: Numbers,
    upward: Numbers,
    are_pale: Callable[[npt.NDArray[np.int64]], Mask],
) -> tuple[list[str], Numbers, Mask, Numbers]:
    """The characters that are print: their texts, boxes (n, 4), whether they stand upright, and their base lines.

    Not those that lean, not large pale ones that stand across others, and of those drawn several times at nearly one
    place not the later ones. Places and vectors (n, 2) go right and down: ``origins`` is where the pen stands,
    ``directions`` where it goes, ``advances`` (n) how far, ``upward`` one em; ``are_pale`` tells of characters by their
    numbers whether they are painted in a pale colour. A base line is y of upright characters, x of others; mirrored ones
    are not upright.
    """
    boxes, upright, base_lines, leans = _boxes(origins, directions, advances, upward)
    is_print = ~(leans | _watermarks(boxes, np.hypot(*upward.T), are_pale))
    if is_print.all():
        is_print = _singles(texts, boxes, upright)
        if is_print.all():
            return texts, boxes, upright, base_lines
        kept = np.flatnonzero(is_print)
    else:
        kept = np.flatnonzero(is_print)
        kept = kept[_singles([texts[number] for number in kept.tolist()], boxes[kept], upright[kept])]
    return [texts[number] for number in kept.tolist()], boxes[kept], upright[kept], base_lines[kept]


def _boxes(
    origins: Numbers, directions: Numbers, advances: Numbers, upward: Numbers
) -> tuple[Numbers, Mask, Numbers, Mask]:
    size = np.abs(directions)
    straight = np.where(size < _LEANING * size[:, ::-1], 0.0, directions)
    ahead = straight / np.maximum(np.hypot(*straight.T), 1e-12)[:, None] * advances[:, None]
    foot = origins - DESCENT * upward
    corners = np.stack([foot, foot + ahead, foot + upward, foot + ahead + upward])
    boxes: Numbers = np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1)
    upright = (straight[:, 1] == 0) & (straight[:, 0] * upward[:, 1] < 0)
    base_lines = np.where(upright, origins[:, 1], origins[:, 0])
    return boxes, upright, base_lines, (straight != 0).all(axis=1)


def _watermarks(boxes: Numbers, ems: Numbers, are_pale: Callable[[npt.NDArray[np.int64]], Mask]) -> Mask:
    """Which characters are large and pale, and of a size of which some stand across other characters."""
    found = np.zeros(len(ems), np.bool_)
    if not len(ems) or ems.max() < _LARGE * ems.min():
        return found
    large = np.flatnonzero(ems >= _LARGE * np.median(ems))
    pale = large[are_pale(large)] if len(large) else large
    if not len(pale) or len(pale) * len(ems) > _MOST_PAIRS:
        return found
    others = np.setdiff1d(np.arange(len(ems)), pale)
    x, y = ((boxes[others, :2] + boxes[others, 2:]) / 2).T[:, None, :]
    left, top, right, bottom = boxes[pale].T[:, :, None]
    crosses = ((left < x) & (x < right) & (top < y) & (y < bottom)).any(axis=1)
    sizes = ems[pale].round(1)
    found[pale[np.isin(sizes, sizes[crosses])]] = True
    return found


def _singles(texts: Sequence[str], boxes: Numbers, upright: Mask) -> Mask:
    """Which characters were not drawn before at nearly the same place."""
    if not len(texts):
        return np.ones(0, np.bool_)
    letters = _numbered(texts)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    ems = np.where(upright, boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0])
    near = np.maximum(_DOUBLE * ems, 1e-3)[:, None]
    kept = np.ones(len(texts), np.bool_)
    kinds = (letters << 10 | np.rint(10 * ems).astype(np.int64) & 0x3FF) << 1 | upright
    squares = np.floor(middles / near).astype(np.int64)
    for shift in _SHIFTS:
        x, y = ((squares + shift) >> 1 & 0x3FFF).T
        numbers = np.flatnonzero(kept)
        keys = (kinds << 28 | x << 14 | y)[numbers]
        if (np.diff(np.sort(keys)) != 0).all():
            continue
        _, first, of_group = np.unique(keys, return_index=True, return_inverse=True)
        firsts = numbers[first[of_group]]
        is_near = (np.abs(middles[numbers] - middles[firsts]) <= near[numbers]).all(axis=1)
        kept[numbers[(firsts != numbers) & is_near]] = False
    return kept


def _numbered(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """A number for each text, the same for texts that are equal."""
    whole = "".join(texts)
    if len(whole) == len(texts):
        return np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    number_of: dict[str, int] = {}
    return np.array([number_of.setdefault(text, len(number_of)) for text in texts], np.int64)


def orientations(across: Numbers, down: Numbers) -> tuple[Mask, Mask]:
    """Which straight lines of these widths and heights are horizontal rules, and which are vertical ones."""
    level = np.abs(down) <= LEANING_RULE * np.abs(across)
    return level, ~level & (np.abs(across) <= LEANING_RULE * np.abs(down))


def unseen(is_white: Mask, is_filled: Mask, boxes: Numbers) -> Mask:
    """Which shapes cannot be seen: white ones, except those that lie on a coloured area.

    Shapes stand in the order in which they are painted. Where there are too many to compare, all count as seen.
    """
    sizes = boxes[:, 2:] - boxes[:, :2]
    areas = np.flatnonzero(~is_white & is_filled & (sizes > _THICKEST_RULE).all(axis=1))
    whites = np.flatnonzero(is_white)
    hidden = is_white.copy()
    if len(areas) * len(whites) > _MOST_PAIRS:
        return np.zeros(len(is_white), np.bool_)
    if not len(areas) or not len(whites):
        return hidden
    for area in areas.tolist():
        left, top, right, bottom = boxes[area]
        x0, y0, x1, y1 = boxes[whites].T
        lies_on = (whites > area) & (x0 < right) & (x1 > left) & (y0 < bottom) & (y1 > top)
        hidden[whites[lies_on]] = False
    return hidden
