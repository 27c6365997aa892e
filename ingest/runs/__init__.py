"""What a command carries out: build, refresh, and telling what came of it."""
