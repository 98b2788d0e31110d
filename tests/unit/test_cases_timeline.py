"""The picture of the history: no label on another, everything inside, the axis said in words."""

from __future__ import annotations

import itertools
import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.timeline.content import (
    Course,
    Decision,
    Event,
    History,
    Point,
    Response,
    Steroid,
    Treatment,
    Trend,
    Value,
    When,
)
from cases.timeline.layout import lay_out
from cases.timeline.lettering import fit, width
from cases.timeline.shapes import Box
from cases.timeline.words import text_of

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


def box(m) -> Box:
    """Return the rectangle of a mark."""
    a = m.attributes
    return Box(a["x"], a["y"], a["x"] + a["width"], a["y"] + a["height"])


def values(*told: float) -> tuple[Value, ...]:
    """Return values a month apart, the last ten days ago."""
    first = DAY - 10 - 30 * (len(told) - 1)
    return tuple(
        Value(float(first + 30 * i), v, f"{v:g}", f"day {first + 30 * i}")
        for i, v in enumerate(told)
    )


MORE = {
    "treatments": (
        Treatment("chemotherapy", "Chemotherapy", "Carboplatin", when(DAY - 990), when(DAY - 900)),
        Treatment(
            "radiotherapy", "Radiotherapy", "T8, 8 Gy in 1", when(DAY - 1000), when(DAY - 1000)
        ),
    ),
    "second_line": (
        Treatment("second_line", "Second line", "infliximab", when(DAY - 600, 20), when(DAY - 560)),
        Treatment("second_line", "Second line", "vedolizumab"),
    ),
    "responses": (
        Response("PR", "PR, RECIST 1.1", when(DAY - 800)),
        Response("iUPD", "iUPD, iRECIST", when(DAY - 300, 30)),
        Response("", "response not known, RECIST 1.1"),
    ),
    "decisions": (Decision("Defer", when(DAY - 90), details="signed by the chair"),),
    "trends": (Trend("NLR", "ratio", values(3.1, 9.8, 4.0, 3.0)),),
}


def texts(timeline) -> list[str]:
    return [label.text for label in timeline.labels]


def test_reference_history_has_every_row_and_today():
    timeline = lay_out(margaret())
    check(timeline)
    assert [row.name for row in timeline.names] == ["ICI", "irAE", "Steroid", "Measured"]
    assert "CTCAE 5.0" in timeline.names[1].subs[0]
    assert "Pembrolizumab, 14 cycles, PR" in texts(timeline)
    assert "Pneumonitis, resolved 30 July 2025" in texts(timeline)
    assert "proposed: same agent" in texts(timeline)
    assert any("today" in text for text in texts(timeline))
    assert timeline.note == ""
    assert "Pneumonitis" in timeline.description


def test_month_known_only_makes_a_soft_edge():
    start = date(2024, 4, 1).toordinal()
    course = Course(1, "Nivolumab", "Nivolumab", ("PD-1",), when(start, 29), when(start + 300))
    soft = [
        m for m in lay_out(margaret(courses=(course,))).marks if m.cls == "tl-fade tl-fade--pd1"
    ]
    assert [m.attributes["fill"] for m in soft] == ["url(#tl-pd1-in)"]
    assert not [m for m in lay_out(margaret()).marks if m.cls == "tl-fade tl-fade--pd1"]


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
    assert (timeline.names[-1].name, timeline.names[-1].subs) == ("Undated", ("no calendar date",))
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


def test_three_hundred_events_are_each_drawn_and_none_crosses_another():
    events = tuple(
        Event(f"Event {i}", 1 + i % 4, "5.0", when(DAY - 5 * i), when(DAY - 5 * i + 3))
        for i in range(300)
    )
    timeline = lay_out(margaret(events=events))
    check(timeline)
    assert timeline.height < 1000
    assert len([r for r in timeline.table if r.kind == "irAE"]) == 300
    chips = [m for m in timeline.marks if m.tag == "rect" and m.cls.startswith("tl-chip tl-grade")]
    assert len(chips) == 300
    boxes = [box(m) for m in chips]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))


def test_in_a_crowd_the_worst_are_named_first():
    events = tuple(
        Event(f"Event {i} of a long name", 4 if i == 150 else 1, "5.0", when(DAY - 5 * i))
        for i in range(300)
    )
    assert "Event 150 of a long name" in texts(lay_out(margaret(events=events)))


def test_every_row_of_the_table_is_a_mark_with_the_same_words():
    timeline = lay_out(margaret(**MORE))
    check(timeline)
    assert sorted(item.text for item in timeline.items) == sorted(
        text_of(row) for row in timeline.table
    )
    assert [row.name for row in timeline.names] == [
        "ICI", "Other treatment", "irAE", "Steroid", "Second line", "Response", "Decision", "Measured",
        "NLR", "Undated",
    ]  # fmt: skip


def test_ranged_and_undated_and_exact_are_told_apart():
    events = (
        Event("Colitis", 2, "5.0", when(DAY - 300)),
        Event("Rash", 1, "5.0", when(DAY - 200, 60)),
        Event("Nephritis", 3, "5.0"),
    )
    timeline = lay_out(margaret(events=events))
    placed = {item.text.split(",")[0]: item for item in timeline.items if item.kind == "event"}
    assert {text: item.placing for text, item in placed.items()} == {
        "irAE: Colitis": "day", "irAE: Rash": "range", "irAE: Nephritis": "undated",
    }  # fmt: skip
    signs = {text: {m.cls for m in item.marks} for text, item in placed.items()}
    assert "tl-span" in signs["irAE: Rash"]
    assert "tl-span" not in signs["irAE: Colitis"]
    assert "tl-undated" in signs["irAE: Nephritis"]
    assert placed["irAE: Nephritis"].days == ()


