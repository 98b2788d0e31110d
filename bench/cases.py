"""The list of cases, 50 to a page, a case, a search and a long history beside a bare page of their size.

In a full database: as many patients, cases and results as a large network of hospitals gathers, copied by SQL:
BENCH_CASES says how many cases (1 000 000; 10 000 in the quick run), with 3 patients for 5 cases and 17 results for
each patient, spread over 40 boards. Django's own admin over the same cases stands beside.
"""

from __future__ import annotations

import html
import os
import re
from time import perf_counter
from typing import TYPE_CHECKING

from bench import clients
from bench.figures import Figure, NotMeasured, milliseconds
from bench.plans import scanned
from bench.scale import Scale, copy_patient, type_texts
from bench.site import QUICK_TIMES

if TYPE_CHECKING:
    from accounts.models import Board, User
    from bench.site import Site
    from cases.models import Case

LIST_RATIO, PAGE_RATIO, SEARCH_RATIO, FRAGMENT_RATIO = 35.0, 70.0, 30.0, 12.0
# As the longest page that is asked of the product, an agenda of 50 cases.
LONG_RATIO = 140.0
# A list no slower than Django's by itself; a form keeps what is typed and writes who read, for which it may take twice
# as long. The picture of 300 events as long as the longest page.
ADMIN_LIST, ADMIN_FORM, TIMELINE_MS = 1.0, 2.0, 120.0
NEXT = re.compile(r'rel="next" href="([^"]+)"')
FULL, QUICK, BOARDS, RESULTS = 1_000_000, 10_000, 40, 17
# Written out by nobody: what a copy may be called, and a part of it.
NAME = "Foxglove"
# A drug that every copy was given and one that none was, an irAE that all had, the name with a slip, a number, and
# the name with a slip beside a drug and beside an irAE. Two words that are nobody's, and two of what was typed of an
# event that no list has, each with a slip.
SEARCHES = {
    "drug": "pembrolizumab",
    "rare_drug": "nivolumab",
    "irae": "pneumonitis",
    "mistyped": "Foxglvoe",
    "number": "BENCH4000",
    "mistyped_and_drug": "Foxglvoe pembrolizumab",
    "mistyped_and_irae": "Foxglvoe colitis",
    "nobody": "Kowalczyk Zbigniew",
    "typed_words": "Sussac sindrome",
}
QUICK_SEARCHES = ("drug", "mistyped", "nobody", "typed_words")


def size(quick: bool) -> Scale:
    """Return how many cases to measure with. Raises NotMeasured for a number that is none."""
    asked = os.environ.get("BENCH_CASES", "")
    if asked and not (asked.isdecimal() and int(asked) >= BOARDS * 50):
        raise NotMeasured(f"BENCH_CASES is {asked!r}: give a number of at least {BOARDS * 50}.")
    return Scale(int(asked) if asked else QUICK if quick else FULL)


def fill(scale: Scale) -> tuple[User, Case]:
    """Fill the database, and return a member of one of its boards and one of the board's cases."""
    from django.db import transaction

    from accounts.acting import acting_as
    from tests.factories.labs import make_many
    from tests.factories.line import make_record
    from tests.factories.people import make_board, make_user
    from tests.factories.record import make_case

    with transaction.atomic():
        boards = [make_board(f"Bench Board {n}") for n in range(1, BOARDS + 1)]
        member = make_user("member", boards[0])
        case = make_record(member, boards[0])
        with acting_as(member):
            make_many(member, case, RESULTS - 7)
        second = make_case(member, boards[0], patient=case.patient)
    copy_patient(
        case.patient_id,
        patients=scale.patients,
        second=second,
        seconds=scale.cases - scale.patients,
        boards=[board.pk for board in boards],
    )
    type_texts()
    return member, case


