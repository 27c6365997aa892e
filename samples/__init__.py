"""Realistic disclosures with known figures, made by the project itself.

`write_samples` writes them to a directory and returns what each of them says, row by row;
`write_broken_samples` writes files that must end in quarantine.
"""

from samples.broken import write_broken_samples
from samples.write import SampleTruth, TruthLine, write_samples, write_truths

__all__ = ["SampleTruth", "TruthLine", "write_broken_samples", "write_samples", "write_truths"]
