"""Section saves: facts follow the record, versions lock, the trail and the history are written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from audit.models import TrailEntry
from cases.models import CaseSection, IrAE, Section
from cases.services.history import (
    remove,
    save_background,
    save_course,
    save_fitness,
    save_irae,
    save_question,
    set_complete,
)
from cases.services.iraes import review_all_organs
from cases.services.sections import StaleSection
from cases.services.steroids import save_steroid
from cases.services.tumour import save_biomarker, save_tumour
from evidence.conditions.facts import FactState
from tests.factories.people import make_user
from tests.factories.record import make_case
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db

PNEUMONITIS = {
    "organ": "lung",
    "entity": "pneumonitis",
    "ctcae_version": "5.0",
    "worst_grade": 3,
    "worst_grade_state": "known",
    "grade_now": 0,
    "grade_now_state": "known",
    "resolution": "resolved",
    "resolution_state": "known",
}


@pytest.fixture
def case(member, board):
    return make_case(member, board)


def facts(case):
    case.refresh_from_db()
    return type(case.facts).objects.get(case=case).as_facts()


def test_new_case_knows_only_its_question(member, board):
    case = make_case(member, board, disease_status="slow", disease_status_state="known")
    known = {key for key, fact in facts(case).items() if fact.state is FactState.KNOWN}
    assert known == {"disease_status"}


def test_irae_reaches_the_facts_and_no_list_says_none_before_it_is_complete(case, member):
    save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
    found = facts(case)
    assert (found["pneumonitis_worst_grade"].low, found["pneumonitis_worst_grade"].high) == (3, 5)
    assert found["colitis_worst_grade"].state is FactState.MISSING
    review_all_organs(by=member, case=case, version=2)
    found = facts(case)
    assert (found["pneumonitis_worst_grade"].low, found["pneumonitis_worst_grade"].high) == (3, 3)
    assert found["colitis_worst_grade"].high == 0
    assert found["myocarditis_any"].value is False
    assert found["irae_grade_now"].high == 0


def test_course_dates_known_to_the_month_become_an_interval(case, member):
    values = {
        "drugs": ["pembrolizumab"],
        "drugs_state": "known",
        "start": parse_partial_date("April 2024"),
        "stop": parse_partial_date("29 January 2025"),
    }
    save_course(by=member, case=case, version=1, values=values)
    found = facts(case)["prior_ici_days"]
    assert found.low == (date(2025, 1, 29) - date(2024, 4, 30)).days
    assert found.high == (date(2025, 1, 29) - date(2024, 4, 1)).days
    assert facts(case)["prior_includes_pd1_pdl1"].value is True
    assert facts(case)["prior_includes_ctla4"].state is FactState.MISSING


def test_replacement_never_counts_as_a_steroid_dose(case, member):
    dose = {"drug_state": "known", "now_mg_per_day_state": "known"}
    save_steroid(
        by=member,
        case=case,
        version=1,
        values={
            "drug": "hydrocortisone",
            "now_mg_per_day": 20,
            "indication": "adrenal_replacement",
            "indication_state": "known",
            **dose,
        },
    )
    set_complete(by=member, case=case, version=2, key=Section.STEROIDS, complete=True)
    assert facts(case)["steroid_now"].high == 0
    save_steroid(
        by=member,
        case=case,
        version=3,
        values={
            "drug": "methylprednisolone",
            "now_mg_per_day": 8,
            "indication": "brain_metastases",
            "indication_state": "known",
            **dose,
        },
    )
    assert facts(case)["steroid_now"].high == 10


def test_tumour_biomarkers_and_fitness(case, member):
    save_tumour(
        by=member,
        case=case,
        version=1,
        values={"histology": "squamous", "histology_state": "known"},
    )
    save_biomarker(
        by=member,
        case=case,
        version=2,
        values={"kind": "pdl1_tps", "timing": "before", "low": 60, "high": 60, "state": "known"},
    )
    save_fitness(
        by=member,
        case=case,
        version=1,
        status={"ecog": 1, "ecog_state": "known"},
    )
    save_background(by=member, case=case, version=2, values={"autoimmune_disease_state": "unknown"})
    found = facts(case)
    assert found["histology"].value == "squamous"
    assert found["pdl1_tps_initial"].low == 60
    assert found["ecog"].low == 1
    assert found["autoimmune_disease"].state is FactState.UNKNOWN


def test_second_save_from_the_same_version_is_refused_and_writes_nothing(case, member, chair):
    save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
    with pytest.raises(StaleSection) as caught:
        save_irae(by=member, case=case, version=1, values={**PNEUMONITIS, "worst_grade": 4})
    assert caught.value.section.changed_by == member
    assert IrAE.objects.count() == 1
    assert CaseSection.objects.get(case=case, key=Section.IRAES).version == 2
    # Another section is untouched by that.
    save_question(by=member, case=case, version=1, values={"question": "Changed?"})


def test_value_without_known_state_is_refused_by_the_database(case, member):
    with pytest.raises(IntegrityError, match="worst_grade_known_iff"), transaction.atomic():
        save_irae(
            by=member, case=case, version=1, values={**PNEUMONITIS, "worst_grade_state": "unknown"}
        )


def test_removed_item_stays_in_the_history(case, member):
    row = save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
    remove(by=member, case=case, version=2, key=Section.IRAES, public_id=row.public_id)
    assert not IrAE.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, worst_grade FROM cases_iraeevent ORDER BY pgh_id")
        assert cursor.fetchall() == [("insert", 3), ("delete", 3)]


def test_reader_may_not_edit(case, board):
    registry = make_user("registry", board)
    with pytest.raises(PermissionDenied, match="Member, Chair"):
        save_question(by=registry, case=case, version=1, values={"question": "?"})


def test_trail_names_the_section_and_nothing_of_the_patient(case, member):
    save_irae(by=member, case=case, version=1, values=PNEUMONITIS)
    entry = TrailEntry.objects.filter(kind="case.section_saved").get()
    assert entry.detail == {"section": "iraes", "version": 2}
    assert entry.patient_id == case.patient_id


def test_unknown_field_is_an_error(case, member):
    with pytest.raises(AttributeError, match="no colour"):
        save_question(by=member, case=case, version=1, values={"colour": "red"})


def test_days_since_the_last_dose_go_on_counting_after_the_last_save(case, member):
    values = {
        "drugs": ["pembrolizumab"],
        "drugs_state": "known",
        "stop": parse_partial_date("1 March 2026"),
    }
    save_course(by=member, case=case, version=1, values=values)
    row = type(case.facts).objects.get(case=case)
    on_the_day = row.as_facts(row.as_of)["ici_free_days"]
    later = row.as_facts(row.as_of + timedelta(days=35))["ici_free_days"]
    assert later.low == on_the_day.low + 35


def test_only_endocrine_events_are_controlled_on_replacement(case, member):
    with pytest.raises(IntegrityError, match="only_endocrine"), transaction.atomic():
        save_irae(
            by=member, case=case, version=1, values={**PNEUMONITIS, "resolution": "on_replacement"}
        )
