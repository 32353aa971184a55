"""The colours of every theme keep their contrast (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "community/static/css"
TEXT = [  # (text, ground)
    ("ink", "paper"), ("ink", "surface"), ("ink-2", "paper"), ("ink-2", "surface"), ("pine", "paper"),
    ("pine", "surface"), ("on-pine", "pine"), ("tape-ink", "tape"), ("tape-mark", "tape"), ("poppy", "surface"),
    ("poppy", "rose"), ("ink", "leaf"), ("pine", "leaf"), ("ink", "honey"), ("sky-ink", "sky"), ("ink", "rose"),
    ("star", "surface"), ("focus", "paper"),
]  # fmt: skip
BORDERS = [("field", "paper"), ("field", "surface")]


def themes() -> dict[str, dict[str, str]]:
    text = (CSS / "00-tokens.css").read_text()
    blocks = [dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", block)) for block in text.split("}")]
    whole = [block for block in blocks if "paper" in block and "ink" in block]
    light = whole[0]
    return {f"theme {number}": {**light, **block} for number, block in enumerate(whole)}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", themes())
def test_text_and_borders_can_be_seen(name: str) -> None:
    theme = themes()[name]
    weak = [(a, b, round(contrast(theme[a], theme[b]), 2)) for a, b in TEXT if contrast(theme[a], theme[b]) < 4.5]
    weak += [(a, b, round(contrast(theme[a], theme[b]), 2)) for a, b in BORDERS if contrast(theme[a], theme[b]) < 3]
    assert weak == []


def test_there_are_a_light_and_a_dark_theme() -> None:
    assert len({theme["paper"] for theme in themes().values()}) == 2
