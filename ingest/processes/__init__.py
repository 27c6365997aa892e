"""Bounded, isolated worker and child processes, and what they may leave behind: nothing."""
