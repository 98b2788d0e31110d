"""What of the published reports is not in the demonstration, or is there otherwise, each with its reason by hand."""

from __future__ import annotations

# Of every report.
NOT_CARRIED: dict[str, str] = {
    "id": "the demonstration has keys of its own",
    "tags[]": "for finding a report in the file; no fact of the patient",
    "notes[]": "remarks of whoever read the report; no fact of the patient",
    "inferred[]": "paths within the report's file; the demonstration lists in words what it concluded itself",
    "text_coverage": "told in words of our own, as 'read'",
    "age_reference": "to which day the age belongs: the product knows no age but that of a birth date",
    "citation.pmid": "the citation leads to the report by its address",
    "citation.pmcid": "the citation leads to the report by its address",
    "citation.publication_type": "no fact of the patient",
    "ici_courses[].n": "the place in the list",
}

_AGAIN = "the question is put before the rechallenge: what followed stands under 'after', in words"
_ENDED = "of an event that is over the grade now is 0"
_ALIVE = "told in words under 'after'; of nobody a death is entered, since no day of it is reported"

# Report -> the beginning of a path -> why.
BY_HAND: dict[str, dict[str, str]] = {
    "zhou2025_hepatitis_g4_toci": {
        "ici_courses[1]": _AGAIN,
        "iraes[1]": "came after the rechallenge: under 'after', as a new irAE",
        "iraes[2]": "came after the rechallenge: under 'after', as a new irAE",
        "outcome.alive": _ALIVE,
    },
    "crionm2019_1816472_hepatitis_cr_rt": {
        "ici_courses[1]": _AGAIN,
        "iraes[0].resolved_to_grade": _ENDED,
        "rechallenge.interval": "made up of the fourteen months and the two recurrences that are entered one by one",
        "outcome.response": "told under 'after' with the months as a word",
        "outcome.follow_up": "told under 'after' with the years as words",
        "outcome.alive": _ALIVE,
    },
    "pulmonology2020_pneumonitis_g3": {
        "prior_treatments[0].type": "drugs and doses as they are; the days of the cycle have no field",
        "prior_treatments[1].progression": "told beside the treatment, with its month as a word",
        "ici_courses[0].cycles": "at least the four after which a response was seen",
        "ici_courses[1]": _AGAIN,
        "iraes[0].onset": "the month of admission; the two weeks of symptoms stand in the report beside it",
    },
    "nguyen2024_durvalumab_pneumonitis": {
        "citation.journal": "abbreviated: J Med Res",
        "ici_courses[1]": _AGAIN,
        "iraes[0].resolved_to_grade": _ENDED,
    },
    "mishima2019_hypophysitis_thyroiditis": {
        "stage": "the stage at surgery is not that of now: no group is entered, the words are",
        "ici_courses[1]": _AGAIN,
    },
    "edahiro2019_t1dm_continued": {
        "ici_courses[0].stop": "the ICI went on: it has no last dose, and no reason for a stop",
        "iraes[0].onset": "in the first of the courses that are named; all of them stand in the report beside it",
        "iraes[1].organ": "the endocrine pancreas, which is an organ of its own in the product's list",
        "iraes[1].onset": "the course is a cycle of this treatment",
    },
    "nakajima2019_colitis_g2": {
        "iraes[0].onset": "about five months, as the week in which they end",
    },
    "psa2017_arthritis_continued": {
        "ici_courses[0].stop": "the ICI went on: it has no last dose, and no reason for a stop",
    },
    "fmed2021_742489_renal_tubular": {
        "prior_treatments[0].start": "days of the report, of which the first dose is the fourth: before it",
        "ici_courses[0].start": "days of the report without a calendar: what follows is counted from this dose",
        "iraes[0].onset": "seven days after the dose",
        "iraes[0].resolved_to_grade": _ENDED,
        "iraes[0].resolution_time": "counted from the dose of the fourth day",
    },
    "fimmu2023_bp_g3_stop": {
        "iraes[0].onset": "the same three weeks, as the week after the start",
        "iraes[0].resolution": "told beside it with the months as a word; not over, as blisters came again",
    },
    "kondo2022_hepatitis_single_dose": {
        "iraes[0].onset": "at the end of the only cycle: after it",
        "outcome.alive": _ALIVE,
        "outcome.follow_up": "told under 'after' with the years as words",
    },
    "chen2024_myocarditis_78m": {
        "driver_mutations": "no gene is reported; that the setting is a driver-negative one is entered, and named"
        " among what was concluded",
        "iraes[0].ctcae_grade": "the grade at onset: the worst is not reported, and intensive care followed",
    },
    "sandhu2023_sjs": {
        "histology": "non-squamous says which it is not: the subtype was not seen",
        "iraes[0].onset": "the same fourteen days after the first dose",
        "iraes[0].resolution_time": "nearly healed is not healed: told in words, no day of resolution",
    },
    "wu2023_late_cip_psoriasis": {
        "iraes[0].onset": "six months after the stop, as weeks",
    },
    "jitc_table3_p2_myocarditis_severe": {
        "ici_courses[1]": _AGAIN,
        "outcome.pfs_months": "the same 180 days to the progression, told under 'after'",
        "outcome.alive": _ALIVE,
    },
}
