"""An uploaded PDF is judged by its content: readable, and nothing in it that runs or fetches."""

from __future__ import annotations

import io
import zlib

import pypdf._reader
import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from cases import pdf_apart, pdf_reading
from cases.pdf import MOST_BYTES, PdfRefused, check_pdf
from cases.pdf_apart import check_apart


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


def indirectly(kind: str) -> object:
    """A link whose action has its name in an object of its own."""

    def change(writer: PdfWriter) -> None:
        of = DictionaryObject({NameObject("/S"): writer._add_object(NameObject(kind))})
        note("/Link", A=of)(writer)

    return change


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


def test_an_action_that_is_named_elsewhere_is_refused():
    with pytest.raises(PdfRefused, match="script, an action"):
        check_pdf(pdf(indirectly("/Launch")))
    check_pdf(pdf(indirectly("/URI")))


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


PAGES = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
PAGE = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"


def written(parts: dict[int, bytes], table: dict[int, int], padding: int = 0) -> bytes:
    """A PDF of these parts, whose table says of some numbers that they are where other parts stand."""
    out, places = bytearray(b"%PDF-1.4\n"), {}
    for number, part in parts.items():
        places[number] = len(out)
        out += part
    out += b"%" + b"x" * padding + b"\n"
    start = len(out)
    places |= {number: places[at] for number, at in table.items()}
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(places) + 1
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def plain(kids: bytes = b"3 0 R") -> dict[int, bytes]:
    pages = b"2 0 obj<</Type/Pages/Count 1/Kids[" + kids + b"]>>endobj\n"
    return {1: PAGES, 2: pages, 3: PAGE, 5: b"5 0 obj<</A 1>>endobj\n"}


@pytest.fixture
def searches(monkeypatch):
    """How often pypdf searched through the whole file."""
    counted = []
    search = pypdf._reader.get_stream_data
    monkeypatch.setattr(
        pypdf._reader, "get_stream_data", lambda stream: counted.append(1) or search(stream)
    )
    return counted


MEGABYTE = 1024 * 1024
ELSEWHERE = dict.fromkeys(range(10, 2010), 5)
NOWHERE = b"3 0 R " + b" ".join(b"%d 0 R" % number for number in range(10, 2010))


@pytest.mark.parametrize(
    "data",
    [written(plain(), ELSEWHERE, MEGABYTE), written(plain(NOWHERE), {}, MEGABYTE)],
    ids=["where another part stands", "nowhere"],
)
def test_a_file_whose_parts_are_not_where_it_says_is_not_searched_for_each(data, searches):
    with pytest.raises(PdfRefused, match="damaged"):
        check_pdf(data)
    assert len(searches) <= pdf_reading.MOST_SEARCHED // MEGABYTE


def test_a_small_file_with_a_few_such_parts_is_mended_and_kept(searches):
    check_pdf(written(plain(), dict.fromkeys(range(10, 60), 5)))
    assert len(searches) == 50


def packed(*, holds: int, says: int, blank: int = 0) -> bytes:
    """A PDF whose object stream is said to hold the parts from 10 on, and holds only some of them."""
    inside = b" ".join(b"%d %d" % (10 + n, 5 * n) for n in range(holds)) + b" "
    body = zlib.compress(inside + b"null " * holds + b" " * blank)
    parts = plain()
    parts[5] = b"5 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        holds, len(inside), len(body)
    ) + body + b"\nendstream endobj\n"  # fmt: skip
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, part in parts.items():
        places[number] = len(out)
        out += part
    rows = b"".join(b"\x01" + places[n].to_bytes(4, "big") + b"\0\0" for n in sorted(places))
    rows += b"".join(b"\x02" + (5).to_bytes(4, "big") + n.to_bytes(2, "big") for n in range(says))
    index = b" ".join(b"%d 1" % n for n in sorted(places)) + b" 10 %d" % says
    start = len(out)
    out += (
        b"9 0 obj<</Type/XRef/W[1 4 2]/Index[%s]/Size %d/Root 1 0 R/Length %d>>stream\n"
        % (index, 10 + says, len(rows))
    ) + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start  # fmt: skip
    return bytes(out)


def test_an_object_stream_is_not_unpacked_again_for_each_part_that_it_does_not_hold(monkeypatch):
    unpacked = []
    unpack = pypdf.PdfReader._get_object_from_stream
    monkeypatch.setattr(
        pypdf.PdfReader,
        "_get_object_from_stream",
        lambda self, reference: unpacked.append(1) or unpack(self, reference),
    )
    check_pdf(packed(holds=300, says=300))
    assert len(unpacked) == 1
    monkeypatch.setattr(pdf_reading, "MOST_SEARCHED", 100_000)
    with pytest.raises(PdfRefused, match="damaged"):
        check_pdf(packed(holds=300, says=600))
    assert len(unpacked) < 100


def test_a_file_that_unpacks_to_far_more_than_it_has_is_refused(monkeypatch):
    check_pdf(packed(holds=3, says=3, blank=2 * MEGABYTE))
    monkeypatch.setattr(pdf_reading, "MOST_UNPACKED", MEGABYTE)
    with pytest.raises(PdfRefused, match="damaged"):
        check_pdf(packed(holds=3, says=3, blank=2 * MEGABYTE))


def test_a_process_of_its_own_says_the_same():
    check_apart(pdf())
    for data, why in ((pdf(script), "script"), (pdf(locked), "password"), (b"PK", "not a PDF")):
        with pytest.raises(PdfRefused, match=why):
            check_apart(data)


def test_a_process_that_takes_more_than_it_may_ends_and_the_file_is_refused(monkeypatch):
    large = written(plain(), {}, 9 * MEGABYTE)
    check_apart(large)
    monkeypatch.setattr(pdf_apart, "MOST_MEMORY", MEGABYTE)
    with pytest.raises(PdfRefused, match="too long to look through"):
        check_apart(large)


def test_the_process_has_an_end_no_secret_and_no_database(monkeypatch):
    asked = {}

    def run(command, **options):
        asked.update(options, command=command)
        raise pdf_apart.subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(pdf_apart.subprocess, "run", run)
    with pytest.raises(PdfRefused, match="too long to look through"):
        check_apart(pdf())
    assert asked["env"] == {}
    assert asked["command"][-2:] == ["10", str(1024**3)]
    assert asked["timeout"] < 30, "the web server ends a request that takes longer"


def test_its_limits_hold_for_the_process_that_judges(monkeypatch, capsys):
    limits = []
    data = io.BytesIO(pdf(script))
    monkeypatch.setattr(pdf_apart.resource, "setrlimit", lambda what, most: limits.append(most))
    monkeypatch.setattr(pdf_apart.sys, "stdin", io.TextIOWrapper(data))
    pdf_apart.main(10, 2000)
    assert limits == [(10, 10), (2000, 2000)]
    assert capsys.readouterr().out == "runs"
