"""dbt's compiled statements: the SQL of every model and test, with contracts and comments, and the seeds as tables.

dbt needs many seconds to start and to plan, however few documents there are. What it compiles depends only on the
project and its settings; it is kept under their hash, for that state only, and serves every publish policy. ``transform``
runs it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingest.config import PROJECT_ROOT, Policy, Run, parses_dir
from ingest.files import fresh_name, literal
from ingest.processes import child
from ingest.processes.scratch import owned
from ingest.version import dbt_version, project_version
from ingest.warehouse.load import RawLoader

CATALOGUE = "build"
"""The name by which statements refer to the build file, whatever the file is called."""
_POLICY = "{publish_policy}"
"""What stands in the kept statements for the publish policy."""


class TransformError(Exception):
    """The models cannot be compiled or built, or a test fails that no document explains; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its place, its columns (name, type; empty without a contract), and what it is built from.

    ``required`` columns are never null, ``comments`` are by column ('' for the table itself), ``parents`` are places.
    """

    name: str
    place: str
    materialized: str
    columns: list[tuple[str, str]]
    required: list[str]
    comments: dict[str, str]
    parents: list[str]
    sql: str

    @property
    def schema(self) -> str:
        """The name of its schema, quoted."""
        return self.place.split(".")[1]

    def declaration(self) -> list[str]:
        """The statements that make the table whose columns are declared, without rows, and its comments."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns)
        return [f"create or replace table {self.place} ({columns})", *self.commenting()]

    def commenting(self) -> list[str]:
        """The statements that comment the table or view and its columns."""
        places = {
            column: f'column {self.place}."{column}"' if column else f"{self.materialized} {self.place}"
            for column in self.comments
        }
        return [
            f"comment on {places[column]} is {literal(comment)}" for column, comment in self.comments.items()
        ]


@dataclass(frozen=True, slots=True)
class Rule:
    """One of dbt's tests: the kind of rule, the name of the model it is about, and the query for the rows that break it.

    ``title`` says in words what the rows must meet.
    """

    name: str
    kind: str
    table_name: str
    title: str
    sql: str


@dataclass(frozen=True)
class Statements:
    """The SQL of one state of the project: ``models`` in the order of building, ``tests``, and the seeds' file.

    That file also has the tables whose columns are declared, empty, with their comments: copied whole they cost a
    hundredth of what they cost one by one. ``document_tables`` are the published tables that depend on documents, as ``schema.table``.
    """

    models: list[Model]
    tests: list[Rule]
    document_tables: list[str]
    seeds: Path

    def after(self, place: str) -> list[Model]:
        """The models that depend on one place, directly or not, in the order of building."""
        reached = {place}
        found = []
        for model in self.models:
            if not reached.isdisjoint(model.parents):
                reached.add(model.place)
                found.append(model)
        return found

    def leading_to(self, names: Collection[str]) -> list[Model]:
        """The models with these names and those that they depend on, in the order of building."""
        needed = {model.place for model in self.models if model.name in names}
        for model in reversed(self.models):
            if model.place in needed:
                needed.update(model.parents)
        return [model for model in self.models if model.place in needed]

    def only(self, is_chosen: Callable[[str], bool]) -> Statements:
        """The models with a chosen name and the tests that look at one of them; what else these read must be there."""
        models = [model for model in self.models if is_chosen(model.name)]
        tests = [test for test in self.tests if any(model.place in test.sql for model in models)]
        return replace(self, models=models, tests=tests)


def compiled_statements(run: Run, folder: Path | None = None) -> Statements:
    """The statements for the current project: those kept in ``folder`` (``run.compiled_dir``), else newly compiled and kept.

    Raises TransformError where dbt refuses the project, OSError or duckdb.Error where they cannot be kept.
    """
    folder = folder or run.compiled_dir
    state = project_version()
    kept = recall(folder, state, run.publish_policy)
    if kept is None:
        scratch = (run.var_dir / "builds").resolve()
        with owned(scratch / f"dbt-{run.run_id}", "dbt-*") as target:
            _compile(run, target)
            keep(target, folder, state)
        kept = recall(folder, state, run.publish_policy)
    if kept is None:
        raise TransformError(f"what dbt compiled could not be kept in {folder}")
    return kept


