"""By which CTCAE version a grade was given, in the picture: in words also where none was stated."""

from __future__ import annotations

from cases.timeline.content import Event
from cases.timeline.layout import lay_out
from cases.timeline.lettering import lines_of, width
from tests.unit.test_cases_timeline import DAY, margaret, texts, when


def test_a_version_that_nobody_stated_is_never_a_number_of_its_own():
    stated = Event("Colitis", 2, "5.0", when(DAY - 300))
    unstated = Event("Rash", 1, "none", when(DAY - 200))
    undated = Event("Myositis", 1, "none")
    alone = lay_out(margaret(events=(unstated,)))
    assert alone.names[1].subs == ("worst grade, CTCAE", "version not stated")
    timeline = lay_out(margaret(events=(stated, unstated, undated)))
    names = (*timeline.names, *alone.names)
    told = " ".join([*texts(timeline), *(line for name in names for line in name.subs)])
    assert "Rash, CTCAE version not stated" in told
    assert "CTCAE none" not in told


def test_what_is_said_of_a_row_is_broken_at_its_spaces_and_never_wider_than_its_column():
    assert lines_of("", 100) == ()
    assert lines_of("worst grade", 100) == ("worst grade",)
    assert lines_of("worst grade, version not stated", 120) == (
        "worst grade,",
        "version not stated",
    )
    (cut,) = lines_of("Immuntherapienebenwirkung", 60)
    assert cut.endswith("…") and width(cut) <= 60


def test_a_row_is_as_high_as_its_name_and_the_lines_below_it():
    for version in ("none", "5.0"):
        timeline = lay_out(margaret(events=(Event("Rash", 1, version, when(DAY - 200)),)))
        row, below = timeline.names[1:3]
        assert below.line - row.line >= 25 + 15 * len(row.subs)
        assert all(width(line, 12) <= timeline.names_width - 6 for line in row.subs)
