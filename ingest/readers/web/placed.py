"""Pages whose text is placed piece by piece with left and top, as converters print PDF pages in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from ingest.readers.aligned import Piece

_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,4000})\}")
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)", re.IGNORECASE)
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
Pages = dict[etree._Element, list[Piece]]


def placed_pages(root: etree._Element, is_unseen: Callable[[etree._Element], bool]) -> Pages:
    """{the element of a page: its pieces} for the pages whose text is placed piece by piece."""
    rules = _rules(root)
    found: Pages = {}
    for element, style in _placed(root, rules, is_unseen):
        page, left, top, height = _origin(element, rules)
        found.setdefault(page, []).extend(_pieces(element, style, rules, (left, top, height)))
    return {page: pieces for page, pieces in found.items() if len(pieces) >= _LEAST_PIECES}


def _rules(root: etree._Element) -> dict[str, Style]:
    """The declarations of the page's own style sheets by class (``.name``) or identifier (``#name``)."""
    found: dict[str, Style] = {}
    for sheet in root.iter("style"):
        for selectors, declarations in _RULE.findall("".join(sheet.itertext())):
            for selector in selectors.split(","):
                match = _SELECTOR.fullmatch(selector.strip())
                if match:
                    found.setdefault(match.group(1), {}).update(_declared(declarations))
    return found


def _declared(text: str) -> Style:
    return {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(text)}


def _style(element: etree._Element, rules: dict[str, Style]) -> Style:
    style: Style = {}
    for name in element.get("class", "").split():
        style |= rules.get(f".{name}", {})
    style |= rules.get(f"#{element.get('id', '')}", {})
    return style | _declared(element.get("style", ""))


def _is_placed(style: Style) -> bool:
    is_sided = ("left" in style or "right" in style) and ("top" in style or "bottom" in style)
    return style.get("position") in ("absolute", "fixed") and is_sided


def _placed(
    root: etree._Element, rules: dict[str, Style], is_unseen: Callable[[etree._Element], bool]
) -> Iterator[tuple[etree._Element, Style]]:
    """The elements that are placed by themselves, with their styles, without what is hidden."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if is_unseen(element):
            walk.skip_subtree()
        elif (element.get("style") or element.get("class") or element.get("id")) and element.tag != "body":
            style = _style(element, rules)
            if _is_placed(style):
                yield element, style


def _origin(element: etree._Element, rules: dict[str, Style]) -> tuple[etree._Element, float, float, float]:
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
    element: etree._Element, style: Style, rules: dict[str, Style], origin: tuple[float, float, float]
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
        taken = sum(height if ord(char) > 0x2E7F else height / 2 for char in text)
        begin = left
        if width and width > taken and style.get("text-align") in ("right", "center", "end"):
            begin += (width - taken) / (2 if style["text-align"] == "center" else 1)
        middle = top + height * (0.5 + _LINE * number)
        yield Piece(text, begin, begin + taken, middle, height, element.sourceline or 1)


def _texts(element: etree._Element, rules: dict[str, Style]) -> list[str]:
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


def _height(element: etree._Element, rules: dict[str, Style]) -> float:
    """The size of an element's letters: its own, that of what it holds, or of what it stands in."""
    for each in (element, *element.iter("span", "font"), *element.iterancestors()):
        size = _length(_style(each, rules).get("font-size"))
        if size:
            return size
    return _USUAL_HEIGHT


def _length(value: str | None) -> float | None:
    match = _LENGTH.match(value or "")
    return float(match.group(1)) * _PIXELS[(match.group(2) or "").lower()] if match else None
