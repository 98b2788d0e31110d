"""Every form that posts is drawn by the two macros that see to it that nothing typed is lost."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT, name

# Where a form may be written out, and why.
WRITTEN_OUT = {
    "templates/components/posting.html": "the macros themselves",
    "templates/layout/_header.html": "signing out: the session is meant to end",
    "templates/styleguide/fields.html": "an example that is never sent",
}
POSTS = re.compile(r"<form(?![^>]*method=\"get\")", re.I)


def test_forms_that_post_are_drawn_by_the_macros():
    found = {name(p) for p in (ROOT / "templates").rglob("*.html") if POSTS.search(p.read_text())}
    assert found == set(WRITTEN_OUT)


def test_rule_about_forms_can_fail():
    assert POSTS.search('<form class="x" method="post">') and POSTS.search("<form>")
    assert not POSTS.search('<form class="x" method="get" action="/">')
