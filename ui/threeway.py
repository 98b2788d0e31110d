"""Two people typed into one form: what each of them changed, joined field by field.

A form carries with it, sealed, what it was opened with: of each value a keyed digest, so that the page holds no
second copy of a record and nothing stays on the server. Against that a field is nobody's (neither differs), mine,
theirs, or both's; only the last needs somebody to choose.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SALT = "ui.threeway"
# Never joined: the lock itself, and what it was opened with.
OF_THE_LOCK = frozenset({"version", "opened"})

# The values of one field as a browser sends them; nothing for an empty field or an empty box.
Texts = tuple[str, ...]
# Digests of what each field was opened with; a field that was empty is not in it. None: nobody knows.
Opened = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Clash:
    """A field that both changed: what the other wrote, in words, whose it is, and what was chosen so far."""

    name: str
    theirs: str
    who: str
    choice: str = ""


@dataclass(frozen=True)
class Joined:
    """What to show: mine, with theirs where I changed nothing; and the names of the fields by whose they are."""

    sent: QueryDict
    mine: Texts
    theirs: Texts
    clashing: Texts


def texts_of(form: forms.Form, name: str) -> Texts:
    """Return the values of a field as a browser would send them, typed or from the record."""
    bound = form[name]
    widget, value = bound.field.widget, bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ("on",) if widget.check_test(value) else ()
    if _is_set(bound.field):
        return tuple(sorted(str(item) for item in value or ()))
    shown = widget.format_value(value)
    found = shown if isinstance(shown, list | tuple) else [shown]
    plain = (_plain(text) for text in found if text is not None)
    return tuple(text for text in plain if text)


def words_of(form: forms.Form, name: str) -> str:
    """Return the value of a field in words, "" for none."""
    field = form.fields[name]
    texts = texts_of(form, name)
    if isinstance(field.widget, forms.CheckboxInput):
        return _("ticked") if texts else _("not ticked")
    labels = {str(code): str(label) for code, label in choices_of(field)}
    return ", ".join(labels.get(text, text) for text in texts)


def sealed(form: forms.Form, scope: str) -> str:
    """Return what `form` shows now as digests, signed for the one form that `scope` names."""
    digest = partial(_digest, _key(scope))
    parts = [_mark(digest)]
    for name in _joinable(form):
        texts = texts_of(form, name)
        if texts:
            parts.append(f"{name}={','.join(digest(name, text) for text in texts)}")
    return Signer(salt=f"{SALT}:{scope}").sign(" ".join(parts))


def unsealed(text: str, scope: str) -> Opened | None:
    """Return what a form was opened with, or None where it does not say so, or not truly."""
    try:
        plain = Signer(salt=f"{SALT}:{scope}").unsign(text)
    except BadSignature:
        return None
    mark, *parts = plain.split() or [""]
    # Signed with a key that is still known, but its digests were made with another than that of now.
    if mark != _mark(partial(_digest, _key(scope))):
        return None
    pairs = (part.partition("=") for part in parts)
    return {name: frozenset(digests.split(",")) for name, _sign, digests in pairs}


def joined(mine: forms.Form, now: forms.Form, opened: Opened | None, scope: str) -> Joined:
    """Join what was typed (`mine`, bound) with what the record says by now (`now`, not bound).

    Where nobody knows what the form was opened with, every field that differs is both's. Boxes of which several
    can be ticked are joined box by box and never clash; of fields that belong together, which both changed, every one
    that differs does.
    """
    digest = partial(_digest, _key(scope))
    typed: Any = mine.data
    sent: QueryDict = typed.copy()
    whose: dict[str, list[str]] = {"mine": [], "theirs": [], "clashing": []}
    apart = _both_changed(mine, now, opened, digest)
    for name in dict.fromkeys((*_joinable(now), *_joinable(mine))):
        ours = texts_of(mine, name) if name in mine.fields else ()
        theirs = texts_of(now, name) if name in now.fields else ()
        field = mine.fields.get(name) or now.fields[name]
        if _same(field, ours, theirs):
            continue
        before = None if opened is None else opened.get(name, frozenset())
        if apart and name.startswith(apart):
            value = ours
            whose["clashing"].append(name)
        elif _is_set(field):
            value = _boxes(ours, theirs, before or frozenset(), partial(digest, name))
            whose["mine"] += [name] if value != theirs else []
            whose["theirs"] += [name] if value != ours else []
        elif not _was_sent(mine, name, field) or _digests(digest, name, ours) == before:
            value = theirs
            whose["theirs"].append(name)
        else:
            value = ours
            alone = field.widget.is_hidden or _digests(digest, name, theirs) == before
            whose["mine" if alone else "clashing"].append(name)
        put(sent, field, name, value)
    return Joined(sent, *(tuple(whose[key]) for key in ("mine", "theirs", "clashing")))


def changed_since(mine: forms.Form, name: str, scope: str) -> bool:
    """Whether a field was sent otherwise than it was opened; also where nobody knows how it was."""
    opened = unsealed(mine.data.get("opened", ""), scope)
    if opened is None:
        return True
    digest = partial(_digest, _key(scope))
    return _digests(digest, name, texts_of(mine, name)) != opened.get(name, frozenset())


def own_of(fields: Mapping[str, list[str]], scope: str) -> dict[str, list[str]] | None:
    """Return of what was sent what its form was not opened with; None where nobody knows how it was."""
    opened = unsealed((fields.get("opened") or [""])[0], scope)
    if opened is None:
        return None
    digest = partial(_digest, _key(scope))
    found = {}
    for name, values in fields.items():
        texts = [text for value in values if (text := _plain(value))]
        own = [text for text in texts if digest(name, text) not in opened.get(name, frozenset())]
        if own:
            found[name] = own
    return found


def filled_of(fields: Mapping[str, list[str]], scope: str) -> frozenset[str] | None:
    """Return the fields in which something stood when what was sent was opened; None where nobody knows."""
    opened = unsealed((fields.get("opened") or [""])[0], scope)
    return None if opened is None else frozenset(opened)


def held_since(mine: forms.Form, name: str, now: str, scope: str) -> bool:
    """Whether a field that is `now` in the record was so when `mine` was opened; also where nobody knows."""
    opened = unsealed(mine.data.get("opened", ""), scope)
    if opened is None:
        return True
    digest = partial(_digest, _key(scope))
    return _digests(digest, name, (now,) if now else ()) == opened.get(name, frozenset())


def _both_changed(
    mine: forms.Form, now: forms.Form, opened: Opened | None, digest: Any
) -> tuple[str, ...]:
    """Return how the names begin of each group of fields in which both changed something."""

    def changed(form: forms.Form, group: str) -> bool:
        names = dict.fromkeys((*_joinable(now), *_joinable(mine), *(opened or ())))
        return any(
            _digests(digest, name, texts_of(form, name) if name in form.fields else ())
            != (None if opened is None else opened.get(name, frozenset()))
            for name in names
            if name.startswith(group) and (form is now or name in mine.data)
        )

    groups: tuple[str, ...] = getattr(mine, "together", ())
    return tuple(g for g in groups if changed(mine, g) and changed(now, g))


def put(sent: QueryDict, field: forms.Field, name: str, texts: Texts) -> None:
    """Let a browser have sent `texts` for a field."""
    boxes = _is_set(field) or isinstance(field.widget, forms.CheckboxInput)
    if texts or not boxes:
        sent.setlist(name, list(texts) or [""])
    else:
        sent.pop(name, None)


def _joinable(form: forms.Form) -> Iterable[str]:
    fields = form.fields.items()
    return (n for n, f in fields if n not in OF_THE_LOCK and not isinstance(f, forms.FileField))


def _is_set(field: forms.Field) -> bool:
    return bool(getattr(field.widget, "allow_multiple_selected", False))


def _was_sent(mine: forms.Form, name: str, field: forms.Field) -> bool:
    """Whether the form that was sent had the field: an empty box sends nothing, any other field does."""
    return isinstance(field.widget, forms.CheckboxInput) or name in mine.data


def choices_of(field: forms.Field) -> Iterable[tuple[Any, Any]]:
    """Return every value that a field offers with its label; none for a field that offers nothing."""
    for value, label in getattr(field, "choices", ()):
        yield from label if isinstance(label, list | tuple) else [(value, label)]


def _plain(text: Any) -> str:
    return str(text).replace("\r\n", "\n").strip()


def _same(field: forms.Field, one: Texts, other: Texts) -> bool:
    """Whether two say the same, be it in other words: "70" and "70.0"."""
    if one == other:
        return True
    if len(one) != 1 or len(other) != 1 or not isinstance(field, forms.CharField):
        return False
    try:
        return bool(field.clean(one[0]) == field.clean(other[0]))
    except forms.ValidationError:
        return False


def _boxes(ours: Texts, theirs: Texts, before: frozenset[str], digest: Any) -> Texts:
    """Return the ticks of both, without those that either took away."""
    kept = [text for text in theirs if text in ours or digest(text) not in before]
    added = [text for text in ours if text not in theirs and digest(text) not in before]
    return tuple(sorted({*kept, *added}))


def _key(scope: str) -> bytes:
    return salted_hmac(SALT, scope, algorithm="sha256").digest()


def _digest(key: bytes, name: str, text: str) -> str:
    found = blake2b(f"{name}\0{text}".encode(), key=key, digest_size=9)
    return urlsafe_b64encode(found.digest()).decode()


def _mark(digest: Any) -> str:
    """The digest of nothing, which tells with which key the others were made; no field has an empty name."""
    return f"={digest('', '')}"


def _digests(digest: Any, name: str, texts: Texts) -> frozenset[str]:
    return frozenset(digest(name, text) for text in texts)
