"""Another question about a patient who has a case already: the record is there, only the question is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.drafting import FormDraft, digest_of, draft_key, open_form, window_of
from cases.forms.doubts import life_of
from cases.forms.question import NextQuestionForm
from cases.policies import check_not_erased, check_refer
from cases.presenters.patient import facts_of, patient_bar_of
from cases.presenters.sections import section_views
from cases.selectors import drafts_of
from cases.services.drafts import discard_draft
from cases.services.referral import SentOtherwise, ask_again
from cases.views.keeping import sent_otherwise
from cases.views.loading import full_case
from ui.forms import typed_values
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import QueryDict

    from cases.models import Case, ICICourse


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.refer")
def again(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Show the record in short and ask the new question, or refer it."""
    case = full_case(request, public_id)
    check_refer(request.user, case.board)
    check_not_erased(case.patient)
    if request.method != "POST":
        return _open(request, case)
    courses = _courses(case)
    form, draft = NextQuestionForm(request.POST, courses=courses), FormDraft(_draft_key(case))
    if "reshape" in request.POST:
        form = NextQuestionForm(initial=typed_values(form, request.POST), courses=courses)
        return _show(request, case, form, draft)
    form.life = life_of(case)
    if not form.is_valid():
        return _show(request, case, form, draft, status=422)
    key, question = form.cleaned_data["key"], form.question_value()
    digest = digest_of(request)
    try:
        new = ask_again(by=request.user, case=case, key=key, question=question, digest=digest)
    except SentOtherwise as before:
        return sent_otherwise(request, before.case, lambda _fresh: _draft_key(case))
    discard_draft(by=request.user, key=_draft_key(case), window=window_of(request))
    words = _("%(reference)s is referred to %(board)s, with the record as it is.")
    messages.success(request, words % {"reference": new.reference, "board": new.board.name})
    return redirect(request, reverse("cases:detail", args=[new.public_id]))


def _courses(case: Case) -> list[ICICourse]:
    patient: Any = case.patient
    return list(patient.courses.all())


def _draft_key(case: Case) -> str:
    return draft_key("again", case.public_id)


def _open(request: UserRequest, case: Case) -> HttpResponse:
    def make(sent: QueryDict | None, typed: dict[str, Any]) -> NextQuestionForm:
        initial = {"key": uuid4(), **NextQuestionForm.asked_of(case), **typed}
        return NextQuestionForm(sent, initial=initial, courses=_courses(case))

    key = _draft_key(case)
    form, draft = open_form(key, make, drafts_of(request.user, [key]))
    return _show(request, case, form, draft)


def _show(
    request: UserRequest,
    case: Case,
    form: NextQuestionForm,
    draft: FormDraft,
    *,
    status: int = 200,
) -> HttpResponse:
    facts = facts_of(case)
    sections = section_views(case, facts, may_edit=False)
    context = {
        "bar": patient_bar_of(case, timezone.localdate(), facts),
        "bar_links": True,
        "form": form,
        "form_url": request.path,
        "record": [(s.title, s.summary) for s in sections if s.key != "question"],
        "draft": draft,
    }
    return render(request, "cases/again.html", context=context, status=status)
