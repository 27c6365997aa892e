"""The pages for contributors are in step with the tree: links lead somewhere, examples fit, versions agree."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ingest.config import PROJECT_ROOT

PAGES = sorted([*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").glob("*.md")])
ISSUE_FORMS = [
    path
    for path in sorted((PROJECT_ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
    if path.stem != "config"
]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        if not linked.exists() or (anchor and anchor not in _anchors(linked)):
            broken.append(target)
    assert broken == []


def _examples() -> Iterator[tuple[str, list[str]]]:
    """Every file that a diff of CONTRIBUTING.md changes, with the changed lines."""
    guide = (PROJECT_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for diff in re.findall(r"^```diff\n(.*?)^```", guide, re.DOTALL | re.MULTILINE):
        for old, new, lines in re.findall(
            r"^--- (\S+)\n\+\+\+ b/(\S+)\n((?!--- ).*?)(?=^--- |\Z)", diff, re.DOTALL | re.MULTILINE
        ):
            yield ("" if old == "/dev/null" else new), lines.splitlines()


EXAMPLES = list(_examples())
CHANGED = [(name, lines) for name, lines in EXAMPLES if name]
"""Those that change a file which is there."""


def test_the_guide_has_an_example_of_each_kind() -> None:
    changed = [name for name, _ in CHANGED]
    kinds = ("identities.csv", "identity_terms.csv", "form_titles.csv", "narrative_terms.csv", "media.py")
    assert [kind for kind in kinds if not any(name.endswith(kind) for name in changed)] == []


@pytest.mark.parametrize(("name", "lines"), CHANGED, ids=[Path(name).name for name, _ in CHANGED])
def test_an_example_fits_the_file_that_it_changes(name: str, lines: list[str]) -> None:
    text = (PROJECT_ROOT / name).read_text(encoding="utf-8")
    present = text.splitlines()
    assert [line for line in lines if line[:1] in " -" and line[1:] not in present] == []
    added = [line[1:] for line in lines if line.startswith("+")]
    assert added
    if name.endswith(".csv"):
        width = len(next(csv.reader(present)))
        assert [row for row in csv.reader(added) if len(row) != width] == []
        keys = {line.split(",", 1)[0] for line in present}
        assert [line for line in added if line.split(",", 1)[0] in keys] == [], "the guide's new id is taken"


def test_the_architecture_names_every_room() -> None:
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (PROJECT_ROOT / "ingest").glob("*/__init__.py")]
    assert rooms
    assert [room for room in rooms if f"| `{room}/` |" not in text] == []
    assert [line for block in text.split("```")[1::2] for line in block.splitlines() if len(line) > 100] == []


def test_versions_agree() -> None:
    package = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    citation = yaml.safe_load((PROJECT_ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (PROJECT_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert citation["version"] == package
    assert re.findall(r"^## \[(\d[^\]]*)\]", changes, re.MULTILINE)[0] == package
    contract = yaml.safe_load((PROJECT_ROOT / "expectations" / "contract.yml").read_text(encoding="utf-8"))
    assert f"Contract {contract['version']}." in changes.partition("## [0")[0]


@pytest.mark.parametrize("path", ISSUE_FORMS, ids=lambda path: path.stem)
def test_an_issue_form_asks_for_something(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert form["name"]
    assert form["description"]
    assert len(asked) == len(set(asked)) >= 3


def test_hooks_are_local() -> None:
    hooks = yaml.safe_load((PROJECT_ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
