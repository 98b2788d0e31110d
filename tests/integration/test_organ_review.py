"""Organs are asked about again, and an answer does not outlive what it was about; a grade has its day and version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import Case, CaseSection, IrAE, OrganReview
from cases.presenters.bases import waiting_words
from cases.presenters.entering import place_of
from cases.readiness import Standing
from cases.rules import readiness_of
from cases.selectors import case_for_page
from cases.services.history import save_irae
from cases.services.iraes import review_all_organs
from cases.vocabulary import Organ
from evidence.conditions.facts import FactState
from tests.factories.line import PNEUMONITIS
from tests.factories.record import add_course
from tests.integration.test_cases_iraes import add, at, case, facts
from tests.integration.test_cases_pages import HTMX, sign_in
from ui.partial_dates import parse_partial_date as day

pytestmark = pytest.mark.django_db
__all__ = ["case"]


def test_asking_again_sets_the_day_and_who(client, member, chair, case):
    first = {"version": 1, "asked": ["lung", "liver", "skin"], "asked_on": "3 March 2026"}
    sign_in(client, member).post(at(case, "organs"), first)
    more = {"version": 2, "asked": ["lung", "liver"], "again": ["lung", "skin"]}
    page = sign_in(client, chair).get(at(case, "organs")).content.decode()
    assert page.count('name="again"') == 3
    assert client.post(at(case, "organs"), more | {"asked_on": "5 May 2026"}).status_code == 302
    rows = OrganReview.objects.values_list("organ", "asked_on", "asked_by")
    assert set(rows) == {
        ("lung", date(2026, 5, 5), chair.pk), ("liver", date(2026, 3, 3), member.pk),
    }  # fmt: skip
    earlier = {"version": 3, "asked": ["lung", "liver"], "again": ["lung", "liver"]}
    sign_in(client, member).post(at(case, "organs"), earlier | {"asked_on": "1 April 2026"})
    assert set(rows.all()) == {
        ("lung", date(2026, 5, 5), chair.pk), ("liver", date(2026, 4, 1), member.pk),
    }  # fmt: skip


def test_the_press_for_all_organs_takes_the_day_that_stands_beside_it(client, member, case):
    sign_in(client, member)
    wrong = client.post(
        at(case, "organs"), {"version": 1, "all": "yes", "asked_on": "1 January 2099"}
    )
    assert (wrong.status_code, OrganReview.objects.count()) == (422, 0)
    client.post(at(case, "organs"), {"version": 1, "all": "yes", "asked_on": "3 March 2026"})
    assert set(OrganReview.objects.values_list("asked_on", flat=True)) == {date(2026, 3, 3)}


def test_what_was_asked_before_the_last_dose_is_asked_too_early(client, member, case):
    add_course(member, case, drugs=["nivolumab"], start=day("1 March 2025"), stop=day("5 May 2026"))
    sign_in(client, member)
    client.post(at(case, "organs"), {"version": 1, "all": "yes", "asked_on": "3 March 2026"})
    assert facts(case)["irae_any"].state is FactState.MISSING
    page = client.get(at(case, "")).content.decode()
    assert (
        "Not asked after 5 May 2026, the last day on which the ICI may have been given, so cannot tell."
        in page
    )
    assert "Asked about 19 of 19 organs on 3 March 2026." in page
    assert "2026: none beyond these." not in page
    assert "none, asked about all organs" not in page
    assert client.get(at(case, "organs")).content.decode().count("asked too early") == len(Organ)
    client.post(at(case, "organs"), {"version": 2, "all": "yes", "asked_on": "5 May 2026"})
    assert facts(case)["irae_any"].state is FactState.MISSING
    client.post(at(case, "organs"), {"version": 3, "all": "yes", "asked_on": "6 May 2026"})
    assert facts(case)["irae_any"].value is False
    page = client.get(at(case, "")).content.decode()
    assert "none, asked about all organs" in page
    assert "Asked about all organs on 6 May 2026: none beyond these." in page


def test_what_was_asked_before_an_irae_began_is_asked_again(client, member, case):
    add_course(
        member, case, drugs=["nivolumab"], start=day("1 June 2024"), stop=day("29 January 2025")
    )
    sign_in(client, member)
    client.post(at(case, "organs"), {"version": 1, "all": "yes", "asked_on": "30 January 2025"})
    assert facts(case)["colitis_worst_grade"].high == 0
    assert add(client, case, onset="1 September 2025", resolved="October 2025").status_code in (
        200,
        302,
    )
    row = Case.objects.get(pk=case.pk).facts
    assert (row.colitis_worst_grade_state, row.colitis_worst_grade_high) == ("missing", None)
    assert (row.pneumonitis_worst_grade_high, row.answers_until) == (5, None)
    assert not Case.objects.filter(facts__colitis_worst_grade_high=0).exists()
    page = client.get(at(case, "")).content.decode()
    words = (
        "Asked before an irAE began, so cannot tell what else came with it. Ask again: all of them."
    )
    assert words in page and "2025: none beyond these" not in page
    assert "Not asked after 29 January 2025" not in page
    assert (
        client.get(at(case, "organs")).content.decode().count("asked too early") == len(Organ) - 1
    )
    fresh = CaseSection.objects.get(case=case, key="iraes").version
    client.post(at(case, "organs"), {"version": fresh, "all": "yes", "asked_on": "1 October 2025"})
    assert facts(case)["colitis_worst_grade"].high == 0
    page = client.get(at(case, "")).content.decode()
    assert (
        words not in page and "Asked about all organs on 1 October 2025: none beyond these." in page
    )


def test_while_the_ici_is_given_an_answer_holds_on_its_day_alone(client, member, case):
    add_course(
        member, case, drugs=["nivolumab"], start=day("5 May 2026"), stop=None, stop_state="not_applicable"
    )  # fmt: skip
    sign_in(client, member)
    client.post(at(case, "organs"), {"version": 1, "all": "yes", "asked_on": "5 May 2026"})
    assert facts(case)["irae_any"].state is FactState.MISSING
    page = client.get(at(case, "")).content.decode()
    assert "Asked while an ICI may still be given, so cannot tell what came since." in page
    client.post(at(case, "organs"), {"version": 2, "all": "yes"})
    row = Case.objects.get(pk=case.pk).facts
    assert facts(case)["irae_any"].value is False
    # The night passes and nobody writes: the row is read as of the day after.
    type(row).objects.filter(pk=row.pk).update(
        as_of=row.as_of - timedelta(days=1), answers_until=row.answers_until - timedelta(days=1)
    )
    row = Case.objects.get(pk=case.pk).facts
    assert row.as_facts()["irae_any"].state is FactState.MISSING
    assert row.as_facts()["myocarditis_any"].state is FactState.MISSING
    assert row.of_organs("irae_any").state is FactState.MISSING
    assert row.counts_until < timezone.localdate() + timedelta(days=1)


def test_an_old_answer_about_all_organs_is_stale_by_the_rules(member, case):
    load_record_data()
    for days, standing in ((90, Standing.CURRENT), (91, Standing.STALE)):
        with acting_as(member):
            version = CaseSection.objects.get(case=case, key="iraes").version
            OrganReview.objects.all().delete()
            review_all_organs(
                by=member, case=case, version=version, on=timezone.localdate() - timedelta(days)
            )
        found = readiness_of(Case.objects.select_related("facts", "patient").get(pk=case.pk))
        assert found.by_key["irae_any"].standing is standing


@pytest.mark.parametrize("name", ["worst_grade", "onset_grade", "grade_now"])
def test_a_grade_is_asked_for_its_version_and_none_is_assumed(client, member, case, name):
    sign_in(client, member)
    form = client.get(at(case, "iraes/add"), headers=HTMX).content.decode()
    select = form.split('name="ctcae_version"')[1].split("</select>")[0]
    assert "Not entered" in select and "CTCAE version not stated" in select
    assert "selected" not in select.replace('value="" selected', "")
    bare = {"worst_grade": "unknown", "onset_grade": "", "grade_now": "", "ctcae_version": ""}
    answer = add(client, case, **bare | {name: "2"})
    assert answer.status_code == 422
    assert "say by which version the grades were given" in answer.content.decode()
    assert add(client, case, **bare | {"grade_now": "0"}).status_code == 302
    row = IrAE.objects.get()
    assert (row.ctcae_version, row.worst_grade_state) == ("", "unknown")
    assert (
        "CTCAE"
        not in client.get(at(case, "")).content.decode().split('id="section-iraes"')[1][:3000]
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        IrAE.objects.update(worst_grade=2, worst_grade_state="known")


def test_a_day_given_for_an_unchanged_grade_is_its_day_and_none_leaves_it(member, case):
    now = {"grade_now": 1, "grade_now_state": "known"}
    march, may = date(2026, 3, 3), date(2026, 5, 5)

    def save(irae=None, **values):
        with acting_as(member):
            version = CaseSection.objects.get(case=case, key="iraes").version
            return save_irae(
                by=member, case=case, version=version, values=values,
                public_id=irae.public_id if irae else None,
            )  # fmt: skip

    irae = save(**PNEUMONITIS | now, now_on=march)
    assert save(irae, **now, now_on=may).now_on == may
    assert save(irae, **now, severity_word="severe").now_on == may
    assert save(irae, **now, severity_word="mild", now_on=None).now_on == may
    assert save(irae, grade_now=0, grade_now_state="known", now_on=None).now_on is None
    assert save(irae, grade_now=0, grade_now_state="known", now_on=march).now_on == march
    gone = {
        f"{name}{x}": v
        for name in ("grade_now", "resolution")
        for x, v in (("", None), ("_state", "unknown"))
    }
    assert save(irae, **gone, now_on=may).now_on is None


def test_the_grade_of_now_has_a_day_of_its_own(client, member, case):
    sign_in(client, member)
    assert add(client, case, now_on="1 January 2099").status_code == 422
    assert add(client, case, now_on="3 March 2026").status_code == 302
    row = IrAE.objects.get()
    assert row.now_on == date(2026, 3, 3)
    form = client.get(at(case, f"iraes/{row.public_id}"), headers=HTMX).content.decode()
    assert 'value="3 March 2026"' in form


OTHER = {"entity": "autoimmune_other", "entity_text": "Aseptic meningitis"}


@pytest.mark.parametrize("organ", ["untold", "other"])
def test_beside_an_event_of_no_told_organ_no_organ_is_said_to_have_had_none(
    client, member, case, organ
):
    sign_in(client, member)
    add(client, case, **OTHER, organ="untold")
    IrAE.objects.update(organ=organ)
    client.post(at(case, "organs"), {"version": 2, "all": "yes"})
    page = client.get(at(case, "organs")).content.decode()
    assert "asked and none" not in page
    assert page.count("may be Other autoimmune event: Aseptic meningitis") == len(Organ) - 1
    assert facts(case)["neurological_worst_grade"].state is FactState.MISSING
    words = "organ not asked" if organ == "other" else "several organs, or cannot be told"
    assert words in client.get(at(case, "")).content.decode()


def test_an_event_of_a_told_organ_counts_there_and_leads_from_what_it_leaves_open(
    client, member, case
):
    load_record_data()
    sign_in(client, member)
    add(client, case, **OTHER, organ="brain")
    client.post(at(case, "organs"), {"version": 2, "all": "yes"})
    found = facts(case)
    assert found["neurological_worst_grade"].low == found["neurological_grade_now"].high + 3 == 3
    assert found["heart_worst_grade"].high == 0
    assert found["encephalitis_worst_grade"].state is FactState.MISSING
    page = client.get(at(case, "organs")).content.decode()
    assert page.count("asked and none") == len(Organ) - 1
    row = IrAE.objects.get()
    here = case_for_page(member).get(pk=case.pk)
    for key in ("encephalitis_worst_grade", "gbs_encephalitis_myelitis_any"):
        assert f"{row.public_id}" in place_of(here, key).url
        assert place_of(here, key).field == "organ"
        words = waiting_words(here, key, found[key])
        assert words == "Cannot be told beside “Aseptic meningitis”"
    # A disease of several organs may stand under any one: what the event was is asked, not where.
    assert found["ttp_any"].state is FactState.MISSING
    assert f"{row.public_id}" in place_of(here, "ttp_any").url
    assert place_of(here, "ttp_any").field == "entity"
    words = waiting_words(here, "ttp_any", found["ttp_any"])
    assert words == "Cannot be told beside “Aseptic meningitis”"
    assert place_of(here, "heart_worst_grade").url.endswith("organs#organs-asked")
    assert "Brain" in client.get(at(case, "changes")).content.decode()


def test_an_event_elsewhere_is_told_under_other_and_leaves_the_rest_alone(client, member, case):
    load_record_data()
    sign_in(client, member)
    add(client, case, **OTHER, organ="elsewhere")
    client.post(at(case, "organs"), {"version": 2, "all": "yes"})
    assert facts(case)["lvef_now"].state is FactState.NOT_APPLICABLE
    page = client.get(at(case, "organs")).content.decode()
    assert page.count("asked and none") == len(Organ) - 1
    assert "another organ" in client.get(at(case, "")).content.decode()
    row = IrAE.objects.get()
    assert client.get(at(case, f"iraes/{row.public_id}/dossier")).status_code == 200
    form = client.get(at(case, f"iraes/{row.public_id}")).content.decode()
    assert '<option value="elsewhere" selected>' in form
