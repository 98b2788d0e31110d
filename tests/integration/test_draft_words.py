"""What was typed is told in the words of the form that its key names, and of what that form offers."""

from __future__ import annotations

from html import unescape
from uuid import uuid4

import pytest
from django import forms
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import Analyte, DossierItem, ICICourse
from cases.presenters.items import course_name
from cases.services.drafts import save_draft
from cases.typed import made_for, name_of
from tests.factories.line import make_record
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_drafts import sign_in
from ui.threeway import sealed


def shown(client, user, key: str, **fields: list[str]) -> str:
    """Return the words of the page of a draft."""
    with acting_as(user):
        save_draft(by=user, key=key, fields=fields)
    page = sign_in(client, user).get(reverse("cases:draft_typed", args=[key]))
    assert page.status_code == 200
    return unescape(page.content.decode())


@pytest.mark.django_db
def test_the_key_says_which_form_it_was_and_that_offers_what_was_chosen(client, member, board):
    case = make_record(member, board)
    with acting_as(member):
        course = ICICourse.objects.get(patient=case.patient)
    at = f"section:{case.public_id}"
    page = shown(
        client,
        member,
        f"{at}:iraes:{uuid4()}",
        entity=["pneumonitis"],
        course=[str(course.public_id)],
        recurrence_of=[str(uuid4())],
        severity_word=["on"],
    )
    assert "Pneumonitis" in page and course_name(course) in page
    # What is offered no more is a choice all the same, and a word is no tick.
    assert "Came back after" in page and "a choice" in page
    assert '<dd class="app-typed">on</dd>' in " ".join(page.split()) or ">on<" in page
    # Fields that another form has as well are told by the form of the key.
    page = shown(client, member, f"{at}:courses:new", drug_1=["pembrolizumab"], cycles=["4"])
    assert "Pembrolizumab (PD-1)" in page
    page = shown(client, member, f"{at}:treatment:{uuid4()}", kind=["chemotherapy"])
    assert "Chemotherapy" in page


@pytest.mark.django_db
def test_who_finds_something_out_is_told_by_name(client, member, chair, board):
    case = make_case(member, board)
    key = f"section:{case.public_id}:fitness"
    owed = {"ecog_owed_by": [str(chair.public_id)], "ecog_owed_on": ["3 March 2026"]}
    page = shown(client, member, key, ecog=["not_done"], **owed, version=["1"])
    page = shown(client, member, f"{key}~windowa", ecog=["1"], **owed)
    assert "who finds it out" in page and chair.name in page and "3 March 2026" in page
    page = shown(client, member, f"fact:{case.public_id}:ecog", owner_id=[str(chair.public_id)])
    assert chair.name in page


@pytest.mark.django_db
def test_of_a_case_no_longer_seen_a_choice_is_told_and_not_what_it_stood_for(
    client, member, board, other_board
):
    stranger = make_user("member", other_board)
    case = make_record(stranger, other_board)
    with acting_as(stranger):
        course = ICICourse.objects.get(patient=case.patient)
        name = course_name(course)
    item, analyte = DossierItem.objects.first(), Analyte.objects.first()
    for key, fields in {
        "iraes:new": {"course": [str(course.public_id)], "entity": ["pneumonitis"]},
        "question": {"course": [str(course.public_id)]},
        f"iraes:dossier:{uuid4()}": {item.code: ["27"]},
        "labs:sample": {f"value_{analyte.code}": ["27"]},
        "labs:new": {"analyte": [analyte.code]},
    }.items():
        page = _of_another(client, member, f"section:{case.public_id}:{key}", fields)
        told = {"iraes:new": "a choice", "question": "a choice"}
        wanted = told.get(key) or (item.label if "dossier" in key else analyte.label)
        assert wanted in page and name not in page, key
    fact = _of_another(client, member, f"fact:{case.public_id}:ecog", {"owner_id": [str(uuid4())]})
    assert "a choice" in fact


def _of_another(client, user, key: str, fields: dict[str, list[str]]) -> str:
    """Return the page of a draft whose form was empty when it was opened."""
    return shown(client, user, key, **fields, opened=[sealed(forms.Form(), key)])


@pytest.mark.django_db
def test_a_referral_names_its_drugs_with_and_without_a_board_to_refer_to(
    client, member, board, other_board
):
    page = shown(client, member, "referral:0c", drug_1=["pembrolizumab"])
    assert "Pembrolizumab" in page
    nurse = make_user("nurse", other_board)
    page = shown(client, nurse, "referral:0d", family_name=["Halfway"])
    assert "Halfway" in page


def test_a_form_is_known_by_its_key_and_an_unknown_one_is_told_by_its_names():
    case, row = uuid4(), uuid4()
    assert name_of(f"section:{case}:iraes:dossier:{row}") == ("section:iraes:dossier", "section")
    assert name_of(f"fact:{case}:ecog") == ("fact:ecog", "fact")
    assert made_for(f"section:{case}:nonsense") is None
    for key in ("plan:{}:{}:irae", "check:{}:{}:assign", "decision:{}", "dissent:{}:{}"):
        assert made_for(key.format(case, row)) is not None
