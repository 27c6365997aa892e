"""Pictures of one printed line each -> their texts, by RapidOCR's recogniser, offline. Knows nothing about pages."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
_THREADS = 1
"""Threads of the recogniser in one process: one process per core reads documents."""
_LEAST_WIDTH = 96
"""Minimum width in pixels at the recogniser's height of 48: narrower pictures are padded to it."""
_LONGEST = 200
"""Maximum width of a line of text, as a multiple of its height."""
FIGURE = re.compile(r"[-−+]?\d(?:[\d.,:，．：]*\d)?[%％]?")
_PLAIN = re.compile(r"^[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?$")
_LOOSE_GROUPS = re.compile(r"^([-+]?\d{1,3}(?:[.,]\d{3})+)[.,](\d{2})$")
_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "—": "-", "−": "-"})
_MARKS = str.maketrans({"。": ".", "、": ",", "'": ",", "·": ".", ";": ","})
_NUMERIC = re.compile(r"^[\d.,%+\-()]+$")


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one picture and the recogniser's confidence.

    The confidence (0 to 1) is the mean over the characters or, if that is lower, that of the least certain
    character of a figure: one wrong digit makes a wrong figure.
    """

    text: str
    confidence: float


def recognise(picture: Picture) -> Reading:
    """The reading of a picture (height x width x 3) of one line.

    Pictures are recognised one by one: in a batch all are padded to the widest, which is slower and takes three
    times the memory.
    """
    height, width = picture.shape[:2]
    if width > _LONGEST * height:
        return Reading("", 0.0)
    found = _engine().recognize_txt([picture])
    words = found.word_results[0]
    return _reading(found.txts[0], words.confs if words else [])


def _reading(text: str, sureness: Sequence[float]) -> Reading:
    if not text.strip() or len(sureness) != len(text):
        return Reading(text.strip(), 0.0)
    mean = sum(sureness) / len(sureness)
    of_figures = (sureness[at] for found in FIGURE.finditer(text) for at in range(found.start(), found.end()))
    return Reading(text.strip(), min((mean, *of_figures)))


_lock = Lock()
_engines: list[Any] = []
"""The only recogniser of this process, once it is loaded. Threads share it: it keeps nothing of what it reads."""


def _engine() -> Any:
    """The recogniser, loaded at the first picture; its package contains the models."""
    with _lock:
        if not _engines:
            engine = _new_engine()
            engine.recognize_txt([np.full((48, _LEAST_WIDTH, 3), 255, np.uint8)])  # loads its model
            _engines.append(engine)
    return _engines[0]


def _new_engine() -> Any:
    """Its runtime would send telemetry to its maker: it reads this setting when it is first imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_img_shape": [3, 48, _LEAST_WIDTH],
        }
    )


def plain_figure(text: str) -> str | None:
    """The figure that a whole cell prints, with look-alike letters and separators corrected; None where it prints none.

    Letters are taken for digits only where digits outnumber them. Commas and points are distinguished by the digits
    between them; a point is never added where nothing was seen. Numeric text that is still not a well-formed figure
    (``1,2345``) is returned unchanged: see ``is_well_formed``.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    digits = sum(char.isdigit() for char in folded)
    alike = folded.translate(_LOOKALIKES)
    changed = sum(a != b and b.isdigit() for a, b in zip(folded, alike, strict=True))
    figure = alike.translate(_MARKS)
    if not digits or changed >= digits or not _NUMERIC.match(figure):
        return None
    if not _PLAIN.match(figure) and (loose := _LOOSE_GROUPS.match(figure)):
        figure = re.sub(r"[.,]", ",", loose.group(1)) + "." + loose.group(2)
    return figure


def is_well_formed(figure: str) -> bool:
    """Whether a figure's separators are where a printed amount has them."""
    return bool(_PLAIN.match(figure.removeprefix("(").removesuffix(")")))
