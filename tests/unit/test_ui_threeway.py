"""Two people typed into one form: whose each field is, for every kind of field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict

from cases.forms.fields import Stated, StatedChoiceField, StatedDateField, StatedNumberField
from cases.forms.sections import BoundsField
from ui.forms import DayInput, Form, Textarea, VersionField
from ui.partial_dates import parse_partial_date
from ui.threeway import joined, sealed, texts_of, unsealed, words_of

SCOPE = "section:one:background"
KNOWN = "known"


class Record(Form):
    version = VersionField()
    smoking = StatedChoiceField(label="Smoking", choices=[("never", "Never"), ("former", "Former")])
    weight = StatedNumberField(label="Weight")
    since = StatedDateField(label="Since")
    share = BoundsField(label="Share", suffix="%")
    day = forms.DateField(label="Day", required=False, widget=DayInput())
    words = forms.CharField(label="Words", required=False, widget=Textarea)
    urgent = forms.BooleanField(label="Urgent", required=False)
    sites = forms.MultipleChoiceField(
        label="Sites", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("bone", "Bone"), ("brain", "Brain"), ("liver", "Liver")],
    )  # fmt: skip
    paper = forms.FileField(label="Paper", required=False)


class Rows(Form):
    """As many rows as are filled, and one more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        source = self.data if self.is_bound else self.initial
        filled = sum(bool(source.get(f"dose_{n}")) for n in range(1, 9))
        for n in range(1, filled + 2):
            self.fields[f"dose_{n}"] = forms.CharField(label=f"Dose {n}", required=False)


# Of each kind: as the record held it, and two others, each as the record holds it and as it is typed.
KINDS = {
    "smoking": [
        (Stated("never", KNOWN), "never"),
        (Stated("former", KNOWN), "former"),
        (Stated(None, "unknown"), "unknown"),
    ],
    "weight": [
        (Stated(Decimal("70.0"), KNOWN), "70"),
        (Stated(Decimal("71.5"), KNOWN), "71.5"),
        (Stated(None, "not_yet"), "not yet"),
    ],
    "since": [
        (Stated(parse_partial_date("March 2024"), KNOWN), "March 2024"),
        (Stated(parse_partial_date("2023"), KNOWN), "2023"),
        (Stated(None, "missing"), ""),
    ],
    "share": [("60", "60"), ("<1", "<1"), ("1-49", "1-49")],
    "day": [
        (None, ""),
        (forms.DateField().clean("2025-03-04"), "2025-03-04"),
        (forms.DateField().clean("2025-03-05"), "2025-03-05"),
    ],
    "words": [("As it was\nsaid", "As it was\r\nsaid"), ("Mine", "Mine"), ("Theirs", "Theirs")],
}


def typed(**fields) -> QueryDict:
    """Return what a browser sends of a `Record`: an empty box sends nothing."""
    sent = QueryDict(mutable=True)
    for name in KINDS:
        sent[name] = ""
    for name, value in fields.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def join(opened_with: dict, now: dict, sent: QueryDict, kind=Record):
    seal = sealed(kind(initial=opened_with), SCOPE)
    return joined(kind(sent), kind(initial=now), unsealed(seal, SCOPE), SCOPE)


@pytest.mark.parametrize("name", KINDS)
def test_what_i_did_not_touch_is_the_others(name):
    (before, as_typed), (after, after_typed), _third = KINDS[name]
    found = join({name: before}, {name: after}, typed(**{name: as_typed}))
    assert (found.mine, found.theirs, found.clashing) == ((), (name,), ())
    assert found.sent[name] == after_typed
    assert texts_of(Record(found.sent), name) == texts_of(Record(initial={name: after}), name)


@pytest.mark.parametrize("name", KINDS)
def test_what_the_other_did_not_touch_is_mine(name):
    (before, _typed), (_after, mine), _third = KINDS[name]
    found = join({name: before}, {name: before}, typed(**{name: mine}))
    assert (found.mine, found.theirs, found.clashing) == ((name,), (), ())
    assert found.sent[name] == mine


@pytest.mark.parametrize("name", KINDS)
def test_what_both_changed_clashes_and_mine_stays(name):
    (before, _typed), (theirs, _theirs_typed), (_mine, mine_typed) = KINDS[name]
    found = join({name: before}, {name: theirs}, typed(**{name: mine_typed}))
    assert (found.mine, found.theirs, found.clashing) == ((), (), (name,))
    assert found.sent[name] == mine_typed


