"""The picture of the history: no label on another, everything inside, the axis said in words."""

from __future__ import annotations

import itertools
import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.timeline.content import Course, Event, History, Point, Steroid, When
from cases.timeline.layout import lay_out
from cases.timeline.lettering import fit, width

TODAY = date(2026, 11, 24)
DAY = TODAY.toordinal()


def when(day: float, spread: float = 0.0) -> When:
    return When(float(day), float(day + spread), words=f"day {day}")


def margaret(**changes) -> History:
    """Return the history of the reference drawing."""
    start, stop = date(2024, 4, 10).toordinal(), date(2025, 1, 29).toordinal()
    content = {
        "mode": "calendar",
        "today": TODAY,
        "courses": (
            Course(1, "Pembrolizumab, 14 cycles, PR", "Pembrolizumab", ("PD-1",), when(start), when(stop)),
        ),
        "events": (
            Event("Hypothyroidism", 2, "5.0", when(date(2024, 9, 1).toordinal(), 29), ongoing=True),
            Event("Pneumonitis", 3, "5.0", when(date(2025, 2, 20).toordinal()),
                  when(date(2025, 7, 30).toordinal()), outcome="resolved 30 July 2025"),
        ),
        "steroids": (Steroid("prednisolone, peak 70 mg/day", 70.0, 5.0, start=when(date(2025, 2, 20).toordinal())),),
        "points": (Point("PD-L1 TPS 60 %", when(date(2024, 3, 1).toordinal())), Point("ECOG 1", when(DAY - 12))),
        "proposed": "proposed: same agent",
        "facts": {"interval": "stopped: irAE · ICI-free 22 months (664 days)"},
    }  # fmt: skip
    return History(**{**content, **changes})


def check(timeline) -> None:
    """Fail where two labels overlap, a label leaves the picture, or a number is not finite."""
    for a, b in itertools.combinations(timeline.labels, 2):
        assert not a.box.overlaps(b.box), (a.text, b.text)
    for label in timeline.labels:
        assert label.box.x0 >= 0
        assert label.box.x1 <= timeline.width + 0.1
        assert label.box.y0 >= 0
        assert label.box.y1 <= timeline.height + 0.1
    for mark in timeline.marks:
        for name, value in mark.attributes.items():
            if isinstance(value, float):
                assert math.isfinite(value), (mark.tag, name)
            if name in {"width", "height"}:
                assert value >= 0


def texts(timeline) -> list[str]:
    return [label.text for label in timeline.labels]


def test_reference_history_has_every_row_and_today():
    timeline = lay_out(margaret())
    check(timeline)
    assert [row.name for row in timeline.names] == ["ICI", "irAE", "Steroid", "Measured"]
    assert "CTCAE 5.0" in timeline.names[1].sub
    assert "Pembrolizumab, 14 cycles, PR" in texts(timeline)
    assert "Pneumonitis, resolved 30 July 2025" in texts(timeline)
    assert "proposed: same agent" in texts(timeline)
    assert any("today" in text for text in texts(timeline))
    assert timeline.note == ""
    assert "Pneumonitis" in timeline.description


def test_month_known_only_makes_a_soft_edge():
    start = date(2024, 4, 1).toordinal()
    course = Course(1, "Nivolumab", "Nivolumab", ("PD-1",), when(start, 29), when(start + 300))
    soft = [m for m in lay_out(margaret(courses=(course,))).marks if m.cls == "tl-soft-pd1"]
    assert [m.attributes["fill"] for m in soft] == ["url(#tl-pd1-in)"]
    assert not [m for m in lay_out(margaret()).marks if m.cls == "tl-soft-pd1"]


def test_two_targets_share_a_bar():
    course = Course(
        1, "Nivolumab + ipilimumab", "Nivo", ("PD-1", "CTLA-4"), when(DAY - 400), when(DAY - 200)
    )
    classes = {m.cls for m in lay_out(margaret(courses=(course,))).marks}
    assert {"tl-bar tl-bar--pd1", "tl-bar tl-bar--ctla4"} <= classes


def test_versions_of_ctcae_stand_at_each_event_when_they_differ():
    events = (Event("Colitis", 2, "5.0", when(DAY - 300)), Event("Rash", 1, "6.0", when(DAY - 200)))
    timeline = lay_out(margaret(events=events))
    assert {"Colitis, CTCAE 5.0", "Rash, CTCAE 6.0"} <= set(texts(timeline))


