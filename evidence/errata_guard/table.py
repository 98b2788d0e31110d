"""All errata of severity critical and high, by number.

Patterns are over plain spelling (`wording.plain`): lower case, no hyphens between words, "n of N", "35 %". Whoever
adds an erratum adds its wordings to the tests that plant each one.
"""

from __future__ import annotations

from dataclasses import replace

from evidence.errata_guard.concepts import IN_WORDS
from evidence.errata_guard.effect import OF_EFFECT
from evidence.errata_guard.harm import OF_HARM

ERRATA = tuple(
    replace(erratum, bans=(*erratum.bans, *IN_WORDS.get(erratum.number, ())))
    for erratum in sorted((*OF_HARM, *OF_EFFECT), key=lambda erratum: erratum.number)
)
BY_NUMBER = {erratum.number: erratum for erratum in ERRATA}
