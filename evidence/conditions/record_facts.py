"""Facts of the vocabulary that the full case record answers, beside those of `vocabulary`."""

from __future__ import annotations

from evidence.conditions.specs import choice, flag, number
from evidence.conditions.specs import gettext_noop as _

PROPOSED = (
    choice(
        "disease_status",
        _("disease off ICI today"),
        _("How does the disease stand today, off the ICI?"),
        ("no_evidence", _("no evidence of disease")),
        ("controlled", _("controlled, not treated")),
        ("slow", _("progressing slowly, nothing must be treated now")),
        ("treat_now", _("progressing, something must be treated now")),
    ),
    flag(
        "irae_contributed",
        _("an irAE was a reason for stopping, main or contributing"),
        _("Was an irAE among the reasons for which any ICI course was stopped?"),
    ),
)

# The review's definition and the 24 weeks know no late relapse: the one goes by the best response, the other by a
# progression on treatment.
_RESISTANCE = (
    ("primary", _("primary resistance")),
    ("acquired", _("acquired resistance")),
    ("late_relapse", _("late relapse after the ICI was stopped")),
    ("none", _("no progression")),
)

COURSES = (
    choice(
        "prior_setting",
        _("setting of the last ICI course"),
        _("In which setting was the last ICI course given?"),
        ("perioperative", _("perioperative")),
        ("consolidation", _("consolidation after chemoradiation")),
        ("palliative", _("palliative")),
    ),
    choice(
        "resistance_review",
        _("resistance as the review defines it"),
        _("Which resistance is it, as the review defines it?"),
        *_RESISTANCE,
        never=("late_relapse",),
    ),
    choice(
        "resistance_sitc",
        _("resistance as SITC defines it"),
        _("Which resistance is it, as SITC defines it?"),
        *_RESISTANCE,
    ),
    choice(
        "resistance_24_weeks",
        _("resistance by the 24-week rule"),
        _("Which resistance is it, by the 24-week rule?"),
        *_RESISTANCE,
        never=("late_relapse",),
    ),
)

TREATMENT_OF_IRAE = (
    number(
        "alt_ast_peak_x_uln",
        _("peak ALT or AST, multiple of the upper limit of normal"),
        _("How high was ALT or AST at its peak, as a multiple of the upper limit of normal?"),
        "x ULN",
        1,
        500,
    ),
    number(
        "alt_ast_peak_x_baseline",
        _("peak ALT or AST, multiple of the patient's baseline"),
        _("How high was ALT or AST at its peak, as a multiple of the patient's baseline?"),
        "x baseline",
        1,
        500,
    ),
    number(
        "alt_ast_baseline_x_uln",
        _("ALT or AST before the hepatitis, multiple of the upper limit of normal"),
        _(
            "How high was ALT or AST before the hepatitis, as a multiple of the upper limit of normal?"
        ),
        "x ULN",
        1,
        500,
    ),
    number(
        "bilirubin_peak_x_uln",
        _("peak bilirubin, multiple of the upper limit of normal"),
        _("How high was bilirubin at its peak, as a multiple of the upper limit of normal?"),
        "x ULN",
        1,
        200,
    ),
    flag(
        "steroid_not_tapered",
        _("steroid not reducible to 10 mg a day within 12 weeks"),
        _(
            "Was there a steroid for an irAE that could not be reduced to 10 mg a day of"
            " prednisone-equivalent within 12 weeks?"
        ),
    ),
    flag(
        "immunosuppressant_now",
        _("second-line immunosuppressant now"),
        _("Is a second-line immunosuppressant being given now?"),
    ),
)

AT_THE_ORGANS = (
    choice(
        "liver_tumour_at_hepatitis",
        _("liver metastases at the time of the hepatitis"),
        _("Were there liver metastases when the hepatitis came?"),
        ("none", _("none")),
        ("present", _("present")),
        ("differed", _("present at one hepatitis, not at another")),
    ),
    flag(
        "alt_ast_rise_lasted_week",
        _("ALT or AST at 1.5 times the patient's baseline or more for a week or longer"),
        _(
            "Did ALT or AST stay at 1.5 times the patient's baseline or more for a week or longer,"
            " at any hepatitis?"
        ),
    ),
    number(
        "spo2_lowest",
        _("lowest SpO2 of a lung irAE, on room air"),
        _("What was the lowest oxygen saturation on room air during a lung irAE?"),
        "%",
        1,
        100,
    ),
    number(
        "dlco",
        _("DLCO after a lung irAE, of predicted"),
        _("What is the diffusing capacity after a lung irAE, of predicted?"),
        "%",
        1,
        150,
    ),
    number(
        "lvef_now",
        _("LVEF now, after a heart irAE"),
        _("What is the left ventricular ejection fraction now, after a heart irAE?"),
        "%",
        1,
        85,
    ),
    number(
        "ck_peak_x_uln",
        _("peak CK of a heart or muscle irAE, multiple of the upper limit of normal"),
        _("How high was CK at its peak, as a multiple of the upper limit of normal?"),
        "x ULN",
        1,
        1000,
    ),
    number(
        "creatinine_now_x_baseline",
        _("creatinine now after a kidney irAE, multiple of the patient's baseline"),
        _("How high is creatinine now, as a multiple of the patient's baseline?"),
        "x baseline",
        2,
        50,
    ),
    number(
        "calprotectin_now",
        _("calprotectin now, after a bowel irAE"),
        _("How high is faecal calprotectin now, after a bowel irAE?"),
        "ug/g",
        0,
        30000,
    ),
)

