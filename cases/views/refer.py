"""Referring a case: one form, sent once, with the patient looked up before another one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import UserRequest, requires
from cases.drafting import FormDraft, digest_of, draft_key, window_of
from cases.duplicates import alike, cases_of, same_number
from cases.forms.referral import ReferralForm
from cases.forms.referral_earlier import lost_words, taken_over
from cases.presenters.drafts import draft_rows
from cases.presenters.referral import duplicates_view, needs
from cases.presenters.referral_left import left_words
from cases.selectors import draft_of, newest_draft
from cases.services.drafts import discard_draft, stamp_of
from cases.services.identity import NumberTaken, note_refused_number
from cases.services.referral import SentOtherwise, sent_before
from cases.services.referral import refer as refer_service
from cases.services.referral_same import DIFFERENT
from cases.views.keeping import sent_otherwise
from ui.forms import as_sent, typed_values
from ui.htmx import redirect, render

if TYPE_CHECKING:
    from cases.models import Case, Draft, PatientIdentity
    from cases.presenters.drafts import DraftRow
    from cases.services.referral_same import Left


@require_http_methods(["GET", "HEAD", "POST"])
@requires("case.refer")
def refer(request: UserRequest) -> HttpResponse:
    """Show the referral, look a patient up, or refer."""
    boards = request.user.boards_with("case.refer")
    if request.method != "POST":
        return _open(request, boards)
    try:
        return _taken(request, boards)
    except SentOtherwise as before:
        key = f"referral:{request.POST['key']}"
        discard_draft(by=request.user, key=key, window=window_of(request))
        return sent_otherwise(request, before.case, lambda fresh: draft_key("referral", fresh))


def _taken(request: UserRequest, boards: list[Any]) -> HttpResponse:
    sent = taken_over(request.POST)
    form = ReferralForm(sent, boards=boards)
    form.is_valid()
    lost = lost_words(form, request.POST)
    found = alike(request.user, form.chosen_board, **form.typed_identity())
    choice = str(form.data.get("same_patient", ""))
    patient = next((i.patient for i in found if str(i.patient.public_id) == choice), None)
    if "lookup" in request.POST or "reshape" in request.POST:
        fresh = ReferralForm(initial=typed_values(form, sent), boards=boards)
        return _show(request, fresh, found, looked="lookup" in request.POST, lost=lost)
    if key := form.cleaned_data.get("key"):
        # Before anything is asked of it: the patient whom it has registered is no other one of the name.
        before = sent_before(by=request.user, key=key, digest=digest_of(request))
        if before is not None:
            return _referred(request, before)
    if patient is not None:
        # Held against the record as well, which has a say once it is known whose it is.
        form = ReferralForm(sent, boards=boards, patient=patient)
    elif found and choice != DIFFERENT:
        form.add_error("same_patient", _("Say whether it is the same person"))
    if lost:
        form.add_error("owed_by", lost)
    if not form.is_valid():
        return _show(request, form, found, status=422)
    left: list[Left] = []
    try:
        case = refer_service(
            by=request.user,
            board=form.chosen_board,
            key=form.key_value(),
            referral=form.referral(patient),
            window=window_of(request),
            left=left,
            digest=digest_of(request),
        )
    except NumberTaken as taken:
        return _number_taken(request, form, found, taken)
    for words in left_words(form, left):
        messages.warning(request, words)
    return _referred(request, case)


def _referred(request: UserRequest, case: Case) -> HttpResponse:
    words = _("%(reference)s is referred to %(board)s. What is still missing stands below.")
    messages.success(request, words % {"reference": case.reference, "board": case.board.name})
    return redirect(request, reverse("cases:detail", args=[case.public_id]))


def _number_taken(
    request: UserRequest, form: ReferralForm, found: list[PatientIdentity], taken: NumberTaken
) -> HttpResponse:
    """Say that the number is another patient's where they may be seen, and what to do where not."""
    number = form.cleaned_data["hospital_number"]
    if any(same_number(number, i.hospital_number) for i in found):
        words = _("A patient shown below has this number: use them, or correct the number")
        form.add_error("hospital_number", words)
    else:
        note_refused_number(by=request.user, board=form.chosen_board)
        form.add_error(None, taken)
    return _show(request, form, found, status=422)


def _open(request: UserRequest, boards: list[Any]) -> HttpResponse:
    """Show the draft that is asked for, else an empty form that says what was begun: of whom is asked first."""
    wanted = request.GET.get("draft", "")
    draft = draft_of(request.user, f"referral:{wanted}") if wanted else None
    if draft is None:
        form = ReferralForm(initial={"key": uuid4()}, boards=boards)
        begun = newest_draft(request.user, "referral:")
        row = draft_rows([begun], {})[0] if begun else None
        return _show(request, form, [], begun=row, stamp=stamp_of(begun))
    kept = as_sent(draft.fields)
    sent = taken_over(kept)
    typed = typed_values(ReferralForm(sent, boards=boards), sent)
    form = ReferralForm(initial=typed, boards=boards)
    return _show(request, form, [], draft=draft, lost=lost_words(form, kept))


def _show(
    request: UserRequest,
    form: ReferralForm,
    found: list[PatientIdentity],
    *,
    status: int = 200,
    looked: bool = False,
    draft: Draft | None = None,
    begun: DraftRow | None = None,
    stamp: str = "",
    lost: str = "",
) -> HttpResponse:
    cases = cases_of([i.patient_id for i in found], request.user) if found else {}
    coordinated = {board.pk for board in request.user.boards_with("patient.merge")}
    context = {
        "form": form,
        "lost": lost,
        "duplicates": duplicates_view(form, found, cases, coordinated),
        "looked": looked,
        "draft": FormDraft.of(draft_key("referral", form["key"].value()), draft),
        "one_board": form.chosen_board if len(form.boards) == 1 else None,
        "begun": begun,
        "begun_stamp": stamp,
        "needs": needs(),
        "different": DIFFERENT,
        # An empty form is begun at its first field.
        "begins": request.method != "POST" and draft is None and begun is None,
    }
    return render(request, "cases/refer.html", "cases/_refer_form.html", context, status=status)
