"""What speaks against a row of the curated lists, in words and by field; for forms and services."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.listed import own_terms, plain_name
from cases.lists import delivered_drugs, delivered_entities
from cases.models import ListedDrug, ListedEvent, ListState, Target
from cases.organs import Organ
from cases.selectors import once_called
from cases.vocabulary import CTCAE_VERSIONS, drug_label
from evidence.errata_guard import errata_in, of_drug, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

Faults = dict[str, list[str]]

ATC = re.compile(r"L01F[FXY]\d{2}")
MEDDRA = re.compile(r"\d{8}")
LONGEST_CODE = 30
OTHER_EVENT = "autoimmune_other"
VERSIONS = [version for version, _label in CTCAE_VERSIONS]


def code_of(label: str) -> str:
    """Return the code of a new row: its name in small letters and digits."""
    letters = re.sub(r"[^a-z0-9]+", "_", plain_name(label).encode("ascii", "ignore").decode())
    return letters.strip("_")[:LONGEST_CODE].strip("_")


def squeezed(name: str) -> str:
    """Return a name as rows are held against each other: its letters and figures alone."""
    return re.sub(r"[\W_]+", "", plain_name(name))


def field_of(part: str, version: str) -> str:
    """Return the name of the field for a part of the term of a CTCAE version, such as "term_5_0"."""
    return f"{part}_{version.replace('.', '_')}"


def joined(targets: Iterable[str]) -> str:
    """Return the targets of an agent as the list writes them, each once."""
    chosen = set(targets)
    return "+".join(target for target in Target.values if target in chosen)


def drug_faults(row: ListedDrug) -> Faults:
    """Return what speaks against an agent of the list of ICIs."""
    found: Faults = defaultdict(list)
    parts = row.target.split("+")
    if not set(parts) <= set(Target.values) or len(parts) > 2 or len(set(parts)) < len(parts):
        found["targets"].append(_("Choose one target, or the two of a bispecific antibody"))
    if row.atc and not ATC.fullmatch(row.atc):
        found["atc"].append(
            _("An ICI has an ATC code of L01FF, L01FX or L01FY with two figures, such as L01FF02")
        )
    if not found:
        found["label"] += [b.message for b in of_drug(row.code, row.label, row.target, row.atc)]
    if bool(row.dose) != bool(row.dose_mark):
        found["dose_mark"].append(_("A dose is shown with how it is known: enter both or neither"))
    others = _others(row, delivered_drugs())
    names = {squeezed(n): o for o in others for n in (o.code, o.label, *o.brands)}
    _hold_names(found, {"label": [row.label], "brands": row.brands}, names)
    if not row.is_settled and not found["label"]:
        _hold_earlier_name(found, row)
    _hold_code(found, row, {other.code for other in others})
    return {field: words for field, words in found.items() if words}


def correction_faults(row: ListedDrug, values: Mapping[str, str]) -> Faults:
    """Return what speaks against an agent once it has the `values`, or against changing it to them at all."""
    corrected = ListedDrug.objects.get(pk=row.pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return {"": [_("Nothing is corrected: it stands so on the list")]}
    for name, value in values.items():
        setattr(corrected, name, value)
    found = defaultdict(list, drug_faults(corrected))
    if not corrected.label:
        found["label"].append(_("Enter the name"))
    elif corrected.label != row.label:
        _hold_earlier_name(found, corrected)
    return {field: words for field, words in found.items() if words}


def event_faults(row: ListedEvent) -> Faults:
    """Return what speaks against an irAE of the list."""
    found: Faults = defaultdict(list)
    others = _others(row, delivered_entities())
    if row.organ not in Organ.values:
        found["organ"].append(_("Choose the organ"))
    found["label"] += [refusal(n) for n in errata_in("; ".join([row.label, *row.synonyms]))]
    for field, words in _term_faults(row).items():
        found[field] += words
    families = {other.family: other.organ for other in others}
    if row.family != row.code and families.get(row.family) != row.organ:
        found["family"].append(_("Choose a disease of the same organ, or one of its own"))
    # CTCAE has one general term for several diseases.
    general = {term for o in others if o.code == OTHER_EVENT for term, _code in o.terms.values()}
    names = {
        squeezed(n): o
        for o in others
        for n in (o.label, *o.synonyms, *own_terms(t for t, _c in o.terms.values()))
        if n not in general
    }
    _hold_names(found, {"label": [row.label], "synonyms": row.synonyms}, names)
    if not row.is_settled:
        for version, (term, _code) in row.terms.items():
            _hold_names(found, {field_of("term", version): own_terms({term} - general)}, names)
    # A family of several events has a name that is no event's.
    _hold_code(found, row, {other.code for other in others} | set(families))
    return {field: words for field, words in found.items() if words}


def _others(row: Any, delivered: Mapping[str, Any]) -> list[Any]:
    """Return what else is on the list: the other rows in whatever state, and what the file has without a row."""
    rows = list(type(row).objects.exclude(pk=row.pk))
    known = {other.code for other in rows} | ({row.code} if row.delivered else set())
    return [*rows, *(item for code, item in delivered.items() if code not in known)]


def _term_faults(row: ListedEvent) -> Faults:
    found: Faults = defaultdict(list)
    if not row.terms or set(row.terms) - set(VERSIONS) or set(row.terms) != set(row.grades):
        found[field_of("term", VERSIONS[0])].append(
            _("Enter a CTCAE term with its lowest and highest grade, by one version at least")
        )
        return found
    for version, (term, code) in row.terms.items():
        low, high = row.grades[version]
        if not term or not MEDDRA.fullmatch(code):
            found[field_of("term", version)].append(
                _("Enter the term and its MedDRA code of eight figures")
            )
        if not 1 <= low <= high <= 5:
            found[field_of("highest", version)].append(
                _("The grades lie between 1 and 5, the lowest first")
            )
    return found


def _hold_names(
    found: Faults, names: Mapping[str, Iterable[str]], taken: Mapping[str, Any]
) -> None:
    """Say of each name that another row has it already, whatever state that one is in."""
    for field, given in names.items():
        for name in given:
            other = taken.get(squeezed(name))
            if other is not None:
                words = _("“%(name)s” is on the list already: %(row)s (%(state)s)")
                state = getattr(other, "state", ListState.OFFERED)
                told = {"name": name, "row": other.label, "state": ListState(state).label.lower()}
                found[field].append(words % told)


def _hold_earlier_name(found: Faults, row: ListedDrug) -> None:
    """Say where another agent once had the name: a plan of that time goes by it."""
    before = {squeezed(name): code for name, code in once_called(but=row.pk).items()}
    other = before.get(squeezed(row.label))
    if other is not None:
        words = _("“%(name)s” is what %(row)s was called before: plans may name that one so")
        found["label"].append(words % {"name": row.label, "row": drug_label(other)})


def _hold_code(found: Faults, row: Any, taken: set[str]) -> None:
    if not row.is_settled and not found["label"] and (not row.code or row.code in taken):
        found["label"].append(_("Enter a name that differs more from those on the list"))
