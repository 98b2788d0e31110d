"""Editing one section in place or on a page of its own: form, draft, save, or a conflict in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import UserRequest
from cases.changelog import since_version
from cases.drafting import FormDraft
from cases.models import Case, Draft
from cases.presenters.patient import facts_of, patient_bar_of
from cases.presenters.sections import section_view
from cases.selectors import draft_of
from cases.services.drafts import discard_draft
from cases.services.identity import NumberTaken, note_refused_number
from cases.services.sections import StaleSection
from cases.views.loading import page_of
from ui.formatting import time
from ui.forms import as_sent, typed_values
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from cases.forms.sections import SectionForm


@dataclass
class Edit:
    """One form of one section: how it is made, what saving it does, where it is."""

    case: Case
    key: str
    title: str
    url: str
    template: str
    make: Callable[..., SectionForm]
    store: Callable[[SectionForm], Any]
    said: str
    item: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def draft_key(self) -> str:
        """What the draft of this form is kept under."""
        return f"section:{self.case.public_id}:{self.key}" + (f":{self.item}" if self.item else "")

    @property
    def version(self) -> int:
        """The version of the section as it is now."""
        return int(next(s.version for s in self.case.sections.all() if s.key == self.key))


def answer(request: UserRequest, edit: Edit) -> HttpResponse:
    """Show the form, or take it: 422 where it does not clean, 409 where somebody saved before."""
    if request.method != "POST":
        return _open(request, edit)
    form = edit.make(request.POST)
    if "reshape" in request.POST:
        # Only the choices change with what was chosen: nothing is held against the form yet.
        return _show(request, edit, edit.make(None, initial=typed_values(form, request.POST)))
    if not form.is_valid():
        return _show(request, edit, form, status=422)
    try:
        edit.store(form)
    except StaleSection as stale:
        return _conflict(request, edit, stale)
    except NumberTaken as taken:
        note_refused_number(by=request.user, board=edit.case.board)
        form.add_error(None, taken)
        return _show(request, edit, form, status=422)
    discard_draft(by=request.user, key=edit.draft_key)
    return saved(request, edit.case, edit.key, edit.said)


def _open(request: UserRequest, edit: Edit) -> HttpResponse:
    draft = draft_of(request.user, edit.draft_key)
    form = edit.make(None)
    form.initial["version"] = edit.version
    if draft is not None:
        sent = as_sent(draft.fields)
        form = edit.make(None, initial=typed_values(edit.make(sent), sent))
    return _show(request, edit, form, draft=draft)


def _show(
    request: UserRequest,
    edit: Edit,
    form: SectionForm,
    *,
    status: int = 200,
    draft: Draft | None = None,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    case = edit.case
    facts = facts_of(case)
    context = {
        "form": form,
        "form_template": edit.template,
        "form_title": edit.title,
        "form_url": edit.url,
        "section": section_view(case, edit.key, facts, may_edit=True),
        "open_key": edit.key,
        "draft": FormDraft(edit.draft_key, time(draft.saved_at) if draft else ""),
        "conflict": conflict,
        "shown_url": reverse("cases:section_shown", args=[case.public_id, edit.key]),
        "back_url": _place(case, edit.key),
        "said": "",
        "item": edit.item,
        **edit.extra,
    }
    if not wants_fragment(request):
        context["bar"] = patient_bar_of(case, timezone.localdate(), facts)
    return render(request, "cases/editing.html", "cases/_section.html", context, status=status)


def _conflict(request: UserRequest, edit: Edit, stale: StaleSection) -> HttpResponse:
    """Show who changed what beside what was typed; saving again writes over it, knowingly."""
    data = request.POST.copy()
    before = int(str(data["version"]))
    data["version"] = str(stale.section.version)
    conflict = {
        "who": stale.section.changed_by.name,
        "at": stale.section.changed_at,
        "changes": since_version(edit.case, edit.key, before),
    }
    return _show(request, edit, edit.make(data), status=409, conflict=conflict)


def _place(case: Case, key: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}#section-{key}"


def saved(request: UserRequest, case: Case, key: str, said: str) -> HttpResponse:
    """Answer a save: the section with all that follows from it, or the page by redirect."""
    if not wants_fragment(request):
        messages.success(request, said)
        return redirect(request, _place(case, key))
    page = page_of(request, case.public_id)
    section = next(s for s in page.sections if s.key == key)
    context = {"page": page, "bar": page.bar, "section": section, "said": said, "saved_key": key}
    return render(request, "cases/_saved.html", context=context)
