"""The ways to say that CTLA-4 lessens an irAE (erratum E06): it is what is said to do it, not what it is done after."""

from __future__ import annotations

from evidence.errata_guard.bans import ban
from evidence.errata_guard.fragments import CTLA4, GAP, HARM, REMEDY

_LESSEN = (
    r"(?:prevent|manag|treat|control|answer|counter|suppress|avoid|abolish|overc[ao]m|reliev|protect|reduc|lower"
    r"|mitigat|damp|lessen|offset|neutrali|halt|curb|inhibit|shield|guard|prophyla|calm|sooth|tam(?:e|ing)|quiet|blunt"
    r"|cool|rein|contain|eas(?:e|ing)|settl|(?:switch|turn)\w* off)\w*"
)
_QUELLS = (
    r"prevent|manag|treat|control|answer|counter|suppress|avoid|abolish|overc[ao]m|reliev|protect"
    r"|reduc|lower|mitigat|dampen|lessen|offset|neutrali|halt|curb|inhibit|shield|guard|prophyla"
)
_QUELLED = rf"(?:{HARM}|colitis|pneumonitis|hepatitis)\b"
_IT = rf"(?:{HARM}|colitis|pneumonitis|hepatitis|myocarditis|autoimmun\w*|immune (?:system|reaction|attack)s?)\b"
# After it, on it, because of it: then something else lessens the irAE.
NOT_OF = "".join(
    rf"(?<!\b{word} )(?<!\b{word} anti )"
    for word in (
        "after",
        "on",
        "under",
        "during",
        "following",
        "of",
        "from",
        "by",
        "to",
        "stop",
        "stopping",
        "without",
    )
)
SUBJECT = rf"{NOT_OF}(?:{CTLA4})"
# What does lessen an irAE.
_CARE = (
    r"\bsteroid|\bglucocorticoid|\bcorticosteroid|\bpredniso|\bbudesonid|\binfliximab|\bvedolizumab|\btocilizumab"
    r"|\bmycophen|\bstop\w* (?:the )?(?:anti )?(?:ipilimumab|ctla)"
)

# What is lessened, and not what the lessening comes before or after.
_OBJ = r"(?: (?!(?:after|before|following|once|until|when|if|because|since)\b)\w+){0,4}? "
_EACH = r"(?: (?:an?|the|any|all|further|another|more|adding|giving|using|anti))*? "
_BE = r"(?:is|are|was|were|be|been|being)"
SPARED = (
    rf"(?<!\bnot )(?<!\bnever )\b(?:avoid\w*|omit\w*|withh[eo]ld\w*|leav\w+ out|giv\w+ up|spar\w+){_EACH}(?:{CTLA4})",
    rf"(?<!\bnot )(?<!\bnever )\blea(?:ve|ves|ving){_EACH}(?:{CTLA4})(?: \w+)? out\b",
    rf"(?:{CTLA4})(?: \w+){{0,3}}? {_BE} (?:(?!not|never)\w+ )?(?:avoided|omitted|withheld|left out|spared)\b",
    rf"(?:{CTLA4})(?: \w+){{0,3}}? {_BE} not (?:given|added|used)(?: again)?(?= (?:after|to)\b|[,.;]|$)",
    rf"^(?!.*(?:{CTLA4}).*(?:{CTLA4})).*\b(?:without|instead of){_EACH}(?:{CTLA4})",
)
"""What keeps CTLA-4 from the patient: that it lessens an irAE is true."""

LESSENING = (
    # Of what is given against an irAE that came on CTLA-4 it may be said.
    ban(rf"\b(?:{_QUELLS})\w*{_OBJ}{_QUELLED}", beside=(CTLA4,), unless=(
        rf"^(?!.*{NOT_OF}(?:{CTLA4}){GAP}*?\b(?:{_QUELLS})\w*{_OBJ}{_QUELLED})"
        rf"(?!.*\b(?:add\w*|combin\w*|together|plus)\b).*{REMEDY}",
        *SPARED,
    )),
    ban(rf"{SUBJECT}{GAP}{{0,70}}?\b{_LESSEN}{_OBJ}{_IT}", unless=(_CARE, *SPARED)),
    ban(rf"{SUBJECT}{GAP}{{0,70}}?\bke(?:ep|pt)\w*(?: \w+){{0,4}}? {_IT}(?: \w+){{0,3}}? (?:from|away|quiet|calm)"),
    ban(rf"\b(?:with|through|by|under) (?:\w+ ){{0,3}}?(?:{CTLA4})\b{GAP}{{0,40}}?{_IT} (?:stays?|remains?) (?:\w+ )?"
        r"(?:quiet|calm|away|silent)"),
    ban(rf"\b{_LESSEN}{_OBJ}{_IT}{GAP}{{0,40}}?\b(?:by|with|through) (?:adding |added |giving )?(?:an? )?"
        rf"(?:anti )?(?:{CTLA4})", unless=(_CARE, *SPARED)),
    ban(rf"\b(?:{_IT}){GAP}{{0,40}}?\b(?:is|are|was|were|be|been) (?:\w+ )?{_LESSEN} (?:by|with|through) "
        rf"(?:adding )?(?:an? )?(?:anti )?(?:{CTLA4})", unless=(_CARE, *SPARED)),
    ban(rf"\b(?:to|for) {_LESSEN}{_OBJ}{_IT}{GAP}{{0,40}}?(?:{CTLA4}){GAP}{{0,30}}?\b(?:add|giv|us|tri)\w*",
        unless=(_CARE, *SPARED)),
    ban(rf"\b(?:add\w*|giv\w*)(?: \w+){{0,3}}? (?:{CTLA4}){GAP}{{0,60}}?\b{_LESSEN}{_OBJ}{_IT}",
        unless=(_CARE, *SPARED)),
)  # fmt: skip
