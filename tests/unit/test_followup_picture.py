"""The names of the plan's picture on a phone: whole words in short lines, none cut off."""

from __future__ import annotations

import pytest

from followup.presenters.picture import NARROW_LETTERS, _narrow
from followup.services.protocols import read_data

LABELS = sorted({s["label"] for p in read_data()["protocols"] for s in p["steps"]})


@pytest.mark.parametrize("label", LABELS)
def test_a_shipped_label_stands_in_at_most_three_lines_that_fit(label):
    lines = _narrow(label)
    assert 1 <= len(lines) <= 3
    assert all(len(line) <= NARROW_LETTERS for line in lines)
    shown = " ".join(lines)
    assert shown == label or shown.endswith("…")


def test_most_labels_are_shown_whole():
    whole = [label for label in LABELS if " ".join(_narrow(label)) == label]
    assert len(whole) >= len(LABELS) - 2
