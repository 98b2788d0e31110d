"""Enters what a report tells through the forms of a case, section by section, in a browser.

What the report does not say of a fact is entered as unknown; words that it does not give stay empty.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.e2e.pages import Referral, choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from playwright.sync_api import Locator

    from tests.e2e.person import Person

Facts = dict[str, Any]
# Key of the file -> label of its field, form by form. First what is unknown where it is not told, then words.
COURSE = {
    "start": "First dose",
    "stop": "Last dose",
    "best_response": "Best response",
    "stop_reason": "Main reason for stopping",
    "progression_timing": "Has the cancer progressed?",
    "setting": "Setting",
    "regimen_kind": "Regimen",
}
COURSE_WORDS = {"cycles": "Cycles", "regimen": "Given with", "line": "Line"}
TUMOUR = {
    "histology": "Histology",
    "stage_group": "Stage now",
    "t_category": "T",
    "n_category": "N",
    "m_category": "M",
}
TUMOUR_WORDS = {
    "stage_text": "Stage as reported",
    "tnm_edition": "TNM edition",
    "tnm_basis": "TNM from",
}
SITES = {
    "brain": "Brain",
    "liver": "Liver",
    "bone": "Bone",
    "adrenal": "Adrenal",
    "lung": "Lung, other lobe or side",
}
# Unknown where a report tells of other sites or genes, and not of these.
BOTH_SITES: Facts = dict.fromkeys(("brain", "liver"))
THREE_GENES: Facts = dict.fromkeys(("EGFR", "ALK", "ROS1"))
BACKGROUND = {
    "smoking": "Smoking",
    "pack_years": "Pack-years",
    "autoimmune_disease": "Autoimmune disease that is no irAE",
    "interstitial_lung_disease": "Interstitial lung disease",
    "transplant": "Transplant",
    "hepatitis_b": "Hepatitis B",
    "hepatitis_c": "Hepatitis C",
    "heart_disease": "Heart disease",
    "pregnancy": "Pregnancy",
}
BACKGROUND_WORDS = {
    "autoimmune_text": "Which autoimmune disease",
    "comorbidities": "Other illnesses",
}
TREATMENT = {"start": "From", "stop": "To", "best_response": "Best response"}
TREATMENT_WORDS = {"kind": "Kind", "name": "Treatment", "site": "Site", "line": "Line"}
RADIOTHERAPY = {"dose_gy": "Dose", "fractions": "Fractions"}
RESPONSE = {"assessed": "Assessed on", "response": "Response"}
RESPONSE_WORDS = {"criteria": "Response by", "note": "Note"}
IRAE = {
    "worst_grade": "Worst grade",
    "grade_now": "Grade now",
    "onset": "Onset",
    "resolution": "How it went on",
    "resolved": "Resolved",
    "onset_grade": "Grade at onset",
    "care": "Most intensive care",
}
IRAE_WORDS = {"severity_word": "In the report's words"}
STEROID = {
    "drug": "Steroid",
    "start": "From",
    "stop": "To",
    "peak_mg_per_day": "Peak",
    "now_mg_per_day": "Now",
}
SECOND_LINE = {"still_given": "Still given"}
SECOND_LINE_WORDS = {"drug": "Agent", "dose": "Dose"}
DOSSIER = {
    "lung_ct_pattern": "CT pattern",
    "colon_histology": "Histology",
    "colon_stools": "Stools a day above usual, at worst",
    "heart_biopsy": "Biopsy",
    "pituitary_axes": "Axes that failed",
    "pituitary_replacement": "Hormones replaced",
    "endocrine_pancreas_ketoacidosis": "Ketoacidosis",
    "kidney_urine": "Urine",
    "skin_blisters": "Blisters or detachment",
}
MEASURED = {"pdl1_tps": "PD-L1 TPS, %", "tmb": "TMB, mut/Mb"}
REASONS = {
    "irae": "Immune-related adverse event",
    "unknown": "Not known why",
    "not applicable": "It has not been stopped",
}
SEXES = {"male": "Male", "female": "Female", "unknown": "Unknown"}


def typed(value: Any) -> str:
    """Return what a person types or chooses for a value of the file; nothing told is unknown."""
    if isinstance(value, dict):
        return str(value["state"]).replace("_", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)


def fill(form: Locator, label: str, value: Any) -> None:
    """Fill in the field of that label: a select by the option of that value, all else by its text."""
    box = form.get_by_label(label, exact=True).first
    text = typed(value)
    if box.evaluate("e => e.tagName") == "SELECT":
        box.select_option(text.replace(" ", "_") if isinstance(value, dict) else text)
    else:
        box.fill(text)


class Entering:
    """One member at the page of one case."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    @contextmanager
    def form(self, section: str, link: str | Locator = "") -> Iterator[Locator]:
        """Open a form in its section by its link, hand it out, save it, and see that it was saved."""
        place = self.page.locator(f"#section-{section}")
        if isinstance(link, str):
            own = place.locator(".app-section__edit a")
            link = place.get_by_role("link", name=link, exact=True) if link else own
        if not link.is_visible():
            place.locator(".app-section__summary").click()
        link.click()
        form = place.locator(f"#form-{section}")
        form.wait_for()
        for fold in form.locator("details.app-fold:not([open]) > summary").all():
            fold.click()
        yield form
        form.get_by_role("button", name="Save", exact=True).click()
        told = form.locator("[role=alert]")
        place.locator(".app-saved").or_(told).first.wait_for()
        assert not told.count(), f"{section}: {told.inner_text()}"

    def reshaping(self, form: Locator, label: str, value: str) -> None:
        """Choose what other choices depend on, and wait for those."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            form.get_by_label(label, exact=True).select_option(value)

    def told(
        self, form: Locator, facts: Mapping[str, Any], stated: Facts, words: Facts | None = None
    ) -> None:
        """Fill in what is told; what is not is unknown, or stays empty where it is only words."""
        for key, label in stated.items():
            fill(form, label, facts.get(key))
        for key, label in (words or {}).items():
            if key in facts:
                fill(form, label, facts[key])

    def refer(self, case: Facts, name: tuple[str, str], number: str, born: date | None) -> str:
        """Refer the case by the form; return the address of its page."""
        self.person.go("/cases/refer")
        form, page = Referral(self.person), self.page
        form.patient(*name, number, born, SEXES[case["sex"]])
        whole = page.locator("#refer-form")
        course, question = case["courses"][0], case["question"]
        choose(page, re.compile("^Why did"), REASONS[typed(course.get("stop_reason"))])
        for key in ("start", "stop", "best_response"):
            fill(whole, COURSE[key], course.get(key))
        if course["drugs"]:
            fill(whole, "ICI that was stopped", course["drugs"][0])
        irae = case["iraes"][0]
        if course.get("stop_reason") == "irae":
            self.reshaping(whole, "Event", irae["entity"])
            for key in ("worst_grade", "grade_now", "onset"):
                fill(whole, IRAE[key], irae.get(key))
        regimen = question["proposed_regimen"]
        choose(page, re.compile("^What is proposed"), "Same agent" if regimen else "Not decided")
        if question["proposed_drugs"]:
            fill(whole, "Drug proposed", question["proposed_drugs"][0])
        fill(whole, "Prophylaxis", question.get("prophylaxis"))
        fill(whole, "The disease today, off the ICI", None)
        page.get_by_role("textbox", name="What do you ask the board?").fill(question["question"])
        choose(page, re.compile("^How soon"), "Urgent" if case["urgent"] else "Next free meeting")
        for key in ("histology", "stage_group"):
            fill(whole, TUMOUR[key], case["tumour"].get(key))
        form.fact("ecog", "Unknown")
        # The form asks for a sample of before the first ICI; when one was taken no report says.
        form.fact("pdl1", "Unknown")
        if course.get("stop_reason") == "irae":
            fill(whole, "CTCAE version", irae["ctcae_version"])
        form.send()
        refused = page.locator("[role=alert]")
        page.locator("#case-bar").or_(refused).first.wait_for()
        assert not refused.count(), refused.inner_text()
        return re.sub(r"^https?://[^/]+", "", page.url)

    def question(self, case: Facts) -> None:
        """Say of what the report does not propose that it is unknown; the referral knows only “not decided”."""
        if case["question"]["proposed_regimen"] is None:
            with self.form("question") as form:
                fill(form, "Proposed", None)

    def tumour(self, case: Facts) -> None:
        """Enter stage, sites, driver alterations and biomarkers."""
        with self.form("tumour") as form:
            self.told(form, case["tumour"], TUMOUR, TUMOUR_WORDS)
        if "metastases" in case:
            with self.form("tumour", "Edit sites") as form:
                for site, said in (BOTH_SITES | case["metastases"]).items():
                    fill(form, SITES[site], True if isinstance(said, str) else said)
                    if isinstance(said, str):
                        fill(form, f"Detail ({SITES[site]})", said)
        if "drivers" in case:
            with self.form("tumour", "Edit drivers") as form:
                for gene, said in (THREE_GENES | case["drivers"]).items():
                    fill(form, "Other alterations" if gene == "other" else gene, said)
        for marker in case["biomarkers"]:
            self.biomarker(marker)

    def biomarker(self, marker: Facts) -> None:
        """Enter a biomarker: its number, or where the report has none its word."""
        own = self.page.locator("#section-tumour tr").filter(has_text="PD-L1 TPS")
        link: str | Locator = "Add a biomarker"
        if marker["kind"] == "pdl1_tps":
            # It stands there since the referral, as unknown.
            link = own.get_by_role("link", name=re.compile("^Edit"))
        with self.form("tumour", link) as form:
            form.get_by_label("Measured", exact=True).select_option(label=MEASURED[marker["kind"]])
            fill(form, "Sample taken", marker["timing"])
            value = marker.get("low")
            fill(form, "Result", f"unknown: {marker['entered']}" if value is None else value)

    def background(self, case: Facts) -> None:
        """Enter the background, where the report tells something of it."""
        if not case["background"]:
            return
        with self.form("fitness", "Edit background") as form:
            self.told(form, case["background"], BACKGROUND, BACKGROUND_WORDS)

    def courses(self, case: Facts) -> None:
        """Complete the course that was referred, and say whether these are all."""
        (course,) = case["courses"]
        rows = self.page.locator("#section-courses tbody tr")
        with self.form("courses", rows.get_by_role("link", name=re.compile("^Edit"))) as form:
            drug = course["drugs"][0] if course["drugs"] else "unknown"
            self.reshaping(form, "Drug", drug)
            self.told(form, course, COURSE, COURSE_WORDS)
            if course.get("progression_timing") == "after_stop":
                fill(form, "Progressed on", course.get("progressed"))
        if "courses" in case["complete"]:
            place = self.page.locator("#section-courses")
            place.get_by_role("button", name=re.compile("^This list is complete")).click()
            place.locator(".app-saved").filter(has_text="This list is complete").wait_for()

    def treatment(self, case: Facts) -> None:
        """Enter what was given beside the ICI, and what came of the course."""
        for given in case.get("treatments", ()):
            with self.form("treatment") as form:
                self.told(form, given, {}, TREATMENT_WORDS)
                self.told(form, given, TREATMENT)
                if given["kind"] == "radiotherapy":
                    self.told(form, given, RADIOTHERAPY)
        for given in case.get("responses", ()):
            with self.form("responses") as form:
                self.told(form, given, RESPONSE, RESPONSE_WORDS)
                form.get_by_label("Under or after", exact=True).select_option(index=given["course"])

    def irae(self, number: int, given: Facts) -> None:
        """Enter one irAE: the first stands there since the referral."""
        rows = self.page.locator("#section-iraes tbody tr:not(.app-row-under)")
        there = rows.count() >= number
        link = rows.get_by_role("link", name=re.compile("^Edit")) if there else ""
        with self.form("iraes", link) as form:
            if not there:
                self.reshaping(form, "Event", given["entity"])
            self.told(form, given, IRAE, IRAE_WORDS)
            form.get_by_label("During or after", exact=True).select_option(index=given["course"])
            fill(form, "CTCAE version", given["ctcae_version"])
        if given.get("dossier"):
            with self.form("iraes", self._under(number, "Dossier")) as form:
                for item, said in given["dossier"].items():
                    fill(form, DOSSIER[item], said)

    def _under(self, number: int, link: str) -> Locator:
        under = self.page.locator("#section-iraes tr.app-row-under").nth(number - 1)
        return under.get_by_role("link", name=re.compile(f"^{link} "))

    def iraes(self, case: Facts) -> None:
        """Enter the irAEs with their dossiers, and the reports, each about its event."""
        for number, given in enumerate(case["iraes"], start=1):
            self.irae(number, given)
        for given in case.get("reports", ()):
            with self.form("iraes", self._under(given.get("irae", 1), "Add report")) as form:
                self.told(form, given, {}, {"title": "Report", "text": "Text"})
                if "irae" not in given:
                    form.get_by_label("About", exact=True).select_option(label="No single event")

    def steroids(self, case: Facts) -> None:
        """Enter steroids and second-line agents, each for its irAE."""
        for given in case["steroids"]:
            with self.form("steroids") as form:
                self.told(form, given, STEROID)
                self._purpose(form, case, given)
        for given in case.get("second_line", ()):
            with self.form("steroids", "Add agent") as form:
                self.told(form, given, {}, SECOND_LINE_WORDS)
                self.told(form, given, {**SECOND_LINE, "start": "From", "stop": "To"})
                self._purpose(form, case, {"indication": "irae", **given})

    def _purpose(self, form: Locator, case: Facts, given: Facts) -> None:
        """Choose what it was given for: an event by its name, or a replacement after it."""
        options = form.get_by_label("Given for", exact=True)
        replacement = given["indication"] == "adrenal_replacement"
        first = f"{given['indication']}:" if replacement else "irae:"
        found = options.locator(f"option[value^='{first}']")
        events = [e for e in case["iraes"] if not replacement or e["organ"] == "pituitary"]
        chosen = found.nth(events.index(case["iraes"][given["irae"] - 1]))
        options.select_option(chosen.get_attribute("value"))

    def everything(self, case: Facts, name: tuple[str, str], number: str, born: date | None) -> str:
        """Refer the case and enter all of its record; return the address of its page."""
        path = self.refer(case, name, number, born)
        self.question(case)
        self.tumour(case)
        self.courses(case)
        self.treatment(case)
        self.iraes(case)
        self.steroids(case)
        self.background(case)
        return path
