"""Figures: each equals a direct count of the record, and can be traced to its members."""
