"""Quorum by role and by organ."""

from __future__ import annotations

import pytest

from cases.vocabulary import SPECIALISTS, Organ
from meetings.quorum import Need, Reply, SeatState, as_data, needs_for, quorum

STANDING_FILLED = [
    Reply("O", frozenset({"medical_oncology"}), "in_room"),
    Reply("R", frozenset({"respiratory"}), "remote"),
    Reply("X", frozenset({"radiology"}), "deputy", "D"),
]


def test_without_irae_the_standing_roles_are_asked_for():
    needs = needs_for([])
    assert [n.specialties for n in needs] == [
        ("medical_oncology",),
        ("respiratory",),
        ("radiology",),
    ]
    assert all(need.standing for need in needs)


def test_an_organ_asks_for_its_specialist_once():
    needs = needs_for(["colon", "colon", "thyroid", "adrenal"])
    assert [(n.specialties, n.organs) for n in needs[3:]] == [
        (("gastroenterology",), ("colon",)),
        (("endocrinology",), ("thyroid", "adrenal")),
    ]


def test_a_standing_role_asked_for_by_an_organ_is_one_seat():
    needs = needs_for(["lung"])
    assert [n.specialties for n in needs] == [
        ("medical_oncology",),
        ("radiology",),
        ("respiratory",),
    ]
    assert needs[-1].organs == ("lung",)


@pytest.mark.parametrize("organ", list(Organ))
def test_every_organ_is_handled(organ):
    asked = {n.specialties for n in needs_for([organ]) if not n.standing}
    assert asked == ({SPECIALISTS[organ]} if organ in SPECIALISTS else set())


def test_deputies_and_remote_members_count():
    found = quorum(needs_for([]), STANDING_FILLED)
    assert found.quorate
    assert [seat.state for seat in found.seats] == ["present", "remote", "deputy"]
    assert found.seats[2].who == "D"


@pytest.mark.parametrize(
    ("mode", "state", "counts"),
    [
        ("in_room", SeatState.PRESENT, True),
        ("remote", SeatState.REMOTE, True),
        ("deputy", SeatState.DEPUTY, True),
        (None, SeatState.NO_REPLY, False),
        ("no", SeatState.MISSING, False),
    ],
)
def test_each_reply_takes_the_seat_or_not(mode, state, counts):
    liver = Reply("H", frozenset({"hepatology"}), mode)
    found = quorum(needs_for(["liver"]), [*STANDING_FILLED, liver])
    assert (found.by_organ[0].state, found.quorate) == (state, counts)
    assert found.open == (() if counts else (found.by_organ[0],))


def test_any_of_the_specialists_will_do_and_the_best_reply_counts():
    replies = [
        Reply("H", frozenset({"hepatology"}), "no"),
        Reply("G", frozenset({"gastroenterology"}), "remote"),
    ]
    seat = quorum([Need(("hepatology", "gastroenterology"), ("liver",))], replies).seats[0]
    assert (seat.who, seat.state) == ("G", "remote")


def test_a_specialty_nobody_sits_for_is_missing():
    seat = quorum([Need(("cardiology",), ("heart",))], STANDING_FILLED).seats[0]
    assert (seat.state, seat.who) == ("missing", "")


def test_one_person_may_take_two_seats():
    both = Reply("B", frozenset({"medical_oncology", "radiology"}), "in_room")
    lung = Reply("R", frozenset({"respiratory"}), "in_room")
    assert quorum(needs_for([]), [both, lung]).quorate


def test_data_for_the_snapshot():
    data = as_data(quorum(needs_for(["heart"]), STANDING_FILLED))
    assert data["quorate"] is False
    assert data["seats"][-1] == {
        "specialties": ["cardiology"],
        "organs": ["heart"],
        "state": "missing",
        "who": "",
    }
