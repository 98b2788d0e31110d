"""What a referral cannot tell of steroids leaves nothing certain, and a result takes no other sample's place."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.acting import acting_as
from cases.models import (
    BiomarkerResult,
    Case,
    FactTask,
    Patient,
    PatientIdentity,
    Section,
    SteroidCourse,
)
from cases.readiness import Standing
from cases.services.history import set_complete
from cases.services.steroids import save_steroid, say_steroid_total
from cases.services.tumour import save_biomarker
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_refer_again import died, refer, refer_again
from tests.integration.test_refer_of_now import (
    NO_STEROID,
    NONE_NOW,
    days,
    facts_now,
    give,
    lock,
    pdl1,
    standing,
)
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
NOT_ENTERED = "The steroid dose was not entered"
AGAIN = {"steroid": "20", "steroid_drug": "prednisolone", "steroid_peak": ""}


def told(state):
    return {**NONE_NOW, "steroid": "", "steroid_state": state}


def now():
    """Return the state of the fact with its ends, how many courses there are, and whether the list is complete."""
    fact = facts_now()["steroid_now"]
    listed = Patient.objects.get().steroids_complete_as_of is not None
    return fact.state.value, fact.low, fact.high, SteroidCourse.objects.count(), listed


@pytest.fixture
def record(client, member, board):
    """A patient without a steroid, and how the record's own form says what it is asked to."""
    sign_in(client, member)
    refer(client, board, **NO_STEROID)

    def none_in_the_list():
        with acting_as(member):
            complete = {"key": Section.STEROIDS, "complete": True}
            set_complete(**lock(member, Section.STEROIDS), **complete)

    def over():
        give(member, drug="prednisolone", now_mg_per_day=0)

    def replacement():
        values = {"indication": "adrenal_replacement", "indication_state": "known"}
        give(member, drug="hydrocortisone", now_mg_per_day=20, **values)

    def total():
        with acting_as(member):
            case = Case.objects.order_by("-id")[0]
            today = timezone.localdate()
            say_steroid_total(by=member, case=case, mg_per_day=Decimal(0), on=today)

    ways = (none_in_the_list, over, replacement, total)
    return {way.__name__: way for way in ways}


@pytest.mark.parametrize("state", ["unknown", "not_yet"])
@pytest.mark.parametrize("way", ["none_in_the_list", "over", "replacement", "total"])
def test_who_cannot_tell_leaves_no_certain_zero(client, board, record, way, state):
    record[way]()
    before = SteroidCourse.objects.count()
    assert now()[:3] == ("known", 0, 0)
    refer_again(client, board, **told(state))
    assert now() == (state, None, None, before + 1, False)
    # Told again it stands there once; "unknown" ends a "not yet", and not the other way round.
    for again in ("not_yet", "unknown", "not_yet"):
        refer_again(client, board, **told(again))
    assert now() == ("unknown", None, None, before + 1, False)
    # A check that found none since is older than what is told today.
    record["total"]()
    assert now()[:3] == ("known", 0, 0)
    refer_again(client, board, **told(state))
    assert now() == ("unknown", None, None, before + 1, False)


@pytest.mark.parametrize("state", ["unknown", "not_yet"])
def test_what_becomes_known_takes_the_place_of_the_line(client, board, record, state):
    record["over"]()
    refer_again(client, board, **told(state))
    page = refer_again(client, board, **AGAIN, steroid_only="on", steroid_purpose="irae")
    assert NOT_ENTERED not in page and now() == ("known", 20, 20, 2, True)
    assert SteroidCourse.objects.order_by("id")[1].irae is not None
    refer_again(client, board, **told(state))
    # A dose is not taken back by a word that somebody else does not know it.
    assert now() == ("known", 20, 20, 2, True)


