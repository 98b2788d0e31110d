"""The letter as it is typeset: whose names its fonts can write, and what happens to those they cannot."""

from __future__ import annotations

import io
import re
import shutil

import pypdf
import pytest

from meetings import letters
from meetings.letters import FONTS, TEMPLATE, CannotTypeset, typeset

# A name, and the face that writes it.
NAMES = {
    "Vietnamese": ("NGUYỄN, Thị Hường", "LibertinusSerif"),
    "Greek": ("ΠΑΠΑΔΟΠΟΎΛΟΥ, Ελένη", "LibertinusSerif"),
    "Cyrillic": ("ҐАЛАҐАН, Сергій", "LibertinusSerif"),
    "Kazakh": ("ҚҰНАНБАЙҰЛЫ, Әбіш", "LibertinusSerif"),
    "Hebrew": ("כהן, שרה", "NotoSerifHebrew"),
    "Hebrew with points and accents": ("כֹּהֵ֤ן, שָׂרָה֙", "NotoSerifHebrew"),
    "Arabic": ("الحسن, فاطمة", "NotoNaskhArabic"),
    "Persian": ("پژوهنده, گیتی", "NotoNaskhArabic"),
    "Urdu": ("ٹھاکر, ڑیحان", "NotoNaskhArabic"),
    "Devanagari": ("शर्मा, सुनीता", "NotoSerifDevanagari"),
    "Bengali": ("রহমান, ফাতেমা", "NotoSerifBengali"),
    "Gurmukhi": ("ਸਿੰਘ, ਹਰਪ੍ਰੀਤ", "NotoSerifGurmukhi"),
    "Gujarati": ("પટેલ, મીના", "NotoSerifGujarati"),
    "Tamil": ("சுப்பிரமணியம், கலா", "NotoSerifTamil"),
    "Telugu": ("రెడ్డి, లక్ష్మి", "NotoSerifTelugu"),
    "Kannada": ("ಗೌಡ, ಸುಧಾ", "NotoSerifKannada"),
    "Malayalam": ("നായർ, ശ്രീദേവി", "NotoSerifMalayalam"),
    "Sinhala": ("පෙරේරා, නිලූකා", "NotoSerifSinhala"),
    "Thai": ("ศรีสุข, สมหญิง", "NotoSerifThai"),
    "Armenian": ("ՊԵՏՐՈՍՅԱՆ, Անի", "NotoSerifArmenian"),
    "Georgian": ("ბერიძე, ნინო", "NotoSerifGeorgian"),
    "Ethiopic": ("ተስፋዬ, ሰላም", "NotoSerifEthiopic"),
}


def letter(name: str = "SAMPLE, Margaret", **changes):
    """Return the data of a letter about a patient of that name."""
    headings = (
        "question outcome rationale preference conditions marks guidance said dissent quorum signed"
    )
    return {
        "title": "Decision of the tumour board",
        "hospital": "North Hospital",
        "board": "North Thoracic Board",
        "stamp": "a-stamp-of-the-letter",
        "signed_on": "25 November 2026",
        "reference": "RC-2026-0001",
        "page": "page",
        "qualification": "Qualification required before clinical use.",
        "mark": "",
        "headings": {key: key.capitalize() for key in headings.split()},
        "patient": [["Patient", name], ["Hospital number", "0047 2213"]],
        "question": "May it be given again?",
        "outcome": "Same agent",
        "outcome_detail": "pembrolizumab",
        "rationale": ["Because ≥ 1 and ≤ 2 → 3, ± 4 µg, α β, H₂O, ½, “so”."],
        "preference": [],
        "condition_heads": ["Condition", "Expires on"],
        "conditions": [],
        "marks": [],
        "unjudged": "",
        "waiting": "",
        "statements": [],
        "said": [],
        "no_statements": "None.",
        "dissents": [{"name": name, "reason": "No."}],
        "no_dissent": "None.",
        "quorum_line": "The board was quorate for this case.",
        "seats": ["Respiratory: present"],
        "signature": [["Signed by", "Prof. Helen Lindqvist"]],
        **changes,
    }


def faces(pdf: bytes) -> set[str]:
    """Return the names of the fonts within a PDF, without their subset's mark."""
    found = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(str(font.get_object()["/BaseFont"]).lstrip("/").split("+")[-1])
    return found


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_written_in_the_face_of_its_script(script):
    name, face = NAMES[script]
    pdf = typeset(letter(name))
    assert any(face in found for found in faces(pdf))
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert {c for c in name if c.isalpha()} <= set(text)


@pytest.mark.parametrize("text", ["张伟", "🙂"])
def test_a_character_that_no_face_has_is_named(text):
    with pytest.raises(CannotTypeset) as refused:
        typeset(letter(text))
    assert refused.value.characters == text[0]


def test_an_installation_may_add_fonts(settings, monkeypatch, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    shutil.copy(FONTS / "NotoSerifBengali-Regular.ttf", more)
    monkeypatch.setattr(letters, "FONTS", tmp_path / "none")
    name = NAMES["Bengali"][0]
    with pytest.raises(CannotTypeset):
        typeset(letter(name))
    settings.LETTER_FONTS = str(more)
    assert "NotoSerifBengali-Regular" in faces(typeset(letter(name)))


def test_every_bundled_face_is_named_by_the_template_and_has_its_licence():
    named = TEMPLATE.read_text(encoding="utf-8")
    files = {path.stem.split("-")[0] for path in FONTS.glob("*.ttf")}
    assert len(files) == 15
    spaced = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem) for stem in files}
    assert all(f'"{face}"' in named for face in spaced)
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lines", range(14, 34))
def test_no_heading_and_no_part_of_the_signature_stands_alone(lines):
    """Whatever fills the page before: who signed stands under its heading, and a heading over its text."""
    signature = [[f"Row {n}", f"value {n}"] for n in range(5)]
    pdf = typeset(letter(rationale=["It was weighed."] * lines, signature=signature))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    (signed,) = [text for text in pages if "Signed" in text]
    assert all(f"value {n}" in signed for n in range(5))
    for heading, below in (("Quorum", "The board was quorate"), ("Dissent", "No.")):
        (found,) = [text for text in pages if heading in text]
        assert below in found[found.index(heading) :]
