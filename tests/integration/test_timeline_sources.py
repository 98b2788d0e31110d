"""Decisions and trends come to the picture of the history, without a query more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Analyte
from cases.selectors import case_for_page
from cases.timeline.build import history_of
from cases.timeline.sources import decided_of, drawn_columns
from cases.whole_record import fetch_record
from followup.services.protocols import load_protocols
from meetings.services.meetings import start_meeting
from meetings.views.loading import discussion_of
from tests.factories.labs import make_sample
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import queries, sign_in
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def protocols(db):
    load_protocols()


def history(user, case):
    """Return what the picture of a case shows to `user`."""
    with acting_as(user):
        found = case_for_page(user).annotate(**drawn_columns(user)).get(pk=case.pk)
        fetch_record([found.patient])
        return history_of(found, timezone.localdate(), decided_of(found))


def test_a_draft_and_a_signed_decision_are_drawn_apart(member, coordinator, chair, board):
    case = make_case(member, board)
    add_course(
        member, case, number=1, drugs=["pembrolizumab"], start=parse_partial_date("March 2025")
    )
    item = make_item(coordinator, make_meeting(coordinator, board, in_days=0), case)
    make_draft(coordinator, item)
    (draft,) = history(member, case).decisions
    assert draft.label == "Same agent: pembrolizumab, draft"
    assert not draft.standing


def test_the_signed_decision_says_who_and_when_and_shows_on_another_case(
    member, coordinator, chair, board
):
    case = make_case(member, board)
    add_course(
        member, case, number=1, drugs=["pembrolizumab"], start=parse_partial_date("March 2025")
    )
    meeting = make_meeting(coordinator, board, in_days=0)
    item = make_item(coordinator, meeting, case)
    with acting_as(coordinator):
        start_meeting(by=coordinator, meeting=meeting)
    make_signed(chair, item)
    other = make_case(member, board, patient=case.patient)
    for shown in (case, other):
        (decision,) = history(member, shown).decisions
        assert decision.standing
        assert decision.at.exact
        assert chair.name in decision.details
        assert case.reference in decision.details


def test_a_decision_of_another_board_is_not_drawn(member, coordinator, stranger, board):
    case = make_case(member, board)
    make_draft(coordinator, make_item(coordinator, make_meeting(coordinator, board), case))
    with acting_as(stranger):
        rows = case_for_page(stranger).annotate(**drawn_columns(stranger)).filter(pk=case.pk)
        assert not rows.exists()


def test_trends_are_drawn_from_the_second_value_and_marked_ones_from_the_first(member, board):
    case = make_case(member, board)
    day = date(2026, 1, 5)
    make_sample(member, case, day)
    names = [t.name for t in history(member, case).trends]
    assert names == ["LDH"]
    Analyte.objects.filter(code="platelets").update(charted=True)
    assert {"Platelets", "LDH"} == {t.name for t in history(member, case).trends}
    with acting_as(member):
        make_sample(member, case, day + timedelta(days=20))
    found = history(member, case)
    assert [t.name for t in found.trends[:3]] == ["NLR", "Platelets", "LDH"]
    nlr = found.trends[0]
    assert [v.shown for v in nlr.values] == ["4", "4"]
    assert len(found.trends) == 8
    assert "dNLR" in found.more_trends


def test_the_page_draws_it_and_costs_no_query_more(client, member, coordinator, board):
    case = make_case(member, board)
    add_course(
        member, case, number=1, drugs=["pembrolizumab"], start=parse_partial_date("March 2025")
    )
    sign_in(client, member)
    url = reverse("cases:detail", args=[case.public_id])
    client.get(url)
    before = queries(client, url)
    make_draft(coordinator, make_item(coordinator, make_meeting(coordinator, board), case))
    with acting_as(member):
        for n in range(3):
            make_sample(member, case, date(2026, 1, 5) + timedelta(days=20 * n))
    html = client.get(url).content.decode()
    assert 'data-kind="decision"' in html
    assert html.count('data-kind="trend"') == 8
    assert queries(client, url) <= max(before, 15)


def test_the_discussion_fetches_it_with_the_case(member, coordinator, board):
    case = make_case(member, board)
    item = make_item(coordinator, make_meeting(coordinator, board), case)
    make_draft(coordinator, item)
    with acting_as(coordinator):
        found = discussion_of(coordinator, item)
        assert [d.standing for d in decided_of(found.case)] == [False]