def test_none_given_takes_the_place_of_the_line_too(client, board, record):
    record["over"]()
    refer_again(client, board, **told("unknown"))
    page = refer_again(client, board, **NONE_NOW)
    assert NOT_ENTERED not in page and now() == ("known", 0, 0, 2, False)
    refer_again(client, board, **told("not_yet"))
    page = refer_again(client, board, **{**AGAIN, "steroid": "0", "steroid_peak": "60"})
    assert NOT_ENTERED not in page and now() == ("known", 0, 0, 3, False)
    # The course completes the one of that steroid, whatever else is at 0 mg; of another it is the line.
    assert course() == [("prednisolone", 0, 60), (None, 0, None), (None, 0, None)]
    refer_again(client, board, **told("not_yet"))
    refer_again(client, board, **{**PEAK, "steroid_drug": "dexamethasone", "steroid_peak": "8"})
    assert course()[3:] == [("dexamethasone", 0, 8)] and now() == ("known", 0, 0, 4, False)


def test_unknown_beside_a_list_that_nobody_completed_is_a_line(client, member, board, record):
    give(member, drug="prednisolone", now_mg_per_day=0)
    Patient.objects.update(steroids_complete_as_of=None)
    refer_again(client, board, **told("not_yet"))
    # It is owed, and nothing was certain.
    assert now()[3:] == (1, False)
    assert FactTask.objects.filter(fact="steroid_now").exists()
    refer_again(client, board, **told("unknown"))
    assert now()[3:] == (2, False)


@pytest.mark.parametrize("drug", [None, "prednisone"])
def test_unknown_said_again_is_newer_than_a_total_between(client, member, board, drug):
    sign_in(client, member)
    refer(client, board, **told("unknown"))
    yesterday = timezone.localdate() - timedelta(days=1)
    with acting_as(member):
        SteroidCourse.objects.all().delete()
        values = {"drug": drug, "drug_state": "known" if drug else "unknown"}
        values = {**values, "now_mg_per_day_state": "unknown"}
        save_steroid(**lock(member, Section.STEROIDS), values=values)
        Patient.objects.update(steroid_untold_on=yesterday - timedelta(days=1))
        case = Case.objects.order_by("-id")[0]
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(5), on=yesterday)
    assert now()[1:3] == (5, 5)
    refer_again(client, board, **told("unknown"))
    assert now()[1:4] == (5, None, 1)


def test_a_line_with_more_in_it_is_no_empty_one(client, member, board, record):
    values = {"indication": "irae", "indication_state": "known"}
    give(member, now_mg_per_day_state="unknown", **values)
    page = refer_again(client, board, **NONE_NOW)
    assert NOT_ENTERED in page and "steroid now 0 mg/day" in page
    assert NOT_ENTERED in refer_again(client, board, **AGAIN)
    assert now() == ("unknown", None, None, 1, False)


PEAK = {"steroid": "0", "steroid_drug": "prednisolone", "steroid_peak": "60", "steroid_purpose": ""}


def course():
    return [
        (row.drug, row.now_mg_per_day, row.peak_mg_per_day)
        for row in SteroidCourse.objects.order_by("id")
    ]


def test_a_course_that_is_over_with_its_peak_says_that_none_is_given_now(client, member, board):
    sign_in(client, member)
    refer(client, board, **PEAK)
    assert now() == ("known", 0, 0, 1, False) and course() == [("prednisolone", 0, 60)]
    # Told again it is the same; of another steroid another one.
    for drug, peak in (("prednisolone", "60"), ("dexamethasone", "8")):
        told_of = {**PEAK, "steroid_drug": drug, "steroid_peak": peak}
        assert NOT_ENTERED not in refer_again(client, board, **told_of)
    assert course() == [("prednisolone", 0, 60), ("dexamethasone", 0, 8)]
    # Another peak stays out, and that none is given now goes in.
    Patient.objects.update(steroids_complete_as_of=timezone.localdate() - timedelta(days=40))
    page = refer_again(client, board, **{**PEAK, "steroid_peak": "70"})
    assert "(told: peak 70 mg/day)" in page
    assert now() == ("known", 0, 0, 2, True)
    # Of which steroid it was nobody says: it may be either.
    page = refer_again(client, board, **{**PEAK, "steroid_drug": ""})
    assert "(told: peak 60 mg/day)" in page and SteroidCourse.objects.count() == 2


