"""Who may erase a patient, what stands in the way, and that nothing comes back or is weakened by it."""

from __future__ import annotations

import io
from copy import deepcopy
from uuid import uuid4

import pypdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as, set_acting
from accounts.permissions import PERMISSIONS
from audit.models import TrailEntry
from cases.models import (
    Case,
    DossierEntry,
    DossierItem,
    Draft,
    IrAE,
    LabResult,
    PatientErasure,
    PatientIdentity,
    Report,
    SavedFilter,
    SavedSearch,
)
from cases.policies import PatientIsErased
from cases.services.drafts import save_draft
from cases.services.lifecycle import Question, move_case, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.searches import save_search
from cases.states import CaseState
from followup.models import Check
from followup.services.protocols import load_protocols
from meetings.models import Decision, Erasure, Letter
from meetings.services.erasure import erase_patient, obstacles
from meetings.snapshot import commitment
from meetings.verification import faults
from tests.factories.marked import MARK, Marked, make_marked, put_report_in_place
from tests.factories.meetings import make_item, make_meeting, run_sql
from tests.factories.monitoring import make_plan
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case


@pytest.fixture(scope="module")
def made(once) -> Marked:
    return once(lambda: make_marked(make_board()))


@pytest.fixture
def marked(made, db) -> Marked:
    """A patient about whom nothing is open, as first made; the chair acts."""
    found = deepcopy(made)
    put_report_in_place()
    set_acting(found.people["chair"])
    return found


def erase(marked: Marked, by: str = "chair") -> bool:
    return erase_patient(by=marked.people[by], patient=marked.patient, reason="request")


@pytest.mark.django_db
def test_the_chair_erases_once_and_the_cases_are_closed(marked):
    assert erase(marked) is True
    assert {c.state for c in Case.objects.all()} == {CaseState.CLOSED}
    erasure = PatientErasure.objects.get()
    assert (erasure.by, erasure.reason) == (marked.people["chair"], "request")
    before = TrailEntry.objects.count()
    assert erase(marked) is False
    assert TrailEntry.objects.count() == before
    entry = TrailEntry.objects.get(kind="patient.erased")
    assert (entry.patient_id, entry.subject_id) == (marked.patient.pk, marked.patient.pk)
    assert entry.detail == {"reason": "request", "cases": 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", sorted({"member", "coordinator", "nurse", "registry", "administrator", "curator"})
)
def test_other_roles_may_not(marked, role):
    assert role not in PERMISSIONS["patient.erase"]
    with acting_as(marked.people[role]):
        with pytest.raises(PermissionDenied):
            erase(marked, role)
        # And the database does not take the service's word for it.
        with pytest.raises(DatabaseError, match="may not erase"), transaction.atomic():
            run_sql("SELECT rechallenge_erase_patient(%s, 'request')", marked.patient.pk)
    assert not PatientErasure.objects.exists()


@pytest.mark.django_db
def test_a_chair_of_another_board_may_not_nor_one_who_left(marked, other_board):
    foreign = make_user("chair", other_board)
    gone = make_user("chair", marked.board)
    gone.memberships.update(active=False)
    for user in (foreign, gone, None):
        with (
            acting_as(user),
            pytest.raises(DatabaseError, match="may not erase"),
            transaction.atomic(),
        ):
            run_sql("SELECT rechallenge_erase_patient(%s, 'request')", marked.patient.pk)
    with acting_as(foreign), pytest.raises(PermissionDenied):
        erase_patient(by=foreign, patient=marked.patient, reason="request")


@pytest.mark.django_db
def test_the_reason_is_one_of_the_list_and_says_nothing_else(marked):
    with pytest.raises(DatabaseError), transaction.atomic():
        erase_patient(by=marked.people["chair"], patient=marked.patient, reason="Mrs Smith asked")


