"""Data Docs that read the same without a network: Great Expectations' pages, and a first page in both languages."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STYLE = Path(__file__).with_name("docs.css")
_STYLE_PLACE = Path("static") / "mingzhang.css"
_OURS = ("index.html", "expectations", "validations", "static")
_FROM_THE_NETWORK = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*href=\"https?://[^>]*>|<img\b[^>]*src=\"https?://[^>]*>|<footer\b.*?</footer>",
    re.DOTALL,
)
_NETWORK_IMAGE = re.compile(r"url\('https?://[^']*'\)")


@dataclass(frozen=True)
class SuiteOutcome:
    """The result of one suite."""

    name: str
    zh: str
    en: str
    evaluated: int
    failed: int
    warned: int


def clear(docs_dir: Path) -> None:
    """Remove the pages of an earlier build of the docs, and nothing else."""
    for name in _OURS:
        place = docs_dir / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def finish(
    docs_dir: Path, outcomes: Sequence[SuiteOutcome], failed: Sequence[str], warnings: Sequence[str]
) -> None:
    """Make the pages independent of the network and write the first page."""
    (docs_dir / _STYLE_PLACE).write_text(_STYLE.read_text(encoding="utf-8"), encoding="utf-8")
    for style in docs_dir.glob("static/styles/*.css"):
        style.write_text(_NETWORK_IMAGE.sub("none", style.read_text(encoding="utf-8")), encoding="utf-8")
    for image in docs_dir.glob("static/images/*"):
        if image.name != "favicon.ico":
            image.unlink()
    for page in docs_dir.rglob("*.html"):
        place = os.path.relpath(docs_dir / _STYLE_PLACE, page.parent)
        text = _NETWORK_IMAGE.sub("none", _FROM_THE_NETWORK.sub("", page.read_text(encoding="utf-8")))
        page.write_text(
            text.replace("</head>", f'<link rel="stylesheet" href="{place}"/></head>', 1), encoding="utf-8"
        )
    (docs_dir / "index.html").write_text(_first_page(docs_dir, outcomes, failed, warnings), encoding="utf-8")


def _first_page(
    docs_dir: Path, outcomes: Sequence[SuiteOutcome], failed: Sequence[str], warnings: Sequence[str]
) -> str:
    is_refused = bool(failed) or any(outcome.failed for outcome in outcomes)
    verdict = "拒绝发布 / refused" if is_refused else "可以发布 / fit to publish"
    return (
        '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="UTF-8"><title>明账：发布前核验 / mingzhang: checks before'
        f' publishing</title><link rel="stylesheet" href="{_STYLE_PLACE.as_posix()}"/></head><body>\n'
        "<h1>发布前核验 / Checks before publishing</h1>\n"
        f'<p class="{"failed" if is_refused else "passed"}"><strong>{verdict}</strong></p>\n'
        + _lines("拒绝的理由 / Why it is refused", "failed", failed)
        + _lines("提醒（不影响发布） / Warnings (they stop nothing)", "warned", warnings)
        + "<h2>套件 / Suites</h2>\n<table><thead><tr><th>结果 / Result</th><th>套件 / Suite</th><th>内容 / About</th>"
        '<th class="number">项数 / Expectations</th><th class="number">未通过 / Failed</th></tr></thead><tbody>\n'
        + "".join(_suite_row(docs_dir, outcome) for outcome in outcomes)
        + "</tbody></table>\n</body></html>\n"
    )


def _suite_row(docs_dir: Path, outcome: SuiteOutcome) -> str:
    parts = outcome.name.split(".")
    results = next((docs_dir / "validations").joinpath(*parts).rglob("*.html"))
    suite = docs_dir / "expectations" / Path(*parts).with_suffix(".html")
    style, word = (
        ("failed", "✘") if outcome.failed else ("warned", "!") if outcome.warned else ("passed", "✔")
    )
    return (
        f'<tr><td class="{style}">{word}</td>'
        f'<td><a href="{results.relative_to(docs_dir).as_posix()}">{html.escape(outcome.name)}</a></td>'
        f"<td>{html.escape(outcome.zh)} / {html.escape(outcome.en)}"
        f' · <a href="{suite.relative_to(docs_dir).as_posix()}">说明 / meaning</a></td>'
        f'<td class="number">{outcome.evaluated}</td><td class="number">{outcome.failed + outcome.warned}</td></tr>\n'
    )


def _lines(title: str, style: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f'<li class="{style}">{html.escape(line)}</li>\n' for line in lines)
    return f"<h2>{title}</h2>\n<ul>\n{items}</ul>\n"
