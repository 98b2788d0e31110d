"""What answers no fact of the vocabulary is given to somebody by a day as a fact is, and named everywhere."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from cases.askable import KINDS, each_key, item_of, items_of_dossier, told
from cases.changelog import saves_of
from cases.forms import background, courses, iraes, question, reports, sections, steroids
from cases.forms import dossier as dossiers
from cases.forms import treatment as treatments
from cases.forms import tumour as tumours
from cases.loading import load as load_record_data
from cases.models import Case, DossierItem, FactTask, Metastasis, OtherTreatment
from cases.owing import facts_of_dossier, facts_of_form, facts_of_sample
from cases.presenters.asked import asked_words, row_words
from cases.presenters.entering import place_of
from cases.selectors import open_tasks
from cases.services import history
from cases.services.sections import locked_version
from cases.services.tasks import owe_fact, settle_patient
from evidence.conditions import FACTS
from tests.factories.line import make_record
from tests.integration.test_cases_pages import queries, sign_in
from tests.integration.test_owed_in_forms import HTMX, day, opened

pytestmark = pytest.mark.django_db
FORMS = {
    "question": question.QuestionForm,
    "tumour": tumours.TumourForm,
    "fitness": sections.FitnessForm,
    "background": background.BackgroundForm,
    "metastases": tumours.MetastasesForm,
    "drivers": tumours.DriversForm,
    "courses": courses.CourseForm,
    "treatment": treatments.TreatmentForm,
    "responses": treatments.ResponseForm,
    "iraes": iraes.IrAEForm,
    "steroids": steroids.SteroidForm,
    "immunosuppressants": steroids.ImmunosuppressantForm,
    "reports": reports.ReportForm,
}
# Queries for each item that is saved and taken back.
MOST_EACH = 20
# A step of a taper has a day and a dose, or is no step.
NOT_ASKED = re.compile(r"dose_from_\d+")


@pytest.fixture
def case(member, board):
    load_record_data()
    found = make_record(member, board)
    FactTask.objects.filter(case=found).delete()
    # Without what was fetched while it was made.
    return Case.objects.get(pk=found.pk)


def not_yet_fields(form):
    """Return the fields in which "not yet" may be chosen or typed."""
    return {name for name in form.fields if takes_not_yet(form.fields[name])}


def takes_not_yet(field):
    choices = getattr(field, "choices", None)
    if choices is not None:
        return "not_yet" in dict(choices)
    return "Stated" in type(field).__name__ or "Duration" in type(field).__name__


def each_form(case):
    yield from ((key, form(initial={}), facts_of_form(case, key)) for key, form in FORMS.items())
    sample = tumours.SampleForm(initial={})
    yield "biomarkers", sample, facts_of_sample(sample)
    event = case.patient.iraes.first()
    items = list(DossierItem.objects.filter(organ=event.organ))
    assert items
    form = dossiers.DossierForm(initial={}, items=items)
    yield "dossier", form, facts_of_dossier(event, items)


def test_every_field_that_may_be_not_yet_can_be_given_to_somebody(case):
    for key, form, facts in each_form(case):
        wanted = {n for n in not_yet_fields(form) if not NOT_ASKED.fullmatch(n)}
        assert wanted, key
        assert wanted <= facts.keys(), (key, wanted - facts.keys())
        for name, what in facts.items():
            assert what in FACTS or item_of(what) is not None, (key, name)
            assert len(what) <= FactTask._meta.get_field("fact").max_length


def test_every_item_has_words_a_place_and_columns_of_its_row(case):
    event = case.patient.iraes.first()
    rows = {"site": "bone", "gene": "ALK", "item": f"{event.public_id.hex}-organ_code"}
    for kind, column in each_key():
        row = rows.get(kind.by, event.public_id.hex) if kind.by else ""
        key = kind.key(column, row)
        item = item_of(key)
        assert (item.kind, item.column, item.row) == (kind, column, row)
        words = asked_words(key, "LVEF")
        assert words[:1].isupper() or words.startswith("irAE")
        assert place_of(case, key).url.startswith(f"/cases/{case.public_id}/")
        names = {f.name for f in kind.model._meta.get_fields()}
        assert ("state" if column == "value" else f"{column}_state") in names
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_what_is_no_item_is_none(case):
    for key in ("ecog", "body", "body-", "body-ecog", "body-weighed-1", "course-start", "gone-x"):
        assert item_of(key) is None
    assert row_words(case, "body-weighed") == ""
    assert row_words(case, f"course-start-{uuid4().hex}") == ""


def test_the_day_of_the_weight_is_given_shown_named_and_ended(client, member, nurse, case):
    url = reverse("cases:section", args=[case.public_id, "fitness"])
    sign_in(client, member)
    html, sent = opened(client, url)
    due, text = day(5)
    sent |= {"ecog": "1", "weight_kg": "71", "weighed": "not yet"}
    sent |= {"weighed_owed_by": str(nurse.public_id), "weighed_owed_on": text}
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    html = answer.content.decode()
    assert f"Weighed: given to {nurse.name}." in html
    assert "Day on which the weight was taken" in html
    task = FactTask.objects.get(case=case)
    assert (task.fact, task.owner, task.due_on) == ("body-weighed", nurse, due)
    subjects = [
        c.subject for s in saves_of(case)[0] for c in s.changes if c.section == "Owed facts"
    ]
    assert subjects == ["Day on which the weight was taken"]
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert f'href="/cases/{case.public_id}/sections/fitness#fitness-weighed"' in page
    _html, sent = opened(client, url)
    sent |= {"ecog": "1", "weight_kg": "71", "weighed": "unknown"}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    task.refresh_from_db()
    assert task.done_at is not None


def test_the_start_page_names_it(client, member, nurse, case):
    event = case.patient.iraes.first()
    item = DossierItem.objects.filter(organ=event.organ, fact="").first()
    keys = {"body-weighed", *items_of_dossier(event, [item]).values()}
    for key in keys:
        owe_fact(by=member, case=case, fact=key, owner=member, due_on=day(2)[0])
    html = sign_in(client, member).get(reverse("home")).content.decode()
    assert "Day on which the weight was taken" in html
    assert f"Dossier: {item.label}" in html
    assert f"Dossier: {item.label}, day of it" in html


def test_a_row_that_is_new_is_asked_about_by_its_own_key_and_ends_with_it(
    client, member, nurse, case
):
    url = reverse("cases:item_add", args=[case.public_id, "treatment"])
    _html, sent = opened(sign_in(client, member), url)
    sent |= {"kind": "chemotherapy", "start": "not yet", "best_response": "not_yet"}
    for name in ("start", "best_response"):
        sent |= {f"{name}_owed_by": str(nurse.public_id), f"{name}_owed_on": day(5)[1]}
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    row = OtherTreatment.objects.get(patient=case.patient)
    keys = set(FactTask.objects.filter(case=case, done_at=None).values_list("fact", flat=True))
    hex_ = row.public_id.hex
    assert keys == {f"treatment-start-{hex_}", f"treatment-best_response-{hex_}"}
    html = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "First day (other treatment)" in html
    assert f"Chemotherapy · {nurse.name}, by" in html
    lock = {"by": member, "case": case, "version": locked_version(case, "treatment")}
    with acting_as(member):
        history.remove(**lock, key="treatment", public_id=row.public_id)
    assert not FactTask.objects.filter(case=case, done_at=None).exists()


def test_a_sample_whose_time_is_not_said_and_a_dossier_are_given_too(client, member, nurse, case):
    sign_in(client, member)
    whom = {"value_owed_by": str(nurse.public_id), "value_owed_on": day(5)[1]}
    url = reverse("cases:item_add", args=[case.public_id, "biomarkers"])
    _html, sent = opened(client, url)
    sent |= {"measured": "pdl1_tps", "timing": "", "value": "not yet"} | whom
    assert client.post(url, sent, headers=HTMX).status_code == 200
    event = case.patient.iraes.first()
    item = DossierItem.objects.filter(organ=event.organ, fact="", kind="text", active=True).first()
    url = reverse("cases:dossier", args=[case.public_id, event.public_id])
    _html, sent = opened(client, url)
    sent |= {item.code: "not yet", f"{item.code}_owed_by": str(nurse.public_id)}
    sent |= {f"{item.code}_owed_on": day(5)[1]}
    answer = client.post(url, sent, headers=HTMX)
    assert f"{item.label}: given to {nurse.name}." in answer.content.decode()
    sample = case.patient.biomarkers.get(timing="")
    assert {task.fact for task in open_tasks().filter(case=case)} == {
        f"sample-value-{sample.public_id.hex}",
        f"dossier-answer-{event.public_id.hex}-{item.code}",
    }
    _html, sent = opened(client, url)
    sent |= {item.code: "as the report says"}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    assert [t.fact[:6] for t in open_tasks().filter(case=case)] == ["sample"]
    gone, there = (f"dossier-found_on-{pk.hex}-{item.code}" for pk in (uuid4(), event.public_id))
    assert told(case, case.patient, [gone, there, "ecog"]) == {gone}


def test_nobody_takes_it_back_and_a_site_that_is_told_ends_it(client, member, nurse, case):
    url = reverse("cases:part", args=[case.public_id, "metastases"])
    with acting_as(member):
        for key in ("site-present-bone", "case-prophylaxis", "tumour-t_category"):
            owe_fact(by=member, case=case, fact=key, owner=nurse, due_on=day(5)[0])
    _html, sent = opened(sign_in(client, member), url)
    # A browser sends the list of people too: with nobody chosen, who was asked is asked no more.
    sent |= {"bone": "not_yet", "bone_owed_by": ""}
    html = client.post(url, sent, headers=HTMX).content.decode()
    assert "Bone: taken back, nobody is asked for it." in html
    left = {"case-prophylaxis", "tumour-t_category"}
    assert {task.fact for task in open_tasks().filter(case=case)} == left
    with acting_as(member):
        owe_fact(by=member, case=case, fact="site-present-bone", owner=nurse, due_on=None)
    Metastasis.objects.filter(patient=case.patient, site="bone").delete()
    settle_patient(by=member, patient=case.patient)
    assert open_tasks().filter(case=case, fact="site-present-bone").exists()
    _html, sent = opened(client, url)
    assert client.post(url, sent | {"bone": "no"}, headers=HTMX).status_code == 200
    assert {task.fact for task in open_tasks().filter(case=case)} == left


def test_several_that_are_taken_back_derive_the_facts_once_as_one_does(client, member, nurse, case):
    url = reverse("cases:part", args=[case.public_id, "metastases"])
    # Brain and liver answer facts of their own.
    open_ones = ["bone", "adrenal", "lung", "pleura", "nodes"]
    told = []
    for sites in (open_ones[:1], open_ones):
        for site in sites:
            with acting_as(member):
                fact = f"site-present-{site}"
                owe_fact(by=member, case=case, fact=fact, owner=nurse, due_on=day(5)[0])
        _html, sent = opened(sign_in(client, member), url)
        for site in sites:
            sent |= {site: "not_yet", f"{site}_owed_by": ""}
        with CaptureQueriesContext(connection) as asked:
            html = client.post(url, sent, headers=HTMX).content.decode()
        assert html.count("taken back, nobody is asked for it.") == len(sites)
        assert not open_tasks().filter(case=case).exists()
        written = sum('UPDATE "cases_casefacts"' in one["sql"] for one in asked)
        told.append((len(sites), written, len(asked)))
    (one, first, few), (several, second, many) = told
    assert (one, several) == (1, 5)
    assert first == second, "derived once, however many"
    # Each is held, closed, and stands in the trail and in the words; savepoints of the test count too.
    assert many - few <= (several - one) * MOST_EACH, told


def test_it_is_handed_over_on_its_page_and_from_its_card(client, member, nurse, case):
    sign_in(client, member)
    page = reverse("cases:owner", args=[case.public_id, "body-weighed"])
    assert client.get(page).status_code == 404
    give = reverse("cases:give", args=[case.public_id])
    assert client.get(give, {"fact": "body-weighed"}, headers=HTMX).status_code == 200
    with acting_as(member):
        owe_fact(by=member, case=case, fact="body-weighed", owner=member, due_on=day(-1)[0])
    assert "Day on which the weight was taken" in client.get(page).content.decode()
    assert (
        "Day on which the weight was taken"
        in client.get(give, {"fact": "body-weighed"}).content.decode()
    )
    sent = {"fact": ["body-weighed", "ecog"], "give": f"{nurse.public_id}:week"}
    assert client.post(give, sent, headers=HTMX).status_code == 200
    assert FactTask.objects.get(case=case, fact="body-weighed", done_at=None).owner == nurse
    seen = re.search(r'name="shown" value="([^"]+)"', client.get(page).content.decode())[1]
    sent = {"owner_id": str(member.public_id), "due": day(3)[1], "shown": seen}
    assert client.post(page, sent).status_code == 302
    assert FactTask.objects.get(case=case, fact="body-weighed", done_at=None).owner == member


def test_the_page_costs_no_more_queries_for_them(client, member, nurse, case):
    url = reverse("cases:detail", args=[case.public_id])
    sign_in(client, member).get(url)
    before = queries(client, url)
    event = case.patient.iraes.first()
    with acting_as(member):
        for key in ("body-weighed", f"irae-care-{event.public_id.hex}", "driver-sampled-ALK"):
            owe_fact(by=member, case=case, fact=key, owner=nurse, due_on=None)
    assert queries(client, url) == before
