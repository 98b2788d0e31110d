"""A patient whose record was merged into another is one patient on the trail; two that are compared are both named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from accounts.trail import Wanted
from accounts.trail import entries as trail_entries
from audit.models import TrailEntry
from cases.naming import find_case
from cases.services.identity import save_identity
from tests.factories.addresses import ids
from tests.factories.line import make_line
from tests.factories.merging import merge_records
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.integration.test_reading import (
    BEST_READER,
    CODES_ALONE,
    NO_FILE,
    RENEWS,
    WITHOUT_PATIENTS,
    readable,
)

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from cases.models import Case
    from tests.factories.line import Line

pytestmark = pytest.mark.django_db
# Where other patients of a board are shown beside the one of the address.
OF_SEVERAL = {"meetings:agenda", "meetings:close", "cases:merge_with"}
LEFT_OUT = {*OF_SEVERAL, *WITHOUT_PATIENTS, *CODES_ALONE, *RENEWS, *NO_FILE}


def entries(by: User) -> list[TrailEntry]:
    with acting_as(by):
        return list(TrailEntry.objects.filter(actor=by).order_by("pk"))


def pages(line: Line) -> dict[str, tuple[User, str]]:
    """Return every page about the line's patient alone, with somebody who may open it."""
    permissions, found = readable(), {}
    for name, kwargs in ids(line).items():
        if name in permissions and name not in LEFT_OUT:
            allowed = (line.people[role] for role in BEST_READER)
            reader = next(user for user in allowed if user.can(permissions[name], line.board))
            found[name] = reader, reverse(name, kwargs=kwargs)
    return found


@pytest.mark.parametrize("goes", ["the line's record", "the other record"])
def test_every_page_of_a_merged_patient_names_the_patient_once(client: Client, goes: str) -> None:
    line = make_line(make_board())
    other = make_case(line.people["member"], line.board)
    opened = pages(line)
    kept, absorbed = (other, line.case) if goes == "the line's record" else (line.case, other)
    merge_records(line.people["coordinator"], kept, absorbed)
    told: dict[str, Any] = {}
    for name, (reader, address) in opened.items():
        client.force_login(reader)
        before = len(entries(reader))
        response = client.get(address)
        if response.status_code != 200:
            continue
        new = entries(reader)[before:]
        told[name] = [(e.kind, e.patient_id is not None, e.board_id) for e in new]
    assert len(told) > 20
    wrong = {
        name: rows
        for name, rows in told.items()
        if len(rows) != 1 or rows[0][1:] != (True, line.board.pk) or rows[0][0] == "list.read"
    }
    assert not wrong


def reads_of(chair: User, case: Case) -> list[TrailEntry]:
    """Return what the trail of the case's board shows when it is narrowed to the case."""
    with acting_as(chair):
        found = find_case(chair, case.public_id)
        assert found is not None
        wanted = Wanted(
            board=case.board, patient_id=found.patient_id, records=found.records, group="reads"
        )
        return list(trail_entries(wanted).order_by("pk"))


def test_the_trail_of_a_merged_case_says_who_opened_it(
    client: Client, board, other_board, member, stranger
) -> None:
    cases = make_case(member, board), make_case(stranger, other_board)
    merge_records(make_user("coordinator", board, other_board), *cases)
    for case, reader in zip(cases, (member, stranger), strict=True):
        client.force_login(reader)
        client.get(reverse("cases:detail", args=[case.public_id]))
        (entry,) = [e for e in entries(reader) if e.kind in {"case.read", "list.read"}]
        assert (entry.kind, entry.board_id) == ("case.read", case.board_id)
        assert (entry.subject_type, entry.subject_id) == ("cases.case", case.pk)
        (found,) = reads_of(make_user("chair", case.board), case)
        assert found.pk == entry.pk


def test_of_several_cases_of_a_patient_the_one_that_was_opened_is_named(
    client: Client, board, member
) -> None:
    first = make_case(member, board)
    second = make_case(member, board, patient=first.patient)
    client.force_login(member)
    for case in (first, second):
        client.get(reverse("cases:detail", args=[case.public_id]))
        assert entries(member)[-1].subject_id == case.pk


def test_two_records_side_by_side_are_both_named(
    client: Client, board, other_board, member, stranger
) -> None:
    kept, other = make_case(member, board), make_case(stranger, other_board)
    both = make_user("coordinator", board, other_board)
    client.force_login(both)
    address = reverse("cases:merge_with", args=[kept.public_id, other.public_id])
    for answer in (client.get(address), client.post(address, {})):
        assert answer.status_code in {200, 422}
        named = {
            (e.kind, e.patient_id, e.subject_id, e.board_id, e.detail["view"])
            for e in entries(both)[-2:]
        }
        assert named == {
            ("case.read", case.patient_id, case.pk, case.board_id, "cases:merge_with")
            for case in (kept, other)
        }


def test_the_records_that_are_offered_for_a_merge_are_each_named(
    client: Client, board, member, coordinator
) -> None:
    cases = [make_case(member, board) for _ in range(2)]
    for case in cases:
        with acting_as(member):
            save_identity(by=member, case=case, version=1, values={"given_name": "Margaret"})
    client.force_login(coordinator)
    answer = client.get(reverse("cases:merge", args=[cases[0].public_id]))
    assert reverse("cases:merge_with", args=[c.public_id for c in cases]) in answer.content.decode()
    told = [(e.kind, e.patient_id, e.board_id) for e in entries(coordinator)]
    assert sorted(told) == sorted(("case.read", c.patient_id, board.pk) for c in cases)
