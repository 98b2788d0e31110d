"""Which irAE under monitoring brings a case back."""

from __future__ import annotations

import pytest

from followup.triggers import Event, got_worse, judge

EARLIER = frozenset({"pneumonitis", "hypothyroidism"})


def event(entity="colitis", organ="colon", worst=2, now=2, resolution="ongoing", version="5.0"):
    return Event(7, entity, organ, worst, now, resolution, version)


REPLACED = {"resolution": "on_replacement"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (event("pneumonitis", "lung", 1, 1), "irae_again"),
        (event("pneumonitis", "lung", 4, 4), "irae_again"),
        (event("colitis", "colon", 1, 1), None),
        (event("colitis", "colon", 2, 2), "new_irae"),
        (event("colitis", "colon", 1, 2), "new_irae"),
        (event("colitis", "colon", None, None), "new_irae"),
        (event("myocarditis", "heart", 1, 1), "new_irae"),
        (event("myositis", "muscle", 1, 1), "new_irae"),
        (event("myasthenia", "nerve", 1, 0), "new_irae"),
        (event("encephalitis", "brain", 1, 1), "new_irae"),
        (event("anaemia", "blood", 1, 1), "new_irae"),
        (event("autoimmune_other", "eye", 1, 1), None),
        (event("autoimmune_other", "elsewhere", 1, 1), None),
        (event("autoimmune_other", "brain", 1, 1), "new_irae"),
        (event("autoimmune_other", "untold", 1, 1), "new_irae"),
        (event("autoimmune_other", "other", 1, 1), "new_irae"),
        (event("infusion_reaction", "other", 1, 1), None),
        (event("hypothyroidism", "thyroid", 2, 2, **REPLACED), None),
        (event("adrenal_insufficiency", "adrenal", 4, 2, **REPLACED), None),
        (event("hypothyroidism", "thyroid", 2, 2), "irae_again"),
        (event("colitis", "colon", 3, 3, **REPLACED), "new_irae"),
    ],
)
def test_a_new_row(given, reason):
    assert judge(given, {}, EARLIER) == reason


@pytest.mark.parametrize(
    ("earlier", "given"),
    [
        ("colitis", event("diarrhoea", "colon", 1, 1)),
        ("diarrhoea", event("colitis", "colon", 1, 1)),
        ("hepatitis", event("hepatitis_ast", "liver", 1, 1)),
        ("nephritis", event("acute_kidney_injury", "kidney", 1, 1)),
    ],
)
def test_the_same_disease_under_another_term_is_the_same_irae(earlier, given):
    assert judge(given, {}, frozenset({earlier})) == "irae_again"
    mild = {"7": [1, 0, "ongoing", "5.0"]}
    assert judge(given, mild, frozenset({earlier})) == "irae_again"


@pytest.mark.parametrize(
    ("before", "given", "reason"),
    [
        ([2, 0], event("pneumonitis", "lung", 2, 0), None),
        ([2, 0], event("pneumonitis", "lung", 2, 1), "irae_again"),
        ([2, 1], event("pneumonitis", "lung", 3, 1), "irae_again"),
        ([2, 1], event("pneumonitis", "lung", 2, 0), None),
        ([1, 1], event("colitis", "colon", 2, 2), "new_irae"),
        ([1, 0], event("colitis", "colon", 1, 1), None),
        ([1, 0], event("myositis", "muscle", 1, 1), "new_irae"),
        ([2, 2], event("colitis", "colon", 2, 2), None),
    ],
)
def test_a_row_judged_before(before, given, reason):
    assert judge(given, {"7": [*before, "ongoing", "5.0"]}, EARLIER) == reason


@pytest.mark.parametrize(
    ("before", "given", "reason"),
    [
        ([3, None], event("pneumonitis", "lung", 3, 2), "irae_again"),
        ([3, None], event("pneumonitis", "lung", 3, 1), "irae_again"),
        ([3, None], event("pneumonitis", "lung", 3, 0), None),
        ([1, None], event("colitis", "colon", 1, 1), None),
        ([1, None], event("colitis", "colon", 1, 2), "new_irae"),
        ([1, None], event("myositis", "muscle", 1, 1), "new_irae"),
        ([3, 2], event("pneumonitis", "lung", 3, None), None),
    ],
)
def test_a_grade_that_becomes_known_is_not_taken_for_nothing(before, given, reason):
    assert judge(given, {"7": [*before, "ongoing", "5.0"]}, EARLIER) == reason


def test_a_grade_given_with_its_version_is_judged_where_neither_was_known_before():
    bare = {"7": [None, None, "ongoing", ""]}
    assert judge(event("colitis", "colon", 3, None), bare, EARLIER) == "new_irae"
    assert judge(event("colitis", "colon", 1, None), bare, EARLIER) is None


@pytest.mark.parametrize(
    ("resolution", "version", "given", "reason"),
    [
        ("on_replacement", "5.0", event("hypothyroidism", "thyroid", 2, 2), "irae_again"),
        ("on_replacement", "5.0", event("adrenal_insufficiency", "adrenal", 2, 2), "new_irae"),
        ("resolved", "5.0", event("pneumonitis", "lung", 2, 2), "irae_again"),
        ("resolved", "5.0", event("pneumonitis", "lung", 2, 2, resolution=None), "irae_again"),
        ("ongoing", "5.0", event("pneumonitis", "lung", 2, 2, resolution="resolved"), None),
        ("ongoing", "6.0", event("pneumonitis", "lung", 2, 1), "irae_again"),
        ("ongoing", "6.0", event("pneumonitis", "lung", 2, 2), None),
        # It is over, but it was graver than the board knew: no grade of 5.0 tells how much.
        ("ongoing", "6.0", event("pneumonitis", "lung", 3, 0), "irae_again"),
        ("ongoing", "6.0", event("pneumonitis", "lung", 2, 0), None),
    ],
)
def test_what_is_no_longer_over_and_a_change_of_grading_are_judged(
    resolution, version, given, reason
):
    assert judge(given, {"7": [2, 2, resolution, version]}, EARLIER) == reason


