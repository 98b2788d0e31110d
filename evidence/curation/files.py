"""Guidance as files that can live in version control: one YAML file for each source, finding and statement.

What is exported is what is in use: the published version of each statement, or else the newest that is being written,
and the revisions of findings and sources on which these rest. Nothing in these files is about a patient.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.db.models import Model
from django.utils.translation import gettext as _

from evidence.curation.in_use import InUse, in_use, waiting
from evidence.models import Finding, Source, StatementVersion
from evidence.services import CONTENT_FIELDS

KINDS = ("sources", "findings", "statements")
MOST_BYTES, MOST_FILES = 256 * 1024, 3000
# A code is the name of its file as well: nothing in it leads to another folder.
_CODE = re.compile(r"[A-Za-z0-9_-]+")
_NOT_TEXT = {"id", "public_id", "revision", "source", "delivered_sha256"}


class Written(NamedTuple):
    """How many files were written, and a sentence for each delivery that waits beside what is in them."""

    number: int
    waiting: list[str]


class FilesRefused(Exception):
    """Files that are not read; `problems` says each in words."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class _Plain(yaml.SafeLoader):
    """Safe, and without references: a few lines cannot unfold into a great many."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse a reference to another place of the file."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError(_("a file holds no references (&, *)."))
        return super().compose_node(parent, index)


class _Block(yaml.SafeDumper):
    """Long texts over several lines, so that a change shows as the lines that changed."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def _text(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Block.add_representer(str, _text)


def text_fields(model: type[Model]) -> tuple[str, ...]:
    """The fields of a source or finding that say something, in their order."""
    return tuple(x.name for x in model._meta.concrete_fields if x.name not in _NOT_TEXT)


def source_content(source: Source) -> dict[str, Any]:
    """A source as plain values."""
    return {name: getattr(source, name) for name in text_fields(Source)}


def finding_content(finding: Finding) -> dict[str, Any]:
    """A finding as plain values, with the code of its source."""
    content = {name: getattr(finding, name) for name in text_fields(Finding)}
    return {**content, "source": finding.source.code}


def version_content(version: StatementVersion) -> dict[str, Any]:
    """What a version says as plain values, with the codes of what it rests on."""
    content = {name: getattr(version, name) for name in CONTENT_FIELDS}
    review_by: date | None = version.review_by
    return {
        **content,
        "review_by": review_by.isoformat() if review_by else None,
        "findings": [link.finding.code for link in version.version_findings.all()],
        "sources": [link.source.code for link in version.version_sources.all()],
    }


def exported(held: InUse) -> Iterator[tuple[str, str]]:
    """Every file as its relative path and its text."""
    for source in held.sources.values():
        yield _file("sources", source.code, source_content(source))
    for finding in held.findings.values():
        yield _file("findings", finding.code, finding_content(finding))
    for version in held.versions:
        code = version.statement.code
        yield _file("statements", code, {"code": code, **version_content(version)})


def write(folder: Path) -> Written:
    """Write every file into `folder`; return how many, and which deliveries wait beside what is in use."""
    held, number = in_use(), 0
    for name, text in exported(held):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        number += 1
    return Written(number, waiting(held))


def archive() -> bytes:
    """Every file in one ZIP file, and beside them which deliveries wait, if any does."""
    held, packed_bytes = in_use(), io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in exported(held):
            packed.writestr(f"evidence/{name}", text)
        if lines := waiting(held):
            packed.writestr("evidence/waiting.txt", "".join(f"{line}\n" for line in lines))
    return packed_bytes.getvalue()


def read(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Every file of `folder` by kind and code. Raises FilesRefused with all that is wrong, one line each."""
    found: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
    problems: list[str] = []
    paths = [path for kind in KINDS for path in sorted((folder / kind).glob("*.yaml"))]
    if len(paths) > MOST_FILES:
        raise FilesRefused([_("There are more than %(n)s files.") % {"n": MOST_FILES}])
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        try:
            content = _read(path)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
            problems.append(f"{name}: {' '.join(str(error).split())}")
            continue
        if content["code"] != path.stem:
            problems.append(_("%(name)s: its code has to be the file's name.") % {"name": name})
        found[path.parent.name][path.stem] = content
    if not paths:
        problems.append(_("There is no file in sources, findings or statements."))
    if problems:
        raise FilesRefused(problems)
    return found


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(_("it is larger than %(n)s kB.") % {"n": MOST_BYTES // 1024})
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Plain)  # noqa: S506
    if not isinstance(content, dict) or not isinstance(content.get("code"), str):
        raise ValueError(_("it has to hold fields with a code among them."))
    return content


def unfit_code(code: str) -> str:
    """Why a code cannot be the name of a file; empty where it can."""
    if _CODE.fullmatch(code):
        return ""
    return _("a code has letters, digits, hyphens and underscores alone.")


def _file(kind: str, code: str, content: Mapping[str, Any]) -> tuple[str, str]:
    if why := unfit_code(code):
        raise FilesRefused([f"{kind} {code}: {why}"])
    text = yaml.dump(dict(content), Dumper=_Block, sort_keys=False, allow_unicode=True, width=100)
    return f"{kind}/{code}.yaml", text
