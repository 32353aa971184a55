"""Figures for the marketer: each in a sentence, a chart, a table and a file, with the members whom it counts."""
