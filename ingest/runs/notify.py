"""What the operator's command is told of a run. Whatever becomes of the command, the run's own result stands."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from tempfile import TemporaryFile
from typing import Any

from ingest.terminal import json_text

_COMMAND_SECONDS = 60.0
"""How long the command may take."""
_COMPLAINT_BYTES = 500
"""How much of what the command writes on standard error is passed on."""


class Occasion(StrEnum):
    """What a notification may be sent for."""

    failure = "failure"
    hold = "hold"
    quarantine = "quarantine"
    success = "success"


DEFAULT = (Occasion.failure, Occasion.hold, Occasion.quarantine)


def parse_occasions(texts: Iterable[str]) -> list[Occasion]:
    """Occasions given one by one or with commas between them. Raises ValueError for what is none."""
    names = [name.strip() for text in texts for name in text.split(",")]
    return [Occasion(name) for name in names if name]


def send(command: str, payload: dict[str, Any]) -> str | None:
    """Give a shell command one JSON object on its standard input. Returns what went wrong, None where nothing did."""
    try:
        with TemporaryFile() as complaint:  # no pipe: what the command leaves behind would keep it open
            process = subprocess.Popen(
                command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaint,
                start_new_session=True,
            )  # fmt: skip
            try:
                process.communicate((json_text(payload) + "\n").encode(), _COMMAND_SECONDS)
            except BaseException:
                with suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
            complaint.seek(0)
            said = complaint.read(_COMPLAINT_BYTES).decode(errors="replace").strip()
    except subprocess.TimeoutExpired:
        return f"it did not end within {_COMMAND_SECONDS:g} seconds"
    except (OSError, ValueError) as error:
        return str(error)
    return f"exit status {process.returncode}: {said}" if process.returncode else None
