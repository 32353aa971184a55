"""Tests of community/marketing."""
