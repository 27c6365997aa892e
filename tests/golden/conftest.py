"""One build of the golden cases and the prose corpus together, for all their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Compiled
from tests.golden import corpus, golden
from tests.golden.build import build


@pytest.fixture(scope="session")
def golden_build(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build file that holds both."""
    work = tmp_path_factory.mktemp("golden")
    documents = [golden.write_documents(work, golden.names()), *corpus.documents()]
    return build(work, documents, compiled.statements("flag"))