@pytest.mark.django_db
def test_seals_still_verify_and_say_what_was_erased(marked):
    chair = marked.people["chair"]
    erase(marked)
    decision = Decision.objects.get(pk=marked.decision.pk)
    assert (decision.rationale, decision.patient_preference, decision.salt) == (None, None, None)
    assert decision.snapshot_sha256 == marked.decision.snapshot_sha256
    letter = Letter.objects.get(decision=decision)
    assert letter.pdf is None and len(letter.sha256) == 64
    assert Erasure.objects.get().by == chair
    assert faults() == []


@pytest.mark.django_db
def test_the_hash_of_an_erased_letter_cannot_be_guessed_back(marked):
    """Who knows everything but the name could try names, were there no secret in the letter's bytes."""
    secret = commitment(marked.decision.salt, "letter", "")
    letter = Letter.objects.get(decision=marked.decision)
    assert pypdf.PdfReader(io.BytesIO(bytes(letter.pdf))).metadata["/Keywords"] == secret
    erase(marked)
    decision = Decision.objects.get(pk=marked.decision.pk)
    assert decision.salt is None and secret not in decision.snapshot


REFUSED = "permission denied|frozen|was erased"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO cases_patienterasure (patient_id, by_id, reason)"
        " SELECT id, {by}, 'request' FROM cases_patient",
        "INSERT INTO meetings_erasure (patient_id, decision_id, by_id, at)"
        " SELECT patient_id, id, {by}, now() FROM meetings_decision WHERE state = 'signed'",
        "UPDATE meetings_letter SET pdf = NULL",
        "UPDATE meetings_decision SET rationale = NULL, patient_preference = NULL, salt = NULL"
        " WHERE state = 'signed'",
        "UPDATE cases_patientidentityevent SET family_name = ''",
    ],
)
def test_the_web_cannot_take_a_step_of_an_erasure_by_itself(marked, sql):
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run_sql(sql.format(by=marked.people["chair"].pk))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM cases_patienterasure",
        "UPDATE cases_patienterasure SET reason = 'mistake'",
        "UPDATE cases_patientidentity SET family_name = 'Smith'",
        "UPDATE cases_patientidentity SET birth_date = '1961-02-03'",
        "WITH gone AS (DELETE FROM cases_patientidentity RETURNING *) INSERT INTO cases_patientidentity"
        " (patient_id, family_name, given_name, hospital_number) SELECT patient_id, 'S', 'M', '1' FROM gone",
        "UPDATE cases_case SET question = 'About Mrs Smith'",
        "UPDATE cases_tumour SET stage_text = 'Smith'",
        "UPDATE cases_irae SET onset_anchor = 'Smith'",
        'UPDATE followup_monitoringplan SET conditions = \'[{"text": "Smith"}]\'',
        'UPDATE followup_check SET "values" = \'{"crp": "Smith"}\'',
        "UPDATE meetings_decision SET rationale = 'Smith'",
    ],
)
def test_no_text_about_an_erased_patient_is_taken_again(marked, sql):
    erase(marked)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run_sql(sql)


@pytest.mark.django_db
def test_codes_of_an_erased_patient_can_be_written_and_others_texts_too(marked):
    """The control: what is refused above is refused because of the text, and of that patient."""
    other = make_case(marked.people["member"], marked.board)
    erase(marked)
    assert run_sql("UPDATE cases_tumour SET tnm_edition = '8'") == 2
    other_patient = f"patient_id = {other.patient_id}"
    assert run_sql(f"UPDATE cases_case SET question = 'Mrs Jones' WHERE {other_patient}") == 1
    assert PatientIdentity.objects.get(patient=other.patient_id).family_name
    assert not PatientIdentity.objects.get(patient=marked.patient).family_name


@pytest.mark.django_db
def test_the_erased_patient_gets_no_new_case_and_none_back(marked):
    erase(marked)
    member, coordinator = marked.people["member"], marked.people["coordinator"]
    with acting_as(member), pytest.raises(PatientIsErased):
        refer_case(by=member, board=marked.board, patient=marked.patient, question=Question("?"))
    with acting_as(coordinator), pytest.raises(PatientIsErased):
        move_case(by=coordinator, case=marked.case, to=CaseState.RETURNED, reason="new_irae")


