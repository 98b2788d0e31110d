"""Filters that somebody keeps: codes alone, under a name that nobody else sees and no address carries."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.policies import NotAllowed
from audit.models import TrailEntry
from cases.filtering import UnknownFilter
from cases.models import SavedFilter
from cases.services.filters import (
    MOST_FILTERS,
    NameIsTaken,
    NothingFiltered,
    TooManyFilters,
    remove_filter,
    save_filter,
)
from tests.factories.people import make_user
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
LIST = "cases:list"
MINE = "Mrs Plantedname's ward"


def sign_in(client, user):
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(query=""):
    return reverse(LIST) + (f"?{query}" if query else "")


def removal(public_id, query=""):
    return reverse("cases:filter_remove", args=[public_id]) + (f"?{query}" if query else "")


def test_only_known_parameters_are_kept_in_one_order(member, board):
    given = {"stopped": "irae", "s": "1", "after": "x", "before": "y", "odd": "z", "state": "ready",
             "board": str(board.public_id)}  # fmt: skip
    saved = save_filter(by=member, name="  Ready   ones ", given=given)
    assert (saved.name, saved.query) == (
        "Ready ones",
        f"state=ready&board={board.public_id}&stopped=irae",
    )


@pytest.mark.parametrize(
    "given", [{"state": "odd"}, {"stopped": "ready"}, {"board": "1"}, {"state": "ready'--"}]
)
def test_values_that_the_list_does_not_know_are_refused(member, given):
    with pytest.raises(UnknownFilter):
        save_filter(by=member, name="x", given=given)
    assert not SavedFilter.objects.exists()


def test_a_board_of_others_is_refused(member, other_board):
    with pytest.raises(UnknownFilter):
        save_filter(by=member, name="x", given={"board": str(other_board.public_id)})


@pytest.mark.parametrize("given", [{}, {"s": "1"}, {"state": ""}])
def test_nothing_is_no_filter(member, given):
    with pytest.raises(NothingFiltered):
        save_filter(by=member, name="x", given=given)


def test_a_name_is_taken_once_and_the_same_again_changes_nothing(member):
    first = save_filter(by=member, name="Ready", given={"state": "ready"})
    assert save_filter(by=member, name="ready", given={"state": "ready"}) == first
    with pytest.raises(NameIsTaken):
        save_filter(by=member, name="READY", given={"state": "listed"})
    assert SavedFilter.objects.count() == 1


def test_no_more_are_kept_than_a_page_shows(member, board):
    for n in range(MOST_FILTERS):
        save_filter(by=member, name=f"Filter {n}", given={"state": "ready"})
    with pytest.raises(TooManyFilters):
        save_filter(by=member, name="One more", given={"state": "ready"})
    assert save_filter(by=member, name="Filter 3", given={"state": "ready"})
    other = make_user("member", board)
    with acting_as(other):
        assert save_filter(by=other, name="Filter 3", given={"state": "ready"})


def test_only_who_may_see_cases_keeps_filters_of_them(board):
    curator = make_user("curator", board)
    set_acting(curator)
    with pytest.raises(NotAllowed):
        save_filter(by=curator, name="x", given={"state": "ready"})
    with pytest.raises(NotAllowed):
        remove_filter(by=curator, public_id="00000000-0000-4000-8000-000000000000")


def test_a_filter_is_its_owners_alone(client, member, board):
    saved = save_filter(by=member, name=MINE, given={"state": "ready"})
    colleague = make_user("chair", board)
    with acting_as(colleague):
        assert not SavedFilter.objects.exists()
        assert not remove_filter(by=colleague, public_id=saved.public_id)
    sign_in(client, colleague)
    assert "Plantedname" not in client.get(at()).content.decode()
    assert client.post(removal(saved.public_id)).status_code == 302
    set_acting(member)
    assert SavedFilter.objects.get() == saved


def test_it_is_saved_from_the_list_shown_as_a_link_and_removed(client, member, board):
    case = make_case(member, board)
    sign_in(client, member)
    html = client.get(at("state=ready")).content.decode()
    assert "Save this filter" in html and "Name of this filter" in html
    for _press in range(2):
        answer = client.post(at("state=ready&after=x"), {"name": MINE})
        assert (answer.status_code, answer.url) == (302, at("state=ready"))
    assert "Plantedname" not in str(client.session.items()) + str(client.cookies)
    html = client.get(at()).content.decode()
    assert "Save this filter" not in html, "nothing is filtered"
    assert html.count(f'href="{at("state=ready")}"') == 2, "the tab and the saved filter"
    assert "Mrs Plantedname&#39;s ward" in html and case.reference in html
    assert not any("lantedname" in href for href in re.findall(r'(?:href|action)="([^"]*)"', html))
    html = client.get(at("state=ready")).content.decode()
    assert "Save this filter" not in html, "it is kept already"
    (action,) = re.findall(r'action="([^"]*/remove[^"]*)"', html)
    for _press in range(2):
        answer = client.post(action.replace("&amp;", "&"))
        assert (answer.status_code, answer.url) == (302, at("state=ready"))
    assert "Plantedname" not in client.get(at("state=ready")).content.decode()
    assert "Plantedname" not in str(list(TrailEntry.objects.values_list("detail", "subject_id")))


def test_faults_stand_beside_the_name_and_what_was_typed_stays(client, member):
    save_filter(by=member, name="Ready", given={"state": "ready"})
    sign_in(client, member)
    for name, words in (
        ("", "Enter a name for this filter"),
        ("ready", "Another filter of yours has this name"),
        ("x" * 61, "60"),
    ):
        answer = client.post(at("state=listed"), {"name": name})
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html
        assert 'id="id_name-error"' in html and f'value="{name}"' in html
        assert re.search(r'<details class="app-fold[^"]*" open', html)
    answer = client.post(at(), {"name": "All of it"})
    assert answer.status_code == 422
    assert "Choose what the list is filtered by first" in answer.content.decode()
    for n in range(MOST_FILTERS - 1):
        save_filter(by=member, name=f"{n}", given={"state": "ready"})
    html = client.post(at("state=listed"), {"name": "More"}).content.decode()
    assert "You keep 30 filters already" in html


def test_values_and_boards_that_are_gone_are_said_and_can_be_removed(client, member, board):
    SavedFilter.objects.create(user=member, name="Old one", query="state=forgotten")
    html = sign_in(client, member).get(at()).content.decode()
    assert "Old one" in html and "shows nothing any more" in html
    assert "forgotten" not in html
    assert client.get(at("state=forgotten")).status_code == 404
    assert client.post(at("state=forgotten"), {"name": "x"}).status_code == 404
    row = SavedFilter.objects.get()
    answer = client.post(removal(row.public_id, "state=forgotten"))
    assert (answer.status_code, answer.url) == (302, at())
    assert not SavedFilter.objects.exists()


def test_who_may_see_no_case_reaches_neither_address(client, board, member):
    saved = save_filter(by=member, name="Ready", given={"state": "ready"})
    sign_in(client, make_user("curator", board))
    assert client.post(at("state=ready"), {"name": "x"}).status_code == 403
    assert client.post(removal(saved.public_id)).status_code == 403
    assert client.get(removal(saved.public_id)).status_code in (403, 405)


def test_a_search_is_no_filter(client, member):
    answer = sign_in(client, member).post(reverse("cases:search"), {"query": "Nobody"})
    html = client.get(answer.url).content.decode()
    assert "Save this filter" not in html
    client.post(answer.url, {"name": "x"})
    assert not SavedFilter.objects.exists()
