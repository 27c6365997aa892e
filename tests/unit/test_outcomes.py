"""What is said of a file keeps its code wherever it goes."""

from __future__ import annotations

import pickle

from ingest.outcomes import DocumentError, Reason


def test_an_error_keeps_its_reason_on_its_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(DocumentError(Reason.PDF_DAMAGED, "a.pdf: no pages")))
    assert (type(error), error.reason, str(error)) == (DocumentError, Reason.PDF_DAMAGED, "a.pdf: no pages")
