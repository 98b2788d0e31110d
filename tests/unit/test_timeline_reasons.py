"""Why an ICI was stopped, in the few words that the picture of a history has room for."""

from __future__ import annotations

import pytest

from cases.timeline.build import short_reason
from cases.vocabulary import StopReason


@pytest.mark.parametrize("reason", [r for r in StopReason if r != StopReason.OTHER])
def test_the_picture_names_every_reason_for_stopping(reason):
    words = short_reason(reason)
    assert words != short_reason(StopReason.OTHER) == "other reason"
    assert words == "irAE" or words.split()[-1] in str(reason.label).lower()
