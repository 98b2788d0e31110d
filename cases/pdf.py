"""Checks an uploaded PDF by its content: it can be read, and holds nothing that runs. Pure: bytes in, a verdict out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from cases.pdf_reading import SparingReader

MOST_BYTES = 10 * 1024 * 1024
MOST_OBJECTS = 50_000
HEADER = b"%PDF-"
# Names of actions and of entries by which a document runs, fetches or carries something.
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/Rendition",
    }
)
ENTRIES = frozenset(
    {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"}
)
# Kinds of notes on a page that play what they name.
NOTES = frozenset({"/Movie", "/Sound"})
# What a document may do when it is opened: show one of its own pages. A link waits until it is clicked.
WHEN_OPENED = frozenset({"/GoTo", "/Named"})


REASONS = {
    "large": _("the file is larger than 10 MB"),
    "other": _("the file is not a PDF"),
    "password": _("the PDF is protected by a password: save it without one"),
    "certificate": _("the PDF is protected by a certificate: save it without one"),
    "empty": _("the PDF has no pages"),
    "parts": _("the PDF has too many parts"),
    "damaged": _("the PDF cannot be read: it is damaged"),
    "runs": _("the PDF holds a script, an action or another file"),
    "costly": _("the PDF takes too long to look through: print it into a new PDF and upload that"),
}


class PdfRefused(ValueError):
    """The file is not a PDF that may be kept; the first argument says why, in words to show."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


def check_quickly(data: bytes) -> None:
    """Raise PdfRefused where size and beginning tell already."""
    if len(data) > MOST_BYTES:
        raise PdfRefused("large")
    if not data.startswith(HEADER):
        raise PdfRefused("other")


def check_pdf(data: bytes) -> None:
    """Raise PdfRefused unless `data` is a readable PDF without scripts, launches or files within it."""
    check_quickly(data)
    try:
        reader = SparingReader(data)
        if reader.is_encrypted:
            raise PdfRefused("password")
        if not reader.pages:
            raise PdfRefused("empty")
        _look_through(reader)
    except PdfRefused:
        raise
    except NotImplementedError as error:
        raise PdfRefused("certificate") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PdfRefused("damaged") from error


def _look_through(reader: PdfReader) -> None:
    """Read every object that the document names, and what it is made of."""
    numbers = {(number, made) for made, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise PdfRefused("parts")
    _examine(reader.trailer)
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is not None:
            _examine(found)


def _examine(root: Any) -> None:
    """Look at an object and at all that stands directly in it; what it refers to is looked at by itself."""
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            runs = ENTRIES.intersection(found) or _named(found, "/S") in ACTIONS
            if runs or _named(found, "/Subtype") in NOTES or _acts_when_opened(found):
                raise PdfRefused("runs")
            waiting += [value for value in found.values() if not isinstance(value, IndirectObject)]
        elif isinstance(found, ArrayObject):
            waiting += [value for value in found if not isinstance(value, IndirectObject)]


def _named(found: DictionaryObject, key: str) -> str:
    """Return the name that stands under `key`, or in the object that it refers to."""
    value = found.get(key)
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return str(value) if isinstance(value, NameObject) else ""


def _acts_when_opened(found: DictionaryObject) -> bool:
    """Whether `found` has the document do more, as soon as it is opened, than show one of its pages."""
    if "/OpenAction" not in found:
        return False
    action = found["/OpenAction"]
    if not isinstance(action, DictionaryObject):
        return False
    return _named(action, "/S") not in WHEN_OPENED or "/Next" in action
