"""The SKUs of a file met so far, outside memory: a file may be of any length."""

import sqlite3


class Seen:
    """Where each SKU of a file stood first. SKUs that differ in case alone count as one."""

    def __init__(self) -> None:
        # An empty name is a database in a temporary file, which SQLite deletes on closing.
        self._base = sqlite3.connect("")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("CREATE TABLE seen (sku TEXT PRIMARY KEY, record INTEGER) WITHOUT ROWID")

    def first(self, sku: str, record: int) -> int:
        """The record where `sku` was met first: `record` itself the first time."""
        found = self._base.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO UPDATE SET record = record"
            " RETURNING record",
            (sku.casefold(), record),
        ).fetchone()
        return int(found[0])

    def close(self) -> None:
        """Give the space back."""
        self._base.close()
