"""Steroids in the picture: no dose is drawn that nobody told."""

from __future__ import annotations

import pytest

from cases.timeline.content import Steroid
from cases.timeline.layout import lay_out
from tests.unit.test_cases_timeline import DAY, margaret, when


def test_between_peak_and_last_dose_nothing_is_filled_and_the_line_is_explained():
    at, told = when(DAY - 300), when(DAY - 100)
    steroid = Steroid("prednisolone", 60.0, 5.0, start=at, said=told, reason="for colitis")
    timeline = lay_out(margaret(steroids=(steroid,)))
    marks = [m for item in timeline.items if item.kind == "steroid" for m in item.marks]
    assert {m.cls for m in marks} >= {"tl-steroid-point", "tl-steroid-untold"}
    assert not any(m.tag == "polygon" for m in marks)
    points = [m.attributes["cx"] for m in marks if m.cls == "tl-steroid-point"]
    assert len(points) == 2
    # The last dose stands at the day for which it was said, and not at today.
    assert max(float(x) for x in points) < timeline.width * 0.9
    assert "dashed: steroid, dose not told there" in [one.text for one in timeline.legend]
    assert any("for colitis" in row.details for row in timeline.table)


@pytest.mark.parametrize("known", [{"peak": 60.0, "now": None}, {"peak": None, "now": 5.0}])
def test_a_dose_that_nobody_told_has_no_point(known):
    steroid = Steroid("prednisolone", start=when(DAY - 300), said=when(DAY - 100), **known)
    timeline = lay_out(margaret(steroids=(steroid,)))
    marks = [m for item in timeline.items if item.kind == "steroid" for m in item.marks]
    assert len([m for m in marks if m.cls == "tl-steroid-point"]) == 1


def test_a_last_dose_whose_day_is_not_known_has_no_point_at_today():
    steroid = Steroid("prednisolone", 60.0, 5.0, start=when(DAY - 300))
    timeline = lay_out(margaret(steroids=(steroid,)))
    marks = [m for item in timeline.items if item.kind == "steroid" for m in item.marks]
    assert len([m for m in marks if m.cls == "tl-steroid-point"]) == 1
    (line,) = [m for m in marks if m.cls == "tl-steroid-untold"]
    assert line.attributes["y1"] == line.attributes["y2"]


def test_the_last_of_the_steps_is_not_drawn_on_to_today():
    doses = ((when(DAY - 300), 60.0), (when(DAY - 250), 5.0))
    steroid = Steroid(
        "prednisolone", 60.0, 5.0, start=doses[0][0], doses=doses, said=when(DAY - 250)
    )
    timeline = lay_out(margaret(steroids=(steroid,)))
    marks = [m for item in timeline.items if item.kind == "steroid" for m in item.marks]
    (area,) = [m for m in marks if m.cls == "tl-steroid"]
    (line,) = [m for m in marks if m.cls == "tl-steroid-untold"]
    right = max(float(p.split(",")[0]) for p in str(area.attributes["points"]).split())
    assert float(line.attributes["x1"]) == pytest.approx(right, abs=0.1)
    assert float(line.attributes["x2"]) > right + 20
