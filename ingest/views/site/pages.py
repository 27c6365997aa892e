"""Writes the pages of a site into a folder: only what changed, and what is no longer made goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ingest.files import fresh_name
from ingest.seeds import named_codes
from ingest.views.html_report import AUDIT_STATUS, COVERAGE, DOC_TYPES, FAMILIES, SEVERITIES
from ingest.views.language import in_chinese

TEMPLATES = Path(__file__).parent.parent / "templates" / "site"
NAVIGATION = (
    ("index.html", "总览", "Overview"), ("places.html", "地区", "Places"), ("units.html", "单位", "Units"),
    ("documents.html", "文件", "Documents"), ("findings.html", "问题", "Findings"),
    ("identities.html", "勾稽关系", "Identities"), ("dictionary.html", "字典", "Dictionary"),
    ("downloads.html", "下载", "Downloads"), ("search.html", "搜索", "Search"),
)  # fmt: skip
ASKING = ("sql.html", "查询", "SQL")
"""The page for queries, where the site has one."""
_MADE = ".mingzhang-site.json"
"""The list of the files that were made, in the site's folder: no other file is ever removed."""
_BETWEEN = re.compile(r"(?<=[。）]) ?/ | / (?=[A-Z])")
"""What stands between the Chinese and the English of a comment."""
_HEAD_COUNTS = {
    "staff_in_service": ("在职", "in service"), "staff_total": ("实有", "all"), "staff_quota": ("编制", "quota"),
}  # fmt: skip
"""Which count of staff is behind figures per head."""
_HAS_CHARTS = '<figure class="chart">'
_CHART_SCRIPT = "assets/vega.js"


class Pages:
    """The folder of one site. Use as a context manager: at its end, pages of an earlier run that were not made again are removed.

    Raises FileExistsError for a folder that holds something else than a site.
    """

    def __init__(self, folder: Path, accepts: bool = False, asks: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._list = folder / _MADE
        if not self._list.exists() and any(folder.iterdir()):
            raise FileExistsError(
                f"{folder} is not empty and holds no site of mingzhang: name another folder"
            )
        self._before: set[str] = (
            set(json.loads(self._list.read_text(encoding="utf-8"))) if self._list.exists() else set()
        )
        self._made: set[str] = set()
        self.written = 0
        self._common = {"accepts": accepts, "pages": [*NAVIGATION, *([ASKING] if asks else [])]}

    def __enter__(self) -> Pages:
        self._list.write_text(json.dumps(sorted(self._before)), encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        known = self._made if kind is None else self._made | self._before
        if kind is None:
            for name in self._before - self._made:
                (self._folder / name).unlink(missing_ok=True)
        self._list.write_text(json.dumps(sorted(known)), encoding="utf-8")

    @property
    def count(self) -> int:
        """How many files the site has so far."""
        return len(self._made)

    def page(self, name: str, template: str, **context: Any) -> None:
        """Make one page (``name`` is its path in the site) from a template."""
        self.file(name, rendered(template, name, **self._common, **context).encode())

    def file(self, name: str, data: bytes) -> None:
        """Write one file where its content is not what it was."""
        self._made.add(name)
        path = self._folder / name
        if path.exists() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = fresh_name(path)
        fresh.write_bytes(data)
        fresh.replace(path)
        self.written += 1

    def keep(self, name: str) -> bool:
        """Keep a file that an earlier run made as it is; False where there is none."""
        if name not in self._before or not (self._folder / name).exists():
            return False
        self._made.add(name)
        return True

    def adopt(self, folder: str, make: Callable[[Path], list[Path]]) -> None:
        """Let ``make`` write files into a folder of the site."""
        for path in make(self._folder / folder):
            self._made.add(str(path.relative_to(self._folder)))


def rendered(template: str, name: str, **context: Any) -> str:
    """A page (``name`` is its path in the site) made from a template."""
    up = "../" * name.count("/")
    current = name if "/" not in name else ""
    text = (
        _environment()
        .get_template(template)
        .render({"up": up, "current": current, "pages": NAVIGATION} | context)
    )
    if _HAS_CHARTS in text:
        script = f'<script src="{up}{_CHART_SCRIPT}" defer></script>\n'
        text = text.replace("</head>", f"{script}</head>", 1)
    return text


def anchor(source_ref: str) -> str:
    """The id of a cited passage in its document's page."""
    return "r-" + "".join(char if char.isalnum() else "-" for char in source_ref)


def both(comment: str) -> tuple[str, str]:
    """The Chinese and the English of a comment; the whole for both where it is in one language."""
    parts = _BETWEEN.split(comment, maxsplit=1)
    return parts[0], parts[-1]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": lambda value: f"{value:,.2f}", "anchor": anchor, "chinese": in_chinese, "both": both,
    }  # fmt: skip
    environment.globals |= {
        "FAMILIES": FAMILIES, "COVERAGE": COVERAGE, "SEVERITIES": SEVERITIES,
        "AUDIT_STATUS": AUDIT_STATUS, "DOC_TYPES": DOC_TYPES, "STAGES": named_codes("stage"),
        "UNIT_KINDS": named_codes("unit_kind"), "PARTS": named_codes("spending_part"),
        "CHOICES": named_codes("document_choice"), "HEAD_COUNTS": _HEAD_COUNTS,
    }  # fmt: skip
    return environment
