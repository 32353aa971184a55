"""Words as a picture that a phone reads (QR), drawn by ourselves: the secret in it is told to nobody else."""

from dataclasses import dataclass

import segno

QUIET = 4  # empty squares around it, as the standard asks


@dataclass(frozen=True)
class Squares:
    """The dark squares as the path of an SVG, and how many squares it is wide and high."""

    path: str
    size: int


def squares_of(words: str) -> Squares:
    """The picture of these words."""
    rows = segno.make(words, error="m").matrix
    dark = [(x, y) for y, row in enumerate(rows, QUIET) for x, is_dark in enumerate(row, QUIET) if is_dark]
    return Squares("".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows) + 2 * QUIET)
