"""What a report says was paid for one of its projects: the project's name right before or behind the amount."""

from __future__ import annotations

import re
from collections.abc import Collection

from ingest.document.text import fold
from ingest.registry import any_of

_LEAST_NAME = 6
"""How many characters a shortened name must have to be taken for that of a project."""
_CLAUSE_ENDS = re.compile(r"[，,；;。：:]")
_PAYS = re.compile(rf"(?<!拟)(?<!将)(?<!需)(?<!应)(?<!要)(?<!计划)(?<!预计){any_of('sentence.pays')}")
_BEHIND = re.compile(
    rf"的(?P<name>[^，,。；;：:、]{{6,60}}?)(?:{any_of('sentence.paid_behind')})?(?=[，,。；;]|$)"
)
_MARKS = re.compile(r"项目$|[(（](?:[^()（）]{0,6}级|非本级)[)）]")
"""What belongs to how a list of projects prints a name, not to the name."""


def paid_project(before: str, behind: str, projects: Collection[str]) -> str | None:
    """The project that a printed amount was paid for, as the sentence names it; None where it names none of the projects.

    A word for a payment must stand in the amount's own clause. The name may leave out the beginning of that in the list.
    """
    clause = _CLAUSE_ENDS.split(before)[-1]
    verbs = list(_PAYS.finditer(clause))
    if not verbs or not projects:
        return None
    known = {_bare(name) for name in projects}
    name = clause[max(verbs[-1].end(), clause.rfind("、") + 1) :].strip()
    found = _BEHIND.match(behind)
    names = [name, *([found.group("name").strip()] if found else [])]
    return next((each for each in names if _is_named(_bare(each), known)), None)


def is_paid(before: str) -> bool:
    """Whether the words before an amount, folded, say that it was paid: in its own clause, or where the list that it is in begins."""
    listed = before.rpartition("其中")[2].lstrip(":,") if "其中" in before else ""
    return bool(_PAYS.search(_CLAUSE_ENDS.split(before)[-1]) or _PAYS.match(listed))


def _is_named(name: str, known: Collection[str]) -> bool:
    """Whether a name is that of exactly one project, or its end."""
    return len(name) >= _LEAST_NAME and sum(each.endswith(name) for each in known) == 1


def _bare(name: str) -> str:
    folded = fold(name)
    while (bare := _MARKS.sub("", folded)) != folded:
        folded = bare
    return folded
