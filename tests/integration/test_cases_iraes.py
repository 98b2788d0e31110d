"""irAEs in full: the form's checks, the organ review, dossiers by organ."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import (
    Case,
    CaseSection,
    DossierEntry,
    DossierItem,
    FactTask,
    ICICourse,
    IrAE,
    OrganReview,
)
from cases.presenters.stopping import stopped_words
from cases.services import history
from cases.services.facts import refresh_facts
from cases.vocabulary import Organ
from evidence.conditions.facts import Fact, FactState, Widened
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX, sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
TYPED = {
    "version": 1, "entity": "pneumonitis", "ctcae_version": "5.0", "worst_grade": "3", "grade_now": "0",
    "onset": "20 February 2025", "resolution": "resolved", "resolved": "July 2025",
}  # fmt: skip


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def course(member, case):
    values = {
        "drugs": ["nivolumab", "ipilimumab"],
        "drugs_state": "known",
        "start": parse_partial_date("January 2025"),
    }
    with acting_as(member):
        return history.save_course(by=member, case=case, version=1, values=values)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def add(client, case, **changes):
    version = CaseSection.objects.get(case=case, key="iraes").version
    return client.post(at(case, "iraes/add"), {**TYPED, "version": version, **changes})


def test_all_that_is_typed_of_an_event_is_kept_and_shown(client, member, case, course):
    sign_in(client, member)
    more = {
        "course": str(course.public_id), "onset_grade": "2", "likelihood": "probable", "care": "hospital",
        "excluded": ["infection", "progression"], "drugs": ["ipilimumab"], "sequelae": "yes",
        "sequelae_text": "fibrosis", "severity_word": "severe",
    }  # fmt: skip
    assert add(client, case, **more).status_code == 302
    row = IrAE.objects.get()
    assert (row.onset_grade, row.likelihood, row.care, row.drugs) == (
        2, "probable", "hospital", ["ipilimumab"],
    )  # fmt: skip
    html = client.get(at(case, "")).content.decode()
    for words in (
        "grade 2 at onset", "probable caused by the ICI", "excluded: infection, progression", "care: hospital",
        "attributed to ipilimumab", "sequelae: fibrosis", "“severe” in the report",
        "20 to 50 days from the first dose of course 1",
    ):  # fmt: skip
        assert words in html


def test_agents_are_those_of_the_course_unless_others_are_chosen(client, member, case, course):
    sign_in(client, member)
    add(client, case, course=str(course.public_id), drugs=["nivolumab", "ipilimumab"])
    assert IrAE.objects.get().drugs == []


def test_a_word_is_no_grade(client, member, case):
    sign_in(client, member)
    add(client, case, worst_grade="", grade_now="", severity_word="severe")
    row = IrAE.objects.get()
    assert (row.worst_grade, row.worst_grade_state, row.severity_word) == (
        None,
        "unknown",
        "severe",
    )
    grade = facts(case)["pneumonitis_worst_grade"]
    assert grade == Fact.between(1, 5) and grade.widened == (Widened.NO_GRADE,)
    html = client.get(at(case, "")).content.decode()
    assert "“severe” in the report" in html


WRONG = [
    ({"entity": "arthritis", "worst_grade": "4"}, "Arthritis has grades 1 to 3 in CTCAE 5.0"),
    (
        {"entity": "myocarditis", "worst_grade": "2", "onset_grade": "1"},
        "has grades 2 to 5 in CTCAE 5.0",
    ),
    ({"worst_grade": "2", "onset_grade": "3"}, "cannot be above the worst grade"),
    ({"onset": "1 January 2099", "resolved": ""}, "Onset: the date is in the future"),
    ({"resolved": "2098"}, "Resolved: the date is in the future"),
    ({"sequelae_text": "fibrosis"}, "say yes beside what they are"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG)
def test_what_cannot_be_is_refused_beside_the_field(client, member, case, wrong, sentence):
    answer = add(sign_in(client, member), case, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not IrAE.objects.exists()


def test_a_grade_that_the_other_version_has_is_taken(client, member, case):
    version_6 = {"entity": "myocarditis", "ctcae_version": "6.0", "worst_grade": "1"}
    assert add(sign_in(client, member), case, **version_6).status_code == 302


@pytest.mark.parametrize("onset", ["December 2024", "3 days before ICI start"])
def test_an_event_before_the_first_dose_is_asked_back_and_may_be_right(
    client, member, case, course, onset
):
    sign_in(client, member)
    typed = {"onset": onset, "course": str(course.public_id), "resolved": ""}
    answer = add(client, case, **typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "before the first dose (January 2025)" in html
    assert 'name="early_onset"' in html
    assert f'value="{onset}"' in html
    assert add(client, case, **typed, early_onset="on").status_code == 302
    assert add(client, case, onset="January 2025").status_code == 302


def test_the_form_is_short_and_opens_what_holds_something(client, member, case, course):
    sign_in(client, member)
    html = client.get(at(case, "iraes/add"), headers=HTMX).content.decode()
    frequent, more = html.split("More about this event")
    assert 'name="worst_grade"' in frequent
    assert 'name="likelihood"' in more
    assert '<details class="app-fold">' in frequent
    assert 'name="early_onset"' not in html
    add(client, case, likelihood="certain")
    row = IrAE.objects.get()
    html = client.get(at(case, f"iraes/{row.public_id}"), headers=HTMX).content.decode()
    assert '<details class="app-fold" open>' in html


def test_organs_are_asked_about_one_by_one_and_taken_back(client, member, chair, case):
    sign_in(client, member)
    first = {"version": 1, "asked": ["lung", "colon"], "asked_on": "3 March 2026"}
    assert client.post(at(case, "organs"), first).status_code == 302
    row = OrganReview.objects.get(organ="lung")
    assert (row.asked_on, row.asked_by) == (date(2026, 3, 3), member)
    assert facts(case)["pneumonitis_worst_grade"].high == 0
    assert facts(case)["hepatitis_worst_grade"].state is FactState.MISSING
    sign_in(client, chair).post(at(case, "organs"), {"version": 2, "asked": ["lung", "liver"]})
    assert set(OrganReview.objects.values_list("organ", "asked_by")) == {
        ("lung", member.pk),
        ("liver", chair.pk),
    }
    assert OrganReview.objects.get(organ="liver").asked_on == timezone.localdate()
    assert facts(case)["colitis_worst_grade"].state is FactState.MISSING
    html = client.get(at(case, "organs"), headers=HTMX).content.decode()
    assert f"{member.name}, 3 March 2026" in html
    assert html.count("asked and none") == 2
    page = client.get(at(case, "")).content.decode()
    assert "Asked about 2 of 19 organs" in page
    history_ = client.get(at(case, "changes")).content.decode()
    assert "Bowel" in history_


def test_the_rest_is_said_in_one_press_and_every_organ_is_asked_about_then(
    client, member, chair, case
):
    sign_in(client, member).post(
        at(case, "organs"), {"version": 1, "asked": ["lung"], "asked_on": "3 March 2026"}
    )
    answer = sign_in(client, chair).post(
        at(case, "organs"), {"version": 2, "all": "yes"}, headers=HTMX
    )
    assert "none beyond these" in answer.content.decode()
    assert OrganReview.objects.count() == len(Organ)
    lung = OrganReview.objects.get(organ="lung")
    assert (lung.asked_by, lung.asked_on) == (chair, timezone.localdate())
    assert facts(case)["irae_any"].value is False
    late = client.post(at(case, "organs"), {"version": 2, "all": "yes"}, headers=HTMX)
    assert "Not saved" in late.content.decode()


def test_had_is_read_from_the_list(client, member, case):
    add(sign_in(client, member), case)
    html = client.get(at(case, "organs"), headers=HTMX).content.decode()
    lung = html.split('value="lung"')[1].split("</li>")[0]
    assert "had" in lung
    assert "Pneumonitis" in lung
    assert "checked" not in lung


@pytest.mark.parametrize("asked_on", ["1 January 2099", "March 2026"])
def test_the_day_of_asking_is_a_day_that_has_been(client, member, case, asked_on):
    typed = {"version": 1, "asked": ["lung"], "asked_on": asked_on}
    assert sign_in(client, member).post(at(case, "organs"), typed).status_code == 422
    assert not OrganReview.objects.exists()


@pytest.fixture
def liver(client, member, case):
    load_record_data()
    add(sign_in(client, member), case, entity="hepatitis")
    return IrAE.objects.get()


def test_a_dossier_reaches_the_facts_and_the_page(client, member, case, liver):
    url = at(case, f"iraes/{liver.public_id}/dossier")
    html = client.get(url).content.decode()
    assert "Peak ALT" in html
    assert "CT pattern" not in html
    typed = {
        "version": 2, "liver_alt_uln": "9.2", "liver_ast_uln": ">4", "liver_bilirubin_uln": "unknown",
        "liver_alt_uln_on": "March 2025",
    }  # fmt: skip
    assert client.post(url, typed).status_code == 302
    found = facts(case)
    assert (float(found["alt_ast_peak_x_uln"].low), found["alt_ast_peak_x_uln"].high) == (9.2, None)
    assert found["bilirubin_peak_x_uln"].state is FactState.UNKNOWN
    page = client.get(at(case, "")).content.decode()
    assert "Peak ALT: 9.2 x ULN (March 2025)" in page
    assert "Peak bilirubin: unknown" in page
    client.post(url, {**typed, "version": 3, "liver_ast_uln": "4", "liver_alt_uln": "6"})
    client.post(at(case, "organs"), {"version": 4, "asked": ["liver"]})
    found = facts(case)["alt_ast_peak_x_uln"]
    assert (float(found.low), float(found.high)) == (6, 6)
    client.post(url, {"version": 5})
    assert not DossierEntry.objects.exists()
    assert facts(case)["alt_ast_peak_x_uln"].state is FactState.MISSING


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"liver_alt_uln": "900"}, "between 0 and 500"),
        ({"liver_alt_uln": "high"}, "Enter a number such as"),
        ({"liver_alt_uln": "9", "liver_alt_uln_on": "1 January 2099"}, "in the future"),
        ({"liver_alt_uln_on": "March 2025"}, "say what was found on that day"),
    ],
)
def test_a_dossier_refuses_what_cannot_be(client, case, liver, wrong, sentence):
    answer = client.post(at(case, f"iraes/{liver.public_id}/dossier"), {"version": 2, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_item_taken_back_is_asked_no_more_and_its_answer_stays(client, case, liver):
    url = at(case, f"iraes/{liver.public_id}/dossier")
    client.post(url, {"version": 2, "liver_alt_uln": "9.2"})
    DossierItem.objects.filter(code__in=("liver_alt_uln", "liver_ast_uln")).update(active=False)
    html = client.get(url).content.decode()
    assert 'name="liver_alt_uln"' in html
    assert 'name="liver_ast_uln"' not in html
    client.post(at(case, "organs"), {"version": 3, "asked": ["liver"]})
    assert float(facts(case)["alt_ast_peak_x_uln"].high) == 9.2


def test_curators_keep_the_items_and_others_do_not(client, board, member):
    load_record_data()
    item = DossierItem.objects.get(code="liver_alt_uln")
    url = reverse("admin:cases_dossieritem_change", args=[item.pk])
    assert sign_in(client, member).get(url).status_code in {302, 403}
    curator = make_user("curator", board, is_staff=True)
    sign_in(client, curator)
    assert client.get(url).status_code == 200
    data = {
        "label": "Highest ALT",
        "help_text": "",
        "choices": "",
        "lowest": "0",
        "highest": "500",
        "position": "10",
    }
    assert client.post(url, data).status_code == 302
    item.refresh_from_db()
    assert (item.label, item.active, item.organ) == ("Highest ALT", False, "liver")


def test_what_was_complete_is_every_organ_asked_about_on_that_day(member, case):
    """The statement of the migration, given the answer of one column a patient."""
    migration = import_module("cases.migrations.0015_organ_review_and_indication")
    statement = migration.REVIEWS.replace("p.iraes_complete_as_of IS NOT NULL", "true")
    statement = statement.replace("p.iraes_complete_as_of", "DATE '2026-01-02'")
    with connection.cursor() as cursor:
        cursor.execute(statement, [migration.ORGANS])
    rows = OrganReview.objects.filter(patient=case.patient)
    assert {(r.organ, r.asked_on, r.asked_by_id) for r in rows} == {
        (organ, date(2026, 1, 2), member.pk) for organ in Organ.values
    }
    assert apps.get_model("cases", "Patient")._meta.get_field("second_line_complete_as_of")


def test_facts_of_doses_go_out_of_date_without_a_save(member, case):
    with acting_as(member):
        history.set_complete(by=member, case=case, version=1, key="steroids", complete=True)
    row = type(case.facts).objects.get(case=case)
    assert row.as_facts(row.as_of + timedelta(days=14))["steroid_now"].high == 0
    assert row.as_facts(row.as_of + timedelta(days=15))["steroid_now"].state is FactState.MISSING


def test_that_an_event_is_new_is_not_said_by_silence(client, member, case):
    html = sign_in(client, member).get(at(case, "iraes/add")).content.decode()
    field = html[html.index('id="iraes-recurrence_of"') :]
    assert "Not said" in field[: field.index("</select>")]
    assert "No, it is new" not in html


def stopped(case, *events, **stop) -> str:
    """Return why the ICI was stopped where these irAEs are recorded, each an entity and an onset."""
    patient = case.patient
    patient.courses.all().delete()
    patient.iraes.all().delete()
    course = ICICourse(patient=patient, number=1, drugs=["pembrolizumab"], drugs_state="known")
    course.start, course.start_state = parse_partial_date("1 January 2025"), "known"
    course.stop, course.stop_state = parse_partial_date(stop.get("stop", "1 March 2025")), "known"
    course.stop_reason, course.stop_reason_state = "irae", "known"
    course.save()
    for entity, onset in events:
        irae = IrAE(
            patient=patient, organ="colon", entity=entity, ctcae_version="5.0", worst_grade=3
        )
        irae.worst_grade_state = "known"
        if onset:
            irae.onset, irae.onset_state = parse_partial_date(onset), "known"
        irae.save()
    refresh_facts(case=case)
    return stopped_words(Case.objects.get(pk=case.pk))


def test_only_an_event_that_began_in_time_is_named_as_the_reason_of_the_stop(member, case):
    with acting_as(member):
        colitis, later = ("colitis", "10 February 2025"), ("arthritis", "1 September 2025")
        assert stopped(case, colitis) == "irAE: colitis, grade 3"
        assert stopped(case, colitis, later) == "irAE: colitis, grade 3"
        # It is noticed before the next dose would be due: the last dose is not the day of the stop.
        soon = ("colitis", "20 March 2025")
        assert stopped(case, soon, later) == "irAE: colitis, grade 3"
        assert stopped(case, soon, ("arthritis", "")) == "irAE (one of 2 recorded)"
        counted = ("arthritis", "day 200 after ICI start")
        assert stopped(case, colitis, counted) == "irAE: colitis, grade 3"
        counted = ("arthritis", "day 90 after last dose")
        assert stopped(case, colitis, counted) == "irAE: colitis, grade 3"
        assert stopped(case, later) == "irAE"


def owed_of(client, case) -> str:
    html = " ".join(client.get(at(case, "")).content.decode().split())
    return html.partition('id="case-owed"')[2].partition("</section>")[0]


def test_the_organ_review_is_owed_and_one_press_makes_a_task_of_it(client, member, nurse, case):
    give = reverse("cases:owner", args=[case.public_id, "organs_asked"])
    sign_in(client, member)
    # Without an irAE the review is what "any irAE" waits for: it is not asked for twice.
    ticked = 'name="fact" value="organs_asked"'
    assert ticked not in owed_of(client, case)
    client.post(at(case, "iraes/add"), TYPED)
    owed = owed_of(client, case)
    assert ticked in owed and f'href="{at(case, "organs")}#organs-asked"' in owed
    assert "19 of 19 organs not asked about" in owed
    client.post(give, {"owner_id": str(nurse.public_id), "due": "1 December 2099"})
    task = FactTask.objects.get(fact="organs_asked")
    assert (task.owner, task.done_at) == (nurse, None)
    version = CaseSection.objects.get(case=case, key="iraes").version
    some = [organ for organ in Organ.values if organ not in ("lung", "eye")]
    client.post(at(case, "organs"), {"version": version, "asked": some})
    assert "not asked about: lung, eye" in owed_of(client, case)
    client.post(at(case, "organs"), {"version": version + 1, "all": "yes"})
    ticked = 'name="fact" value="organs_asked"'
    assert ticked not in owed_of(client, case)
    task.refresh_from_db()
    assert task.done_at is not None
