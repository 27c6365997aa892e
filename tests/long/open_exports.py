"""Exports as other programs open them: pandas, DuckDB, openpyxl, LibreOffice and frictionless find every row, typed, without a warning.

LibreOffice (``soffice``) and frictionless (``pip install "frictionless[excel,parquet]"``, in any environment whose ``frictionless`` is on the
path or named by ``MINGZHANG_FRICTIONLESS``) are left out where they are missing, and named. The warehouse is the one that ``make build``
publishes; another is named by ``--warehouse``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pandas

from ingest.views.export.kinds import ExportFormat
from ingest.views.export.write import export

_SECONDS = 300
_CSV = "44,34,76,1"
"""Comma, quotation mark, UTF-8, from the first line: how LibreOffice names them."""
_UTF8 = f"--infilter=Text - txt - csv (StarCalc):{_CSV}"


def main(arguments: list[str]) -> int:
    """Returns 0 where every program that is there opened every file, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse/mingzhang.duckdb"))
    warehouse = parser.parse_args(arguments).warehouse
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for kind in ("csv", "parquet", "package"):
            export(warehouse, ["all"], None, ExportFormat(kind), folder / kind)
        export(warehouse, [], None, ExportFormat.excel, folder / "book.xlsx")
        with duckdb.connect(str(warehouse), read_only=True) as con:
            rows = {
                name: int(count)
                for name, schema in con.execute(
                    "select table_name, schema_name from duckdb_tables() where schema_name in ('marts', 'audit')"
                ).fetchall()
                for (count,) in con.execute(f'select count(*) from {schema}."{name}"').fetchall()
            }
        problems = list(_problems(folder, rows))
    for problem in problems:
        print(problem)
    print(f"{len(rows)} tables, {sum(rows.values()):,} rows: {len(problems)} problems")
    return 1 if problems else 0


def _problems(folder: Path, rows: dict[str, int]) -> Iterator[str]:
    reports = {name: count for name, count in rows.items() if name.startswith("rpt_")}
    with duckdb.connect() as con:
        for name, count in rows.items():
            found = {
                "pandas, CSV": len(pandas.read_csv(folder / "csv" / f"{name}.csv", dtype=str)),
                "pandas, Parquet": len(pandas.read_parquet(folder / "parquet" / f"{name}.parquet")),
            }
            for kind, reader in (("csv", "read_csv"), ("parquet", "read_parquet")):
                path = folder / kind / f"{name}.{kind}"
                [(found[f"DuckDB, {kind}"],)] = con.execute(
                    f"select count(*) from {reader}('{path}')"
                ).fetchall()
            yield from (
                f"{name}: {program} finds {n} of {count}" for program, n in found.items() if n != count
            )
    yield from _sheets("pandas and openpyxl", folder / "book.xlsx", reports)
    if soffice := shutil.which("soffice"):
        yield from _in_libreoffice(soffice, folder, rows, reports)
    else:
        print("left out: LibreOffice (soffice) is not on the path")
    if frictionless := os.environ.get("MINGZHANG_FRICTIONLESS") or shutil.which("frictionless"):
        done = _run([frictionless, "validate", str(folder / "package" / "datapackage.json")])
        if done.returncode or "INVALID" in done.stdout or "warning" in done.stdout.lower():
            yield f"frictionless: {done.stdout[-2000:]}{done.stderr[-500:]}"
    else:
        print("left out: frictionless is not on the path")


def _in_libreoffice(
    soffice: str, folder: Path, rows: dict[str, int], reports: dict[str, int]
) -> Iterator[str]:
    """What LibreOffice does not find in the workbook and in the CSV files, or complains about.

    Opened by a person it knows UTF-8 by the byte-order mark; without a window it takes Windows-1252 unless it is told.
    """
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    as_book = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "again")]
    as_text = [_UTF8, "--convert-to", f"csv:Text - txt - csv (StarCalc):{_CSV}", "--outdir", str(folder / "csv_again")]  # fmt: skip
    tables = [str(folder / "csv" / f"{name}.csv") for name in rows]
    for asked in ([*as_book, str(folder / "book.xlsx")], [*as_text, *tables]):
        done = _run([*command, *asked])
        said = [
            line for line in done.stderr.splitlines() if line and "javaldx" not in line
        ]  # no Java is here
        if done.returncode or said:
            yield f"LibreOffice: {done.stdout[-2000:]}{said}"
            return
    yield from _sheets("LibreOffice", folder / "again" / "book.xlsx", reports)
    for name, count in rows.items():
        ours, theirs = (
            pandas.read_csv(folder / kind / f"{name}.csv", dtype=str) for kind in ("csv", "csv_again")
        )
        if len(theirs) != count or list(theirs.columns) != list(ours.columns):
            yield f"LibreOffice, CSV: {name} has {len(theirs)} of {count} rows, columns {list(theirs.columns)}"
        texts = [column for column in ours.columns if column.endswith(("_zh", "_name"))]
        for column in texts:
            if not ours[column].equals(theirs[column]):
                yield f"LibreOffice, CSV: {name}.{column} has other texts"


def _sheets(program: str, book: Path, reports: dict[str, int]) -> Iterator[str]:
    """What is not in a workbook: rows, or a money column that is no number."""
    opened = openpyxl.load_workbook(book, read_only=True)
    for name, count in reports.items():
        sheet = next((each for each in opened.sheetnames if each == name[:31]), None)
        if sheet is None:
            yield f"{program}: no sheet {name}"
            continue
        frame = pandas.read_excel(book, sheet_name=sheet)
        if len(frame) != count:
            yield f"{program}: {name} has {len(frame)} of {count} rows"
        for column in frame.columns:
            values = frame[column].dropna()
            if str(column).endswith("_yuan") and len(values) and values.dtype.kind not in "if":
                yield f"{program}: {name}.{column} is {values.dtype}"
    opened.close()


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=_SECONDS
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
