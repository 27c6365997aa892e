"""Whether what an engine needs is installed, found out before a run begins and without loading any of it."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path


class MissingError(Exception):
    """Something that an engine needs is not installed; the message says what to install."""


def require_spark() -> None:
    """Raise MissingError where pyspark or Java is missing."""
    if find_spec("pyspark") is None:
        raise MissingError("pyspark is missing: pip install 'mingzhang[spark]'")
    home = os.environ.get("JAVA_HOME")
    if not ((home and Path(home, "bin", "java").exists()) or shutil.which("java")):
        raise MissingError("Java is missing: install Java 17 or later, or set JAVA_HOME")
