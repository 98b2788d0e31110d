"""What an erratum claims as ideas that stand in one sentence, in whichever words and order.

The wordings that `harm` and `effect` know come from the print and from readers who wrote it back in. Here a claim is
what makes it one: whom it is about, and what is promised. So it is held without a figure and without its study's name.
"""

from __future__ import annotations

from evidence.errata_guard.adding_ctla4 import NOT_OF, SPARED, SUBJECT
from evidence.errata_guard.asides import (
    CALLED_AN_ICI,
    DRUG,
    IN_CASE_REPORTS,
    IN_RESISTANT,
    REACTIVATED,
    REPLACED,
    RULE_HOLDS,
    of_the_chosen,
)
from evidence.errata_guard.bans import Ban, ban
from evidence.errata_guard.fragments import (
    AGAIN,
    BOWEL,
    CHEMO,
    CTLA4,
    HARM,
    ICI,
    LUNG,
    NAMED_TUMOUR,
    REMEDY,
)

# An ICI once more, by what is done or by where the patient goes.
GIVEN_AGAIN = (
    rf"{AGAIN}|\bre ?start|\bresum|\breintro|\breinstat|\btaken up\b|\banew\b|\bonce more\b"
    r"|\b(?:second|another|repeat|repeated|further|renewed) (?:\w+ )?(?:ici|course|round|go|attempt|try|time"
    r"|immunotherapy|1|block\w*|checkpoint)\b"
    r"|\b(?:go|goes|going|went|gone|put|turn\w*|com\w+) back (?:on|to|onto)\b|\bback on\b"
)
_FEW = r"(?:seldom|rarely|hardly(?: ever)?|scarcely|almost never|very few|next to none?)"
_MOST = (
    r"\b(?:most|nearly all|almost all|nearly every\w*|almost every\w*|virtually (?:all|every\w*)|as a rule|the rule"
    r"|more than half|over half|(?:the |a )?(?:\w+ )?(?:majority|bulk)|the (?:larger|greater|better"
    r"|biggest) (?:part|share|number)"
    r"|mostly|usually|generally|typically|commonly|regularly|nearly always|almost always)\b"
)
# What came of it; of "those who responded" nothing is promised.
_WELL = (
    r"(?<!who )(?<!who had )(?<!that )(?<!after )(?<!after a )\b(?:benefi\w*|respon(?:d|ds|se|ses)\b|(?:regain"
    r"|retain|have|had|get|got|bring"
    r"|brings|under|achiev\w*) (?:\w+ )?control\b|controlled\b|succe\w*|works?\b|active\b|effective\b|pays? off\b"
    r"|paid off\b|d(?:o|oes|id) well\b|(?:does|did|do) its (?:job|work)\b|profit\w*|gains?\b|helps?\b|helped\b"
    r"|stabili[sz]ed?\b|(?:is|are|was|were|stay\w*) stable\b)"
)
_TRUSTED = (
    r"\b(?:trust\w*|rel(?:y|ied|iance)|confiden\w*|sure|certain|bank|banked|expect\w*|depend(?:ed)? (?:up)?on)\b"
    r"(?: (?!(?:few|fewer|no|not|little|less|seldom|rarely|hardly|never|whether)\b)\w+){0,6}? "
    r"(?:work|respon|benefi|control|succe|activ|effect|help)\w*"
    r"|\b(?:safe bet|sure thing|foregone conclusion|matter of course|goes without saying|beyond doubt)\b"
)
_FAILS = r"\b(?:fail\w*|disappoint\w*|let\w*(?: \w+){0,3}? down|in vain|without (?:effect|success|benefit))\b"
_FREQUENT_GOOD = rf"{_MOST}[^.;]{{0,90}}?{_WELL}|{_WELL}[^.;]{{0,40}}?{_MOST}"
_CHOSEN = of_the_chosen(_WELL)
# Read by the rules for figures.
_WITH_A_FIGURE = r"\d+ (?:%|of (?:about )?\d)"
_A_PLAN = r"\b(?:complet|finish|planned|schedul|on schedule|full course|set course|fixed)\w*"
_BOTH = (
    r"\b(?:combin\w*|dual|double|doublet|twofold|paired?|pairing|both) (?:\w+ ){0,2}?(?:block\w*|checkpoints?"
    r"|immun\w*|icis?|inhibition|antibod\w*)\b"
)
_CTLA4 = rf"{CTLA4}|{_BOTH}"
_BEGUN_EARLY = (
    r"\b(?:earl(?:y|ier)|soon|prompt\w*|timely|in (?:good )?time|swift\w*|quick\w*|rapid\w*|immediate\w*|at once"
    r"|without delay|straight away|right away|fast)\b"
)
_CARED_FOR = (
    r"\b(?:treat\w*|manag\w*|steroid\w*|interven\w*|therap\w*|recogni\w*|detect\w*|caught|spotted|handl\w*|action|act"
    r"|acted|tackl\w*|address\w*|found|picked up|care|attention)\b"
)
_IRAE = (
    rf"\b(?:{HARM}|immune (?:\w+ )?(?:event|reaction|effect|complication)s?|colitis|pneumonitis|hepatitis|nephritis"
    r"|myocarditis|toxic)\b"
)
_REASSURED = (
    r"\b(?:(?:fully|completely|wholly|entirely|always|readily) (?:\w+ )?(?:revers|undo|undone|resolv|recover"
    r"|heal|cur)\w*"
    r"|(?:revers\w*|undone|resolv\w*|recover\w*|heal\w*) (?:fully|completely|entirely|in all|without trace)"
    r"|(?:is|are|stay\w*|remain\w*|becom\w*|prov\w*) (?:perfectly |quite |entirely )?(?:safe|harmless|reversible"
    r"|benign)"
    r"|(?:mak|made|render)\w*(?: \w+){0,6}? (?:safe|harmless|reversible)"
    r"|little (?:difficulty|trouble|harm|danger|risk|consequence|concern|problem)s?"
    r"|tak\w* the sting out|defus\w*|disarm\w*|tamed?"
    r"|no longer (?:a|an) (?:\w+ )?(?:problem|danger|risk|threat|obstacle))\b"
)
_NO_WORRY = (
    r"\b(?:no|not an?|never an?|hardly an?|without) (?:\w+ )?(?:worr(?:y|ies)|concerns?|problems?|difficult\w*"
    r"|troubles?"
    r"|dangers?|threats?|obstacles?|hindrances?|issues?|fears?|consequences?|sequelae|harm|damage"
    r"|reason to (?:hold back|hesitate|stop|refrain|worry))\b"
    r"|\bnothing to (?:fear|worry|dread)\b|\bneed not (?:be )?(?:fear|worr|dread|concern)\w*"
)
_RECURS = (
    r"(?:recur\w*|c[ao]m(?:e|es|ing) back|return\w*|relaps\w*|flar\w* (?:up )?again|repeat\w*|reappear\w*"
    r"|ha(?:s|ve|d) (?:it|another|a second)(?: again)?\b|happen\w* again|followed by (?:another|a second))"
)
_MILD = r"\b(?:mild\w*|steroid free|slight|light|low grade|minor|short(?: lived)?|brief)\b"
_EXTENT = (
    r"\b(?:how (?:severe|serious|grave|bad|long|high)(?: \w+){0,4}? (?:iraes?|toxicity|event|1)(?: (?:was|were"
    r"|lasted|is))?"
    r"\b|"
    r"(?:grades?|severity|gravity|seriousness|length|duration|intensity) of (?:(?:the|an|its|their|this|that|a) )?"
    r"(?:\w+ )?(?:irae|toxicity|event|1)s?\b)"
)
_SUPPRESSORS = (
    r"\b(?:tregs?|(?:regulatory|suppress\w*|immunosuppress\w*|inhibitory|dampening)(?: t)?(?: cells?| lymphocytes?)"
    r"|regulatory t)\b"
)
_INWARD = (
    r"\b(?:into|enter\w*|access|admit\w*|inflow|influx|infiltrat\w*|migrat\w*|accumulat\w*|gather\w*|mov\w* in"
    r"|swell\w*|multipl\w*|expand\w*|expansion|enrich\w*|rais\w* (?:the )?(?:number|count)|more numerous"
    r"|flock\w*|pour\w*|stream\w*|flood\w*|invad\w*|rush\w*|(?:draw|suck|pull)\w* in|attract\w*|recruit\w*"
    r"|lur(?:e|es|ed|ing))\b"
)
_KEPT_OUT = (
    r"\b(?:fewer|less|deplet\w*|reduc\w*|lower\w*|decreas\w*|remov\w*|prevent\w*|keep\w*|kept|hinder\w*|stops?"
    r"|bars?|barred"
    r"|driv\w* out|out of|declin\w*|shrink\w*|loss|from entering)\b"
)
_YEAR = r"(?:(?:a|1|the|about|some) )?(?:full |whole |entire |good )?(?:year|12 months?|52 weeks)\b"
_OFF = r"\b(?:off|paus\w*|breaks?|gaps?|intervals?|interrupt\w*|holidays?|rest(?:ed|ing)?|wait\w*|withheld)\b"
_INFECTION = r"\b(?:infect\w*|bacteri\w*|microb\w*|germs?|viral|septic|contagio\w*)\b"
_AIRWAY_OR_GLAND = (
    r"\b(?:lungs?|pulmonary|airways?|respiratory|pneumonitis|pituitary|hypophys\w*|chest)\b"
)
_BROUGHT = (
    r"\b(?:caus\w*|giv(?:e|es|en|ing)|gave|bring\w*|brought|induc\w*|provok\w*|trigger\w*|lead\w* to|typical\w*"
    r"|associated|linked|side effects?|iraes?|toxicit\w*|known|common\w*|frequent\w*|develop\w*|go(?:es)? with)\b"
)
_TOLD_APART = (
    r"\bexclud|\brule[sd]? out|\bother than|\bmistak|\bin place of|\bscreen|\bvaccin|\bsuspect|\bnot by|\bby a"
    r"|\btold (?:apart|from)|\bdistingui|\bdiffer|\bmimic|\blooks? like|\bresembl|\bcultures?\b|\bantibiotic"
    r"|\bapart from\b|\bbefore\b|\bon top\b|\bsuperimpos|\brisk of|\bprophyla|\bbronchosc|\blavage"
)
_OF_OTHERS = (
    r"\b(?:melanom\w*|kidney cancer|renal cell\w*|renal cancer|liver cancer|hepatocellular\w*|other (?:tumour|cancer)s?"
    r"|mixed tumours?)\b"
)
_CARRIED_OVER = (
    r"\b(?:can|may|might|should|must|will|is|are) (?:also |equally |safely )?(?:to )?be (?:expected|assumed|presumed"
    r"|extrapolated|generali[sz]ed|taken over)\b|\bmay expect\b|\bspeaks? (?:for|to)\b"
    r"|\b(?:is|are) (?:also |equally |just as )?(?:true|valid|representative)\b|\bread across\b|\bmirror(?:s|ed)?\b"
    r"|\b(?:serves?|stands?) (?:in )?(?:as|for)\b|\btells? (?:us )?what\b|\bbehav\w* (?:\w+ )?like\b"
    r"|\bgood (?:guide|model|proxy)\b"
    r"|\b(?:figures?|data|results?|numbers?) (?:\w+ )?(?:can|may|might) be (?:used|taken|borrowed|quoted|cited)\b"
    r"|\bas (?:its|their) own\b|\b(?:will|do|does|would|should) too\b|\bso (?:will|do|does|would)\b"
    rf"|\b(?:counsel|advis|judg|estimat|infer|deriv|predict|plan|work\w* out)\w*(?: \w+){{0,4}}? (?:from|by|with|on)"
    rf"(?: (?:the|what|data|results|figures|experience|of|in|from))*(?: \w+)? ?{_OF_OTHERS}"
    rf"|\b(?:go|goes|going|lean\w*|rel(?:y|ies|ied)|build\w*) (?:by|on|upon)(?: (?:the|what|data|figures|results"
    rf"|in|of|from))* {_OF_OTHERS}"
)
_OPEN = (
    r"\?$|\bcannot\b|\bneed not\b|\bmay not\b|\bno figures?\b|\bnot (?:be )?(?:known|told|shown|settled|carr\w*"
    r"|transfer\w*"
    r"|expected|hold)\b"
)
_CHEMO = r"(?:chemo\w*|docetaxel|platinum|carboplatin|pemetrexed)\b"
_BETTER_THAN_CHEMO = (
    r"\b(?:outperform\w*|surpass\w*|beats?|beat|superio\w* to|outdo\w*|exceed\w*|bett?ers|(?:more (?:effective|active)"
    rf"|better) than)(?: \w+){{0,4}}? {_CHEMO}"
)
_AFTER_AN_ICI = (
    r"\b(?:after|failed|pretreated|resist\w*|refractory|progress\w* on|despite|second line)(?: \w+){0,4}? "
    r"(?:icis?|immun\w*|checkpoint|pd|pembrolizumab|nivolumab)\b|\bsecond line\b"
)
_MORE_TIME = (
    r"\b(?:more|extra|additional|longer|gain\w*) (?:\w+ )?(?:time|months|life)\b"
    r"|\bprogression free (?:for )?longer\b"
    r"|\b(?:longer|later)(?: \w+){0,3}? (?:without|before|until|till) (?:\w+ )?(?:progress|growth|relapse|the next)\w*"
)

