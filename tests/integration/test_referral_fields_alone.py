"""Every field of the referral, filled alone: it is kept and shown on the case that is made, or refused beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from accounts.acting import acting_as
from cases.forms.referral import ReferralForm
from cases.loading import load as load_record_data
from cases.models import Case
from tests.factories.page_forms import FormReader
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL
from tests.integration.test_fields_alone import (
    DAY,
    errors_of,
    first_tries,
    next_try,
    taken_back,
    text_of,
)

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
# What says nothing by itself, and why that is no loss.
SILENT = {
    "board": "which board the case goes to stands on it in any case",
    "owed_by": "gives to somebody what is “not yet”: alone there is nothing to give",
    "owed_on": "stands there filled in, and counts where somebody is chosen",
    "sex": "unknown is what nobody said",
    "national_scheme": "the kind of a number that is not there",
    "urgency": "the next meeting is what stands there",
}


def base(board: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()), "board": str(board.public_id), "hospital_number": "0047 2213",
        "family_name": "Sample", "given_name": "Margaret", "stop_reason": "completed",
        "proposed_regimen": "undecided", "question": "May it be resumed?", "urgency": "meeting",
    }  # fmt: skip


def send(client: Client, sent: dict[str, Any]) -> tuple[int, str]:
    """Refer, and undo it; return the status, and what the case says or what is wrong."""
    with taken_back():
        answer = client.post(URL, sent)
        if answer.status_code != 302:
            return answer.status_code, errors_of(answer)
        return 302, text_of(client.get(answer.url))


def test_a_field_alone_is_kept_and_shown_or_refused(client, member, board):
    load_record_data()
    sign_in(client, member)
    typed = base(board)
    page = client.get(URL).content.decode()
    form = next(f for f in FormReader(page).forms if "question" in f.controls)
    lost: dict[str, str] = {}
    refused: set[str] = set()
    with acting_as(member):
        status, before = send(client, typed)
        assert status == 302, before
        for name, control in form.controls.items():
            values = [] if name in {*typed, *SILENT} else first_tries(control)
            while values:
                value = values.pop()
                status, text = send(client, {**typed, name: value})
                if status == 422 and (other := next_try(value, text)):
                    values.append(other)
                elif status == 302 and text == before:
                    lost[name] = value
                elif status == 422:
                    refused.add(name)
    assert not lost, str(lost)
    # With a script the state is "known" by then: the same is asked for.
    assert {"severity_word", "entity_text", "organ", "ctcae_version", "imaged"} <= refused


@pytest.mark.parametrize("state", ["", "known"])
@pytest.mark.parametrize("fact", ReferralForm.stated_beside)
def test_what_stands_beside_a_fact_asks_for_its_value(client, member, board, fact, state):
    form = ReferralForm(boards=[board])
    for name in form.stated_beside[fact]:
        choices = [code for code, _label in getattr(form.fields[name], "choices", ()) if code]
        value = choices[0] if choices else "on" if name == "steroid_only" else "5 March 2024"
        sent = {**base(board), name: value, f"{fact}_state": state}
        found = ReferralForm(sent, boards=[board])
        assert fact in found.errors, name


# What is typed beside a fact, and what the page says of it where it is kept.
BESIDE = {
    "ecog": {"ecog": "2", "ecog_on": DAY},
    "pdl1": {"pdl1": "60", "pdl1_assay": "22C3"},
    "pdl1_recent": {"pdl1_recent": "40", "pdl1_recent_on": DAY, "pdl1_recent_assay": "SP263"},
    "steroid": {
        "steroid": "20", "steroid_drug": "prednisolone", "steroid_name": "Deflazacort", "steroid_peak": "0",
        "steroid_purpose": "irae", "steroid_only": "on",
    },
}  # fmt: skip
KEPT_BESIDE = {"ecog_on", "pdl1_assay", "pdl1_recent_on", "pdl1_recent_assay"}


def test_all_that_stands_beside_a_fact_is_walked():
    told = {fact: {fact, *names} for fact, names in ReferralForm.stated_beside.items()}
    assert {fact: {*names} for fact, names in BESIDE.items()} == told


@pytest.mark.parametrize("fact", BESIDE)
@pytest.mark.parametrize("state", ["not_yet", "unknown"])
def test_what_stands_beside_the_word_that_nobody_knows_is_kept_and_shown_or_refused(
    client, member, board, fact, state
):
    load_record_data()
    sign_in(client, member)
    typed = {**base(board), f"{fact}_state": state}
    with acting_as(member):
        status, before = send(client, typed)
        assert status == 302, before
        kept = set()
        for name, value in BESIDE[fact].items():
            status, text = send(client, {**typed, name: value})
            if status == 302:
                assert text != before, name
                kept.add(name)
        assert kept == KEPT_BESIDE & {*BESIDE[fact]}


@pytest.mark.parametrize(("state", "word"), [("not_yet", "Not yet"), ("unknown", "Unknown")])
def test_a_steroid_that_nobody_knows_has_no_drug_and_what_was_typed_stays(
    client, member, board, state, word
):
    sign_in(client, member)
    told = {"steroid_drug": "other", "steroid_name": "Deflazacort", "steroid_peak": "70"}
    answer = client.post(URL, {**base(board), "steroid_state": state, "steroid": "20", **told})
    html = answer.content.decode()
    assert answer.status_code == 422 and not Case.objects.exists()
    words = f"Steroid now is “{word}”: clear this, or choose “Known” and enter the dose"
    for name, value in told.items():
        error = html.split(f'id="id_{name}-error"')[1].split("</p>")[0]
        assert words in error and "enter its name" not in error, name
        assert f'value="{value}"' in html
    of_dose = html.split('id="id_steroid-error"')[1].split("</p>")[0]
    assert f"Steroid now is “{word}”: clear the value, or choose “Known”" in of_dose


@pytest.mark.parametrize("words", [{"alternatives": "trial"}, {"alternatives_text": "docetaxel"}])
def test_no_alternative_beside_one_is_refused(client, member, board, words):
    sign_in(client, member)
    told = {
        name: ["none", value] if name == "alternatives" else value for name, value in words.items()
    }
    answer = client.post(URL, {**base(board), "alternatives": ["none"], **told})
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="id_alternatives-error"' in html
    assert not Case.objects.exists()
    for told in ({"alternatives": ["none"]}, words):
        assert send(client, {**base(board), **told})[0] == 302
