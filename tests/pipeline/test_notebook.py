"""The notebook of first questions: each cell runs, and each answer has rows; a chart is drawn of what it names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.config import PROJECT_ROOT
from tests.conftest import SampleBuild


def test_every_cell_runs(sample_build: SampleBuild, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGZHANG_WAREHOUSE", str(sample_build.warehouse))
    notebook = json.loads((PROJECT_ROOT / "docs" / "first_questions.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell.get("outputs") for cell in notebook["cells"]), (
        "results are of the reader's own warehouse"
    )
    names: dict[str, Any] = {}
    charts = []
    for source in sources:
        *_, last = source.splitlines()
        exec(source, names)
        if last.startswith("alt.Chart("):
            charts.append(eval(last, names).to_dict())
    for answer in ("documents", "spending", "three_public", "findings", "printed"):
        assert len(names[answer]) > 0, answer
    columns = [set(next(iter(chart["datasets"].values()))[0]) for chart in charts]
    fields = [{axis["field"] for axis in chart["encoding"].values()} for chart in charts]
    assert len(charts) == 2
    assert all(named <= there for named, there in zip(fields, columns, strict=True))
    names["con"].close()
