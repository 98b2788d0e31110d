"""Which diseases that stop an ICI at any grade an irAE with a name of its own may be, under whatever organ it stands.

An event outside the list is entered with one organ. A disease of several organs can be entered so under any of them:
DRESS under the liver, a thrombotic microangiopathy under the kidney, myocarditis with myositis under the muscle. Where
such an event is there, that there was none of these is not certain. One that curators have added to the list counts
like it: that it has a name now makes nothing certain that was open while it was entered as another event.
"""

from __future__ import annotations

from cases.vocabulary import Organ, is_unread

# Fact -> organs under which it may be hidden beside its own; None: under any, listed or not.
_HIDES: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(("sjs_ten_dress_any", "ttp_any", "hus_any")),
    **dict.fromkeys(
        ("myocarditis_any", "myocarditis_worst_grade"),
        frozenset({Organ.MUSCLE, Organ.NERVE}),
    ),
}


def may_hide(key: str, entity: str, organ: str) -> bool:
    """Whether an irAE may be the disease that a fact is about, though it stands under another organ."""
    if key not in _HIDES or not is_unread(entity):
        return False
    organs = _HIDES[key]
    return organs is None or organ in organs
