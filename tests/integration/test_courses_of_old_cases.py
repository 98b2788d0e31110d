"""Cases from before a case named its course: each is said to ask about the one that it was decided about."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import connection, transaction

from accounts.acting import acting_as
from cases.models import Case, ICICourse
from followup.services.protocols import load_protocols
from tests.factories.meetings import make_item, make_meeting, make_signed
from tests.factories.merging import merge_records
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from ui.partial_dates import parse_partial_date

FIRST = {"drugs": ["pembrolizumab"], "start": parse_partial_date("2023"), "stop_reason": "irae"}
LATER = {"drugs": ["ipilimumab"], "start": parse_partial_date("2025"), "stop_reason": "progression"}


def committed(by: Any, work: Any) -> Any:
    """Return what `work` makes, in a transaction of its own: its events have a time of their own."""
    with transaction.atomic(), acting_as(by):
        return work()


def test_decided_cases_ask_about_the_course_of_their_day_and_open_ones_about_todays(committed_db):
    load_protocols()
    board = make_board("North")
    member, coordinator, chair = (make_user(r, board) for r in ("member", "coordinator", "chair"))
    cases = [committed(member, lambda: make_case(member, board)) for _n in range(2)]
    for case in cases:
        committed(member, lambda case=case: add_course(member, case, **FIRST))
    decided, waiting = cases
    meeting = committed(coordinator, lambda: make_meeting(coordinator, board))
    item = committed(coordinator, lambda: make_item(coordinator, meeting, decided))
    committed(chair, lambda: make_signed(chair, item))
    for case in cases:
        committed(member, lambda case=case: add_course(member, case, **LATER))
    bare = committed(member, lambda: make_case(member, board))
    committed(member, lambda: Case.objects.update(course=None))
    fill = import_module("cases.migrations.0052_courses_of_old_cases").FILL

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(fill, [0, decided.pk])
            cursor.execute(fill, [decided.pk, bare.pk])

    committed(member, run)
    with transaction.atomic(), acting_as(member):
        asked = {case.pk: case.course for case in Case.objects.select_related("course")}
        assert ICICourse.objects.count() == 4
    assert asked[decided.pk].drugs == ["pembrolizumab"]
    assert asked[waiting.pk].drugs == ["ipilimumab"]
    assert asked[bare.pk] is None


def test_a_decided_case_of_merged_records_asks_about_a_course_of_its_own_record(committed_db):
    load_protocols()
    board = make_board("North")
    member, coordinator, chair = (make_user(r, board) for r in ("member", "coordinator", "chair"))
    decided, other = (committed(member, lambda: make_case(member, board)) for _n in range(2))
    committed(member, lambda: add_course(member, decided, **FIRST))
    for _n in range(2):
        # The other record numbers its courses by itself, and further.
        committed(member, lambda: add_course(member, other, **LATER))
    meeting = committed(coordinator, lambda: make_meeting(coordinator, board))
    item = committed(coordinator, lambda: make_item(coordinator, meeting, decided))
    committed(chair, lambda: make_signed(chair, item))
    committed(coordinator, lambda: merge_records(coordinator, decided, other))
    committed(member, lambda: Case.objects.update(course=None))
    fill = import_module("cases.migrations.0052_courses_of_old_cases").FILL

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(fill, [0, max(decided.pk, other.pk)])

    committed(member, run)
    with transaction.atomic(), acting_as(member):
        assert Case.objects.get(pk=decided.pk).course.drugs == ["pembrolizumab"]
