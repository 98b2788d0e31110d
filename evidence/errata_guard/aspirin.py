"""The one drug that the review misprints: as something a patient takes it may be named, as an ICI never (E01)."""

from __future__ import annotations

NAMED = (
    r"\b(?:\w*aspirin\w*|asprin\w*|acet\w* ?salicyl\w*|acetosal\w*|b01ac06|a s a|n02ba01|asa|a\.s\.a"
    r"|thrombo ass|aspegic)\b"
)
_IT = r"(?:\w*aspirin|acet\w* ?salicyl\w*(?: acid)?|asa|thrombo ass)\b"
_DRUG = (
    r"(?:\w+mab\b|(?:an? |the )?(?:anti )?(?:pd|ctla)\b|(?:an? |the )?(?:second |first )?icis?\b)"
)

# It is what somebody takes, goes on with, stops or is asked about; or it is said to be no reason, and no ICI.
_TAKEN = (
    r"\b(?:tak(?:e|es|ing|en)|stop\w*|continu\w*|paus\w*|hold|held|withh\w+|interrupt\w*|resum\w*|restart\w*"
    rf"|discontinu\w*|keep\w*|kept|prescrib\w*|needs?|allerg\w*|ask\w*|us(?:e|es|ing) of)\b(?: \w+){{0,5}}? {_IT}"
    rf"|{_IT}(?: [^.;]{{0,60}}?)? (?:is|are|was|may be|can be|should be|to be|need not be) (?:not )?(?:being )?"
    r"(?:continued|stopped|paused|taken|withheld|held|allowed|kept|resumed|given for|needed|no)\b"
    rf"|{_IT}[^.;]{{0,60}}? (?:do|does) not (?:rule out|exclude|forbid|speak against)\b"
    rf"|\b(?:he|she|patient|who) (?:is|was) on (?:\w+ ){{0,2}}{_IT}"
    r"|\b(?:secondary|primary) prevention\b|\bco medication|\bconcomitant|\bother (?:drug|medic)"
    r"|\bblood thinner|\banticoagul|\bplatelet|\bantiplatelet|\bbleed|\bheart|\bcardi(?!oaspirin)|\bstroke"
    r"|\bstent|\ballerg"
)
_AN_ICI = r"(?:(?<!immune )\bcheckpoint|\banti (?:pd|ctla)|\bctla)\b"
# A bowel or lung that is looked into is no reason that an ICI is stopped for.
_AN_IRAE = r"(?:(?!biops|colonosc|endosc|bronchosc)\w+ ){0,3}?(?:iraes?|toxicit\w+|colitis|pneumonitis|hepatitis)\b"
# It came before or beside an ICI as one of them, or patients and their irAEs are told of by it.
_AS_AN_ICI = (
    rf"\b(?:as|for|like) (?:an? |the )?(?:\w+ )?{_AN_ICI}|{_AN_ICI}(?: l?\d)?(?: (?:inhibitor|agent|drug))? {_IT}"
    rf"|{_IT},?(?: (?:as|is|was|like))?(?: \w+)? (?:an?|the) (?:\w+ )?{_AN_ICI}"
    rf"|{_IT}(?: (?:as|in|for))?(?: the)? (?:first|second) line\b|\b(?:first|second) line {_IT}"
    rf"|{_IT}(?: \w+){{0,2}}? every (?:\w+ )?weeks?\b|\b(?:\w+ )?doses? before\b"
    rf"|{_IT}(?: \w+ (?:continued|stopped|given|held|paused))? (?:at|for|until|because of|on) {_AN_IRAE}"
    r"|\bantibod|\bmonoclonal|\bfollowed by|\bregimen|\brelated to|\bcombin|\bcheckmate|\bmelanoma|\bgrade \d"
    r"|\brechalleng|\brespon|\bprogress|\bthen\b|\b84\b|\bas (?:a )?(?:second|first|an) (?:ici|agent|checkpoint)"
    r"|\b(?:first|second|earlier) (?:agent|drug|ici)\b(?= |,)[^.;]{0,12}\w*aspirin"
    rf"|\btake it with\b|{_IT}(?: \w+){{0,3}}? (?:with|plus|\+) (?:\w+ ){{0,2}}?{_DRUG}"
    rf"|{_DRUG}(?: \w+){{0,2}}? (?:with|plus|\+) (?:\w+ ){{0,3}}?{_IT}"
    rf"|\b(?:after|from|failed|following|despite) (?:\w+ ){{0,2}}?{_IT}"
    rf"|\biraes? (?:\w+ ){{0,2}}?(?:on|of|from|under) (?:\w+ ){{0,2}}?{_IT}"
    rf"|{_IT}(?: \w+)? iraes?\b"
)
EXCUSED = (r"\basa (?:class|status|physical)", rf"^(?=.*(?:{_TAKEN}))(?!.*(?:{_AS_AN_ICI}))")
"""What lifts the ban from a sentence that names it."""
