"""Pages whose text is placed piece by piece with left and top, as converters print PDF pages in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from ingest.readers.page.placed import Piece

_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,4000})\}")
_COMPOUND = re.compile(r"[a-z][a-z0-9]*|[.#][\w-]+|\*", re.IGNORECASE)
_SELECTOR = re.compile(r"[a-z0-9.#*_\s>-]{1,200}", re.IGNORECASE)
_DECLARATION = re.compile(r"([a-z-]{2,30})\s*:\s*([^;]{1,200})", re.IGNORECASE)
_LENGTH = re.compile(r"(-?(?:\d{1,6}(?:\.\d{0,9})?|\.\d{1,9}))\s*(px|pt|em|rem|in|cm|mm|%)?", re.IGNORECASE)
_PIXELS = {
    "px": 1.0,
    "pt": 4 / 3,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "em": 16.0,
    "rem": 16.0,
    "%": 8.0,
    "": 1.0,
}
_USUAL_HEIGHT = 16.0
_LINE = 1.2
"""The distance of two lines of a piece, in heights."""
_LEAST_PIECES = 12
"""The fewest placed pieces of a page; fewer are the page's own layout."""

Style = dict[str, str]
Rules = dict[str, list["_Rule"]]
Pages = dict[etree._Element, list[Piece]]


def placed_pages(root: etree._Element, is_unseen: Callable[[etree._Element], bool]) -> Pages:
    """{the element of a page: its pieces} for the pages whose text is placed piece by piece."""
    rules = _rules(root)
    found: Pages = {}
    for element, style in _placed(root, rules, is_unseen):
        page, left, top, height = _origin(element, rules)
        found.setdefault(page, []).extend(_pieces(element, style, rules, (left, top, height)))
    return {page: pieces for page, pieces in found.items() if len(pieces) >= _LEAST_PIECES}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a style sheet: what the element and, before it, those around it must be, and what it declares."""

    compounds: tuple[tuple[str, ...], ...]
    style: Style


def _rules(root: etree._Element) -> Rules:
    """The rules of the page's own style sheets by the last name of their selectors: a class, an identifier or a tag."""
    found: Rules = {}
    for sheet in root.iter("style"):
        for selectors, declarations in _RULE.findall("".join(sheet.itertext())):
            style = _declared(declarations)
            for selector in selectors.split(","):
                if _SELECTOR.fullmatch(selector.strip()):
                    compounds = tuple(
                        tuple(_COMPOUND.findall(part)) for part in re.split(r"[\s>]+", selector.strip())
                    )
                    if compounds and compounds[-1]:
                        found.setdefault(compounds[-1][-1], []).append(_Rule(compounds, style))
    return found


def _is_meant(element: etree._Element, compound: tuple[str, ...]) -> bool:
    classes = element.get("class", "").split()
    return all(
        (name[1:] in classes)
        if name[0] == "."
        else (name[1:] == element.get("id"))
        if name[0] == "#"
        else name in ("*", element.tag)
        for name in compound
    )


def _applies(rule: _Rule, element: etree._Element) -> bool:
    if not _is_meant(element, rule.compounds[-1]):
        return False
    around = iter(element.iterancestors())
    return all(
        any(_is_meant(each, compound) for each in around) for compound in reversed(rule.compounds[:-1])
    )


def _declared(text: str) -> Style:
    return {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(text)}


def _style(element: etree._Element, rules: Rules) -> Style:
    style: Style = {}
    names = [
        "*",
        element.tag,
        *(f".{name}" for name in element.get("class", "").split()),
        f"#{element.get('id', '')}",
    ]
    for name in names:
        for rule in rules.get(name, ()):
            if _applies(rule, element):
                style |= rule.style
    return style | _declared(element.get("style", ""))


def _is_placed(style: Style) -> bool:
    is_sided = ("left" in style or "right" in style) and ("top" in style or "bottom" in style)
    return style.get("position") in ("absolute", "fixed") and is_sided


def _placed(
    root: etree._Element, rules: Rules, is_unseen: Callable[[etree._Element], bool]
) -> Iterator[tuple[etree._Element, Style]]:
    """The elements that are placed by themselves, with their styles, without what is hidden."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if is_unseen(element):
            walk.skip_subtree()
        elif element.tag != "body" and isinstance(element.tag, str):
            style = _style(element, rules)
            if _is_placed(style):
                yield element, style


def _origin(element: etree._Element, rules: Rules) -> tuple[etree._Element, float, float, float]:
    """The page that a placed element stands on, where on it its parent begins, and the page's height (0: not known)."""
    left = top = 0.0
    for parent in element.iterancestors():
        style = _style(parent, rules)
        if not _is_placed(style) or parent.tag == "body":
            return parent, left, top, _length(style.get("height")) or 0.0
        left += _length(style.get("left")) or 0.0
        top += _length(style.get("top")) or 0.0
    return element, left, top, 0.0


def _pieces(
    element: etree._Element, style: Style, rules: Rules, origin: tuple[float, float, float]
) -> Iterator[Piece]:
    left, top, page_height = origin
    left += _length(style.get("left")) or 0.0
    bottom = _length(style.get("bottom"))
    height = _height(element, rules)
    if "top" not in style and bottom is not None:
        top = page_height - bottom - height
    else:
        top += _length(style.get("top")) or 0.0
    width = _length(style.get("width"))
    for number, text in enumerate(_texts(element, rules)):
        if not text:
            continue
        widths = [height if ord(char) > 0x2E7F else height / 2 for char in text]
        taken = sum(widths)
        begin = left
        if width and width > taken and style.get("text-align") in ("right", "center", "end"):
            begin += (width - taken) / (2 if style["text-align"] == "center" else 1)
        middle = top + height * (0.5 + _LINE * number)
        ends = list(accumulate(widths, initial=begin))[1:]
        yield Piece(text, begin, ends, middle, height, element.sourceline or 1, element.get("class", ""))


def _texts(element: etree._Element, rules: Rules) -> list[str]:
    """The lines of a placed element's own text, without the elements that are placed inside it."""
    lines = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag == "br":
            lines.append("")
        elif not _is_placed(_style(child, rules)):
            inner = _texts(child, rules)
            lines[-1] += inner[0]
            lines.extend(inner[1:])
        lines[-1] += child.tail or ""
    return [" ".join(line.split()) for line in lines]


def _height(element: etree._Element, rules: Rules) -> float:
    """The size of an element's letters: its own, that of what it holds, or of what it stands in."""
    for each in (element, *element.iter("span", "font"), *element.iterancestors()):
        size = _length(_style(each, rules).get("font-size"))
        if size:
            return size
    return _USUAL_HEIGHT


def _length(value: str | None) -> float | None:
    match = _LENGTH.match(value or "")
    return float(match.group(1)) * _PIXELS[(match.group(2) or "").lower()] if match else None
