"""Tests of community/segments."""
