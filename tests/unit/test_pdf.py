"""An uploaded PDF is judged by its content: readable, and nothing in it that runs or fetches."""

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


def opening(**entries) -> object:
    """What makes a document do something as soon as it is opened, in an object of its own."""

    def change(writer: PdfWriter) -> None:
        action = DictionaryObject({NameObject(f"/{name}"): of for name, of in entries.items()})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)

    return change


def note(subtype: str, **entries) -> object:
    """A note on the page."""

    def change(writer: PdfWriter) -> None:
        one = DictionaryObject({NameObject("/Type"): NameObject("/Annot")})
        one[NameObject("/Subtype")] = NameObject(subtype)
        one.update({NameObject(f"/{name}"): of for name, of in entries.items()})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(one)])

    return change


def action(kind: str, **entries) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/S"): NameObject(kind),
            **{NameObject(f"/{name}"): of for name, of in entries.items()},
        }
    )


ADDRESS = TextStringObject("https://tracker.example.org/opened")
SHARE = TextStringObject("\\\\evil.example.org\\share\\a.pdf")
FETCHES = {
    "address when opened": opening(S=NameObject("/URI"), URI=ADDRESS),
    "address next": opening(
        S=NameObject("/GoTo"), D=ArrayObject(), Next=action("/URI", URI=ADDRESS)
    ),
    "another file when opened": opening(S=NameObject("/GoToR"), F=SHARE, D=ArrayObject()),
    "another file": note("/Link", A=action("/GoToR", F=SHARE, D=ArrayObject())),
    "movie": note("/Movie", Movie=DictionaryObject({NameObject("/F"): SHARE})),
    "movie by a link": note("/Link", A=action("/Movie")),
    "sound": note("/Sound"),
    "sound by a link": note("/Link", A=action("/Sound")),
}


def locked(writer: PdfWriter) -> None:
    writer.encrypt("secret")


def certificate() -> bytes:
    """A document that only the holders of some certificates can open, as far as a reader gets."""
    whole = pdf()
    filters = b"<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /R 4 >>"
    return whole.replace(b"trailer\n<<", b"trailer\n<< /Encrypt " + filters)


def test_a_plain_pdf_is_kept():
    check_pdf(pdf())
    check_pdf(pdf(lambda w: w.compress_identical_objects()))


@pytest.mark.parametrize("change", [launch, hidden_launch, script, attachment])
def test_what_runs_or_carries_a_file_is_refused(change):
    with pytest.raises(PdfRefused, match="script, an action"):
        check_pdf(pdf(change))


@pytest.mark.parametrize("what", FETCHES)
def test_what_fetches_or_plays_something_is_refused(what):
    with pytest.raises(PdfRefused, match="script, an action"):
        check_pdf(pdf(FETCHES[what]))


@pytest.mark.parametrize(
    "change",
    [
        note("/Link", A=action("/URI", URI=ADDRESS)),
        opening(S=NameObject("/GoTo"), D=ArrayObject()),
        lambda w: w.root_object.update({NameObject("/OpenAction"): ArrayObject()}),
    ],
    ids=["a link to click", "opened at a page", "opened at a place"],
)
def test_a_link_and_the_page_to_open_at_are_kept(change):
    check_pdf(pdf(change))


def test_a_certificate_is_refused():
    with pytest.raises(PdfRefused, match="protected by a certificate"):
        check_pdf(certificate())


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
