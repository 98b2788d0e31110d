"""Which stages go with T and N where there are no metastases: lung cancer, TNM 8th and 9th edition."""

from __future__ import annotations

I, II, III = "I", "II", "III"  # noqa: E741
# By T the stages with N0, N1 and N2 in the 8th edition; T2 alone may be T2a or T2b.
_BY_T: dict[str, tuple[set[str], set[str], set[str]]] = {
    "T1": ({I}, {II}, {III}),
    "T2a": ({I}, {II}, {III}),
    "T2b": ({II}, {II}, {III}),
    "T2": ({I, II}, {II}, {III}),
    "T3": ({II}, {III}, {III}),
    "T4": ({III}, {III}, {III}),
}
_N = ("N0", "N1", "N2")


def stages_of(t: str | None, n: str | None, edition: str = "") -> set[str]:
    """Return the stages, without metastases, that T and N leave open; empty where they tell none."""
    rows = [row for code, row in _BY_T.items() if t and _is(t, code)]
    if n == "N3":
        return {III}
    if not rows and n not in ("N0", "N1", "N2", "N2a", "N2b"):
        return set()
    columns = [i for i, code in enumerate(_N) if n and n[:2] == code] or [0, 1, 2]
    found = {s for row in rows or _BY_T.values() for i in columns for s in row[i]}
    single = n in ("N2", "N2a") and edition != "8" and (not rows or t in T1)
    # In the 9th edition one N2 station with T1 is stage IIB.
    return found | {II} if single else found


T1 = frozenset({"T1mi", "T1", "T1a", "T1b", "T1c"})


def _is(t: str, code: str) -> bool:
    return t == code or (code == "T1" and t in T1)
