"""Great Expectations over the warehouse that is about to be published."""

import os

# great_expectations reads this once, at import: no data about a warehouse leaves the machine.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
