"""What meetings and letters say of a patient's irAEs, and of an empty list of them."""

from __future__ import annotations

import pytest

from accounts.acting import set_acting
from cases.models import OrganReview
from cases.services.facts import refresh_facts
from cases.vocabulary import Organ
from meetings.letters.content import letter_content
from meetings.presenters.cases import case_line
from meetings.selectors import decision_for_signing, quorum_of
from tests.factories.meetings import make_draft, make_item, make_meeting
from tests.factories.monitoring import make_irae
from tests.factories.record import make_case
from tests.integration.meetings.browsing import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(chair, board):
    set_acting(chair)
    return make_item(chair, make_meeting(chair, board), make_case(chair, board))


def ask(by, case, organs) -> None:
    for organ in organs:
        OrganReview.objects.create(
            patient=case.patient, organ=organ, asked_on="2026-01-01", asked_by=by
        )
    refresh_facts(case=type(case).objects.get(pk=case.pk))


def told(case) -> str:
    return case_line(type(case).objects.get(pk=case.pk)).no_irae


def letter_row(chair, item) -> str:
    decision = make_draft(chair, item)
    decision = decision_for_signing(decision.pk)
    decision.signed_at = decision.changed_at
    facts = refresh_facts(case=decision.case).as_facts()
    content = letter_content(decision, quorum_of(decision.meeting, decision.case), facts)
    return dict(content["patient"])["Immune-related adverse events"]


def test_an_empty_list_is_none_only_where_every_organ_was_asked(client, chair, item):
    assert "none entered; not all organs asked" in text_of(
        page(client, chair, "agenda", item.meeting.public_id)
    )
    organs = list(Organ.values)
    ask(chair, item.case, organs[1:])
    assert told(item.case) == "none entered; not all organs asked"
    ask(chair, item.case, organs[:1])
    assert told(item.case) == "none"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (0, "none; every organ was asked about"),
        (1, "none entered; 1 organ not asked about"),
        (3, "none entered; 3 organs not asked about"),
    ],
)
def test_the_letter_says_how_many_organs_were_not_asked(chair, item, left, words):
    ask(chair, item.case, list(Organ.values)[left:])
    assert letter_row(chair, item) == words


def test_an_event_of_unknown_grade_is_named_beside_the_worst_of_the_known(client, chair, item):
    make_irae(chair, item.case, "rash", organ="skin", worst_grade=1)
    make_irae(chair, item.case, "myocarditis", organ="heart", worst_grade=None)
    line = case_line(type(item.case).objects.get(pk=item.case.pk))
    assert (line.irae, line.grade) == ("Rash, maculopapular", 1)
    assert line.ungraded == ("Myocarditis",)
    shown = text_of(page(client, chair, "agenda", item.meeting.public_id))
    assert 'Myocarditis</span> <span class="app-grade app-grade--none">?' in shown


def test_a_single_event_of_unknown_grade_is_named_once(chair, item):
    make_irae(chair, item.case, "myocarditis", organ="heart", worst_grade=None)
    line = case_line(type(item.case).objects.get(pk=item.case.pk))
    assert (line.irae, line.grade, line.ungraded) == ("Myocarditis", None, ())
