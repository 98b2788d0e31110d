"""The referral page: patients who are alike, line by line, and what each question needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.presenters.words import fact_label
from cases.readiness import required_facts
from cases.rules import current_rules
from evidence.conditions import Fact
from ui import formatting

if TYPE_CHECKING:
    from uuid import UUID

    from cases.forms.referral import ReferralForm
    from cases.models import PatientIdentity


@dataclass(frozen=True)
class Field:
    """One value of an identity; `differs` from what was typed."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Alike:
    """One patient who is here already, beside what was typed."""

    value: str
    family_name: Field
    given_name: Field
    born: Field
    hospital_number: Field
    because: str
    chosen: bool
    again_url: str
    merge_url: str


@dataclass(frozen=True)
class Duplicates:
    """What was typed, and who is alike; `answer` is what was chosen so far."""

    title: str
    family_name: str
    given_name: str
    born: str
    hospital_number: str
    rows: tuple[Alike, ...]
    answer: str
    error: str


@dataclass(frozen=True)
class Need:
    """A fact that a question needs; `reason` is empty where every question does."""

    label: str
    reason: str


def duplicates_view(
    form: ReferralForm,
    found: Sequence[PatientIdentity],
    cases: Mapping[int, Sequence[UUID]],
    coordinated: Collection[int],
) -> Duplicates | None:
    """Return patients alike beside what was typed, or None where there are none.

    `coordinated`: the boards on which the user may merge two records of a patient.
    """
    if not found:
        return None
    typed = {
        name: str(form[name].value() or "").strip()
        for name in ("family_name", "given_name", "birth_date", "hospital_number")
    }
    title = ngettext(
        "%(n)s patient like this is already here. Is it the same person?",
        "%(n)s patients like this are already here. Is it one of them?",
        len(found),
    )
    answer = str(form["same_patient"].value() or "")
    return Duplicates(
        title=title % {"n": len(found)},
        family_name=typed["family_name"],
        given_name=typed["given_name"],
        born=typed["birth_date"],
        hospital_number=typed["hospital_number"],
        rows=tuple(_alike(identity, typed, cases, answer, coordinated) for identity in found),
        answer=answer,
        error=" ".join(str(e) for e in form["same_patient"].errors),
    )


def _alike(
    identity: PatientIdentity,
    typed: Mapping[str, str],
    cases: Mapping[int, Sequence[UUID]],
    answer: str,
    coordinated: Collection[int],
) -> Alike:
    value = str(identity.patient.public_id)
    mine = cases.get(identity.patient_id, ())
    count = len(mine)
    merges = bool(mine) and identity.patient.board_id in coordinated
    born = formatting.date(identity.birth_date) if identity.birth_date else _("not entered")

    def field(name: str, text: str) -> Field:
        return Field(text, typed[name].casefold() != text.casefold())

    return Alike(
        value=value,
        family_name=field("family_name", identity.family_name),
        given_name=field("given_name", identity.given_name),
        born=field("birth_date", born),
        hospital_number=field("hospital_number", identity.hospital_number),
        because=ngettext("%(n)s case", "%(n)s cases", count) % {"n": count},
        chosen=answer == value,
        again_url=reverse("cases:again", args=[mine[0]]) if mine else "",
        merge_url=reverse("cases:merge", args=[mine[0]]) if merges else "",
    )


def needs() -> tuple[Need, ...]:
    """Return every fact that some question needs: those of all first, then those of a stop reason."""
    rules = current_rules()
    always = required_facts(rules, {})
    found = [Need(fact_label(key), "") for key in always]
    for reason in ("irae", "progression", "completed"):
        needed = required_facts(rules, {"stop_reason": Fact.known(reason)})
        found += [Need(fact_label(key), reason) for key in needed if key not in always]
    return tuple(found)
