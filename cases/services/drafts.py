"""Forms in the middle of being filled in, kept on the server for the person who types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from audit.services import record
from cases.beside import APART
from cases.models import Draft
from cases.selectors import SENT
from cases.services.searches import old_searches

if TYPE_CHECKING:
    from accounts.models import User

MOST_DRAFTS = 200


class TooManyDrafts(Exception):
    """The user keeps as many drafts as the server takes; another one is refused, none is dropped for it."""


@dataclass(frozen=True)
class Window:
    """An open page in which a form stands: its name, "" without scripts, and the stamp of the draft that it shows."""

    name: str
    known: str = ""

    def holds(self, draft: Draft) -> bool:
        """Whether the draft was typed here, or is shown here as it is."""
        return stamp_of(draft) == self.known or bool(self.name and draft.window == self.name)

    def apart(self, key: str) -> str:
        """Return the key of what is typed here while another window holds the draft."""
        return f"{key}{APART}{self.name}"


@dataclass(frozen=True)
class Kept:
    """A draft as it was kept; `beside`: the one that another window holds, where this stands apart from it."""

    draft: Draft
    beside: Draft | None = None


def stamp_of(draft: Draft | None) -> str:
    """Return the moment of a draft as a page carries it, "" for none."""
    return draft.saved_at.astimezone(UTC).isoformat(timespec="microseconds") if draft else ""


@transaction.atomic
def save_draft(
    *, by: User, key: str, fields: dict[str, list[str]], window: Window | None = None
) -> Kept:
    """Keep the whole form as typed; one draft a form and user.

    What another window typed into the same form, and this one does not show, is not overwritten: this text is then
    kept apart from it. A page that names no window writes what there is.
    Raises TooManyDrafts for a new one when the user has `MOST_DRAFTS`; those that are there go on.
    """
    if window is None:
        return Kept(_kept(by, key, fields, ""))
    apart = window.apart(key)
    typed = {"fields": fields, "window": window.name}
    if not Draft.objects.filter(user=by, key=key).exists():
        _check_room(by)
    # Of two windows that are the first at once, one makes it, and the other finds it there.
    rows = Draft.objects.select_for_update()
    held, created = rows.get_or_create(user=by, key=key, defaults=typed)
    if not created and not window.holds(held):
        return Kept(_kept(by, apart, fields, window.name), beside=held)
    draft = held if created else _kept(by, key, fields, window.name)
    Draft.objects.filter(user=by, key=apart).delete()
    return Kept(draft)


def _check_room(by: User) -> None:
    if Draft.objects.filter(user=by).exclude(key__startswith=SENT).count() >= MOST_DRAFTS:
        raise TooManyDrafts


def _kept(by: User, key: str, fields: dict[str, list[str]], window: str) -> Draft:
    if not Draft.objects.filter(user=by, key=key).exists():
        _check_room(by)
    typed = {"fields": fields, "window": window}
    draft, _created = Draft.objects.update_or_create(user=by, key=key, defaults=typed)
    return draft


def _texts(by: User, form: str) -> list[Draft]:
    """Return all texts of one form, locked: its draft first, as everywhere, so that no two wait for each other."""
    mine = Draft.objects.select_for_update().filter(user=by)
    return [*mine.filter(key=form), *mine.filter(key__startswith=f"{form}{APART}").order_by("pk")]


def _move_up(form: str, left: list[Draft]) -> None:
    """Let the newest of the texts that are left be the draft of a form that has none: the form opens with it."""
    if not left or any(text.key == form for text in left):
        return
    newest = max(left, key=lambda text: text.saved_at)
    # By `update`, for it was not typed now, and its window goes on with it.
    Draft.objects.filter(pk=newest.pk).update(key=form)


@transaction.atomic
def discard_draft(*, by: User, key: str, window: Window | None = None) -> bool:
    """Forget what was typed, and return whether another text of the form is left; none that is there is no error.

    What another window typed into the same form stays, where the window is named in which this was saved; where that
    stood beside the draft, it is the draft from now on.
    """
    form = key.partition(APART)[0]
    keys = {key} if window is None else {key, window.apart(form)}
    texts = _texts(by, form)
    gone = [t for t in texts if t.key in keys and (window is None or window.holds(t))]
    left = [text for text in texts if text not in gone]
    Draft.objects.filter(pk__in=[text.pk for text in gone]).delete()
    _move_up(form, left)
    return bool(left)


@transaction.atomic
def choose_draft(*, by: User, key: str) -> None:
    """Let a text that stands apart be the draft of its form; the one that was stands apart from now on."""
    form = key.partition(APART)[0]
    texts = {text.key: text for text in _texts(by, form)}
    chosen, held = texts.get(key), texts.get(form)
    if chosen is None or key == form:
        return
    if held is not None:
        # By `update`, for neither was typed now.
        aside = Window(held.window or token_hex(6)).apart(form)
        if aside in texts:
            aside = Window(token_hex(6)).apart(form)
        Draft.objects.filter(pk=held.pk).update(key=aside)
    Draft.objects.filter(pk=chosen.pk).update(key=form)


@transaction.atomic
def move_draft(*, by: User, key: str, to: str) -> bool:
    """Let what was typed into one form be the draft of another; False where that has one already.

    What the form was opened with, and at which version, is of the other one: it is left behind. Of two presses at
    once the second waits, and finds done what it was to do.
    """
    form = key.partition(APART)[0]
    texts = {text.key: text for text in _texts(by, form)}
    draft = texts.pop(key, None)
    if draft is None:
        return True
    fields = {n: values for n, values in draft.fields.items() if n not in {"opened", "version"}}
    _moved, created = Draft.objects.get_or_create(user=by, key=to, defaults={"fields": fields})
    if created:
        draft.delete()
        _move_up(form, [*texts.values()])
    return created


@transaction.atomic
def forget_old() -> tuple[int, int]:
    """Delete drafts and searches that nobody went on with; return how many of each. Runs as the workers' role.

    The trail tells how many, each time that there were any.
    """
    kept = timedelta(days=settings.DRAFTS_DAYS)
    drafts, _by_model = Draft.objects.filter(saved_at__lt=Now() - kept).delete()
    searches, _by_model = old_searches().delete()
    if drafts or searches:
        record("typed.forgotten", by=None, detail={"drafts": drafts, "searches": searches})
    return drafts, searches