IN_WORDS: dict[str, tuple[Ban, ...]] = {
    "E01": (ban(DRUG, beside=(CALLED_AN_ICI,)),),
    "E02": (
        ban(
            r"\b(?:stay\w*|keep\w*|kept|remain\w*) (?:away|quiet|calm|free|clear)\b|\bspared?\b|\b(?:is|are|was"
            r"|were) (?:\w+ )?"
            r"(?:safe|unharmed|harmless|out of danger)\b|\bunlikely\b|\b(?:rarely|seldom|hardly ever) "
            r"(?:recur|return|c[ao]me)\w*",
            beside=(rf"{BOWEL}|\bcolitis\b|\bdiarrhoea\b", _CTLA4, r"\bpd (?:l ?)?1\b|\bnivolumab|\bpembro"
                r"|\bpd blockade"),
            unless=(r"\bgrade\b", *SPARED),
        ),
        ban(
            rf"{_NO_WORRY}|\b(?:do|does|did|will|would) not (?:recur|return|c[ao]me back|happen again)\b",
            beside=(rf"{BOWEL}|\bcolitis\b|\bdiarrhoea\b", _CTLA4, r"\bpd (?:l ?)?1\b|\bnivolumab|\bpembro"
                r"|\bpd blockade"),
            unless=(r"\bgrade\b", r"\?$", *SPARED),
            deniable=False,
        ),
    ),
    "E03": (
        ban(_FREQUENT_GOOD, beside=(r"\bnivolumab", GIVEN_AGAIN), unless=(_WITH_A_FIGURE,), aside=_CHOSEN),
        ban(
            r"\b(?:costs?|loses?|lost|risks?|forfeits?) (?:\w+ )?(?:nothing|little)\b|\bas good as\b|\bno worse\b"
            r"|\bnothing is lost\b|\bmakes no difference\b|\bwithout (?:loss|harm)\b",
            beside=(r"\bnivolumab", r"\bstop\w*|\bend\w*|\bpaus\w*|\bdiscontinu\w*",
                    r"\byear|\bplan\w*|\bschedul\w*|\bgoing on\b|\bcontinu\w*"),
            deniable=False,
        ),
    ),
    "E04": (
        ban(
            r"\b(?:were|was|are|is) (?:all |always |only |invariably |without exception )?(?:of )?(?:(?:a|an|the) )?"
            r"(?:severe|serious|high grade|grade (?:>= ?)?[34]|life threatening)\b"
            rf"|\bonly (?:severe|serious|high grade)(?: \w+){{0,2}}? {_RECURS}",
            beside=(
                rf"{_RECURS}|\brecurrences?",
                r"\b(?:all|every|each|always|only|invariably|without exception|none|nothing but)\b",
                rf"{_CTLA4}|\bcombination\b|\bmelanoma",
            ),
            unless=(r"\bwhose\b|\bwhere\b|\bif\b|\bnot (?:all|every|each|always|only)\b",),
        ),
        ban(
            r"\bnone\b(?: \w+){0,9}? (?:was|were) (?:mild|of low grade|low grade|of grade [12])\b",
            beside=(rf"{_RECURS}|\brecurrences?", rf"{_CTLA4}|\bcombination\b|\bmelanoma"),
            deniable=False,
        ),
    ),
    "E06": (
        ban(
            r"\b(?:way (?:forward|out|ahead|round)|second chance|new chance|solution|remedy|answer|way to go|safety net"
            r"|(?:good|sensible|reasonable|attractive|useful|possible|suitable|valid) (?:\w+ )?(?:option|choice"
            r"|plan|idea"
            r"|alternative|strategy|approach)|under control|in check|suits?|makes sense|worth (?:\w+ )?try\w*"
            r"|is advis\w*|of use|rescue[sd]?|rescuing|saves?|saved|protects?)\b",
            beside=(rf"{SUBJECT}|{NOT_OF}{_BOTH}", _IRAE),
            unless=(
                *SPARED,
                rf"{REMEDY}(?!.*\b(?:add\w*|with|plus) (?:\w+ )?(?:{CTLA4}))",
                r"\b(?:pd (?:l ?)?1|nivolumab|pembrolizumab|atezolizumab|durvalumab)(?: \w+){0,3}? alone (?:is"
                r"|are|may|might|can|could|should|would|remains)\b",
                r"\?$",
            ),
        ),
    ),
    "E07": (
        ban(
            r"\b(?:a|1|the|nearly|almost|about|some|around|over|under|close to) (?:half|third|quarter|1 half|1 third)\b"
            r"|\bhalf (?:of|the|had)\b|\b[123] of [2345]\b",
            beside=(
                rf"{_RECURS}|\bback\b|\bagain\b",
                r"\b(?:any|whatever|whichever|all|every|each|irrespective|regardless|no matter)\b",
                rf"{_CTLA4}|\bpd (?:l ?)?1\b",
                rf"{_IRAE}|\borgans?\b",
            ),
            unless=(r"\bcolitis|\bdiarrhoea",),
        ),
    ),
    "E08": tuple(
        ban(
            claim,
            beside=(_BEGUN_EARLY, _CARED_FOR, _IRAE, rf"{GIVEN_AGAIN}|{_RECURS}|\bsecond\b|\bnew\b"),
            unless=(r"\?$",),
            deniable=deniable,
        )
        for claim, deniable in ((_REASSURED, True), (_NO_WORRY, False))
    ),
    "E09": (
        ban(
            rf"{_INFECTION}(?: \w+){{0,4}}? {_AIRWAY_OR_GLAND}|{_AIRWAY_OR_GLAND}(?: \w+){{0,2}}? {_INFECTION}",
            beside=(r"\bicis?\b|\bpd (?:l ?)?1|\bctla|\bcheckpoint|\bimmun|\bnivolumab|\bpembro|\biraes?\b", _BROUGHT),
            unless=(_TOLD_APART, REMEDY, r"\b(?:is|are) (?:no|not|never) (?:an? )?(?:irae|side effect|toxicity)"),
            aside=REACTIVATED,
        ),
    ),
    "E11": (
        ban(_BETTER_THAN_CHEMO, beside=(ICI,), unless=(r"\bfirst line\b|\bfor the first time\b|\buntreated"
            r"|\bnaive\b",)),
        ban(r"\b(?:works?|worked|working|fares?|fared|does|did|acts?) better\b|\badds? to\b",
            beside=(CHEMO, ICI, _AFTER_AN_ICI, r"\b(?:with|plus|add\w*|on top|along|together|combin\w*)\b"),
            unless=(r"\?$", r"\bfirst line\b")),
        ban(_MORE_TIME, beside=(CHEMO, rf"{ICI}|\bchemo immuno"),
            unless=(r"\bfirst line\b|\bfor the first time\b|\buntreated|\bnaive\b|\bover chemo|\b(?:take|need"
                r"|require)\w*",)),
    ),
    "E12": (
        ban(_FREQUENT_GOOD, beside=(GIVEN_AGAIN, ICI),
            unless=(_WITH_A_FIGURE, _IRAE, REMEDY, r"\b(?:bio)?marker|\bpredict|\bhad respond"
                r"|\brespon\w* to replacement\b"), aside=_CHOSEN),
        ban(r"\bas (?:effective|good|active|well|much|successful|strong)\w* as (?:before|at first|it was"
            r"|initially|previously"
            r"|(?:at |on |with )?the (?:first|1st|initial))\b", beside=(GIVEN_AGAIN,), unless=(_IRAE, r"\?$")),
        ban(r"(?<!who )(?<!it )\b(?:will|is bound to|is going to|are bound to) (?:\w+ )?(?:work|respond|help"
            r"|succeed|benefit)\b",
            beside=(GIVEN_AGAIN, rf"{ICI}|\bcourse\b"), unless=(_IRAE, r"\?$", r"\bif\b|\bnobody\b|\bno 1\b"
                r"|\bcannot\b|\bwhether\b")),
        ban(_TRUSTED, beside=(GIVEN_AGAIN,), unless=(_IRAE, r"\bto (?:be |make )sure\b|\bmake sure\b"
            r"|\bcertain (?:patients|groups)\b"), aside=REPLACED),
        ban(rf"\b{_FEW}(?: \w+){{0,3}}? {_FAILS}|\b(?:never|not) (?:\w+ )?(?:in vain|a disappointment)"
            rf"|\bnever fails?\b",
            beside=(rf"{GIVEN_AGAIN}|\bsecond\b",), unless=(_IRAE,), deniable=False),
    ),
    "E16": (
        ban(_INWARD, beside=(_SUPPRESSORS, rf"{_CTLA4}|\bpd 1\b|\bblockade\b|\bcheckpoint"),
            unless=(_KEPT_OUT, IN_RESISTANT)),
        ban(r"\b(?:recur\w*|return\w*|c[ao]mes? back|come back|relaps\w*|regrow\w*|grow\w* (?:back|again))\b",
            beside=(
                r"\b(?:rais|mak|more|higher|increas|boost|enhanc|strengthen|heighten|great)\w*(?: \w+){0,4}? "
                r"(?:immunogenic\w*|antigen\w*|visib\w*)",
                r"\b(?:help|let|allow|lead|promot|caus|mak|favour|encourag|driv|bring|speed|foster)\w*",
                r"\b(?:cancer|tumour|disease)s?\b",
            ),
            unless=(r"\b(?:prevent|less|against|avoid|lower|reduc|fewer|keep|kept|regress|loss|lost|lack|low"
                r"|protect)\w*",)),
    ),
    "E18": tuple(
        ban(claim, beside=(rf"{GIVEN_AGAIN}|\b(?:2|both) courses\b|\bcontrol",), within=(r"\bdurvalumab|\bsheth",))
        for claim in (
            rf"{_OFF}(?: (?!(?:and|then|after|later|when|at)\b)\w+){{0,5}}? {_YEAR}",
            rf"{_YEAR} (?:between|apart|in between|(?:has|have) to (?:pass|go by|lie)|(?:must|should) (?:pass"
            rf"|go by|lie)|elaps\w*)",
            r"\b(?:year(?: long|s)?|12 months?) (?:\w+ )?(?:pause|break|gap|interval|interruption|holiday|rest"
            r"|wait|off)\b",
        )
    ),
    "E19": (
        ban(_FREQUENT_GOOD, beside=(r"\bpembrolizumab|\bkeynote", GIVEN_AGAIN, _A_PLAN), unless=(_WITH_A_FIGURE,),
            aside=_CHOSEN),
        ban(rf"\b{_FEW}(?: \w+){{0,3}}? (?:{_FAILS}|progress\w*)", beside=(r"\bpembrolizumab|\bkeynote",
            GIVEN_AGAIN, _A_PLAN),
            unless=(_WITH_A_FIGURE,), deniable=False),
    ),
    "E22": (
        ban(rf"(?<!that )(?<!which )\b(?:{_FEW}|less (?:often|likely|frequent\w*)|unlikely|never|(?:do|does|did"
            rf"|will) not)(?: \w+){{0,3}}? {_RECURS}",
            beside=(_MILD, rf"{_IRAE}|\bfirst 1\b"), unless=(r"\?$",), deniable=False),
        ban(rf"\b(?:grow|ris|climb|increas|depend|hing|scal|determin|dictat|decid|foretell|govern|mirror|follow)\w*"
            rf"(?: \w+){{0,4}}? {_EXTENT}|{_EXTENT}(?: \w+){{0,3}}? "
            r"(?:determin|dictat|decid|foretell|tell|govern|driv|set|settl)\w*",
            beside=(rf"{_RECURS}|\brecurrence|\bagain\b",), unless=(r"\?$",)),
        ban(r"\bthe (?:worse|graver|longer|heavier|stronger|harder|higher|more (?:severe|serious|grave))\b.*"
            r"\bthe (?:more|surer|sooner|likelier|greater|higher|bigger|stronger)\b",
            beside=(rf"{_RECURS}|\brecurrence|\brelapse", rf"{_IRAE}|\bfirst (?:1|time)\b"), unless=(r"\?$",)),
        ban(rf"\b(?:tends?|prone|often|likely|usually|bound|apt|liable|readily)(?: \w+){{0,3}}? (?:{_RECURS}"
            rf"|do(?:es)?\b)",
            beside=(r"\b(?:took|take\w*) (?:\w+ )?long\b|\bslow to\b|\blong to\b|\b(?:severe|serious|grave"
                r"|high grade|stubborn"
                    r"|lasting|heavy)\b", rf"{_IRAE}|\bfirst 1\b", rf"{_RECURS}"),
            unless=(r"\?$", r"\b(?:ward|clinic|hospital)\b", _MILD + r"(?!.*\b(?:severe|serious|grave)\b)"),
            aside=IN_CASE_REPORTS),
    ),
    "E23": (
        ban(_CARRIED_OVER, beside=(rf"{_OF_OTHERS}|{NAMED_TUMOUR}", LUNG), unless=(_OPEN,), aside=RULE_HOLDS),
    ),
}  # fmt: skip
"""Bans by the number of their erratum, beside those of its wordings."""
