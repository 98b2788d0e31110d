"""Results of one sample, its source spelled in two ways: one is chosen when two records are merged, none is dropped."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from cases.bulk.exporting import exported
from cases.bulk.writing import written
from cases.differing import pairs_of
from cases.models import LabResult, Patient, PatientIdentity
from tests.factories.labs import DAY, make_sample
from tests.factories.spreadsheets import dump, imported
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_merging import both, merge, two

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]


def creatinine(case, value, source):
    with acting_as(case.referred_by):
        values = {"creatinine": (value, "umol/L", "")}
        (row,) = make_sample(case.referred_by, case, DAY, values, source)
    return row


def spelled(row, source):
    """Let a row read as one that an earlier merge moved: no form takes it beside the other."""
    with acting_as(row.entered_by):
        LabResult.objects.filter(pk=row.pk).update(source=source)


def told(case):
    rows = LabResult.objects.filter(patient=case.patient_id).order_by("pk")
    return [(row.source, row.value_entered) for row in rows]


def lab_pairs(two):
    keep, absorb = (Patient.objects.get(pk=case.patient_id) for case in two)
    return [pair for pair in pairs_of(keep, absorb) if pair.key.startswith("labresult")]


@pytest.mark.parametrize(("taken", "value"), [(False, "80"), (True, "95")])
def test_one_of_two_spellings_stands_as_it_is_chosen(client, two, both, taken, value):
    kept, other = two
    creatinine(kept, "80", "Central lab")
    creatinine(other, "95", "central lab")
    set_acting(both)
    (pair,) = lab_pairs(two)
    assert pair.differs
    address = reverse("cases:merge_with", args=[kept.public_id, other.public_id])
    page = sign_in(client, both).get(address).content.decode()
    differing = re.findall(r"<mark[^>]*>([^<]*)<", page)
    assert [words.split(",")[0] for words in differing[-2:]] == ["80 µmol/L", "95 µmol/L"]
    merge(both, kept.patient_id, other.patient_id, *([pair.key] if taken else []))
    assert told(kept) == [("Central lab", value)]
    assert told(other) == [("central lab", "80" if taken else "95")]


def test_what_both_say_alike_is_not_asked_for_its_spelling(two, both):
    kept, other = two
    creatinine(kept, "80", "Central lab")
    creatinine(other, "80", "CENTRAL LAB")
    set_acting(both)
    (pair,) = lab_pairs(two)
    assert not pair.differs
    merge(both, kept.patient_id, other.patient_id)
    assert told(kept) == [("Central lab", "80")]


def test_each_goes_with_the_one_that_is_spelled_like_it(two, both):
    kept, other = two
    mine = creatinine(kept, "80", "central lab")
    theirs, more = creatinine(other, "95", "central lab"), creatinine(other, "99", "Ward")
    spelled(more, "Central lab")
    set_acting(both)
    (pair,) = lab_pairs(two)
    assert (pair.one, pair.other) == (mine, theirs)
    merge(both, kept.patient_id, other.patient_id)
    assert told(kept) == [("central lab", "80"), ("Central lab", "99")]


def test_an_export_has_both_of_an_earlier_merge_and_says_the_same_again(member, two, both):
    kept, _other = two
    creatinine(kept, "80", "Central lab")
    spelled(creatinine(kept, "95", "Ward"), "central lab")
    set_acting(both)
    number = PatientIdentity.objects.get(patient=kept.patient_id).hospital_number
    sheets = exported(both, kept.board).rows
    rows = [row for row in sheets["labs"] if row["hospital_number"] == number]
    assert [(row["source"], row["value"]) for row in rows] == [
        ("Central lab", "80"),
        ("central lab", "95"),
    ]
    before = dump(kept.board)
    again = imported(both, kept.board, written(sheets, "csv"))
    assert not again.problems
    assert again.as_counts()["labs_same"] == 2
    assert dump(kept.board) == before
