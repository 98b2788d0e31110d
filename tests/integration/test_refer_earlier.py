"""Referrals begun when each fact had an owner of its own: taken over where one field can say it, else said."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.acting import acting_as
from cases.models import Case, Draft, FactTask
from tests.integration.test_cases_pages import HTMX, sign_in
from tests.integration.test_cases_refer import URL, typed

pytestmark = pytest.mark.django_db
DAY = "1 December 2099"


def earlier(board, owner, other=None, **changes):
    second = {"ecog": "", "ecog_state": "not_yet", "ecog_due": DAY} if other else {}
    second |= {"ecog_owner": str(other.public_id)} if other else {}
    # Of what is known nobody was asked, whatever its hidden fields held.
    hidden = {"steroid_owner": str(owner.public_id), "steroid_due": "soon"}
    first = {"pdl1_owner": str(owner.public_id), "pdl1_due": DAY}
    return typed(board, **{**hidden, **first, **second, **changes})


def opened(client, member, fields):
    key = str(uuid4())
    with acting_as(member):
        kept = {name: [value] for name, value in {**fields, "key": key}.items()}
        Draft.objects.create(user=member, key=f"referral:{key}", fields=kept)
    return sign_in(client, member).get(f"{URL}?draft={key}").content.decode()


def test_an_old_draft_keeps_the_one_who_was_asked(client, member, nurse, board):
    page = opened(client, member, earlier(board, nurse))
    assert f'<option value="{nurse.public_id}" selected' in page and f'value="{DAY}"' in page
    assert 'id="lost"' not in page


def test_an_old_draft_says_whom_no_field_can_name(client, member, nurse, chair, stranger, board):
    page = opened(client, member, earlier(board, nurse, chair))
    said = page.split('id="lost"')[1].split("</p>")[0]
    assert nurse.name in said and chair.name in said and said.count(DAY) == 2
    assert f'<option value="{nurse.public_id}" selected' not in page
    gone = opened(client, member, earlier(board, stranger, pdl1_due=""))
    assert "nobody of this board" in gone.split('id="lost"')[1].split("</p>")[0]
    now = opened(client, member, earlier(board, nurse, chair, owed_by=""))
    assert 'id="lost"' not in now, "typed into the form as it is"


def test_an_open_tab_gives_to_the_one_who_was_asked(client, member, nurse, board):
    assert sign_in(client, member).post(URL, earlier(board, nurse)).status_code == 302
    task = FactTask.objects.get(fact="pdl1_tps_initial")
    assert (task.owner, str(task.due_on)) == (nurse, "2099-12-01")


def test_an_open_tab_with_two_who_were_asked_is_asked_again(client, member, nurse, chair, board):
    sign_in(client, member)
    sent = earlier(board, nurse, chair)
    looked = client.post(URL, {**sent, "lookup": "1"}, headers=HTMX).content.decode()
    assert 'id="lost"' in looked
    answer = client.post(URL, sent)
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "not taken over" in answer.content.decode()
    assert client.post(URL, {**sent, "owed_by": ""}).status_code == 302
