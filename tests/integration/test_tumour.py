"""The tumour's parts and the background: forms, history in words, carried data, the referral."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.changelog import saves_of
from cases.models import (
    Background,
    BiomarkerResult,
    Case,
    CaseSection,
    DriverTest,
    Metastasis,
    MetastaticSite,
)
from cases.rules import readiness_of, with_rules
from cases.services.facts import refresh_facts
from cases.services.referral import Referral, _enter
from cases.services.tumour import save_drivers, save_metastases
from evidence.conditions.facts import FactState
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
KNOWN = "known"


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def page(client, member):
    client.force_login(member, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def at(case, place: str) -> str:
    return f"{reverse('cases:detail', args=[case.public_id])}{place}"


def fresh(case) -> Case:
    return with_rules(Case.objects.all()).get(pk=case.pk)


def facts(case):
    return type(case.facts).objects.get(case=case).as_facts()


def test_no_liver_metastases_only_once_the_list_is_called_complete(page, case):
    page.post(at(case, "parts/metastases"), {"version": 1, "bone": "yes", "bone_detail": "T8, L1"})
    assert facts(case)["liver_metastases"].state is FactState.MISSING
    html = page.get(at(case, "")).content.decode()
    assert "yes, T8, L1" in html
    assert "Nobody has said that these are all" in html
    typed = {"version": 2, "bone": "yes", "bone_detail": "T8, L1", "complete": "on"}
    page.post(at(case, "parts/metastases"), typed)
    assert facts(case)["liver_metastases"].value is False
    assert "no site beyond these" in page.get(at(case, "")).content.decode()


def test_a_site_left_empty_again_was_never_asked_about(page, case):
    page.post(at(case, "parts/metastases"), {"version": 1, "liver": "no", "brain": "yes"})
    page.post(at(case, "parts/metastases"), {"version": 2, "brain": "yes"})
    assert {row.site for row in Metastasis.objects.all()} == {"brain"}
    assert facts(case)["liver_metastases"].state is FactState.MISSING


def test_what_did_not_change_leaves_no_history(member, case):
    bone = {"bone": {"present": True, "present_state": KNOWN, "detail": "T8"}}
    for version in (1, 2):
        save_metastases(by=member, case=case, version=version, sites=bone, complete=False)
    event = Metastasis.objects.get().events.model
    assert event.objects.filter(patient_id=case.patient_id).count() == 1


def test_genes_are_positive_negative_or_not_tested(page, case):
    typed = {
        "version": 1, "EGFR": "negative", "ALK": "negative", "ROS1": "not_tested",
        "KRAS_G12C": "positive", "KRAS_G12C_variant": "c.34G>T", "KRAS_G12C_sampled": "May 2024",
        "other_variant": "STK11 mutated",
    }  # fmt: skip
    assert page.post(at(case, "parts/drivers"), typed).status_code == 302
    assert facts(case)["driver_mutation"].state is FactState.UNKNOWN
    html = page.get(at(case, "")).content.decode()
    assert "KRAS G12C (c.34G&gt;T), EGFR, ALK negative, ROS1 not tested, STK11 mutated" in html
    page.post(at(case, "parts/drivers"), {**typed, "version": 2, "ROS1": "negative"})
    assert facts(case)["driver_mutation"].value is False


def test_a_panel_without_another_finding_is_one_press(page, case):
    typed = {"version": 1, "KRAS_G12C": "positive", "BRAF": "not_tested", "reshape": "negative"}
    html = page.post(at(case, "parts/drivers"), typed, headers=HTMX).content.decode()
    assert html.count('value="negative" selected') == 7
    assert not DriverTest.objects.exists()


def test_a_driver_that_is_not_named_is_still_offered(page, member, case):
    told = {"result": "positive", "result_state": KNOWN, "variant": "of one of the three"}
    save_drivers(by=member, case=case, version=1, results={"unnamed": told})
    assert facts(case)["driver_mutation"].value is True
    html = page.get(at(case, "parts/drivers")).content.decode()
    assert 'name="unnamed"' in html
    page.post(at(case, "parts/drivers"), {"version": 2, "EGFR": "positive"})
    assert {row.gene for row in DriverTest.objects.all()} == {"EGFR"}


def test_older_editions_stay_readable_and_are_not_offered_anew(page, case):
    assert "7th" not in page.get(at(case, "sections/tumour")).content.decode()
    type(case.patient.tumour).objects.filter(patient=case.patient).update(
        tnm_edition="7", stage_group="IV", stage_group_state=KNOWN
    )
    assert "7th" in page.get(at(case, "sections/tumour")).content.decode()
    saved = page.post(
        at(case, "sections/tumour"), {"version": 1, "stage_group": "IV", "tnm_edition": "7"}
    )
    assert saved.status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"stage_group": "IV", "m_category": "M0"}, "stage IV has metastases"),
        ({"stage_group": "III", "m_category": "M1a"}, "with metastases the stage is IV"),
        ({"tnm_edition": "8", "n_category": "N2a"}, "only the 9th edition has it"),
    ],
)
def test_stage_and_categories_are_held_against_each_other(page, case, typed, sentence):
    answer = page.post(at(case, "sections/tumour"), {"version": 1, **typed})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_t_n_m_are_shown_as_one(page, case):
    typed = {"tnm_basis": "c", "t_category": "T2a", "n_category": "N1", "m_category": "M1b"}
    page.post(at(case, "sections/tumour"), {"version": 1, "tnm_edition": "9", **typed})
    assert "cT2a N1 M1b" in page.get(at(case, "")).content.decode()


SAMPLE = {"measured": "pdl1_tps", "timing": "before", "value": "60 %", "assay": "22C3"}


def test_more_than_one_sample_of_a_kind_and_timing(page, case):
    page.post(at(case, "biomarkers/add"), {"version": 1, **SAMPLE, "sampled": "May 2024"})
    page.post(at(case, "biomarkers/add"), {"version": 2, **SAMPLE, "value": "5", "sampled": "2022"})
    assert facts(case)["pdl1_tps_initial"].low == 60
    assert BiomarkerResult.objects.count() == 2
    old = BiomarkerResult.objects.get(low=5)
    where = at(case, f"biomarkers/{old.public_id}")
    page.post(where, {"version": 3, **SAMPLE, "value": "5"})
    assert (facts(case)["pdl1_tps_initial"].low, facts(case)["pdl1_tps_initial"].high) == (5, 60)
    page.post(f"{where}/remove", {"version": 4})
    assert facts(case)["pdl1_tps_initial"].low == 60


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"value": "140"}, "a percentage is at most 100"),
        ({"value": "nan"}, "such as 60"),
        ({"value": ""}, "Enter the result"),
        ({"value": f"unknown: {'x' * 41}"}, "at most 40 characters"),
        ({"sampled": "2099"}, "in the future"),
        ({"sampled": "June 2024"}, "after the first dose"),
        ({"timing": "after", "sampled": "May 2023"}, "before the first dose"),
    ],
)
def test_doubtful_samples_are_questioned_beside_the_field(page, case, typed, sentence):
    page.post(
        at(case, "courses/add"), {"version": 1, "drug_1": "pembrolizumab", "start": "April 2024"}
    )
    answer = page.post(at(case, "biomarkers/add"), {"version": 1, **SAMPLE, **typed})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_tmb_has_its_unit_and_assay(page, case):
    typed = {"measured": "tmb mut_per_exome", "timing": "before", "value": "240", "assay": "WES"}
    page.post(at(case, "biomarkers/add"), {"version": 1, **typed})
    assert facts(case)["tmb"].state is FactState.MISSING
    html = page.get(at(case, "")).content.decode()
    assert "240 mutations an exome" in html and "WES" in html
    page.post(
        at(case, "biomarkers/add"),
        {**typed, "version": 2, "measured": "tmb mut_per_mb", "value": "12"},
    )
    assert facts(case)["tmb"].low == 12


BACKGROUND = {
    "smoking": "former", "pack_years": "30", "autoimmune_disease": "yes", "autoimmune_text": "Psoriasis",
    "interstitial_lung_disease": "no", "transplant": "solid_organ", "hepatitis_b": "past", "hepatitis_c": "never",
    "heart_disease": "not_yet", "pregnancy": "not_applicable", "comorbidities": "COPD",
    "preference": "I want to see the spring.",
}  # fmt: skip


def test_background_reaches_the_facts_and_the_page(page, case):
    assert page.post(at(case, "parts/background"), {"version": 1, **BACKGROUND}).status_code == 302
    found = facts(case)
    assert {key: found[key].value for key in ("smoking", "transplant", "hepatitis_b")} == {
        "smoking": "former", "transplant": "solid_organ", "hepatitis_b": "past",
    }  # fmt: skip
    assert found["autoimmune_disease"].value is True
    assert found["interstitial_lung_disease"].value is False
    assert found["heart_disease"].state is FactState.NOT_YET
    assert found["pregnancy"].state is FactState.NOT_APPLICABLE
    html = page.get(at(case, "")).content.decode()
    for words in ("Former, 30 pack-years", "yes: Psoriasis", "“I want to see the spring.”", "COPD"):
        assert words in html


def test_who_never_smoked_has_no_pack_years(page, case):
    page.post(at(case, "parts/background"), {"version": 1, "smoking": "never"})
    assert Background.objects.get(patient=case.patient).pack_years_state == "not_applicable"


def test_a_named_disease_is_not_denied(page, case):
    typed = {"version": 1, **BACKGROUND, "autoimmune_disease": "no"}
    answer = page.post(at(case, "parts/background"), typed)
    assert answer.status_code == 422
    assert "it is named, so say yes" in answer.content.decode()


def test_history_tells_every_part_in_words(page, member, case):
    page.post(
        at(case, "parts/metastases"), {"version": 1, "liver": "yes", "liver_detail": "segment 4"}
    )
    page.post(at(case, "parts/metastases"), {"version": 2, "liver": "no", "complete": "on"})
    page.post(
        at(case, "parts/drivers"), {"version": 3, "MET": "positive", "MET_variant": "exon 14"}
    )
    page.post(at(case, "parts/background"), {"version": 1, **BACKGROUND})
    with acting_as(member):
        saves, _more = saves_of(case)
    told = {(c.subject, c.label, c.old, c.new) for save in saves for c in save.changes}
    assert ("Liver", "Metastases", "yes", "no") in told
    assert ("MET", "Added", "", "Result: Positive; Alteration: exon 14") in told
    assert ("", "Hepatitis B", "", "Past infection") in told
    assert any(label == "List of sites of metastases complete as of" for _s, label, _o, _n in told)


def test_a_part_that_is_not_there_is_not_found(page, case):
    assert page.get(at(case, "parts/nonsense")).status_code == 404


GONE = (
    ("altered, altered_state, ", ""),
    ("altered_state, ", ""),
    ("t.driver_mutation, t.driver_mutation_state,\n", ""),
    ("true, 'known', 'positive'", "'positive'"),
    ("'other', 'missing', 'missing'", "'other', 'missing'"),
)


def test_a_reports_word_for_a_result_is_kept_beside_why_there_is_no_number(page, case):
    typed = {**SAMPLE, "value": "Unknown: high, no number"}
    page.post(at(case, "biomarkers/add"), {"version": 1, **typed})
    row = BiomarkerResult.objects.get()
    assert (row.state, row.low, row.high, row.entered) == ("unknown", None, None, "high, no number")
    assert "unknown: high, no number" in page.get(at(case, "")).content.decode()
    # Opened and saved again, the word is still there.
    where = at(case, f"biomarkers/{row.public_id}")
    assert 'value="unknown: high, no number"' in page.get(where).content.decode()
    page.post(where, {"version": 2, **typed, "value": "unknown: high, no number", "assay": "22C3"})
    row.refresh_from_db()
    assert (row.entered, row.assay) == ("high, no number", "22C3")


def test_the_older_flags_are_carried_without_making_unknown_a_no(member, board):
    """The migration's statements, given the columns that the tumour had."""
    migration = import_module("cases.migrations.0022_tumour_carried")
    said = [
        # (flag, its state, words; liver, its state) and what becomes of it
        ((False, KNOWN, "KRAS G12C", False, KNOWN), "no"),
        ((None, "unknown", "", None, "unknown"), "unknown"),
        ((True, KNOWN, "EGFR exon 19", True, KNOWN), "yes"),
        ((None, "missing", "", None, "missing"), "nothing"),
    ]
    patients = {key: make_case(member, board).patient for _columns, key in said}
    table = ", ".join(
        f"({patients[key].pk}, {', '.join('NULL' if v is None else repr(v) for v in columns)})"
        for columns, key in said
    )
    names = "patient_id, driver_mutation, driver_mutation_state, driver_text, liver_metastases, liver_metastases_state"
    with connection.cursor() as cursor:
        for statement in (
            migration.LIVER,
            migration.NOT_ALTERED,
            migration.ALTERED,
            migration.WORDS,
        ):
            text = statement.replace("altered, altered_state, ", "").replace("altered_state, ", "")
            text = text.replace("t.driver_mutation, t.driver_mutation_state,\n", "").replace(
                "true, 'known', 'pos", "'pos"
            )
            text = text.replace("'other', 'missing', 'missing'", "'other', 'missing'")
            cursor.execute(f"WITH cases_tumour ({names}) AS (VALUES {table}) {text}")
    genes = {
        key: {
            (d.gene, d.result, d.result_state, d.variant)
            for d in DriverTest.objects.filter(patient=p)
        }
        for key, p in patients.items()
    }
    three = ("EGFR", "ALK", "ROS1")
    assert genes["no"] == {(g, "negative", KNOWN, "") for g in three} | {
        ("other", None, "missing", "KRAS G12C")
    }
    assert genes["unknown"] == {(g, None, "unknown", "") for g in three}
    assert genes["yes"] == {("unnamed", "positive", KNOWN, "EGFR exon 19")}
    assert genes["nothing"] == set()
    sites = {
        key: {(m.site, m.present, m.present_state) for m in Metastasis.objects.filter(patient=p)}
        for key, p in patients.items()
    }
    assert sites["no"] == {("liver", False, KNOWN)}
    assert sites["unknown"] == {("liver", None, "unknown")}
    assert sites["nothing"] == set()


