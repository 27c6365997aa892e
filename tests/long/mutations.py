"""Ways in which a file may be damaged, by chance or on purpose.

Each takes bytes and returns other bytes, or None where it does not apply.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable
from gzip import compress
from random import Random

Mutation = Callable[[bytes, Random, list[bytes]], bytes | None]
"""(the file, chance, other files to take from) -> the broken file, or None."""

_MOST_BYTES = 2**20
"""Maximum size to which a file may grow: the time for reading grows in proportion."""
_DIRECTORY = b"PK\x01\x02"
_ZIP = b"PK\x03\x04"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_DIGITS = re.compile(rb"\d+")
_ABSURD = (b"0", b"-1", b"65536", b"1048576", b"999999999", b"4294967295", b"9" * 30)
_ABSURD_VALUES = (
    *(each.decode() for each in _ABSURD),
    *("", " ", "x", "NaN", "INF", "1e30", "-1e308", "1e-400", "0x1F", "1.5", "1_000", "²", "１", "true"),
    *("_xD83D_", "A0", "A1:", "C3:A1", "XFD1048576", "ZZZ9999999", "../../x", "#REF!", "s", "inlineStr", "d"),
    *(
        "9999-12-31T23:59:59",
        "P1D",
        "#,##0." + "0" * 300,
        "[>1.2.3]0",
        "0" * 5_000,
        "%" * 200,
        "\ufffe",
        "&#xFFFF;",
    ),
)
"""Wrong values for an attribute or an element."""
_ATTRIBUTE = re.compile(rb"""(?<==)"[^"<>]{0,200}"|(?<==)'[^'<>]{0,200}'""")
_CONTENT = re.compile(rb"(?<=>)[^<>]{1,200}(?=<)")
_ELEMENT = re.compile(rb"<([\w:]+)\b[^<>]*(?:/>|>[^<>]*</\1>)")
_TAG = re.compile(rb"</?[\w:]+[^<>]*>")
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"ha" * 50,
    b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 30) for n in range(9)),
)


