"""A language of no country: every word of the catalogue in letters that English does not have."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from rechallenge.catalogue import catalogue

CODE = "xx"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ODD = "àƀćđēƒǧĥĩĵķłɱńōƥɋŕśţũνŵχŷžÀƁĆĐĒƑǦĤĨĴĶŁƜŃŌƤɊŔŚŢŨѴŴΧŶŽ"
LETTERS = str.maketrans(PLAIN, ODD)
# What a translation must keep: placeholders, markup, entities.
KEPT = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]|\{[a-z_]*\}|</?[a-z][^>]*>|&[a-z]+;")


def odd(text: str) -> str:
    """Return a text in the pseudo-language."""
    parts, at = [], 0
    for found in KEPT.finditer(text):
        parts += [text[at : found.start()].translate(LETTERS), found[0]]
        at = found.end()
    return "".join([*parts, text[at:].translate(LETTERS)])


def libraries() -> list[Path]:
    """Return the English catalogues of Django and of the sign-in library."""
    folders = [Path(django.__file__).parent, Path(allauth.__file__).parent]
    return [path for folder in folders for path in folder.rglob("en/LC_MESSAGES/django.po")]


def build(folder: Path) -> int:
    """Write the compiled pseudo-catalogue below `folder`; return how many of our messages it holds."""
    found = catalogue()
    whole = Catalog(locale="en", charset="utf-8")
    for path in libraries():
        with path.open("rb") as file:
            _add(whole, read_po(file))
    _add(whole, found)
    target = folder / CODE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, whole)
    return len(found)


def _add(whole: Catalog, messages: Catalog) -> None:
    for message in messages:
        if not message.id:
            continue
        if isinstance(message.id, list | tuple):
            words: str | tuple[str, ...] = tuple(odd(text) for text in message.id)
        else:
            words = odd(message.id)
        whole.add(message.id, words, context=message.context)
