"""An irAE outside the list that is seen under monitoring is asked for by name and organ, as in the record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.bulk.exporting import exported
from cases.bulk.writing import written
from cases.models import Case, IrAE
from followup.forms.plans import IraeForm
from tests.factories.monitored import page, post
from tests.factories.monitoring import day, make_irae, make_plan, today
from tests.factories.people import make_board, make_user
from tests.factories.spreadsheets import counts, dump, imported, told
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
ASKED = {
    "entity_text": "Which event: enter its name",
    "organ": "Which organ: choose the one it affected, or that it was several or cannot be told",
}


@pytest.fixture
def plan(board, nurse, chair, coordinator):
    return make_plan(nurse, board, dosed=6)


def sent(plan, **typed):
    with acting_as(plan.opened_by):
        version = plan.case.sections.get(key="iraes").version
    told = {"version": version, "entity": "autoimmune_other", "grade": "1", "ctcae_version": "5.0"}
    return {**told, **typed}


def form(others=(), **typed):
    return IraeForm(
        {"version": "1", "grade": "1", "ctcae_version": "5.0", **typed},
        today=today(),
        others=others,
    )


def test_name_and_organ_are_asked_and_written(client, nurse, plan):
    refused = post(client, nurse, "irae", plan.public_id, data=sent(plan))
    assert refused.status_code == 422
    html = refused.content.decode()
    assert all(words in html for words in ASKED.values())
    typed = sent(plan, entity_text="Aseptic meningitis", organ="brain", onset=day(-2).isoformat())
    assert post(client, nurse, "irae", plan.public_id, data=typed).status_code == 302
    with acting_as(nurse):
        row = IrAE.objects.get(entity="autoimmune_other")
        case = Case.objects.get(pk=plan.case_id)
    assert (row.entity_text, row.organ) == ("Aseptic meningitis", "brain")
    # Of the brain any grade counts.
    assert (case.state, case.returned_reason) == ("returned", "new_irae")


def test_the_page_asks_without_script_and_keeps_what_was_typed(client, nurse, plan):
    html = page(client, nurse, "irae", plan.public_id).content.decode()
    assert html.count('name="entity_text"') == html.count('name="organ"') == 1
    assert html.index('name="entity"') < html.index('name="organ"') < html.index('name="grade"')
    typed = sent(plan, entity="colitis", entity_text="Scleritis")
    html = post(client, nurse, "irae", plan.public_id, data=typed).content.decode()
    assert "app-unlisted--told" in html and 'value="Scleritis"' in html
    assert "only another event has a name of its own" in html


def test_an_event_of_the_list_needs_neither(client, nurse, plan):
    answer = post(client, nurse, "irae", plan.public_id, data=sent(plan, entity="rash"))
    assert answer.status_code == 302
    with acting_as(nurse):
        row = IrAE.objects.get(entity="rash")
    assert (row.entity_text, row.organ) == ("", "skin")


def test_a_name_that_the_list_has_is_chosen_there():
    refused = form(entity="autoimmune_other", entity_text="ITP", organ="blood")
    assert refused.errors["entity_text"] == [
        "Which event: “Thrombocytopenia” is on the list: choose it there"
    ]
    assert "organ" in form(entity="colitis", organ="brain").errors


def test_an_onset_before_another_event_outside_the_list_is_no_oddity(nurse, plan):
    first = make_irae(nurse, plan.case, "autoimmune_other", organ="eye", entity_text="Scleritis")
    first.onset = parse_partial_date(day(-2).isoformat())
    typed = {"entity": "autoimmune_other", "organ": "eye", "onset": day(-5).isoformat()}
    assert form([first], **typed, entity_text="Keratitis").is_valid()
    again = form([first], **typed, entity_text="scleritis ")
    assert "before the first scleritis" in again.errors["onset"][0]


def test_a_draft_of_it_is_told_in_the_words_of_the_form(client, nurse, plan):
    key = f"plan:{plan.case.public_id}:{plan.public_id}:irae"
    typed = {"entity": "autoimmune_other", "entity_text": "Aseptic meningitis", "organ": "brain"}
    client.force_login(nurse, "allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("cases:draft", args=[key]), typed)
    html = client.get(reverse("cases:draft_typed", args=[key])).content.decode()
    for words in ("Which event, if another", "Aseptic meningitis", "Brain and spinal cord"):
        assert words in html


def test_its_spreadsheet_tells_name_and_organ_and_changes_nothing(client, nurse, board, plan):
    typed = sent(plan, entity_text="Aseptic meningitis", organ="brain", onset=day(-2).isoformat())
    post(client, nurse, "irae", plan.public_id, data=typed)
    by = make_user("coordinator", board)
    with acting_as(by):
        rows = exported(by, board).rows
        before = dump(board)
        (event,) = (row for row in rows["iraes"] if row["entity"] == "autoimmune_other")
        assert (event["entity_text"], event["organ"]) == ("Aseptic meningitis", "brain")
        outcome = imported(by, board, written(rows, "xlsx"))
        assert not told(outcome)
        assert all(key.endswith("_same") for key in counts(outcome))
        assert dump(board) == before
    elsewhere = make_board("South")
    other = make_user("coordinator", elsewhere)
    for row in (row for sheet in rows.values() for row in sheet):
        row["hospital_number"] = "N 999"
    with acting_as(other):
        assert not told(imported(other, elsewhere, written(rows, "csv")))
        copy = IrAE.objects.get(entity="autoimmune_other")
    assert (copy.entity_text, copy.organ, copy.worst_grade) == ("Aseptic meningitis", "brain", 1)
