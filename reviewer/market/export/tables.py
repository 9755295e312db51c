"""What is exported of a run: every table in an order, and with numbers, that no accident of the run has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import fields

from reviewer.market.records import ROWS, SCALARS, SubjectRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.market.reading import MarketReader


class Column(NamedTuple):
    """A column and what its values are: ``text``, ``number`` or ``truth``."""

    name: str
    kind: str


class Table(NamedTuple):
    """One table of an export."""

    name: str
    columns: tuple[Column, ...]
    sql: str

    def rows(self, reader: MarketReader, run: int) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a run in their order."""
        truths = [place for place, column in enumerate(self.columns) if column.kind == "truth"]
        for row in reader.ask(self.sql, run):
            values = list(row)
            for place in truths:
                values[place] = bool(values[place])
            yield tuple(values)


_KINDS: Final = {str: "text", int: "number", bool: "truth"}


def _columns(kind: type[Any], names: tuple[str, ...] | None = None) -> tuple[Column, ...]:
    return tuple(Column(one.name, _KINDS[one.type]) for one in fields(kind) if names is None or one.name in names)


def _sql(table: str, columns: tuple[Column, ...], order: str) -> str:
    """Return the query of what belongs to subjects; the joins stand in the order that needs no sorting."""
    names = ", ".join(f'{table}."{column.name}"' for column in columns)
    joined = "entry CROSS JOIN subject ON subject.result = entry.result"
    if table != "subject":
        joined += f" CROSS JOIN {table} ON {table}.subject = subject.id"
        names = f"subject.number, {names}"
    return f"SELECT entry.number, {names} FROM {joined} WHERE entry.run = ? ORDER BY {order}"  # noqa: S608 - our own names


def _all() -> Iterator[Table]:
    run = tuple(Column(name, "text") for name in ("tool", "rules", "settings", "sources"))
    yield Table("run", run, "SELECT tool, rules, settings, sources FROM run WHERE id = ?")
    number = Column("number", "number")
    texts = ("source", "name", "version", "path", "expected", "digest", "state", "error")
    entry = (number, *(Column(name, "text") for name in texts))
    asked = f"SELECT number, {', '.join(texts)} FROM entry WHERE run = ? ORDER BY number"  # noqa: S608 - our own names
    yield Table("entry", entry, asked)
    owner = Column("entry", "number")
    scalars = (number, *_columns(SubjectRow, SCALARS))
    yield Table("subject", (owner, *scalars), _sql("subject", scalars, "entry.number, subject.number"))
    for name, (_held, kind) in ROWS.items():
        own = (number, *_columns(kind))
        order = f"entry.number, subject.number, {name}.number"
        yield Table(name, (owner, Column("subject", "number"), *own), _sql(name, own, order))


TABLES: Final = tuple(_all())
"""Every table: the run, its entries, their subjects, and what belongs to a subject."""