def test_events_without_date_stand_in_a_band_in_the_order_of_courses():
    events = (
        Event("Rash", 1, "5.0", course=2),
        Event("Colitis", 2, "5.0", course=1),
        Event("Pneumonitis", 3, "5.0", when(DAY - 300)),
    )
    timeline = lay_out(margaret(events=events))
    assert (timeline.names[-1].name, timeline.names[-1].sub) == ("Undated", "no calendar date")
    band = [t for t in texts(timeline) if t.startswith("course")]
    assert band == ["course 1: Colitis, CTCAE 5.0", "course 2: Rash, CTCAE 5.0"]


def test_relative_axis_says_so_and_has_no_today():
    course = Course(1, "Nivolumab", "Nivolumab", ("PD-1",), when(0), when(84))
    event = Event("Pneumonitis", 3, "5.0", when(26))
    timeline = lay_out(
        margaret(
            mode="relative", today=None, courses=(course,), events=(event,), steroids=(), points=()
        )
    )
    check(timeline)
    assert "first dose" in timeline.note
    assert "day 0" in texts(timeline)
    assert not any("today" in t for t in texts(timeline))


def test_nothing_recorded():
    timeline = lay_out(History("order", None, proposed="proposed: same agent"))
    assert timeline.empty
    assert timeline.marks == ()
    assert timeline.description == "Nothing is recorded yet."


def test_three_hundred_events_stay_finite_and_counted():
    events = tuple(
        Event(f"Event {i}", 1 + i % 4, "5.0", when(DAY - 5 * i), when(DAY - 5 * i + 3))
        for i in range(300)
    )
    timeline = lay_out(margaret(events=events))
    check(timeline)
    assert timeline.height < 900
    assert len([r for r in timeline.table if r.kind == "irAE"]) == 300
    shown = len([m for m in timeline.marks if m.cls.startswith("tl-grade ")])
    counted = sum(int(t[1:]) for t in texts(timeline) if t.startswith("+"))
    crowds = [m for m in timeline.marks if m.cls == "tl-crowd"]
    assert shown + sum(int(m.title.split()[0]) for m in crowds) == 300
    assert counted <= 300


def test_same_history_gives_same_picture():
    assert lay_out(margaret()) == lay_out(margaret())


def test_cut_text_fits():
    assert width(fit("a very long name of a regimen", 60)) <= 60
    assert fit("short", 60) == "short"
    assert fit("wide", 1) == ""


days = st.integers(DAY - 6000, DAY + 400)
spreads = st.sampled_from([0, 0, 29, 364])
labels = st.text("abcdefghij MWil,", min_size=1, max_size=60)
places = st.one_of(
    st.just(When()), st.builds(when, days, spreads), st.builds(lambda d: When(None, float(d)), days)
)
targets = st.sampled_from([("PD-1",), ("PD-L1",), ("PD-1", "CTLA-4"), (), ("LAG-3",)])
courses = st.lists(
    st.builds(Course, st.integers(1, 9), labels, labels, targets, places, places, st.booleans()),
    max_size=8,
)
events = st.lists(
    st.builds(
        Event, labels, st.sampled_from([None, 1, 2, 3, 4, 5]), st.sampled_from(["5.0", "6.0"]), places, places,
        st.booleans(), st.sampled_from([None, 1, 2]), st.sampled_from(["", "resolved", "on replacement"]),
    ),
    max_size=25,
)  # fmt: skip
doses = st.one_of(st.none(), st.floats(0, 500))
steroids = st.lists(
    st.builds(Steroid, labels, doses, doses, st.booleans(), places, places), max_size=6
)
points = st.lists(st.builds(Point, labels, places), max_size=8)


@settings(max_examples=150, deadline=None)
@given(courses, events, steroids, points, labels, st.sampled_from(["calendar", "relative"]))
def test_no_two_labels_overlap_whatever_the_history(
    courses, events, steroids, points, proposed, mode
):
    timeline = lay_out(
        History(
            mode, TODAY if mode == "calendar" else None, tuple(courses), tuple(events), tuple(steroids),
            tuple(points), proposed, {"interval": "stopped: irAE"},
        )
    )  # fmt: skip
    check(timeline)
    assert len(timeline.table) == len(courses) + len(events) + len(steroids) + len(points)
