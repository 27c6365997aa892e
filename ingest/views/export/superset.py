"""Reports as a bundle for Apache Superset: the warehouse, its datasets with comments and metrics, charts and dashboards."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ingest.files import fresh_name, swap_in
from ingest.views.export.tables import Column, Selection, Table

DECLARED = Path(__file__).with_name("superset.yml")
_NAMESPACE = uuid.UUID("6f1f4f1e-3f0a-5c55-9d0e-6d696e677a68")
"""Ids are made of names in it, so that a bundle that is imported again replaces what it brought before."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_KINDS = {"bar": "echarts_timeseries_bar", "pie": "pie", "table": "table"}
_MOST_ROWS = 1_000
_ACROSS, _HEIGHT = 12, 60
_Declared = dict[str, Any]


def write_bundle(selection: Selection, target: Path) -> list[Path]:
    """Write a ZIP that Superset imports (Settings → Import, or ``/api/v1/assets/import/``). Its database is the file of the selection.

    Raises LookupError where a report that a chart needs is not among the tables; OSError, duckdb.Error.
    """
    declared = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    tables = {table.name: table for table in selection.tables}
    for name in declared["datasets"]:
        if name not in tables:
            raise LookupError(f"the dashboards need {name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = fresh_name(target)
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as bundle:
            for path, content in _parts(declared, tables, selection.warehouse.resolve()):
                text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
                bundle.writestr(zipfile.ZipInfo(f"mingzhang/{path}", _EPOCH), text, zipfile.ZIP_DEFLATED)
        swap_in(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
    return [target]


def _parts(declared: _Declared, tables: dict[str, Table], warehouse: Path) -> Iterator[tuple[str, _Declared]]:
    yield "metadata.yaml", {"version": "1.0.0", "type": "assets", "timestamp": "1980-01-01T00:00:00+00:00"}
    yield "databases/mingzhang.yaml", _database(warehouse)
    for name, table in tables.items():
        yield (
            f"datasets/mingzhang/{name}.yaml",
            _dataset(table, declared["datasets"].get(name, {}).get("metrics", {})),
        )
    for number, dashboard in enumerate(declared["dashboards"], 1):
        for at, chart in enumerate(dashboard["charts"], 1):
            yield f"charts/{number}_{at}.yaml", _chart(chart, dashboard["title"], declared["datasets"])
        yield f"dashboards/{number}.yaml", _dashboard(dashboard)


def _id(*names: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))


def _database(warehouse: Path) -> _Declared:
    return {
        "database_name": "mingzhang",
        "sqlalchemy_uri": f"duckdb:///{warehouse}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"engine_params": {"connect_args": {"read_only": True}}},
        "uuid": _id("database"),
        "version": "1.0.0",
    }


def _dataset(table: Table, metrics: _Declared) -> _Declared:
    return {
        "table_name": table.name,
        "description": table.comment,
        "schema": table.place.partition(".")[0],
        "uuid": _id(table.name),
        "metrics": [
            {"metric_name": name, "verbose_name": metric["name"], "expression": metric["expression"]}
            for name, metric in metrics.items()
        ],
        "columns": [_column(column) for column in table.columns],
        "version": "1.0.0",
        "database_uuid": _id("database"),
    }


def _column(column: Column) -> _Declared:
    return {
        "column_name": column.name,
        "type": column.kind,
        "is_dttm": column.kind in ("DATE", "TIMESTAMP"),
        "is_active": True,
        "groupby": True,
        "filterable": True,
        "description": column.comment,
    }


def _chart(chart: _Declared, dashboard: str, datasets: _Declared) -> _Declared:
    filters = [
        {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": chart["filter"], "filterOptionName": "counted_once"}
    ]  # fmt: skip
    kind, metrics = _KINDS[chart["kind"]], chart["metrics"]
    params = {"viz_type": kind, "groupby": chart["by"], "adhoc_filters": filters, "row_limit": _MOST_ROWS}
    match chart["kind"]:
        case "bar":
            params |= {"x_axis": chart["x"], "metrics": metrics, "stack": "Stack" if chart["by"] else None}
        case "pie":
            params |= {"metric": metrics[0]}
        case _:
            params |= {"metrics": metrics, "query_mode": "aggregate", "order_desc": True}
    names = {name: datasets[chart["dataset"]]["metrics"][name]["name"] for name in metrics}
    return {
        "slice_name": chart["title"],
        "description": ", ".join(names.values()),
        "viz_type": kind,
        "params": params,
        "query_context": None,
        "uuid": _id(dashboard, chart["title"]),
        "version": "1.0.0",
        "dataset_uuid": _id(chart["dataset"]),
    }


def _dashboard(dashboard: _Declared) -> _Declared:
    title, charts = dashboard["title"], dashboard["charts"]
    position: _Declared = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": title}},
    }
    for number, chart in enumerate(charts, 1):
        row, cell = f"ROW-{number}", f"CHART-{number}"
        position["GRID_ID"]["children"].append(row)
        position[row] = {
            "type": "ROW", "id": row, "parents": ["ROOT_ID", "GRID_ID"], "children": [cell],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }  # fmt: skip
        position[cell] = {
            "type": "CHART", "id": cell, "parents": ["ROOT_ID", "GRID_ID", row], "children": [],
            "meta": {"chartId": number, "uuid": _id(title, chart["title"]), "sliceName": chart["title"], "width": _ACROSS, "height": _HEIGHT},
        }  # fmt: skip
    return {
        "dashboard_title": title,
        "description": "明账 mingzhang",
        "slug": None,
        "uuid": _id(title),
        "position": position,
        "metadata": {},
        "version": "1.0.0",
    }
