"""The command line speaks Chinese as well as English: each text has its Chinese, with the same places, and codes stay codes."""

from __future__ import annotations

import ast
import csv
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.rich_utils

import ingest
from ingest import cli
from ingest.config import PROJECT_ROOT
from ingest.views import language
from ingest.views.language import Language
from tests.conftest import SampleBuild, run_mingzhang

PACKAGE = Path(ingest.__file__).parent
SHOWN = {
    "BadParameter", "BoundError", "BusyError", "CheckError", "DocumentError", "FileExistsError", "FileNotFoundError",
    "LookupError", "OSError", "RefusedError", "RegressionError", "ReleaseError", "TransformError", "UsageError",
    "ValueError", "WorkerError", "MissingError",
}  # fmt: skip
"""Errors of which the message is printed."""
_PLACES = re.compile(r"{\w*}")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def _rows() -> dict[str, str]:
    with language.MESSAGES.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row["zh"] for row in csv.DictReader(file)}


def _template(node: ast.AST) -> str | None:
    """A text of the code with ``{}`` where it is filled."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _PLACES.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            (_template(part) or "") if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


def _nodes(folder: Path) -> Iterator[ast.AST]:
    for path in sorted(folder.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _said() -> Iterator[str]:
    """What the code says through ``tr``, and what its errors say: of a message of several lines each line."""
    for node in _nodes(PACKAGE):
        if isinstance(node, ast.Call) and _name(node.func) == "tr" and node.args:
            first = node.args[0]
            texts = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
            yield from filter(None, map(_template, texts))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) in SHOWN:
            for text in filter(None, map(_template, node.exc.args)):
                yield from (line for line in text.split("\n") if re.search("[a-z]", line.replace("{}", "")))


def _helps() -> Iterator[str]:
    for command in language.commands(typer.main.get_command(cli.app)):
        yield from language.help_lines(command.help)
        for parameter in command.params:
            if parameter.name != "help":
                yield from language.help_lines(parameter.help)


def test_whatever_is_said_has_its_chinese() -> None:
    known = {_PLACES.sub("{}", text) for text in _rows()}
    panels = [value for name, value in vars(typer.rich_utils).items() if name.endswith("_PANEL_TITLE")]
    needed = {*_said(), *_helps(), *panels}
    assert len(needed) > 200
    assert sorted(needed - known) == []


def test_no_text_of_the_catalogue_is_unused() -> None:
    written = {
        _template(node) or "" for folder in (PACKAGE, Path(typer.__file__).parent) for node in _nodes(folder)
    }
    models = [
        path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "dbt_project" / "models").rglob("*.sql")
    ]
    everything = "\n".join([*written, *_helps(), *models])
    unused = [text for text in _rows() if any(piece not in everything for piece in _PLACES.split(text))]
    assert unused == []


def test_a_translation_has_the_places_of_its_text_and_is_chinese() -> None:
    def places(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)

    assert [en for en, zh in _rows().items() if places(en) != places(zh)] == []
    assert [en for en, zh in _rows().items() if not _HAN.search(zh)] == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"), ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "en_GB"}, "zh"), ({"LC_ALL": "", "LANG": "zh"}, "zh"),
    ],
)  # fmt: skip
def test_the_environment_names_the_language(environment: dict[str, str], expected: str) -> None:
    assert language.language_of(environment) == expected


@pytest.mark.parametrize(
    ("given", "taken", "left"),
    [
        (["status"], None, ["status"]),
        (["--lang", "zh", "status"], "zh", ["status"]),
        (["status", "--lang=zh", "x"], "zh", ["status", "x"]),
        (["status", "--lang", "fr"], None, ["status", "--lang", "fr"]),
        (["sql", "--", "--lang", "zh"], None, ["sql", "--", "--lang", "zh"]),
    ],
)
def test_the_language_may_be_named_anywhere(given: list[str], taken: str | None, left: list[str]) -> None:
    assert language.take_language(given) == (taken, left)


@pytest.fixture
def chinese() -> Iterator[None]:
    language.speak(Language.zh)
    yield
    language.speak(Language.en)


@pytest.mark.usefixtures("chinese")
def test_an_error_of_below_is_known_by_the_text_it_was_made_of() -> None:
    said = "a.pdf: the PDF has 900 pages, more than 500\nno text of ours"
    assert language.translated(said) == "a.pdf: 该 PDF 有 900 页，超过 500 页的上限\nno text of ours"


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: Any, var_dir: Path) -> str:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    done = run_mingzhang(*arguments, var_dir=var_dir)
    return done.stdout + done.stderr


def test_commands_speak_chinese_with_the_same_codes(
    sample_build: SampleBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("--warehouse", sample_build.warehouse)
    key = re.search(
        r"^  ([0-9a-f]{8})  ", run_mingzhang("findings", *given, var_dir=sample_build.var_dir).stdout, re.M
    )
    assert key
    said = {
        command: _run(monkeypatch, command, *arguments, *given, var_dir=sample_build.var_dir)
        for command, arguments in {"status": (), "findings": (), "explain": (key[1],), "report": ("x", "-o", "x")}.items()
    }  # fmt: skip
    assert "已隔离 OFFICE_MACRO" in said["status"]
    assert "最近一次运行" in said["status"]
    assert key[1] in said["findings"]
    assert "下一步" in said["explain"]
    assert "没有文件 x" in said["report"]
    assert not re.search(r"\b(the|of|and|in)\b", said["findings"] + said["explain"])


def test_help_and_wrong_usage_are_chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = _run(monkeypatch, "--help", var_dir=tmp_path)
    assert "从文件到经核对的数据仓库" in said
    assert "命令" in said
    assert "示例：" in _run(monkeypatch, "findings", "--help", var_dir=tmp_path)
    assert "没有这个选项：--what" in _run(monkeypatch, "findings", "--what", var_dir=tmp_path)
    assert "Options" in run_mingzhang("findings", "--help", "--lang", "en", var_dir=tmp_path).stdout


def _commands_and_queries(page: str) -> list[str]:
    """What a page's reader types or pastes: each command without its comment, and each query."""
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:bash|sh|sql)\n(.*?)```", text, re.DOTALL)
    return [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("page", ["README", "docs/start"])
def test_the_chinese_page_has_the_commands_queries_and_pictures_of_the_english_one(page: str) -> None:
    assert _commands_and_queries(f"{page}.zh.md") == _commands_and_queries(f"{page}.md") != []

    def of(pattern: str, name: str) -> list[str]:
        text = (PROJECT_ROOT / name).read_text(encoding="utf-8")
        return re.findall(pattern, text, re.MULTILINE)

    for pattern in (r"^\| .* \|$", r"^#+ ", r"!\[.*?\]\((.*?)\)"):
        english, chinese = of(pattern, f"{page}.md"), of(pattern, f"{page}.zh.md")
        assert len(english) == len(chinese), pattern
