"""What a sentence says beside a claim that a ban would else read as one: for whom it is chosen, what an excuse is.

Each is as narrow as a clause, so that a claim in the rest of the sentence is still read.
"""

from __future__ import annotations

from evidence.errata_guard.fragments import CTLA4

_OFTEN = r"(?:mostly|usually|generally|typically|commonly|regularly|as a rule|in most)"
# "Where the first worked, the second usually does": the rest borrows the outcome from the clause.
_NOT_BORROWED = (
    r"(?!.*\b(?:too|as well|likewise|also|equally|similarly|alike|the same|holds?|follows? suit)\b)"
    r"(?!.*\b(?:do|does|did|is|are|was|were|will|would|can) (?:it |this )?so\b)"
    rf"(?!.*\b(?:so|{_OFTEN}) (?:it |they )?(?:is|are|was|were|do|does|did|has|have|had|will|would|can)\b"
    r"(?! not| \w+(?:ed|en)\b))"
)
_CONDITION = r"\b(?:where|once|if|whether|when)"
_FIRST = (
    r"(?:first|1st|earlier|previous|initial|prior) (?:\w+ )?(?:courses?|icis?|agents?|treatment|line|immunotherapy"
    r"|inhibitors?|1)\b"
)
_AND_SO_ON = (
    r"(?: (?:is|was|were|has|have|had|been|be|clearly|still|itself|well|an?|the|some|good|objective|partial|complete"
    r"|durable|lasting|confirmed|brought|gave|led|to|produced|achieved|showed))*?"
)
_WHOSE = r"(?: (?:the|his|her|their|that|this|an?))?"


def of_the_chosen(well: str) -> str:
    """Return the clauses that tell for whom an ICI is given again: of an outcome (`well`) before, none promised."""
    patient = (
        rf"(?:{_WHOSE} (?:patients?|he|she|they|tumours?|disease|cancer|lesions?|progression))"
    )
    before = (
        rf"(?:(?:from|to|on|under|with|in|during|by){_WHOSE} {_FIRST}"
        r"|by (?:\w+ )?(?:radio|surg|resect|ablat|local)\w*)"
    )
    return (
        rf"(?:{_CONDITION}{_WHOSE} {_FIRST}{_AND_SO_ON} {well}"
        rf"|{_CONDITION}{patient}{_AND_SO_ON} {well}(?: (?:well|clearly|at all))? {before}"
        rf"|\bwho{_AND_SO_ON} {well}){_NOT_BORROWED}"
    )


REPLACED = (
    r"\breplacement(?: (?:therapy|is|was|are|has|been|already|fully|still))*"
    r" (?:work|respon|effect|control|succe|activ)\w*"
)
"""That a hormone is replaced well promises nothing of an ICI."""

RULE_HOLDS = (
    r"(?<!as a )\b(?:label|rule|guideline|smpc)s?"
    r"(?: (?:for|on|about) (?!(?:melanom|renal|kidney|liver|hepatocell|other|mixed)\w*)\w+)?"
    r" (?:is|are) (?:also |equally |just as )?(?:true|valid)\b"
)
"""A label or rule may be valid of several tumours: it is no figure of one."""

_BLOCKING = (
    rf"{CTLA4}|\bpd (?:l ?)?1\b|\bblock|\bcheckpoint|\bicis?\b|\bantibod|\binhibit(?:ion|or)|\bimmunotherap"
    r"|\btreat|\btherap"
)
_RESISTANT = (
    r"\b(?:resistan\w*|refractory) (?:to|against)(?: (?:an?|the|anti|single|combined|dual|pd|l|l?1|ctla|4|and|or"
    r"|checkpoint|blockade|inhibition|inhibitors?|icis?|antibod\w+|agents?|therapy|immunotherapy)\b)+"
)
IN_RESISTANT = (
    rf"^(?!.*\b(?:draw|drew|lur|let|allow|promot|recruit|attract|lead|led|caus|boost|enhanc|bring|brought|rais|help"
    rf"|increas|mak|made|driv)\w*)(?:(?!{_BLOCKING}).)*{_RESISTANT}(?:(?!{_BLOCKING}).)*$"
)
"""What is found in a resistant tumour is not what the blockade does: no other is named, and nothing brings it about."""

REACTIVATED = (
    r"\b(?:(?:pulmonary|lung) tubercul\w*(?: infections?)?|tubercul\w*(?: infections?)? of the lungs?)"
    r"(?=.*\b(?:reactivat|latent))(?!.*\b(?:iraes?|side effects?|toxicit))"
)
"""Tuberculosis that comes up again on an ICI is an infection and called one."""

IN_CASE_REPORTS = (
    r"\b(?:often|usually|likely to|tends? to) (?:be )?recur\w* in (?:\w+ )?case reports?\b"
    r"|\bin (?:\w+ )?case reports?(?: (?!(?:and|but)\b)\w+){0,6}? (?:recur\w*|c[ao]me back|return\w*)"
)
"""What single reports tell is no risk."""

_DRUG = (
    r"(?:blood thinner|painkiller|antiplatelet|nsaid|analgesic|antipyretic|fever reducer|cox(?: \d)? inhibitor"
    r"|(?:cardiology|cardiac|heart|pain|fever|rheumatism) (?:tablet|pill|drug|medicine))s?"
)
DRUG = rf"\b{_DRUG}\b"
"""What a patient takes for the heart, fever or pain (erratum E01)."""
_ANTIBODY = r"(?:anti ctla|checkpoint antibod)\w*"
CALLED_AN_ICI = (
    r"\b(?:as|called|named|namely|or rather) (?:(?:an?|the|his|her|their) )?(?:\w+ )?(?:ici|checkpoint"
    r"|immunotherapy|ctla|anti ctla)"
    r"|\b1 of the (?:icis|checkpoint|anti ctla)"
    r"|\b(?:is|was|are|were) (?:an?|the) (?:\w+ )?(?:ici|checkpoint)|\b(?:is|are|was|were) checkpoint"
    rf"|{DRUG}(?: (?!(?:and|or|while|when|before|after|because|since|for|with|on|to)\b)\w+){{0,5}}? "
    rf"(?:is|was|are|were|became|being)(?:(?: an?| the)(?: \w+)?)? (?:{_ANTIBODY}|ctla)"
    rf"|{DRUG},? (?:(?:an?|the) (?:\w+ )?|of (?:the |an? )?)?{_ANTIBODY}|{DRUG} (?:\w+ )?antibod"
    rf"|{_ANTIBODY}(?: 4)?(?: (?:agent|antibody|antibodies|drug|inhibitor|type|kind)s?)?(?:, an?|,? (?:is|was|are|were"
    rf"|such as|like|called|of|from)(?: an?| the)?"
    rf"(?: (?!(?:on|with|without|given|before|after|and|or)\b)\w+(?: of)?)?)?"
    rf" {_DRUG}\b"
)
"""It is itself said to be an ICI, and not to be taken beside one."""