def truncate(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """The beginning."""
    return data[: rng.randrange(len(data))]


def lose_end(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """All but the last few bytes."""
    return data[: -rng.randint(1, 64)]


def flip_bytes(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """Some bytes changed."""
    changed = bytearray(data)
    for _number in range(rng.choice((1, 5, 50, 500))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def insert_nuls(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """A run of NUL bytes put in."""
    at = rng.randrange(len(data))
    return data[:at] + bytes(rng.choice((1, 16, 4096))) + data[at:]


def blank_out(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """A run of bytes made NUL, as lost sectors of a disk are."""
    at = rng.randrange(len(data))
    length = min(rng.choice((8, 512, 8192)), len(data) - at)
    return data[:at] + bytes(length) + data[at + length :]


def insert_noise(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """Random bytes put in."""
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.choice((1, 16, 1024))) + data[at:]


def remove_slice(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """A slice taken out."""
    at, end = sorted(rng.randrange(len(data)) for _number in range(2))
    return data[:at] + data[end:]


def repeat_slice(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """A slice up to a hundred times over."""
    at = rng.randrange(len(data))
    part = data[at : at + rng.choice((16, 1024, 16_384))]
    return data[:at] + part * min(100, _MOST_BYTES // len(part)) + data[at:]


def repeat(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """The file many times over."""
    return data * max(2, min(rng.choice((2, 20, 200)), _MOST_BYTES // len(data)))


def swap_halves(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """The end before the beginning."""
    at = rng.randrange(len(data))
    return data[at:] + data[:at]


def splice(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    """The beginning of one file and the end of another."""
    other = rng.choice(others)
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


def append_other(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    """Another file behind."""
    return data + rng.choice(others)


def prepend_noise(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """Bytes before the file's magic number."""
    return rng.choice((b"\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 700)) + data


def other_magic(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    """The magic number of another medium."""
    return rng.choice(others)[:8] + data[8:]


def absurd_numbers(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Printed numbers, lengths, counts and spans among them, made absurd."""
    places = list(_DIGITS.finditer(data))
    if not places:
        return None
    for found in sorted(
        rng.sample(places, min(len(places), rng.choice((1, 10, 100)))), key=lambda each: -each.start()
    ):
        data = data[: found.start()] + rng.choice(_ABSURD) + data[found.end() :]
    return data


def declare_other_charset(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A page or part that declares an encoding that it is not written in."""
    name = rng.choice(
        (b"utf-16", b"big5", b"shift_jis", b"iso-8859-1", b"utf-7", b"base64", b"gb2312", b"nonsense")
    )
    changed = re.sub(rb"((?:charset|encoding)=[\"']?)[\w-]+", rb"\g<1>" + name, data)
    return changed if changed != data else None


def encode_otherwise(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """The same text in another encoding, or in two."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    at = rng.randrange(len(text))
    encodings = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-32", "utf-7", "euc_jp")
    return text[:at].encode(rng.choice(encodings), "replace") + text[at:].encode(
        rng.choice(encodings), "replace"
    )


def nest_markup(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Elements nested without end."""
    tag = rng.choice((b"<table><tr><td>", b"<div>", b"<b>", b"<li>", b"<w:p>"))
    return _in_markup(data, rng, tag * rng.choice((300, 20_000)))


def xml_bomb(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Entities that expand to terabytes."""
    return _in_markup(data, rng, _ENTITIES + b"<p>&j;</p>", at_start=True)


def external_entity(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """An entity that is a file of this machine."""
    return _in_markup(
        data, rng, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><p>&e;</p>', at_start=True
    )


def cut_markup(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Markup that breaks off, inside its container where it has one."""
    return _in_part(data, rng, lambda part: part[: rng.randrange(len(part))] if b"<" in part else None)


def absurd_attributes(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Attributes of markup that hold something else than they should."""
    return _in_part(data, rng, lambda part: _replaced(part, _ATTRIBUTE, rng, b'"%s"'))


def absurd_contents(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Elements of markup that hold something else than they should."""
    return _in_part(data, rng, lambda part: _replaced(part, _CONTENT, rng, b"%s"))


def lose_elements(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Markup without some of its elements, or of its tags."""
    pattern, share = rng.choice((_ELEMENT, _TAG)), rng.choice((0.01, 0.3))

    def lose(part: bytes) -> bytes | None:
        changed = pattern.sub(lambda found: b"" if rng.random() < share else found.group(), part)
        return changed if changed != part else None

    return _in_part(data, rng, lose)


def move_elements(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """Markup with elements at places of others."""

    def move(part: bytes) -> bytes | None:
        elements = [found.group() for found in _ELEMENT.finditer(part)][:2_000]
        if len(elements) < 2:
            return None
        return _ELEMENT.sub(
            lambda found: rng.choice(elements) if rng.random() < 0.1 else found.group(), part
        )[:_MOST_BYTES]

    return _in_part(data, rng, move)


def rename_parts(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A container whose parts have names as other programs write them, or other names."""
    change: Callable[[str], str] = rng.choice(
        (
            lambda name: name.replace("/", "\\"),
            str.upper,
            lambda name: "/" + name,
            lambda name: name.replace("l", "%6C"),
            lambda name: name.rpartition("/")[2],
            lambda name: name + rng.choice(("", "x")),
        )
    )
    return _repack(data, lambda parts: parts.__setitem__(slice(None), [(change(n), c) for n, c in parts]))


def lie_about_sizes(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A container whose directory says other sizes than its members have."""
    at = data.find(_DIRECTORY)
    if not data.startswith(_ZIP) or at < 0:
        return None
    changed = bytearray(data)
    while at >= 0:
        if rng.random() < 0.5:
            size = rng.choice((0, 1, 100, 2**20, 2**31))
            changed[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = data.find(_DIRECTORY, at + 1)
    return bytes(changed)


def absurd_records(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """An old workbook whose records hold something else than they should: lengths, places, styles, numbers."""
    at = data.find(_BIFF) if data.startswith(_OLE2) else -1
    if at < 0:
        return None
    changed = bytearray(data)
    share = rng.choice((0.002, 0.05))
    while at + 4 <= len(data):
        length = int.from_bytes(data[at + 2 : at + 4], "little")
        if rng.random() < share:
            place = at + 4 + rng.randrange(length) if length else at + rng.randrange(4)
            value = rng.choice(
                (b"\xff\xff", b"\x00", bytes(8), b"\x00\x00\x00\x00\x00\x00\xf8\x7f", b"\x3d\xd8")
            )
            changed[place : place + len(value)] = value[: max(0, len(changed) - place)]
        at += 4 + length
    return bytes(changed)


def break_part(data: bytes, rng: Random, others: list[bytes]) -> bytes | None:
    """A sound container with a broken part."""
    if not data.startswith(_ZIP):
        return None
    mutation = rng.choice((flip_bytes, insert_nuls, repeat_slice, remove_slice, absurd_numbers, splice))
    return _in_part(data, rng, lambda part: mutation(part, rng, others))


def drop_part(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A container without one of its parts."""
    return _repack(data, lambda parts: parts.remove(rng.choice(parts)))


def repeat_part(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A container with two parts of one name."""
    return _repack(data, lambda parts: parts.insert(rng.randrange(len(parts)), rng.choice(parts)))


def add_macro(data: bytes, _: Random, __: list[bytes]) -> bytes | None:
    """A container with a macro."""
    return _repack(data, lambda parts: parts.append(("word/vbaProject.bin", b"macro")))


def swell_part(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A container with a part that expands without measure."""
    return _in_part(data, rng, lambda part: part + bytes(rng.choice((2, 64)) * 2**20), whole=True)


def drop_directory(data: bytes, _: Random, __: list[bytes]) -> bytes | None:
    """A container without its directory."""
    at = data.find(_DIRECTORY)
    return data[:at] if data.startswith(_ZIP) and at > 0 else None


def break_directory(data: bytes, rng: Random, others: list[bytes]) -> bytes | None:
    """A container with a broken directory: flags, sizes, places."""
    at = data.find(_DIRECTORY)
    return data[:at] + flip_bytes(data[at:], rng, others) if data.startswith(_ZIP) and at > 0 else None


def break_references(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A PDF whose objects point to others, and in circles."""
    if not data.startswith(b"%PDF"):
        return None
    numbers = re.findall(rb"(\d+) 0 obj", data)
    if not numbers:
        return None
    share = rng.choice((0.02, 0.3))
    return re.sub(
        rb"\d+ 0 R",
        lambda found: rng.choice(numbers) + b" 0 R" if rng.random() < share else found.group(),
        data,
    )


def break_index(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A PDF with a broken table of places."""
    at = data.rfind(b"xref", 0, data.rfind(b"startxref")) if data.startswith(b"%PDF") else -1
    if at < 0:
        return None
    return data[:at] + re.sub(rb"\d{5,}", lambda _found: b"%010d" % rng.randrange(2 * len(data)), data[at:])


def swell_stream(data: bytes, rng: Random, _: list[bytes]) -> bytes | None:
    """A PDF with a stream that expands without measure."""
    places = (
        list(re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)) if data.startswith(b"%PDF") else []
    )
    if not places:
        return None
    found = rng.choice(places)
    drawn = rng.choice((b" ", b"0 0 m 9 9 l S\n", b"BT (1) Tj ET\n", b"q ", b"[[[["))
    return (
        data[: found.start(1)]
        + zlib.compress(drawn * (16 * 2**20 // len(drawn)))
        + b"\n"
        + data[found.end(1) :]
    )


def archive(data: bytes, rng: Random, others: list[bytes]) -> bytes:
    """An archive with a sound file, a broken one and one whose name leads out of it."""
    return _pack(
        [
            ("目录/完好.bin", rng.choice(others)),
            ("目录/损坏.bin", flip_bytes(data, rng, others)),
            ("../../外面.bin", data),
        ]
    )


def nest_archives(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """Archives in archives."""
    for depth in range(rng.choice((1, 2, 6))):
        data = _pack([(f"{depth}.zip", data), (f"{depth}_2.zip", data)])
    return data


def many_members(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """An archive with more members than are read, or nearly."""
    return _pack([(f"{number}.txt", data[:20]) for number in range(rng.choice((300, 12_000)))])


def wrap(data: bytes, rng: Random, _: list[bytes]) -> bytes:
    """The file inside another medium."""
    coded = b64encode(data)
    return rng.choice(
        (
            compress(data),
            coded,
            b"<html><body><img src='data:image/png;base64," + coded + b"'></body></html>",
            b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + coded,
        )
    )


MUTATIONS: tuple[Mutation, ...] = (
    truncate, lose_end, flip_bytes, insert_nuls, blank_out, insert_noise, remove_slice, repeat_slice, repeat,
    swap_halves, splice, append_other, prepend_noise, other_magic, absurd_numbers, declare_other_charset,
    encode_otherwise, nest_markup, xml_bomb, external_entity, cut_markup,
    absurd_attributes, absurd_contents, lose_elements, move_elements, rename_parts, lie_about_sizes, absurd_records, break_part, drop_part, repeat_part,
    add_macro, swell_part, drop_directory, break_directory, break_references, break_index, swell_stream, archive,
    nest_archives, many_members, wrap,
)  # fmt: skip


Part = tuple[str, bytes]


def _pack(parts: list[Part]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return buffer.getvalue()


def _repack(data: bytes, change: Callable[[list[Part]], object]) -> bytes | None:
    if not data.startswith(_ZIP):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(entry.filename, packed.read(entry)) for entry in packed.infolist()]
    change(parts)
    return _pack(parts)


def _replaced(part: bytes, pattern: re.Pattern[bytes], rng: Random, shape: bytes) -> bytes | None:
    """Markup with some of what a pattern finds made absurd."""
    places = list(pattern.finditer(part)) if b"<" in part else []
    if not places:
        return None
    for found in sorted(
        rng.sample(places, min(len(places), rng.choice((1, 5, 50)))), key=lambda each: -each.start()
    ):
        value = shape % rng.choice(_ABSURD_VALUES).encode()
        part = part[: found.start()] + value + part[found.end() :]
    return part


def _in_part(
    data: bytes, rng: Random, change: Callable[[bytes], bytes | None], whole: bool = False
) -> bytes | None:
    """Change one part of a container; unless ``whole`` asks for one, a file that is none as it is."""
    if not data.startswith(_ZIP):
        return None if whole else change(data)
    changed: list[bytes] = []

    def replace(parts: list[Part]) -> None:
        at = rng.randrange(len(parts))
        content = change(parts[at][1]) if parts[at][1] else None
        if content is not None:
            changed.append(content)
            parts[at] = (parts[at][0], content)

    packed = _repack(data, replace)
    return packed if changed else None


def _in_markup(data: bytes, rng: Random, what: bytes, at_start: bool = False) -> bytes | None:
    """Put something into markup: behind its declaration, or before one of its elements."""

    def change(part: bytes) -> bytes | None:
        if not part.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):
            return None
        starts = [found.start() for found in re.finditer(rb"<[\w/]", part)]
        if not starts:
            return None
        at = starts[0] if at_start else rng.choice(starts)
        return part[:at] + what + part[at:]

    return _in_part(data, rng, change)
