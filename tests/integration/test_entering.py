"""“Enter it” leads to the form that has the field, for every fact that a rule of readiness may require."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts.acting import set_acting
from cases.delivered import delivered_rows
from cases.loading import load
from cases.models import Case, DossierItem, ICICourse, IrAE, Section
from cases.presenters.entering import COMPLETE, place_of
from cases.readiness import LIMITS
from cases.selectors import case_for_page
from cases.whole_record import ensure_record
from evidence.conditions import FACTS
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_editing import FORMS, at
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import parse_partial_date as on

pytestmark = pytest.mark.django_db

# One event of each organ that rules ask about, the second of one disease among them.
EVENTS = (
    "pneumonitis", "colitis", "colitis", "hepatitis", "myocarditis", "myositis", "nephritis", "rash",
    "hypothyroidism", "uveitis", "arthritis", "pancreatitis", "haemolysis", "vasculitis", "diabetes", "encephalitis",
)  # fmt: skip


@pytest.fixture
def case(member, board):
    load()
    return make_case(member, board)


@pytest.fixture
def full(client, member, case):
    """Return the case with a course, a steroid and an ungraded event of each organ."""
    add_course(member, case, drugs=["pembrolizumab"], stop_reason="irae")
    sign_in(client, member)
    for version, entity in enumerate(EVENTS, start=1):
        sent = {**FORMS["iraes/add"], "version": version, "entity": entity}
        sent.pop("worst_grade", None)
        sent.pop("grade_now", None)
        answer = client.post(at(case, "iraes/add"), sent)
        assert answer.status_code == 302, answer.content.decode()
    client.post(at(case, "steroids/add"), {"version": 1, "drug": "prednisolone"})
    return case


def reached(client, member, case, key):
    """Return where a fact is entered and the page that stands there."""
    place = place_of(case_for_page(member).get(pk=case.pk), key)
    parts = urlsplit(place.url)
    page = client.get(f"{parts.path}?{parts.query}")
    assert page.status_code == 200, key
    return place, parts.fragment, page.content.decode()


def holds(client, member, case, key):
    place, fragment, html = reached(client, member, case, key)
    assert f'name="{place.field}"' in html, (key, place)
    assert f'id="{fragment}"' in html, (key, place)
    return place


@pytest.mark.parametrize("filled", [False, True])
def test_every_fact_leads_to_a_form_that_has_its_field(client, member, case, request, filled):
    if filled:
        request.getfixturevalue("full")
    sign_in(client, member)
    row, pages, lost = case_for_page(member).get(pk=case.pk), {}, []
    for key in FACTS:
        place = place_of(row, key)
        parts = urlsplit(place.url)
        if parts.path not in pages:
            answer = client.get(f"{parts.path}?{parts.query}")
            assert answer.status_code == 200, key
            pages[parts.path] = answer.content.decode()
        html = pages[parts.path]
        if f'name="{place.field}"' not in html or f'id="{parts.fragment}"' not in html:
            lost.append((key, place))
    assert not lost


def test_the_rules_that_are_delivered_ask_for_no_other_fact():
    assert {row["fact"] for row in delivered_rows()} - LIMITS <= FACTS.keys()


@pytest.mark.parametrize(
    ("key", "form", "field"),
    [
        ("liver_metastases", "parts/metastases", "liver"),
        ("brain_metastases", "parts/metastases", "brain"),
        ("driver_mutation", "parts/drivers", "EGFR"),
        ("hepatitis_b", "parts/background", "hepatitis_b"),
        ("transplant", "parts/background", "transplant"),
        ("pdl1_tps_recent", "biomarkers/add", "value"),
        ("disease_status", "sections/question", "disease_status"),
        ("irae_any", "organs", "asked"),
        ("dlco", "organs", "asked"),
    ],
)
def test_the_form_of_an_empty_record(member, case, key, form, field):
    place = place_of(case_for_page(member).get(pk=case.pk), key)
    assert urlsplit(place.url).path == at(case, form)
    assert place.field == field


def test_facts_of_an_organ_lead_to_the_dossier_of_its_event(client, member, full):
    patient = case_for_page(member).get(pk=full.pk).patient
    ensure_record(patient)
    rows = list(patient.iraes.all())
    for item in DossierItem.objects.filter(active=True).exclude(fact=""):
        place = holds(client, member, full, item.fact)
        event = next(e for e in rows if f"/iraes/{e.public_id}/dossier" in place.url)
        assert DossierItem.objects.get(code=place.field).organ == event.organ


def test_a_sample_is_begun_as_what_is_wanted(client, member, case):
    sign_in(client, member)
    _place, _fragment, html = reached(client, member, case, "pdl1_tps_recent")
    assert '<option value="pdl1_tps" selected>' in html
    assert '<option value="after" selected>' in html


def test_a_list_that_is_led_to_is_open_without_scripts(client, member, full):
    sign_in(client, member)
    place, fragment, html = reached(client, member, full, "prior_courses")
    assert place.field == COMPLETE
    section = html.split(f'id="{fragment}"')[1]
    assert section.split("<summary")[0].rstrip().endswith("open>")
    plain = client.get(reverse("cases:detail", args=[full.public_id])).content.decode()
    for key in Section.values:
        assert " open>" not in plain.split(f'id="section-{key}"')[1].split("<summary")[0]


def test_a_grade_that_is_open_leads_to_its_event(member, full):
    case = case_for_page(member).get(pk=full.pk)
    ensure_record(case.patient)
    colitis = [e for e in case.patient.iraes.all() if e.entity == "colitis"]
    assert f"/iraes/{colitis[0].public_id}#" in place_of(case, "colitis_worst_grade").url
    # The second may be the first that came back: its form asks for that.
    assert (
        f"/iraes/{colitis[1].public_id}#iraes-recurrence_of" in place_of(case, "irae_recurrent").url
    )


def test_a_fact_of_the_course_asked_about_leads_to_that_course(member, case):
    first = add_course(member, case, drugs=["pembrolizumab"], stop_reason="irae", start=on("2023"))
    second = add_course(
        member, case, drugs=["nivolumab"], stop_reason="progression", start=on("2025")
    )
    Case.objects.filter(pk=case.pk).update(course=first)
    row = case_for_page(member).get(pk=case.pk)
    for key in ("best_response", "progression_timing", "prior_ici_days"):
        assert f"/courses/{first.public_id}#" in place_of(row, key).url
    assert f"/courses/{second.public_id}#" in place_of(row, "ici_free_days").url


def test_what_an_irae_followed_leads_to_the_course_that_nobody_named(client, member, full):
    place = holds(client, member, full, "irae_after_ctla4_worst_grade")
    assert "/iraes/" in place.url and place.field == "course"
    set_acting(member)
    IrAE.objects.update(course=ICICourse.objects.get())
    ICICourse.objects.update(drugs=[], drugs_state="unknown", regimen_kind_state="missing")
    kind = holds(client, member, full, "irae_after_chemotherapy")
    assert "/courses/" in kind.url and kind.field == "regimen_kind"
