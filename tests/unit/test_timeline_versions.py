"""By which CTCAE version a grade was given, in the picture: in words also where none was stated."""

from __future__ import annotations

from cases.timeline.content import Event
from cases.timeline.layout import lay_out
from tests.unit.test_cases_timeline import DAY, margaret, texts, when


def test_a_version_that_nobody_stated_is_never_a_number_of_its_own():
    stated = Event("Colitis", 2, "5.0", when(DAY - 300))
    unstated = Event("Rash", 1, "none", when(DAY - 200))
    undated = Event("Myositis", 1, "none")
    alone = lay_out(margaret(events=(unstated,)))
    assert alone.names[1].sub == "CTCAE version not stated, worst"
    timeline = lay_out(margaret(events=(stated, unstated, undated)))
    told = " ".join([*texts(timeline), *(name.sub for name in (*timeline.names, *alone.names))])
    assert "Rash, CTCAE version not stated" in told
    assert "CTCAE none" not in told