@pytest.mark.django_db
def test_nobody_is_erased_on_the_way_to_a_meeting_or_while_watched(chair, board, member):
    load_protocols()
    listed = make_item(chair, make_meeting(chair, board)).case
    watched = make_plan(chair, board, dosed=1).case
    set_acting(chair)
    for case, words in ((listed, "off the agenda"), (watched, "close the plan")):
        with pytest.raises(ValidationError, match=words):
            erase_patient(by=chair, patient=case.patient, reason="request")
    with pytest.raises(DatabaseError, match="plan is open"), transaction.atomic():
        run_sql("SELECT rechallenge_erase_patient(%s, 'request')", watched.patient_id)
    assert not PatientErasure.objects.exists()
    assert obstacles(chair, make_case(member, board).patient) == []


@pytest.mark.django_db
def test_a_case_of_another_board_is_closed_by_that_board(chair, board, other_board, member):
    case = make_case(member, board)
    with acting_as(chair):
        Case.objects.filter(pk=case.pk).update(board=other_board)
        (words,) = obstacles(chair, case.patient)
    assert other_board.name in words


@pytest.mark.django_db
def test_drafts_and_searches_of_others_stay(marked, other_board):
    """Those that name somebody else, and those of people who may not see this patient."""
    member, stranger = marked.people["member"], make_user("member", other_board)
    kept = {"referral:1": ["Smith", MARK], "referral:2": [f"{MARK}son", f"{MARK}a"]}
    for key, (family, given) in kept.items():
        with acting_as(member):
            names = {"family_name": [family], "given_name": [given]}
            save_draft(by=member, key=key, fields=names)
    with acting_as(member):
        save_search(by=member, text="Smith")
        save_search(by=member, text=MARK[:4].lower())
        save_draft(by=member, key="referral:3", fields={"number": [f"no. {MARK}1."]})
        save_draft(by=member, key="referral:5", fields={"number": [f"{MARK}2"]})
        SavedFilter.objects.create(user=member, name="Smith's", query="state=ready")
    with acting_as(stranger):
        same = {"family_name": [MARK], "given_name": [f"{MARK}a"]}
        save_draft(by=stranger, key="referral:4", fields=same)
    erase(marked)
    with acting_as(member):
        assert set(Draft.objects.values_list("key", flat=True)) == set(kept)
        assert list(SavedSearch.objects.values_list("text", flat=True)) == ["Smith"]
        assert list(SavedFilter.objects.values_list("name", flat=True)) == ["Smith's"]
    with acting_as(stranger):
        assert Draft.objects.filter(key="referral:4").exists()


NAMED = ("Özgür", "Müller-O´Hara", "ÄB 12")
# The same person as others may have typed them, and who somebody else is.
WAYS = [
    ("Ozgur", "Muller O'Hara"), ("Oezguer", "Mueller O’Hara"), ("ÖZGÜR", "MUELLER-O`HARA"), ("Ozguer", "Müller OʼHara"),
]  # fmt: skip
OTHERS = [("Ozgur", "Miller O'Hara"), ("Ozger", "Muller O'Hara")]


@pytest.mark.django_db
def test_what_was_typed_goes_however_the_name_is_written(chair, member, board):
    given, family, number = NAMED
    about = Identity(family_name=family, given_name=given, hospital_number=number)
    with acting_as(member):
        patient = register_patient(by=member, board=board, identity=about)
        for n, (first, last) in enumerate([*WAYS, *OTHERS]):
            fields = {"given_name": [first], "question": [f"{last}: colitis?"]}
            save_draft(by=member, key=f"referral:{n}", fields=fields)
            save_search(by=member, text=f"{last}, {first}")
            SavedFilter.objects.create(user=member, name=f"{last} {n}", query="")
        save_draft(by=member, key="referral:6", fields={"hospital_number": ["äb-12"]})
        # A number is not another one that is folded alike.
        save_draft(by=member, key="referral:7", fields={"hospital_number": ["B 12, AEB 12"]})
        save_search(by=member, text="Miller")
        SavedFilter.objects.create(user=member, name="Miller", query="")
    with acting_as(chair):
        assert erase_patient(by=chair, patient=patient, reason="request")
    with acting_as(member):
        left = {f"referral:{n}" for n in (4, 5, 7)}
        assert set(Draft.objects.values_list("key", flat=True)) == left
        assert set(SavedSearch.objects.values_list("text", flat=True)) == {"Miller"}
        assert set(SavedFilter.objects.values_list("name", flat=True)) == {
            "Miller",
            "Miller O'Hara 4",
        }


