"""No page shows anything of a patient and leaves no entry: by construction, for every address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.access import requires
from accounts.acting import acting_as
from audit import reading
from audit.kinds import PAGES
from audit.models import TrailEntry
from cases.models import Case, Patient, PatientIdentity
from cases.services.drafts import save_draft
from cases.services.tasks import owe_fact
from evidence.models import Finding, Statement
from tests.architecture.test_access_rules import methods_of, patterns, rule_of
from tests.architecture.test_tables import patient_models
from tests.factories.addresses import SECRET_NAME, ids, name_of
from tests.factories.line import make_line, make_people
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case
from tests.factories.spreadsheets import OWN_JOBS

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

pytestmark = pytest.mark.django_db

# Nothing of a record is loaded there, and why.
WITHOUT_PATIENTS = {
    "meetings:calendar": "day and place of a meeting",
    "meetings:list": "meetings with their number of cases",
    "meetings:new": "a form for a day",
    "followup:notices": "references and kinds of what is due, to their one recipient",
    "cases:refer": "a form that is still empty",
    "evidence:statements": "guidance",
    "evidence:statement": "guidance",
    "evidence:findings": "guidance",
    "evidence:finding": "guidance",
    "boards:index": "leads to the members",
    "cases:search": "leads to the list",
    "cases:bulk": "forms, and the reader's own jobs by board and day",
    "boards:members": "people of the board",
    "boards:add": "people of the board",
    "boards:rules": "whose rules a board goes by",
    "boards:end": "people of the board",
    "boards:trail": "codes and references; the reading of the trail is an entry of its own",
}
# Those that name a case by its reference, and nothing else of it.
RENEWS = ("meetings:live_state",)  # a page whose opening is on the trail: tests of its own below
CODES_ALONE = ("followup:notices", "boards:trail")
# The line's report is a text; the download of a file has a test of its own, with its entry.
NO_FILE = {"cases:report_file"}
OTHER_IDS: dict[str, Any] = {
    "evidence:statement": lambda: {"public_id": Statement.objects.earliest("pk").public_id},
    "evidence:finding": lambda: {"public_id": Finding.objects.earliest("pk").public_id},
}
BEST_READER = ("chair", "coordinator", "nurse", "member", "administrator", "curator")


def entries(by: User) -> list[TrailEntry]:
    with acting_as(by):
        return list(TrailEntry.objects.filter(actor=by).order_by("pk"))


def readable() -> dict[str, str]:
    """Return name and permission of every address with a rule that can be read.

    Curation's pages in the admin have tests of their own, with their entries (`curation/test_step_pages.py`).
    """
    found = {}
    for path, pattern in patterns():
        rule = rule_of(pattern)
        if (
            rule
            and rule.permission
            and not path.startswith("admin/")
            and "GET" in (methods_of(pattern) or set())
        ):
            found[name_of(pattern)] = rule.permission
    return found


def test_every_model_about_a_patient_is_noted_when_it_is_loaded() -> None:
    for model in patient_models():
        assert issubclass(model, reading.NotedWhenLoaded), model
        assert model.from_db.__func__ is reading.NotedWhenLoaded.from_db.__func__, model


def test_every_page_that_shows_a_patient_leaves_an_entry(client: Client, db: None) -> None:
    """Each address is opened by somebody of the board, whole and as a fragment."""
    line = make_line(make_board(), family_name=SECRET_NAME)
    make_case(line.people["member"], line.board)  # which waits on the triage board
    key = f"section:{line.case.public_id}:tumour"  # which the list of drafts names
    with acting_as(line.people["chair"]):
        save_draft(by=line.people["chair"], key=key, fields={"histology": ["adenocarcinoma"]})
        owe_fact(
            by=line.people["chair"],
            case=line.case,
            fact="ecog",
            owner=line.people["chair"],
            due_on=None,
        )
    kwargs, silent, shown = {**ids(line), "cases:draft_typed": {"key": key}}, [], set()
    canaries = (SECRET_NAME.lower().encode(), line.case.reference.lower().encode())
    for name, permission in readable().items():
        if name in NO_FILE or name in OWN_JOBS:
            continue
        user = next(p for r in BEST_READER if (p := line.people[r]).can(permission, line.board))
        address = reverse(name, kwargs=kwargs.get(name, OTHER_IDS.get(name, lambda: {})()))
        client.force_login(user)
        for headers in ({}, {"HX-Request": "true"}):
            before = len(entries(user))
            response = client.get(address, headers=headers)
            assert response.status_code in {200, 302}, name
            about = [e for e in entries(user)[before:] if e.patient_id or e.kind == "list.read"]
            names_somebody = any(canary in response.content.lower() for canary in canaries)
            if names_somebody:
                shown.add(name)
            page = response.status_code == 200 and not response.has_header("HX-Redirect")
            if page and not about and (names_somebody or name not in WITHOUT_PATIENTS):
                silent.append(name)
    assert set(silent) <= {*CODES_ALONE, *RENEWS}
    assert len(shown) > 20, shown


def test_a_view_that_forgets_it_leaves_an_entry_all_the_same(
    rf: RequestFactory, board, member
) -> None:
    case = make_case(member, board)

    @requires("case.view")
    def forgetful(request):
        return HttpResponse(Case.objects.get(pk=case.pk).question)

    request = rf.get("/")
    request.user = member
    assert forgetful(request).status_code == 200
    entry = entries(member)[-1]
    assert (entry.kind, entry.patient_id, entry.board_id) == (
        "case.read",
        case.patient_id,
        board.pk,
    )
    assert (entry.subject_type, entry.subject_id) == ("cases.case", case.pk)


@pytest.mark.parametrize("model", [Patient, PatientIdentity])
def test_whose_row_it_was_is_known_without_a_case(rf, board, member, model) -> None:
    case = make_case(member, board)
    key = "pk" if model is Patient else "patient_id"

    @requires("case.view")
    def forgetful(request):
        return HttpResponse(str(model.objects.get(**{key: case.patient_id})))

    request = rf.get("/")
    request.user = member
    forgetful(request)
    entry = entries(member)[-1]
    assert (entry.kind, entry.patient_id) == ("case.read", case.patient_id)
    assert entry.board_id == (board.pk if model is Patient else None)


@pytest.mark.parametrize(
    "answer", [{"status": 302}, {"status": 204}, {"headers": {"HX-Redirect": "/"}}]
)
def test_an_answer_that_shows_nothing_leaves_no_entry(rf, board, member, answer) -> None:
    case = make_case(member, board)
    before = len(entries(member))

    @requires("case.view")
    def leads_on(request):
        Case.objects.get(pk=case.pk)
        return HttpResponse(**answer)

    request = rf.get("/")
    request.user = member
    leads_on(request)
    assert len(entries(member)) == before


def test_a_list_is_entered_by_board_with_its_length(client, rf) -> None:
    one, two = make_board(), make_board()
    user = make_user("member", one, two)
    for board in (one, one, two):
        make_case(user, board)
    client.force_login(user)
    client.get(reverse("cases:list"))
    found = {e.board_id: e.detail for e in entries(user) if e.kind == "list.read"}
    assert found == {
        one.pk: {"view": "cases:list", "count": 2},
        two.pk: {"view": "cases:list", "count": 1},
    }


def test_a_search_is_a_list(client, board, member) -> None:
    make_case(member, board)
    client.force_login(member)
    client.post(reverse("cases:search"), {"query": "Canaryname"}, follow=True)
    assert [(e.kind, e.detail) for e in entries(member)][-2:] == [
        ("case.searched", {}),
        ("list.read", {"view": "cases:list", "count": 1}),
    ]


def test_a_write_that_is_entered_is_not_entered_as_read(client, board, member) -> None:
    case = make_case(member, board)
    client.force_login(member)
    response = client.post(
        reverse("cases:complete", args=[case.public_id, "courses"]),
        {"version": "1", "complete": "yes"},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 200
    assert entries(member)[-1].kind == "case.section_saved"


def test_a_form_that_comes_back_wrong_shows_the_record_and_is_entered(
    client, board, member
) -> None:
    case = make_case(member, board)
    client.force_login(member)
    url = reverse("cases:section", args=[case.public_id, "tumour"])
    assert client.post(url, {"version": "x"}).status_code == 422
    assert entries(member)[-1].detail == {"view": "cases:section"}


def test_polls_enter_a_case_once_for_each_time_it_is_brought_up(client) -> None:
    board = make_board()
    people = make_people(board)
    line = make_line(board, people)
    follower = people["member"]
    client.force_login(follower)
    state = reverse("meetings:live_state", args=[line.meeting.public_id])

    def followed() -> int:
        return sum(e.kind == "case.followed" for e in entries(follower))

    client.get(reverse("meetings:live", args=[line.meeting.public_id]))
    assert followed() == 1
    for _ in range(3):
        assert client.get(f"{state}?seen=0&item={line.item.public_id}").status_code == 200
    count = len(entries(follower))
    assert followed() == 1 and count == len(entries(follower))
    client.force_login(people["chair"])
    client.post(reverse("meetings:current", args=[line.item.public_id]))
    from meetings.services.meetings import set_current_item

    with acting_as(people["chair"]):
        line.meeting.items.update(current_since=None)
        line.item.refresh_from_db()
        set_current_item(by=people["chair"], meeting=line.meeting, item=line.item)
    client.force_login(follower)
    for _ in range(2):
        client.get(f"{state}?seen=0")
    assert followed() == 2, "it was brought up anew"


def test_whoever_polls_without_having_opened_the_page_is_entered(client) -> None:
    line = make_line(make_board())
    nurse = line.people["nurse"]
    client.force_login(nurse)
    state = reverse("meetings:live_state", args=[line.meeting.public_id])
    client.get(f"{state}?seen=0&item={line.item.public_id}")
    assert "case.followed" in [e.kind for e in entries(nurse)]


def test_notes_without_a_request_are_taken_by_nobody(board, member) -> None:
    case = make_case(member, board)
    reading.already_on_the_trail()
    assert reading.reading() is None
    with reading.notes(lists=False) as taken:
        Case.objects.defer("patient").get(pk=case.pk)
        assert taken.left == {}, "a row that does not say whose it is"
        Case.objects.get(pk=case.pk)
        assert taken.left == {case.patient_id: board.pk}
        reading.already_on_the_trail()
        assert taken.left == {}


def test_every_page_that_lists_patients_has_its_words() -> None:
    names = set()
    for path, pattern in patterns():
        rule = rule_of(pattern)
        if rule and rule.lists:
            application = pattern.callback.__module__.split(".")[0]
            application = "admin" if path.startswith("admin/") else application
            names.add("home" if pattern.name == "home" else f"{application}:{pattern.name}")
    assert len(names) > 5
    assert names <= set(PAGES)


def test_the_admin_shows_no_patient() -> None:
    from django.contrib import admin

    assert not set(patient_models()) & set(admin.site._registry)
