"""What a result depends on besides the documents: the code that reads, the code that transforms, the seeds, the libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ingest.config import CLASSIFICATION_DIR, CODES_DIR, PACKAGES, PROJECT_ROOT, REGISTRY_DIR

_READING_FOLDERS = (
    "document",
    "inbox",
    "readers",
    "cover",
    "forms",
    "performance",
    "narrative",
    "extraction",
)
_READING_MODULES = ("config", "outcomes", "registry", "seeds")
_READING_PACKAGES = (
    "lxml", "numpy", "olefile", "onnxruntime", "opencv-python-headless", "openpyxl", "pdfplumber", "pillow", "pyarrow",
    "pypdfium2", "python-docx", "rapidocr", "xlrd",
)  # fmt: skip
_TRANSFORMING_PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "great-expectations")


@cache
def extractor_version() -> str:
    """16 hex digits for everything that decides what is read of a document's bytes."""
    seeds = [*sorted(REGISTRY_DIR.glob("*.csv")), *sorted(CLASSIFICATION_DIR.glob("*.csv"))]
    files = [*reading_files(), *seeds, CODES_DIR / "money_unit.csv"]
    return _digest(files, _READING_PACKAGES)


def reading_files() -> list[Path]:
    """The modules that read documents."""
    package = PACKAGES / "ingest"
    files = [package / "__init__.py", *(package / f"{name}.py" for name in _READING_MODULES)]
    for folder in _READING_FOLDERS:
        files += sorted((package / folder).rglob("*.py"))
    return files


@cache
def project_version() -> str:
    """16 hex digits for everything that decides what the warehouse says of what was read."""
    suites = (path for path in (PACKAGES / "expectations").rglob("*") if path.suffix in (".py", ".yml"))
    return _digest([*_dbt_files(), *sorted(suites)], _TRANSFORMING_PACKAGES)


def dbt_version() -> str:
    """16 hex digits for everything that dbt's parse of the project holds, the project's place among it."""
    return _digest(_dbt_files(), ("dbt-core", "dbt-duckdb"), str(PROJECT_ROOT))


def _dbt_files() -> list[Path]:
    folder = PROJECT_ROOT / "dbt_project"
    return [
        PROJECT_ROOT / "dbt_project.yml",
        PROJECT_ROOT / "profiles.yml",
        *sorted(path for path in folder.rglob("*") if path.is_file()),
    ]


def _digest(files: Iterable[Path], packages: Iterable[str], place: str = "") -> str:
    state = hashlib.sha256(place.encode())
    for name in packages:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "absent"
        state.update(f"{name} {found}\n".encode())
    for path in files:
        state.update(f"{_place(path)}\n".encode() + path.read_bytes())
    return state.hexdigest()[:16]


def _place(path: Path) -> Path:
    """Where a file lies in a clone: the same for a wheel, so that both have the same versions."""
    return path.relative_to(PROJECT_ROOT if path.is_relative_to(PROJECT_ROOT) else PACKAGES)
