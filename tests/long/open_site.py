"""Every page of a site in Chromium, from the disk: nothing is requested or complained about, it fits a phone, and axe finds no fault.

Each page is opened in Chinese and in English, the first and the largest of each kind also in dark colours. Needs ``pip install playwright
axe-playwright-python`` and a Chromium on the path; without them nothing is checked. The site is made of the warehouse that ``make build``
publishes; another is named by ``--warehouse``, a site that is there by ``--site``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.views.site.write import write_site

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_LOCAL = ("file:", "data:", "blob:")
_DESK, _PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_DRAWN = "[...document.querySelectorAll('.chart')].every((chart) => chart.querySelector('svg'))"
_FITS = "document.documentElement.scrollWidth <= innerWidth"
_ASKED = {"resultTypes": ["violations"], "preload": False}
"""What axe is asked: no request for style sheets, which a page from the disk may not read."""
_LEAST_TOLD = 50


def main(arguments: list[str]) -> int:
    """Returns 0 where no page has a fault, or where no browser is there, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse/mingzhang.duckdb"))
    parser.add_argument("--site", type=Path)
    chosen = parser.parse_args(arguments)
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    try:
        from axe_playwright_python.sync_playwright import Axe
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("skipped: playwright or axe-playwright-python is not installed")
        return 0
    if browser is None:
        print("skipped: no Chromium is on the path")
        return 0
    with tempfile.TemporaryDirectory() as made, sync_playwright() as started:
        site = chosen.site or Path(made) / "site"
        if not chosen.site:
            write_site(chosen.warehouse, site)
        chromium = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        problems = list(_problems(chromium, Axe(), site))
        chromium.close()
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


def _problems(chromium: Any, axe: Any, site: Path) -> Iterator[str]:
    """What is wrong with the pages of a site; tells how many pages of which kind were opened."""
    pages = sorted(site.rglob("*.html"))
    kinds = defaultdict(list)
    for page in pages:
        kinds[page.relative_to(site).parent.as_posix() if page.parent != site else page.name].append(page)
    dark = {
        each for some in kinds.values() for each in (some[0], max(some, key=lambda page: page.stat().st_size))
    }
    started, opened = time.monotonic(), 0
    for scheme, chosen in (("light", pages), ("dark", sorted(dark))):
        context = chromium.new_context(viewport=_DESK, locale="zh-CN", color_scheme=scheme)
        tab, said = context.new_page(), []
        _listen(tab, said)
        for page in chosen:
            tab.goto(page.as_uri())
            tab.wait_for_function(_DRAWN)
            found = [f"no request or complaint was due: {each}" for each in said]
            said.clear()
            for language in ("zh", "en"):
                if tab.evaluate("document.documentElement.dataset.lang") != language:
                    tab.locator("#language").click()
                    tab.wait_for_function(_DRAWN)
                if not tab.locator("h1").inner_text():
                    found.append(f"{language}: no heading")
                answer = axe.run(tab, options=_ASKED).response
                found += [
                    f"{language}: {fault['impact']} {fault['id']}, {len(fault['nodes'])} times: {fault['nodes'][0]['html'][:120]}"
                    for fault in answer["violations"]
                ]
                tab.set_viewport_size(_PHONE)
                if not tab.evaluate(_FITS):
                    found.append(f"{language}: wider than a phone")
                tab.set_viewport_size(_DESK)
            found += [f"no request or complaint was due: {each}" for each in said]
            said.clear()
            tab.evaluate("localStorage.clear()")
            yield from (f"{page.relative_to(site)} ({scheme}): {each}" for each in found)
            opened += 1
            if opened % _LEAST_TOLD == 0:
                print(
                    f"{opened} of {len(pages) + len(dark)} opened, {time.monotonic() - started:.0f} s",
                    flush=True,
                )
        context.close()
    counts = Counter({kind: len(some) for kind, some in kinds.items()})
    print(f"{len(pages)} pages: {', '.join(f'{count} {kind}' for kind, count in counts.most_common())}")


def _listen(tab: Any, said: list[str]) -> None:
    """Note what a page complains about and what it requests from elsewhere."""
    tab.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith(_LOCAL) else said.append(request.url))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