def test_edges_of_bars_stand_where_the_axis_says():
    timeline = lay_out(margaret(**MORE))
    ticks = [
        (m.attributes["x1"], m.attributes["data-day"])
        for m in timeline.ground
        if "data-day" in m.attributes
    ]
    (x0, d0), (x1, d1) = ticks[0], ticks[-1]
    scale = (x1 - x0) / (d1 - d0)
    seen = 0
    for item in timeline.items:
        if item.kind not in {"course", "treatment", "second_line"} or item.placing == "undated":
            continue
        bars = [m.attributes for m in item.marks if m.cls.startswith(("tl-bar ", "tl-fade "))]
        edges = (min(b["x"] for b in bars), max(b["x"] + b["width"] for b in bars))
        for edge, day in zip(edges, (item.days[0], item.days[3]), strict=True):
            assert abs(edge - (x0 + (day - d0) * scale)) < 1
            seen += 1
    assert seen == 8


def test_courses_that_overlap_stand_in_lanes():
    courses = tuple(
        Course(
            n,
            f"Course {n}",
            f"Course {n}",
            ("PD-1",),
            when(DAY - 900 + 100 * n),
            when(DAY - 500 + 100 * n),
        )
        for n in range(1, 5)
    )
    timeline = lay_out(margaret(courses=courses))
    bars = [box(m) for m in timeline.marks if m.cls == "tl-bar tl-bar--pd1"]
    assert len(bars) == 4
    assert not any(a.overlaps(b) for a, b in itertools.combinations(bars, 2))


def test_steroid_doses_are_steps_at_their_days():
    days = (DAY - 300, DAY - 280, DAY - 250)
    doses = tuple((when(d), mg) for d, mg in zip(days, (60.0, 30.0, 5.0), strict=True))
    steroid = Steroid(
        "prednisolone", 60.0, 0.0, start=when(days[0]), stop=when(DAY - 200), doses=doses
    )
    timeline = lay_out(margaret(steroids=(steroid,)))
    edges = [m for m in timeline.marks if m.cls == "tl-steroid-edge"]
    assert [m.tag for m in edges] == ["polyline"]
    heights = [float(p.split(",")[1]) for p in str(edges[0].attributes["points"]).split()]
    assert len(set(heights)) == 4
    assert any("30 mg/day" in row.details for row in timeline.table)


def test_a_trend_says_first_and_last_value_with_its_unit():
    timeline = lay_out(margaret(**MORE))
    (item,) = [item for item in timeline.items if item.kind == "trend"]
    assert "first 3.1" in item.text
    assert "last 3" in item.text
    assert [m.tag for m in item.marks if m.cls == "tl-trend"] == ["polyline"]
    assert timeline.names[-2].subs == ("ratio",)
    assert {"3.1", "9.8", "3"} <= set(texts(timeline))


def test_what_stands_beyond_the_drawn_trends_is_named():
    timeline = lay_out(margaret(more_trends=("Sodium", "Potassium")))
    assert "Sodium, Potassium" in timeline.more


def test_decisions_drafts_and_amended_ones_look_different():
    decisions = (
        Decision("Defer", when(DAY - 90)),
        Decision("Same agent, draft", when(DAY - 3), standing=False),
    )
    timeline = lay_out(margaret(decisions=decisions))
    looks = [
        m.cls
        for item in timeline.items
        if item.kind == "decision"
        for m in item.marks
        if m.tag == "polygon"
    ]
    assert looks == ["tl-decision", "tl-decision tl-decision--open"]


def test_one_event_alone_makes_a_picture():
    timeline = lay_out(
        History("calendar", TODAY, events=(Event("Colitis", 2, "5.0", when(DAY - 40)),))
    )
    check(timeline)
    assert [item.kind for item in timeline.items] == ["event"]
    assert len(timeline.table) == 1


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
steps = st.lists(st.tuples(st.builds(when, days, spreads), st.floats(0, 500)), max_size=4)
given_as = (labels, doses, doses, st.booleans(), places, places, steps.map(tuple))
steroids = st.lists(st.builds(Steroid, *given_as, said=places), max_size=6)
points = st.lists(st.builds(Point, labels, places), max_size=8)
kinds = st.sampled_from(["chemotherapy", "radiotherapy", "surgery", "targeted", "other"])
treatments = st.lists(
    st.builds(Treatment, kinds, labels, labels, places, places, st.booleans()), max_size=6
)
responses = st.lists(
    st.builds(Response, st.sampled_from(["CR", "PD", "iUPD", ""]), labels, places), max_size=8
)
decisions = st.lists(st.builds(Decision, labels, places, st.booleans()), max_size=4)
numbers = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)
trends = st.lists(
    st.builds(Trend, labels, labels, numbers.map(lambda v: values(*v)), st.booleans()), max_size=3
)


@settings(max_examples=120, deadline=None)
@given(
    courses, events, steroids, points, treatments, responses, decisions, trends, labels,
    st.sampled_from(["calendar", "relative"]),
)  # fmt: skip
def test_no_two_labels_overlap_whatever_the_history(
    courses, events, steroids, points, treatments, responses, decisions, trends, proposed, mode
):
    timeline = lay_out(
        History(
            mode, TODAY if mode == "calendar" else None, tuple(courses), tuple(events), tuple(steroids),
            tuple(points), proposed, {"interval": "stopped: irAE"}, tuple(treatments), tuple(treatments),
            tuple(responses), tuple(decisions), tuple(trends),
        )
    )  # fmt: skip
    check(timeline)
    assert len(timeline.table) == len(timeline.items)
    assert sorted(i.text for i in timeline.items) == sorted(text_of(r) for r in timeline.table)
