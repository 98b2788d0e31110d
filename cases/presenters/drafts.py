"""A user's own drafts, each with the form it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.beside import APART
from cases.forms.owing import day_name, who_name
from cases.models import Section
from cases.presenters.background import BACKGROUND
from cases.presenters.sections import LISTS
from cases.presenters.tumour import DRIVERS, METASTASES
from cases.rules import counts_of
from cases.selectors import as_uuid
from cases.states import CaseState
from ui.threeway import filled_of, own_of
from ui.words_typed import in_words, is_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django import forms

    from cases.models import Case, Draft


@dataclass(frozen=True)
class DraftRow:
    """One draft: what it is, about whom, where it goes on (empty: nowhere any more), and until when it is kept."""

    key: str
    what: str
    about: str
    href: str
    saved_at: datetime
    kept_until: date
    # Whether the form is there, so that it opens with what was typed.
    opens: bool = False
    # Where what was typed can be read, where no form opens with it.
    typed: str = ""
    # Facts of the case that are settled, and needed; None for a draft of no case that its user sees.
    facts: tuple[int, int] | None = None


@dataclass(frozen=True)
class TypedText:
    """One of the texts of a form: under which key it is kept, and when it was typed."""

    key: str
    saved_at: datetime


@dataclass(frozen=True)
class TypedLine:
    """What stands in one field, in each of the texts."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class TypedTexts:
    """All texts of a form, field by field; `hidden`: what nobody can tell from the words of others is left out.

    `same`: what is the same in each of several texts. `filled`: how many fields, in which something stood that its
    user may not see any more, were changed, and are left out too.
    """

    texts: tuple[TypedText, ...]
    lines: tuple[TypedLine, ...]
    same: tuple[tuple[str, str], ...]
    hidden: bool
    filled: int = 0


OFFERED = (who_name(""), day_name(""))
# Forms of what belongs to a case and is no section of its record.
OTHERS = {
    "attach": gettext_lazy("Attach guidance"),
    "comment": gettext_lazy("Comment on attached guidance"),
    "condition": gettext_lazy("Condition of a decision"),
    "dissent": gettext_lazy("Dissent"),
    "review": gettext_lazy("Answer to changed guidance"),
    "plan": gettext_lazy("Monitoring"),
    "check": gettext_lazy("Safety check"),
}


def draft_rows(drafts: Iterable[Draft], cases: Mapping[str, Case]) -> tuple[DraftRow, ...]:
    """Return a row for each draft; `cases` by public id are those that the user may see."""
    return tuple(_row(draft, cases) for draft in drafts)


def _row(draft: Draft, cases: Mapping[str, Case]) -> DraftRow:
    form, apart, _window = draft.key.partition(APART)
    kind, *parts = form.split(":")
    case = cases.get(parts[0]) if parts else None
    what, about, href, opens = _words(kind, parts, draft, case)
    kept_until = timezone.localdate(draft.saved_at) + timedelta(days=settings.DRAFTS_DAYS)
    typed = "" if opens and not apart else reverse("cases:draft_typed", args=[form])
    if apart:
        what = _("%(form)s, in another window") % {"form": what}
    return DraftRow(
        draft.key,
        what,
        about,
        href,
        draft.saved_at,
        kept_until,
        opens=opens,
        typed=typed,
        facts=counts_of(case) if case is not None else None,
    )


