"""What is typed about a patient is kept under a key that names the case, and goes with the patient."""

from __future__ import annotations

import re
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.acting import acting_as
from cases.drafting import PARTS_WITH_CASE, draft_key, names_a_case
from cases.models import AttachedGuidance, Case, Draft
from cases.services.drafts import save_draft
from cases.typed import made_for
from meetings.services.erasure import erase_patient
from tests.factories.line import make_line
from tests.factories.marked import make_marked
from tests.factories.meetings import make_draft, make_item, make_meeting, start
from tests.factories.monitoring import make_plan, use_role
from tests.factories.people import make_board
from tests.factories.record import make_case
from tests.integration.test_forms_keep import addresses, links

DRAFTED = re.compile(r'data-draft-url="([^"]+)"')
# Kept without a case: of a meeting (the case that is to be listed stands as its id), and of whoever is new.
OF_NO_CASE = {"meeting", "reply", "agenda", "referral"}
OLD = {
    "comment": "{row}",
    "condition": "{decision}",
    "dissent": "{decision}",
    "review": "{decision}:{row}",
    "plan": "{plan}:first-dose",
    "check": "{check}:result",
}


@pytest.mark.django_db
def test_every_form_of_every_page_is_kept_under_its_case(client, board):
    line = make_line(board)
    chair = line.people["chair"]
    meeting = make_meeting(chair, board, in_days=0)
    item = make_item(chair, meeting, make_case(line.people["member"], board))
    start(chair, meeting, item)
    make_draft(chair, item)
    make_case(chair, board)
    make_plan(line.people["nurse"], board)
    kinds, wrong, unknown = set(), set(), set()
    for role in ("chair", "nurse", "coordinator", "member"):
        client.force_login(line.people[role])
        for address in [*addresses(line), *links(line)]:
            answer = client.get(address)
            if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
                continue
            for url in DRAFTED.findall(answer.content.decode()):
                key = url.strip("/").split("/")[-1]
                kind, _mark, rest = key.partition(":")
                kinds.add(kind)
                unknown |= set() if made_for(key) else {key}
                assert len(key) <= Draft._meta.get_field("key").max_length
                with acting_as(chair):
                    named = (
                        Case.objects.filter(public_id=rest[:36]).exists() if rest[35:] else False
                    )
                if kind not in OF_NO_CASE and not (named and names_a_case(key)):
                    wrong.add(key)
    assert not wrong and not unknown
    assert kinds >= set(PARTS_WITH_CASE) | OF_NO_CASE | {"section", "decision", "fact"}


def test_a_key_from_before_says_to_open_the_page_anew(client, member):
    client.force_login(member)
    for kind, old in OLD.items():
        key = f"{kind}:{old}".format(**dict.fromkeys(("row", "decision", "plan", "check"), uuid4()))
        answer = client.post(reverse("cases:draft", args=[key]), {"comment": "typed"})
        assert answer.status_code == 409 and "open this page anew" in answer.content.decode()
    assert not Draft.objects.exists()
    new = reverse("cases:draft", args=[draft_key("comment", uuid4(), uuid4())])
    assert client.post(new, {"comment": "typed"}).status_code == 204


@pytest.mark.django_db
def test_an_erasure_finds_what_names_nobody():
    marked = make_marked(make_board())
    chair = marked.people["chair"]
    others = {"condition": 1, "dissent": 1, "attach": 1, "comment": 1, "review": 2, "merge": 1}
    own_end = {"plan": "first_dose", "check": "result"}
    about, elsewhere = set(), set()
    for kind in {*PARTS_WITH_CASE, "fact", "again", "merge", "decision"}:
        own = [uuid4() for _n in range(others.get(kind, 0))]
        own += [uuid4(), own_end[kind]] if kind in own_end else []
        about.add(draft_key(kind, marked.case.public_id, *own))
        elsewhere.add(draft_key(kind, uuid4(), *own))
    with acting_as(chair):
        for key in about | elsewhere:
            save_draft(by=chair, key=key, fields={"text": ["She would rather wait."]})
        erase_patient(by=chair, patient=marked.patient, reason="request")
        left = set(Draft.objects.values_list("key", flat=True))
    assert len(about) == len(elsewhere) >= 11
    assert not about & left and elsewhere <= left


MIGRATION = import_module("meetings.migrations.0018_drafts_name_their_case")


def test_what_was_typed_before_goes_on_under_its_case(committed_db):
    with transaction.atomic():
        line = make_line(make_board())
        member = line.people["member"]
        with acting_as(member):
            row = AttachedGuidance.objects.get(case=line.case)
            of = {
                "row": row.public_id,
                "decision": line.decision.public_id,
                "plan": line.plan.public_id,
                "check": line.check.public_id,
            }
            for kind, rest in OLD.items():
                key = f"{kind}:{rest.format(**of)}"
                save_draft(by=member, key=key, fields={"text": [kind]})
                nobodys = rest.format(**dict.fromkeys(of, uuid4()))
                save_draft(by=member, key=f"{kind}:{nobodys}", fields={"text": ["x"]})
            save_draft(by=member, key="condition:none", fields={})
            save_draft(by=member, key=f"section:{line.case.public_id}:tumour", fields={})
    use_role("owner")
    try:
        with transaction.atomic():
            for _again in (1, 2):
                MIGRATION.give_cases(None, SimpleNamespace(connection=connection))
    finally:
        use_role("app")
    with transaction.atomic(), acting_as(member):
        kept = dict(Draft.objects.values_list("key", "fields"))
    case = line.case.public_id
    wanted = {f"{kind}:{case}:{rest.format(**of)}": {"text": [kind]} for kind, rest in OLD.items()}
    assert kept == {**wanted, f"section:{case}:tumour": {}}
