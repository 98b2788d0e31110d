"""ICI courses in full: the form, what is refused, what is derived and says by which definition."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.models import CaseSection, ICICourse
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import HTMX, sign_in

pytestmark = pytest.mark.django_db

WHOLE = {
    "version": 1,
    "drug_1": "nivolumab",
    "drug_2": "ipilimumab",
    "drug_3": "pembrolizumab",
    "setting": "palliative",
    "regimen_kind": "dual_chemotherapy",
    "regimen": "carboplatin",
    "planned_days": "24 months",
    "line": "1",
    "start": "1 January 2024",
    "stop": "10 October 2024",
    "cycles": "14",
    "best_response": "PR",
    "response_criteria": "irecist",
    "stop_reason": "progression",
    "contributing_reasons": ["irae", "patient_choice"],
    "progression_timing": "on_treatment",
    "progressed": "1 October 2024",
    "progression_confirmed": "yes",
    "progression_called": "oligo",
    "new_lesions": "2",
    "growing_lesions": "0",
    "progressing_organs": "1",
    "all_treatable_locally": "yes",
    "primary_state": "stable",
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def at(case, place: str = "") -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def test_the_whole_form_is_saved_and_comes_back_as_typed(client, member, case):
    assert sign_in(client, member).post(at(case, "courses/add"), WHOLE).status_code == 302
    row = ICICourse.objects.get()
    assert row.drugs == ["nivolumab", "ipilimumab", "pembrolizumab"]
    assert (row.planned_days, row.new_lesions, row.all_treatable_locally) == (730, 2, True)
    assert (row.stop_reason, row.contributing_reasons) == (
        "progression",
        ["irae", "patient_choice"],
    )
    html = client.get(at(case, f"courses/{row.public_id}")).content.decode()
    for words in ('value="24 months"', 'value="1 October 2024"', 'value="carboplatin"'):
        assert words in html
    # All three drugs are offered again, and a fourth.
    assert [f'name="drug_{n}"' in html for n in (1, 2, 3, 4)] == [True] * 4
    assert (
        client.post(at(case, f"courses/{row.public_id}"), WHOLE | {"version": 2}).status_code == 302
    )
    again = ICICourse.objects.get()
    changed = {
        f.attname
        for f in row._meta.concrete_fields
        if getattr(row, f.attname) != getattr(again, f.attname)
    }
    assert not changed


def test_the_facts_of_the_question_come_from_the_last_course(client, member, case):
    sign_in(client, member).post(at(case, "courses/add"), WHOLE)
    found = facts(case)
    assert found["stop_reason"].value == "progression"
    assert found["progression_timing"].value == "on_treatment"
    assert found["prior_setting"].value == "palliative"
    assert found["oligoprogression"].value is True
    assert found["irae_contributed"].value is True
    assert found["resistance_sitc"].value == found["resistance_24_weeks"].value == "acquired"
    html = client.get(at(case)).content.decode()
    assert "Progression on treatment; also irAE, patient" in html
    add_course(member, case, drugs=["atezolizumab"], stop_reason="irae")
    assert facts(case)["stop_reason"].value == "irae"
    assert facts(case)["oligoprogression"].state == "missing"


def test_what_is_derived_says_its_definition_its_inputs_or_what_is_missing(client, member, case):
    sign_in(client, member).post(at(case, "courses/add"), WHOLE | {"progression_confirmed": ""})
    html = client.get(at(case)).content.decode()
    assert "The review: primary stable or in remission, one or two new lesions" in html
    assert "From: the primary stable, new lesions 2, growing lesions 0" in html
    assert "Would settle it: confirming scan (not entered)" in html
    assert "first dose to progression 9 months (274 days)" in html


def test_the_boards_definition_decides(client, member, board, case):
    four = WHOLE | {"new_lesions": "4"}
    sign_in(client, member).post(at(case, "courses/add"), four)
    assert facts(case)["oligoprogression"].value is False
    board.oligoprogression_definition = "five_lesions"
    board.save()
    row = ICICourse.objects.get()
    client.post(at(case, f"courses/{row.public_id}"), four | {"version": 2})
    assert facts(case)["oligoprogression"].value is True
    assert "At most 5 progressing lesions in 3 organs" in client.get(at(case)).content.decode()


def test_a_reports_word_alone_is_shown_as_its_word(client, member, case):
    add_course(member, case, progression_timing="on_treatment", progression_called="oligo")
    assert facts(case)["oligoprogression"].state == "missing"
    html = sign_in(client, member).get(at(case)).content.decode()
    assert "Called so by the report; its word is not counted" in html
    assert "called oligoprogression by the report" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"progression_timing": "none"}, "contradicts the rest"),
        ({"progression_timing": "after_stop"}, "yet progression was the reason for it"),
        ({"progressed": "1 December 2023"}, "before the first dose"),
        ({"progression_timing": "after_stop", "progressed": "1 May 2024"}, "before the last dose"),
        ({"stop": "1 January 2150"}, "the date is in the future"),
        ({"regimen_kind": "monotherapy"}, "yet two drugs are chosen"),
        ({"contributing_reasons": ["none", "irae"]}, "or that there was none"),
        ({"new_lesions": "1.5"}, "Enter a whole number"),
        ({"new_lesions": "0", "progressing_organs": ""}, "then what progressed?"),
        ({"progressing_organs": "7"}, "more organs than lesions"),
        ({"planned_days": "for long"}, "Enter a duration"),
        ({"drug_1": "aspirin"}, "aspirin is not one of"),
        ({"stop": "10 May 2024"}, "more than 42 days after the last dose, yet on treatment"),
        ({"stop": "10 May 2024", "progressed": "144 days after last dose"}, "yet on treatment"),
        ({"stop": "not applicable"}, "says that it is given still"),
        ({"stop_reason": "not_applicable"}, "cannot be known while the ICI has not been stopped"),
        (
            {"stop": "not applicable", "stop_reason": "", "progression_timing": "after_stop"},
            "Not after the stop",
        ),
    ],
)
def test_impossible_or_doubtful_input_is_refused_in_words(client, member, case, changes, sentence):
    answer = sign_in(client, member).post(at(case, "courses/add"), WHOLE | changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ICICourse.objects.exists()


def test_no_other_reason_is_said_and_silence_is_not_no(client, member, case):
    plain = {k: v for k, v in WHOLE.items() if k != "contributing_reasons"}
    sign_in(client, member).post(at(case, "courses/add"), plain)
    client.post(at(case, "courses/complete"), {"version": 2, "complete": "yes"})
    assert facts(case)["irae_contributed"].state == "missing"
    row = ICICourse.objects.get()
    said = plain | {"version": 3, "contributing_reasons": ["none"]}
    client.post(at(case, f"courses/{row.public_id}"), said)
    row.refresh_from_db()
    assert (row.contributing_reasons, row.contributing_reasons_state) == ([], "known")
    assert facts(case)["irae_contributed"].value is False
    html = client.get(at(case, f"courses/{row.public_id}")).content.decode()
    assert 'value="none" checked' in html


def test_a_further_drug_and_its_dose_are_offered_without_saving(client, member, case):
    sign_in(client, member)
    html = client.get(at(case, "courses/add")).content.decode()
    assert 'name="drug_3"' not in html
    typed = {
        "version": 1,
        "drug_1": "pembrolizumab",
        "drug_2": "ipilimumab",
        "reshape": "1",
        "start": "2024",
    }
    for headers in ({}, HTMX):
        html = client.post(at(case, "courses/add"), typed, headers=headers).content.decode()
        assert 'name="drug_3"' in html
        assert "200 mg every 3 weeks or 400 mg every 6 weeks" in html
        assert "L01FF02" in html
        assert "general knowledge" in html
        assert 'value="2024"' in html
    assert CaseSection.objects.get(case=case, key="courses").version == 1


def test_what_is_told_of_a_progression_is_never_out_of_sight(client, member, case):
    told, plain = "app-follow--progression app-follow--told", "app-follow--progression"
    sign_in(client, member)
    html = client.get(at(case, "courses/add")).content.decode()
    assert plain in html
    assert told not in html
    row = add_course(member, case, drugs=["nivolumab"], new_lesions=1)
    assert told in client.get(at(case, f"courses/{row.public_id}")).content.decode()


def test_cases_are_listed_by_why_the_ici_was_stopped(client, member, board, case):
    add_course(member, case, stop_reason="completed")
    other = make_case(member, board)
    add_course(member, other, stop_reason="irae")
    sign_in(client, member)
    html = client.get(f"{reverse('cases:list')}?stopped=completed").content.decode()
    assert case.reference in html
    assert other.reference not in html
    assert client.get(f"{reverse('cases:list')}?stopped=nonsense").status_code == 404


def test_the_trail_of_changes_tells_the_course_in_words(client, member, case):
    sign_in(client, member).post(at(case, "courses/add"), WHOLE)
    html = client.get(at(case, "changes")).content.decode()
    assert "The report calls it: Oligoprogression" in html
    assert "Other reasons: Immune-related adverse event" in html
