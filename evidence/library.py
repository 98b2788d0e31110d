"""What the library is filtered by and searched for. Nothing here is about a patient."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import (
    SearchQuery,
    SearchVector,
    TrigramStrictWordSimilarity,
)
from django.db.models import (
    Case,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from evidence.alike import alike
from evidence.choices import ALWAYS, EFFICACY, Category, Certainty, Tumour
from evidence.conditions import FACTS
from evidence.models import Source, StatementVersion, VersionFinding, VersionSource
from evidence.states import UNPUBLISHED, VersionState
from evidence.synonyms import Term, folded, terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_SEARCH, MOST_WORDS = 200, 8
# A shorter word is one letter away from too many others.
SHORTEST_ALIKE, ALIKE = 5, 0.45
# Nor of a label: "any" and "now" stand in many.
SHORTEST_LABEL = 4
ALL = "all"
SECTIONS = tuple("123456789")
# What stands in a name or not, as people write it: CTLA-4 and CTLA4, PD-(L)1 and PDL1, PD 1.
BETWEEN, SHORTEST_FOLDED = r"[-‐‑–()\s]", 3
HYPHENS = r"[-‐‑–]"
ERRATUM = re.compile(r"E\d{2}", re.IGNORECASE)


def _inside(field: str, path: str) -> Func:
    """The texts at a path of a field of plain values, as one text."""
    return Func(
        field,
        Value(path),
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)::text",
        output_field=TextField(),
    )


TEXTS = ("title", "says", "does_not_say", _inside("rules", "$[*].says"))
BLANK = Value(" ")
WORDING = Concat(
    TEXTS[0], BLANK, TEXTS[1], BLANK, TEXTS[2], BLANK, TEXTS[3], output_field=TextField()
)
"""What a statement says: its title, its two texts, and the words of the rows of its rule."""


class UnknownFilter(LookupError):
    """A value is none that the library knows."""


@dataclass(frozen=True, slots=True)
class Library:
    """What is asked of the library; what is empty filters nothing, but efficacy in other tumours stays hidden.

    `tumours` is a tumour, or "all".
    """

    text: str = ""
    category: str = ""
    section: str = ""
    tumours: str = ""
    certainty: str = ""
    drafts: bool = False

    @classmethod
    def asked(cls, given: Mapping[str, str], *, may_curate: bool) -> Self:
        """Return what an address asks for; others than its own parameters are passed over. Raises UnknownFilter."""
        known = {
            "category": Category.values,
            "section": SECTIONS,
            "tumours": (ALL, *Tumour.values),
            "certainty": Certainty.values,
        }
        chosen = {name: given.get(name, "") for name in known}
        for name, value in chosen.items():
            if value and value not in known[name]:
                raise UnknownFilter(value)
        return cls(
            text=given.get("q", "").strip()[:LONGEST_SEARCH],
            drafts=may_curate and given.get("drafts") == "1",
            **chosen,
        )

    @property
    def hides_other_tumours(self) -> bool:
        """Whether efficacy that was found in other tumours alone is hidden."""
        return not self.tumours

    def hidden(self) -> int:
        """How many more would fit if all tumours were shown; of a search for words alone, else 0."""
        if not self.text or self.tumours == ALL:
            return 0
        return replace(self, tumours=ALL).find().exclude(pk__in=self.find().values("pk")).count()

    def find(self) -> QuerySet[StatementVersion]:
        """Return the versions that fit."""
        states = UNPUBLISHED if self.drafts else (VersionState.PUBLISHED,)
        found = StatementVersion.objects.filter(state__in=states)
        if self.category:
            found = found.filter(category=self.category)
        if self.section:
            found = found.filter(section=self.section)
        if self.certainty:
            found = found.filter(certainty=self.certainty)
        if self.hides_other_tumours:
            found = found.exclude(
                ~Q(indirect="") & Q(category__in=EFFICACY) & ~Q(signal__in=ALWAYS)
            )
        elif self.tumours != ALL:
            found = found.filter(Exists(_findings(finding__tumour=self.tumours)))
        words = self.text.split()[:MOST_WORDS]
        if words:
            found = found.annotate(wording=WORDING)
            exact = Q()
            for term in terms(words):
                found = found.filter(_holds_term(term))
                exact &= _says(term)
            # What says it as it was typed stands before what is only alike.
            found = found.annotate(
                alike=Case(
                    When(exact, then=Value(0)), default=Value(1), output_field=IntegerField()
                )
            )
        return found

    @property
    def order(self) -> tuple[str, ...]:
        """In which order the list stands; it ends with a field that tells every two rows apart."""
        listed = ("statement__position", "id")
        return ("alike", *listed) if self.text.split() else listed

    def waiting(self) -> int:
        """How many drafts would fit that nobody has confirmed yet; of a search for words alone, else 0."""
        return 0 if self.drafts or not self.text else replace(self, drafts=True).find().count()


def _says(term: Term) -> Q:
    """Whether a statement says a term in the letters that were typed, or by its own code."""
    said = Q(statement__code__iexact=term.typed)
    words = Q()
    for word in term.words:
        words &= Q(wording__icontains=word)
    return said | words


def _holds_term(term: Term) -> Q:
    """Whether a statement holds every word of a term, or another name of it."""
    held = Q()
    for word in term.words:
        held &= _holds(word)
    for name in term.also:
        held |= Q(wording__iregex=rf"\m{re.escape(name)}\M") | _asks_for(name)
        if ERRATUM.fullmatch(name):
            held |= _of_erratum(name)
    return held


def _asks_for(word: str) -> Q:
    """Whether the condition of a statement, or of a row of its rules, reads a fact with this word in its label."""
    keys = [key for key, spec in FACTS.items() if _in_label(word, spec.label)]
    if not keys:
        return Q(pk__in=[])
    named = rf'"fact": "({"|".join(keys)})"'
    texts = StatementVersion.objects.annotate(
        asked=Concat(
            Cast("condition", TextField()), Cast("rules", TextField()), output_field=TextField()
        )
    ).filter(asked__regex=named)
    return Q(pk__in=texts.values("pk"))


def _in_label(word: str, label: str) -> bool:
    """Whether a label has the word; a name with a number in whatever way its parts are put together."""
    name, there = folded(word), folded(label)
    if any(one.isdigit() for one in name):
        name, there = name.replace(" ", ""), there.replace(" ", "")
        return len(name) >= SHORTEST_FOLDED and not name.isdigit() and name in there
    if len(name) < SHORTEST_LABEL:
        return False
    begins = re.search(rf"\b{re.escape(name)}", there)
    return bool(begins) or any(alike(name, part) for part in there.split())


def _of_erratum(number: str) -> Q:
    """Whether it corrects the erratum of this number, in whatever letter it was typed."""
    return Q(corrections__contains=[{"erratum": number.upper()}])


def _corrects(word: str) -> Q:
    """Whether a correction of the review's print has the word."""
    values = StatementVersion.objects.annotate(corrected=_inside("corrections", "$[*].*"))
    pattern = _put_together(word)
    # Of bare numbers nothing is taken away: 1-2 is not 12.
    held = Q(corrected__iregex=pattern) if pattern else Q(corrected__icontains=word)
    return Q(pk__in=values.filter(held).values("pk"))


