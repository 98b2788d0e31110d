"""An uploaded PDF is judged by its content: readable, and nothing in it that runs."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from cases.pdf import MOST_BYTES, PdfRefused, check_pdf


def pdf(change=None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    if change:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def launch(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("a.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def hidden_launch(writer: PdfWriter) -> None:
    """The action of a link, within an array, in an object of its own."""
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/A"): writer._add_object(action),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def script(writer: PdfWriter) -> None:
    code = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")}
    names = ArrayObject([TextStringObject("x"), writer._add_object(DictionaryObject(code))])
    tree = DictionaryObject({NameObject("/Names"): names})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def attachment(writer: PdfWriter) -> None:
    writer.add_attachment("a.txt", b"x")


def locked(writer: PdfWriter) -> None:
    writer.encrypt("secret")


def test_a_plain_pdf_is_kept():
    check_pdf(pdf())
    check_pdf(pdf(lambda w: w.compress_identical_objects()))


@pytest.mark.parametrize("change", [launch, hidden_launch, script, attachment])
def test_what_runs_or_carries_a_file_is_refused(change):
    with pytest.raises(PdfRefused, match="script, an action"):
        check_pdf(pdf(change))


def test_a_password_is_refused():
    with pytest.raises(PdfRefused, match="password"):
        check_pdf(pdf(locked))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a PDF"),
        (b"<html>%PDF-1.7", "not a PDF"),
        (b"PK\x03\x04", "not a PDF"),
        (b"%PDF-1.7\nnothing more", "cannot be read|no pages"),
        (b"%PDF-" + b"0" * MOST_BYTES, "larger than 10 MB"),
    ],
    ids=["empty", "html", "zip", "cut", "large"],
)
def test_what_is_no_pdf_is_refused_in_words(data, why):
    with pytest.raises(PdfRefused, match=why):
        check_pdf(data)


def test_a_cut_file_is_refused_or_read_whole():
    """A damaged file never raises anything but the refusal."""
    whole = pdf(hidden_launch)
    for end in range(5, len(whole), 97):
        with pytest.raises(PdfRefused):
            check_pdf(whole[:end])
