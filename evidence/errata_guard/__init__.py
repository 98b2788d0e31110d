"""Keeps the review's errata of severity critical and high from coming back by way of curation.

* `table` holds one row an erratum: number, severity, what may not be said, and the refusal in a sentence.
* `studies` holds what goes with citing a study of one, `shares` which shares its findings give, `coded` how they may
  be coded, `whose` whose figure one is by its number, `lung` in whom they were made.
* `checking` reads texts against it, `structure` what a statement rests on, in whom a finding was made, what a drug is.

Asked wherever guidance is entered or published: statements, findings, sources, drugs, protocols, rules of readiness.
No ORM.
"""

from evidence.errata_guard.checking import Breach, breaches, errata_in, refusal
from evidence.errata_guard.shares import unfounded_in
from evidence.errata_guard.structure import Known, Rests, of_drug, of_finding, of_statement
from evidence.errata_guard.table import BY_NUMBER, ERRATA
from evidence.errata_guard.wording import plain

__all__ = [
    "BY_NUMBER",
    "ERRATA",
    "Breach",
    "Known",
    "Rests",
    "breaches",
    "errata_in",
    "of_drug",
    "of_finding",
    "of_statement",
    "plain",
    "refusal",
    "unfounded_in",
]
