"""The results for driver genes in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.models import DRIVER_GENES, Driver, DriverResult

if TYPE_CHECKING:
    from cases.models import DriverTest


def _names(genes: Iterable[str]) -> str:
    return ", ".join(str(Driver(gene).label) for gene in genes)


def driver_words(rows: Iterable[DriverTest]) -> str:
    """Return what was found, what was not, and which genes were not tested; empty where nothing is said."""
    by_gene: dict[str, Any] = {row.gene: row for row in rows}
    found = [row for row in by_gene.values() if row.result == DriverResult.POSITIVE]
    told = [_found(row) for row in sorted(found, key=lambda row: list(Driver).index(row.gene))]
    result = {gene.value: getattr(by_gene.get(gene), "result", None) for gene in DRIVER_GENES}
    negative = [gene for gene, said in result.items() if said == DriverResult.NEGATIVE]
    named = sum(said == DriverResult.POSITIVE for said in result.values())
    if negative and len(negative) + named == len(DRIVER_GENES):
        told.append(
            _("others negative") if named else _("all %(n)s negative") % {"n": len(negative)}
        )
    elif negative:
        told.append(_("%(genes)s negative") % {"genes": _names(negative)})
    untested = [gene for gene, said in result.items() if said == DriverResult.NOT_TESTED]
    if untested:
        told.append(_("%(genes)s not tested") % {"genes": _names(untested)})
    other = by_gene.get(Driver.OTHER)
    if other is not None and other.variant:
        told.append(other.variant)
    return ", ".join(told)


def _found(row: DriverTest) -> str:
    label = str(Driver(row.gene).label)
    return f"{label} ({row.variant})" if row.variant else label
