"""Writes: who bought what, and what shops export."""
