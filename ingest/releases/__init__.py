"""What was published: the store of releases, merging, the regression guard, kept extracts."""
