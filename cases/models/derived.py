"""What conditions read: one row a case with every fact of the vocabulary, rewritten when the record is saved."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.carrying import GROWS_OLD, carry
from cases.fields import state_field
from cases.lapsing import unasked
from cases.limits import NOT_BEHIND, Behind, behind, behind_now
from cases.models.cases import Case
from evidence.conditions.facts import Fact, FactState, Widened
from evidence.conditions.specs import FactSpec
from evidence.conditions.vocabulary import FACTS

Days = tuple[date, date]


class CaseFacts(PatientOwned):
    """The facts of a case on `as_of`: `<key>_low`, `<key>_high` or `<key>`, and `<key>_state`."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="facts")
    # The board on which the case is open; NULL once it is closed. Triggers of the database keep it equal to the case,
    # so that who asks about all open cases of some boards reads their rows by one index and joins nothing.
    open_board = models.ForeignKey(
        "accounts.Board", on_delete=models.PROTECT, related_name="+", null=True, editable=False,
        db_index=False, db_constraint=False,
    )  # fmt: skip
    as_of = models.DateField()
    vocabulary_version = models.PositiveSmallIntegerField()
    # The last day on which every dose that counts still holds; after it "now" cannot be told from this row.
    doses_until = models.DateField(null=True)
    # The last days on which the lists of steroids and of second-line agents count as complete.
    steroids_until = models.DateField(null=True)
    second_line_until = models.DateField(null=True)
    # The last day on which the answers about organs hold that end with it: given while an ICI may still be given.
    answers_until = models.DateField(null=True)
    # The last day on which every grade of now holds; after it the upper end of the worst of them is open.
    grades_until = models.DateField(null=True)
    # The last day on which surgery certainly counts as recent; NULL where none does, or before that was kept.
    surgery_until = models.DateField(null=True)
    # The id of the rules by whose age limits the days above were worked out (`cases.limits`).
    limits_by = models.BigIntegerField(null=True)
    # Key of a fact -> why its number is less certain than it was entered (`Widened`); NULL where none is.
    widened = models.JSONField(null=True)
    # Key of a fact -> the first and the last day on which it may have been said or measured.
    said = models.JSONField(default=dict)
    # How many facts the question needs and how many are there and current, counted by the rules with this id.
    # After `counts_until` (NULL: no day) the count has to be made anew.
    counted_by = models.BigIntegerField(null=True)
    facts_required = models.PositiveSmallIntegerField(default=0)
    facts_settled = models.PositiveSmallIntegerField(default=0)
    counts_until = models.DateField(null=True)

    class Meta:
        verbose_name = _("facts of a case")
        verbose_name_plural = _("facts of cases")
        indexes = (
            models.Index(
                fields=["open_board"],
                condition=models.Q(open_board__isnull=False),
                name="facts_of_open_cases",
            ),
        )

    def __str__(self) -> str:
        return f"facts of case {self.case_id}"

    def as_facts(self, as_of: date | None = None) -> dict[str, Fact]:
        """Return every fact of the vocabulary on `as_of` (None: today).

        Time goes on after the row was written: what changes by itself is carried forward.
        """
        facts = {key: self._fact(spec) for key, spec in FACTS.items()}
        as_of = as_of or timezone.localdate()
        if as_of < self.as_of:
            return facts
        less, by = self._behind(), self.limits_by
        until = {
            "steroids_until": less.doses.moved(self.steroids_until, by),
            "second_line_until": less.second_line.moved(self.second_line_until, by),
            "doses_until": less.doses.moved(self.doses_until, by),
            "answers_until": self.answers_until,
            "surgery_until": less.surgery.moved(self.surgery_until, by),
        }
        grades = {name: less.grades.moved(getattr(self, name), by) for name in GROWS_OLD.values()}
        if less.weight.of(by) > 0:
            facts["ali"] = Fact.absent(FactState.MISSING)
        # A day that was moved to a new limit may have passed on the day of the row itself.
        ends = (*until.values(), *grades.values())
        if as_of == self.as_of and not any(day and day < as_of for day in ends):
            return facts
        identity = self.case.patient.identity
        return carry(
            facts,
            days=(as_of - self.as_of).days,
            as_of=as_of,
            birth_date=identity.birth_date,
            died=identity.died_between,
            grades_until=grades,
            **until,
        )

    def _behind(self) -> Behind:
        """Return what is to be taken off the days; no query where row or case was fetched with the rules in force."""
        known = self.__dict__.get("rules_now", self.case.__dict__.get("rules_now"))
        found = behind_now() if known is None else behind(known)
        return NOT_BEHIND if self.limits_by == found.rules else found

    def of_organs(self, key: str) -> Fact:
        """Return one fact that rests on the answers about organs, as it is today."""
        fact = self._fact(FACTS[key])
        lapsed = self.answers_until is not None and self.answers_until < timezone.localdate()
        return unasked({key: fact})[key] if lapsed else fact

    def said_on(self) -> dict[str, Days]:
        """Return for each fact the first and the last day on which it may have been said or measured."""
        return {
            key: (date.fromisoformat(first), date.fromisoformat(last))
            for key, (first, last) in self.said.items()
        }

    def _fact(self, spec: FactSpec) -> Fact:
        state = FactState(getattr(self, f"{spec.key}_state"))
        if state is not FactState.KNOWN:
            return Fact.absent(state)
        if spec.kind == "date":
            return Fact.day(getattr(self, f"{spec.key}_low"), getattr(self, f"{spec.key}_high"))
        if spec.kind == "number":
            low, high = getattr(self, f"{spec.key}_low"), getattr(self, f"{spec.key}_high")
            why = (self.widened or {}).get(spec.key, ())
            return Fact.between(low, high, [Widened(code) for code in why])
        return Fact.known(getattr(self, spec.key))

    @staticmethod
    def columns(facts: dict[str, Fact]) -> dict[str, Any]:
        """Return the columns' values for `facts`; a key that is not given is missing."""
        widened = {key: list(fact.widened) for key, fact in facts.items() if fact.widened}
        values: dict[str, Any] = {"widened": widened or None}
        for key, spec in FACTS.items():
            fact = facts.get(key, Fact.absent(FactState.MISSING))
            values[f"{key}_state"] = fact.state.value
            if spec.kind in {"number", "date"}:
                values[f"{key}_low"], values[f"{key}_high"] = fact.low, fact.high
            else:
                values[key] = fact.value
        return values


def _value_columns(spec: FactSpec) -> dict[str, models.Field[Any, Any]]:
    def number() -> models.Field[Any, Any]:
        return models.DecimalField(max_digits=10, decimal_places=2, null=True)

    if spec.kind == "number":
        return {f"{spec.key}_low": number(), f"{spec.key}_high": number()}
    if spec.kind == "date":
        return {f"{spec.key}_{end}": models.DateField(null=True) for end in ("low", "high")}
    if spec.kind == "flag":
        return {spec.key: models.BooleanField(null=True)}
    return {spec.key: models.CharField(max_length=30, null=True)}


for _spec in FACTS.values():
    for _name, _column in _value_columns(_spec).items():
        CaseFacts.add_to_class(_name, _column)
    CaseFacts.add_to_class(f"{_spec.key}_state", state_field())
# Beside that of all irAEs together, `grades_until`: until when each of the other grades of now holds.
for _name in sorted(set(GROWS_OLD.values()) - {"grades_until"}):
    CaseFacts.add_to_class(_name, models.DateField(null=True))
