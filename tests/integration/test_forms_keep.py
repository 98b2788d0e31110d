"""Every form of every page keeps what is typed: listed by walking the pages, not by a list of forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import resolve, reverse
from django.utils.html import escape

from accounts.acting import acting_as
from followup.models import MonitoringPlan
from meetings.models import AgendaItem
from tests.architecture.test_access_rules import patterns, rule_of
from tests.factories.addresses import SPACES, ids, name_of
from tests.factories.line import Line, make_line, make_record
from tests.factories.meetings import make_draft, make_item, make_meeting, start
from tests.factories.monitoring import make_plan
from tests.factories.page_forms import Control, FormReader, PageForm
from tests.factories.people import make_board

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db

# Forms in which something is typed that is not kept, and why.
NOT_KEPT = {
    "cases:bulk": "a file cannot be kept by a page, and a board is chosen again",
    "cases:bulk_export": "a board and a format",
    "cases:search": "the words of a search may be a name, and are typed again",
    "cases:list": "one name of a filter, which may be a patient's, and is typed again",
    "meetings:erase": "the reference is typed again, so that it is meant",
    "cases:complete": "one date beside its button",
    "cases:two": "a press beside what it is about",
    "cases:give": "ticks of what is owed, and nothing that is typed",
    "boards:rules": "a choice and a sentence, nothing about a patient",
    "boards:add": "nothing about a patient, and four fields",
}
# Forms that leave the page by a plain post, and why.
PLAIN = {"account_logout": "the session is meant to end"}
# What the walk has to come past, or it proves nothing.
KEPT = {
    "cases:refer", "cases:section", "cases:item", "cases:item_add", "cases:owner", "meetings:new", "meetings:add",
    "meetings:attendance", "meetings:record", "meetings:condition_add", "meetings:dissent_add",
    "followup:first_dose", "followup:dose", "followup:last_dose", "followup:hold", "followup:resume",
    "followup:close", "followup:irae",
    "followup:check", "followup:assign",
    "cases:again", "cases:organs", "cases:dossier", "cases:sample_add", "cases:result_add", "cases:result",
}  # fmt: skip
ROLES = ("chair", "nurse", "coordinator", "member")


@pytest.fixture
def line(db: None) -> Line:
    """A line with a second case under discussion, so that its decision is still a draft."""
    board = make_board()
    made = make_line(board)
    chair = made.people["chair"]
    meeting = make_meeting(chair, board, in_days=0)
    item = make_item(chair, meeting, make_record(chair, board))
    start(chair, meeting, item)
    make_draft(chair, item)
    make_record(chair, board)  # one more that can be listed
    make_plan(made.people["nurse"], board)  # and a plan that waits for its first dose
    return made


def addresses(line: Line) -> list[str]:
    """Return every address that may be a page: those with an id by the line's ids, of each kind."""
    kwargs: dict[str, dict[str, Any]] = ids(line)
    found = []
    for path, pattern in patterns():
        rule = rule_of(pattern)
        if not rule or not rule.permission:
            continue
        if pattern.callback.__module__.split(".")[0] not in SPACES:
            continue
        name = name_of(pattern)
        if "<" not in path:
            found.append("/" + path)
        elif name in kwargs:
            found.append(reverse(name, kwargs=kwargs[name]))
    case = {"public_id": line.case.public_id}
    for key in ("question", "fitness"):
        found.append(reverse("cases:section", kwargs={**case, "key": key}))
    for key in ("drivers", "background"):
        found.append(reverse("cases:part", kwargs={**case, "key": key}))
    for key in ("courses", "treatment", "responses", "steroids", "biomarkers"):
        found.append(reverse("cases:item_add", kwargs={**case, "key": key}))
    return found


def links(line: Line) -> list[str]:
    """Return the pages of the second case and the second plan, as lists of the product lead to them."""
    with acting_as(line.people["chair"]):
        item = AgendaItem.objects.exclude(pk=line.item.pk).select_related("meeting").get()
        waiting = MonitoringPlan.objects.get(state="waiting_first_dose")
        due = line.plan.checks.filter(result="", due_on__isnull=False).first()
    return [
        reverse("meetings:live", args=[item.meeting.public_id]),
        reverse("meetings:record", args=[item.public_id]),
        reverse("meetings:agenda", args=[item.meeting.public_id]),
        reverse("followup:first_dose", args=[waiting.public_id]),
        reverse("followup:check", args=[due.public_id]),
        reverse("followup:assign", args=[due.public_id]),
    ]


def forms(client: Client, line: Line) -> Iterator[tuple[str, str, PageForm]]:
    """Yield each form that posts of every page, once a role, with the page's address."""
    for role in ROLES:
        client.force_login(line.people[role])
        for address in [*addresses(line), *links(line)]:
            answer = client.get(address)
            if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
                continue
            for form in FormReader(answer.content.decode()).forms:
                yield role, address, form


def view_of(form: PageForm) -> str:
    """Return the name of the address that a form posts to."""
    return resolve(form.action.split("?")[0]).view_name


def value_for(control: Control) -> str:
    """Return something that can be typed into a field, or chosen, and is not there by itself."""
    if control.offers:
        others = [v for v in control.offers if v and v not in control.shows]
        return others[-1] if others else control.offers[-1]
    return {"date": "2031-05-06", "time": "11:16"}.get(control.kind, "kept 7")


def test_every_form_is_kept_while_it_is_typed_and_stands_there_again_after_signing_in_anew(
    client: Client, line: Line
) -> None:
    wrong, tried = [], {}
    for role, address, form in list(forms(client, line)):
        name = view_of(form)
        if name in PLAIN:
            continue
        if "hx-post" not in form.attributes:
            wrong.append((role, address, name, "goes by a plain post"))
        typed = {c.name for c in form.controls.values()}
        if typed and name not in NOT_KEPT and "data-draft-url" not in form.attributes:
            wrong.append((role, address, name, f"loses {sorted(typed)}"))
        if "data-draft-url" in form.attributes:
            tried.setdefault((name, tuple(sorted(form.controls))), (role, address, form))
    assert not wrong
    assert {name for name, _fields in tried} >= KEPT, "the walk has missed a form"
    lost = []
    for (name, _fields), (role, address, form) in tried.items():
        typed = {c.name: value_for(c) for c in form.controls.values()}
        client.force_login(line.people[role])
        sent = {**form.hidden, **typed}
        assert client.post(form.attributes["data-draft-url"], sent).status_code == 204, name
        client.logout()
        client.force_login(line.people[role])
        if name == "cases:refer":
            # Of whom it is is asked first: a referral that was begun is offered, and opened by its link.
            address = f"{address}?draft={sent['key']}"
            assert address in client.get("/cases/refer").content.decode()
        again = FormReader(client.get(address).content.decode()).forms
        shown = next(
            f
            for f in again
            if f.attributes.get("data-draft-url") == form.attributes["data-draft-url"]
        )
        lost += [
            (name, field, value)
            for field, value in typed.items()
            if value not in (shown.controls[field].shows or [""])
            and escape(value) not in shown.controls[field].shows
        ]
    assert not lost
