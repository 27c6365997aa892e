"""The sentences as data: `SECTION.VOICE` in one file per kind of document."""

import tomllib
from functools import cache
from pathlib import Path

VOICES = ("itemised", "executed", "rated", "compact")


@cache
def wordings(kind: str) -> dict[str, dict[str, str]]:
    """Section -> voice -> template for `final`, `budget` or `report` documents; `any` serves every voice."""
    folder = Path(__file__).parent
    tables: dict[str, dict[str, str]] = {}
    for name in ("common", kind):
        tables |= tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    return tables
