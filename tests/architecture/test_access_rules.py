"""Every address has a rule that says who may call it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.views.generic import RedirectView

from accounts.access import AccessRule

# Views of libraries, with the rule that the library itself enforces.
LIBRARIES = {
    "allauth": "allauth asks for a session where one is needed",
    "django.contrib.admin": "the admin site lets only staff in; each model asks for its permission",
}


def patterns(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every address and its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


def rule_of(pattern: URLPattern) -> AccessRule | None:
    """Return the rule of an address's view."""
    return getattr(pattern.callback, "access_rule", None)


def methods_of(pattern: URLPattern) -> set[str] | None:
    """Return the methods that a view declares by Django's decorators, or None where it declares none."""
    view: Any = pattern.callback
    while view is not None:
        held = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in held:
            return set(held["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return None


def module_of(pattern: URLPattern) -> str:
    """Return the module of the view that a pattern calls."""
    view = pattern.callback
    view = getattr(view, "model_admin", None) or getattr(view, "view_class", None) or view
    return getattr(view, "__module__", "")


def is_library(pattern: URLPattern) -> bool:
    """Whether the view comes from a library with rules of its own, or from the admin site."""
    module = module_of(pattern)
    return module.startswith(tuple(LIBRARIES)) or str(pattern.lookup_str).startswith(
        ("django.contrib.admin", "django.views.generic.base.RedirectView")
    )


def test_every_view_has_a_rule():
    found = [
        path
        for path, p in patterns()
        if not rule_of(p) and not is_library(p) and not path.startswith("admin/")
    ]
    assert not found


def test_a_password_is_set_by_the_sign_ins_own_views_alone():
    """The admin's would know no limit and no trail: its address leads on to the one that does."""
    match = resolve("/admin/password_change/")
    assert match.func.view_class is RedirectView
    assert match.func.view_initkwargs == {"pattern_name": "account_change_password"}


def test_walk_finds_views_of_every_application():
    modules = {module_of(p).split(".")[0] for _path, p in patterns() if rule_of(p)}
    assert {"cases", "evidence", "followup", "meetings"} <= modules


def test_public_views_say_why():
    for path, pattern in patterns():
        rule = rule_of(pattern)
        if rule and not rule.permission:
            assert len(rule.public_because) > 10, path


def test_every_view_declares_its_methods():
    undeclared = [path for path, p in patterns() if rule_of(p) and not methods_of(p)]
    assert undeclared == []


def test_the_walk_reads_declared_methods():
    from django.views.decorators.http import require_POST

    def plain(request):
        return None

    for view, methods in ((plain, None), (require_POST(plain), {"POST"})):
        pattern = URLPattern(None, view)
        assert methods_of(pattern) == methods