@pytest.mark.parametrize(
    ("was", "given", "reason"),
    [
        (("arthritis", "joint"), event("myocarditis", "heart", 1, 1), "new_irae"),
        (("rash", "skin"), event("pneumonitis", "lung", 1, 1), "irae_again"),
        (("rash", "skin"), event("colitis", "colon", 1, 1), None),
        (("rash", "skin"), event("colitis", "colon", None, None), "new_irae"),
        (("neuropathy", "nerve"), event("neuropathy", "brain", 1, 1), "new_irae"),
        (("hypothyroidism", "thyroid"), event("hypophysitis", "pituitary", 1, 1, **REPLACED), None),
        # The other way round: what was grave is put right to what is not.
        (("myocarditis", "heart"), event("arthritis", "joint", 1, 1), None),
        (("pneumonitis", "lung"), event("rash", "skin", 1, 1), None),
        # Another term of the same disease is no other event.
        (("diarrhoea", "colon"), event("colitis", "colon", 1, 1), None),
        (("myocarditis", "heart"), event("myocarditis", "heart", 1, 1), None),
    ],
)
def test_a_row_put_right_to_another_disease_is_judged_as_a_new_one(was, given, reason):
    known = {"7": [given.worst_grade, given.grade_now, given.resolution, "5.0", *was]}
    assert judge(given, known, EARLIER) == reason


def test_what_was_remembered_without_its_disease_is_taken_for_the_same():
    known = {"7": [1, 1, "ongoing", "5.0"]}
    assert judge(event("myocarditis", "heart", 1, 1), known, EARLIER) is None
    assert judge(event("myocarditis", "heart", 2, 1), known, EARLIER) == "new_irae"


@pytest.mark.parametrize(
    ("before", "given", "reason"),
    [
        ([1, 1], event("colitis", "colon", 4, None, version="6.0"), "new_irae"),
        ([1, 1], event("colitis", "colon", 4, 0, version="6.0"), "new_irae"),
        ([1, 1], event("colitis", "colon", None, None, version="6.0"), "new_irae"),
        ([3, 1], event("colitis", "colon", 2, 1, version="6.0"), "new_irae"),
        ([2, 1], event("colitis", "colon", 1, None, version="6.0"), None),
        ([2, 1], event("colitis", "colon", 1, 1, version="6.0"), None),
        ([2, 1], event("colitis", "colon", 2, None, version="6.0"), None),
        ([2, 1], event("pneumonitis", "lung", 1, None, version="6.0"), "irae_again"),
    ],
)
def test_a_change_of_grading_hides_no_grade_that_got_worse(before, given, reason):
    assert judge(given, {"7": [*before, "ongoing", "5.0"]}, EARLIER) == reason


OPENED = {"7": event("arthritis", "joint", 1, 1).remembered}
MISTYPED = {"7": event("myocarditis", "heart", 1, 1).remembered}


@pytest.mark.parametrize(
    ("known", "given", "reason"),
    [
        (OPENED, event("pneumonitis", "lung", 1, 1), None),
        (OPENED, event("pneumonitis", "lung", 3, 1), "new_irae"),
        (OPENED, event("myocarditis", "heart", 1, 1), "new_irae"),
        (MISTYPED, event("arthritis", "joint", 1, 1), None),
        (MISTYPED, event("arthritis", "joint", 2, 1), "irae_again"),
    ],
)
def test_what_was_known_when_the_plan_was_opened_never_came_back_by_being_put_right(
    known, given, reason
):
    assert judge(given, known, EARLIER | {"arthritis"}, OPENED) == reason


@pytest.mark.parametrize(
    ("given", "worse"),
    [
        (event(), False),
        (event(worst=3), True),
        (event(now=3), True),
        (event(now=1, resolution="resolved"), False),
        (event(worst=None, now=None), False),
        (event(worst=4, version="6.0"), False),
        (event("diarrhoea", "colon"), False),
        (event("hepatitis", "liver"), True),
    ],
)
def test_what_tells_of_more_than_before(given, worse):
    assert got_worse(given, event()) is worse


def test_what_was_over_and_is_not_any_more_got_worse_and_a_grade_that_becomes_known_did_not():
    assert got_worse(event(), event(resolution="resolved"))
    assert not got_worse(event(now=3), event(now=None))


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ("other", "eye", None),
        ("untold", "untold", None),
        ("untold", "heart", "new_irae"),
        ("eye", "liver", "new_irae"),
        ("eye", "untold", "new_irae"),
    ],
)
def test_that_the_organ_of_an_event_is_told_makes_it_another_only_where_any_grade_counts(
    before, now, reason
):
    judged = {"7": [2, 2, "ongoing", "5.0", "autoimmune_other", before]}
    assert judge(event("autoimmune_other", now, 2, 2), judged, EARLIER) == reason
