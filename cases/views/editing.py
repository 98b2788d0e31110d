"""Editing one section in place or on a page of its own: form, draft, save, and what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import UserRequest
from cases.beside import kept_draft
from cases.drafting import FormDraft, window_of
from cases.guidance import last_read
from cases.models import Case, CaseSection, Draft
from cases.presenters.moved import moved
from cases.presenters.patient import facts_of, patient_bar_of
from cases.presenters.sections import section_view
from cases.selectors import facts_row_of, was_there
from cases.services.drafts import discard_draft
from cases.services.identity import NumberTaken, note_refused_number
from cases.services.sections import StaleSection
from cases.views import meanwhile
from cases.views.keeping import not_kept
from cases.views.loading import page_of
from cases.views.owing import give_what_is_owed, with_life_beside, with_owners_beside
from ui.forms import as_sent, typed_values
from ui.htmx import redirect, render, wants_fragment

if TYPE_CHECKING:
    from uuid import UUID

    from cases.forms.sections import SectionForm
    from cases.views.meanwhile import Meanwhile


def form_key(case_id: UUID, key: str, item: str) -> str:
    """Return what the draft of one form of a section is kept under."""
    return f"section:{case_id}:{key}" + (f":{item}" if item else "")


@dataclass
class Edit:
    """One form of one section: how it is made, what saving it does, where it is.

    `adds`: the name of the model of which saving makes a further row, "" where it changes what is there. `store`
    returns that row.
    """

    case: Case
    key: str
    title: str
    url: str
    template: str
    make: Callable[..., SectionForm]
    store: Callable[[SectionForm], Any]
    said: str
    item: str = ""
    adds: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    # By the names of its fields what the form answers; a function where that depends on what is typed.
    facts: Mapping[str, str] | Callable[[SectionForm], Mapping[str, str]] = field(
        default_factory=dict
    )

    @property
    def draft_key(self) -> str:
        """What the draft of this form is kept under."""
        return form_key(self.case.public_id, self.key, self.item)

    @property
    def section(self) -> CaseSection:
        """The section as it is now: its version, and who changed it last."""
        found: CaseSection = next(s for s in self.case.sections.all() if s.key == self.key)
        return found

    @property
    def version(self) -> int:
        """The version of the section as it is now."""
        return int(self.section.version)


def answer(request: UserRequest, edit: Edit) -> HttpResponse:
    """Show the form, or take it: 422 where it does not clean, 409 where others changed the same meanwhile."""
    edit = with_life_beside(with_owners_beside(edit))
    if request.method != "POST":
        return _open(request, edit)
    sent = request.POST
    if "reshape" in sent:
        # Only the choices change with what was chosen: nothing is held against the form yet.
        form = edit.make(None, initial=typed_values(edit.make(sent), sent))
        return _show(request, edit, form, told=meanwhile.still(edit, sent))
    form = edit.make(meanwhile.with_choices(edit, sent))
    clean = form.is_valid()
    for name in meanwhile.undecided(edit, sent):
        form.add_error(name, _("Choose which of the two is kept"))
        clean = False
    if not clean:
        return _refused(request, edit, form)
    return _store(request, edit, form)


def _refused(request: UserRequest, edit: Edit, form: SectionForm) -> HttpResponse:
    """Show the form again as it was sent, also where the other's value was taken."""
    form.data = request.POST
    return _show(request, edit, form, status=422, told=meanwhile.still(edit, request.POST))


def _store(request: UserRequest, edit: Edit, form: SectionForm) -> HttpResponse:
    beside = ""
    try:
        try:
            row = edit.store(form)
        except StaleSection:
            opened_at = form.cleaned_data["version"]
            held = _held_up(request, edit, form.data, opened_at)
            if held is not None:
                return held
            beside = meanwhile.said_of(edit, opened_at)
            form.cleaned_data["version"] = edit.version
            row = edit.store(form)
    except StaleSection as stale:
        return _coincided(request, edit, form, stale)
    except NumberTaken as taken:
        note_refused_number(by=request.user, board=edit.case.board)
        form.add_error(None, taken)
        return _refused(request, edit, form)
    given = give_what_is_owed(request.user, edit, form, row)
    discard_draft(by=request.user, key=edit.draft_key, window=window_of(request))
    said = " ".join(part for part in (edit.said, *given, beside) if part)
    return saved(request, edit.case, edit.key, said)


