"""Pages of meetings as somebody opens and sends them."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import IrAE
from cases.services.tasks import owe_fact
from tests.factories.meetings import make_item
from tests.factories.record import CANARY, make_case

NAME = CANARY.upper()
HTMX = {"HTTP_HX_REQUEST": "true"}
READERS = ("member", "chair", "coordinator", "nurse", "registry")
ALL = (*READERS, "curator", "administrator")


def page(client, user, name, *args, **extra):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(reverse(f"meetings:{name}" if name != "home" else name, args=args), **extra)


def send(client, user, name, *args, data=None, **extra):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.post(reverse(f"meetings:{name}", args=args), data or {}, **extra)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def page_again(client, name, *args):
    return client.get(reverse(f"meetings:{name}" if name != "home" else name, args=args))


def queries(client, user, name, *args) -> int:
    page(client, user, name, *args)
    with CaptureQueriesContext(connection) as found:
        assert page_again(client, name, *args).status_code == 200
    return len([q for q in found if "SAVEPOINT" not in q["sql"]])


def fill(coordinator, meeting, cases: int) -> None:
    for i in range(cases):
        case = make_case(coordinator, meeting.board)
        IrAE.objects.create(
            patient=case.patient,
            organ="lung" if i % 2 else "colon",
            entity="pneumonitis" if i % 2 else "colitis",
            ctcae_version="5.0",
            worst_grade=2,
            worst_grade_state="known",
        )
        owe_fact(by=coordinator, case=case, fact="ecog", owner=coordinator, due_on=None)
        make_item(coordinator, meeting, case)
        waiting = make_case(coordinator, meeting.board)
        owe_fact(by=coordinator, case=waiting, fact="ecog", owner=None, due_on=None)
