"""What others saved while a form was open: joined with what was typed, told by whom and when, or chosen between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.changelog import Save, since_version
from cases.presenters.moved import few
from ui.forms import in_sentence
from ui.threeway import Clash, Joined, joined, put, sealed, texts_of, unsealed, words_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from cases.forms.sections import SectionForm
    from cases.views.editing import Edit

MINE, THEIRS = "mine", "theirs"
# Beside the fields of the form: those that both changed, and the version that the form was opened with first.
CLASHES, SINCE = "clash", "since"


@dataclass(frozen=True)
class Typed:
    """A field that was changed here: what the record says, what was typed, and whether others changed it too."""

    label: str
    before: str
    typed: str
    both: bool


@dataclass(frozen=True)
class Meanwhile:
    """What a form shows of the saves that came while it was open; `adding`: a further row, beside what others added."""

    who: str
    at: datetime
    since: int
    changes: list[Save]
    mine: list[Typed] = field(default_factory=list)
    clashes: dict[str, Clash] = field(default_factory=dict)
    adding: bool = False

    @property
    def button(self) -> str:
        """What saving does now."""
        if self.adding:
            return _("Add it too")
        if self.clashes:
            return _("Save what is chosen here")
        return _("Save both sets of changes") if self.mine else _("Save")


def open_sealed(edit: Edit) -> SectionForm:
    """Return the form as the record has it now, with the version and the seal by which it is joined later."""
    form = edit.make(None)
    form.initial["version"] = edit.version
    form.initial["opened"] = sealed(form, edit.draft_key)
    return form


def with_choices(edit: Edit, sent: QueryDict) -> QueryDict:
    """Return what was sent with the other's value where that was taken."""
    taken = [name for name in sent.getlist(CLASHES) if sent.get(_choice(name)) == THEIRS]
    if not taken:
        return sent
    data, now = sent.copy(), edit.make(None)
    for name in taken:
        if name in now.fields:
            put(data, now.fields[name], name, texts_of(now, name))
    return data


def undecided(edit: Edit, sent: QueryDict) -> list[str]:
    """Return the fields of which both versions stand and neither was chosen."""
    open_ = [n for n in sent.getlist(CLASHES) if sent.get(_choice(n)) not in {MINE, THEIRS}]
    if not open_:
        return []
    mine, now = edit.make(sent), edit.make(None)
    both = (name for name in open_ if name in mine.fields and name in now.fields)
    return [name for name in both if texts_of(mine, name) != texts_of(now, name)]


def still(edit: Edit, sent: QueryDict) -> Meanwhile | None:
    """Return what a form that had both versions shows when it comes again; None for any other form."""
    names = sent.getlist(CLASHES)
    if not names:
        return None
    now = edit.make(None)
    chosen = {name: sent.get(_choice(name), "") for name in names if name in now.fields}
    since = sent.get(SINCE, "")
    version = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0
    return _told(edit, version or edit.version, _clashes(edit, now, chosen))


def of_a_row(edit: Edit, version: int) -> Meanwhile | None:
    """Return what others added to the list that a new row goes to; None where they added nothing."""
    saves = since_version(edit.case, edit.key, version, models=(edit.adds,))
    added = [
        save for save in saves if any(not c.old and c.label == _("Added") for c in save.changes)
    ]
    if not added:
        return None
    return Meanwhile(added[0].who, added[0].at, version, added, adding=True)


def join(edit: Edit, sent: QueryDict, version: int) -> tuple[Joined, Meanwhile]:
    """Join what was sent by a form opened at `version` with the record of now, and say what there is to tell."""
    mine, now = edit.make(sent), edit.make(None)
    opened = unsealed(sent.get("opened", ""), edit.draft_key)
    found = joined(mine, now, opened, edit.draft_key)
    found.sent["version"] = str(edit.version)
    found.sent["opened"] = sealed(now, edit.draft_key)
    told = _told(edit, version, _clashes(edit, now, dict.fromkeys(found.clashing, "")))
    shown = edit.make(found.sent)
    for name in (*found.mine, *found.clashing):
        # A row that was emptied here, or added by others, is in one of the two forms alone.
        before = words_of(now, name) if name in now.fields else ""
        typed = words_of(shown, name) if name in shown.fields else ""
        label = str((shown if name in shown.fields else now)[name].label)
        told.mine.append(Typed(label, before, typed, name in found.clashing))
    return found, told


def nothing_of_mine_touched(found: Joined) -> bool:
    """Whether what others saved is not in this form, so that both can stand without a question."""
    return not found.theirs and not found.clashing


def said_of(edit: Edit, version: int) -> str:
    """Return the sentence that tells of what others saved beside."""
    saves = since_version(edit.case, edit.key, version)
    labels = dict.fromkeys(
        in_sentence(change.subject or change.label) for save in saves for change in save.changes
    )
    who = ", ".join(dict.fromkeys(save.who for save in saves if save.who))
    if not labels:
        return ""
    words = _("%(who)s saved meanwhile: %(what)s. Both stand.")
    return words % {"who": who or _("Somebody"), "what": few(list(labels))}


def _told(edit: Edit, version: int, clashes: dict[str, Clash]) -> Meanwhile:
    section = edit.section
    saves = since_version(edit.case, edit.key, version)
    return Meanwhile(section.changed_by.name, section.changed_at, version, saves, clashes=clashes)


def _clashes(edit: Edit, now: SectionForm, chosen: dict[str, str]) -> dict[str, Clash]:
    who = edit.section.changed_by.name
    return {
        name: Clash(name, words_of(now, name) if name in now.fields else "", who, choice)
        for name, choice in chosen.items()
    }


def _choice(name: str) -> str:
    return f"take-{name}"