OTHER_ORGANS = (
    flag(
        "blood_transfused",
        _("transfusion for a blood irAE"),
        _("Was a transfusion needed for a blood irAE?"),
    ),
    flag(
        "eye_active_now",
        _("active inflammation of the eye now, as an eye specialist finds"),
        _("Does an eye specialist find active inflammation now, after an eye irAE?"),
    ),
    flag(
        "joint_erosions",
        _("erosions after a joint irAE"),
        _("Are there erosions after a joint irAE?"),
    ),
    number(
        "lipase_peak_x_uln",
        _("peak lipase of a pancreas irAE, multiple of the upper limit of normal"),
        _("How high was lipase at its peak, as a multiple of the upper limit of normal?"),
        "x ULN",
        1,
        500,
    ),
    flag(
        "pancreas_pain",
        _("pain with a pancreas irAE"),
        _("Was there pain with a pancreas irAE?"),
    ),
    flag(
        "ketoacidosis_any",
        _("ketoacidosis with diabetes as an irAE"),
        _("Was there ketoacidosis with diabetes as an irAE?"),
    ),
    flag(
        "vessel_threatened",
        _("kidney, nerve, lung or sight threatened by a vessel irAE"),
        _("Did a vessel irAE threaten kidney, nerve, lung or sight?"),
    ),
)

RESULTS = (
    number(
        "neutrophils_now",
        _("neutrophils, newest result"),
        _("How many neutrophils are there, by the newest result?"),
        "10^9/L",
        2,
        100,
    ),
    number(
        "platelets_now",
        _("platelets, newest result"),
        _("How many platelets are there, by the newest result?"),
        "10^9/L",
        0,
        2500,
    ),
    number(
        "haemoglobin_now",
        _("haemoglobin, newest result"),
        _("How high is haemoglobin, by the newest result?"),
        "g/L",
        0,
        250,
    ),
    number(
        "creatinine_now",
        _("creatinine, newest result"),
        _("How high is creatinine, by the newest result?"),
        "umol/L",
        0,
        2500,
    ),
    number(
        "urine_protein_now",
        _("urine protein-to-creatinine ratio, newest result"),
        _("How high is the protein-to-creatinine ratio of urine, by the newest result?"),
        "mg/mmol",
        1,
        3000,
    ),
    number(
        "systolic_now",
        _("systolic blood pressure, newest measurement"),
        _("How high is the systolic blood pressure, by the newest measurement?"),
        "mm[Hg]",
        0,
        300,
    ),
    number(
        "diastolic_now",
        _("diastolic blood pressure, newest measurement"),
        _("How high is the diastolic blood pressure, by the newest measurement?"),
        "mm[Hg]",
        0,
        200,
    ),
)

BACKGROUND = (
    choice(
        "smoking",
        _("smoking"),
        _("Does or did the patient smoke?"),
        ("never", _("never")),
        ("former", _("former")),
        ("current", _("current")),
    ),
    choice(
        "transplant",
        _("transplant"),
        _("Has the patient had a transplant?"),
        ("none", _("none")),
        ("solid_organ", _("solid organ")),
        ("stem_cell", _("allogeneic stem cells")),
    ),
    choice(
        "hepatitis_b",
        _("hepatitis B"),
        _("Has the patient had hepatitis B?"),
        ("never", _("never infected")),
        ("past", _("past infection")),
        ("chronic", _("chronic, on or off treatment")),
    ),
    choice(
        "hepatitis_c",
        _("hepatitis C"),
        _("Has the patient had hepatitis C?"),
        ("never", _("never infected")),
        ("past", _("past infection")),
        ("chronic", _("chronic, on or off treatment")),
    ),
    flag("heart_disease", _("heart disease"), _("Is there heart disease?")),
    choice(
        "bleeding",
        _("bleeding"),
        _("Has the patient coughed up blood, or had another major bleeding?"),
        ("none", _("none")),
        ("haemoptysis", _("haemoptysis")),
        ("other_major", _("another major bleeding")),
    ),
    choice(
        "hypertension",
        _("hypertension"),
        _("Is there hypertension, and is it controlled?"),
        ("none", _("none")),
        ("controlled", _("controlled")),
        ("uncontrolled", _("not controlled")),
    ),
    flag(
        "major_surgery",
        _("recent major surgery"),
        _("Was there major surgery lately, biopsies aside?"),
    ),
    flag("pregnancy", _("pregnancy"), _("Is the patient pregnant?")),
    flag("brain_metastases", _("brain metastases"), _("Are there brain metastases?")),
)

BLOOD = (
    number(
        "lmr",
        _("lymphocyte-to-monocyte ratio"),
        _("What is the lymphocyte-to-monocyte ratio, both from one sample?"),
        "ratio",
        2,
        1000,
    ),
    number(
        "plr",
        _("platelet-to-lymphocyte ratio"),
        _("What is the platelet-to-lymphocyte ratio, both from one sample?"),
        "ratio",
        2,
        100000,
    ),
    number(
        "dnlr",
        _("derived neutrophil-to-lymphocyte ratio"),
        _("What is neutrophils over leukocytes less neutrophils, both from one sample?"),
        "ratio",
        2,
        1000,
    ),
    number(
        "lipi",
        _("Lung Immune Prognostic Index"),
        _("What is the Lung Immune Prognostic Index, from one day's blood count and LDH?"),
        _("of 2 points"),
        0,
        2,
    ),
    number(
        "ali",
        _("Advanced Lung Cancer Inflammation Index"),
        _("What is body mass index x albumin in g/dL / NLR, from one day's results?"),
        "index",
        1,
        10000,
    ),
)