def _compile(run: Run, target: Path) -> None:
    """Have dbt compile every node into its target folder, over a build file without documents."""
    build_file = target / f"{CATALOGUE}.duckdb"
    with RawLoader(build_file, run.run_id):
        pass
    parsed, kept = target / "partial_parse.msgpack", _parsed_file()
    with suppress(OSError):
        shutil.copyfile(kept, parsed)
    command = child.command(
        "dbt.cli.main", "compile",
        "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT),
        "--target-path", str(target), "--log-path", str(target), "--quiet",
        "--vars", json.dumps({"publish_policy": _POLICY}),
    )  # fmt: skip
    environment = os.environ | {
        "MINGZHANG_BUILD_DB": build_file.name,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(command, cwd=target, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise TransformError(
            f"dbt does not compile the project:\n{(done.stdout + done.stderr).strip()[-4000:]}"
        )
    if not kept.exists():
        _keep_parse(parsed, kept)


def _parsed_file() -> Path:
    """Where dbt's parse of the project is kept between runs: one file per state of the parsed files, never a mixture."""
    return parses_dir() / f"parsed-{dbt_version()}.msgpack"


def _keep_parse(parsed: Path, kept: Path) -> None:
    """Keep a parse for the next run, if that is possible; the parse of another state is dropped."""
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = fresh_name(kept)
        shutil.move(parsed, fresh)
        fresh.replace(kept)
        for other in kept.parent.glob("parsed-*"):
            if other != kept:
                other.unlink()


def keep(target: Path, folder: Path, state: str) -> None:
    """Keep what dbt compiled into its target folder, with the seeds; it replaces that of an earlier state.

    Raises OSError, duckdb.Error, or TransformError for what ``transform`` cannot build.
    """
    with owned(fresh_name(folder), f".{folder.name}.*") as fresh:
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        seeds = fresh / "kept_seeds.duckdb"
        _load_seeds(nodes["nodes"], seeds)
        statements = _statements(nodes)
        _declare_tables(statements["models"], seeds)
        body = json.dumps(statements | {"state": state, "seeds": _hash(seeds)}, ensure_ascii=False)
        (fresh / "statements.json").write_text(
            hashlib.sha256(body.encode()).hexdigest() + "\n" + body, encoding="utf-8"
        )
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def recall(folder: Path, state: str, policy: Policy) -> Statements | None:
    """The statements kept for a state of the project, under a policy.

    None where there are none, or the file is not as it was written.
    """
    try:
        digest, _, body = (folder / "statements.json").read_text(encoding="utf-8").partition("\n")
        seeds = folder / "kept_seeds.duckdb"
        if hashlib.sha256(body.encode()).hexdigest() != digest:
            return None
        found = json.loads(body)
        if found["state"] != state or found["seeds"] != _hash(seeds):
            return None
        models = [_known(each | {"sql": each["sql"].replace(_POLICY, policy)}) for each in found["models"]]
        tests = [Rule(**each) for each in found["tests"]]
        return Statements(models, tests, found["document_tables"], seeds)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _load_seeds(nodes: dict[str, dict[str, Any]], file: Path) -> None:
    """Write every seed as a table with its declared types, all in one file."""
    with duckdb.connect(str(file)) as con:
        for node in nodes.values():
            if node["resource_type"] != "seed":
                continue
            types = node["config"]["column_types"]
            columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in types.items())
            con.execute(f"create schema if not exists {node['schema']}")
            con.execute(
                f'create table {node["schema"]}."{node["alias"]}" as select * from read_csv('
                f"{literal(PROJECT_ROOT / node['original_file_path'])}, header = true, auto_detect = false,"
                f" delim = ',', quote = '\"', escape = '\"', nullstr = '', columns = {{{columns}}})"
            )


def _declare_tables(models: list[dict[str, Any]], file: Path) -> None:
    """Make every table whose columns are declared, with its comments and without rows."""
    with duckdb.connect() as con:
        con.execute(f"attach {literal(file)} as {CATALOGUE}")
        for model in map(_known, models):
            if model.columns:
                con.execute(f"create schema if not exists {model.place.rpartition('.')[0]}")
                for statement in model.declaration():
                    con.execute(statement)


def _known(model: dict[str, Any]) -> Model:
    return Model(**model | {"columns": [(name, kind) for name, kind in model["columns"]]})


def _statements(manifest: dict[str, Any]) -> dict[str, Any]:
    nodes = manifest["nodes"]
    places = {
        key: each["relation_name"]
        for key, each in (nodes | manifest["sources"]).items()
        if each.get("relation_name")
    }
    graph = {key: set(node["depends_on"].get("nodes", ())) for key, node in nodes.items()}
    read_documents: set[str] = set()
    models: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    tables: list[str] = []
    for key in TopologicalSorter(graph).static_order():
        if key not in nodes:
            continue  # a source
        node = nodes[key]
        parents = graph[key]
        if any(parent.startswith("source.") or parent in read_documents for parent in parents):
            read_documents.add(key)
        if node["resource_type"] == "model":
            models.append(asdict(_model(node, sorted(places[parent] for parent in parents))))
            if key in read_documents and node["config"]["contract"]["enforced"]:
                tables.append(f"{node['schema']}.{node['alias']}")
        elif node["resource_type"] == "test" and node["config"]["severity"].lower() == "error":
            tests.append(asdict(_test(node, nodes)))
    return {"models": models, "tests": tests, "document_tables": tables}


def _model(node: dict[str, Any], parents: list[str]) -> Model:
    config, declared = node["config"], node["columns"]
    if config["materialized"] not in ("table", "view") or config.get("pre-hook") or config.get("post-hook"):
        raise TransformError(f"{node['name']} has an unsupported materialization")
    columns: list[tuple[str, str]] = []
    required: list[str] = []
    if config["contract"]["enforced"]:
        for name, column in declared.items():
            rules = {each["type"] for each in column["constraints"]}
            if rules - {"not_null"}:
                raise TransformError(f"{node['name']}.{name} has unsupported constraints: {rules}")
            columns.append((name, column["data_type"]))
            required += [name] if rules else []
    comments = {name: column["description"] for name, column in declared.items() if column["description"]}
    if node["description"]:
        comments[""] = node["description"]
    return Model(
        node["name"], node["relation_name"], config["materialized"], columns, required,
        comments if config["persist_docs"] else {}, parents, node["compiled_code"],
    )  # fmt: skip


def _test(node: dict[str, Any], nodes: dict[str, Any]) -> Rule:
    if (node["config"]["fail_calc"], node["config"]["error_if"]) != ("count(*)", "!= 0"):
        raise TransformError(f"{node['name']} has its own way to count failures, which is not supported")
    attached = nodes.get(node.get("attached_node") or "")
    metadata = node.get("test_metadata") or {"name": "singular", "kwargs": {}}
    asked = {key: value for key, value in metadata["kwargs"].items() if key != "model"}
    said = "; ".join(_told(value) for value in asked.values())
    return Rule(
        node["name"], metadata["name"], attached["name"] if attached else node["name"],
        f"{metadata['name']} ({said})" if said else node["name"], node["compiled_code"],
    )  # fmt: skip


def _told(asked: Any) -> str:
    """What a test was asked, for a reader: a list, a mapping or one thing."""
    if isinstance(asked, dict):
        return ", ".join(f"{name}: {value}" for name, value in asked.items())
    return ", ".join(map(str, asked)) if isinstance(asked, list) else str(asked)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
