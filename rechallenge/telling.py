"""Where what is told after a step waits for the next page."""

from __future__ import annotations

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage


class Telling(FallbackStorage):
    """In the session, on the server, of whoever is signed in: it may name what was typed of a patient.

    Of whoever is signed out, who is told nothing of patients, in a cookie, so that no session is begun for it.
    """

    def _get(self, *args: Any, **options: Any) -> tuple[list[Any], bool]:
        found: list[Any] = []
        for storage in self.storages:
            messages, _all = storage._get()
            if messages:
                self._read.add(storage)
                found.extend(messages)
        return found, True

    def _store(self, messages: Any, response: Any, *args: Any, **options: Any) -> Any:
        cookie, session = self.storages
        used, other = (session, cookie) if self.request.user.is_authenticated else (cookie, session)
        if other in self._read:
            other._store([], response, *args, **options)
        if messages or used in self._read:
            messages = used._store(messages, response, *args, **options)
        return messages

    @property
    def _read(self) -> set[Any]:
        """The places in which something waited."""
        places: set[Any] = self._used_storages  # type: ignore[attr-defined]
        return places
