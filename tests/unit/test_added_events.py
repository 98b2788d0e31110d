"""An irAE that curators have added to the list: nothing becomes more certain by its having a name."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations.causes import ORGANS_BEHIND
from cases.forms.iraes import IrAEForm
from cases.vocabulary import UNTOLD, Organ, drugs, entities, is_unread
from evidence.conditions.facts import FactState
from followup.agents import classes_of
from followup.triggers import Event as Seen
from followup.triggers import judge
from tests.factories.listing import with_added
from tests.unit.test_derivations import event, facts

# A return is told by the name of the disease: that is what a name is for.
OF_RETURNS = {"irae_recurrent"}


def told(*iraes, **more):
    return facts(iraes=iraes, iraes_complete=True, **more)


@pytest.mark.parametrize("organ", [o for o in Organ.values if o != Organ.OTHER])
def test_every_fact_is_what_it_was_while_it_was_another_event(monkeypatch, organ):
    unlisted = told(event("autoimmune_other", organ, 3, name="Sarcoid reaction"))
    with_added(monkeypatch, "sarcoid_reaction", organ)
    assert told(event("sarcoid_reaction", organ, 3)) == unlisted


def test_one_of_no_organ_leaves_every_organ_open_as_one_of_several_does(monkeypatch):
    unlisted = told(event("autoimmune_other", UNTOLD, 3, name="Sarcoid reaction"))
    with_added(monkeypatch, "sarcoid_reaction", "other")
    found = told(event("sarcoid_reaction", "other", 3))
    assert found == unlisted
    of_one_organ = [k for k, organs in ORGANS_BEHIND.items() if organs == {"lung"}]
    assert of_one_organ
    assert all(found[key].state is FactState.MISSING for key in of_one_organ)


@pytest.mark.parametrize("key", ["sjs_ten_dress_any", "ttp_any", "hus_any"])
def test_it_does_not_rule_out_a_disease_of_several_organs(monkeypatch, key):
    with_added(monkeypatch, "skin_reaction", "skin")
    assert told()[key].value is False
    assert told(event("skin_reaction", "skin", 2))[key].state is FactState.MISSING
    assert told(event("rash", "skin", 2))[key].value is False


def test_it_counts_in_its_organ_and_among_what_rules_do_not_name(monkeypatch):
    with_added(monkeypatch, "cholangitis", "liver")
    found = told(event("cholangitis", "liver", 4))
    for key in ("hepatitis_worst_grade", "unlisted_irae_worst_grade", "irae_worst_grade"):
        assert (found[key].low, found[key].high) == (4, 4), key


def test_one_of_a_disease_of_the_list_leaves_that_disease_open(monkeypatch):
    with_added(monkeypatch, "microscopic_colitis", "colon", family="colitis")
    found = told(event("microscopic_colitis", "colon", 3))
    assert found["colitis_worst_grade"].state is FactState.MISSING
    first = event(
        "colitis", "colon", 2, onset=(date(2024, 1, 1),) * 2, resolved=(date(2024, 2, 1),) * 2
    )
    again = event("microscopic_colitis", "colon", 3, onset=(date(2025, 1, 1),) * 2)
    assert told(first, again)["colitis_recurrent"].value is True


def test_a_second_event_of_its_name_is_a_return(monkeypatch):
    with_added(monkeypatch, "meningitis", "brain")
    first = event(
        "meningitis", "brain", 2, onset=(date(2024, 1, 1),) * 2, resolved=(date(2024, 2, 1),) * 2
    )
    again = event("meningitis", "brain", 3, onset=(date(2025, 1, 1),) * 2)
    assert told(first, again)["irae_recurrent"].value is True


def test_a_code_that_the_list_does_not_have_rules_out_nothing():
    assert is_unread("from_a_later_release")
    found = told(event("from_a_later_release", "skin", 3))
    assert found["sjs_ten_dress_any"].state is FactState.MISSING
    assert found["skin_worst_grade"].low == 3


def test_under_monitoring_one_of_no_organ_is_told_at_any_grade(monkeypatch):
    with_added(monkeypatch, "sarcoid_reaction", "other")
    with_added(monkeypatch, "dry_eye", "eye")
    assert judge(Seen(1, "sarcoid_reaction", "other", 1, 1), {}, []) == "new_irae"
    assert judge(Seen(1, "dry_eye", "eye", 1, 1), {}, []) is None


def test_one_that_is_no_longer_offered_stays_chosen_where_it_stands(monkeypatch):
    with_added(monkeypatch, "dry_eye", "eye", offered=False)
    assert "dry_eye" in entities()
    fresh = IrAEForm(courses=[], others=[])
    standing = IrAEForm(courses=[], others=[], initial={"entity": "dry_eye"})
    assert "dry_eye" not in dict(fresh.fields["entity"].choices)
    assert "dry_eye" in dict(standing.fields["entity"].choices)


@pytest.mark.parametrize("target", ["CTLA-4", "LAG-3", "TIGIT", "TIM-3"])
def test_any_second_checkpoint_is_monitored_as_a_combination(monkeypatch, target):
    code = next(iter(drugs()))
    both = type(drugs()[code])(code="two", label="two", target=f"PD-1+{target}", atc="")
    monkeypatch.setitem(drugs(), "two", both)
    assert "combination" in classes_of(["two"])
