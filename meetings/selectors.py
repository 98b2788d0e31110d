"""Reads across meetings, agendas and decisions, scoped by user, in a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch, Sum, Window
from django.db.models.functions import JSONObject, RowNumber

from accounts.models import Membership
from audit.models import TrailEntry
from cases.family import joined
from cases.models import AttachedGuidance, Case, FactTask, IrAE
from cases.rules import holding, with_rules
from cases.states import CaseState, may_follow
from evidence.models import StatementVersion
from meetings.models import AgendaItem, Attendance, Decision, Meeting
from meetings.quorum import Quorum, Reply, needs_for, quorum
from meetings.snapshot import attached_ids, marked_ids

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import Board, User
    from meetings.models.meetings import MeetingQuerySet


def open_tasks() -> Prefetch[Any, Any, Any]:
    """Prefetch for the facts that somebody still owes a case, as `owed`."""
    tasks = FactTask.objects.filter(done_at__isnull=True).select_related("owner")
    return Prefetch("tasks", tasks.order_by("due_on", "id"), to_attr="owed")


def meetings_for(user: User) -> MeetingQuerySet:
    """Return the user's meetings with board, number of cases and minutes booked."""
    return (
        Meeting.objects.visible_to(user)
        .select_related("board")
        .annotate(case_count=Count("items"), booked=Sum("items__minutes", default=0))
    )


def meeting_for_page(user: User) -> QuerySet[Meeting]:
    """Return the user's meetings with board."""
    return Meeting.objects.visible_to(user).select_related("board", "started_by")


def agenda_of(user: User, meeting: Meeting) -> list[AgendaItem]:
    """Return the items in order with what a row shows of each case; seven queries at most."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    return _with_their_rules(
        with_comments(items)
        .select_related(
            "case", *joined("case__patient", "identity"), "case__facts", "case__referred_by"
        )
        .prefetch_related(
            Prefetch("case__patient__iraes", IrAE.objects.order_by("onset_earliest", "id")),
            Prefetch(
                "case__tasks",
                FactTask.objects.filter(done_at__isnull=True).select_related("owner"),
                to_attr="owed",
            ),
            Prefetch(
                "case__decisions",
                Decision.objects.filter(meeting=meeting).defer("snapshot").order_by("id"),
                to_attr="decisions_here",
            ),
        )
        .order_by("position")
    )


def with_comments(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    """Annotate each item with what members said of what is attached to its case now, oldest first; no query more."""
    said = AttachedGuidance.objects.filter(case=OuterRef("case"), detached_at=None)
    columns = JSONObject(
        title="version__title",
        number="version__number",
        label="finding__label",
        comment="comment",
        who="attached_by__name",
        at="attached_at",
    )
    rows = said.exclude(comment="").order_by("attached_at", "id").values_list(columns)
    return items.annotate(comments_beside=ArraySubquery(rows))


def _with_their_rules(items: QuerySet[AgendaItem]) -> list[AgendaItem]:
    """Return the items, each case with the rules of readiness that hold; no query more."""
    found: list[Any] = list(items.annotate(rules_now=holding()))
    for item in found:
        item.case.rules_now = item.rules_now
    return found


def items_for(user: User) -> QuerySet[AgendaItem]:
    """Return the agenda items of the user's patients in meetings of the user's boards."""
    boards = user.boards_with("meeting.view")
    rows = AgendaItem.objects.visible_to(user).filter(meeting__board__in=boards)
    found: QuerySet[AgendaItem] = rows.select_related("meeting", "meeting__board", "case")
    return found


def follows(user: User, item: AgendaItem) -> bool:
    """Whether it is on the trail that `user` follows `item` since it was brought up; one query."""
    entries = TrailEntry.objects.filter(
        kind="case.followed", subject_type=item._meta.label_lower, subject_id=item.pk, actor=user
    )
    return entries.filter(at__gte=item.current_since).exists()


def names_on(user: User, meeting: Meeting) -> list[AgendaItem]:
    """Return the items of a meeting in order with the patients' names; one query."""
    items = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    return list(items.select_related(*joined("case__patient", "identity")).order_by("position"))


def decisions_for(user: User) -> QuerySet[Decision]:
    """Return the user's decisions with everything that their page shows."""
    rows = Decision.objects.visible_to(user).filter(board__in=user.boards_with("decision.view"))
    return _whole(rows)


def decision_for_signing(pk: int) -> Decision:
    """Return one decision whole, its row held until the transaction ends."""
    return _whole(Decision.objects.select_for_update(of=("self",))).get(pk=pk)


def _whole(decisions: Any) -> Any:
    return decisions.select_related(
        "board",
        "meeting",
        "meeting__board",
        "amends",
        "case",
        "case__board",
        *joined("case__patient", "identity", "tumour", "performance_status"),
        "case__facts",
        "recorded_by",
        "signed_by",
        "defer_owner",
    ).prefetch_related(
        "conditions",
        "dissents__user",
        "statements__statement_version__statement",
        Prefetch("case__patient__iraes", IrAE.objects.order_by("onset_earliest", "id")),
    )


def attached_then(decision: Decision) -> list[AttachedGuidance]:
    """Return what was attached to the case when `decision` was signed, oldest first; one query."""
    rows = AttachedGuidance.objects.filter(
        case=decision.case_id, public_id__in=attached_ids(decision)
    )
    rows = rows.select_related("version", "finding", "attached_by")
    return list(rows.order_by("attached_at", "id"))


