"""The guide, executable: layers, names, grains, descriptions, typed seeds, and no float for money."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.config import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"
MODELS = sorted((DBT / "models").rglob("*.sql"))


def layer_of(model: Path) -> str:
    """The folder directly below the models: a layer may have one folder per topic."""
    return model.relative_to(DBT / "models").parts[0]


WITHOUT_KEY = {"quarantine", "document_outcome"}  # two files with the same name and bytes are two rows
MARTS = {path.stem for path in MODELS if layer_of(path) == "marts"}
PUBLISHED = [path for path in MODELS if layer_of(path) in ("marts", "audit")]


@cache
def _described() -> dict[str, dict]:
    described = {}
    for path in (DBT / "models").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            described[model["name"]] = model
    return described


@cache
def _seeds() -> dict[str, dict]:
    found = {}
    for path in (DBT / "seeds").rglob("*.yml"):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8")).get("seeds", []):
            found[seed["name"]] = seed
    return found


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_states_its_grain_first(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"-- (One row per|The one row|At most one row per) ", first), first


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_layers_read_only_what_they_may(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    layer = layer_of(path)
    assert ("source(" in text) == (layer == "staging")
    if layer == "staging":
        assert "ref(" not in text
        assert path.stem.startswith("stg_disclosure__")
    if layer == "intermediate":
        assert re.match(r"int_[a-z]+(_[a-z]+)*__[a-z_]+$", path.stem), path.stem
        assert not set(re.findall(r"ref\('(\w+)'\)", text)) & MARTS


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_model_is_described_and_its_grain_is_tested(path: Path) -> None:
    model = _described()[path.stem]
    assert re.search(r"一行一", model["description"]), path.stem
    column_tests = [test for column in model.get("columns", []) for test in column.get("data_tests", [])]
    if layer_of(path) != "staging" and path.stem not in WITHOUT_KEY:
        assert "unique" in column_tests or any(
            "unique_combination" in test for test in model.get("data_tests", [])
        ), path.stem


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_what_is_published_is_described_in_both_languages(path: Path) -> None:
    model = _described()[path.stem]
    assert re.search(r"一行一", model["description"])
    assert re.search(r"One row per", model["description"])
    for column in model["columns"]:
        text = column["description"]
        assert "{{ doc(" in text or (re.search(r"[一-鿿]", text) and "/ " in text), (
            path.stem,
            column["name"],
        )
        assert column.get("data_type"), (path.stem, column["name"])


def test_every_seed_declares_every_column_type_and_codes_are_text() -> None:
    seeds = _seeds()
    for path in (DBT / "seeds").rglob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        types = seeds[path.stem]["config"]["column_types"]
        assert set(types) == set(header), path.stem
        for column, kind in types.items():
            if column.endswith(("code", "_id")):
                assert kind.lower() == "varchar", (path.stem, column)


def test_money_is_never_a_float(warehouse: duckdb.DuckDBPyConnection) -> None:
    floats = warehouse.execute(
        "select table_name, column_name from duckdb_columns() where schema_name in ('marts', 'audit')"
        " and data_type in ('FLOAT', 'DOUBLE', 'REAL') and not (table_name = 'evidence' and column_name in ('x0', 'top', 'x1', 'bottom'))"
    ).fetchall()
    assert not floats
    for path in (*(PROJECT_ROOT / "ingest").glob("*.py"), *(PROJECT_ROOT / "ingest" / "forms").glob("*.py")):
        assert not re.search(r"\bfloat\(|\bDecimal\(", path.read_text(encoding="utf-8")), path
    for path in MODELS:
        assert not re.search(r"\b(?:double|float|real)\b", path.read_text(encoding="utf-8")), path


def test_no_rule_names_a_place_or_unit() -> None:
    """A rule that mentions one document, unit or region is a defect."""
    places = re.compile(r"普陀|新疆|克拉玛依|库尔勒|乌鲁木齐|上海|万里街道")
    for path in (
        *(PROJECT_ROOT / "ingest").rglob("*.py"),
        *(DBT / "seeds" / "registry").glob("*.csv"),
        *MODELS,
    ):
        if "samples" in path.parts:
            continue
        text = "\n".join(
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if not line.lstrip().startswith(('"""', "#"))
        )
        found = places.search(text)
        assert not found, (path, found)
