"""Reads of articles and the calendar."""
