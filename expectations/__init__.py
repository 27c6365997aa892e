"""Great Expectations over the warehouse that is about to be published."""

import os

# Read once, when great_expectations is imported: nothing about a warehouse leaves the machine.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