@pytest.fixture
def uploads(settings, tmp_path):
    """A storage of the test's own."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**storage, "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


def upload(marked: Marked) -> str:
    with acting_as(marked.people["member"]):
        report = Report(
            patient=marked.patient, title="CT", added_by=marked.people["member"], public_id=uuid4()
        )
        report.file.save("Mrs Smith.pdf", ContentFile(b"%PDF-1.7 Smith"))
        return report.file.name


@pytest.mark.django_db
def test_uploaded_files_go_those_of_removed_reports_too(uploads, marked):
    names = [upload(marked), upload(marked)]
    with acting_as(marked.people["member"]):
        Report.objects.get(file=names[0]).delete()
    assert all((uploads / name).exists() for name in names)
    erase(marked)
    assert not any((uploads / name).exists() for name in names)


@pytest.mark.django_db
def test_a_file_that_is_not_here_keeps_the_patient_from_being_called_erased(uploads, marked):
    kept, lost = upload(marked), upload(marked)
    (uploads / lost).unlink()
    with pytest.raises(ValidationError, match="not in the folder of this server"):
        erase(marked)
    assert (uploads / kept).exists() and not PatientErasure.objects.exists()
    assert PatientIdentity.objects.get(patient=marked.patient).family_name == MARK
    (uploads / lost).touch()
    erase(marked)
    assert not (uploads / kept).exists() and not (uploads / lost).exists()


@pytest.mark.django_db
def test_a_file_that_cannot_be_deleted_leaves_the_patient_as_they_were(uploads, marked):
    name = upload(marked)
    (uploads / name).unlink()
    (uploads / name).mkdir()
    (uploads / name / "in the way").touch()
    with pytest.raises(OSError), transaction.atomic():
        erase(marked)
    assert not PatientErasure.objects.exists()
    assert PatientIdentity.objects.get(patient=marked.patient).family_name == MARK


@pytest.mark.django_db
def test_answers_and_results_that_are_codes_or_numbers_stay(marked):
    member = marked.people["member"]
    with acting_as(member):
        irae = IrAE.objects.get(patient=marked.patient)
        kept = {"number": "<0.5", "choice": "Seen", "flag": "yes", "text": "Mrs Smith coughs"}
        DossierEntry.objects.filter(irae=irae).delete()
        for kind, answer in kept.items():
            DossierEntry.objects.create(
                patient=marked.patient,
                irae=irae,
                item=DossierItem.objects.get(code=f"marked-{kind}"),
                answer=answer,
                answer_state="known",
            )
        LabResult.objects.update(value_entered="<12.5", unit_entered="U/L")
        check = Check.objects.exclude(values={}).get()
        assert check.values["crp"] == "<0.5"
    erase(marked)
    answers = dict(DossierEntry.objects.values_list("item__kind", "answer"))
    assert answers == {**kept, "text": "erased"}
    results = LabResult.objects.values_list("value_entered", "unit_entered", "source")
    assert {row[:2] for row in results} == {("<12.5", "U/L")}
    assert len({source for *_rest, source in results}) == 2
    check.refresh_from_db()
    assert check.values == {"crp": "<0.5"}
    assert Report.objects.get().text == "erased"
    assert IrAE.objects.get().onset.anchor == "an event"


@pytest.mark.django_db
def test_workers_cannot_erase():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege(r, 'rechallenge_erase_patient(bigint, text)', 'EXECUTE')"
            " FROM unnest(ARRAY['rechallenge_worker', 'rechallenge_app']) r"
        )
        assert cursor.fetchall() == [(False,), (True,)]
