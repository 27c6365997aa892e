"""Performance forms (绩效自评表, 绩效目标表): Document -> funding blocks and indicator rows, verbatim."""

from ingest.performance.model import FundingRow, IndicatorRow, PerformanceForm
from ingest.performance.read import read_performance
from ingest.performance.sentences import read_sentences

__all__ = ["FundingRow", "IndicatorRow", "PerformanceForm", "read_performance", "read_sentences"]