def test_a_referral_completes_a_sample_and_never_takes_a_result_back(member, case):
    def refer(state, value):
        given = {
            "kind": "pdl1_tps",
            "timing": "before",
            "low": value,
            "high": value,
            "state": state,
            "assay": "",
        }
        _enter(member, case, Referral(question=None, identity=None, biomarkers=(given,)))

    def rows():
        return [(row.state, row.low) for row in BiomarkerResult.objects.order_by("pk")]

    refer("not_yet", None)
    refer(KNOWN, 60)
    assert rows() == [(KNOWN, 60)]
    refer(KNOWN, 60)
    refer("unknown", None)
    assert rows() == [(KNOWN, 60)]
    refer(KNOWN, 5)
    assert rows() == [(KNOWN, 60), (KNOWN, 5)]


def test_two_people_in_one_section_are_told(page, member, chair, case):
    with acting_as(chair):
        save_metastases(
            by=chair,
            case=case,
            version=1,
            sites={
                s: {"present": None, "present_state": "unknown", "detail": ""}
                for s in MetastaticSite.values
            },
            complete=False,
        )
    answer = page.post(at(case, "parts/drivers"), {"version": 1, "EGFR": "negative"})
    assert answer.status_code == 409
    assert chair.name in answer.content.decode()
    assert CaseSection.objects.get(case=case, key="tumour").version == 2


