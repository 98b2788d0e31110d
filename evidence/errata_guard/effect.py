"""The errata about effect, and about in whom it was seen: what each printed wrongly, and every way to say it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from evidence.errata_guard.bans import Erratum, ban
from evidence.errata_guard.fragments import (
    AGAIN,
    BENEFIT,
    CHEMO,
    GAP,
    ICI,
    LUNG,
    MOST,
    NAMED_TUMOUR,
    REMEDY,
    SECOND,
    WITH_N,
)

# The study, its figures, and what tells them from the same figures elsewhere.
OF_OTHER_TUMOURS = (
    ("Menzies 2017", r"\b(?:of 67|67 patients)\b|\b3 %.*\b34 %|\b34 %.*\b3 %",
     r"\bipilimumab|\bsame\b|\bback\b|\brecur|\bagain\b"),
    ("Pollack 2018", r"\b14 of 80|\b80\b.*\b14\b|\b80 patients", r"\bctla|\bcombin|\bstevens|\bback\b|\brecur"),
    ("CheckMate 172", r"\b(?:2 of 84|0 of 84|84 patients)\b", r"\bipilimumab|\birae"),
    ("Ravi 2020", r"\b(?:16 of 69|7 of 24|69 patients)\b|\b24\b.*\b7\b|\b37 %.*\b23 %", r"\bsecond|\bagain|\brespon"),
    ("GO30140", r"\b(?:1 of 26|14 of 26)\b|\b3\.8 %|\b53\.8 %", r"\bbevacizumab|\batezolizumab"),
    ("Olson 2021", r"\b20 of 70\b|\b29 %|\b24\.7 months", r"\bipilimumab"),
    ("Olson 2021, PFS", r"(?<![\d.])5(?:\.0)? months", r"\bipilimumab", r"\bpembrolizumab", r"\bmedian|\bpfs"),
    ("KN046", r"\bkn ?046\b", r"(?<![\d.])12 %|\b2\.69 months|\b11 of 88\b"),
    ("Sheth 2020, Zhao 2021", r"\b34\.2 %", r"\bdurvalumab|\b12 months|\birae|\bagain"),
    ("Abu-Sbeih 2019", r"\b(?:14 of 32|43 of 135)\b", r"\bback|\brecur|\bagain"),
    ("Dolladille 2020", r"\b28\.8 %|\b(?:36 of 103|47 of 125|11 of 33|130 of 452)\b", r"\bback|\brecur|\bagain"),
)  # fmt: skip

# In what the year would be wrong: when durvalumab was given again, and what came of it.
_GIVEN_AGAIN = (
    rf"{AGAIN}|\bresum|\bre ?start|\bsecond\b|\breinstat|\breintro|\btaken up|\bback on\b|\b11 of 21\b|\b52\.4"
    r"|\bdcr\b|\bcontrol"
)
# A share as it is spoken, which is no number of patients.
SPOKEN = r"\b(?:[34] of (?:4|5)|8 of 10)\b"
WITH_ITS_N = rf"^(?!.*(?:{SPOKEN})).*(?:{WITH_N})"

OF_EFFECT: tuple[Erratum, ...] = (
    Erratum(
        "E03",
        "critical",
        gettext_noop(
            "CheckMate 153 reports no share that benefited from nivolumab given again: 35 % and 41 % most plausibly "
            "say where the cancer had progressed, and two thirds does not follow from them. The trial compared going "
            "on with stopping, and going on did better."
        ),
        (
            ban(
                r"(?<!grade )(?<!grades )\b2 of 3\b(?!\.?\d)"
                r"(?! (?:\w+ )?(?:reviewers|readers|sources|studies|trials|series|centres|samples|weeks|doses))",
                beside=(BENEFIT,),
                deniable=False,
            ),
            ban(
                r"\b2 of 3\b(?!\.?\d)",
                beside=(r"\b(?:did|do|fared?) better\b|\bstable\b|\bheld\b",),
                within=(r"\bcheckmate 153|\bnivolumab",),
                deniable=False,
            ),
            ban(
                r"\b(?:12|14|20|22)(?: \w+){0,2}? of(?: the)? 34\b",
                within=(r"\bcheckmate 153|\bnivolumab",),
                deniable=False,
            ),
            ban(
                r"(?<![\d.])6[4567](?:\.\d+)? %",
                beside=(r"\bstable\b|\bheld\b|\bkept\b|\bdid well\b|\bfared\b|\bin check\b",),
                within=(r"\bcheckmate 153",),
                deniable=False,
            ),
            ban(
                r"\bonly a minority\b|\bthe larger part\b|\bheld the (?:tumour|cancer|disease)\b",
                within=(r"\bcheckmate 153|\btarget lesion",),
                deniable=False,
            ),
            ban(
                r"\b22(?: of(?: the)? 34)?\b",
                beside=(r"\b34\b",),
                within=(r"\bcheckmate 153|\bnivolumab",),
                deniable=False,
            ),
            ban(
                r"\b6\d(?:\.\d+)? %",
                beside=(BENEFIT, r"\bnivolumab", rf"\bresum|\banew\b|{AGAIN}"),
                deniable=False,
            ),
            ban(
                r"\b6[567](?:\.\d+)? %",
                beside=(BENEFIT,),
                within=(
                    r"\bcheckmate 153|\bnivolumab"
                    r"|(?:\b(?:about|approximately|around|circa|nearly|almost|some|over|roughly)|[~≈]) ?6[567]",
                ),
                deniable=False,
            ),
            ban(
                r"(?<![\d.])(?:35|41) %", beside=(r"\btarget lesion|\bnew lesion",), deniable=False
            ),
            ban(r"(?<![\d.])35 %", beside=(r"(?<![\d.])41 %",), deniable=False),
            ban(
                r"(?<![\d.])(?:35|41) %",
                within=(
                    r"(?<![\d.])35 %",
                    r"(?<![\d.])41 %",
                    r"\bcheckmate 153|\bnivolumab|\btarget lesion|\bnew lesion",
                ),
                deniable=False,
            ),
            ban(
                r"\bremaining(?: \w+){0,4}? (?:good|well)? ?control",
                within=(r"\bcheckmate 153|\bnivolumab",),
            ),
            ban(
                rf"(?:\b34\b|\bretreat\w*|\brechalleng\w*|\bagain\b|\bsecond course){GAP}{{0,80}}?"
                r"\b(?:benefit\w*|well controlled|good control|disease control)",
                within=(r"\bcheckmate 153",),
            ),
            ban(
                rf"{MOST}{GAP}{{0,80}}?(?:{BENEFIT})",
                within=(r"\bcheckmate 153|\b34\b", rf"\bnivolumab|{SECOND}"),
            ),
        ),
    ),
    Erratum(
        "E11",
        "critical",
        gettext_noop(
            "An ICI with chemotherapy after an ICI is not shown to prolong PFS: BTCRC-LUN15-029 had one arm, and the "
            "randomised trial found 4.1 against 5.9 months (HR 1.06, 0.69 to 1.62), survival no longer either."
        ),
        tuple(
            # A gain over chemotherapy, with no word of an ICI, is another claim.
            ban(
                claim,
                beside=beside,
                within=within,
                excused=((r"\bover chemo", rf"^(?!.*(?:{ICI}))"),),
            )
            for claim in (
                r"\b(?:prolong|lengthen|extend|improv|increas|better|longer|gain|rais|delay)\w*(?: \w+){0,5}? "
                r"(?:pfs|progression|survival|os)\b",
                rf"\b(?:pfs|progression free survival|survival)\b{GAP}{{0,40}}?\b(?:prolonged|lengthened|extended"
                r"|improved|longer|increased)\b",
                r"\b(?:pfs|survival) (?:benefit|advantage|gain)s?\b"
                r"|\b(?:benefit|advantage|gain)s? (?:in|of|for) (?:\w+ )?(?:pfs|survival|progression)\b",
                rf"\b(?:free (?:of|from)|without) progression\b{GAP}{{0,30}}?\blonger\b"
                rf"|\blonger\b{GAP}{{0,30}}?\b(?:free (?:of|from)|without) progression\b",
                r"\bprogression (?:came|was|is|comes|occurred)(?: \w+){0,2}? (?:later|delayed|postponed|put off)\b"
                r"|\b(?:postpon|hold|held|put)\w*(?: \w+){0,2}? (?:off |back )?progression\b",
                r"\b(?:liv|surviv)\w*(?: \w+)? longer\b",
                r"\bdelay\w*(?: \w+){0,3}? (?:re)?growth\b|\b(?:kept|keep\w*|held|hold\w*)(?: \w+){0,3}? at bay\b",
                r"\b(?:slow|restrain|hinder|stall)\w*(?: \w+){0,3}? (?:progression|growth|disease|tumour|cancer)\b",
                r"\b(?:lower|reduc|cut|halv|decreas|lessen)\w*(?: \w+){0,3}? (?:risk|hazard|rate|chance|odds) of "
                r"(?:\w+ )?(?:progression|progressing|death|dying)\b",
                r"\b(?:held|hold\w*|keep\w*|kept)(?: \w+){0,3}? in check\b",
                r"\b(?:buy|bought)\w*(?: \w+){0,2}? time\b|\btwice as long\b",
                rf"\b(?:pfs|progression free survival|survival)\b{GAP}{{0,30}}?\b(?:rose|rises?|climbed|went up)\b",
            )
            for beside, within in (
                ((CHEMO,), ()),
                ((), (r"\bsalous|\bbtcrc|\blun15|\bpembro chemo",)),
            )
        ),
    ),
    Erratum(
        "E12",
        "high",
        gettext_noop(
            "Giving an ICI again does not work reliably: 5 of 59 responded in the prospective trial WJOG9616L, and "
            "13.2 % against 42.4 % at the first ICI in Xu 2022. Every figure of effect stands under the reason for "
            "stopping that it belongs to."
        ),
        (
            ban(
                r"\b(?:reliabl\w*|reliabilit\w*|dependabl\w*|robust\w*|consistently|predictably|certainly|surely"
                r"|unfailing\w*"
                r"|guarante\w+|assured\w*|always|invariably)\b(?: \w+){0,4}? "
                r"(?:work|yield|effect|efficac|benefit|respon|control|help|succe|bring|deliver|produc)\w*",
                unless=(r"\bpredict\w* (?:who|which|respon|outcome)|\b(?:bio)?marker",),
            ),
            ban(
                r"\b(?:works?|working|effects?|efficacy|effective\w*|benefits?|responses?|respond)\b(?: \w+){0,3}? "
                r"(?:reliabl\w*|dependabl\w*|consistently|every time|without fail|in (?:nearly|almost) (?:all|every))",
                unless=(rf"{REMEDY}(?: \w+){{0,3}}? (?:works?|effects?|effective)\b",),
            ),
            ban(
                r"\b(?:rechalleng\w*|retreat\w*|(?:second|another) ici|ici again|immunotherapy again)(?: \w+){0,5}? "
                r"(?:reliabl\w*|dependabl\w*|trustworth\w*|proven|assured)",
            ),
            ban(
                r"\b(?:most|nearly all|almost all|the majority)(?: \w+){0,3}? (?:respond|benefit)\w*",
                within=(AGAIN,),
            ),
            ban(
                r"\b(?:regularly|usually|generally|mostly|typically|routinely|as a rule)\b(?: (?!(?:after"
                r"|following)\b)\w+){0,3}? "
                r"(?:work|yield|effect|efficac|benefit|respon|control|help|succe|bring|deliver|produc)\w*",
                beside=(SECOND,),
                unless=(
                    r"\bpredict\w* (?:who|which|respon|outcome)|\b(?:bio)?marker",
                    # What is given against an irAE, or in place of a gland.
                    rf"{REMEDY}(?: \w+)? (?:regularly|usually|generally|mostly|typically|routinely) control\w* \w+",
                    r"thyroid\w*(?: \w+)? respon\w* to replacement\b",
                ),
            ),
            ban(
                r"\b(?:effective|efficacious|successful)(?: \w+){0,2}? (?:strateg\w*|option|choice|approach|way)\b",
                beside=(SECOND,),
            ),
            ban(
                rf"\b(?:works?|worked|effective|efficacious|beneficial|successful)\b(?: \w+){{0,3}}? {MOST}",
                beside=(SECOND,),
            ),
            ban(
                r"\bcount\w* (?:up)?on\b|\brel(?:y|ie[sd]) (?:up)?on\b"
                r"|\bsound (?:way|strateg\w*|option|choice|approach|method)\b",
                beside=(rf"{SECOND}|\brechalleng",),
                unless=(r"\b(?:bio)?marker|\bdecision|\bversion|\bstatement|\bboard|\bgrade",),
            ),
            ban(
                r"\b(?:works?|worked|effective|responds?|responded|helps?|helped)(?: \w+){0,2}? as "
                r"(?:well|often|much|good|effective\w*|reliabl\w*)?(?: as)?(?: (?:the|a|at|on|to|with|under|in))* "
                r"(?:first|initial)\b",
                beside=(SECOND,),
            ),
            ban(
                rf"\b(?:control|respon|benefi|profit)\w*(?: \w+){{0,3}}? (?:in|for) {MOST}",
                beside=(SECOND,),
            ),
            ban(
                r"\b(?:nearly|almost) every(?: \w+){0,2}? (?:respon|benefi|profit|gain)\w*",
                within=(rf"{AGAIN}|\bsecond time\b|\bsecond ici",),
            ),
            ban(
                r"\bexpect\w*|\btaken for granted\b",
                beside=(
                    rf"{SECOND}|\brechalleng",
                    r"\bto (?:work|respond|help|benefit|control|succeed)\b|\bgranted\b",
                ),
            ),
            ban(
                r"\bsame (?:efficacy|effect\w*|response\w*)(?: \w+){0,3}? as (?:(?:the|at|with|on) )*(?:first|initial)"
            ),
        ),
    ),
    Erratum(
        "E16",
        "high",
        gettext_noop(
            "Making a tumour more immunogenic is meant to promote its regression, not its recurrence; blocking CTLA-4 "
            "and PD-1 reduces regulatory T cells and does not promote their entry into the tumour."
        ),
        (
            ban(
                r"\b(?:promot|foster|favour|encourag|driv|caus|lead|stimulat)\w*(?: \w+){0,4}? "
                r"(?:cancer|tumour)s? (?:recurrence|relapse|regrowth)|\b(?:promot|foster|stimulat)\w*(?: \w+){0,2}? "
                r"(?:recurrence|relapse) of the (?:cancer|tumour)"
                r"|\b(?:mak|let|bring|help)\w*(?: \w+){0,2}? (?:cancer|tumour)s? "
                r"(?:come back|recur|return|relapse|regrow|grow back)\b",
                within=(
                    r"\bimmunogenic|\bapoptosis|\bantigen|\btils?\b|\bdendritic|\bnon redundant|\bcytokine|\bstrateg"
                    r"|\bimmune mechanism|\breversing|\bresistance",
                ),
                unless=(r"\b(?:loss|lack|absence) of (?:\w+ )?(?:antigen|mhc|immunogenic)",),
            ),
            ban(
                r"\b(?:promot|increas|enhanc|foster|driv|boost|stimulat|rais|favour)\w*(?: \w+){0,4}? "
                r"(?:tregs?|regulatory t)\b(?: cells?)?(?: \w+){0,3}? ?"
                r"(?:penetrat|infiltrat|influx|entry|enter|migrat|accumulat|invasion)\w*",
            ),
            ban(
                r"\b(?:tregs?|regulatory t)\b(?: \w+){0,3}? (?:penetrat|infiltrat|enter|accumulat|migrat)\w*",
                beside=(r"\bctla 4|\bpd 1|\bblockade",),
                unless=(
                    r"\bdeplet|\breduc|\bless\b|\bfewer|\bdecreas|\bke(?:ep|pt)\w*\b.*\bfrom\b",
                ),
            ),
            ban(
                r"\b(?:promot|increas|enhanc|foster|driv|boost|stimulat|rais|favour)\w*(?: \w+){0,3}? "
                r"(?:penetrat|infiltrat|influx|entry|migrat|accumulat|invasion)\w*(?: \w+){0,3}? "
                r"(?:tregs?|regulatory t)\b",
            ),
            *(
                ban(pattern, beside=(r"\bctla 4|\bpd 1|\bblockade|\bipilimumab",))
                for pattern in (
                    r"\b(?:recruit|attract|draw|lur|pull|bring)\w*(?: \w+){0,4}? (?:tregs?|regulatory t)\b",
                    r"\b(?:lets?|letting|open\w*)\b(?: \w+){0,4}? (?:tregs?|regulatory t)\b",
                    r"\bmore (?:tregs?|regulatory t)\b",
                    r"\b(?:tregs?|regulatory t)\b(?: cells?)?(?: \w+){0,2}? "
                    r"(?:flood|swarm|pour|stream|invad|overrun)\w*",
                    r"\b(?:tregs?|regulatory t)\b(?: \w+){0,4}? (?:recruited|attracted|drawn|lured|pulled|brought)\b",
                )
            ),
        ),
    ),
    Erratum(
        "E18",
        "high",
        gettext_noop(
            "In Sheth 2020 one year is how long durvalumab was given; it was given again at progression, a median of "
            "266 days after the last dose. 11 of 21 with NSCLC had disease control; the trial is not PACIFIC or "
            "ATLANTIC."
        ),
        (
            *(
                ban(
                    pattern, beside=(_GIVEN_AGAIN,), within=(r"\bdurvalumab|\bsheth|\bnct01693562",)
                )
                for pattern in (
                    r"\b(?:1 year|12 months|a year|365 days|52 weeks)(?: or more| later)? "
                    r"(?:after|from|since|following|off|past)"
                    r"(?!(?: \w+){0,3} (?:start|begin|first|onset|random))(?: \w+){0,5}? ?"
                    r"\b(?:stop\w*|discontinu\w*|last (?:dose|infusion)|end\w*|cessation|withdraw\w*|finish\w*"
                    r"|treatment|durvalumab|therapy)",
                    r"\b(?:1 year|a year|12 months) later\b",
                    r"\b(?:pause|break|gap|interval|holiday|treatment free|ici free|off treatment)(?: \w+){0,3}? "
                    r"(?:1 year|12 months|a year)",
                    r"\b(?:1 year|12 months?|year long) (?:\w+ )?(?:pause|break|gap|interval|holiday|off)\b",
                )
            ),
            ban(
                r"\b(?:1 year|a year|12 months) (?:without|free of|off|with no)\b(?! progress)",
                beside=(_GIVEN_AGAIN,),
                within=(r"\bdurvalumab|\bsheth|\bnct01693562",),
                deniable=False,
            ),
            ban(
                r"\b(?:pacific|atlantic)\b",
                beside=(rf"\b52\.4 %|\b11 of 21|\b31 %|{AGAIN}",),
                within=(r"\bdurvalumab|\bsheth|\bnct01693562",),
            ),
        ),
    ),
    Erratum(
        "E19",
        "high",
        gettext_noop(
            "79 % and 70 % stand on very few patients and are never given without their number: 11 of 14 second "
            "courses in KEYNOTE-010, about 10 in KEYNOTE-024. The five-year report of KEYNOTE-010 has 11 of 21."
        ),
        (
            ban(
                r"(?<![\d.])(?:70|79)(?: %)? ?(?:to|and|or|-) ?(?:70|79) %",
                unless=(WITH_ITS_N,),
                deniable=False,
            ),
            ban(
                r"(?<![\d.])79 %",
                beside=(r"(?<![\d.])70 %",),
                unless=(WITH_ITS_N,),
                deniable=False,
            ),
            ban(
                r"(?<![\d.])(?:79|70) %",
                beside=(r"\bcontrol|\bdcr\b|\bbenefi|\brespon|\bkeynote|\bsecond course",),
                within=(r"\bkeynote",),
                unless=(WITH_ITS_N,),
                deniable=False,
            ),
            ban(
                SPOKEN,
                beside=(r"\bcontrol|\bdcr\b|\bbenefi|\brespon|\bdid well",),
                within=(r"\bkeynote",),
                deniable=False,
            ),
        ),
    ),
    Erratum(
        "E23",
        "high",
        gettext_noop(
            "A figure of melanoma, kidney cancer, liver cancer or mixed tumours is no figure of NSCLC: it is marked "
            "as indirect, with its tumour, and downgraded."
        ),
        (
            *(
                ban(LUNG, beside=(figures, *about), unless=(NAMED_TUMOUR,))
                for _study, figures, *about in OF_OTHER_TUMOURS
            ),
            ban(
                rf"(?:{NAMED_TUMOUR}){GAP}{{0,60}}?\b(?:appl(?:y|ies)|holds?|carr(?:y|ies) over|transfers?"
                rf"|transferred|is valid|extrapolat\w*|as direct)\b{GAP}{{0,40}}?(?:{LUNG})"
            ),
        ),
    ),
)
