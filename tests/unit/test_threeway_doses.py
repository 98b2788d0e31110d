"""Two people changed the steps of one taper: no taper is saved that neither of them entered."""

from __future__ import annotations

from django.http import QueryDict

from cases.forms.fields import Stated
from cases.forms.steroids import SteroidForm
from ui.partial_dates import parse_partial_date
from ui.threeway import joined, sealed, unsealed

SCOPE = "item:one:steroids"


def steps(*told: tuple[str, str]) -> dict:
    found = {}
    for n, (day, mg) in enumerate(told, start=1):
        found[f"dose_from_{n}"] = Stated(parse_partial_date(day), "known")
        found[f"dose_mg_{n}"] = mg
    return found


def typed(*told: tuple[str, str], rows: int = 4, **more: str) -> QueryDict:
    sent = QueryDict(mutable=True)
    for n in range(1, rows + 1):
        day, mg = told[n - 1] if n <= len(told) else ("", "")
        sent[f"dose_from_{n}"], sent[f"dose_mg_{n}"] = day, mg
    sent.update(more)
    return sent


def join(opened: dict, now: dict, sent: QueryDict):
    seal = sealed(SteroidForm(initial=opened), SCOPE)
    return joined(SteroidForm(sent), SteroidForm(initial=now), unsealed(seal, SCOPE), SCOPE)


FIRST, SECOND, THIRD = (
    ("1 January 2026", "60"),
    ("15 January 2026", "30"),
    ("1 February 2026", "30"),
)
OPENED = steps(FIRST, THIRD)
INSERTED = steps(FIRST, SECOND, THIRD)


def test_a_step_put_in_by_one_is_not_given_the_dose_that_the_other_typed():
    found = join(OPENED, INSERTED, typed(FIRST, ("1 February 2026", "20")))
    assert set(found.clashing) == {"dose_from_2", "dose_mg_2", "dose_from_3", "dose_mg_3"}
    assert [found.sent[f"dose_mg_{n}"] for n in (1, 2, 3)] == ["60", "20", ""]
    assert not [name for name in found.theirs if name.startswith("dose_")]


def test_steps_that_one_alone_changed_are_theirs_or_mine():
    found = join(OPENED, INSERTED, typed(FIRST, THIRD, drug="prednisolone"))
    assert "dose_mg_3" in found.theirs and found.clashing == ()
    assert (found.sent["dose_from_2"], found.sent["dose_mg_3"]) == ("15 January 2026", "30")
    found = join(OPENED, OPENED, typed(FIRST, ("1 February 2026", "20")))
    assert found.mine == ("dose_mg_2",) and found.clashing == ()


def test_a_step_beyond_the_rows_that_i_had_can_be_chosen():
    more = [(f"{day} February 2026", "10") for day in (5, 9, 13)]
    found = join(OPENED, steps(FIRST, THIRD, *more), typed(FIRST, ("1 February 2026", "20")))
    assert {"dose_from_5", "dose_mg_5"} <= set(found.clashing)
    assert set(found.clashing) <= set(SteroidForm(found.sent).fields)