def test_liver_metastases_that_were_said_long_ago_are_stale(page, case):
    page.post(at(case, "parts/metastases"), {"version": 1, "liver": "no"})
    assert "liver_metastases" not in readiness_of(fresh(case)).open
    for days, stale in ((90, False), (91, True)):
        Metastasis.objects.update(said_on=timezone.localdate() - timedelta(days=days))
        refresh_facts(case=fresh(case))
        assert ("liver_metastases" in readiness_of(fresh(case)).open) is stale
    assert facts(case)["liver_metastases"].value is False, "it stays known for matching"
    assert "stale: 91 days old, limit 90" in page.get(at(case, "")).content.decode()
    # Another site alone says nothing of the liver; the whole list does.
    page.post(at(case, "parts/metastases"), {"version": 2, "liver": "no", "bone": "yes"})
    assert "liver_metastases" in readiness_of(fresh(case)).open
    typed = {"version": 3, "liver": "no", "bone": "yes", "complete": "on"}
    page.post(at(case, "parts/metastases"), typed)
    assert not {"liver_metastases", "brain_metastases"} & set(readiness_of(fresh(case)).open)
    assert {row.said_on for row in Metastasis.objects.all()} == {timezone.localdate()}


def test_a_site_said_otherwise_is_said_today(page, case):
    page.post(at(case, "parts/metastases"), {"version": 1, "liver": "no", "brain": "no"})
    old = timezone.localdate() - timedelta(days=200)
    Metastasis.objects.update(said_on=old)
    page.post(at(case, "parts/metastases"), {"version": 2, "liver": "yes", "brain": "no"})
    said = dict(Metastasis.objects.values_list("site", "said_on"))
    assert said == {"liver": timezone.localdate(), "brain": old}
