"""The page for queries: DuckDB-wasm over the reports, from the disk and without the network.

DuckDB-wasm loads its reader of Parquet from the network, so that the reports are embedded as a DuckDB file. A page on the disk may
read no other file either: program and reports are scripts that hold the bytes as text.
"""

from __future__ import annotations

import base64
import gzip
import json
import tempfile
from pathlib import Path

import duckdb

from ingest.config import STORAGE_VERSION
from ingest.files import literal
from ingest.views.export.tables import Selection
from ingest.views.site.data import SiteData
from ingest.views.site.pages import TEMPLATES, Pages

_WASM = Path("@duckdb/duckdb-wasm")
_ARROW = Path("apache-arrow")
_BLOCK_BYTES = 16_384
"""The smallest block that DuckDB has: the reports are small tables with many columns."""


def write(pages: Pages, data: SiteData, warehouse: Path, packages: Path) -> None:
    """Write the page, the program from the folder of npm's packages and the reports; what is there of the same version stays.

    Raises FileNotFoundError where DuckDB-wasm is not among the packages, OSError, duckdb.Error.
    """
    found = packages / "node_modules" if (packages / "node_modules").is_dir() else packages
    if not (found / _WASM).is_dir() or not (found / _ARROW).is_dir():
        raise FileNotFoundError(
            f"{packages} holds no DuckDB-wasm: npm install --prefix {packages} @duckdb/duckdb-wasm puts it there"
        )
    version = json.loads((found / _WASM / "package.json").read_text(encoding="utf-8"))["version"]
    program, reports = f"assets/duckdb-{version}.js", f"assets/reports-{data.run_id}.js"
    if not pages.keep(program):
        pages.file(program, _program(found))
    pages.file("assets/duckdb.LICENSE", _licences(found))
    if not pages.keep(reports):
        pages.file(reports, f'window.mingzhangReports = "{_packed(_database(warehouse))}";\n'.encode())
    pages.file("assets/sql.js", (TEMPLATES / "sql.js").read_bytes())
    with Selection(warehouse, [], None) as chosen:
        pages.page("sql.html", "sql.html", tables=chosen.tables, program=program, reports=reports)


def _program(packages: Path) -> bytes:
    """Arrow and DuckDB-wasm as scripts of a page, its worker and its WebAssembly as text."""
    built = packages / _WASM / "dist"
    module = (built / "duckdb-browser.cjs").read_text(encoding="utf-8")
    parts = {
        name: _packed((built / file).read_bytes())
        for name, file in (("worker", "duckdb-browser-eh.worker.js"), ("wasm", "duckdb-eh.wasm"))
    }
    return "\n".join(
        (
            (packages / _ARROW / "Arrow.es2015.min.js").read_text(encoding="utf-8"),
            "window.duckdb = (() => { const module = { exports: {} }, exports = module.exports, require = () => window.Arrow;",
            module,
            "return module.exports; })();",
            f"window.duckdbParts = {json.dumps(parts)};",
        )
    ).encode()


def _licences(packages: Path) -> bytes:
    texts = [
        f"DuckDB-wasm: {json.loads((packages / _WASM / 'package.json').read_text(encoding='utf-8'))['license']}"
    ]
    texts += [
        path.read_text(encoding="utf-8")
        for package in (_WASM, _ARROW)
        for path in sorted((packages / package).glob("LICENSE*"))
    ]
    return "\n\n".join(texts).encode()


def _database(warehouse: Path) -> bytes:
    """The reports, in their schema and with their comments, as a DuckDB file."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        path = Path(folder) / "reports.duckdb"
        con.execute(f"attach {literal(warehouse)} as whole (read_only)")
        con.execute(
            f"attach {literal(path)} as reports (storage_version '{STORAGE_VERSION}', block_size {_BLOCK_BYTES})"
        )
        con.execute("create schema reports.marts")
        with Selection(warehouse, [], None) as chosen:
            for table in chosen.tables:
                con.execute(f"create table reports.{table.place} as from whole.{table.place}")
                con.execute(f"comment on table reports.{table.place} is {literal(table.comment)}")
                for column in table.columns:
                    con.execute(
                        f'comment on column reports.{table.place}."{column.name}" is {literal(column.comment)}'
                    )
        con.execute("detach reports")
        return path.read_bytes()


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
