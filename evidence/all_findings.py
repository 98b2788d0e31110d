"""The findings of the library, those included on which no statement rests. Nothing here is about a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from evidence.accepted import every_one, stood_for
from evidence.choices import Print
from evidence.library import ERRATUM, SECTIONS, UnknownFilter
from evidence.models import Finding, VersionFinding
from evidence.presenters import FindingRow, finding_row
from evidence.states import VersionState

if TYPE_CHECKING:
    from django.db.models import QuerySet

ORDER = ("section", "id")
"""As the review goes, what it does not print first; within a section as the findings came."""
STATE_COLOURS = {Print.CORRECTED: "amber", Print.NOT_INTERPRETABLE: "red"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of findings is narrowed to; what is empty narrows nothing."""

    section: str = ""
    source: str = ""
    state: str = ""
    erratum: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], sources: Mapping[str, str]) -> Self:
        """Return what an address asks for; `sources` are the names of all, by code. Raises UnknownFilter."""
        known = {"section": SECTIONS, "source": sources, "state": Print.values}
        chosen = {name: given.get(name, "") for name in known}
        for name, value in chosen.items():
            if value and value not in known[name]:
                raise UnknownFilter(value)
        erratum = given.get("erratum", "")
        if erratum and not ERRATUM.fullmatch(erratum):
            raise UnknownFilter(erratum)
        return cls(erratum=erratum, **chosen)

    def find(self, stands: QuerySet[Finding]) -> QuerySet[Finding]:
        """Return the newest revision of each finding that fits, of those that `standing` returns."""
        later = stands.filter(code=OuterRef("code"), revision__gt=OuterRef("revision"))
        found = stands.filter(~Exists(later)).select_related("source")
        if self.section:
            found = found.filter(section__regex=rf"(^|,){self.section}(,|$)")
        if self.source:
            found = found.filter(source__code=self.source)
        if self.state:
            found = found.filter(state=self.state)
        if self.erratum:
            found = found.filter(errata__contains=[self.erratum])
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One finding in the list, or on its page. `shows_figure`: what cannot be interpreted shows none, nor its print."""

    row: FindingRow
    code: str
    section: str
    reference: str
    colour: str
    attested: str
    shows_figure: bool


def listed(finding: Finding) -> Listed:
    """Return one finding as the list and its own page show it."""
    state = Print(finding.state)
    return Listed(
        row=finding_row(finding),
        code=finding.code,
        section=finding.section.replace(",", ", "),
        reference=finding.reference,
        colour=STATE_COLOURS.get(state, "grey"),
        attested=str(finding.get_mark_display()),
        shows_figure=state != Print.NOT_INTERPRETABLE,
    )


def described(finding: Finding) -> list[tuple[str, str]]:
    """Return what is needed to read a finding, as labels and values; what is not told is left out."""
    regimens = " → ".join(filter(None, (finding.initial_regimen, finding.rechallenge_regimen)))
    rows = (
        (_("What counts as an event"), finding.definition),
        (_("In whom"), finding.population),
        (_("Design"), finding.design),
        (_("Endpoint"), str(finding.get_endpoint_display())),
        (_("Setting"), str(finding.get_setting_display())),
        (_("Regimens"), regimens),
        (_("Note"), finding.note if finding.state != Print.NOT_INTERPRETABLE else ""),
    )
    return [(label, value) for label, value in rows if value]


class Standing(NamedTuple):
    """The findings that two people stand for, and the short names of their sources by code, in order."""

    findings: QuerySet[Finding]
    sources: dict[str, str]


def standing() -> Standing:
    """Return what a member reads; one query, for which they are."""
    rows = [row for row in every_one() if stood_for(row)]
    names = sorted({(row.source.short, row.source.code) for row in rows})
    found = Finding.objects.filter(pk__in=[row.pk for row in rows]).select_related("source")
    return Standing(found, {code: short for short, code in names})


def newest(finding: Finding) -> Finding:
    """Return the newest revision of a finding among those that stand, which may be itself."""
    later = every_one().filter(code=finding.code, revision__gt=finding.revision)
    return next((row for row in later.order_by("-revision") if stood_for(row)), finding)


def resting_on(finding: Finding, *, may_curate: bool) -> QuerySet[VersionFinding]:
    """Return the published versions that rest on this revision of a finding; for who curates the drafts as well."""
    shown = Q(version__state=VersionState.PUBLISHED)
    if may_curate:
        shown |= Q(version__state__in=(VersionState.DRAFT, VersionState.IN_REVIEW))
    found = VersionFinding.objects.filter(shown, finding=finding)
    return found.select_related("version__statement").order_by(
        "version__statement__position", "version__statement__code", "-version__number"
    )
