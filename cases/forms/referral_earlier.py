"""A referral that was begun when each fact had an owner of its own: nothing of that is lost in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from cases.forms.referral import ReferralForm

# The facts whose owner and day were asked beside them.
OWNED = ("ecog", "pdl1", "steroid")
# One field says it now; what was sent with it was typed into the form as it is.
NOW = "owed_by"


@dataclass(frozen=True)
class Earlier:
    """Who was to find out one fact, a user's public id or "", and by which day, as it was typed."""

    name: str
    owner: str
    due: str


def _earlier(sent: QueryDict) -> Iterator[Earlier]:
    """Yield the owners and days that counted: those of what is "not yet"."""
    if NOW in sent:
        return
    for name in OWNED:
        owner, due = (sent.get(f"{name}_{part}", "").strip() for part in ("owner", "due"))
        if (owner or due) and sent.get(f"{name}_state") == FactState.NOT_YET:
            yield Earlier(name, owner, due)


def taken_over(sent: QueryDict) -> QueryDict:
    """Return what was sent, with the one person and day of before in the fields of now; several stay where they are."""
    found = {(one.owner, one.due) for one in _earlier(sent)}
    if len(found) != 1:
        return sent
    fields = sent.copy()
    fields[NOW], fields["owed_on"] = found.pop()
    return fields


def lost_words(form: ReferralForm, sent: QueryDict) -> str:
    """Return a sentence about what has no field now, "" for nothing; `sent`: as it came."""
    found = list(_earlier(sent))
    same = len({(one.owner, one.due) for one in found}) == 1
    if same and found[0].owner in form.people:
        return ""
    told = []
    for one in found:
        who = form.people[one.owner][1] if one.owner in form.people else _("nobody of this board")
        words = _("%(fact)s: %(who)s, by %(day)s") if one.due else _("%(fact)s: %(who)s")
        told.append(words % {"fact": form.fields[one.name].label, "who": who, "day": one.due})
    if not told:
        return ""
    words = _(
        "One person finds out all that is “not yet” now. Of before, not taken over: %(told)s."
    )
    return words % {"told": "; ".join(told)}
