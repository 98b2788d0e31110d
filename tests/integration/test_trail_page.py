"""The page of the trail: what it tells to whom, its filters in the address, and that reading it is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.services.memberships import give_membership as give
from accounts.views import trail
from audit.models import TrailEntry
from audit.services import record as enter
from tests.factories.meetings import make_meeting
from tests.factories.people import by_acting, make_board, make_user
from tests.factories.record import CANARY, make_case

pytestmark = pytest.mark.django_db
URL = reverse("boards:trail")
record, give_membership = by_acting(enter), by_acting(give)


def html_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def listed(response):
    """Return what the rows say, in order."""
    return re.findall(r'<th scope="row">([^<]+)<', html_of(response))


@pytest.fixture
def administrator(board):
    return make_user("administrator", board)


@pytest.mark.parametrize(
    ("role", "status"),
    [("administrator", 200), ("chair", 200), ("member", 403), ("curator", 403), ("nurse", 403)],
)
def test_who_may_read_it(client, board, role, status):
    client.force_login(make_user(role, board))
    assert client.get(URL).status_code == status


def test_it_tells_of_the_readers_board_alone_newest_first(client, board, other_board, chair):
    record("meeting.created", by=chair, board=board)
    record("meeting.closed", by=chair, board=other_board)
    record("meeting.started", by=chair, board=board)
    client.force_login(chair)
    assert listed(client.get(URL)) == ["Started a meeting", "Planned a meeting"]


def test_the_chair_sees_which_case_and_the_administrator_only_that_there_was_one(
    client, board, chair, administrator, member
):
    case = make_case(member, board)
    client.force_login(chair)
    shown = html_of(client.get(URL))
    assert case.reference in shown and reverse("cases:detail", args=[case.public_id]) in shown
    assert CANARY.lower() not in shown.lower()
    client.force_login(administrator)
    hidden = html_of(client.get(URL))
    assert "Referred a case" in hidden
    assert case.reference not in hidden and str(case.public_id) not in hidden
    assert "a patient whose record is not open to you" in hidden


def test_people_meetings_roles_and_lists_are_told_in_words(
    client, board, administrator, chair, nurse
):
    give_membership(by=administrator, board=board, user=nurse, role="chair", specialty="hepatology")
    meeting = make_meeting(chair, board)
    record("list.read", by=chair, board=board, detail={"view": "cases:list", "count": 1})
    record("list.read", by=chair, board=board, detail={"view": "cases:list", "count": 3})
    record("access.refused", by=nurse, board=board, detail={"view": "boards:trail"})
    record("account.sign_in_refused", by=None, board=board, subject=nurse)
    record("check.missed", by=None, board=board)
    client.force_login(chair)
    html = html_of(client.get(URL))
    for words in (
        "Chair · Hepatology",
        "1 patient · cases",
        "3 patients · cases",
        "boards:trail",
        "not signed in",
        "the system",
        reverse("meetings:agenda", args=[meeting.public_id]),
    ):
        assert words in html
    assert html.count(f">{nurse.name}</span>") == 2, "whose role and whose sign-in it was"
    client.force_login(administrator)
    plain = html_of(client.get(URL))
    assert (
        "meeting of" in plain and reverse("meetings:agenda", args=[meeting.public_id]) not in plain
    )


def test_a_kind_of_another_version_is_shown_by_its_code(client, board, chair):
    record("once.happened", by=chair, board=board)
    client.force_login(chair)
    assert listed(client.get(URL)) == ["once.happened"]


def test_filters_narrow_and_stay_in_the_address(client, board, chair, nurse, monkeypatch):
    monkeypatch.setattr(trail, "PER_PAGE", 2)
    for _ in range(3):
        record("check.recorded", by=nurse, board=board)
    record("check.recorded", by=chair, board=board)
    record("meeting.created", by=nurse, board=board)
    client.force_login(chair)
    asked = f"{URL}?group=monitoring&person={nurse.public_id}"
    first = client.get(asked)
    assert listed(first) == ["Recorded a check"] * 2
    following = re.search(r'rel="next" href="([^"]+)"', html_of(first))[1].replace("&amp;", "&")
    assert "group=monitoring" in following and str(nurse.public_id) in following
    assert nurse.name.replace(" ", "") not in following
    assert listed(client.get(following)) == ["Recorded a check"]


def test_what_was_done_to_a_person_is_theirs_as_well(client, board, chair, administrator, nurse):
    give_membership(by=administrator, board=board, user=nurse, role="member")
    client.force_login(chair)
    assert listed(client.get(f"{URL}?person={nurse.public_id}")) == ["Gave a role"]


def test_days_are_whole_days(client, board, chair):
    record("meeting.created", by=chair, board=board)
    today = timezone.localdate()
    client.force_login(chair)
    for since, until, found in ((0, 0, 1), (-2, -1, 0), (1, 2, 0), (-1, 1, 1)):
        days = [(today + timedelta(days=n)).isoformat() for n in (since, until)]
        response = client.get(URL, {"group": "meetings", "since": days[0], "until": days[1]})
        assert len(listed(response)) == found, (since, until)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2026-03-03", "until": "2026-03-02"}, "This day is before the first."),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"group": "made-up"}, "Select a valid choice"),
        ({"person": "somebody"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_shown(client, board, chair, asked, words):
    record("meeting.created", by=chair, board=board)
    client.force_login(chair)
    response = client.get(URL, asked)
    assert response.status_code == 422
    assert words in html_of(response) and not listed(response)


def test_nothing_found_and_nothing_yet(client, board, chair):
    client.force_login(chair)
    assert "Nothing has happened on this board yet." in html_of(client.get(URL))
    assert "Nothing on the trail is like this." in html_of(client.get(f"{URL}?group=guidance"))


def test_reading_the_trail_is_on_the_trail(client, board, chair, nurse):
    client.force_login(chair)
    client.get(URL, {"group": "reads", "person": str(nurse.public_id), "since": "2026-01-02"})
    with acting_as(chair):
        entry = TrailEntry.objects.get(kind="trail.read")
    assert (entry.actor_id, entry.board_id, entry.subject_id) == (chair.pk, board.pk, nurse.pk)
    assert entry.detail == {"group": "reads", "since": "2026-01-02", "until": "", "entries": 0}
    assert listed(client.get(URL))[0] == "Read the trail"


def test_one_board_is_shown_at_a_time_and_another_can_be_chosen(client):
    one, two = make_board("A Board"), make_board("B Board")
    chair = make_user("chair", one, two)
    record("meeting.created", by=chair, board=one)
    record("meeting.closed", by=chair, board=two)
    case = make_case(make_user("member", two), two)
    client.force_login(chair)
    first = client.get(URL)
    assert listed(first) == ["Planned a meeting"] and two.name in html_of(first)
    assert listed(client.get(f"{URL}?board={two.public_id}&group=meetings")) == ["Closed a meeting"]
    of_case = client.get(f"{URL}?case={case.public_id}")
    assert listed(of_case)[0] == "Referred a case", "a case leads to its own board"


def test_who_has_read_the_record_of_a_case(client, board, other_board, chair, member):
    case, other = make_case(member, board), make_case(member, board)
    client.force_login(member)
    client.get(reverse("cases:detail", args=[case.public_id]))
    client.get(reverse("cases:detail", args=[other.public_id]))
    assert "Who has read" not in html_of(client.get(reverse("cases:detail", args=[case.public_id])))
    client.force_login(chair)
    page = html_of(client.get(reverse("cases:detail", args=[case.public_id])))
    asked = re.search(r'href="([^"]+)">Who has read this record', page)[1].replace("&amp;", "&")
    response = client.get(asked)
    assert listed(response) == ["Opened a record"] * 3
    assert case.reference in html_of(response) and other.reference not in html_of(response)
    with acting_as(chair):
        assert TrailEntry.objects.get(kind="trail.read").patient_id == case.patient_id
    client.force_login(make_user("chair", other_board))
    assert client.get(asked).status_code == 404


def test_all_cases_of_a_patient_are_named_where_the_entry_is_about_the_patient(
    client, board, chair, member
):
    case = make_case(member, board)
    second = make_case(member, board, patient=case.patient)
    client.force_login(chair)
    html = html_of(client.get(f"{URL}?case={case.public_id}"))
    assert case.reference in html and second.reference in html


@pytest.mark.parametrize("count", [2, 20])
def test_it_costs_a_fixed_number_of_queries(client, board, chair, member, administrator, count):
    for _ in range(count):
        make_case(member, board)
        meeting = make_meeting(chair, board)
        record("meeting.created", by=chair, board=board, subject=meeting)
        nurse = make_user("nurse", board)
        give_membership(by=administrator, board=board, user=nurse, role="member")
    client.force_login(chair)
    with CaptureQueriesContext(connection) as found:
        assert client.get(URL).status_code == 200
    queries = [q["sql"] for q in found if "SAVEPOINT" not in q["sql"]]
    assert len(queries) == 9, queries
    assert not any("audit_seal" in sql for sql in queries), "the chain is not verified in a request"
