"""The site in Chromium, from the disk: charts are drawn, tables sort, the language changes, the search finds, nothing is requested.

Needs `pip install playwright axe-playwright-python` and a Chromium on the path; without them these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.views.site.write import write_site
from ingest.views.ui import serving
from ingest.views.waivers import WAIVERS_FILE, declared
from tests.conftest import SampleBuild

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
PACKAGES = os.environ.get("MINGZHANG_DUCKDB_WASM")
"""Where `npm install @duckdb/duckdb-wasm` was run; without it the page for queries is not opened."""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample warehouse."""
    folder = tmp_path_factory.mktemp("web") / "site"
    write_site(sample_build.warehouse, folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium."""
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab of a Chinese reader; at its end nothing may have been requested or complained about."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:", "blob:")) else said.append(request.url)
        ),
    )
    yield page
    context.close()
    assert said == []


def _kinds(site: Path) -> list[Path]:
    """A page of each kind; of those that there are many of the largest."""
    several = [site / name for name in ("unit", "document", "place", "identity")]
    largest = [max(folder.glob("*.html"), key=lambda path: path.stat().st_size) for folder in several]
    return [*sorted(site.glob("*.html")), *largest]


def test_every_kind_of_page_opens_and_fits_a_phone(tab: Any, site: Path) -> None:
    tab.set_viewport_size(PHONE)
    kinds = _kinds(site)
    assert len(kinds) == 13
    for path in kinds:
        tab.goto(path.as_uri())
        assert tab.locator("h1").inner_text()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_no_page_has_an_accessibility_fault(browser: Any, site: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        for path in _kinds(site):
            page.goto(path.as_uri())
            faults += [(scheme, path.name, fault["id"]) for fault in axe.run(page).response["violations"]]
        context.close()
    assert faults == []


def test_charts_are_drawn(tab: Any, site: Path) -> None:
    tab.goto((site / "index.html").as_uri())
    tab.wait_for_selector(".chart[data-drawn] svg")
    assert tab.locator(".chart").count() == tab.locator(".chart svg").count() > 0
    legend = tab.locator(".chart svg .role-legend").first
    assert "预算" in legend.text_content()
    tab.locator("#language").click()
    tab.wait_for_function("document.querySelector('.chart svg .role-legend').textContent.includes('Budget')")
    assert "预算" not in legend.text_content()


def test_amounts_of_a_chart_are_in_the_units_of_the_language(tab: Any, site: Path) -> None:
    [place] = sorted((site / "place").glob("*.html"), key=lambda path: -path.stat().st_size)[:1]
    tab.goto(place.as_uri())
    tab.wait_for_selector(".chart[data-drawn] svg")
    axis = ".chart svg .role-axis-label"
    assert any("万" in text for text in tab.locator(axis).all_text_contents())
    tab.locator("#language").click()
    tab.wait_for_function(
        f"[...document.querySelectorAll('{axis}')].some((each) => /\\d(k|m|bn)/.test(each.textContent))"
    )


@pytest.mark.skipif(not PACKAGES, reason="MINGZHANG_DUCKDB_WASM names no folder of npm's packages")
def test_queries_are_answered_from_the_disk(tab: Any, sample_build: SampleBuild, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(sample_build.warehouse, folder, packages=Path(str(PACKAGES)))
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        expected = con.execute(
            "select unit_name, spending_yuan::varchar from marts.rpt_unit_profile where spending_yuan > 0 order by all limit 3"
        ).fetchall()
    tab.goto((folder / "sql.html").as_uri())
    tab.wait_for_selector("#answer td", timeout=60_000)
    tab.locator("#sql").fill(
        "select unit_name, spending_yuan from marts.rpt_unit_profile where spending_yuan > 0 order by all limit 3"
    )
    tab.locator("#sql").press("Control+Enter")
    tab.wait_for_function("document.querySelectorAll('#answer tbody tr').length === 3")
    cells = tab.locator("#answer td").all_inner_texts()
    assert list(zip(cells[::2], (text.replace(",", "") for text in cells[1::2]), strict=True)) == expected
    tab.locator("#sql").fill("from no_such_table")
    tab.locator("button:not(#language)").click()
    tab.wait_for_selector("#state.error")
    assert "no_such_table" in tab.locator("#state").inner_text()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    assert [fault["id"] for fault in axe.run(tab, options={"preload": False}).response["violations"]] == []


def test_a_table_sorts_and_the_language_changes(tab: Any, site: Path) -> None:
    tab.goto((site / "documents.html").as_uri())
    head = tab.locator("thead th button").nth(5)
    head.click()
    figures = [int(text.replace(",", "")) for text in tab.locator("tbody td:nth-child(6)").all_inner_texts()]
    assert figures == sorted(figures)
    head.click()
    assert tab.locator("thead th").nth(5).get_attribute("aria-sort") == "descending"
    assert head.inner_text() == "金额"
    tab.locator("#language").click()
    assert head.inner_text() == "Figures"
    tab.goto((site / "units.html").as_uri())
    assert tab.evaluate("document.documentElement.dataset.lang") == "en", "it is remembered"


def test_the_search_finds_a_unit_and_leads_to_it(tab: Any, site: Path) -> None:
    tab.goto((site / "units.html").as_uri())
    name = tab.locator("tbody a").first.inner_text()
    tab.goto((site / "search.html").as_uri())
    tab.locator("#query").fill(name[:-1])
    tab.locator("#results a", has_text=name).first.click()
    tab.wait_for_url("**/unit/*.html*")
    assert tab.locator("h1").inner_text() == name


def test_the_search_finds_words_in_any_order_and_codes(tab: Any, site: Path) -> None:
    tab.goto((site / "findings.html").as_uri())
    identity = tab.locator("tbody a").first.inner_text()
    tab.goto((site / "search.html").as_uri())
    tab.locator("#query").fill(identity)
    texts = tab.locator("#results li").all_inner_texts()
    assert texts
    assert all(identity in text for text in texts)
    first, second = texts[0].split(" ")[2][:2], identity
    tab.locator("#query").fill(f"{second} {first}")
    assert texts[0] in tab.locator("#results li").all_inner_texts()
    tab.locator("#query").fill(f"{identity} 没有这样的词")
    assert tab.locator("#results li").count() == 0


def test_a_figure_leads_to_where_it_is_printed(tab: Any, site: Path) -> None:
    tab.goto((site / "units.html").as_uri())
    tab.locator("tbody a").first.click()
    tab.locator("td.num a[href*='#r-']").first.click()
    tab.wait_for_url("**/document/*.html#r-*")
    assert tab.locator("tr:target td").last.inner_text()


def test_a_finding_is_accepted_in_the_page(browser: Any, sample_build: SampleBuild, tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.csv"
    shutil.copyfile(WAIVERS_FILE, waivers)
    with serving(sample_build.warehouse, tmp_path / "ui", waivers, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context(viewport=DESK, locale="zh-CN")
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on(
            "request", lambda request: said.append(request.url) if server.host not in request.url else None
        )
        page.goto(server.address)
        page.wait_for_selector(".chart[data-drawn] svg")
        page.locator("header a", has_text="问题").click()
        page.locator("tbody a").first.click()
        page.locator(".findings a[href*='#f-']").first.click()
        finding = page.locator("article:target")
        finding.locator("summary").click()
        for name, text in (("reason", "原文如此"), ("decided_by", "王某"), ("valid_until", "2099-12-31")):
            finding.locator(f"[name={name}]").fill(text)
        finding.locator("form button").click()
        page.wait_for_url("**/accepted.html")
        assert page.locator("tbody td").nth(3).inner_text() == "原文如此"
        server.shutdown()
        context.close()
    assert [row["decided_by"] for row in declared(waivers)] == ["王某"]
    assert said == []


def test_texts_have_enough_contrast_in_light_and_dark(browser: Any, site: Path) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto((site / "index.html").as_uri())
        for name in ("--ink", "--dim", "--link", "--error", "--warning", "--info"):
            for ground in ("--paper", "--band"):
                assert page.evaluate(_CONTRAST, [name, ground]) >= 4.5, (scheme, name, ground)
        context.close()


_CONTRAST = """([one, other]) => {
  const light = (name) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1);
    const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""
