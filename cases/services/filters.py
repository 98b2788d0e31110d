"""Filters of the list of cases under names of one's own. The name is free text: it is shown to its owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from accounts.policies import check_anywhere
from cases.filtering import filter_of
from cases.models import SavedFilter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

MOST_FILTERS = 30


class NothingFiltered(ValueError):
    """The list is not filtered, so there is nothing to keep."""


class NameIsTaken(ValueError):
    """Another filter of the user has this name, in capitals or not."""


class TooManyFilters(Exception):
    """The user keeps as many filters as the list shows; another one is refused, none is dropped for it."""


@transaction.atomic
def save_filter(*, by: User, name: str, given: Mapping[str, str]) -> SavedFilter:
    """Keep what `given`, the parameters of the list's address, filters by; of these its own codes alone are kept.

    The same filter under the same name is kept once, however often that is asked for. Raises UnknownFilter,
    NothingFiltered, NameIsTaken, TooManyFilters.
    """
    check_anywhere(by, "case.view")
    query = filter_of(by, given).query
    if not query:
        raise NothingFiltered
    # Two presses at a time would each find room, and the name free.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = SavedFilter.objects.filter(user=by)
    name = " ".join(name.split())
    same = mine.filter(name__iexact=name).first()
    if same is not None and same.query == query:
        return same
    if same is not None:
        raise NameIsTaken
    if mine.count() >= MOST_FILTERS:
        raise TooManyFilters
    return SavedFilter.objects.create(user=by, name=name, query=query)


@transaction.atomic
def remove_filter(*, by: User, public_id: UUID) -> bool:
    """Forget a filter of the user's own, and return whether there was one; one that is gone is no error."""
    check_anywhere(by, "case.view")
    removed, _by_model = SavedFilter.objects.filter(user=by, public_id=public_id).delete()
    return bool(removed)
