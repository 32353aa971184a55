"""Clubs: who belongs together, joined in one press and left as easily."""
