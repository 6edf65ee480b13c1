"""Products by the beginnings of words of their titles, codes and SKUs, in any script.

The words are folded (catalog.folding) before they are kept, which no database does alike, and
each is kept with its first letters, so that a word half typed is looked up as quickly as a whole
one. They stand in the table product_search: SQLite's FTS5, or a tsvector of PostgreSQL.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, func, literal, literal_column
from sqlalchemy import delete as delete_rows
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, col, select

from catalog.folding import fold
from catalog.models import Product, Variant

# Letters of a word's beginnings that are looked up. A longer one is compared with what is found.
_SHORTEST, _LONGEST = 2, 5

_METADATA = MetaData()
_FTS5 = Table("product_search", _METADATA, Column("rowid", Integer, primary_key=True))
_FTS5.append_column(Column("words", Text))
_TSVECTOR = Table("product_search", MetaData(), Column("product_id", Integer, primary_key=True))
_TSVECTOR.append_column(Column("words", postgresql.TSVECTOR))


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search finds: a condition over `table`, whose `key` is the product's id."""

    table: Table
    key: Column[int]
    condition: Any


def index(session: Session, product_ids: Collection[int]) -> None:
    """Keep the words of these products as they are now. The caller keeps them to some hundreds."""
    texts: dict[int, list[str]] = {}
    wanted = col(Product.id).in_(product_ids)
    for id_, title, code, maker_id in session.exec(
        select(Product.id, Product.title, Product.code, Product.maker_id).where(wanted)
    ):
        texts[id_ or 0] = [title, code, _mark(maker_id)]
    of_those = col(Variant.product_id).in_(product_ids)
    for id_, sku in session.exec(select(Variant.product_id, Variant.sku).where(of_those)):
        texts[id_].append(sku)
    _write(session, {id_: indexed(said) for id_, said in texts.items()})


def _write(session: Session, words: dict[int, str]) -> None:
    if not words:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    table, key = (_FTS5, "rowid") if is_sqlite else (_TSVECTOR, "product_id")
    session.execute(delete_rows(table).where(table.c[key].in_(words)))
    if is_sqlite:
        rows = [{"rowid": id_, "words": said} for id_, said in words.items()]
        session.execute(table.insert(), rows)
        return
    each = (
        func.unnest(
            literal(list(words), postgresql.ARRAY(Integer)),
            literal(list(words.values()), postgresql.ARRAY(Text)),
        )
        .table_valued("id", "said")
        .render_derived()
    )
    vector = func.array_to_tsvector(func.string_to_array(func.btrim(each.c.said), " "))
    session.execute(table.insert().from_select([key, "words"], select(each.c.id, vector)))


def indexed(texts: Iterable[str]) -> str:
    """What is kept of some texts: their words and the words' beginnings, each between blanks."""
    kept = dict.fromkeys(part for text in texts for word in _words(text) for part in _parts(word))
    return f" {' '.join(kept)} "


def _parts(word: str) -> Iterator[str]:
    yield from (word[:length] for length in range(_SHORTEST, min(_LONGEST, len(word)) + 1))
    yield word


def _words(text: str) -> list[str]:
    return fold(text).replace("'", " ").split()


def _mark(maker_id: int) -> str:
    """A word that every product of a maker has: a search among theirs reads nobody else's."""
    return f"ofmaker{maker_id}"


def matches(session: Session, text: str, maker_id: int | None = None) -> Matches | None:
    """The products with all the words that `text` begins to say; None where it says none."""
    words = _words(text)
    if not words:
        return None
    mark = [_mark(maker_id)] if maker_id is not None else []
    if session.get_bind().dialect.name == "sqlite":
        return Matches(_FTS5, _FTS5.c.rowid, _in_fts5(words, mark))
    return Matches(_TSVECTOR, _TSVECTOR.c.product_id, _in_tsvector(words, mark))


def _in_fts5(words: list[str], mark: list[str]) -> Any:
    asked = " ".join(f'"{word}"' for word in [*(word[:_LONGEST] for word in words), *mark])
    condition: Any = literal_column("product_search").op("MATCH")(asked)
    for word in words:
        if len(word) > _LONGEST:
            condition &= _FTS5.c.words.contains(f" {word}", autoescape=True)
    return condition


def _in_tsvector(words: list[str], mark: list[str]) -> Any:
    beginnings = [f"'{word[:_LONGEST]}'" for word in words]
    longer = [f"'{word}':*" for word in words if len(word) > _LONGEST]
    marks = [f"'{word}'" for word in mark]
    asked = literal(" & ".join([*beginnings, *longer, *marks]), Text).cast(postgresql.TSQUERY)
    return _TSVECTOR.c.words.op("@@")(asked)
