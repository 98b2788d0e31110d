"""Forms that keep what is typed: opened as their user left them, whichever application they belong to.

A form is drawn by the macro `drafted_form`, which sends what is typed to `cases:draft`; it is made anew
from that by `form_of` or `open_form`. A test lists every form with fields of every page and refuses one that does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.crypto import salted_hmac

from cases.selectors import drafts_of
from cases.services.drafts import Window, save_draft, stamp_of
from ui.formatting import time
from ui.forms import as_sent, typed_values

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from accounts.access import UserRequest
    from cases.models import Draft

F = TypeVar("F", bound="forms.Form")
# Makes a form of what was sent, or None, and of initial values that go before its own.
Make = Callable[[Any, dict[str, Any]], F]
# The version is that of the row as it is shown now, and not as it was shown when something was typed.
NEVER_KEPT = frozenset({"version"})
# The field in which a form carries the stamp of the draft that it shows.
KNOWN = "draft_known"
LARGEST, MOST_FIELDS = 100_000, 200
LEFT_OUT = {"csrfmiddlewaretoken", "next", "reshape", "lookup", KNOWN}
SALT = "cases.drafting"
# The word that an open page draws for itself.
WINDOW = re.compile(r"[a-z0-9]{6,16}")
# Forms of what belongs to a case: after the word of each come the id of the case, then so many that are its own.
PARTS_WITH_CASE = {
    "attach": 2, "comment": 2, "condition": 2, "dissent": 2, "review": 3, "plan": 3, "check": 3,
}  # fmt: skip


@dataclass(frozen=True)
class FormDraft:
    """Under which key a form is kept, the time of day when it was kept last, "" for never, and its stamp."""

    key: str
    saved: str = ""
    stamp: str = ""
    # Whether another window holds another text of the same form.
    two: bool = False

    @classmethod
    def of(cls, key: str, draft: Draft | None) -> FormDraft:
        """Return what a form shows of its draft, if there is one."""
        if draft is None:
            return cls(key)
        return cls(key, time(draft.saved_at), stamp_of(draft), getattr(draft, "two", False))


def window_of(request: HttpRequest) -> Window | None:
    """Return the window from which something is sent: as its script names it, else the draft that its form shows."""
    name = request.headers.get("X-Draft-Window", "")
    if WINDOW.fullmatch(name):
        return Window(name, request.headers.get("X-Draft-Known", ""))
    known = request.POST.get(KNOWN)
    return None if known is None else Window("", known)


def fields_sent(request: HttpRequest) -> dict[str, list[str]] | None:
    """Return the fields of a form as they are kept while it is typed; None where they are too much for a draft."""
    fields = {k: v for k, v in request.POST.lists() if k not in LEFT_OUT}
    size = sum(len(value) for values in fields.values() for value in values)
    return None if size > LARGEST or len(fields) > MOST_FIELDS else fields


def digest_of(request: HttpRequest) -> str:
    """Return a keyed digest of what was sent to a form: by it the same is told from something else."""
    fields = {k: v for k, v in request.POST.lists() if k not in LEFT_OUT}
    return salted_hmac(SALT, json.dumps(fields, sort_keys=True)).hexdigest()


def keep_sent(request: UserRequest, key: str, fields: dict[str, list[str]]) -> None:
    """Keep what was sent without scripts to a form that is not there any more, over nothing that is kept already.

    Raises TooManyDrafts.
    """
    window = window_of(request) or Window("")
    window = window if window.name else Window(token_hex(6), window.known)
    save_draft(by=request.user, key=key, fields=fields, window=window)


def draft_key(*parts: object) -> str:
    """Return the key of a form's draft: a word, then ids and codes; of what is about a patient, the case's first."""
    return ":".join(str(part).replace("_", "-") for part in parts)


def names_a_case(key: str) -> bool:
    """Whether a form about a patient is kept under a key that says of which case, so that an erasure finds it.

    A page that was opened before its key did goes on sending the old one.
    """
    kind, *parts = key.split(":")
    return len(parts) >= PARTS_WITH_CASE.get(kind, 0)


def form_of(request: UserRequest, key: str, make: Make[F]) -> tuple[F, FormDraft]:
    """Return the form of a page that is one form: bound when it was sent, else as its user left it."""
    if request.method == "POST":
        return make(request.POST, {}), FormDraft(key)
    return open_form(key, make, drafts_of(request.user, [key]))


def open_form(key: str, make: Make[F], found: Mapping[str, Draft]) -> tuple[F, FormDraft]:
    """Return a form as its user left it, and its draft; `found` are the user's drafts by key."""
    kept = found.get(key)
    if kept is None:
        return make(None, {}), FormDraft(key)
    sent = as_sent(kept.fields)
    typed = typed_values(make(sent, {}), sent)
    typed = {name: value for name, value in typed.items() if name not in NEVER_KEPT}
    return make(None, typed), FormDraft.of(key, kept)
