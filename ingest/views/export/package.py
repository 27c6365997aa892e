"""Tables as a Frictionless data package (v1): CSV files, and datapackage.json with types, meanings, keys and licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.files import fresh_name, swap_in
from ingest.terminal import json_text
from ingest.views.export.plain import write_csv
from ingest.views.export.tables import LICENCE, LICENCE_URL, Column, Selection, Table
from ingest.views.relations import Relation, relations

_TYPES = {
    "VARCHAR": "string", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP": "datetime",
}  # fmt: skip


def write_package(selection: Selection, folder: Path) -> list[Path]:
    """Write the package into a folder. Returns its files, the description last. Raises OSError, duckdb.Error."""
    files = write_csv(selection, folder, encoding="utf-8")
    description = folder / "datapackage.json"
    fresh = fresh_name(description)
    try:
        fresh.write_text(json_text(_description(selection), indent=1) + "\n", encoding="utf-8")
        swap_in(fresh, description)
    finally:
        fresh.unlink(missing_ok=True)
    return [*files, description]


def _description(selection: Selection) -> dict[str, Any]:
    chosen = {table.name for table in selection.tables}
    said: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "mingzhang",
        "title": "明账 mingzhang: Chinese departmental budgets and final accounts",
        "description": "Amounts in yuan as printed, never corrected. A blank is not a zero."
        + (f" Rows where {selection.where}." if selection.where else ""),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Apache License 2.0"}],
        "resources": [_resource(table, chosen, bool(selection.where)) for table in selection.tables],
    }
    if selection.release:
        release, made_at = selection.release
        said |= {"version": release, "created": f"{made_at:%Y-%m-%dT%H:%M:%SZ}"}
    return said


def _resource(table: Table, chosen: set[str], is_part: bool) -> dict[str, Any]:
    relation = relations().get(table.name)
    schema: dict[str, Any] = {
        "fields": [_field(column, relation) for column in table.columns],
        "missingValues": [""],
    }
    if relation:
        if relation.key and set(relation.key) <= relation.required:
            schema["primaryKey"] = list(relation.key)
        # of a part of the rows, what a key points to may be left out
        keys = [] if is_part else [each for each in relation.foreign_keys if each.table in chosen]
        if keys:
            schema["foreignKeys"] = [
                {
                    "fields": [each.column],
                    "reference": {
                        "resource": "" if each.table == table.name else each.table,
                        "fields": [each.target],
                    },
                }
                for each in keys
            ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column, relation: Relation | None) -> dict[str, Any]:
    kind = column.kind.partition("(")[0]
    field = {"name": column.name, "type": _TYPES.get(kind, "number" if kind == "DECIMAL" else "string")}
    if column.comment:
        field["description"] = column.comment
    constraints = {"required": True} if relation and column.name in relation.required else {}
    return field | ({"constraints": constraints} if constraints else {})
