"""What a report leaves out is kept as left out: versions, times, criteria, and why a thing is not told."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import BiomarkerResult, ICICourse, IrAE, OtherTreatment, ResponseAssessment
from cases.services.history import save_irae
from evidence.conditions.facts import FactState, Widened
from tests.factories.record import make_case
from tests.integration.test_cases_pages import HTMX, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def send(client, member, case, place, typed, answer=302):
    found = sign_in(client, member).post(at(case, place), {"version": 1, **typed})
    assert found.status_code == answer, found.content.decode()
    return found.content.decode()


def page(client, case) -> str:
    return " ".join(client.get(at(case, "")).content.decode().split())


def test_a_sample_of_no_said_time_answers_neither_question(client, member, case):
    send(client, member, case, "biomarkers/add", {"measured": "pdl1_tps", "value": "60"})
    assert BiomarkerResult.objects.get().timing == ""
    for key in ("pdl1_tps_initial", "pdl1_tps_recent"):
        assert facts(case)[key].state is FactState.MISSING
    html = page(client, case)
    assert "Before or after the first ICI: not said" in html
    assert "0 samples; 1 sample of which nobody said when it was taken" in html


def test_a_response_needs_no_criteria_but_iupd_is_of_irecist(client, member, case):
    send(client, member, case, "responses/add", {"assessed": "2024", "response": "PR"})
    assert ResponseAssessment.objects.get().criteria == ""
    assert "criteria not said" in page(client, case)
    html = send(client, member, case, "responses/add", {"version": 2, "response": "iUPD"}, 422)
    assert "iUPD and iCPD are responses by iRECIST" in html


BULLOUS = {"entity": "bullous", "worst_grade": "2"}


def test_a_grade_is_kept_without_its_version_and_read_as_any_may_mean_it(client, member, case):
    html = send(client, member, case, "iraes/add", BULLOUS, 422)
    assert "by which version the grades were given, or that it is not stated" in html
    send(client, member, case, "iraes/add", {**BULLOUS, "ctcae_version": "none"})
    row = IrAE.objects.get()
    assert (row.worst_grade, row.ctcae_version) == (2, "none")
    html = page(client, case)
    assert "CTCAE version not stated" in html
    assert "worst grade 2 (CTCAE version not stated)" in html
    sign_in(client, member).post(at(case, "organs"), {"version": 2, "all": "yes"})
    found = facts(case)["skin_worst_grade"]
    # Grade 2 of blisters by 6.0 may be grade 3 by 5.0, for which the rules are written.
    assert (found.low, found.high) == (2, 5) or (found.low, found.high) == (2, 3)
    assert Widened.VERSION in found.widened


def test_the_database_holds_no_grade_without_a_word_on_its_version(client, member, case):
    send(client, member, case, "iraes/add", {**BULLOUS, "ctcae_version": "none"})
    with pytest.raises(IntegrityError), transaction.atomic():
        IrAE.objects.update(ctcae_version="")


OTHER = {"entity": "autoimmune_other", "ctcae_version": "5.0", "worst_grade": "2",
         "organ": "untold"}  # fmt: skip


def test_another_event_is_named_and_two_of_them_are_no_return(client, member, case):
    html = send(client, member, case, "iraes/add", OTHER, 422)
    assert "Which event: enter its name" in html
    gone = {"onset": "March 2023", "resolution": "resolved", "resolved": "May 2023"}
    send(client, member, case, "iraes/add", {**OTHER, **gone, "entity_text": "sarcoid-like nodes"})
    again = {**OTHER, "version": 2, "onset": "June 2024", "entity_text": "scleritis"}
    send(client, member, case, "iraes/add", again)
    assert facts(case)["irae_recurrent"].state is FactState.MISSING
    assert "Other autoimmune event: sarcoid-like nodes" in page(client, case)
    first = IrAE.objects.order_by("id")[0]
    second = IrAE.objects.order_by("id")[1]
    here = {"by": member, "case": case, "version": 3, "public_id": second.public_id}
    with acting_as(member):
        save_irae(**here, values={"recurrence_of": first})
    assert facts(case)["irae_recurrent"].value is True


def test_only_another_event_has_a_name_of_its_own(client, member, case):
    html = send(client, member, case, "iraes/add", {"entity": "colitis", "entity_text": "x y"}, 422)
    assert "only another event has a name of its own" in html


@pytest.mark.parametrize("word", ["unknown", "not yet", "not applicable"])
def test_cycles_and_line_say_why_they_are_not_told(client, member, case, word):
    send(client, member, case, "courses/add", {"cycles": word, "line": word})
    row = ICICourse.objects.get()
    state = word.replace(" ", "_")
    assert (row.cycles_low, row.cycles_state, row.line, row.line_state) == (
        None,
        state,
        None,
        state,
    )
    html = page(client, case)
    assert f"{word}: line" in html
    form = client.get(at(case, f"courses/{row.public_id}"), headers=HTMX).content.decode()
    assert f'value="{word}"' in form.split('name="cycles"')[1][:140]
    typed = {"version": 2, "cycles": "4", "line": "2"}
    assert client.post(at(case, f"courses/{row.public_id}"), typed).status_code == 302
    row.refresh_from_db()
    assert (row.cycles_low, row.cycles_state, row.line, row.line_state) == (4, "known", 2, "known")


def test_what_was_entered_before_there_was_a_state_is_known(client, member, case):
    send(client, member, case, "treatment/add", {"kind": "chemotherapy", "line": "2"})
    OtherTreatment.objects.update(line_state="missing")
    row = OtherTreatment.objects.get()
    assert "line 2" in page(client, case)
    form = client.get(at(case, f"treatment/{row.public_id}"), headers=HTMX).content.decode()
    assert 'value="2"' in form.split('name="line"')[1][:140]
    with pytest.raises(IntegrityError), transaction.atomic():
        OtherTreatment.objects.update(line_state="unknown")


@pytest.mark.parametrize(
    ("chosen", "state", "told"),
    [("none", "known", "excluded: none"), ("unknown", "unknown", "unknown: other causes"),
     ("not_yet", "not_yet", "not yet: other causes")],
)  # fmt: skip
def test_causes_excluded_may_be_none_or_not_told(client, member, case, chosen, state, told):
    send(client, member, case, "iraes/add", {"entity": "colitis", "excluded": [chosen]})
    row = IrAE.objects.get()
    assert (row.excluded, row.excluded_state) == ([], state)
    assert told in page(client, case)
    typed = {"version": 2, "entity": "colitis", "excluded": [chosen, "infection"]}
    assert client.post(at(case, f"iraes/{row.public_id}"), typed).status_code == 422


def test_other_reasons_may_be_unknown(client, member, case):
    send(client, member, case, "courses/add", {"contributing_reasons": ["unknown"]})
    row = ICICourse.objects.get()
    assert (row.contributing_reasons, row.contributing_reasons_state) == ([], "unknown")
    assert "other reasons: unknown" in page(client, case)


def test_wishes_illnesses_and_alternatives_say_why_they_are_not_told(client, member, case):
    typed = {"comorbidities": "unknown", "preference": "not yet"}
    send(client, member, case, "parts/background", typed)
    asked = {"question": "May it be given again?", "alternatives": ["unknown"]}
    send(client, member, case, "sections/question", asked)
    case.patient.background.refresh_from_db()
    row = case.patient.background
    assert (row.comorbidities, row.comorbidities_state) == ("", "unknown")
    assert (row.preference, row.preference_state) == ("", "not_yet")
    case.refresh_from_db()
    assert (case.alternatives, case.alternatives_state) == ([], "unknown")
    again = {**asked, "version": 2, "alternatives": ["none"]}
    assert client.post(at(case, "sections/question"), again).status_code == 302
    case.refresh_from_db()
    assert (case.alternatives, case.alternatives_state) == (["none"], "known")
    words = {"version": 2, "comorbidities": "diabetes", "preference": "would rather wait"}
    assert client.post(at(case, "parts/background"), words).status_code == 302
    html = page(client, case)
    assert "diabetes" in html and "would rather wait" in html


def test_a_trial_agent_is_proposed_by_its_name(client, member, case):
    typed = {"question": "May it?", "proposed_regimen": "other", "proposed_text": "agent T-123"}
    send(client, member, case, "sections/question", typed)
    html = page(client, case)
    assert "Other or trial" in html
    assert "agent T-123" in html


def test_what_goes_on_is_ongoing_and_not_inapplicable(client, member, case):
    send(client, member, case, "courses/add", {"start": "2024", "stop": "not applicable"})
    steroid = {"version": 1, "drug": "prednisolone", "start": "2024", "stop": "not applicable"}
    assert client.post(at(case, "steroids/add"), steroid).status_code == 302
    html = page(client, case)
    assert "2024 to ongoing" in html
    assert "2024 to not applicable" not in html
