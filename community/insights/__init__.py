"""Figures for the marketer, each traced to the members behind it."""
