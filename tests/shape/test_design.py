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
    """Theme -> colour by name; each is written once, as `--ink:var(--light,#…) var(--dark,#…)`."""
    written = re.findall(
        r"--([\w-]+):var\(--light,(#[0-9A-F]{6})\) var\(--dark,(#[0-9A-F]{6})\)", (CSS / "00-tokens.css").read_text()
    )
    return {
        "light": {name: light for name, light, _dark in written},
        "dark": {name: dark for name, _light, dark in written},
    }


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
