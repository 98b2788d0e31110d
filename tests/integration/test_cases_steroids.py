"""Steroids dose by dose, what they were given for, and second-line agents."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Immunosuppressant, IrAE, SteroidCourse, SteroidDose
from cases.reading import dose_said_on
from cases.services import history
from cases.services.steroids import save_steroid
from evidence.conditions.facts import FactState
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX, sign_in
from ui.partial_dates import render_day

pytestmark = pytest.mark.django_db
STEPS = {
    "dose_from_1": "20 February 2025", "dose_mg_1": "62,5", "dose_from_2": "March 2025", "dose_mg_2": "40",
    "dose_from_3": "1 April 2025", "dose_mg_3": "5",
}  # fmt: skip
TYPED = {"version": 1, "drug": "prednisolone", "purpose": "irae", "start": "20 February 2025"}
PNEUMONITIS = {"organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0"}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def test_peak_and_now_are_those_of_the_steps(client, member, case):
    sign_in(client, member)
    assert client.post(at(case, "steroids/add"), {**TYPED, **STEPS}).status_code == 302
    row = SteroidCourse.objects.get()
    assert (row.peak_mg_per_day, row.now_mg_per_day) == (Decimal("62.5"), 5)
    assert row.now_on == date(2025, 4, 1)
    html = client.get(at(case, "")).content.decode()
    assert "62.5 mg from 20 February 2025 → 40 mg from March 2025 → 5 mg from 1 April 2025" in html
    form = client.get(at(case, f"steroids/{row.public_id}"), headers=HTMX).content.decode()
    assert 'value="62.5"' in form
    peak = form.split('name="peak_mg_per_day"')[1][:60]
    assert 'value=""' in peak
    fewer = {**TYPED, "version": 2, "dose_from_1": "20 February 2025", "dose_mg_1": "60"}
    assert client.post(at(case, f"steroids/{row.public_id}"), fewer).status_code == 302
    row.refresh_from_db()
    assert (row.peak_mg_per_day, row.now_mg_per_day, SteroidDose.objects.count()) == (60, 60, 1)


WRONG = [
    ({**STEPS, "dose_from_3": "1 March 2025", "dose_mg_3": "5"}, "stand in the order of time"),
    ({**STEPS, "dose_mg_3": ""}, "Enter how many mg a day"),
    ({**STEPS, "dose_from_3": ""}, "Enter from when"),
    # A dose is of a day, however roughly known: there is nothing about it to be found out by somebody later.
    ({**STEPS, "dose_from_3": "not yet"}, "Enter from when: a month or a year will do"),
    ({**STEPS, "dose_from_3": "unknown"}, "Enter from when: a month or a year will do"),
    ({**STEPS, "dose_from_3": "1 January 2099"}, "in the future"),
    ({**STEPS, "dose_mg_3": "9000"}, "less than or equal to 2000"),
    ({**STEPS, "now_mg_per_day": "10"}, "the doses below say 5 mg/day"),
    ({**STEPS, "dose_from_3": "1 July 2025", "not_tapered": "no"}, "above 10 mg/day as prednisone after 12 weeks"),
    ({"now_mg_per_day": "5", "stop": "1 March 2025"}, "it has ended, yet a dose is given now"),
    ({"now_mg_per_day": "5", "now_on": "1 January 2099"}, "in the future"),
    ({"drug": "hydrocortisone", "purpose": "adrenal_replacement", "now_mg_per_day": "60"}, "is more than that"),
    ({"peak_mg_per_day": "10", "now_mg_per_day": "60"}, "Peak: it cannot be below the dose now"),
    ({"now_mg_per_day": "not applicable", "stop": "not applicable"}, "it is given still"),
    ({"drug": "dexamethasone", "now_mg_per_day": "0.755"}, "Enter at most 2 figures after the point"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_what_cannot_be_is_refused_beside_the_field(client, member, case, wrong, sentence):
    answer = sign_in(client, member).post(at(case, "steroids/add"), {**TYPED, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SteroidCourse.objects.exists()


def test_replacement_doubled_in_illness_is_asked_about_and_counts_as_a_dose(client, member, case):
    sign_in(client, member)
    typed = TYPED | {
        "drug": "hydrocortisone",
        "purpose": "adrenal_replacement",
        "now_mg_per_day": "40",
    }
    answer = client.post(at(case, "steroids/add"), typed)
    assert answer.status_code == 422
    sign = re.search(r'name="right" value="(\w+)"', answer.content.decode())
    assert client.post(at(case, "steroids/add"), typed | {"right": sign[1]}).status_code == 302
    assert facts(case)["steroid_now"].low == 10


def test_a_dose_is_kept_as_it_was_typed(client, member, case):
    typed = TYPED | {"drug": "dexamethasone", "peak_mg_per_day": "0,75", "now_mg_per_day": "0.75"}
    assert sign_in(client, member).post(at(case, "steroids/add"), typed).status_code == 302
    row = SteroidCourse.objects.get()
    assert (row.peak_mg_per_day, row.now_mg_per_day) == (Decimal("0.75"), Decimal("0.75"))
    assert facts(case)["steroid_now"].low == 5


def test_rows_are_added_without_scripts_and_keep_what_was_typed(client, member, case):
    sign_in(client, member)
    assert 'name="dose_mg_4"' not in client.get(at(case, "steroids/add")).content.decode()
    html = client.post(
        at(case, "steroids/add"), {**TYPED, **STEPS, "reshape": "rows"}
    ).content.decode()
    assert 'name="dose_mg_5"' in html
    assert 'value="62,5"' in html


def test_a_draft_keeps_all_its_rows(client, member, case):
    sign_in(client, member)
    key = f"section:{case.public_id}:steroids:new"
    more = {"dose_from_4": "2 May 2025", "dose_mg_4": "2.5"}
    client.post(reverse("cases:draft", args=[key]), {**TYPED, **STEPS, **more})
    html = client.get(at(case, "steroids/add")).content.decode()
    assert 'value="2 May 2025"' in html
    assert 'name="dose_mg_6"' in html


def test_what_it_was_given_for_names_the_event(client, member, case):
    with acting_as(member):
        irae = history.save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
    sign_in(client, member)
    typed = {**TYPED, "purpose": f"irae:{irae.public_id}", "now_mg_per_day": "20"}
    client.post(at(case, "steroids/add"), typed)
    row = SteroidCourse.objects.get()
    assert (row.indication, row.irae) == ("irae", irae)
    html = client.get(at(case, f"steroids/{row.public_id}"), headers=HTMX).content.decode()
    assert f'value="irae:{irae.public_id}" selected' in html
    client.post(
        at(case, f"steroids/{row.public_id}"),
        {**typed, "version": 2, "purpose": "brain_metastases"},
    )
    row.refresh_from_db()
    assert (row.indication, row.irae) == ("brain_metastases", None)


def test_a_dose_said_two_weeks_ago_is_out_of_date(client, member, case):
    sign_in(client, member)
    old = timezone.localdate() - timedelta(days=15)
    typed = {**TYPED, "now_mg_per_day": "20", "now_on": render_day(old)}
    client.post(at(case, "steroids/add"), typed)
    client.post(at(case, "steroids/complete"), {"version": 2, "complete": "yes"})
    assert facts(case)["steroid_now"].state is FactState.MISSING
    html = client.get(at(case, "")).content.decode()
    assert f"cannot tell, last said on {render_day(old)}, more than 14 days ago" in html
    row = SteroidCourse.objects.get()
    client.post(
        at(case, f"steroids/{row.public_id}"), {**typed, "version": 3, "now_mg_per_day": "15"}
    )
    row.refresh_from_db()
    assert row.now_on == timezone.localdate()
    assert facts(case)["steroid_now"].high == 15
    assert (
        f"15 mg pred.-eq., as said on {render_day(timezone.localdate())}"
        in client.get(at(case, "")).content.decode()
    )


def test_the_last_of_doses_over_time_is_no_dose_of_today(client, member, case):
    """60 mg from March 2025 and 5 mg from May 2025, no end told: what is given today nobody said."""
    sign_in(client, member)
    steps = {"dose_from_1": "1 March 2025", "dose_mg_1": "60"}
    steps |= {"dose_from_2": "1 May 2025", "dose_mg_2": "5"}
    assert client.post(at(case, "steroids/add"), {**TYPED, **steps}).status_code == 302
    client.post(at(case, "steroids/complete"), {"version": 2, "complete": "yes"})
    row = SteroidCourse.objects.get()
    assert (row.now_on, row.now_day_said) == (date(2025, 5, 1), False)
    assert facts(case)["steroid_now"].state is FactState.MISSING
    page = client.get(at(case, "")).content.decode()
    assert "cannot tell, last said on 1 May 2025, more than 14 days ago" in page
    assert "last dose told, of 1 May 2025" in page
    assert "5 mg/day on 1 May 2025" in page
    assert "now 5 mg/day" not in page
    form = client.get(at(case, f"steroids/{row.public_id}"), headers=HTMX).content.decode()
    assert 'value="1 May 2025"' in form.split('name="now_on"')[1][:120]
    third = {"dose_from_3": "2 June 2025", "dose_mg_3": "2.5"}
    again = {**TYPED, **steps, **third, "version": 3, "now_on": "1 May 2025"}
    assert client.post(at(case, f"steroids/{row.public_id}"), again).status_code == 302
    row.refresh_from_db()
    assert (row.now_on, row.now_day_said) == (date(2025, 6, 2), False)
    today = timezone.localdate()
    said = {**again, "version": 4, "now_on": render_day(today)}
    assert client.post(at(case, f"steroids/{row.public_id}"), said).status_code == 302
    row.refresh_from_db()
    assert (row.now_on, row.now_day_said) == (today, True)
    assert facts(case)["steroid_now"].high == Decimal("2.5")
    # What is saved without a word of the dose leaves its day as it was said.
    change = {"values": {"drug": row.drug}, "public_id": row.public_id}
    with acting_as(member):
        save_steroid(by=member, case=case, version=5, **change)
    row.refresh_from_db()
    assert (row.now_on, row.now_day_said) == (today, True)
    early = {**said, "version": 6, "now_on": "20 May 2025"}
    refused = client.post(at(case, f"steroids/{row.public_id}"), early)
    assert refused.status_code == 422
    assert "the last dose below began later" in refused.content.decode()


def test_a_day_that_was_once_put_on_a_last_dose_by_itself_counts_for_nothing(client, member, case):
    """As rows stand that were saved before: nobody is known to have said the day, and the row keeps it."""
    sign_in(client, member)
    client.post(at(case, "steroids/add"), {**TYPED, **STEPS})
    today = timezone.localdate()
    SteroidCourse.objects.update(now_on=today, now_day_said=False)
    row = SteroidCourse.objects.get()
    assert dose_said_on(row) == date(2025, 4, 1)
    client.post(at(case, "steroids/complete"), {"version": 2, "complete": "yes"})
    assert facts(case)["steroid_now"].state is FactState.MISSING
    assert SteroidCourse.objects.get().now_on == today


def test_nobody_knows_when_the_last_dose_was_told_that_has_no_day(client, member, case):
    sign_in(client, member)
    client.post(
        at(case, "steroids/add"), {**TYPED, "dose_from_1": "before March 2025", "dose_mg_1": "20"}
    )
    client.post(at(case, "steroids/complete"), {"version": 2, "complete": "yes"})
    assert SteroidCourse.objects.get().now_on is None
    assert facts(case)["steroid_now"].state is FactState.MISSING
    page = client.get(at(case, "")).content.decode()
    assert "then 20 mg/day, day not known" in page


def test_saving_something_else_does_not_make_an_old_dose_new(member, case):
    old = timezone.localdate() - timedelta(days=15)
    values = {
        "drug": "prednisone",
        "drug_state": "known",
        "now_mg_per_day": 20,
        "now_mg_per_day_state": "known",
    }
    with acting_as(member):
        row = save_steroid(by=member, case=case, version=1, values={**values, "now_on": old})
        again = save_steroid(
            by=member, case=case, version=2, values=values, public_id=row.public_id
        )
    assert again.now_on == old


def test_second_line_agents_have_a_list_of_their_own(client, member, case):
    sign_in(client, member)
    typed = {
        "version": 1,
        "drug": "infliximab",
        "purpose": "irae",
        "dose": "5 mg/kg",
        "still_given": "yes",
    }
    assert client.post(at(case, "immunosuppressants/add"), typed).status_code == 302
    assert facts(case)["immunosuppressant_now"].value is True
    row = Immunosuppressant.objects.get()
    html = client.get(at(case, "")).content.decode()
    assert "Infliximab" in html
    assert "5 mg/kg" in html
    url = at(case, f"immunosuppressants/{row.public_id}")
    ended = {**typed, "version": 2, "stop": "March 2025"}
    assert "an end was entered" in client.post(url, ended).content.decode()
    assert client.post(url, {**ended, "still_given": "no"}).status_code == 302
    client.post(at(case, "immunosuppressants/complete"), {"version": 3, "complete": "yes"})
    assert facts(case)["immunosuppressant_now"].value is False
    assert facts(case)["steroid_now"].state is FactState.MISSING
    other = {"version": 4, "drug": "other"}
    assert (
        "enter its name" in client.post(at(case, "immunosuppressants/add"), other).content.decode()
    )
    assert client.post(f"{url}/remove", {"version": 4}).status_code == 302
    assert not Immunosuppressant.objects.exists()
    assert not IrAE.objects.exists()


def test_another_steroid_has_a_name_and_no_equivalent(client, member, case):
    sign_in(client, member)
    other = {"version": 1, "drug": "other", "now_mg_per_day": "6"}
    refused = client.post(at(case, "steroids/add"), other)
    assert (refused.status_code, SteroidCourse.objects.count()) == (422, 0)
    assert "Which steroid: enter its name" in refused.content.decode()
    wrong = client.post(at(case, "steroids/add"), {**TYPED, "name": "deflazacort"})
    assert "only another steroid has a name of its own" in wrong.content.decode()
    named = {**other, "name": "deflazacort"}
    assert client.post(at(case, "steroids/add"), named).status_code == 302
    assert facts(case)["steroid_now"].state is FactState.UNKNOWN
    html = client.get(at(case, "")).content.decode()
    assert "Deflazacort" in html
    assert "not possible" in html
    row = SteroidCourse.objects.get()
    form = client.get(at(case, f"steroids/{row.public_id}"), headers=HTMX).content.decode()
    assert 'value="deflazacort"' in form
    more = {"version": 2, "drug": "prednisolone", "now_mg_per_day": "5", "purpose": "other_disease"}
    assert client.post(at(case, "steroids/add"), more).status_code == 302
    found = facts(case)["steroid_now"]
    assert (found.low, found.high) == (5, None)
    assert "deflazacort" in client.get(at(case, "changes")).content.decode()
