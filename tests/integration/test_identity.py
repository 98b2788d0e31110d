"""Who the patient is: numbers that are one patient's, the form, its lock and history, and a death."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from audit.models import TrailEntry
from cases.changelog import saves_of
from cases.duplicates import alike
from cases.models import CaseSection, Patient, PatientIdentity
from cases.services import identity
from cases.services.identity import NumberTaken, holding_number, save_identity
from cases.services.patients import Identity, register_patient
from followup.models import Check, MonitoringPlan, Notice, Reminder
from followup.policies import PatientHasDied
from followup.services import open_plan
from tests.factories.monitoring import make_plan
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case, make_patient
from tests.integration.test_cases_refer import sign_in, typed
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


def version(case) -> int:
    return CaseSection.objects.get(case=case, key="patient").version


def save(by, case, **values):
    return save_identity(by=by, case=case, version=version(case), values=values)


def fields(case, **changes):
    row = PatientIdentity.objects.get(patient=case.patient_id)
    return {
        "family_name": row.family_name,
        "given_name": row.given_name,
        "hospital_number": row.hospital_number,
        "birth_date": "",
        "sex": "female",
        "national_number": "",
        "died": "",
        "version": str(version(case)),
        **changes,
    }


def url(case):
    return reverse("cases:section", args=[case.public_id, "patient"])


def test_a_number_is_one_patients_within_the_hospital(member, board):
    register_patient(by=member, board=board, identity=Identity("Ward", "Ann", "A 12b"))
    with pytest.raises(NumberTaken):
        register_patient(by=member, board=board, identity=Identity("Other", "Bea", "a12B"))
    assert Patient.objects.count() == 1
    # Another hospital counts for itself.
    elsewhere = make_board()
    elsewhere.hospital = "Elsewhere"
    elsewhere.save()
    both = make_user("member", elsewhere)
    with acting_as(both):
        register_patient(by=both, board=elsewhere, identity=Identity("Other", "Bea", "A12B"))


def test_the_database_holds_it_too(member, board):
    one, other = make_patient(member, board), make_patient(member, board)
    number = PatientIdentity.objects.get(patient=one).hospital_number
    rows = PatientIdentity.objects.filter(patient=other)
    with pytest.raises(IntegrityError, match="hospital_number_is_unique"), transaction.atomic():
        rows.update(hospital_number=f" {number.lower()} ".replace(" ", "  "))
    rows.update(hospital_number=number, holds_number=False)


def test_a_number_of_somebody_unseen_is_refused_without_a_word_about_them(
    client, member, board, stranger, other_board
):
    patient = make_patient(stranger, other_board, family_name="Hiddenname")
    with acting_as(stranger):
        number = PatientIdentity.objects.get(patient=patient).hospital_number
    case = make_case(member, board)
    client = sign_in(client, member)
    for answer in (
        client.post(url(case), fields(case, hospital_number=number)),
        client.post(reverse("cases:refer"), typed(board, hospital_number=number)),
    ):
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "cannot be entered here" in html
        assert "ask the coordinator" in html
        assert "Hiddenname" not in html
        assert "already here" not in html
        assert str(patient.public_id) not in html
    refused = TrailEntry.objects.filter(kind="patient.number_refused")
    assert [(e.patient_id, e.detail) for e in refused] == [(None, {})] * 2
    assert Patient.objects.visible_to(member).count() == 1


def test_what_was_typed_is_saved_and_told_in_the_history(client, member, board):
    case = make_case(member, board)
    answer = sign_in(client, member).post(
        url(case),
        fields(
            case,
            family_name="Sample",
            given_name="Margaret",
            birth_date="12 May 1962",
            national_number="943 476 5919",
            hospital_number=" 0047  2213 ",
        ),
    )
    assert answer.status_code == 302
    row = PatientIdentity.objects.get(patient=case.patient_id)
    assert (row.family_name, row.birth_date, row.hospital_number) == (
        "Sample", date(1962, 5, 12), "0047 2213",
    )  # fmt: skip
    assert (row.national_scheme, row.national_number) == ("nhs", "9434765919")
    case.facts.refresh_from_db()
    assert case.facts.age_state == "known"
    told = {(c.label, c.new) for s in saves_of(case)[0] for c in s.changes if c.old}
    assert ("Family name", "Sample") in told
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "943 476 5919" in page


def test_a_wrong_check_digit_is_refused_in_words_and_kept(client, member, board):
    case = make_case(member, board)
    html = sign_in(client, member).post(url(case), fields(case, national_number="943 476 5918"))
    assert html.status_code == 422
    assert "last digit does not fit" in html.content.decode()
    assert "943 476 5918" in html.content.decode()


def test_a_second_editor_is_told_who_changed_what(client, member, board, coordinator):
    case = make_case(member, board)
    stale = fields(case, family_name="Mine")
    with acting_as(coordinator):
        save(coordinator, case, family_name="Theirs")
    answer = sign_in(client, member).post(url(case), stale)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert coordinator.name in html
    assert "Theirs" in html
    assert "Mine" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"died": "1950"}, "before the date of birth"),
        ({"died": "2199"}, "in the future"),
        ({"birth_date": "1 January 2199"}, "in the future"),
    ],
)
def test_what_cannot_be_is_refused(client, member, board, changes, sentence):
    case = make_case(member, board)
    sent = fields(case, **{"birth_date": "12 May 1962", **changes})
    answer = sign_in(client, member).post(url(case), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_service_and_the_database_refuse_it_too(member, board):
    case = make_case(member, board)
    save(member, case, birth_date=date(1962, 5, 12))
    with pytest.raises(ValidationError, match="before"):
        save(member, case, died=parse_partial_date("1950"))
    with pytest.raises(ValidationError, match="future"):
        save(member, case, died=parse_partial_date("2199"))
    with pytest.raises(ValidationError, match="future"):
        save(member, case, birth_date=date(2199, 1, 1))
    with pytest.raises(IntegrityError, match="nobody_dies"), transaction.atomic():
        PatientIdentity.objects.update(
            died_earliest=date(1950, 1, 1),
            died_latest=date(1950, 1, 1),
            died_precision="day",
            died_state="known",
        )


def test_a_death_is_said_on_the_page_as_far_as_it_is_known(client, member, board):
    case = make_case(member, board)
    client = sign_in(client, member)
    client.post(url(case), fields(case, died="March 2025", birth_date="12 May 1962"))
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "died March 2025" in page
    client.post(url(case), fields(case, died="3 March 2025", birth_date="12 May 1962"))
    page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "died on 3 March 2025" in page
    assert TrailEntry.objects.filter(kind="patient.died").count() == 1
    client.post(url(case), fields(case, died=""))
    assert TrailEntry.objects.filter(kind="patient.death_taken_back").count() == 1


def test_a_death_closes_the_plan_and_says_so(board, member, nurse, coordinator):
    plan = make_plan(nurse, board)
    case = plan.case
    set_acting(nurse)
    check = plan.checks.filter(state="waiting").first()
    Check.objects.filter(pk=check.pk).update(assignee=nurse)
    now = timezone.now()
    reminder = Reminder.objects.create(
        safety_check=check,
        recipient=nurse,
        kind="due",
        patient_id=case.patient_id,
        due_on=now.date(),
        due_at=now,
        next_attempt_at=now + timedelta(days=1),
    )
    set_acting(member)
    save(member, case, died=parse_partial_date("2025"))
    plan = MonitoringPlan.objects.get(pk=plan.pk)
    assert (plan.state, plan.close_reason) == ("closed", "died")
    assert set(plan.checks.values_list("state", flat=True)) <= {"cancelled", "done", "missed"}
    entry = TrailEntry.objects.get(kind="plan.closed")
    assert (entry.actor_id, entry.detail) == (member.pk, {"reason": "died"})
    # The reminder stands; the sweep finds it no longer needed.
    assert Reminder.objects.get(pk=reminder.pk).safety_check.state == "cancelled"
    for person in (nurse, coordinator):
        with acting_as(person):
            assert Notice.objects.filter(user=person, kind="died").count() == 1
    with pytest.raises(PatientHasDied):
        open_plan(
            by=make_acting_chair(board),
            case=case,
            regimen_label="x",
            decision_ref=plan.public_id,
            dose_interval_days=21,
        )


def make_acting_chair(board):
    chair = make_user("chair", board)
    set_acting(chair)
    return chair


@pytest.mark.parametrize(
    "changes",
    [
        {"hospital_number": "X 99"},
        {"national": "9434765919"},
        {"family_name": "Sampel"},
        {"family_name": "SAMPLE", "given_name": "Margret"},
        {"family_name": "Margaret", "given_name": "Sample"},
        {"birth_date": date(1962, 6, 5)},
        {"birth_date": None},
    ],
)
def test_records_that_are_alike_are_found(member, board, changes):
    known = Identity("Sample", "Margaret", "x99", date(1962, 5, 6), "nhs", "9434765919")
    patient = register_patient(by=member, board=board, identity=known)
    nobody = {"hospital_number": "", "family_name": "", "given_name": "", "birth_date": None}
    typed_in = {
        **nobody, "family_name": "Sample", "given_name": "Margaret",
        "birth_date": date(1962, 5, 6), **changes,
    }  # fmt: skip
    if "hospital_number" in changes:
        typed_in = {**nobody, **changes}
    if "national" in changes:
        typed_in = {**nobody, "national_scheme": "nhs", "national_number": changes["national"]}
    assert [i.patient for i in alike(member, board, **typed_in)] == [patient]


@pytest.mark.parametrize(
    "born",
    [date(1962, 5, 7), date(1962, 5, 16), date(1962, 4, 6), date(1963, 5, 6), date(1952, 5, 6)],
)
def test_nearly_the_same_name_with_a_birth_date_one_off_is_found(member, board, born):
    known = Identity("Sample", "Margaret", "x99", date(1962, 5, 6))
    patient = register_patient(by=member, board=board, identity=known)
    typed_in = {"hospital_number": "", "given_name": "Margaret"}
    for family in ("Sample", "Sampple"):
        found = alike(member, board, **typed_in, family_name=family, birth_date=born)
        assert [i.patient for i in found] == [patient]


def test_the_ends_of_months_and_years_are_one_day_apart(member, board):
    known = Identity("Sample", "Margaret", "x99", date(1962, 12, 31))
    patient = register_patient(by=member, board=board, identity=known)
    typed_in = {"hospital_number": "", "family_name": "Sample", "given_name": "Margaret"}
    found = alike(member, board, **typed_in, birth_date=date(1963, 1, 1))
    assert [i.patient for i in found] == [patient]
    # 30 February is no day, and 29 February has one in every fourth year alone.
    for born in (date(1964, 2, 29), date(2000, 2, 29)):
        assert alike(member, board, **typed_in, birth_date=born) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": date(1971, 5, 6)},
        {"birth_date": date(1962, 6, 7)},
        {"birth_date": date(1963, 5, 6), "given_name": "Peter"},
        {"family_name": "Oakley", "given_name": "Peter"},
        {"family_name": "", "given_name": ""},
        {"family_name": "%", "given_name": "%", "birth_date": None},
    ],
)
def test_records_that_are_not_alike_are_not(member, board, changes):
    known = Identity("Sample", "Margaret", "x99", date(1962, 5, 6))
    register_patient(by=member, board=board, identity=known)
    typed_in = {
        "hospital_number": "", "family_name": "Sample", "given_name": "Margaret",
        "birth_date": date(1962, 5, 6), **changes,
    }  # fmt: skip
    assert alike(member, board, **typed_in) == []


def test_nobody_of_another_board_is_found(member, board, stranger, other_board):
    known = Identity("Sample", "Margaret", "x99", date(1962, 5, 6))
    with acting_as(stranger):
        register_patient(by=stranger, board=other_board, identity=known)
    typed_in = {
        "hospital_number": "x99", "family_name": "Sample", "given_name": "Margaret",
        "birth_date": date(1962, 5, 6),
    }  # fmt: skip
    assert alike(member, board, **typed_in) == []
    # Not even through the other board's key.
    assert alike(member, other_board, **typed_in) == []


def test_what_else_the_database_refuses_is_not_taken_for_a_number(member, board):
    case = make_case(member, board)
    rows = PatientIdentity.objects.filter(patient=case.patient_id)
    with acting_as(member), pytest.raises(IntegrityError), holding_number():
        rows.update(family_name=None)


def test_what_ends_with_a_death_ends_once_however_often_it_is_registered(
    member, board, monkeypatch
):
    monkeypatch.setattr(identity, "_endings", [])
    ended = []

    def ending(*, by, patient):
        ended.append((by, patient.pk))

    identity.ends_with_a_death(ending)
    identity.ends_with_a_death(ending)
    case = make_case(member, board)
    with acting_as(member):
        save(member, case, died=parse_partial_date("March 2025"))
    assert ended == [(member, case.patient_id)]
