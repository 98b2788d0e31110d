"""In monitoring, today is the day it is at the board: the sweeps go by it, so what people enter has to as well."""

from __future__ import annotations

import ast

from tests.architecture.sources import name, python_files, tree

OF_THE_SITE = {"localdate", "localtime", "today"}


def asked(node: ast.AST) -> bool:
    """Whether a node asks for the day as it is at this site."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in OF_THE_SITE
    )


def test_monitoring_asks_for_the_day_of_a_board():
    """By `accounts.zones.today_of` and `day_of`; a list of several boards by `today_among`."""
    found = {
        name(path) for path in python_files("followup") if any(map(asked, ast.walk(tree(path))))
    }
    assert found == set()


def test_the_search_sees_each_way():
    for line in ("timezone.localdate()", "date.today()", "timezone.localtime(x).date()"):
        assert any(map(asked, ast.walk(ast.parse(line)))), line
