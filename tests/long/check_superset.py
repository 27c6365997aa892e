"""The bundle for Superset in a real Superset: it is imported, every chart answers by REST, also after a new file is published.

Needs an environment with Superset; ``MINGZHANG_SUPERSET`` names its Python, and without it nothing is checked. Tried with
``pip install "apache-superset==6.1.0" "marshmallow<4" "cachetools<6" "flask-caching<2.4" duckdb-engine "duckdb>=1.4" pillow rich``.
The warehouse is the one that ``make build`` publishes; another is named by ``--warehouse``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_PYTHON = "MINGZHANG_SUPERSET"
_SETTINGS = """
SECRET_KEY = "of-this-check-only-0123456789-0123456789"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = TALISMAN_ENABLED = RATELIMIT_ENABLED = False
"""
_ADMIN = (
    "--username",
    "admin",
    "--firstname",
    "a",
    "--lastname",
    "b",
    "--email",
    "a@example.org",
    "--password",
    "admin",
)


def main(arguments: list[str]) -> int:
    """Returns 0 where every chart answered twice, the second time with the new figures, or Superset is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse/mingzhang.duckdb"))
    chosen = parser.parse_args(arguments)
    python = os.environ.get(_PYTHON)
    if not python:
        print(f"skipped: {_PYTHON} names no Python with Superset")
        return 0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _prepare(chosen.warehouse, folder)
        (folder / "superset_config.py").write_text(_SETTINGS.format(folder=folder), encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
            "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"), "FLASK_APP": "superset",
        }  # fmt: skip
        for command in (("db", "upgrade"), ("fab", "create-admin", *_ADMIN), ("init",)):
            _run([str(Path(python).with_name("superset")), *command], environment)
        said = _run([python, __file__, "inside", str(folder)], environment)
    answers = json.loads(said.splitlines()[-1])
    before, after = answers
    for name, rows in before.items():
        print(f"{name}: {rows['rows']} rows, {rows['sum']:,.2f}; then {after[name]['sum']:,.2f}")
    wrong = [
        name
        for name in before
        if not before[name]["rows"] or (before[name]["sum"] == after[name]["sum"])
    ]  # fmt: skip
    print("failed: " + ", ".join(wrong) if wrong or not before else f"{len(before)} charts answered twice")
    return 1 if wrong or not before else 0


def _prepare(warehouse: Path, folder: Path) -> None:
    """A published file, the bundle for it, and the file that is published next: its figures doubled, its findings halved."""
    import shutil

    import duckdb

    from ingest.views.export.kinds import ExportFormat
    from ingest.views.export.write import export

    published, following = folder / "w.duckdb", folder / "next.duckdb"
    shutil.copyfile(warehouse, published)
    export(published, [], None, ExportFormat.superset, folder / "bundle.zip")
    shutil.copyfile(warehouse, following)
    with duckdb.connect(str(following)) as con:
        for table in ("rpt_three_public_by_unit", "rpt_budget_against_final"):
            con.execute(f"update marts.{table} set final_yuan = final_yuan * 2")
        con.execute("insert into marts.rpt_finding from marts.rpt_finding")


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout


def _inside(folder: Path) -> None:
    """In Superset's own Python: import the bundle, ask every chart, publish the next file, ask again."""
    from superset.app import create_app  # type: ignore[import-not-found]

    client = create_app().test_client()
    given = {"username": "admin", "password": "admin", "provider": "db", "refresh": True}
    token = client.post("/api/v1/security/login", json=given).json["access_token"]
    said = {"Authorization": f"Bearer {token}"}
    with (folder / "bundle.zip").open("rb") as file:
        answer = client.post(
            "/api/v1/assets/import/", headers=said, data={"bundle": (file, "bundle.zip")}, content_type="multipart/form-data"
        )  # fmt: skip
    assert answer.status_code == 200, answer.text
    counts = {
        kind: client.get(f"/api/v1/{kind}/?q=(page_size:100)", headers=said).json["count"]
        for kind in ("dataset", "chart", "dashboard")
    }
    assert counts["dataset"] >= 12, counts
    assert counts["dashboard"] == 3, counts
    charts = client.get("/api/v1/chart/?q=(page_size:100)", headers=said).json["result"]
    assert len(charts) == counts["chart"] == 8, counts
    answers = []
    for number in range(2):
        if number:
            (folder / "next.duckdb").replace(folder / "w.duckdb")
        answers.append(
            {f"{chart['id']} {chart['slice_name']}": _asked(client, said, chart) for chart in charts}
        )
    print(json.dumps(answers))


def _asked(client: Any, said: dict[str, str], chart: dict[str, Any]) -> dict[str, Any]:
    params = json.loads(chart["params"])
    metrics = params.get("metrics") or [params["metric"]]
    columns = [*([params["x_axis"]] if "x_axis" in params else []), *params["groupby"]]
    number, _, kind = params["datasource"].partition("__")
    where = " AND ".join(each["sqlExpression"] for each in params["adhoc_filters"])
    asked = {
        "datasource": {"id": int(number), "type": kind}, "force": True, "result_format": "json", "result_type": "full",
        "queries": [{"columns": columns, "metrics": metrics, "extras": {"where": where}, "filters": [], "row_limit": 1000}],
    }  # fmt: skip
    answer = client.post("/api/v1/chart/data", headers=said, json=asked)
    assert answer.status_code == 200, answer.text
    rows = answer.json["result"][0]["data"]
    return {"rows": len(rows), "sum": sum(float(value) for row in rows for name, value in row.items() if name in metrics and value)}  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        _inside(Path(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
