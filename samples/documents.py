"""The kinds of sample documents by name: each makes a document from (rng, stem, voice)."""

from collections.abc import Callable

from samples import budget_documents, final_documents, report_documents
from samples.parts import Disclosure

KINDS: dict[str, Callable[..., Disclosure]] = {
    "national_final": final_documents.national_final,
    "split_code_final": final_documents.split_code_final,
    "cell_line_final": final_documents.cell_line_final,
    "unfilled_template": final_documents.unfilled_template,
    "yuan_budget": budget_documents.yuan_budget,
    "tabbed_budget": budget_documents.tabbed_budget,
    "performance_report": report_documents.performance_report,
}
