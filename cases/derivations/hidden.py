"""Which diseases an irAE with a name of its own may be, under whatever organ it stands.

An event outside the list is entered with one organ. A disease of several organs can be entered so under any of them:
DRESS under the liver, a thrombotic microangiopathy under the kidney, polyarteritis under the nerve. Others have names
under which they are at home in another organ than the list has them in: dermatomyositis of the skin, Miller Fisher's
ophthalmoplegia of the eye. Where such an event is there, that there was none of these is not certain. One that curators
have added to the list counts like it: that it has a name now makes nothing certain that was open before.

What is told of an organ as a whole stays open upwards where one of its diseases may be hidden: an event of the eye may
be a Miller Fisher syndrome, so how bad it was of the nerves nobody can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.vocabulary import ELSEWHERE, Organ, is_unread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cases.derivations.record import Event

_MYOCARDITIS = frozenset({Organ.MUSCLE, Organ.NERVE, Organ.EYE, Organ.VESSEL})
_MYASTHENIA = frozenset({Organ.EYE, Organ.MUSCLE, Organ.HEART, Organ.BRAIN})
_PANCREATITIS = frozenset({Organ.ENDOCRINE_PANCREAS, Organ.LIVER})
_DIABETES = frozenset({Organ.PANCREAS, Organ.ADRENAL})

# Fact -> organs under which it may be hidden beside its own; None: under any, listed or not.
_HIDES: dict[str, frozenset[str] | None] = {
    # Of several organs. Vasculitis: of the temples, the lung, the gut, the kidney, the skin, the nerve, the retina.
    **dict.fromkeys(("sjs_ten_dress_any", "ttp_any", "hus_any", "vasculitis_worst_grade")),
    # A microangiopathy destroys red cells in whatever organ it is told.
    "haemolysis_worst_grade": None,
    # Anaphylaxis, bronchospasm, urticaria, a release of cytokines: by the organ that showed it.
    "infusion_reaction_worst_grade": None,
    # With myositis and myasthenia, which may begin as ptosis; with eosinophilic vasculitis.
    **dict.fromkeys(("myocarditis_any", "myocarditis_worst_grade"), _MYOCARDITIS),
    # Dermatomyositis, the antisynthetase syndrome, an overlap with myasthenia or myocarditis, orbital myositis.
    "myositis_worst_grade": frozenset(
        {Organ.SKIN, Organ.LUNG, Organ.JOINT, Organ.NERVE, Organ.HEART, Organ.EYE}
    ),
    # Ptosis and double vision, bulbar palsy, an overlap with myositis or myocarditis.
    **dict.fromkeys(("myasthenia_worst_grade", "myasthenia_grade_now"), _MYASTHENIA),
    # The Miller Fisher syndrome, brainstem encephalitis of Bickerstaff.
    "guillain_barre_worst_grade": frozenset({Organ.BRAIN, Organ.EYE}),
    # Bickerstaff, limbic disease with a neuropathy; Susac's and Vogt-Koyanagi-Harada's of the eye.
    "encephalitis_worst_grade": frozenset({Organ.NERVE, Organ.EYE}),
    # Myeloradiculitis; neuromyelitis optica.
    "myelitis_worst_grade": frozenset({Organ.NERVE, Organ.EYE}),
    "gbs_encephalitis_myelitis_any": frozenset({Organ.EYE}),
    # With interstitial nephritis (TINU); Vogt-Koyanagi-Harada, Behçet, spondyloarthritis, sarcoidosis.
    "uveitis_worst_grade": frozenset(
        {
            Organ.KIDNEY,
            Organ.BRAIN,
            Organ.SKIN,
            Organ.JOINT,
            Organ.VESSEL,
            Organ.LUNG,
            ELSEWHERE,
        }
    ),
    # Psoriasis, polymyalgia with or without giant cells, the antisynthetase syndrome, Löfgren's, Still's, Sjögren's.
    "arthritis_worst_grade": frozenset(
        {Organ.SKIN, Organ.MUSCLE, Organ.VESSEL, Organ.EYE, Organ.LUNG, ELSEWHERE}
    ),
    # Mucous membrane pemphigoid of the conjunctiva, of the gullet or the larynx.
    "bullous_worst_grade": frozenset({Organ.EYE, ELSEWHERE}),
    # Of IgG4: with cholangitis, or told by the sugar.
    **dict.fromkeys(("pancreatitis_worst_grade", "pancreatitis_grade_now"), _PANCREATITIS),
    # Of a destroyed pancreas; beside adrenal failure in a polyglandular syndrome.
    **dict.fromkeys(("diabetes_worst_grade", "diabetes_grade_now"), _DIABETES),
    # Secondary, of the pituitary; beside adrenal failure.
    "hypothyroidism_worst_grade": frozenset({Organ.PITUITARY, Organ.ADRENAL}),
}
# What is told of an organ, or of several, as wholes -> what is told of single diseases there.
_WHOLES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("neurological_worst_grade", "neurological_grade_now"),
        (
            "myasthenia_worst_grade", "guillain_barre_worst_grade", "encephalitis_worst_grade",
            "myelitis_worst_grade", "gbs_encephalitis_myelitis_any",
        ),
    ),
    "heart_worst_grade": ("myocarditis_worst_grade",),
    "haematological_worst_grade": ("haemolysis_worst_grade", "ttp_any", "hus_any"),
    **dict.fromkeys(
        (
            "skin_worst_grade", "skin_grade_now", "skin_after_ctla4_worst_grade",
            "skin_after_pd1_pdl1_worst_grade",
        ),
        ("bullous_worst_grade", "sjs_ten_dress_any"),
    ),
    "thyroid_worst_grade": ("hypothyroidism_worst_grade",),
    **dict.fromkeys(
        (
            "endocrine_worst_grade", "endocrine_grade_now", "endocrine_uncontrolled_worst_grade",
            "endocrine_after_ctla4_worst_grade", "endocrine_after_pd1_pdl1_worst_grade",
        ),
        ("hypothyroidism_worst_grade", "diabetes_worst_grade"),
    ),
}  # fmt: skip


def _of_any(diseases: Iterable[str]) -> frozenset[str] | None:
    """Return the organs under which any of `diseases` may be hidden; None: under any."""
    told = [_HIDES[key] for key in diseases]
    known = [organs for organs in told if organs is not None]
    return frozenset().union(*known) if len(known) == len(told) else None


_HIDES |= {whole: _of_any(diseases) for whole, diseases in _WHOLES.items()}


def may_hide(key: str, entity: str, organ: str) -> bool:
    """Whether an irAE may be the disease that a fact is about, though it stands under another organ."""
    if key not in _HIDES or not is_unread(entity):
        return False
    organs = _HIDES[key]
    return organs is None or organ in organs


def hidden_among(key: str, events: Iterable[Event], counted: Collection[Event] = ()) -> bool:
    """Whether one of `events` that is not `counted` in a fact may be what the fact is about."""
    return any(may_hide(key, e.entity, e.organ) for e in events if e not in counted)