def typed_texts(
    drafts: Iterable[Draft],
    fields_of: Callable[[Mapping[str, list[str]]], Mapping[str, forms.Field]],
    *,
    form: str,
    seen: bool,
) -> TypedTexts:
    """Return the texts of one form beside each other, in the words of its fields as `fields_of` makes them.

    `seen`: its user sees the case; else only what was typed where nothing stood is shown.
    """
    kept = tuple(drafts)
    told = [_told(draft.fields, form, seen=seen) for draft in kept]
    named = [
        {n: (label, words) for n, label, words in in_words(one, fields_of(draft.fields))}
        for one, draft in zip(told, kept, strict=True)
    ]
    lines, same = [], []
    for name, (label, _said) in {
        n: one for text in reversed(named) for n, one in text.items()
    }.items():
        words = tuple(text[name][1] if name in text else "" for text in named)
        if len(kept) > 1 and len(set(words)) == 1:
            same.append((label, words[0]))
        else:
            lines.append(TypedLine(label, words))
    return TypedTexts(
        texts=tuple(TypedText(draft.key, draft.saved_at) for draft in kept),
        lines=tuple(lines),
        same=tuple(same),
        hidden=not seen and any(own_of(draft.fields, form) is None for draft in kept),
        filled=0 if seen else len({name for draft in kept for name in _left_out(draft, form)}),
    )


def _told(fields: Mapping[str, list[str]], form: str, *, seen: bool) -> Mapping[str, list[str]]:
    """Return what is shown of a draft: of who finds something out, and by when, only what was chosen in it.

    Without the case only what went into an empty field: words added to those of others would show theirs too.
    """
    own = own_of(fields, form)
    if not seen:
        filled = filled_of(fields, form) or frozenset()
        return {name: values for name, values in (own or {}).items() if name not in filled}
    return {n: v for n, v in fields.items() if not n.endswith(OFFERED) or own is None or n in own}


def _left_out(draft: Draft, form: str) -> frozenset[str]:
    """Return the fields in which others' words stood, and were changed."""
    filled, own = filled_of(draft.fields, form), own_of(draft.fields, form)
    return frozenset(n for n in own or {} if is_typed(n) and n in (filled or ()))


def _words(
    kind: str, parts: list[str], draft: Draft, case: Case | None
) -> tuple[str, str, str, bool]:
    if kind == "referral" and parts:
        href = f"{reverse('cases:refer')}?draft={parts[0]}"
        return _("Referral"), _typed_name(draft), href, True
    if case is None:
        return _("A form"), _("about a case that you do not see any more"), "", False
    about = f"{case.reference}, {case.patient.identity.display_name}"
    key, *form = *parts[1:], ""
    named = kind == "section" and key in Section.values
    what = (
        str(Section(key).label) if named else _("Decision") if kind == "decision" else _("A form")
    )
    if kind in OTHERS:
        what = str(OTHERS[kind])
    if named and case.state != CaseState.CLOSED:
        return what, about, _section_url(case, key, *[part for part in form if part]), True
    return what, about, reverse("cases:detail", args=[case.public_id]), False


def _typed_name(draft: Draft) -> str:
    """Return the name as it was typed into a referral."""
    typed = (getattr(draft, name, None) or "" for name in ("family", "given"))
    return ", ".join(part.strip() for part in typed if part.strip()) or _("no name yet")


# Forms of a section that have an address of their own, by the first word after the section.
_ADDRESSES = {
    METASTASES: "cases:part",
    DRIVERS: "cases:part",
    BACKGROUND: "cases:part",
    "organs": "cases:organs",
    "dossier": "cases:dossier",
    "sample": "cases:sample_add",
}
_BY_KEY = frozenset({METASTASES, DRIVERS, BACKGROUND})


def _section_url(case: Case, key: str, form: str = "", item: str = "") -> str:
    """Return where the form of a section is: `form` and `item` are what follows the section in a draft's key."""
    at = [case.public_id]
    found = as_uuid(item or form)
    if form in _ADDRESSES:
        beside = [form] if form in _BY_KEY else [found] if found else []
        return reverse(_ADDRESSES[form], args=[*at, *beside])
    if key == Section.LABS:
        return (
            reverse("cases:result", args=[*at, found])
            if found
            else reverse("cases:result_add", args=at)
        )
    # A list that stands in the section of another is named before its item.
    kind = form if item else key
    if kind not in LISTS and not item:
        return reverse("cases:section", args=[*at, key])
    if found is None:
        return reverse("cases:item_add", args=[*at, kind])
    return reverse("cases:item", args=[*at, kind, found])