def marked_versions_then(decision: Decision) -> list[StatementVersion]:
    """Return the versions whose marks the snapshot of `decision` keeps, as they were published; one query at most."""
    rows = StatementVersion.objects.filter(public_id__in=marked_ids(decision))
    return list(
        rows.select_related("statement").only("public_id", "title", "signal", "statement__code")
    )


def board_members(board: Board) -> list[Membership]:
    """Return the active members of a board who are asked to meetings, by name."""
    rows = Membership.objects.holding("meeting.attend").filter(board=board)
    return list(rows.order_by("user__name", "id"))


def replies_of(
    members: Iterable[Membership], attendances: Iterable[Attendance]
) -> tuple[Reply, ...]:
    """Return one reply for each person: several roles on a board are one seat at the table."""
    said = {row.user_id: row for row in attendances}
    people: dict[int, tuple[str, set[str]]] = {}
    for member in members:
        _name, specialties = people.setdefault(member.user_id, (member.user.name, set()))
        specialties.update({member.specialty} - {""})
    replies = []
    for pk, (name, specialties) in people.items():
        row = said.get(pk)
        replies.append(
            Reply(
                name=name,
                specialties=frozenset(specialties),
                mode=row.mode if row else None,
                deputy=row.deputy if row else "",
            )
        )
    return tuple(replies)


def organs_of(case: Case) -> list[str]:
    """Return the organs once affected, in the order of onset."""
    return [irae.organ for irae in case.patient.iraes.all()]


def quorum_of(meeting: Meeting, case: Case) -> Quorum:
    """Return the quorum of one case in one meeting; two queries besides the case's irAEs."""
    replies = replies_of(board_members(meeting.board), meeting.attendances.all())
    return quorum(needs_for(organs_of(case)), replies)


def cases_on_triage(
    user: User, boards: list[Board], states: Iterable[str], *, urgent: bool = False, limit: int = 12
) -> list[Case]:
    """Return the first cases of each state with what a card shows, the longest waiting first."""
    rows = _triage_rows(user, boards, urgent).filter(state__in=list(states))
    order = ("-urgent", "referred_at", "id")
    ranked = rows.annotate(
        place=Window(
            RowNumber(),
            partition_by=[F("state")],
            order_by=[F("urgent").desc(), F("referred_at").asc(), F("id").asc()],
        )
    ).filter(place__lte=limit)
    return list(with_card(ranked).order_by(*order))


def triage_counts(user: User, boards: list[Board], *, urgent: bool = False) -> dict[str, int]:
    """Return how many cases there are in each state."""
    rows = _triage_rows(user, boards, urgent).values_list("state").order_by("state")
    return dict(rows.annotate(n=Count("id")))


def _triage_rows(user: User, boards: list[Board], urgent: bool) -> QuerySet[Case]:
    rows: QuerySet[Case] = Case.objects.visible_to(user).filter(board__in=boards)
    return rows.filter(urgent=True) if urgent else rows


def with_card(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return cases with what a card or a line shows of them; two queries besides."""
    rows = with_rules(cases).select_related("board", *joined("patient", "identity"), "facts")
    found: QuerySet[Case] = rows.prefetch_related(
        Prefetch("patient__iraes", IrAE.objects.order_by("onset_earliest", "id")), open_tasks()
    )
    return found


def items_of(user: User, meetings: Iterable[Meeting], **wanted: Any) -> list[AgendaItem]:
    """Return the agenda items of several meetings in order, with what a card shows."""
    rows = AgendaItem.objects.visible_to(user).filter(meeting__in=list(meetings), **wanted)
    tasks = open_tasks()
    return _with_their_rules(
        rows.select_related(
            "case", "case__board", *joined("case__patient", "identity"), "case__facts"
        )
        .prefetch_related(
            Prefetch("case__patient__iraes", IrAE.objects.order_by("onset_earliest", "id")),
            Prefetch("case__tasks", tasks.queryset, to_attr="owed"),
        )
        .order_by("position")
    )


def overdue_tasks(user: User, boards: list[Board], today: date) -> int:
    """Return how many owed facts are overdue on the boards' open cases."""
    tasks = FactTask.objects.visible_to(user).filter(
        case__board__in=boards, done_at__isnull=True, due_on__lt=today
    )
    return tasks.exclude(case__state=CaseState.CLOSED).count()


def next_meetings(user: User, boards: list[Board], limit: int = 6) -> list[Meeting]:
    """Return the meetings to come, or under way, on the given boards, the next one first."""
    return list(meetings_for(user).ahead(boards)[:limit])


def cases_to_list(user: User, board: Board, limit: int = 60) -> list[Case]:
    """Return the cases that can be put on an agenda of `board`, with their names."""
    states = [state for state in CaseState if may_follow(state, CaseState.LISTED)]
    rows = Case.objects.visible_to(user).filter(board=board, state__in=states)
    return list(
        rows.select_related(*joined("patient", "identity")).order_by(
            "-urgent", "referred_at", "id"
        )[:limit]
    )


def guidance_mark(user: User, meeting: Meeting) -> int:
    """Return a number that grows when anything changes of what is attached to the case that is up."""
    up = Case.objects.visible_to(user).filter(
        agenda_items__meeting=meeting, agenda_items__current_since__isnull=False
    )
    # Every change is a row of the history.
    events = AttachedGuidance.pgh_event_model.objects  # type: ignore[attr-defined]
    return int(events.filter(case__in=up.values("pk")).count())


def version_before(decision: Decision, version: int) -> Any:
    """Return the row of the decision's history with that version, or None."""
    events = Decision.pgh_event_model.objects  # type: ignore[attr-defined]
    return events.filter(pgh_obj_id=decision.pk, version=version).order_by("pgh_id").last()