def gone(request: UserRequest, case: Case, key: str, item: str) -> HttpResponse:
    """Answer for the form of a row that is not there: what its user typed into it can be read, else 404.

    What is sent to it is kept first, so that nobody who types without scripts loses it.
    """
    typed = form_key(case.public_id, key, item)
    if request.method == "POST":
        if wants_fragment(request) or not was_there(case, typed):
            # A script keeps what it sends, and shows the refusal beside it.
            raise Http404
        if (refused := not_kept(request, typed)) is not None:
            return refused
    elif kept_draft(case, request.user, typed) is None:
        raise Http404
    return redirect(request, reverse("cases:draft_typed", args=[typed]))


def _coincided(
    request: UserRequest, edit: Edit, form: SectionForm, stale: StaleSection
) -> HttpResponse:
    """Show the form as it was sent: others saved while this was being saved, and the next press joins both."""
    words = _("%(who)s saved at the same moment. Yours is not saved yet: save it again.")
    form.add_error(None, words % {"who": stale.section.changed_by.name})
    form.data = request.POST
    told = meanwhile.still(edit, request.POST)
    return _show(request, edit, form, status=409, told=told)


def _held_up(request: UserRequest, edit: Edit, sent: Any, version: int) -> HttpResponse | None:
    """Return the form beside what others saved where it has to be seen first; None where both can stand."""
    if edit.adds:
        told = meanwhile.of_a_row(edit, version)
        if told is None:
            return None
        data = sent.copy()
        data["version"] = str(edit.version)
        return _show(request, edit, edit.make(data), status=409, told=told)
    found, told = meanwhile.join(edit, sent, version)
    if meanwhile.nothing_of_mine_touched(found):
        return None
    return _show(request, edit, edit.make(found.sent), status=409, told=told)


def _open(request: UserRequest, edit: Edit) -> HttpResponse:
    draft = kept_draft(edit.case, request.user, edit.draft_key)
    if draft is None:
        return _show(request, edit, meanwhile.open_sealed(edit))
    sent, told = as_sent(draft.fields), None
    version = sent.get("version", "")
    if version.isdigit() and int(version) < edit.version and not edit.adds:
        found, told = meanwhile.join(edit, sent, int(version))
        # What others saved beside this form is no reason to ask: it is told when this is saved.
        sent, told = (
            (sent, None) if meanwhile.nothing_of_mine_touched(found) else (found.sent, told)
        )
    told = told or meanwhile.still(edit, sent)
    form = edit.make(None, initial=typed_values(edit.make(sent), sent))
    return _show(request, edit, form, draft=draft, told=told)


def _show(
    request: UserRequest,
    edit: Edit,
    form: SectionForm,
    *,
    status: int = 200,
    draft: Draft | None = None,
    told: Meanwhile | None = None,
) -> HttpResponse:
    case = edit.case
    facts = facts_of(case)
    tell_dropped(form)
    form.clashes = told.clashes if told else {}
    context = {
        "form": form,
        "form_template": edit.template,
        "form_title": edit.title,
        "form_url": edit.url,
        "section": section_view(case, edit.key, facts, may_edit=True),
        "open_key": edit.key,
        "draft": FormDraft.of(edit.draft_key, draft),
        "conflict": told,
        "shown_url": reverse("cases:section_shown", args=[case.public_id, edit.key]),
        "back_url": _place(case, edit.key),
        "said": "",
        "item": edit.item,
        **edit.extra,
    }
    if not wants_fragment(request):
        context["bar"] = patient_bar_of(case, timezone.localdate(), facts)
    return render(request, "cases/editing.html", "cases/_section.html", context, status=status)


def tell_dropped(form: SectionForm) -> None:
    """Say beside the field of each file in a form that is shown again that it has to be chosen again."""
    for name, chosen in form.files.items():
        if name in form.fields and name not in form.errors:
            words = _("%(field)s: choose it again. “%(file)s” was not kept.")
            label = form.fields[name].label
            form.add_error(name, words % {"field": label, "file": getattr(chosen, "name", "")})


def _place(case: Case, key: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}#section-{key}"


def saved(request: UserRequest, case: Case, key: str, said: str) -> HttpResponse:
    """Answer a save: the section with all that follows from it, or the page by redirect.

    `case` is as it was fetched before the save: what moved since is told.
    """
    if not wants_fragment(request):
        told = moved(case, facts_row_of(case))
        messages.success(request, f"{said} {told}".strip())
        return redirect(request, _place(case, key))
    page = page_of(request, case.public_id)
    section = next(s for s in page.sections if s.key == key)
    context = {
        "page": page,
        "bar": page.bar,
        "section": section,
        "said": said,
        "saved_key": key,
        "moved": moved(case, page.case.facts, last_read()),
    }
    return render(request, "cases/_saved.html", context=context)
