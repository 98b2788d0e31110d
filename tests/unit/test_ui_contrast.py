"""Every pair of colours that meet on a page, in both sets, against WCAG 2.2 AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "scss" / "_tokens.scss"

# Text of any size is held to 4.5; signs, edges of controls and focus to 3.
TEXT = [
    *[(ink, paper) for paper in ("paper", "ground", "field-paper") for ink in ("ink", "soft", "link")],
    *[(f"{colour}", "paper") for colour in ("green", "amber", "red", "purple", "blue")],
    *[(ink, "sunken") for ink in ("ink", "soft")],
    ("green", "ground"), ("red", "ground"), ("amber", "ground"), ("link-hover", "paper"),
    ("green-deep", "green-pale"), ("amber", "amber-pale"), ("red", "red-pale"),
    ("purple", "purple-pale"), ("blue", "blue-pale"), ("ink", "grey-pale"), ("soft", "grey-pale"),
    *[("ink", f"{pale}-pale") for pale in ("green", "amber", "red", "blue", "brand")],
    ("soft", "amber-pale"), ("soft", "red-pale"), ("soft", "brand-pale"), ("link", "blue-pale"),
    ("link", "amber-pale"), ("link", "red-pale"), ("action", "paper"), ("action", "brand-pale"),
    ("on-action", "action"), ("on-action", "action-hover"), ("on-brand", "brand"),
    ("on-brand", "brand-deep"), ("on-brand-soft", "brand"), ("on-brand-soft", "brand-deep"),
    ("focus-ink", "focus"),
    *[(f"on-{name}", name) for name in ("pd1", "pdl1", "ctla4", "chemo", "radio", "targeted", "vessel", "second")],
    *[(f"on-grade-{n}", f"grade-{n}") for n in range(6)],
]  # fmt: skip
GRAPHICS = [
    ("field", "paper"), ("field", "field-paper"), ("mark", "paper"), ("amber-line", "paper"),
    ("red-line", "paper"), ("green", "paper"), ("action", "ground"), ("amber-line", "amber-pale"),
    ("red-line", "red-pale"), ("link", "blue-pale"), ("green", "green-pale"),
]  # fmt: skip


def palettes() -> dict[str, dict[str, str]]:
    """The tokens of the light set, and of the dark set over it."""
    text = TOKENS.read_text(encoding="utf-8").split("@media")[0]
    light_text, dark_text = text.split('[data-theme="dark"]')
    pattern = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")
    light = dict(pattern.findall(light_text))
    return {"light": light, "dark": light | dict(pattern.findall(dark_text))}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_can_be_read(theme, ink, paper):
    tokens = palettes()[theme]
    assert contrast(tokens[ink], tokens[paper]) >= 4.5, (tokens[ink], tokens[paper])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("sign", "paper"), GRAPHICS)
def test_signs_can_be_seen(theme, sign, paper):
    tokens = palettes()[theme]
    assert contrast(tokens[sign], tokens[paper]) >= 3, (tokens[sign], tokens[paper])
