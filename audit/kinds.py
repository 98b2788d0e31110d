"""The one table of what the trail tells: each kind of entry with its words and its group.

A test holds that whatever is written anywhere has its words here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """The group by which entries are filtered, and what happened in plain words."""

    group: str
    label: str | Promise


GROUPS: dict[str, str | Promise] = {
    "reads": _("Reading"),
    "record": _("Changes to records"),
    "meetings": _("Meetings and decisions"),
    "monitoring": _("Monitoring"),
    "guidance": _("Guidance"),
    "people": _("Members and sign-in"),
    "refusals": _("Refusals"),
}

KINDS: dict[str, Kind] = {
    "patient.erased": Kind("record", _("Erased a patient")),
    "patient.merged": Kind("record", _("Merged another record of the patient into this one")),
    "patient.absorbed": Kind("record", _("Merged this record into another one of the patient")),
    "patient.died": Kind("record", _("Entered that a patient died")),
    "patient.death_taken_back": Kind("record", _("Took back that a patient died")),
    "patient.number_refused": Kind("refusals", _("A hospital number was refused")),
    "typed.forgotten": Kind("record", _("Old drafts and searches were forgotten")),
    "analyte.saved": Kind("guidance", _("Changed an analyte")),
    "list.added": Kind("guidance", _("Added an ICI or irAE to the list")),
    "list.saved": Kind("guidance", _("Changed an ICI or irAE of the list")),
    "list.confirmed": Kind("guidance", _("Confirmed an ICI or irAE as second curator")),
    "list.retired": Kind("guidance", _("Took an ICI or irAE off what is offered")),
    "list.restored": Kind("guidance", _("Offered an ICI or irAE again")),
    "list.correction_proposed": Kind("guidance", _("Proposed a correction of an ICI of the list")),
    "list.corrected": Kind("guidance", _("Confirmed a correction of an ICI as second curator")),
    "list.correction_withdrawn": Kind("guidance", _("Withdrew a correction of an ICI")),
    "case.read": Kind("reads", _("Opened a record")),
    "case.followed": Kind("reads", _("Followed the discussion of a case")),
    "case.searched": Kind("reads", _("Searched for cases")),
    "report.read": Kind("reads", _("Read a report")),
    "list.read": Kind("reads", _("Opened a list")),
    "plan.read": Kind("reads", _("Opened a monitoring plan")),
    "decision.read": Kind("reads", _("Read a decision")),
    "letter.downloaded": Kind("reads", _("Downloaded a letter")),
    "bulk.uploaded": Kind("record", _("Sent a file to be imported")),
    "bulk.imported": Kind("record", _("Imported a file")),
    "bulk.exported": Kind("reads", _("Exported patients to a file")),
    "bulk.downloaded": Kind("reads", _("Downloaded an export")),
    "trail.read": Kind("reads", _("Read the trail")),
    "patient.registered": Kind("record", _("Registered a patient")),
    "case.referred": Kind("record", _("Referred a case")),
    "case.section_saved": Kind("record", _("Saved a part of the record")),
    "case.said_to_be_two": Kind("record", _("Said that two entries are two")),
    "case.moved": Kind("record", _("Moved a case to another state")),
    "case.returned": Kind("record", _("Returned a case to the board")),
    "case.return_reason": Kind("record", _("Gave a returned case another reason")),
    "fact.owed": Kind("record", _("Gave an open fact to somebody")),
    "fact.taken_back": Kind("record", _("Took back an open fact that was given to somebody")),
    "fact.settled": Kind("record", _("Settled an open fact")),
    "guidance.attached": Kind("record", _("Attached guidance to a case")),
    "guidance.commented": Kind("record", _("Commented on attached guidance")),
    "guidance.kept": Kind("record", _("Kept attached guidance as it was")),
    "guidance.detached": Kind("record", _("Took guidance off a case")),
    "meeting.created": Kind("meetings", _("Planned a meeting")),
    "meeting.started": Kind("meetings", _("Started a meeting")),
    "meeting.closed": Kind("meetings", _("Closed a meeting")),
    "meeting.attendance": Kind("meetings", _("Noted who comes to a meeting")),
    "meeting.case_listed": Kind("meetings", _("Put a case on an agenda")),
    "meeting.case_moved": Kind("meetings", _("Moved a case on an agenda")),
    "meeting.case_taken_off": Kind("meetings", _("Took a case off an agenda")),
    "meeting.case_brought_up": Kind("meetings", _("Brought a case up for discussion")),
    "decision.recorded": Kind("meetings", _("Recorded a decision")),
    "decision.dissent": Kind("meetings", _("Noted a dissent")),
    "decision.signed": Kind("meetings", _("Signed a decision")),
    "decision.reviewed": Kind("meetings", _("Answered changed guidance of a decision")),
    "plan.opened": Kind("monitoring", _("Opened the monitoring of a patient")),
    "plan.first_dose_planned": Kind("monitoring", _("Planned the first dose")),
    "plan.first_dose": Kind("monitoring", _("Entered the first dose")),
    "plan.first_dose_corrected": Kind("monitoring", _("Corrected the first dose")),
    "plan.dose_interval_changed": Kind("monitoring", _("Changed the days between doses")),
    "plan.dose_given": Kind("monitoring", _("Entered a dose")),
    "plan.dose_skipped": Kind("monitoring", _("Entered that a dose was skipped")),
    "plan.dose_taken_back": Kind("monitoring", _("Took a dose back")),
    "plan.first_dose_taken_back": Kind("monitoring", _("Took the first dose back")),
    "plan.last_dose": Kind("monitoring", _("Entered the last dose")),
    "plan.last_dose_taken_back": Kind("monitoring", _("Took the last dose back")),
    "plan.conditions_acknowledged": Kind(
        "monitoring", _("Acknowledged the conditions of a decision")
    ),
    "plan.undecided_acknowledged": Kind(
        "monitoring", _("Entered a dose without a decision of the board that stands")
    ),
    "plan.held": Kind("monitoring", _("Held the doses")),
    "plan.resumed": Kind("monitoring", _("Went on with doses")),
    "plan.closed": Kind("monitoring", _("Closed a monitoring plan")),
    "plan.reopened": Kind(
        "monitoring", _("Went on with a monitoring plan: a death was taken back")
    ),
    "check.recorded": Kind("monitoring", _("Recorded a check")),
    "check.corrected": Kind("monitoring", _("Corrected a result")),
    "check.reopened": Kind("monitoring", _("Took a result back")),
    "check.assigned": Kind("monitoring", _("Passed a check on")),
    "check.missed": Kind("monitoring", _("A check was missed")),
    "reminder.retried": Kind("monitoring", _("Had a reminder sent again")),
    "evidence.loaded": Kind("guidance", _("Loaded the delivered guidance")),
    "evidence.draft_begun": Kind("guidance", _("Began a draft of guidance")),
    "evidence.draft_saved": Kind("guidance", _("Saved a draft of guidance")),
    "evidence.basis_saved": Kind("guidance", _("Saved a source or finding")),
    "evidence.imported": Kind("guidance", _("Took guidance from files")),
    "evidence.exported": Kind("guidance", _("Downloaded the guidance as files")),
    "evidence.sent_back": Kind("guidance", _("Sent guidance back to its author")),
    "evidence.submitted": Kind("guidance", _("Submitted guidance for publication")),
    "evidence.reach_read": Kind(
        "guidance", _("Looked at which cases a version of guidance would answer otherwise")
    ),
    "evidence.reach_waived": Kind(
        "guidance", _("Went on without waiting for which cases are answered otherwise")
    ),
    "evidence.published": Kind("guidance", _("Published guidance")),
    "evidence.retired": Kind("guidance", _("Retired guidance")),
    "readiness.draft_begun": Kind("guidance", _("Began a draft of the rules of readiness")),
    "readiness.draft_saved": Kind("guidance", _("Saved a draft of the rules of readiness")),
    "readiness.submitted": Kind("guidance", _("Submitted rules of readiness for publication")),
    "readiness.published": Kind("guidance", _("Published rules of readiness")),
    "readiness.sweep_stopped": Kind(
        "guidance", _("Stopped the cases from following new age limits")
    ),
    "readiness.sweep_continued": Kind(
        "guidance", _("Let the cases go on following new age limits")
    ),
    "account.signed_in": Kind("people", _("Signed in")),
    "account.signed_out": Kind("people", _("Signed out")),
    "account.session_ended": Kind("people", _("Was signed out after a while")),
    "account.sign_in_refused": Kind("people", _("Sign-in refused: wrong password")),
    "account.sign_in_limited": Kind("people", _("Sign-in refused: too many attempts")),
    "account.password_set": Kind("people", _("Set a password")),
    "account.password_refused": Kind("people", _("New password refused: wrong old password")),
    "account.confirmation_refused": Kind("people", _("Confirmation refused: wrong password")),
    "account.confirmation_limited": Kind("people", _("Confirmation refused: too many attempts")),
    "account.second_factor_refused": Kind("people", _("Second factor refused: wrong code or key")),
    "account.second_factor_added": Kind("people", _("Added a second factor")),
    "account.second_factor_removed": Kind("people", _("Removed a second factor")),
    "account.second_factor_reset": Kind("people", _("Made new recovery codes")),
    "account.made": Kind("people", _("Made an account")),
    "account.changed": Kind("people", _("Changed an account")),
    "account.invited": Kind("people", _("Sent the mail for a first password")),
    "membership.given": Kind("people", _("Gave a role")),
    "membership.ended": Kind("people", _("Ended a role")),
    "board.made": Kind("people", _("Made a board")),
    "board.changed": Kind("people", _("Changed a board")),
    "board.rules_changed": Kind("guidance", _("Chose whose stopping rules set the marks")),
    "access.refused": Kind("refusals", _("Was refused a page")),
    "access.not_found": Kind("refusals", _("Asked for what is not there for them")),
}

# Second factors, as allauth names their types.
FACTORS: dict[str, str | Promise] = {
    "totp": _("authenticator app"),
    "webauthn": _("passkey or security key"),
    "recovery_codes": _("recovery codes"),
}

# The pages that list patients, as an entry names them.
PAGES: dict[str, str | Promise] = {
    "home": _("start page"),
    "cases:list": _("cases"),
    "cases:bulk_job": _("import or export"),
    "meetings:owed": _("facts that somebody owes"),
    "meetings:changed": _("decisions whose guidance changed"),
    "admin:evidence_version_step": _("what a version of guidance changes"),
    "admin:evidence_version_reach": _("what a version of guidance changes"),
    "admin:evidence_version_editor": _("try-out of a condition"),
    "admin:evidence_version_count": _("try-out of a condition"),
    "followup:worklist": _("monitoring"),
    "followup:failed": _("failed reminders"),
    "meetings:triage": _("triage"),
    "meetings:agenda": _("agenda"),
    "meetings:close": _("closing a meeting"),
    "meetings:live": _("discussion"),
    "meetings:live_state": _("discussion"),
}


def label(kind: str) -> str:
    """Return what a kind says; the code itself for one that this version does not know."""
    return str(KINDS[kind].label) if kind in KINDS else kind


def kinds_of(group: str) -> list[str]:
    """Return the kinds of a group."""
    return [code for code, kind in KINDS.items() if kind.group == group]