def _holds(word: str) -> Q:
    """Whether a statement says a word, in whatever form, or one that is written nearly so, or rests on who is named."""
    if ERRATUM.fullmatch(word):
        return Q(wording__iregex=rf"\m{word}\M") | _of_erratum(word)
    said = Q(wording__icontains=word) | Q(statement__code__iexact=word)
    said |= _rests(Q(finding__source__short__icontains=word) | Q(finding__label__icontains=word))
    said |= _cites(Q(source__short__icontains=word))
    said |= _folded(word) | _corrects(word) | _asks_for(word)
    if word.isalpha():
        stemmed = SearchQuery(word, config="english")
        found = StatementVersion.objects.annotate(
            stems=SearchVector(*TEXTS, config="english")
        ).filter(stems=stemmed)
        said |= Q(pk__in=found.values("pk"))
    if word.isalpha() and len(word) >= SHORTEST_ALIKE:
        near = StatementVersion.objects.annotate(
            near=TrigramStrictWordSimilarity(
                word, Concat("title", BLANK, "says", BLANK, TEXTS[3], output_field=TextField())
            )
        ).filter(near__gte=ALIKE)
        said |= Q(pk__in=near.values("pk")) | _near_name(word)
    return said


def _folded(word: str) -> Q:
    """Whether a word stands there with or without hyphens, and a name with a number with or without blanks."""
    pattern = _put_together(word)
    if not pattern:
        return Q(pk__in=[])
    named = Source.objects.filter(short__iregex=pattern).values("pk")
    return (
        Q(wording__iregex=pattern)
        | _rests(Q(finding__source__in=named))
        | _cites(Q(source__in=named))
    )


def _put_together(word: str) -> str:
    """Return the pattern of a word in whatever way its parts are put together; empty of one that has no parts.

    It begins where a word does: E3 is no part of "grade 3".
    """
    between = BETWEEN if any(one.isdigit() for one in word) else HYPHENS
    plain = re.sub(between, "", word)
    if len(plain) < SHORTEST_FOLDED or plain.isdigit() or not plain[0].isalnum():
        return ""
    if between == HYPHENS and plain == word and len(word) < SHORTEST_ALIKE:
        return ""
    # A study's number is typed with its zeros or without: KEYNOTE-24 is KEYNOTE-024.
    begins = rf"(?:(?<=[^\W\d])|(?<={between}))"
    parts = re.finditer(rf"(?P<zeros>{begins}0*(?=\d))|(?!{between}).", word)
    return r"\m" + f"{between}*".join(
        "0*" if part["zeros"] is not None else re.escape(part[0]) for part in parts
    )


def _near_name(word: str) -> Q:
    """Whether it rests on, or cites, a source whose short name is written nearly so."""
    near = Source.objects.annotate(near=TrigramStrictWordSimilarity(word, "short"))
    named = near.filter(near__gte=ALIKE).values("pk")
    return _rests(Q(finding__source__in=named)) | _cites(Q(source__in=named))


def _rests(basis: Q) -> Q:
    return Q(Exists(_findings().filter(basis)))


def _cites(source: Q) -> Q:
    return Q(Exists(VersionSource.objects.filter(source, version=OuterRef("pk"))))


def _findings(**narrowed: str) -> QuerySet[VersionFinding]:
    return VersionFinding.objects.filter(version=OuterRef("pk"), **narrowed)
