"""The ways to say that CTLA-4 lessens an irAE (erratum E06): it is what is said to do it, not what it is done after."""

from __future__ import annotations

from evidence.errata_guard.bans import ban
from evidence.errata_guard.fragments import CTLA4, GAP, HARM, REMEDY

_LESSEN = (
    r"(?:prevent|manag|treat|control|answer|counter|suppress|avoid|abolish|overc[ao]m|reliev|protect|reduc|lower"
    r"|mitigat|damp|lessen|offset|neutrali|halt|curb|inhibit|shield|guard|prophyla|calm|sooth|tam(?:e|ing)|quiet|blunt"
    r"|cool|rein|contain|eas(?:e|ing)|settl)\w*"
)
_QUELLS = (
    r"prevent|manag|treat|control|answer|counter|suppress|avoid|abolish|overc[ao]m|reliev|protect"
    r"|reduc|lower|mitigat|dampen|lessen|offset|neutrali|halt|curb|inhibit|shield|guard|prophyla"
)
_QUELLED = rf"(?:{HARM}|colitis|pneumonitis|hepatitis)\b"
_IT = rf"(?:{HARM}|colitis|pneumonitis|hepatitis|myocarditis|autoimmun\w*|immune (?:system|reaction|attack)s?)\b"
# After it, on it, because of it: then something else lessens the irAE.
_NOT_OF = "".join(
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
_SUBJECT = rf"{_NOT_OF}(?:{CTLA4})"
# What does lessen an irAE.
_CARE = (
    r"\bsteroid|\bglucocorticoid|\bcorticosteroid|\bpredniso|\bbudesonid|\binfliximab|\bvedolizumab|\btocilizumab"
    r"|\bmycophen|\bstop\w* (?:the )?(?:anti )?(?:ipilimumab|ctla)"
)

LESSENING = (
    # Of what is given against an irAE that came on CTLA-4 it may be said.
    ban(rf"\b(?:{_QUELLS})\w*(?: \w+){{0,4}}? {_QUELLED}", beside=(CTLA4,), unless=(
        rf"^(?!.*{_NOT_OF}(?:{CTLA4}){GAP}*?\b(?:{_QUELLS})\w*(?: \w+){{0,4}}? {_QUELLED})"
        rf"(?!.*\b(?:add\w*|combin\w*|together|plus)\b).*{REMEDY}",
    )),
    ban(rf"{_SUBJECT}{GAP}{{0,70}}?\b{_LESSEN}(?: \w+){{0,4}}? {_IT}", unless=(_CARE,)),
    ban(rf"{_SUBJECT}{GAP}{{0,70}}?\bke(?:ep|pt)\w*(?: \w+){{0,4}}? {_IT}(?: \w+){{0,3}}? (?:from|away|quiet|calm)"),
    ban(rf"\b(?:with|through|by|under) (?:\w+ ){{0,3}}?(?:{CTLA4})\b{GAP}{{0,40}}?{_IT} (?:stays?|remains?) (?:\w+ )?"
        r"(?:quiet|calm|away|silent)"),
    ban(rf"\b{_LESSEN}(?: \w+){{0,4}}? {_IT}{GAP}{{0,40}}?\b(?:by|with|through) (?:adding |added |giving )?(?:an? )?"
        rf"(?:anti )?(?:{CTLA4})", unless=(_CARE,)),
    ban(rf"\b(?:{_IT}){GAP}{{0,40}}?\b(?:is|are|was|were|be|been) (?:\w+ )?{_LESSEN} (?:by|with|through) "
        rf"(?:adding )?(?:an? )?(?:anti )?(?:{CTLA4})", unless=(_CARE,)),
    ban(rf"\b(?:to|for) {_LESSEN}(?: \w+){{0,4}}? {_IT}{GAP}{{0,40}}?(?:{CTLA4}){GAP}{{0,30}}?\b(?:add|giv|us|tri)\w*",
        unless=(_CARE,)),
    ban(rf"\b(?:add\w*|giv\w*)(?: \w+){{0,3}}? (?:{CTLA4}){GAP}{{0,60}}?\b{_LESSEN}(?: \w+){{0,4}}? {_IT}",
        unless=(_CARE,)),
)  # fmt: skip
