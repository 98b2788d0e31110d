"""For each erratum of severity critical or high: what is near it and true, and the same slip worded anew.

Typed by hand from the errata; none of the sentences was written from the guard's patterns.
"""

from __future__ import annotations

NEAR: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "E01": (
        (
            "Daily aspirin after a stroke is named in the list of other drugs the patient takes.",
            "Ipilimumab before nivolumab is what CheckMate 172 was about.",
            "A rash on the face was treated with a salicylic acid cream.",
        ),
        (
            "Seventy patients with melanoma had pembrolizumab together with aspirin at a low dose.",
            "The anti-CTLA-4 agent aspirin came first, then the anti-PD-1 agent.",
            "The checkpoint inhibitor acetylsalicylate monoclonal antibody was given with pembrolizumab.",
        ),
    ),
    "E02": (
        (
            "Two of the 84 had diarrhoea of grade 3 on nivolumab, and colitis of grade 3 was seen in none.",
            "Colitis of grade 3 or more was seen in 0 of 84; diarrhoea of that grade in 2.",
            "Diarrhoea of grade 1 needs a stool count, and no colonoscopy at first.",
        ),
        (
            "In CheckMate 172 nobody with severe toxicity of ipilimumab had diarrhoea of grade 3 again.",
            "After ipilimumab severe diarrhoea never came back on nivolumab.",
            "Of 84 patients with an earlier severe irAE, diarrhoea of grade 3 was absent: 0 %.",
        ),
    ),
    "E03": (
        (
            "CheckMate 153 gave 34 patients nivolumab again, and reports no share of them that gained.",
            "In CheckMate 153 overall survival was longer in those who went on, HR 0.62.",
            "Of 89 who went on with nivolumab in CheckMate 153 none is counted as retreated.",
        ),
        (
            "In CheckMate 153 12 of 34 had progressed in target lesions on nivolumab given again.",
            "On nivolumab again 20/34 stayed free of new lesions.",
            "Two of every three retreated patients had control of the cancer on nivolumab.",
            "In CheckMate 153 new lesions came in 41 per cent of the retreated.",
        ),
    ),
    "E04": (
        (
            "In Pollack 2018 hepatitis was the first irAE of 36 %.",
            "14 of 80 with melanoma had an irAE again, 7 of them of grade 3 or 4.",
            "Hepatitis came back in 11 of 33 in the WHO database.",
        ),
        (
            "Of 80 patients with melanoma 3 % had hepatitis a second time.",
            "Recurrent hepatitis of grade 3 or more was 7 % in Pollack 2018.",
            "In melanoma hepatitis recurred in 2 of 80.",
        ),
    ),
    "E06": (
        (
            "Infliximab was given to treat colitis after ipilimumab.",
            "Steroids control most hepatitis that comes on ipilimumab with nivolumab.",
            "After an anti-CTLA-4 agent alone irAEs came back more often, reporting odds ratio 3.5.",
            "S1400F took squamous NSCLC that had progressed on an anti-PD-1 agent.",
            "Colitis on ipilimumab was managed with vedolizumab before the ICI was given again.",
        ),
        (
            "Ipilimumab next to nivolumab keeps irAEs down and so prevents colitis.",
            "Patients with pneumonitis on PD-1 can be helped by CTLA-4, which suppresses the irAE.",
            "Double checkpoint blockade is an answer to toxicity: it lowers irAEs.",
            "Adding tremelimumab to the steroids treats colitis.",
            "Ipilimumab with prednisone controls colitis.",
            "Steroids and ipilimumab control colitis.",
        ),
    ),
    "E07": (
        (
            "Colitis came back in 43 of 135 given an anti-PD-1 agent again after colitis.",
            "All 167 had colitis or diarrhoea before, and what came back was colitis.",
            "32 % of patients in another series were older than 75.",
        ),
        (
            "Of 167 patients given an ICI again the irAE recurred in 32 %.",
            "14/32 had their irAE again on an anti-CTLA-4 agent.",
            "Abu-Sbeih 2019: pneumonitis came back in 44 % as well.",
        ),
    ),
    "E08": (
        (
            "99 of 1051 had an irAE that interrupted the ICI, 9.4 %.",
            "Steroids early in pneumonitis are what the guideline asks for.",
            "A second irAE may be worse than the first.",
        ),
        (
            "Early steroid treatment makes the recurrent irAE go away.",
            "The ICI was stopped for good in 9.4 per cent.",
            "The irAEs of retreatment are mostly mild and well managed.",
        ),
    ),
    "E09": (
        (
            "Pneumonitis on an anti-PD-1 agent is told from bacterial pneumonia by culture and CT.",
            "Hypophysitis came back in 6 of 23.",
            "A lung infection is ruled out before steroids are given.",
        ),
        (
            "Pneumonia is an irAE of anti-PD-1 agents.",
            "The irAE was an inflammation of the pituitary gland.",
            "PD-1 agents are associated with lung infection.",
        ),
    ),
    "E11": (
        (
            "Pembrolizumab with chemotherapy after an ICI: PFS 4.1 against 5.9 months, HR 1.06.",
            "BTCRC-LUN15-029 had one arm, so PFS on chemotherapy with pembrolizumab is set against history.",
            "Survival with chemotherapy and pembrolizumab was no longer than with chemotherapy and placebo.",
        ),
        (
            "An ICI given with docetaxel after progression makes PFS longer.",
            "Pembrolizumab and chemotherapy improve progression-free survival after an ICI.",
            "Adding chemotherapy to the ICI gave a survival benefit.",
        ),
    ),
    "E12": (
        (
            "In WJOG9616L 5 of 59 responded to nivolumab given again.",
            "It cannot be told who responds to a second ICI.",
            "Steroids work reliably in thyroiditis no more than in diabetes.",
            "A steroid dose is always written down with its day.",
        ),
        (
            "An ICI given again brings dependable control.",
            "Rechallenge consistently yields responses.",
            "A second ICI mostly works.",
        ),
    ),
    "E16": (
        (
            "Making the tumour more immunogenic is meant to promote its regression.",
            "Blocking CTLA-4 with PD-1 leaves fewer regulatory T cells in the tumour.",
            "The cancer came back in the liver a year later.",
        ),
        (
            "Immunogenic cell death fosters tumour recurrence.",
            "CTLA-4 and PD-1 blockade enhances the influx of Tregs.",
            "Combined blockade boosts migration of regulatory T cells.",
        ),
    ),
    "E18": (
        (
            "Durvalumab was given for 12 months and again at progression.",
            "In Sheth 2020 a median of 266 days lay between the last dose of durvalumab and the first again.",
            "PACIFIC gave durvalumab after chemoradiotherapy for up to a year.",
        ),
        (
            "Durvalumab was resumed 12 months after its last dose.",
            "Sheth 2020 gave durvalumab again after an interval of one year.",
            "In ATLANTIC 11 of 21 had disease control on durvalumab again.",
        ),
    ),
    "E19": (
        (
            "KEYNOTE-010: 11 of 21 responded to the second course.",
            "KEYNOTE-024: about 10 patients had a second course, and no exact n is known.",
            "Of the patients 70 % were men.",
        ),
        (
            "On second courses of pembrolizumab disease control was 79 % and 70 %.",
            "Disease control in KEYNOTE-024 was 70 per cent.",
            "KEYNOTE-010 saw control in 79.0 % of second courses.",
        ),
    ),
    "E22": (
        (
            "Recurrence did not differ by the grade of the first irAE.",
            "A severe first irAE makes it less likely that an ICI is given again at all.",
            "Colitis came back more often than thyroiditis.",
        ),
        (
            "irAEs of grade 3 recur more often than those of grade 2.",
            "The longer the first irAE lasted, the higher its recurrence.",
            "Use of corticosteroids for the first irAE predicts that it comes back.",
        ),
    ),
    "E23": (
        (
            "In melanoma 14 of 80 had an irAE again.",
            "In NSCLC 20 of 38 had an irAE again.",
            "Of 70 patients with melanoma 20 responded to pembrolizumab with ipilimumab; none had NSCLC.",
        ),
        (
            "In NSCLC 20 of 70 responded to pembrolizumab with ipilimumab.",
            "With lung cancer 43 of 135 had colitis again.",
            "The figures of renal cell carcinoma hold for NSCLC too.",
        ),
    ),
}  # fmt: skip
