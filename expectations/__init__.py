"""Great Expectations over the warehouse that is about to be published."""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# great_expectations reads this once, at import: no data about a warehouse leaves the machine.
os.environ["GX_ANALYTICS_ENABLED"] = "false"


class _Later(MetaPathFinder):
    """Loads, when they are used, libraries that great_expectations imports for expectations of which no suite has any.

    They would take a third of the time of its import.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as it is found without this, to be loaded later; None for any other."""
        if name not in ("altair", "scipy.stats"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


sys.meta_path.insert(0, _Later())
