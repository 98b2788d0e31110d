"""Pages of a list by position, not by number: stable while rows arrive, and as fast at the end.

A cursor holds the ordering values of one row, times and ids only; names never enter an address.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

_DECODERS: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "int": int,
    "str": str,
    "bool": lambda text: text == "True",
    "UUID": UUID,
}


# What a cursor may hold for a column of each kind.
_KINDS: dict[str, tuple[type, ...]] = {
    "DateTimeField": (dt.datetime,),
    "DateField": (dt.date,),
    "TimeField": (dt.time,),
    "BigAutoField": (int,),
    "BigIntegerField": (int,),
    "IntegerField": (int,),
    "PositiveIntegerField": (int,),
    "PositiveSmallIntegerField": (int,),
    "CharField": (str,),
    "UUIDField": (UUID,),
}


@dataclass(frozen=True)
class KeysetPage:
    """One page of rows with the addresses of its neighbours (None where there is none)."""

    rows: list[Any]
    next_url: str | None
    previous_url: str | None

    def __bool__(self) -> bool:
        return bool(self.rows)


def encode_cursor(values: Sequence[Any]) -> str:
    """Return the ordering values of a row as text that is safe in an address."""
    pairs = [
        [type(v).__name__, v.isoformat() if isinstance(v, (dt.date, dt.time)) else str(v)]
        for v in values
    ]
    packed = json.dumps(pairs, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, count: int) -> list[Any] | None:
    """Return `count` ordering values, or None when the text is not a cursor of this list."""
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = [_DECODERS[kind](text) for kind, text in json.loads(packed)]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None
    return values if len(values) == count else None


def _fits(queryset: QuerySet[Any], order: Sequence[str], cursor: Sequence[Any]) -> bool:
    """Whether each value is of the kind that its column holds: a cursor may come from anywhere."""
    for name, value in zip(order, cursor, strict=True):
        try:
            field = queryset.model._meta.get_field(name.lstrip("-"))
        except FieldDoesNotExist:
            worked_out = queryset.query.annotations.get(name.lstrip("-"))
            if worked_out is None:
                continue
            field = worked_out.output_field
        kind = field.get_internal_type() if isinstance(field, Field) else ""
        expected = _KINDS.get(kind)
        if expected is not None and type(value) not in expected:
            return False
    return True


def keyset(
    queryset: QuerySet[Any],
    request: HttpRequest,
    order: Sequence[str] = ("-created_at", "-id"),
    per_page: int = 25,
    parameter: str = "",
    by_id: bool = False,
    shown: QuerySet[Any] | None = None,
) -> KeysetPage:
    """Return the page that `?after=` or `?before=` of the request names, else the first.

    `order` must end with a unique field and hold no nullable one. `parameter` prefixes the two
    names when a page has several lists. `by_id`: the list is in the order of names, so the cursor holds
    the id of a row alone. `shown`: the rows with what a page shows of them, where that takes joins: they
    are then made for the rows of the page, not for all of the list. Costs one query, one more where a cursor
    by id is looked up, and one more with `shown`.
    """
    after, before = f"{parameter}after", f"{parameter}before"
    backwards = before in request.GET and after not in request.GET
    wanted = request.GET.get(before if backwards else after, "")
    cursor = _looked_up(queryset, wanted, order) if by_id else _read(queryset, wanted, order)
    if cursor is None:
        backwards = False
    ordering = [_flip(name) for name in order] if backwards else list(order)
    rows_wanted = queryset.order_by(*ordering)
    if cursor is not None:
        rows_wanted = rows_wanted.filter(_beyond(ordering, cursor))
    rows_wanted = rows_wanted[: per_page + 1]
    if shown is not None:
        # Two queries: as a part of one, the keys are taken by the planner for the last step and not the first.
        keys = list(rows_wanted.values_list("pk", flat=True))
        rows_wanted = shown.filter(pk__in=keys).order_by(*ordering)
    rows = list(rows_wanted)
    more = len(rows) > per_page
    rows = rows[:per_page]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (more or backwards)
    has_previous = bool(rows) and (more if backwards else cursor is not None)
    kept = ("pk",) if by_id else order
    return KeysetPage(
        rows=rows,
        next_url=_url(request, after, before, _values(rows[-1], kept)) if has_next else None,
        previous_url=_url(request, before, after, _values(rows[0], kept)) if has_previous else None,
    )


def _read(queryset: QuerySet[Any], text: str, order: Sequence[str]) -> list[Any] | None:
    """Return the ordering values that a cursor holds, or None when it is none of this list."""
    cursor = decode_cursor(text, len(order))
    return cursor if cursor is not None and _fits(queryset, order, cursor) else None


def _looked_up(queryset: QuerySet[Any], text: str, order: Sequence[str]) -> list[Any] | None:
    """Return the ordering values of the row whose id a cursor holds, or None when it is not in the list."""
    cursor = decode_cursor(text, 1)
    if cursor is None or type(cursor[0]) is not int:
        return None
    fields = [name.removeprefix("-") for name in order]
    found = queryset.filter(pk=cursor[0]).values_list(*fields).first()
    return list(found) if found else None


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(ordering: Sequence[str], cursor: Sequence[Any]) -> Q:
    """Rows that come after the cursor: equal in the first fields, beyond it in the next.

    Said of the first field alone besides: that an index can begin at, and it cannot at alternatives.
    """
    condition, equal = Q(), Q()
    for name, value in zip(ordering, cursor, strict=True):
        field = name.removeprefix("-")
        comparison = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    first = ordering[0]
    reached = "lte" if first.startswith("-") else "gte"
    return Q(**{f"{first.removeprefix('-')}__{reached}": cursor[0]}) & condition


def _values(row: Model | dict[str, Any], order: Sequence[str]) -> list[Any]:
    values: list[Any] = []
    for name in order:
        field = name.removeprefix("-")
        value: Any = row
        if isinstance(row, dict):
            value = row[field]
        else:
            for part in field.split("__"):
                value = getattr(value, part)
        values.append(value)
    return values


def _url(request: HttpRequest, set_name: str, drop_name: str, values: Sequence[Any]) -> str:
    query = request.GET.copy()
    query.pop(drop_name, None)
    query[set_name] = encode_cursor(values)
    return f"{request.path}?{query.urlencode()}"
