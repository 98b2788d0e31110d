"""Every address with an id, called by every role of another board with real ids: nobody gets in.

Random ids answer 404 anyway and would prove nothing, so the ids are those of a line that exists, and the
same addresses called by the line's own people are the control: they answer, and show the planted name.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import AttachedGuidance, IrAE, LabResult
from followup.models import Notice, Reminder
from tests.architecture.test_access_rules import patterns, rule_of
from tests.factories.line import Line, make_line, make_people
from tests.factories.people import make_board

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
SECRET_NAME = "Plantedname"
PATIENTS = ("cases", "followup", "meetings")

# Addresses whose id is not of a patient, meeting or user of a board, and why.
NOT_OF_A_BOARD = {
    "cases:draft": "the key names a form; the draft is the caller's own",
    "cases:draft_discard": "the key names a form; the draft is the caller's own",
}


def names() -> set[str]:
    """Return the names of the addresses that carry an id, in the applications about patients."""
    found = set()
    for path, pattern in patterns():
        rule = rule_of(pattern)
        if rule and rule.permission and "<" in path:
            application = pattern.callback.__module__.split(".")[0]
            if application in PATIENTS:
                found.add(f"{application}:{pattern.name}")
    return found - set(NOT_OF_A_BOARD)


def ids(line: Line) -> dict[str, Callable[[], dict[str, Any]]]:
    """Return for each address the ids of `line`."""
    case, meeting, item = line.case, line.meeting, line.item
    with acting_as(line.people["chair"]):
        irae = IrAE.objects.get(patient=case.patient_id)
        result = LabResult.objects.filter(patient=case.patient_id)[0]
        attached = AttachedGuidance.objects.get(case=case)
        condition, dissent = (
            line.decision.conditions.get(),
            line.decision.dissents.select_related("user").get(),
        )
    of_case = {"public_id": case.public_id}
    section, listed = {**of_case, "key": "tumour"}, {**of_case, "key": "iraes"}
    of_item = {**listed, "item_id": irae.public_id}
    special = {
        "cases:owner": {**of_case, "fact": "ecog"},
        "cases:attach": {**of_case, "version_id": attached.version.public_id},
        "cases:detach": {**of_case, "attached_id": attached.public_id},
        "cases:section": section,
        "cases:section_shown": section,
        "cases:complete": listed,
        "cases:item_add": listed,
        "cases:item": of_item,
        "cases:item_remove": of_item,
        "cases:result": {**of_case, "item_id": result.public_id},
        "cases:result_remove": {**of_case, "item_id": result.public_id},
        "meetings:move": of_case,
        "meetings:erase": of_case,
        "meetings:record": {"item_id": item.public_id},
        "meetings:condition_remove": {"public_id": condition.public_id},
        "meetings:dissent_withdraw": {
            "public_id": line.decision.public_id,
            "user_id": dissent.user.public_id,
        },
    }
    of_decision = {"public_id": line.decision.public_id}
    by_part = {
        "decisions": of_decision,
        "items": {"public_id": item.public_id},
        "checks": {"public_id": line.check.public_id},
        "plans": {"public_id": line.plan.public_id},
    }
    kwargs: dict[str, Any] = dict(special)
    for path, pattern in patterns():
        name = f"{pattern.callback.__module__.split('.')[0]}:{pattern.name}"
        if name in kwargs or name not in names():
            continue
        part = path.split("/")[1]
        default = {"cases": of_case, "meetings": {"public_id": meeting.public_id}}
        if part in by_part:
            kwargs[name] = by_part[part]
        elif path.split("/")[0] in default:
            kwargs[name] = default[path.split("/")[0]]
    return kwargs


@pytest.fixture
def line(db: None) -> Line:
    """A line of another board than the callers'."""
    return make_line(make_board(), family_name=SECRET_NAME)


def test_no_role_of_another_board_gets_in(line: Line, client: Client) -> None:
    kwargs = ids(line)
    # Both are told apart by their owner and by the case; they need a sweep to exist.
    apart = {"followup:read_notice", "followup:retry"}
    assert set(kwargs) | apart >= names(), "every address with an id is tried"
    got_in = []
    for role, user in make_people(make_board()).items():
        client.force_login(user)
        for name, of in kwargs.items():
            for method in ("get", "post"):
                response = getattr(client, method)(reverse(name, kwargs=of))
                if response.status_code not in {403, 404, 405} or SECRET_NAME in _text(response):
                    got_in.append((role, method, name, response.status_code))
    assert not got_in


SHOWS_THE_PATIENT = {
    "cases:detail": "member",
    "cases:changes": "member",
    "cases:section": "member",
    "cases:item": "member",
    "cases:labs": "member",
    "cases:result": "member",
    "cases:sample_add": "member",
    "followup:plan": "nurse",
    "followup:check": "nurse",
    "meetings:agenda": "coordinator",
    "meetings:live": "chair",
    "meetings:decision": "chair",
}


def test_the_boards_own_people_see_the_planted_name(line: Line, client: Client) -> None:
    kwargs = ids(line)
    for name, role in SHOWS_THE_PATIENT.items():
        client.force_login(line.people[role])
        response = client.get(reverse(name, kwargs=kwargs[name]))
        assert response.status_code == 200, name
        assert SECRET_NAME.lower() in _text(response).lower(), name


def test_ids_that_do_not_exist_answer_like_foreign_ones(line: Line, client: Client) -> None:
    stranger = make_people(make_board())["member"]
    client.force_login(stranger)
    foreign = client.get(reverse("cases:detail", kwargs={"public_id": line.case.public_id}))
    absent = client.get(reverse("cases:detail", kwargs={"public_id": uuid.uuid4()}))
    assert foreign.status_code == absent.status_code == 404


def test_a_strangers_notices_and_reminders_are_not_there(line: Line, client: Client) -> None:
    stranger = make_people(make_board())["coordinator"]
    with acting_as(stranger):
        assert not Notice.objects.exists()
        assert not Reminder.objects.exists()


def test_nobody_gets_in_without_signing_in(client: Client, line: Line) -> None:
    for name, of in ids(line).items():
        response = client.get(reverse(name, kwargs=of))
        assert response.status_code in {302, 405}, name
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/accounts/login/"), name
        htmx = client.get(reverse(name, kwargs=of), headers={"HX-Request": "true"})
        assert htmx.status_code in {401, 405}, name


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))