def measure(site: Site, quick: bool) -> list[Figure]:
    """Return the figures of the case pages."""
    from django.urls import reverse

    began = perf_counter()
    scale = size(quick)
    member, case = fill(scale)
    print(f"cases: {scale.cases} cases made in {perf_counter() - began:.0f} s", flush=True)
    long, drawing = with_long_history(member, case.board)
    page = reverse("cases:detail", args=[case.public_id])
    listed, found = reverse("cases:list"), searched(member, NAME)
    closed = f"{listed}?state=closed"
    site.sign_in(member)
    figures = [
        site.figure("cases.list", listed, LIST_RATIO, quick),
        site.figure("cases.list_closed", closed, LIST_RATIO, quick),
        site.figure("cases.list_closed_by_reason", f"{closed}&stopped=irae", LIST_RATIO, quick),
        site.figure("cases.list_page_20", far_page(site, closed, 20), LIST_RATIO, quick),
        site.figure("cases.list_page_200", far_page(site, closed, 200), LIST_RATIO, quick),
        site.figure("cases.search", found, SEARCH_RATIO, quick),
        *(
            site.figure(f"cases.search_{what}", searched(member, words), SEARCH_RATIO, quick)
            for what, words in SEARCHES.items()
            if not quick or what in QUICK_SEARCHES
        ),
        site.figure("cases.page", page, PAGE_RATIO, quick),
        site.figure("cases.page_300_events", long, LONG_RATIO, quick),
        site.swapping().figure("cases.fragment", f"{page}sections/question", FRAGMENT_RATIO, quick),
        Figure("cases.timeline_300_events", drawing, "ms", TIMELINE_MS),
    ]
    lists = [listed, closed, found, reverse("home"), reverse("followup:worklist")]
    read = scanned(member, [*lists, reverse("meetings:list"), page], least=scale.cases // 100)
    for path, tables in read.items():
        if tables:
            print(f"cases: {path} reads the whole of {', '.join(sorted(tables))}", flush=True)
    figures.append(Figure("cases.scans", sum(map(len, read.values())), "tables", 0))
    figures += clients.measure(site, [listed, closed, page], quick)
    return [*figures, *beside(site, member, case)]


def far_page(site: Site, path: str, pages: int) -> str:
    """Return the address of a page far down the list, as its links give them: none is reached by counting.

    The last one where there are fewer.
    """
    for _ in range(pages):
        link = NEXT.search(site.get(path).decode())
        if link is None:
            break
        path = html.unescape(link[1])
    return path


def with_long_history(member: User, board: Board) -> tuple[str, float]:
    """Return the page of a case with 300 events in twelve years, and the milliseconds its picture takes."""
    from django.db import transaction
    from django.urls import reverse
    from django.utils import timezone

    from accounts.acting import acting_as
    from cases.models import Case
    from cases.timeline.build import timeline_of
    from cases.whole_record import ensure_record
    from tests.e2e.long_history import Writer
    from tests.factories.record import make_case

    today = timezone.localdate()
    with transaction.atomic(), acting_as(member):
        case = make_case(member, board)
        Writer(case.patient, member, today).everything()
        fresh = Case.objects.select_related("patient").get(pk=case.pk)
        ensure_record(fresh.patient)
        if not fresh.patient.record_is_fetched or len(fresh.patient.iraes.all()) < 240:
            raise NotMeasured("the long history is not the one that was written.")
        took = milliseconds(lambda: timeline_of(fresh, today, ()), times=5)
    return reverse("cases:detail", args=[case.public_id]), took


def beside(site: Site, member: User, case: Case) -> list[Figure]:
    """Return how the list and a form of a case compare with Django's admin over the same rows."""
    from django.urls import reverse

    listed, edit = reverse("cases:list"), f"/beside/cases/case/{case.pk}/change/"
    form = f"{reverse('cases:detail', args=[case.public_id])}sections/question"
    type(member).objects.filter(pk=member.pk).update(is_staff=True, is_superuser=True)
    # A list of the admin counts every row: it takes seconds.
    lists = site.compared(listed, "/beside/cases/case/", times=QUICK_TIMES)
    forms = site.compared(form, edit, times=QUICK_TIMES)
    return [
        Figure("cases.list_beside_admin", lists, "x admin", ADMIN_LIST),
        Figure("cases.form_beside_admin", forms, "x admin", ADMIN_FORM),
    ]


def searched(member: User, words: str) -> str:
    """Return the address under which a search for `words` was kept."""
    from django.db import transaction
    from django.urls import reverse

    from accounts.acting import acting_as
    from cases.services.searches import save_search

    with transaction.atomic(), acting_as(member):
        kept = save_search(by=member, text=words)
    return f"{reverse('cases:list')}?s={kept.public_id}"
