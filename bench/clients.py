"""What a page costs when many ask for it at once, and whether the site grows by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from bench.figures import RUNS, Figure, NotMeasured

if TYPE_CHECKING:
    from bench.site import Site

FEW, MANY = 2, 8
# Four times as many wait for the same worker, and one time more for what the machine does besides.
GROWTH, MEMORY = 5.0, 1.05
EACH, QUICK_EACH = 40, 3


def measure(site: Site, paths: list[str], quick: bool) -> list[Figure]:
    """Return how the slowest of twenty answers grows from 2 to 8 clients, and the site's memory by all of them."""
    each = QUICK_EACH if quick else EACH
    _slowest(site, paths, MANY, each)
    before = _kilobytes(site.pid)
    growth = min(
        _slowest(site, paths, MANY, each) / _slowest(site, paths, FEW, each) for _ in range(RUNS)
    )
    return [
        Figure("cases.clients_8_to_2", growth, "x of 2", GROWTH),
        Figure("cases.memory_growth", _kilobytes(site.pid) / before, "x", MEMORY),
    ]


def _slowest(site: Site, paths: list[str], clients: int, each: int) -> float:
    """Return the milliseconds within which 19 of 20 answers came. An answer other than the page is an error."""

    def ask(start: int) -> list[float]:
        took = []
        for n in range(each):
            began = perf_counter()
            site.get(paths[(start + n) % len(paths)])
            took.append((perf_counter() - began) * 1000)
        return took

    with ThreadPoolExecutor(clients) as pool:
        all_of_them = [ms for took in pool.map(ask, range(clients)) for ms in took]
    return quantiles(all_of_them, n=20)[-1]


def _kilobytes(pid: int) -> float:
    """Return what a process and those it started hold in memory of their own."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        raise NotMeasured("memory is read from /proc, which is not here.")
    own = 0.0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            own = float(line.split()[1])
    return own + sum(_kilobytes(int(child)) for child in children.read_text().split())
