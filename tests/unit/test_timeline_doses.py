"""Steroids in the picture: no dose is drawn that nobody told."""

from __future__ import annotations

import pytest

from cases.timeline.content import Steroid, When
from cases.timeline.doseshapes import Piece, pieces_of
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


def year(day: float) -> When:
    """Return a time within the 365 days from a day."""
    return when(day, 365)


def drawn(**told):
    """Return the steroid of a picture with it alone, and its marks by class."""
    timeline = lay_out(margaret(steroids=(Steroid("prednisolone", **told),)))
    (item,) = [item for item in timeline.items if item.kind == "steroid"]
    found: dict[str, list] = {}
    for one in item.marks:
        found.setdefault(one.cls, []).append(one.attributes)
    legend = {one.text for one in timeline.legend}
    return item, found, legend, timeline


def test_steps_known_by_the_year_have_soft_ends_and_no_edge():
    first, last = year(DAY - 1600), year(DAY - 1235)
    item, marks, legend, timeline = drawn(
        peak=60.0, now=0.0, start=first, doses=((first, 60.0), (last, 0.0)), said=when(DAY - 1235)
    )
    assert item.placing == "range"
    assert (item.attributes["data-from"], item.attributes["data-sure-from"]) == (
        DAY - 1600, DAY - 1235,
    )  # fmt: skip
    soft = marks["tl-fade tl-fade--steroid"]
    assert [one["fill"] for one in soft] == ["url(#tl-steroid-in)", "url(#tl-steroid-out)"]
    assert soft[0]["x"] + soft[0]["width"] == pytest.approx(soft[1]["x"], abs=0.1)
    # The dotted rim is as high as the dose that it may have been.
    assert len(marks["tl-span"]) == 2
    assert "soft edge: that end is known in part" in legend
    assert "dotted: somewhere within" in legend
    # No dose is sure on any day but those of nothing at the end.
    areas = [one["points"] for one in marks["tl-steroid"]]
    heights = {pair.split(",")[1] for points in areas for pair in str(points).split()}
    assert len(heights) == 1
    assert ("steroid", "#d9c7e6") in timeline.fades


def test_what_is_sure_between_two_years_is_drawn_as_sure():
    first, last = year(DAY - 2000), year(DAY - 1000)
    _item, marks, _legend, _timeline = drawn(
        peak=60.0, now=20.0, start=first, doses=((first, 60.0), (last, 20.0)), stop=when(DAY - 300)
    )
    (area,) = marks["tl-steroid"]
    corners = [tuple(map(float, pair.split(","))) for pair in str(area["points"]).split()]
    soft = marks["tl-fade tl-fade--steroid"]
    assert corners[0][0] == pytest.approx(soft[0]["x"] + soft[0]["width"], abs=0.1)
    # Of the fall from 60 to 20 the 20 mg are sure throughout, the rest is soft.
    assert len({y for _x, y in corners}) == 3
    assert soft[1]["y"] + soft[1]["height"] == pytest.approx(max(corners[3][1], corners[4][1]))
    # The edge stops where the dose is no longer sure, and has no corner there.
    assert len(marks["tl-steroid-edge"]) == 2


def test_days_known_to_the_day_have_no_soft_end():
    item, marks, _legend, timeline = drawn(
        peak=60.0, now=0.0, start=when(DAY - 300), doses=((when(DAY - 300), 60.0),),
        stop=when(DAY - 200),
    )  # fmt: skip
    assert item.placing == "day"
    assert not {"tl-span", "tl-fade tl-fade--steroid"} & marks.keys()
    assert len(marks["tl-steroid"]) == len(marks["tl-steroid-edge"]) == 1
    assert ("steroid", "#d9c7e6") not in timeline.fades


@pytest.mark.parametrize("replacement", [False, True])
def test_a_course_from_a_year_on_has_a_span_and_no_line_at_one_day(replacement):
    item, marks, legend, _timeline = drawn(
        peak=60.0, now=0.0, start=year(DAY - 1500), said=when(DAY - 10), replacement=replacement
    )
    assert item.placing == "range"
    assert "tl-steroid-edge" not in marks
    (span, left, right) = marks["tl-span"]
    assert (span["x1"], span["x2"]) == (left["x1"], right["x1"])
    (line,) = marks["tl-replacement" if replacement else "tl-steroid-untold"]
    assert line["x1"] == span["x2"]
    assert "dotted: somewhere within" in legend


@pytest.mark.parametrize("replacement", [False, True])
def test_of_a_course_within_one_year_nothing_is_sure(replacement):
    _item, marks, _legend, _timeline = drawn(
        peak=60.0, now=None, start=year(DAY - 900), stop=year(DAY - 900), replacement=replacement
    )
    assert not {"tl-replacement", "tl-steroid-untold", "tl-steroid-edge"} & marks.keys()
    assert len(marks["tl-span"]) == 6


def test_before_the_first_dose_that_was_told_none_is_drawn():
    _item, marks, _legend, _timeline = drawn(
        peak=30.0, now=30.0, start=year(DAY - 1500), doses=((when(DAY - 800), 30.0),),
        stop=when(DAY - 600),
    )  # fmt: skip
    (line,), (area,) = marks["tl-steroid-untold"], marks["tl-steroid"]
    assert line["x2"] == pytest.approx(float(str(area["points"]).split(",")[0]), abs=0.1)
    assert marks["tl-span"][0]["x2"] == line["x1"]


@pytest.mark.parametrize(
    ("steps", "stop", "expected"),
    [
        ([(0, 0, 60.0), (50, 50, 30.0)], (80, 80), [(0, 50, 60, 60, 0), (50, 80, 30, 30, 0)]),
        # The first may have been given from the start, or the second by then; nothing is sure but the rest.
        ([(0, 40, 60.0), (0, 40, 30.0)], (80, 80), [(0, 40, 0, 60, 1), (40, 80, 30, 30, 0)]),
        # Stops of one year: up and down within it.
        ([(0, 40, 60.0)], (0, 40), [(0, 40, 0, 60, 0)]),
        # A step known to the day is the end of the one before, whose year goes on.
        ([(0, 40, 60.0), (20, 20, 30.0)], (60, 60), [(0, 20, 0, 60, 1), (20, 60, 30, 30, 0)]),
        # A year whose halves say the same is one piece.
        ([(0, 40, 60.0), (60, 60, 60.0)], (80, 80), [(0, 40, 0, 60, 1), (40, 80, 60, 60, 0)]),
        ([(0, 0, 60.0)], (0, 0), []),
    ],
)
def test_pieces_of_what_a_dose_may_have_been(steps, stop, expected):
    assert list(pieces_of(steps, stop)) == [Piece(*piece) for piece in expected]
