"""Pages of monitoring as somebody opens and sends them."""

from __future__ import annotations

from django.urls import reverse

from accounts.acting import acting_as

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(client, user, name, *args, **extra):
    client.force_login(user)
    return client.get(reverse(f"followup:{name}", args=args) + extra.pop("query", ""), **extra)


def post(client, user, name, *args, data=None, **extra):
    client.force_login(user)
    return client.post(reverse(f"followup:{name}", args=args), data or {}, **extra)


def read(user, row):
    with acting_as(user):
        return type(row).objects.get(pk=row.pk)
