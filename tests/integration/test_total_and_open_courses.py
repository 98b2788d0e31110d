"""What was found or said of all steroids is no more than the least once a course is told and not its dose."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import CaseFacts, CaseSection, Patient
from cases.services.history import remove
from cases.services.steroids import save_steroid, say_steroid_total
from evidence.conditions import Answer, read
from evidence.conditions.facts import MISSING, Fact
from tests.factories.answers import answer_of
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_merging import both, day, merge, two

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]
AT_LEAST_20 = Fact.between(Decimal(20), None)
GOES_ON = {"stop_state": "not_applicable"}
UNKNOWN, NOT_YET = ({"now_mg_per_day_state": state} for state in ("unknown", "not_yet"))
FIVE = {
    "now_mg_per_day": Decimal(5), "now_mg_per_day_state": "known", "indication": "irae", "indication_state": "known",
}  # fmt: skip


def version(case):
    return CaseSection.objects.get(case=case, key="steroids").version


def save(case, row=None, doses=None, **told):
    """Enter a prednisone course, of which nobody tells the dose but in `told`, or change one."""
    values = {"drug": "prednisone", "drug_state": "known"} if row is None else {}
    public_id = row.public_id if row else None
    by, told = case.referred_by, {**values, **told}
    with acting_as(by):
        return save_steroid(
            by=by, case=case, version=version(case), values=told, public_id=public_id, doses=doses
        )


def say(case, mg, days_ago=0, **more):
    on, by = timezone.localdate() - timedelta(days=days_ago), case.referred_by
    with acting_as(by):
        say_steroid_total(by=by, case=case, mg_per_day=Decimal(mg), on=on, **more)


def told_before(case, days=2):
    """Let what was told without a dose be told some days ago."""
    on = timezone.localdate() - timedelta(days=days)
    Patient.objects.filter(pk=case.patient_id).update(steroid_untold_on=on)


def now(case):
    with acting_as(case.referred_by):
        fact = CaseFacts.objects.get(case=case).as_facts()["steroid_now"]
    return fact.low, fact.high


@pytest.mark.parametrize(
    ("told", "days_ago"),
    [({}, 0), ({}, 1), ({"start": day("2024")}, 1), (GOES_ON, 0), (UNKNOWN, 1), (NOT_YET, 0)],
)
def test_a_course_that_is_told_after_it_may_come_on_top(member, board, told, days_ago):
    for mg, low in ((0, None), (5, 5), (40, 40)):
        case = make_case(member, board)
        say(case, mg, days_ago)
        assert now(case) == (mg, mg)
        save(case, **told)
        assert now(case) == (low, None)
    # What is said of all of them from then on counts again, though it is of the same day.
    say(case, 6)
    assert now(case) == (6, 6)


@pytest.mark.parametrize(
    ("days", "wanted", "above_ten"),
    [(0, AT_LEAST_20, Answer.TRUE), (13, AT_LEAST_20, Answer.TRUE), (14, MISSING, Answer.UNDETERMINED)],
)  # fmt: skip
def test_it_is_the_least_on_later_days_too(member, board, days, wanted, above_ten):
    case = make_case(member, board)
    say(case, 20, 1)
    save(case)
    on = timezone.localdate() + timedelta(days=days)
    with acting_as(member):
        found = CaseFacts.objects.get(case=case)
        assert found.as_facts(on)["steroid_now"] == wanted
        for op, value, answer in ((">", 10, above_ten), ("<=", 20, Answer.UNDETERMINED)):
            node = read({"fact": "steroid_now", "op": op, "value": value})
            assert answer_of(CaseFacts.objects.all(), node, as_of=on) is answer


@pytest.mark.parametrize(
    "told",
    [
        {"stop": day("March 2024")},
        {"now_mg_per_day_state": "not_applicable"},
        {**FIVE, "now_mg_per_day": Decimal(0)},
    ],
)
def test_what_is_over_changes_nothing(member, board, told):
    case = make_case(member, board)
    say(case, 0)
    save(case, **told)
    assert now(case) == (0, 0)


@pytest.mark.parametrize(
    ("told", "high"),
    [
        # It was there when the total was found: what is added of it, or its end, says nothing of today.
        ({"peak_mg_per_day": Decimal(60), "peak_mg_per_day_state": "known"}, 5),
        ({"stop": day("March 2024")}, 5),
        ({"stop_state": "unknown"}, 5),
        (GOES_ON, None), (UNKNOWN, None),
    ],
)  # fmt: skip
def test_of_a_course_that_was_there_only_what_is_said_of_its_dose_counts(member, board, told, high):
    case = make_case(member, board)
    row = save(case, start=day("2024"))
    told_before(case)
    say(case, 5, 1)
    assert now(case) == (5, 5)
    save(case, row, **told)
    assert now(case) == (5, high)


def test_that_its_dose_is_unknown_is_told_once_and_taking_that_back_tells_nothing(member, board):
    case = make_case(member, board)
    row = save(case, **UNKNOWN)
    told_before(case)
    say(case, 5, 1)
    save(case, row, now_mg_per_day_state="missing")
    assert now(case) == (5, 5)


def test_a_dose_that_nobody_knows_any_more_may_come_on_top(member, board):
    case = make_case(member, board)
    row = save(case, **FIVE, now_on=timezone.localdate() - timedelta(days=2))
    say(case, 5, 1)
    row = save(case, row, now_mg_per_day=None, now_mg_per_day_state="unknown")
    assert now(case) == (5, None)
    row = save(case, row, **FIVE)
    assert (row.now_on, row.now_day_said) == (timezone.localdate(), True)
    assert now(case) == (5, None)


@pytest.mark.parametrize("how", ["ended", "removed"])
def test_that_it_is_over_is_no_word_about_today(member, board, how):
    """Meanwhile nobody said again that none is given, and others may have held it for open."""
    case = make_case(member, board)
    say(case, 0, 1)
    row = save(case)
    if how == "ended":
        save(case, row, stop=day("March 2024"))
    else:
        with acting_as(member):
            told = {"version": version(case), "key": "steroids", "public_id": row.public_id}
            remove(by=member, case=case, **told)
    assert now(case) == (None, None)


def test_what_is_corrected_is_no_newer_word_and_what_is_found_anew_is(member, board):
    case = make_case(member, board)
    say(case, 5)
    save(case)
    say(case, 0, newly=False)
    assert now(case) == (None, None)
    say(case, 0)
    assert now(case) == (0, 0)
    # Nor is what an older check found, once the newer one is taken back.
    save(case)
    say(case, 7)
    say(case, 5, 1, newly=False)
    assert now(case) == (5, None)


def year_of_the_total(days_ago=1):
    """Return the year of the day before today, and how many days ago a day in it is that is not its first."""
    on = timezone.localdate() - timedelta(days=days_ago)
    return (str(on.year), days_ago) if on.timetuple().tm_yday > 1 else year_of_the_total(2)


@pytest.mark.parametrize(
    ("how", "mg", "low"),
    [("year", 0, None), ("year", 6, 6), ("no day", 0, None), ("old", 0, 0), ("old", 6, 6)],
)
def test_a_dose_of_which_nobody_knows_whether_it_is_newer_may_come_on_top(
    member, board, how, mg, low
):
    case, (year, days_ago) = make_case(member, board), year_of_the_total()
    say(case, mg, days_ago)
    told = dict(FIVE, now_on=None) if how == "no day" else dict(FIVE)
    since = {"year": year, "old": "1 March 2024"}.get(how)
    save(case, doses=[(day(since), Decimal(40))] if since else None, **told)
    # A dose that began on a day before it is older: what was found since counts.
    assert now(case) == ((mg, mg) if how == "old" else (low, None))


def test_that_an_old_dose_may_be_newer_after_all_is_told_by_its_day(member, board):
    case, (year, days_ago) = make_case(member, board), year_of_the_total()
    say(case, 6, days_ago)
    row = save(case, doses=[(day("March 2024"), Decimal(40))], **FIVE)
    assert now(case) == (6, 6)
    save(case, row, doses=[(day(year), Decimal(40))])
    assert now(case) == (6, None)


@pytest.mark.parametrize("name", ["start", "stop"])
def test_an_open_course_that_is_said_to_be_after_the_total_may_come_on_top(member, board, name):
    case = make_case(member, board)
    row = save(case)
    told_before(case, 9)
    say(case, 0, 3)
    assert now(case) == (0, 0)
    on = timezone.localdate() - timedelta(days=1 if name == "start" else 0)
    save(case, row, **{name: day(f"{on:%d %B %Y}")})
    assert now(case) == (None, None)


def test_where_the_day_of_a_total_has_begun_elsewhere_what_is_told_then_is_told_after_it(
    member, board
):
    case = make_case(member, board)
    say(case, 0, -1)
    save(case)
    with acting_as(member):
        found = CaseFacts.objects.get(case=case)
        on = timezone.localdate() + timedelta(days=1)
        assert found.as_facts(on)["steroid_now"] == MISSING


@pytest.mark.parametrize(("days_ago", "high"), [(0, None), (1, None), (-1, 0)])
def test_a_course_that_another_record_tells_counts_after_a_merge(two, both, days_ago, high):
    kept, other = two
    say(kept, 0, max(days_ago, 0))
    save(other)
    if days_ago < 0:
        told_before(other, 1)
    with acting_as(both):
        merge(both, kept.patient_id, other.patient_id)
    assert now(kept) == (high, high)


def test_the_page_says_why(client, member, board):
    case = make_case(member, board)
    say(case, 0, 1)
    save(case)
    page = reverse("cases:detail", args=[case.public_id])
    html = sign_in(client, member).get(page).content.decode()
    assert "cannot tell, last said" in html
    assert "cannot tell: in all 0 mg/day without replacement on" in html
    assert "and a course was told since: how much of it is given now is not known" in html
    say(case, 5, 1)
    html = client.get(page).content.decode()
    assert "in all 5 mg/day without replacement on" in html
    assert "cannot tell: in all" not in html
