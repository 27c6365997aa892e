"""The text of bytes whose encoding is found, not assumed: the encoding that a file declares is tried and checked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

from ingest.outcomes import DocumentError, Reason

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5hkscs": ("big5", 0xA4, 0xC6)}
"""The Chinese encodings that are tried, each with the character set and the lead bytes of its common characters."""
_FAMILIES = (
    (re.compile(r"^utf-?8$"), "utf-8"),
    (re.compile(r"^(?:x-)?gb|^(?:cp|ms)?936$|^chinese$|^euc-cn$"), "gb18030"),
    (re.compile(r"^(?:x-)?big-?5|^(?:cp|ms)?950$"), "big5hkscs"),
    (re.compile(r"^(?:shift|euc|iso-2022|hz|ks_c|cp949|ms932|cp932|windows-31j)"), ""),
    (re.compile(r"^(?:iso-?8859|latin|windows-|cp125|koi8|tis-620|mac|us-ascii|ascii)"), ""),
)
"""Names by which files call encodings, and the encoding to read them by (itself where none is given)."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MOST_DAMAGED = 0.002
"""The share of a text's characters that may be damaged; each becomes U+FFFD, which is never part of a figure."""
_MOST_IF_DECLARED = 0.02
"""The share that may be damaged where the file declares the encoding and nothing else fits."""
_LEAST_COMMON = 0.6
_SAMPLE = 20_000


def decode(data: bytes, declared: list[str] | None = None) -> str:
    """The text of the bytes, without byte order mark and characters that print nothing.

    Tried in this order: the byte order mark, UTF-8, UTF-16 by its zero bytes, then the ``declared`` names and
    GB18030 and Big5. Bytes that are valid UTF-8 are never something else. A Chinese encoding must give common
    characters, and a declared encoding of another language is tried after them, since many Chinese pages declare one. At
    last a declared encoding is believed although more is damaged: names of fonts in another encoding, say.

    Raises DocumentError(TEXT_UNDECODABLE).
    """
    text = next(_readings(data, declared or []), None)
    if text is None:
        raise DocumentError(
            Reason.TEXT_UNDECODABLE,
            "the bytes are not UTF-8, UTF-16, GB18030 or Big5 text, nor text in an encoding that they declare",
        )
    return _INVISIBLE.sub("", text)


def _readings(data: bytes, declared: list[str]) -> Iterator[str]:
    """The possible texts of the bytes, the most likely first."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield from _lenient(data[len(mark) :], encoding)
    yield from _lenient(data, "utf-8")
    if b"\x00" in data[:4096]:
        for encoding in ("utf-16-le", "utf-16-be"):
            yield from (
                text for text in _lenient(data, encoding) if _share_common(text, "gb18030") >= _LEAST_COMMON
            )
    named = [encoding for encoding in map(_family, declared) if encoding]
    found = {encoding: text for encoding in _CHINESE for text in _lenient(data, encoding)}
    shares = {encoding: _share_common(text, encoding) for encoding, text in found.items()}
    likely = [encoding for encoding, share in shares.items() if share >= _LEAST_COMMON]
    if likely:
        yield found[max(likely, key=lambda each: (round(shares[each], 1), each in named[:1]))]
    for encoding in named:
        if encoding not in _CHINESE:
            yield from _lenient(data, encoding)
    for encoding in named:
        yield from _lenient(data, encoding, _MOST_IF_DECLARED)


def decode_names(names: list[bytes]) -> list[str] | None:
    """File names that were written in one encoding, UTF-8 or a Chinese one; None where no encoding fits all of them."""
    for encoding in ("utf-8", *_CHINESE):
        try:
            texts = [name.decode(encoding) for name in names]
        except UnicodeDecodeError:
            continue
        whole = "".join(texts)
        if not _CONTROL.search(whole) and (
            encoding == "utf-8" or _share_common(whole, encoding) >= _LEAST_COMMON
        ):
            return texts
    return None


def _family(name: str) -> str | None:
    """The encoding that a declared name means; None where it is not an encoding of text."""
    bare = name.strip().strip("'\"").lower().replace("_", "-")
    for pattern, encoding in _FAMILIES:
        if pattern.match(bare):
            try:
                return encoding or codecs.lookup(bare).name
            except LookupError:
                return None
    return None


def _lenient(data: bytes, encoding: str, share: float = _MOST_DAMAGED) -> list[str]:
    """The text of the bytes, damaged characters as U+FFFD; none where more than a share of those beyond ASCII are damaged."""
    text, controls = _CONTROL.subn("\ufffd", data.decode(encoding, "replace"))
    most = share * (len(text) - len(text.encode("ascii", "ignore"))) + 1
    return [text] if text.count("\ufffd") <= most and controls <= most else []


def _share_common(text: str, encoding: str) -> float:
    """The share of a text's characters beyond ASCII that are common in an encoding; 1 where there are none."""
    beyond = [char for char in text if char > "\x7f"][:_SAMPLE]
    common = _common(encoding)
    return sum(1 for char in beyond if char in common) / len(beyond) if beyond else 1.0


@cache
def _common(encoding: str) -> frozenset[str]:
    """The common Chinese characters of an encoding's first level, and its punctuation and full-width forms."""
    charset, first, last = _CHINESE[encoding]
    leads = [*range(0xA1, 0xAA), *range(first, last + 1)]
    pairs = [bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF)]
    return frozenset("".join(pair.decode(charset, "ignore") for pair in pairs)) - {"\ufffd"} | frozenset(
        "\u00a0·—•"
    )
