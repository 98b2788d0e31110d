"""The database refuses a row that names one patient and points at another one's case, course or check."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.acting import acting_as
from accounts.samepatient import ComparePatients, SamePatient
from cases.models import Case, FactTask, ICICourse, IrAE, SteroidCourse
from followup.models import Check, MonitoringPlan, Reminder
from meetings.models import AgendaItem, Decision
from tests.conftest import superuser_url
from tests.factories.line import PNEUMONITIS, make_line
from tests.factories.meetings import make_item, make_meeting
from tests.factories.monitoring import make_plan
from tests.factories.people import make_board
from tests.factories.record import make_case


@pytest.fixture
def two(member, board) -> tuple[Case, Case]:
    """Two cases of two patients of one board: both walls let the member write either."""
    return make_case(member, board), make_case(member, board)


def refused(save) -> None:
    with pytest.raises(IntegrityError, match="same_patient"), transaction.atomic():
        save()


@pytest.mark.django_db
def test_rows_of_the_record_are_about_the_patient_they_point_at(two):
    mine, other = two
    task = {"fact": "ecog", "patient_id": mine.patient_id}
    refused(lambda: FactTask.objects.create(case=other, **task))
    FactTask.objects.create(case=mine, **task)

    course = ICICourse.objects.create(patient=other.patient, number=1)
    refused(lambda: IrAE.objects.create(patient=mine.patient, course=course, **PNEUMONITIS))
    irae = IrAE.objects.create(patient=other.patient, course=course, **PNEUMONITIS)
    refused(lambda: IrAE.objects.create(patient=mine.patient, recurrence_of=irae, **PNEUMONITIS))
    refused(lambda: SteroidCourse.objects.create(patient=mine.patient, irae=irae))
    SteroidCourse.objects.create(patient=other.patient, irae=irae)
    # What points at nothing is about its patient alone.
    SteroidCourse.objects.create(patient=mine.patient)


@pytest.mark.django_db
def test_a_row_cannot_be_moved_to_another_patient_either(two):
    mine, other = two
    refused(lambda: Case.objects.filter(pk=mine.pk).update(patient=other.patient))
    task = FactTask.objects.create(case=mine, patient=mine.patient, fact="ecog")
    refused(lambda: FactTask.objects.filter(pk=task.pk).update(patient=other.patient))


@pytest.mark.django_db
def test_rows_of_monitoring_are_about_the_patient_of_their_plan(nurse, board, member):
    plan, other = make_plan(nurse, board, dosed=1), make_plan(nurse, board, dosed=1)
    with acting_as(nurse):
        refused(
            lambda: MonitoringPlan.objects.filter(pk=plan.pk).update(
                case=other.case, state="closed", close_reason="other"
            )
        )
        check = Check.objects.filter(plan=plan).first()
        refused(lambda: Check.objects.filter(pk=check.pk).update(plan=other, state="cancelled"))
        due = {"recipient": nurse, "kind": "due", "due_on": timezone.localdate()}
        times = {"due_at": timezone.now(), "next_attempt_at": timezone.now()}
        refused(
            lambda: Reminder.objects.create(
                patient_id=other.patient_id, safety_check=check, **due, **times
            )
        )


@pytest.mark.django_db
def test_rows_of_a_meeting_are_about_the_patient_of_their_case(chair, board, member):
    item = make_item(chair, make_meeting(chair, board))
    other = make_case(member, board)
    with acting_as(chair):
        refused(lambda: AgendaItem.objects.filter(pk=item.pk).update(case=other))
        refused(
            lambda: Decision.objects.create(
                patient_id=other.patient_id,
                case=item.case,
                board=board,
                meeting=item.meeting,
                recorded_by=chair,
                changed_at=timezone.now(),
            )
        )


def test_pairs_from_before_are_found_when_the_key_is_proven(committed_db, superuser, owner_link):
    """As the owner, whom forced row-level security hides every patient from."""
    with transaction.atomic():
        line = make_line(make_board())
        other = make_case(line.people["member"], line.board)
    key = SamePatient("cases_facttask", "case_id", "cases_case")
    compare = ComparePatients("cases_facttask", "case_id")
    with owner_link as owner, owner.transaction(force_rollback=True):
        owner.execute(key.reverse_sql)
        owner.execute("SELECT set_config('app.owner_reason', 'test', true)")
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("UPDATE cases_facttask SET case_id = %s", [other.pk])
        owner.execute("SELECT set_config('app.owner_reason', '', true)")
        owner.execute(key.sql)
        with pytest.raises(psycopg.errors.ForeignKeyViolation), owner.transaction():
            owner.execute(compare.sql)
        # Without a reason the owner sees no row, and nothing wrong.
        owner.execute(compare.sql.split(";")[1])


@pytest.fixture
def owner_link():
    """A connection of the owner's own to the test database."""
    name = connection.settings_dict["NAME"]
    url = superuser_url(name).replace("//postgres@", "//rechallenge_owner@")
    return psycopg.connect(url)
