"""Pieces of patterns over plain spelling that several errata share."""

from __future__ import annotations

GAP = r"(?:[^.;]|\.(?=\d))"
HARM = r"(?:iraes?|toxicit(?:y|ies)|adverse (?:event|reaction|effect)s?|side effects?)"
CTLA4 = r"\bctla 4|\bipilimumab|\btremelimumab|\bdual (?:immun|checkpoint|block)|\bdouble (?:immun|checkpoint|block)"
AGAIN = (
    r"\brecur|\bc[ao]mes? back|\bcoming back|\breturn|\bagain\b|\brechalleng|\bretreat|\bre treat"
)
ICI = rf"\bicis?\b|\bimmun|\bpembro|\bnivolu|\bpd (?:l ?)?1|\batezoli|\bdurval|\bcheckpoint|{AGAIN}"
CHEMO = r"\bchemo|\bdocetaxel|\bplatinum|\bcarboplatin|\bpemetrexed"
BENEFIT = (
    r"\bbenefi|\bcontrol|\brespon|\bgain|\bhelp|\bprofit|\bdid well|\bdo(?:es)? well|\bimprov"
    r"|\beffective|\bworks?\b|\bworked\b"
)
BOWEL = r"\b(?:bowel|gi|gut|intestin\w*|gastrointestinal|enter(?:itis|ocolitis)|(?:loose|watery) stools?)\b"
MOST = r"\b(?:most|(?:the |a )?(?:large |great )?majority|more than half|over half|nearly all|almost all)\b"
SECOND = rf"{AGAIN}|\b(?:second|another) (?:ici|irae|course)"
RID = (
    r"(?:eliminat|remov|abolish|mitigat|resolv|solv|clear|prevent|do(?:es)? away|gets? rid|cure|takes? away"
    r"|makes? (?:it|them) harmless|disappear|vanish|go(?:es)? away)\w*"
)
CARE = r"(?:treat\w*|manag\w*|steroid\w*|interven\w*|therap\w*|recogni\w*|care\b)"
WITH_N = r"\b\d+ of (?:about )?\d+\b|\bn ?= ?\d+"
SEVERE = (
    r"\b(?:more severe|severer?|severity|serious\w*|worse|graver|longer|length|duration|steroid\w*|glucocorticoid\w*"
    r"|corticosteroid\w*|immunosuppress\w*|high(?:er)? grade|long(?= (?:first )?irae)|long lasting|protracted|prolonged"
    r"|cortisone|grade [34])\b"
)
MORE = (
    r"(?:\brecur\w* more\b(?! than)"
    r"|\b(?:more often|more likely|likelier|more frequent\w*|more common\w*|more readily|more probable"
    r"|doubled|tripled|twice|higher|greater|rais(?:e|es|ed)|increas\w*"
    r"|rises?|grows?|more(?= recur)|predict(?:s|ed|ive|ors?)?|risk factors?|associated|linked|goes with)\b)"
)
LUNG = r"\bnsclc\b|\blung (?:cancer|carcinoma|tumour)"
NAMED_TUMOUR = (
    r"\bmelanoma|\brenal|\bkidney|\bhepatocellular|\bliver (?:cancer|carcinoma)"
    r"|\b(?:all|any|mixed|solid) tumours?"
)
REMEDY = (
    r"\b(?:(?:gluco)?(?:cortico)?steroids?|prednis\w+|methylprednis\w+|dexamethasone|hydrocortisone|infliximab|vedolizumab"
    r"|mycophenolate|tocilizumab|rituximab|immunosuppress\w*|immunoglobulins?|insulin)\b"
)
