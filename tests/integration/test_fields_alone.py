"""Every field of every form of the record, filled alone: it is kept and shown on the case, or refused beside it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import CaseSection, IrAE
from cases.services.history import save_irae
from tests.factories.page_forms import Control, FormReader
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import HTMX, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from cases.models import Case

pytestmark = pytest.mark.django_db
DAY, NUMBER, WORDS = "5 March 2024", "3", "Wordsofone"
STATES = {"not_yet", "unknown", "not_applicable"}
# What a field takes that refuses words, by what it says of them.
TAKEN_INSTEAD = (
    ("date", DAY),
    ("number", NUMBER),
    ("value", NUMBER),
    ("https", "https://pacs.example.org/x"),
)


@dataclass(frozen=True)
class Place:
    """A form by its address behind the case's, and what has to be in it for anything to be kept."""

    base: dict[str, Any] = field(default_factory=dict)


# Who finds a fact out stands filled in beside each, and counts where it is open: see test_owed_in_forms.
OWING = ("_owed_by", "_owed_on")
# Of each analyte one unit is chosen in any case.
UNIT = "unit_"
PLACES: dict[str, Place] = {
    "sections/question": Place({"question": "May it be given?"}),
    "sections/patient": Place(),
    "sections/tumour": Place(),
    "sections/fitness": Place(),
    "parts/background": Place(),
    "parts/metastases": Place(),
    "parts/drivers": Place(),
    "courses/add": Place({"drug_1": "ipilimumab", "after": "1"}),
    "treatment/add": Place({"kind": "radiotherapy"}),
    "responses/add": Place(),
    "iraes/add": Place({"entity": "colitis"}),
    "steroids/add": Place({"drug": "prednisolone"}),
    "immunosuppressants/add": Place({"drug": "infliximab"}),
    "biomarkers/add": Place({"measured": "pdl1_tps", "value": "60"}),
    "reports/add": Place({"title": "CT chest", "text": "As before"}),
    "organs": Place(),
    "labs/add": Place({"taken_on": "1 October 2026", "value_ldh": "200", "unit_ldh": "U/L"}),
    "dossier": Place(),
}


@pytest.fixture
def case(member, board) -> Case:
    load_record_data()
    case = make_case(member, board)
    add_course(member, case, drugs=["pembrolizumab"], start=None, start_state="unknown")
    return case


def address(case: Case, place: str) -> str:
    """Return where a form is; that of a dossier is of the one event."""
    at = reverse("cases:detail", args=[case.public_id])
    if place != "dossier":
        return f"{at}{place}"
    return f"{at}iraes/{IrAE.objects.get().public_id}/dossier"


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what is saved inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text_of(answer: Any) -> str:
    """Return the text of a section as it is after a save, without versions and times of day."""
    text = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    text = re.sub(r"version \d+|\d\d:\d\d", " ", text)
    return " ".join(text.split())


def first_tries(control: Control) -> list[str]:
    """Return what a field is filled with first: of a list what says something, else words."""
    if control.kind == "file":
        return []
    if control.kind == "checkbox" and len(control.offers) == 1:
        return [] if control.shows else [control.offers[0]]
    if control.offers:
        return [v for v in control.offers if v and v not in {*STATES, *control.shows}][:1]
    return [WORDS]


def next_try(value: str, refused: str) -> str | None:
    """Return what a field of text takes instead of words, by what it answered."""
    if value != WORDS:
        return None
    found = (typed for sign, typed in TAKEN_INSTEAD if sign in refused)
    return next(found, None)


def errors_of(answer: Any) -> str:
    found = re.findall(r"app-errors__list.*?</ul>", answer.content.decode(), re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", " ".join(found))).split())


def send(client: Client, case: Case, place: str, sent: dict[str, Any]) -> tuple[int, str]:
    """Send a form, and undo what it did; return the status, and what the case says then or what is wrong."""
    with taken_back():
        answer = client.post(address(case, place), sent, headers=HTMX)
        return answer.status_code, text_of(answer) if answer.status_code == 200 else errors_of(
            answer
        )


def unheard(client: Client, case: Case, place: str) -> dict[str, str]:
    """Return the fields of a form that neither are shown nor refused when one alone is filled, and what was typed."""
    page = client.get(address(case, place)).content.decode()
    form = next(f for f in FormReader(page).forms if "version" in f.hidden)
    standing = {n: c.shows for n, c in form.controls.items() if c.shows and c.shows != [""]}
    base = {**form.hidden, **standing, **PLACES[place].base}
    status, before = send(client, case, place, base)
    assert status == 200, before
    lost: dict[str, str] = {}
    tried = 0
    for name, control in form.controls.items():
        if name in PLACES[place].base or name.endswith(OWING) or name.startswith(UNIT):
            continue
        values = first_tries(control)
        while values:
            value = values.pop()
            status, text = send(client, case, place, {**base, name: value})
            tried += 1
            if status == 422 and (other := next_try(value, text)):
                values.append(other)
            elif status == 200 and text == before:
                lost[name] = value
            else:
                assert status in (200, 422), (name, status)
    assert tried
    return lost


@pytest.mark.parametrize("place", PLACES)
def test_a_field_alone_is_kept_and_shown_or_refused(client, member, case, place):
    if place == "dossier":
        values = {"organ": "lung", "entity": "pneumonitis", "ctcae_version": "5.0"}
        with acting_as(member):
            version = CaseSection.objects.get(case=case, key="iraes").version
            save_irae(by=member, case=case, version=version, values=values)
    sign_in(client, member)
    with acting_as(member):
        lost = unheard(client, case, place)
    assert not lost, str(lost)
