"""Imports at work in a serving process: one thread, which takes them one after the other."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Lock

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from images.fetch import Web
from jobs import import_runs
from jobs.import_models import WORKING, ImportRun
from jobs.import_runs import (
    ImportRoom,
    Task,
    apply_import,
    check_import,
    left_behind,
    settle,
)
from jobs.locks import Hold
from jobs.texts import register_all
from trade_ma.database import take_statistics
from trade_ma.identity.audit import audit
from trade_ma.identity.principal import Principal
from trade_ma.installation import App

# Seconds between two looks at an import that is followed, and the longest that it is.
LOOK, LONGEST = 0.5, 600.0


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for an import to be applied, and by which request."""

    principal: Principal
    request_id: str


class ImportWork:
    """The imports that this process has in hand. Safe between threads.

    Its lock, a slot among those of all processes, tells others that it lives.
    """

    def __init__(self, app: App, web: Web | None = None) -> None:
        self._app = app
        self._lock = Lock()
        self._slot = ""
        self._hold: Hold | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="imports")
        self.room = ImportRoom(app.session, app.photos, imports_folder(app), web)

    def slot(self) -> str:
        """The name of this process's lock, taken when it is first asked for.

        Call it before the request writes: it writes down what a former holder left behind.
        """
        with self._lock:
            if self._hold is None or not self._hold.held():
                self._slot, self._hold = self._taken()
            return self._slot

    def _taken(self) -> tuple[str, Hold]:
        for number in count():
            name = f"imports-{number}"
            if hold := self._app.locks.take(name):
                with self._app.session() as session:
                    left_behind(session, name)
                    session.commit()
                return name, hold
        raise AssertionError("numbers do not end")

    def check(self, task: Task) -> None:
        """Begin the check that a request has claimed and committed."""
        self._thread.submit(check_import, self.room, task)

    def apply(self, task: Task, asking: Asking) -> None:
        """Begin to take a claimed import into the catalog, with its entry in the audit trail."""

        def also(session: Session, run_id: int) -> None:
            totals = session.get_one(ImportRun, run_id).totals
            obj, asked = f"import:{run_id}", asking.request_id
            audit(session, asking.principal, "import.apply", obj, after=totals, request_id=asked)

        self._thread.submit(apply_import, self.room, task, also)
        self._thread.submit(register_all, self._app.session)
        self._thread.submit(take_statistics, self._app.engine)

    async def followed(
        self, run_id: int, drawn: Callable[[Session, ImportRun], bytes]
    ) -> AsyncIterator[bytes]:
        """An import as it goes, `drawn` again and again until nobody is at work on it."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            piece, goes_on = await run_in_threadpool(self._look, run_id, drawn)
            yield piece
            if not goes_on:
                return
            await asyncio.sleep(LOOK)

    def _look(
        self, run_id: int, drawn: Callable[[Session, ImportRun], bytes]
    ) -> tuple[bytes, bool]:
        with self._app.session() as session:
            run = session.get(ImportRun, run_id)
            if run is None:
                return b"", False
            settle(session, self._app.locks, run)
            session.commit()
            return drawn(session, run), run.state in WORKING

    def close(self) -> None:
        """Wait for the import at work, and let go of the lock."""
        self._thread.shutdown(cancel_futures=True)
        if self._hold is not None:
            self._hold.release()
            self._hold = None


def imports_folder(app: App) -> Path:
    """Where the files of imports are kept until they are removed."""
    return app.settings.data_dir / "imports"


def remove_old(app: App, now: datetime) -> int:
    """Forget the imports that nobody touched for two weeks; how many these were."""
    with app.session() as session:
        removed = import_runs.remove_old(session, imports_folder(app), now)
        session.commit()
    return removed
