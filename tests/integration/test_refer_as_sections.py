"""What the forms of the sections refuse or question, the referral refuses and questions: once, beside its field."""

from __future__ import annotations

import re

import pytest

from cases.models import Case, ICICourse, IrAE, SteroidCourse
from tests.integration.test_cases_iraes import WRONG as WRONG_IRAES
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL, typed
from tests.integration.test_cases_steroids import WRONG as WRONG_STEROIDS

pytestmark = pytest.mark.django_db
# Fields of a section's form -> those of the referral that ask the same.
RENAMED = {
    "now_mg_per_day": "steroid",
    "drug": "steroid_drug",
    "purpose": "steroid_purpose",
    "peak_mg_per_day": "steroid_peak",
}
# What the short form does not ask cannot be wrong in it.
NOT_ASKED = {"resolved", "sequelae_text", "dose_from_3", "dose_mg_3", "stop", "now_on"}


def asked(rows, **renamed):
    """Return the wrong rows of a section of which the referral asks every field."""
    found = [
        ({renamed.get(n, n): v for n, v in wrong.items() if v != ""}, words)
        for wrong, words in rows
        if not NOT_ASKED & {n for n, v in wrong.items() if v != ""} or "onset" in wrong
    ]
    return [pytest.param(*row, id=row[1][:40]) for row in found if row[0]]


OF_SECTIONS = [
    *asked(WRONG_IRAES),
    *asked([row for row in WRONG_STEROIDS if "dose_from_1" not in row[0]], **RENAMED),
]
FURTHER = [
    # Beside which field, what is told, and the words.
    ("onset_grade", {"worst_grade": "2", "onset_grade": "4"}, "cannot be above the worst grade"),
    (
        "ctcae_version",
        {"worst_grade": "", "grade_now": "", "onset_grade": "2", "ctcae_version": ""},
        "say by which version the grades were given",
    ),
    (
        "onset_grade",
        {"entity": "arthritis", "onset_grade": "5"},
        "Arthritis has grades 1 to 3 in CTCAE 5.0",
    ),
    (
        "onset_grade",
        {"entity": "arthritis", "worst_grade": "unknown", "onset_grade": "4"},
        "Arthritis has grades 1 to 3 in CTCAE 5.0",
    ),
    ("onset", {"onset": "after cycle 20"}, "course 1 had no cycle 20"),
    ("onset", {"onset": "after cycle 20 of course 1"}, "course 1 had no cycle 20"),
    (
        "progression_timing",
        {"stop_reason": "progression", "progression_timing": "none"},
        "contradicts the rest",
    ),
    (
        "progression_timing",
        {"contributing_reasons": ["progression"], "progression_timing": "none"},
        "contradicts the rest",
    ),
    (
        "progression_timing",
        {"best_response": "PD", "progression_timing": "none"},
        "contradicts the rest",
    ),
    ("steroid_peak", {"steroid": "60", "steroid_peak": "10"}, "Peak: it cannot be below the dose"),
    ("steroid", {"steroid": "2001"}, "less than or equal to 2000"),
]
QUESTIONED = [
    ("onset", {"onset": "20 February 2023"}, "before the first dose (10 April 2024)"),
    ("onset", {"onset": "3 days before ICI start"}, "before the first dose (10 April 2024)"),
    ("steroid_peak", {"steroid_peak": "1999"}, "1999 mg of prednisolone a day: is it right?"),
    ("steroid", {"steroid": "300", "steroid_peak": ""}, "300 mg of prednisolone a day"),
    (
        "steroid_purpose",
        {"steroid": "40", "steroid_purpose": "adrenal_replacement"},
        "more than that and counts as a dose",
    ),
    ("proposed_drug_1", {"proposed_drug_1": "ipilimumab"}, "is not “Same agent”"),
    ("proposed_drug_1", {"proposed_regimen": "other_agent_same_target"}, "is not “Other agent"),
    ("proposed_drug_1", {"proposed_regimen": "switch_pd1_pdl1"}, "is not “Switch between"),
    ("proposed_drug_1", {"proposed_regimen": "pd_ctla4_combination"}, "is not “PD-(L)1 with"),
    ("proposed_drug_1", {"proposed_regimen": "bispecific"}, "is not “Bispecific"),
    (
        "proposed_drug_1",
        {"proposed_regimen": "bispecific", "drug_1": ""},
        "Pembrolizumab is not “Bispecific",
    ),
]


def refused(answer) -> str:
    html = answer.content.decode()
    assert answer.status_code == 422, html[:200]
    assert not (Case.objects.exists() or IrAE.objects.exists() or ICICourse.objects.exists())
    assert not SteroidCourse.objects.exists()
    return html


def kept(html: str, told: dict) -> None:
    """Everything typed stands in its field still."""
    for name, value in told.items():
        for one in [value] if isinstance(value, str) else value:
            parts = re.findall(rf'<(?:input|option|select)[^>]*"{re.escape(one)}"[^>]*>', html)
            assert any("value=" in part for part in parts) or not one, name


@pytest.mark.parametrize(("told", "words"), OF_SECTIONS)
def test_the_wrong_rows_of_the_sections_are_wrong_in_a_referral(client, member, board, told, words):
    html = refused(sign_in(client, member).post(URL, typed(board, **told)))
    assert words in html
    kept(html, told)


@pytest.mark.parametrize(("field", "told", "words"), FURTHER)
def test_what_cannot_be_is_refused_beside_its_field(client, member, board, field, told, words):
    html = refused(sign_in(client, member).post(URL, typed(board, **told)))
    assert words in html and f'id="id_{field}-error"' in html
    kept(html, told)


@pytest.mark.parametrize(("field", "told", "words"), QUESTIONED)
def test_what_can_hardly_be_is_questioned_once(client, member, board, field, told, words):
    fields = typed(board, **told)
    html = refused(sign_in(client, member).post(URL, fields))
    assert words in html and f'id="id_{field}-error"' in html
    kept(html, told)
    sign = re.search(r'name="right" value="([0-9a-f]{16})"', html)[1]
    assert client.post(URL, {**fields, "right": sign}).status_code == 302


@pytest.mark.parametrize(
    "told",
    [
        {"proposed_regimen": "switch_pd1_pdl1", "proposed_drug_1": "durvalumab"},
        {"proposed_regimen": "other_agent_same_target", "proposed_drug_1": "nivolumab"},
        {"proposed_regimen": "same_agent", "proposed_drug_1": "ipilimumab", "drug_1": ""},
        {"proposed_regimen": "undecided", "proposed_drug_1": "ipilimumab"},
        {"proposed_regimen": "other", "proposed_drug_1": "ipilimumab"},
        {"steroid": "0.75", "steroid_drug": "dexamethasone", "steroid_peak": ""},
        {
            "steroid": "",
            "steroid_state": "unknown",
            "steroid_peak": "unknown",
            "steroid_purpose": "not_yet",
        },
        {"onset": "after cycle 14"},
    ],
)
def test_what_may_well_be_is_taken_without_a_question(client, member, board, told):
    answer = sign_in(client, member).post(URL, typed(board, **told))
    assert answer.status_code == 302, re.findall("error-message.*", answer.content.decode())


def test_a_tablet_of_two_decimals_is_kept_as_it_is(client, member, board):
    told = {"steroid": "0,75", "steroid_drug": "dexamethasone", "steroid_peak": ""}
    assert sign_in(client, member).post(URL, typed(board, **told)).status_code == 302
    assert str(SteroidCourse.objects.get().now_mg_per_day) == "0.75"
