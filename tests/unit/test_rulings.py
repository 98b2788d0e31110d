"""A stricter row that cannot be told is never covered by a laxer one that holds, nor left unnamed by a profile."""

from __future__ import annotations

import pytest

from evidence.rulings import Profile, Ruled, Stand

EU = Profile("eu_smpc")


def stand(publisher: str, action: str, open_action: str = "") -> Stand:
    return Stand(publisher, (publisher,), action, open_action)


@pytest.mark.parametrize(
    ("stands", "action", "by", "is_open"),
    [
        ([stand("us_label", "withhold"), stand("eu_smpc", "withhold", "stop")], "stop", ("eu_smpc",), True),
        ([stand("us_label", "withhold", "stop")], "stop", ("us_label",), True),
        ([stand("asco", "resume"), stand("nccn", "", "stop")], "stop", ("nccn",), True),
        ([stand("us_label", "stop"), stand("eu_smpc", "", "stop")], "stop", ("us_label",), False),
        ([stand("us_label", "withhold"), stand("eu_smpc", "withhold")], "withhold", ("us_label", "eu_smpc"), False),
        ([], "", (), False),
    ],
)  # fmt: skip
def test_the_strictest_counts_what_cannot_be_told(
    stands: list[Stand], action: str, by: tuple[str, ...], is_open: bool
) -> None:
    found = Ruled((), tuple(stands)).marked(Profile())
    assert (found.action, found.by, found.is_open) == (action, by, is_open)


def test_one_that_holds_beside_one_that_cannot_be_told_is_said() -> None:
    assert Ruled((), (stand("us_label", "withhold", "stop"),)).cannot_compare
    assert Ruled((), (stand("asco", "resume"), stand("nccn", "", "stop"))).cannot_compare
    assert not Ruled((), (stand("asco", "resume"),)).cannot_compare
    assert not Ruled((), (stand("nccn", "", "stop"),)).cannot_compare


def test_a_profile_names_what_is_stricter_outside_it_certain_or_not() -> None:
    open_here = Ruled((), (stand("eu_smpc", "", "stop"), stand("us_label", "stop")))
    found = open_here.marked(EU)
    # Once the text is known it may withhold alone: what another source stops is not said in its name.
    assert (found.action, found.by, found.is_open) == ("stop", ("eu_smpc",), True)
    assert (found.stricter, found.may_be_stricter) == ((("us_label", "stop"),), ())
    open_there = Ruled((), (stand("eu_smpc", "withhold"), stand("us_label", "withhold", "stop")))
    found = open_there.marked(EU)
    assert (found.action, found.is_open) == ("withhold", False)
    assert (found.stricter, found.may_be_stricter) == ((), (("us_label", "stop"),))
    held_less = Ruled((), (stand("eu_smpc", "", "stop"), stand("us_label", "withhold"))).marked(EU)
    assert (held_less.action, held_less.is_open) == ("stop", True)
    assert held_less.stricter == (("us_label", "withhold"),)