def test_a_peak_of_the_one_that_ended_completes_it(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    give(member, drug="prednisolone", stop=parse_partial_date("1 June 2026"))
    refer_again(client, board, **PEAK)
    assert course() == [("prednisolone", 0, 60)] and now() == ("known", 0, 0, 1, True)


def test_none_now_is_named_where_the_record_has_a_dose(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    give(member, drug="prednisolone", now_mg_per_day=20)
    page = refer_again(client, board, **PEAK)
    assert "(told: steroid now 0 mg/day, of Prednisolone, peak 60 mg/day)" in page
    assert now() == ("known", 20, 20, 1, True) and course() == [("prednisolone", 20, None)]


def sample(member, state, on, **more):
    values = {"kind": "pdl1_tps", "timing": "after", "state": state, **more}
    if on is not None:
        values |= {"sampled": parse_partial_date(on), "sampled_state": "known"}
    with acting_as(member):
        save_biomarker(**lock(member, Section.TUMOUR), values=values)


def rows():
    found = BiomarkerResult.objects.filter(timing="after").order_by("id")
    return [(row.state, row.low and int(row.low), str(row.sampled or "")) for row in found]


def ago(n):
    return f"{timezone.localdate() - timedelta(days=n):%-d %B %Y}"


@pytest.mark.parametrize("state", ["not_yet", "unknown"])
def test_a_result_of_another_day_leaves_the_sample_that_has_none(client, member, board, state):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    sample(member, state, ago(9))
    refer_again(client, board, **pdl1("40", "March 2025"))
    assert rows() == [(state, None, ago(9)), ("known", 40, "March 2025")]


def test_a_result_of_no_day_is_not_of_the_sample_that_nobody_could_read(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    sample(member, "unknown", ago(9))
    refer_again(client, board, **pdl1("40", ""))
    assert rows() == [("unknown", None, ago(9)), ("known", 40, "")]
    assert standing() is not Standing.CURRENT


def test_a_result_goes_to_the_sample_of_its_day(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    sample(member, "not_yet", None)
    sample(member, "not_yet", ago(9))
    refer_again(client, board, **pdl1("40", ago(9)))
    assert rows() == [("not_yet", None, ""), ("known", 40, ago(9))]
    # What nobody knew of no sample at all is known now.
    sample(member, "unknown", None)
    BiomarkerResult.objects.filter(state="not_yet").delete()
    refer_again(client, board, **pdl1("50", "April 2026"))
    assert rows() == [("known", 40, ago(9)), ("known", 50, "April 2026")]


def word(state, on=""):
    return pdl1("", on) | {"pdl1_recent_state": state}


def test_a_word_takes_no_sample_away(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    sample(member, "not_yet", ago(9))
    refer_again(client, board, **word("unknown"))
    assert rows() == [("not_yet", None, ago(9))]
    refer_again(client, board, **word("unknown", ago(9)))
    assert rows() == [("unknown", None, ago(9))]
    # Once more it is the same; that one is on its way is of another.
    refer_again(client, board, **word("unknown"))
    refer_again(client, board, **word("not_yet"))
    refer_again(client, board, **word("not_yet"))
    assert rows() == [("unknown", None, ago(9)), ("not_yet", None, "")]
    refer_again(client, board, **pdl1("40", ago(3)))
    refer_again(client, board, **word("not_yet"))
    assert rows() == [("unknown", None, ago(9)), ("known", 40, ago(3))]
    assert days() == [(40, ago(3))]


def test_the_bar_tells_the_age_of_who_died_in_a_year_as_the_fact_does(client, member, board):
    sign_in(client, member)
    refer(client, board)
    PatientIdentity.objects.update(birth_date=date(1950, 6, 1))
    died(member, "2024")
    case = Case.objects.get()
    html = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    page = " ".join(strip_tags(html).split())
    assert "1 June 1950 (between 73 and 74)" in page
    assert "between 73 and 74 years ·" in page and "(74)" not in page
