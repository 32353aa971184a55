"""Reads of what waits, what was decided, and about whom."""