@pytest.mark.parametrize("name", KINDS)
def test_what_both_changed_alike_is_nobodys(name):
    (before, _typed), (theirs, theirs_typed), _third = KINDS[name]
    found = join({name: before}, {name: theirs}, typed(**{name: theirs_typed}))
    assert (found.mine, found.theirs, found.clashing) == ((), (), ())


@pytest.mark.parametrize("name", KINDS)
def test_without_a_seal_every_difference_asks(name):
    _first, (theirs, _typed), (_mine, mine_typed) = KINDS[name]
    found = joined(Record(typed(**{name: mine_typed})), Record(initial={name: theirs}), None, SCOPE)
    assert found.clashing == (name,)


def test_the_same_number_in_other_figures_is_the_same():
    (before, _typed), (theirs, _theirs_typed), _third = KINDS["weight"]
    found = join({"weight": before}, {"weight": theirs}, typed(weight="71.50"))
    assert (found.mine, found.clashing) == ((), ())


@pytest.mark.parametrize(
    ("before", "now", "ticked", "shown"),
    [
        (True, True, False, False),  # I took it away: an absent box is a value
        (True, False, True, False),  # they took it away, and I left it as it was
        (False, True, False, True),  # they ticked it
        (False, False, True, True),  # I ticked it
        (True, False, False, False),
    ],
)
def test_a_box_is_whoever_changed_it(before, now, ticked, shown):
    sent = typed(urgent="on") if ticked else typed()
    found = join({"urgent": before}, {"urgent": now}, sent)
    assert found.clashing == ()
    assert ("urgent" in found.sent) is shown


def test_boxes_of_a_group_are_joined_box_by_box():
    sent = typed(sites=["bone", "liver"])
    found = join({"sites": ["bone", "brain"]}, {"sites": ["brain"]}, sent)
    # They took bone away, I took brain away and ticked liver.
    assert found.sent.getlist("sites") == ["liver"]
    assert found.clashing == ()
    found = join({"sites": []}, {"sites": ["bone"]}, typed(sites=["brain"]))
    assert found.sent.getlist("sites") == ["bone", "brain"]


def test_rows_of_two_people_are_joined_by_their_place():
    opened, now = {"dose_1": "10"}, {"dose_1": "10", "dose_2": "20", "dose_3": "5"}
    found = join(opened, now, QueryDict("dose_1=15&dose_2="), kind=Rows)
    assert [found.sent[f"dose_{n}"] for n in (1, 2, 3)] == ["15", "20", "5"]
    found = join(opened, now, QueryDict("dose_1=10&dose_2=40"), kind=Rows)
    assert (found.clashing, found.theirs) == (("dose_2",), ("dose_3",))
    found = join({"dose_1": "10", "dose_2": "20"}, opened, QueryDict("dose_1=10&dose_2=20"), Rows)
    assert found.sent["dose_2"] == ""


def test_a_field_that_was_not_drawn_is_nobodys_change():
    sent = typed()
    del sent["words"]
    found = join({"words": "kept"}, {"words": "kept"}, sent)
    assert found.sent["words"] == "kept"
    assert found.mine == ()


def test_a_seal_holds_no_value_and_is_good_for_its_own_form_alone():
    form = Record(initial={"words": "Jaundice", "smoking": Stated("never", KNOWN), "version": 3})
    seal = sealed(form, SCOPE)
    assert "Jaundice" not in seal and "never" not in seal and "version" not in seal
    assert set(unsealed(seal, SCOPE)) == {"words", "smoking"}
    assert sealed(form, SCOPE) == seal
    assert unsealed(seal, "section:another:background") is None
    assert unsealed(seal[:-1] + ("a" if seal[-1] != "a" else "b"), SCOPE) is None
    assert unsealed("", SCOPE) is None
    assert len(seal) < 200


def test_a_seal_of_an_earlier_secret_key_says_nothing(settings):
    seal = sealed(Record(initial={"words": "As it was"}), SCOPE)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    assert unsealed(seal, SCOPE) is not None
    settings.SECRET_KEY = "another-key-of-the-same-service-" * 2
    assert unsealed(seal, SCOPE) is None
    assert set(unsealed(sealed(Record(initial={"words": "Now"}), SCOPE), SCOPE)) == {"words"}


def test_an_empty_form_is_sealed_as_well():
    assert unsealed(sealed(Record(), SCOPE), SCOPE) == {}


def test_values_are_told_in_words():
    form = Record(initial={"smoking": Stated("former", KNOWN), "sites": ["bone", "brain"]})
    assert words_of(form, "smoking") == "Former"
    assert words_of(form, "sites") == "Bone, Brain"
    assert words_of(form, "urgent") == "not ticked"
    assert words_of(form, "words") == ""
