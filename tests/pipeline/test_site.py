"""``mingzhang site``: every link leads somewhere, nothing is loaded from elsewhere, text of documents is never run."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from lxml import html
from PIL import Image
from typer.testing import CliRunner

from ingest.cli import app
from ingest.views.site.pages import NAVIGATION, both
from ingest.views.site.write import write_site
from tests.conftest import SampleBuild

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def site(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the sample warehouse."""
    folder = tmp_path_factory.mktemp("web") / "site"
    done = CliRunner().invoke(app, ["site", str(folder), "--warehouse", str(sample_build.warehouse)])
    assert done.exit_code == 0, done.output
    return folder


def _pages(site: Path) -> dict[str, html.HtmlElement]:
    return {
        str(path.relative_to(site)): html.fromstring(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def test_every_link_leads_to_a_page_and_a_place_of_it(site: Path) -> None:
    pages = _pages(site)
    ids = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    lost, followed = [], 0
    for name, page in pages.items():
        for link in page.xpath("//@href | //@src"):
            if link.startswith("data:"):
                continue
            target, _, anchor = unquote(link).partition("#")
            path = (site / name).parent.joinpath(target).resolve() if target else site / name
            key = str(path.relative_to(site.resolve())) if path.is_relative_to(site.resolve()) else name
            followed += 1
            if not path.exists() or (anchor and anchor not in ids[key]):
                lost.append((name, link))
    assert lost == []
    assert followed > 1000


def test_no_page_loads_or_sends_anything_elsewhere(site: Path) -> None:
    for name, page in _pages(site).items():
        loaded = page.xpath("//script/@src | //link/@href | //img/@src | //form/@action")
        assert [each for each in loaded if re.match(r"(?:[a-z]+:)?//", each)] == [], name
    script = (site / "assets" / "site.js").read_text(encoding="utf-8")
    assert not re.search(r"https?:|fetch\(|XMLHttpRequest", script)


def test_every_unit_document_and_identity_has_its_page(
    site: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for folder, table, column in (
        ("unit", "marts.dim_unit", "unit_id"), ("document", "marts.dim_document", "document_id"),
        ("identity", "audit.identity", "identity_id"),
    ):  # fmt: skip
        keys = {key for (key,) in warehouse.execute(f"select {column} from {table}").fetchall()}
        assert {path.stem for path in (site / folder).iterdir()} == keys
    assert [page for page, *_ in NAVIGATION if not (site / page).exists()] == []


def test_every_figure_of_a_report_stands_on_the_page_of_its_unit(
    site: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    figures = warehouse.execute(
        "select unit_id, spending_yuan from marts.rpt_unit_profile where spending_yuan is not null"
        " union select unit_id, amount_yuan from marts.rpt_spending_by_function where amount_yuan is not null"
        " union select unit_id, amount_yuan from marts.rpt_revenue_by_source"
        " union select unit_id, amount_yuan from marts.rpt_spending_by_economic"
    ).fetchall()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (site / "unit").iterdir()}
    assert len(figures) > 100
    assert [(unit, amount) for unit, amount in figures if f">{amount:,.2f}<" not in texts[unit]] == []


def test_every_finding_stands_on_the_page_of_its_document_and_in_the_search(
    site: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    findings = warehouse.execute(
        "select document_id, left(finding_key, 8), message_zh from marts.rpt_finding where is_cause"
    ).fetchall()
    assert findings
    text = (site / "assets" / "search.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.mingzhangSearch = ").removesuffix(";\n"))
    found = {(title, page) for _, title, _, page in entries}
    for document, key, message in findings:
        page = html.fromstring((site / "document" / f"{document}.html").read_text(encoding="utf-8"))
        assert message in page.get_element_by_id(f"f-{key}").text_content()
        assert (message, f"document/{document}.html#f-{key}") in found


def test_findings_show_the_print_where_the_documents_are_at_hand(
    sample_build: SampleBuild, tmp_path: Path
) -> None:
    folder, warehouse = tmp_path / "site", tmp_path / "w.duckdb"
    shutil.copyfile(sample_build.warehouse, warehouse)
    document, key = _cite_cells_of_a_pdf(warehouse)
    write_site(warehouse, folder, sample_build.documents, jobs=1)
    page = html.fromstring((folder / "document" / f"{document}.html").read_text(encoding="utf-8"))
    [picture] = page.get_element_by_id(f"f-{key}").xpath(".//img")
    with Image.open(folder / "document" / picture.get("src")) as drawn:
        colours = drawn.convert("RGB").getcolors(999)
        assert sum(count for count, (r, g, b) in colours if r > 150 > 90 > max(g, b)) > 100, "the frame"
    assert picture.get("alt")
    before = {path: path.stat().st_mtime_ns for path in (folder / "picture").iterdir()}
    assert write_site(warehouse, folder, sample_build.documents, jobs=1)[1] == 0
    assert {path: path.stat().st_mtime_ns for path in (folder / "picture").iterdir()} == before
    write_site(warehouse, folder)
    assert not list((folder / "picture").iterdir())


def _cite_cells_of_a_pdf(warehouse: Path) -> tuple[str, str]:
    """Have a finding cite two cells of a PDF document. Returns the document and the beginning of the finding's key."""
    with duckdb.connect(str(warehouse)) as con:
        [(document, unit, left, right)] = con.execute(
            "select document_id, unit_id, min(source_ref), max(source_ref) from audit.evidence inner join marts.dim_document using (document_id)"
            " where media_type = 'application/pdf' and x0 is not null group by all having min(source_ref) < max(source_ref) order by 1 limit 1"
        ).fetchall()
        [(key,)] = con.execute("select min(finding_key) from audit.fct_finding where is_cause").fetchall()
        con.execute(
            "update audit.fct_finding set document_id = ?, severity = 'error', lhs_ref = ?, rhs_ref = ? where finding_key = ?",
            [document, left, right, key],
        )
        con.execute(
            "update marts.rpt_finding set document_id = ?, unit_id = ?, severity = 'error' where finding_key = ?",
            [document, unit, key],
        )
    return document, key[:8]


def test_every_text_is_there_in_both_languages(site: Path) -> None:
    for name, page in _pages(site).items():
        chinese, english = (len(page.xpath(f"//span[@lang='{language}']")) for language in ("zh", "en"))
        assert chinese == english > 0, name
        assert page.xpath("//main//h1"), name
        assert page.xpath("//html/@lang"), name
        assert page.xpath("//table[not(.//thead//th)]") == [], name


def test_writing_it_again_changes_nothing_and_old_pages_go(
    sample_build: SampleBuild, site: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site, folder)
    count, changed = write_site(sample_build.warehouse, folder)
    assert (count > 50, changed) == (True, 0)
    fewer = tmp_path / "fewer.duckdb"
    shutil.copyfile(sample_build.warehouse, fewer)
    with duckdb.connect(str(fewer)) as con:
        [(gone,)] = con.execute("select min(document_id) from marts.dim_document").fetchall()
        con.execute("delete from marts.dim_document where document_id = ?", [gone])
    (folder / "document" / "own-note.txt").write_text("kept", encoding="utf-8")
    write_site(fewer, folder)
    assert not (folder / "document" / f"{gone}.html").exists()
    assert (folder / "document" / "own-note.txt").exists()


def test_each_comment_is_shown_in_the_language_that_is_chosen(warehouse: duckdb.DuckDBPyConnection) -> None:
    comments = warehouse.execute(
        "select comment from duckdb_columns() where schema_name in ('marts', 'audit') and comment is not null"
        " union select comment from duckdb_tables() where schema_name in ('marts', 'audit')"
    ).fetchall()
    assert len(comments) > 500
    mixed = [
        text
        for (text,) in comments
        for chinese, english in [both(text)]
        if chinese == english or re.search("[\u4e00-\u9fff]", chinese) is None or len(re.findall("[\u4e00-\u9fff]", english)) > len(english) / 4
    ]  # fmt: skip
    assert mixed == []


def test_the_page_for_queries_holds_the_reports_and_is_made_only_where_it_is_wanted(
    sample_build: SampleBuild, site: Path, tmp_path: Path
) -> None:
    assert not (site / "sql.html").exists()
    packages = tmp_path / "npm" / "node_modules"
    for name, text in (
        ("@duckdb/duckdb-wasm/package.json", '{"version": "9.9.9", "license": "MIT"}'),
        ("@duckdb/duckdb-wasm/dist/duckdb-browser.cjs", "module.exports = {};"),
        ("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js", "worker"),
        ("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm", "wasm"),
        ("apache-arrow/Arrow.es2015.min.js", "arrow"),
    ):
        path = packages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    arguments = ["site", str(tmp_path / "site"), "--warehouse", str(sample_build.warehouse), "--sql"]
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = CliRunner().invoke(app, [*arguments, str(empty)])
    assert (refused.exit_code, "@duckdb/duckdb-wasm" in refused.output) == (1, True)
    done = CliRunner().invoke(app, [*arguments, str(packages.parent)])
    assert done.exit_code == 0, done.output
    page = html.fromstring((tmp_path / "site" / "sql.html").read_text(encoding="utf-8"))
    scripts = page.xpath("//script/@src")
    assert [path for path in scripts if not (tmp_path / "site" / path).exists()] == []
    [reports] = [path for path in scripts if "reports-" in path]
    packed = (tmp_path / "site" / reports).read_text(encoding="utf-8").split('"')[1]
    database = tmp_path / "reports.duckdb"
    database.write_bytes(gzip.decompress(base64.b64decode(packed)))
    with duckdb.connect() as con:
        con.execute(f"attach '{database}' as made (read_only)")
        con.execute(f"attach '{sample_build.warehouse}' as whole (read_only)")
        for table in page.xpath("//select/option[text() != '–']/text()"):
            assert con.execute(f"(from made.{table} except all from whole.{table}) union all (from whole.{table} except all from made.{table})").fetchall() == []  # fmt: skip
    assert write_site(sample_build.warehouse, tmp_path / "site", packages=packages)[1] == 0


def test_a_folder_that_holds_something_else_is_left_alone(sample_build: SampleBuild, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("work", encoding="utf-8")
    done = CliRunner().invoke(app, ["site", str(tmp_path), "--warehouse", str(sample_build.warehouse)])
    assert done.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_text_of_documents_is_shown_and_never_run(sample_build: SampleBuild, tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    shutil.copyfile(sample_build.warehouse, warehouse)
    with duckdb.connect(str(warehouse)) as con:
        for table, column in (
            ("marts.dim_unit", "unit_name"), ("marts.dim_document", "title"), ("marts.dim_document", "file_name"),
            ("marts.dim_document", "source_url"), ("marts.rpt_finding", "message_zh"), ("marts.rpt_unit_profile", "unit_name"),
            ("marts.rpt_spending_by_function", "class_name_zh"), ("audit.evidence", "printed_text"),
        ):  # fmt: skip
            con.execute(f"update {table} set {column} = ?", [f"javascript:{HOSTILE}"])
    write_site(warehouse, tmp_path / "site")
    for name, page in _pages(tmp_path / "site").items():
        assert page.xpath("//img | //@onerror") == [], name
        assert [link for link in page.xpath("//@href") if link.startswith("javascript")] == [], name
        scripts = [text for text in page.xpath("//script/text()") if "alert" in text]
        assert [text for text in scripts if not isinstance(json.loads(text), dict)] == [], name
