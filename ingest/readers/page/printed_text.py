"""Characters -> words, lines and the text of cells, by the rules of pdfplumber's word extractor, but with base lines.

Characters whose base lines are within 3 points of each other stand on one line; there a blank, or a gap of more than
3 points, ends a word. Rotated characters are lines from top to bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.document.model import Box
from ingest.readers.page.printed import ONE_WORD, PrintedPage


def text_of(page: PrintedPage, chars: Sequence[int]) -> str:
    """The text of the characters: words with blanks between them, lines with line breaks."""
    if not len(chars):
        return ""
    first, last = chars[0], chars[-1]
    if first < last == first + len(chars) - 1 and page.breaks[first] == page.breaks[last]:
        return "".join(page.texts[first : last + 1])
    words = list(words_of(page, chars))
    if len(words) == 1:
        return _joined(page, words[0])
    levels = [_level(page, word) for word in words]
    line_of = _clusters(levels)
    if line_of is None:
        return " ".join(_joined(page, word) for word in words)
    lines: list[list[str]] = [[] for _ in range(max(line_of.values()) + 1)]
    for level, word in zip(levels, words, strict=True):
        lines[line_of[level]].append(_joined(page, word))
    return "\n".join(" ".join(line) for line in lines)


def lines_of(page: PrintedPage, chars: Sequence[int]) -> Iterator[tuple[str, Box, list[int]]]:
    """The lines that the characters make, in the order of the page's words, each with its box and its characters."""
    words = list(words_of(page, chars))
    levels = [_level(page, word) for word in words]
    line_of = _clusters(levels) or dict.fromkeys(levels, 0)
    for _, numbers in groupby(range(len(words)), key=lambda number: line_of[levels[number]]):
        line = [words[number] for number in numbers]
        text = " ".join(_joined(page, word) for word in line).strip(" ")
        if text.strip():
            members = [char for word in line for char in word]
            yield (
                text,
                (
                    min(map(page.lefts.__getitem__, members)),
                    min(map(page.tops.__getitem__, members)),
                    max(map(page.rights.__getitem__, members)),
                    max(map(page.bottoms.__getitem__, members)),
                ),
                members,
            )


def _joined(page: PrintedPage, word: list[int]) -> str:
    return "".join([page.texts[char] for char in word])


def _level(page: PrintedPage, word: list[int]) -> float:
    """The height of a word's base line; of a word that does not stand upright, of its first character's foot."""
    return page.levels[word[0]] if page.upright[word[0]] else min(page.bottoms[char] for char in word)


def _clusters(values: list[float]) -> dict[float, int] | None:
    """The number of the line of each value, where values that follow within the tolerance are one line.

    None where all values are one line.
    """
    if not values or max(values) - min(values) <= ONE_WORD:
        return None
    number_of: dict[float, int] = {}
    number, last = 0, None
    for value in sorted(set(values)):
        if last is not None and value > last + ONE_WORD:
            number += 1
        number_of[value] = number
        last = value
    return number_of


def words_of(page: PrintedPage, chars: Sequence[int]) -> Iterator[list[int]]:
    """The characters of each word; characters of one direction that follow each other are read together."""
    if page.is_upright:
        yield from _words_along(page, list(chars), page.lefts, page.rights)
        return
    for is_upright, group in groupby(chars, key=page.upright.__getitem__):
        if is_upright:
            yield from _words_along(page, list(group), page.lefts, page.rights)
        else:
            yield from _words_along(page, list(group), page.tops, page.bottoms)


def _words_along(
    page: PrintedPage, chars: list[int], starts: list[float], ends: list[float]
) -> Iterator[list[int]]:
    """Words of characters that are on the same line and follow each other from start to end."""
    texts, levels = page.texts, page.levels
    line_of = _clusters([levels[char] for char in chars])
    if line_of is None:
        lines = [chars]
    else:
        lines = [[] for _ in range(max(line_of.values()) + 1)]
        for char in chars:
            lines[line_of[levels[char]]].append(char)
    for line in lines:
        line.sort(key=starts.__getitem__)
        word: list[int] = []
        for char in line:
            if texts[char].isspace():
                if word:
                    yield word
                    word = []
            elif word and (
                starts[char] > ends[word[-1]] + ONE_WORD or abs(levels[char] - levels[word[-1]]) > ONE_WORD
            ):
                yield word
                word = [char]
            else:
                word.append(char)
        if word:
            yield word
