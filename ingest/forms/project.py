"""Rules for forms that list projects: their label columns and the labels of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.cover.unit_names import is_unit_name
from ingest.document.text import fold, is_amount
from ingest.registry import find_line, header_attributes

LabelKind = Literal["code", "name", "unit", "skip", "project", "economic", "by"]
_ROLE_KINDS: dict[str, LabelKind] = {"unit": "unit", "order": "skip", "project": "project", "by": "by"}


def label_kind(path: Sequence[str], texts: Sequence[str], statement_code: str) -> LabelKind | None:
    """The kind of a project form's column that holds labels; None for one that may hold amounts.

    ``path`` is the column's header from the top down, ``texts`` what stands below it. Project forms describe
    their projects in columns of any kind: one that no header word knows is skipped.
    """
    roles = [header_attributes(text, statement_code).get("role") for text in path]
    if not roles:
        return None
    filled = [fold(text) for text in texts if text.strip()]
    amounts = sum(1 for text in filled if is_amount(text))
    labels = sum(1 for text in filled if not is_amount(text) and any(char.isalnum() for char in text))
    if "ignore" in roles:
        return "skip"
    if roles[-1] in _ROLE_KINDS:
        return _ROLE_KINDS[roles[-1]]
    if roles[-1] in ("code", "name") or "code" in roles[-2:]:
        is_economic = any("经济" in fold(text) for text in path)
        return "economic" if is_economic else "code" if "code" in roles[-2:] else "name"
    return "skip" if labels and labels >= amounts else None


@dataclass(slots=True)
class ProjectRow:
    """What a project form's row says of itself: its function, its project and its economic class, as printed."""

    codes: str
    name: str
    project: str
    economic: str

    @property
    def is_labelled(self) -> bool:
        """Whether the row prints any label."""
        return bool(self.codes or self.name or self.project or self.economic)


class ProjectLabels:
    """Reads the labels of a project form's rows from the top down.

    A project printed without a function stands below the one that was printed last: its cell is merged over
    the projects, or is a row of its own above them.
    """

    def __init__(self, statement_code: str) -> None:
        self.statement_code = statement_code
        self._function = ("", "")

    def read(self, row: ProjectRow, first: str) -> tuple[ProjectRow, bool]:
        """The row with its function carried down, and whether its project may be a unit's name instead.

        ``first`` is the first text that the row prints, in whichever column: a total's label may stand there.
        """
        label = next((text for text in (row.name, row.project, row.economic) if text), first)
        if not row.codes and find_line(fold(label), self.statement_code, None, None):
            return ProjectRow("", label, "", ""), False
        if row.codes or row.name:
            self._function = (row.codes, row.name)
            return row, False
        if row.project and is_unit_name(row.project):
            self._function = ("", "")
            return row, True
        codes, name = self._function
        return ProjectRow(codes, name, row.project, row.economic), False

    def forget(self) -> None:
        """Forget the last function: the rows of another unit begin."""
        self._function = ("", "")
