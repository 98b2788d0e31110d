"""What two merged records both said is found by the history that was kept, and by that alone."""

from __future__ import annotations

import pytest

from accounts.acting import set_acting
from cases.models import ICICourse, IrAE
from cases.searching import search_cases
from tests.integration.test_merging import both, merge, two  # noqa: F401
from tests.integration.test_merging_twins import told_twice
from tests.integration.test_searching import keys

pytestmark = pytest.mark.django_db


def test_what_was_corrected_since_no_longer_finds_the_case(two, both, member):  # noqa: F811
    kept, other = two
    told_twice(two)
    set_acting(both)
    merge(both, kept.patient_id, other.patient_id)
    set_acting(member)
    drug = ICICourse.objects.get(patient=kept.patient_id).drugs[0]
    irae = IrAE.objects.get(patient=kept.patient_id).entity
    words = (drug, irae, f"{drug} {irae}")
    for asked in words:
        assert kept.pk in keys(search_cases(member, asked)), asked
    other_drug = "cemiplimab" if drug != "cemiplimab" else "nivolumab"
    ICICourse.objects.filter(patient=kept.patient_id).update(drugs=[other_drug])
    IrAE.objects.filter(patient=kept.patient_id).update(entity="hepatitis")
    # The rows of the record that was merged still say it.
    assert ICICourse.objects.filter(drugs__contains=[drug]).exists()
    for asked in words:
        assert keys(search_cases(member, asked)) == [], asked
    assert kept.pk in keys(search_cases(member, f"{other_drug} hepatitis"))
