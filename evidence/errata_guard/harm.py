"""The errata about irAEs and what brings them: what each printed wrongly, and every way to say it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from evidence.errata_guard import aspirin
from evidence.errata_guard.adding_ctla4 import LESSENING, SPARED
from evidence.errata_guard.bans import Erratum, ban
from evidence.errata_guard.fragments import (
    AGAIN,
    BOWEL,
    CARE,
    CTLA4,
    GAP,
    HARM,
    MORE,
    REMEDY,
    RID,
    SECOND,
    SEVERE,
)

MISPRINT_NOTE = "corrected from printed aspirin"
"""The only words, in plain spelling, in which a text may name the drug that the review misprints."""

# Guo 2022, of whose irAEs the review says that treatment in time removes them.
_GUO = r"\bguo\b|\b1051\b|\b(?:24|20) of (?:the )?40\b"
# A part of the irAEs of grade 1 or 2, as they first come: of those it is true, and no such irAE is said to be gone.
_SOME_MILD = (
    r"^(?=.*\b(?:most|many|some)\b)(?=.*\bgrade [12]\b(?! or more| or higher| or above| or worse| and above"
    r"|(?: or| to) [345]))"
    rf"(?!.*(?:{SECOND}|\bgrade (?:>= ?)?[345]|\b(?:these|such|problems?|issues?|all|every|any)\b))",
    rf"^(?!.*(?:{_GUO}))",
)

OF_HARM: tuple[Erratum, ...] = (
    Erratum(
        "E01",
        "critical",
        gettext_noop(
            "Aspirin is no checkpoint inhibitor: the print is a misprint for ipilimumab, an antibody against CTLA-4. "
            "The misprint is named only as corrected from printed “aspirin”; as a drug that a patient takes for "
            "another reason it may be named."
        ),
        (
            ban(aspirin.NAMED, unless=aspirin.EXCUSED, deniable=False),
            ban(
                r"\bsalicyl(?:ate|ic)\w*",
                beside=(
                    r"\bantibod|\bmonoclonal|mab\b|\banti (?:pd|ctla)|\bpd (?:l ?)?1|\bicis?\b|\bcheckpoint|\biraes?\b",
                ),
                deniable=False,
            ),
            ban(
                r"\bass\b",
                beside=(
                    r"\bantibod|\bmonoclonal|mab\b|\bicis?\b|\brechalleng|\bmelanoma|\blow dose|\biraes?\b",
                ),
                deniable=False,
            ),
            ban(
                r"\b(?:blood thinner|cox(?: \d)? inhibitor|antiplatelet|analgesic|painkiller|nsaid)s?(?: \w+){0,2}? "
                r"(?:monoclonal|antibod)\w*",
                deniable=False,
            ),
        ),
    ),
    Erratum(
        "E02",
        "high",
        gettext_noop(
            "Diarrhoea of grade 3 or more did come back: in the abstract of CheckMate 172, 2 of 84 had it and none of "
            "84 had such colitis. The review prints none; it is no reassurance."
        ),
        (
            ban(
                r"\b(?:no|none|nobody|without|zero|(?<![\d.])0|never|neither|not 1|not any|free (?:of|from)|absence of)"
                rf"\b{GAP}{{0,70}}?\bdiarrhoea\b",
                within=(
                    rf"{AGAIN}|\bgrade (?:>= ?)?3|\bsevere|\bipilimumab|\bcheckmate 172|\boccur|\b84\b",
                ),
                unless=(r"\bno (?:difference|reassurance)",),
                deniable=False,
            ),
            ban(
                rf"\bdiarrhoea\b{GAP}{{0,60}}\b(?:"
                r"did not (?:recur|c[ao]me back|return|occur|happen)|never (?:recurred|came back|returned|occurred)"
                r"|(?:was|were) (?:not (?:seen|observed|reported)|absent)|stayed away"
                r"|: ?(?:none|nil|nobody|0\b)|in (?:no|none|nobody|0)\b|0 %)",
                unless=(r"\b2 of 84 had (?:\w+ )?diarrhoea\b",),
                deniable=False,
            ),
            *(
                ban(pattern, within=(r"\b84\b|\bcheckmate 172|\bipilimumab",), deniable=False)
                for pattern in (
                    r"\b(?:no|none|nobody|without|zero|never|neither|not 1|free (?:of|from)|absence of)\b"
                    rf"{GAP}{{0,70}}?{BOWEL}",
                    rf"{BOWEL}{GAP}{{0,40}}?\b(?:spared|calm|quiet|unaffected|untouched|intact|unharmed)\b",
                    rf"{BOWEL}{GAP}{{0,60}}?\b(?:did not (?:recur|c[ao]me back|return|occur|happen)"
                    r"|(?:never|not) (?:seen|recurred|came back|returned|occurred|observed)"
                    r"|(?:was|were) absent|stayed away)",
                )
            ),
            ban(r"\breassur\w+", within=(r"\bipilimumab|\bcheckmate 172|\b84\b",)),
        ),
    ),
    Erratum(
        "E04",
        "high",
        gettext_noop(
            "Which organ the second “hepatitis” (3 %) was is uncertain, probably colitis: it counts for no organ. The "
            "list adds up to all 14 recurrences of Pollack 2018, so it is not grade 3 alone."
        ),
        (
            *(
                ban(
                    pattern,
                    within=(rf"{AGAIN}|\bmelanoma|\bpollack",),
                    unless=(r"\borgan (?:is )?(?:uncertain|unclear)|\bprobably colitis",),
                    deniable=False,
                )
                for pattern in (
                    r"\b(?:hepatitis|liver)\b[^.;,%]{0,40}?(?<![\d.])(?:3|2\.5) %",
                    r"(?<![\d.])(?:3|2\.5) %[^.;,%]{0,40}?\b(?:hepatitis|liver)\b(?! metast| cancer| carcinoma)",
                    r"\bhepatitis\b[^.;,%]{0,40}?\b2 of 80\b",
                    r"\bhepatitis\b.*\bliver (?:toxicity|inflammation)\b[^.;,%]{0,20}?(?<![\d.])(?:3|2\.5) %",
                )
            ),
            ban(
                r"\b(?:hepatitis|liver)\b[^.;,%]{0,40}?(?<![\d.])(?!(?:7|36) %)\d+(?:\.\d+)? %",
                beside=(AGAIN,),
                within=(r"\bpollack",),
                deniable=False,
            ),
            ban(
                r"\bhepatitis\b[^;%]{0,20}?(?<![\d.])7 %.*\bhepatitis\b[^;%]{0,20}?(?<![\d.])3 %",
                deniable=False,
            ),
            ban(
                r"\bhepatitis\b[^;%]{0,40}?(?<![\d.])7 %",
                beside=(r"\bgrade (?:>= ?)?3|\bsevere|\bhigh grade",),
                within=(rf"{AGAIN}|\bmelanoma|\bpollack",),
                deniable=False,
            ),
        ),
    ),
    Erratum(
        "E06",
        "critical",
        gettext_noop(
            "CTLA-4 added to PD-1 or PD-L1 is no way to block an irAE: it brings more of them. The trial cited, "
            "S1400F, took squamous NSCLC that had progressed and stopped for futility, with 2 of 28 and 0 of 30 "
            "responding."
        ),
        (
            # What comes after a blockade it does not block.
            ban(rf"\bblock(?!ade (?:after|following|in)\b)\w*(?: \w+){{0,3}}? {HARM}\b"),
            *LESSENING,
            ban(
                r"\bpromis\w*|\bencourag\w*|\bhopeful|\blooks? (?:good|favourable)|\bgood results",
                within=(r"\bs1400f|\btremelimumab|\bctla 4",),
            ),
            ban(
                r"\bopen\w*(?: \w+){0,3}? new (?:strateg|way|path|option|avenue|possibilit|door)\w*"
                r"|\bnew (?:treatment )?strateg\w*|\bsignals? of (?:activity|efficacy|effect)",
                within=(r"\bs1400f|\btremelimumab|\bctla 4|\bipilimumab",),
            ),
            ban(r"\b(?:gentler|milder|softer|kinder|safer)\b", beside=(CTLA4,)),
            # Here "not" is what is promised.
            ban(
                rf"\bso(?: that)?\b{GAP}{{0,40}}?\b(?:autoimmun\w*|{HARM}|colitis|pneumonitis|hepatitis)\b"
                rf"{GAP}{{0,30}}?\b(?:not|never|no longer|stays? away)\b",
                beside=(CTLA4,),
                unless=SPARED,
                deniable=False,
            ),
            ban(
                rf"\b(?:patients?|after|following|population|stopped|with)(?: \w+){{0,4}}? {HARM}\b",
                beside=(
                    r"\bs1400f|\blung map|\bdurvalumab (?:and|with|plus|\+)(?: \w+)? ?tremelimumab",
                ),
            ),
            ban(
                rf"\b(?:after|following|because of|for|against)(?: \w+){{0,3}}? {HARM}\b{GAP}{{0,80}}?(?:{CTLA4})"
                rf"{GAP}{{0,60}}?\b(?:is an option|(?:may|can) be (?:given|added|used)|is (?:safe|given|added|used)"
                r"|helps?|works?)\b"
            ),
            *(
                # "Without trouble" is a denial itself.
                ban(
                    pattern,
                    beside=(
                        CTLA4,
                        r"\b(?:after|following|with|once|since|because of|had|despite)\b"
                        rf"(?: \w+){{0,6}}? {HARM}\b",
                    ),
                    deniable=deniable,
                )
                for pattern, deniable in (
                    (
                        r"\b(?:safe(?:ly)?|well tolerated|tolerated well|tolerable|(?:was|were|is|are) tolerated"
                        r"|uneventful\w*)\b",
                        True,
                    ),
                    (
                        r"\bwithout (?:any )?(?:trouble|problems?|difficult\w*|incident|harm)\b",
                        False,
                    ),
                )
            ),
        ),
    ),
    Erratum(
        "E07",
        "high",
        gettext_noop(
            "All 167 patients of Abu-Sbeih 2019 had immune-mediated diarrhoea or colitis, and what came back in 44 % "
            "and 32 % was colitis. The figures say nothing of any other organ."
        ),
        (
            *(
                ban(pattern, beside=(AGAIN,), unless=(r"\bcolitis|\bdiarrhoea",), deniable=False)
                for pattern in (
                    r"\b(?:14 of 32|43 of 135)\b",
                    r"(?<![\d.])(?:44|43\.8) %.*?(?<![\d.])(?:32|31\.9) %",
                    rf"\b167\b{GAP}{{0,80}}?{HARM}|{HARM}{GAP}{{0,80}}?\b167\b",
                )
            ),
            ban(
                r"(?<![\d.])(?:44|43\.8|32|31\.9) %",
                beside=(AGAIN, HARM, r"\bctla|\bpd (?:l ?)?1|\b167\b"),
                unless=(r"\bcolitis|\bdiarrhoea",),
                deniable=False,
            ),
            ban(
                r"\b(?:any|every|all|each|other|another|whatever|whichever|whatever the)(?: \w+)?? organs?\b"
                r"|\birrespective of (?:the )?organ|\bany irae|\bpneumonitis|\bhepatitis",
                within=(r"\babu sbeih|\b14 of 32|\b43 of 135|\b167 patients|\ball 167",),
            ),
        ),
    ),
    Erratum(
        "E08",
        "high",
        gettext_noop(
            "Guo 2022 does not say that timely treatment removes the problem: an irAE of grade 2 or more interrupted "
            "the ICI in 99 of 1051, 24 of 40 had one again, survival and PFS were no better (HR 1.10 and 0.87), and "
            "the authors hold that stopping for good is appropriate."
        ),
        (
            ban(
                rf"\b(?:timely|prompt|earl(?:y|ier)|immediate|swift|rapid|quick)\w*(?: \w+){{0,4}}? {CARE}"
                rf"{GAP}{{0,60}}?\b(?:{RID}|deals? with|dealt with|takes? care of|took care of)",
                # Milder is not gone.
                unless=(r"\bprevent(?:s|ed)? (?:an? |the )?(?:severe|fatal|worse|graver) ",),
                excused=(_SOME_MILD,),
            ),
            ban(
                r"\bno (?:\w+ )?(?:obstacle|problem|concern|hindrance)s?\b|\bnothing to (?:fear|worry)"
                r"|\bno (?:cause|reason|ground)s? (?:for|to) (?:\w+ )?(?:concern|worry|fear|alarm)",
                beside=(HARM, SECOND),
                deniable=False,
            ),
            ban(
                rf"\b{CARE}(?: \w+){{0,3}}? (?:in (?:good )?time|promptly|early|at once)\b{GAP}{{0,60}}?\b{RID}",
                excused=(_SOME_MILD,),
            ),
            ban(
                rf"\b{RID}{GAP}{{0,30}}?\b(?:by|with|through|after) (?:\w+ )?"
                rf"(?:timely|prompt|early|immediate|swift|rapid|quick)\w*(?: \w+){{0,3}}? {CARE}",
                excused=(_SOME_MILD,),
            ),
            ban(
                r"(?<![\d.])9\.4 %|\b99 of 1051\b",
                beside=(r"\bdiscontinu|\bstopp|\bended\b|\bg[ai]ven? up",),
                deniable=False,
            ),
            ban(
                rf"\b(?:longer|better|improv\w*|gain\w*|benefit\w*){GAP}{{0,40}}?\b(?:survival|pfs|os)\b",
                within=(r"\bguo\b|\b24 of 40\b|\b20 of 40\b",),
            ),
            ban(
                r"\bpass\w*(?: \w+){0,2}? without (?:any )?(?:consequence|harm|trouble|trace|damage)s?\b"
                r"|\b(?:minor|small) matter\b|\btrifle\b",
                beside=(HARM,),
                deniable=False,
            ),
            ban(
                r"\b(?:mak|render|keep|kept|turn)\w*(?: \w+){0,8}? harmless",
                beside=(HARM,),
            ),
            ban(
                r"\b(?:easily|readily|simply|quickly|well) (?:\w+ )?(?:manage|control|treat|handle|revers)\w*"
                r"|\b(?:manageable|treatable)\b"
                r"|\b(?:is|are|was|were|stay\w*|remain\w*|prove\w*)(?: (?:mostly|usually|often|all|only|again))? "
                r"(?:mild|harmless|minor|benign|trivial)\b",
                beside=(HARM, SECOND),
            ),
        ),
    ),
    Erratum(
        "E09",
        "high",
        gettext_noop(
            "Pneumonitis is immune and no infection: it is never called or coded pneumonia (CTCAE Pneumonitis "
            "10035742, not 10035664). Inflammation of the pituitary is hypophysitis (10062767)."
        ),
        (
            ban(
                r"\bpneumonias?\b",
                unless=(
                    r"\binfect|\bbacteri|\bviral|\baspiration|\bpneumocystis|\bcovid|\bvaccin|\bfung|\borgani[sz]ing"
                    r"|\binterstitial|\bexclud|\brule[sd]? out|\bother than|\bmistak|\bmisprint"
                    r"|\b(?:hospital|community) acquired|\bantibiotic|\bcultures?\b|\bpneumococ",
                    # Held apart from it, until it is over.
                    r"\bpneumonitis\b.*\bpneumonia until\b",
                    # Waited for, as an infection is; of an irAE there are grades.
                    r"^(?!.*\b(?:iraes?\b|grade|steroid|predniso)).*\b(?:during pneumonia\b|treat\w* pneumonia,? then\b"
                    r"|pneumonia (?:is|was) (?:\w+ )?treated before\b)",
                    # Long before any ICI.
                    r"^(?!.*(?:\birae|\bicis?\b|\bgrade|\bsteroid|\bpredniso|\bpd (?:l ?)?1|\bctla|mab\b|\bimmun"
                    r"|\bcheckpoint|\bdrug|\btreat|\brechalleng|\bagain\b|\brecur|\bback\b))"
                    r".*\bpneumonia (?:in|during|from) (?:early )?(?:childhood|infancy)\b",
                ),
            ),
            ban(
                r"\binflam\w* (?:\w+ )?(?:pituitary|hypophysis)\b|\bpituitary (?:gland )?(?:\w+ )?inflamed"
                r"|\bpituitary (?:gland )?inflammation|\binflammation of the (?:pituitary|hypophysis)|\bpituitaritis"
            ),
            ban(
                r"\binfections? of the (?:lungs?|airways?)"
                r"|\b(?:lung|pulmonary|airway|respiratory)(?: tract)? infections?",
                beside=(
                    r"\biraes?\b|\bpd (?:l ?)?1|\bctla|\bicis?\b|\bgoes? with|\bcome[s]? back|\bassociated",
                ),
                unless=(
                    r"\bexclud|\brule[sd]? out|\bother than|\bmistak|\bin place of|\bscreen|\bvaccin|\bsuspect"
                    r"|\bnot by|\bby a(?:n)? \w+ infection",
                    rf"{REMEDY}.*\brisk of\b|\bantibiotic",
                ),
            ),
            ban(
                r"\b(?:lung|pulmonary) inflammation(?: \w+){0,3}? (?:germs?|bacteri\w*|microbes?|pathogens?)\b"
                r"|\binflammation of the lungs?(?: \w+){0,3}? (?:germs?|bacteri\w*|microbes?|pathogens?)\b",
            ),
            ban(r"\b10035664\b"),
        ),
    ),
    Erratum(
        "E22",
        "high",
        gettext_noop(
            "That a more severe, longer or steroid-needing irAE comes back more often is contradicted: severity did "
            "not predict it in Allouchery 2020 (p = 0.40) or Dolladille 2020 (reporting odds ratio 0.83). It stands as "
            "the review's word only, beside the sources that contradict it."
        ),
        tuple(
            ban(
                claim,
                beside=(
                    rf"{AGAIN}|\banother\b|\brelaps\w*(?: \w+){{0,2}}? iraes?\b|\biraes?(?: \w+){{0,2}}? relaps"
                    r"|\bsecond (?:irae|1\b)",
                ),
                unless=(
                    r"\?$",
                    # Seen, or called, more often.
                    r"\b(?:monitoring|surveillance|controls?|visits|checks?) (?:is|are) (?:increased|more frequent)",
                    r"\breturn\w*(?: \w+){0,3}? to the (?:ward|clinic|hospital)\b",
                ),
                excused=(
                    (
                        r"\breview (?:\w+ )?(?:holds|says|states|finds|reports)",
                        r"\bcontradicted below\b|\bno such (?:link|association)|\b(?:did|does) not predict",
                    ),
                ),
            )
            for claim in (
                rf"{SEVERE}{GAP}{{0,90}}?{MORE}",
                rf"(?:{AGAIN}){GAP}{{0,60}}?{MORE}{GAP}{{0,80}}?{SEVERE}",
            )
        ),
    ),
)
