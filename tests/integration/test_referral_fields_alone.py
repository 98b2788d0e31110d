"""Every field of the referral, filled alone: it is kept and shown on the case that is made, or refused beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from accounts.acting import acting_as
from cases.forms.referral import ReferralForm
from cases.loading import load as load_record_data
from tests.factories.page_forms import FormReader
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL
from tests.integration.test_fields_alone import (
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
