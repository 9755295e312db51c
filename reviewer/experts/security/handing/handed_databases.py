"""Connections to a database among what a plugin is handed, and functions that run whatever statement it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Call, Expr, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.raw_resources import RAW, raw_type
from reviewer.experts.registry.sql_statements import runs
from reviewer.experts.security.handing.handed import functions_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Imported
    from reviewer.experts.security.handing.handed import Handed

_DATABASES: Final = frozenset({"db", "database", "connection", "conn", "pool", "engine", "cursor", "session"})
_CONNECTS: Final = frozenset({"connect", "connection", "engine", "pool", "database", "cursor", "client"})
_OF_OTHERS: Final = frozenset({"pool", "engine", "session", "cursor"})
"""Names of parts of databases that threads, templates, games and editors have, too."""
_STORES: Final = word_set(
    "db database dsn sql sqlite postgres postgresql pg mysql maria mongo knex sqlalchemy psycopg asyncpg prisma"
)
_SURELY: Final = word_set("db database knex sqlite postgres postgresql mysql mongo prisma sequelize")
"""Last words of what nothing but a host's way to its data is called."""
_ALL_DATA: Final = frozenset({"the database", "the store of all"})
_ABOUT: Final = frozenset(
    "version name url uri path id size schema type kind status state error config settings".split()
)
"""Last words of what is only told about a database."""


def database(module: Module, thing: Handed) -> Match | None:
    """Find a connection to the database among what a plugin can read."""
    for name, place, value in thing.open:
        made = module.scopes.origin(value)
        call = strip(made) if isinstance(made, Expr) else None
        if name.startswith(("_", "#")):
            continue
        told = set(words(name)[-1:]) & _ABOUT
        typed = thing.followed and raw_type(declared_type(module, value), _imported(module)) in _ALL_DATA
        called = thing.followed and not told and _is_called_database(value)
        connected = isinstance(call, Call) and set(words(name)) & _DATABASES and not told and _connects(name, call)
        if connected or typed or called or _is_queried(module, name, value):
            return Match(
                place,
                f"'{name}' hands the host's own connection to the database to every plugin, whatever it was granted: "
                "each table is in its reach.",
            )
    return None


def _imported(module: Module) -> dict[str, Imported]:
    return {one.local: one for one in module.imports if one.source in RAW}


def _is_called_database(value: Expr) -> bool:
    """Tell whether a value is a part of the host that is called a database, as it is: ``stage.knex``."""
    held = strip(value)
    return isinstance(held, Member) and bool(set(words(held.name)[-1:]) & _SURELY)


def statements(module: Module, thing: Handed) -> Match | None:
    """Find a function among what a plugin can call that runs whatever statement it is told."""
    for name, value in functions_of(thing):
        told = [param.name for param in value.params]
        for call in find(value, Call) if told else ():
            first = strip(call.args[0]) if call.args and call.receiver is not None else None
            if not isinstance(first, Name) or first.id not in told:
                continue
            raw = set(words(call.name)) & {"query", "execute", "exec", "sql", "prepare"}
            if raw and path_words(call.receiver) & (_DATABASES | _STORES):
                return Match(
                    call,
                    f"'{name}' runs whatever statement a plugin tells it on '{short(module.text_of(call.callee))}', "
                    "whatever it was granted: each table is in its reach.",
                )
    return None


def _is_queried(module: Module, name: str, value: Expr) -> bool:
    """Tell whether statements are run on something, handed in or where it is kept: ``db.execute("UPDATE …")``."""
    spelled = {f"this.{name}", f"self.{name}"}
    if isinstance(strip(value), Name | Member):
        spelled.add(module.text_of(strip(value)))
    return any(run.call.receiver is not None and module.text_of(run.call.receiver) in spelled for run in runs(module))


def _connects(name: str, call: Call) -> bool:
    """Tell whether a call connects with a database, by its own name and, where that may be another's, by its words."""
    if not set(words(call.name)) & _CONNECTS:
        return False
    if set(words(name)) & _DATABASES - _OF_OTHERS:
        return True
    of_connection = call.name == "cursor" and call.receiver is not None
    return of_connection or bool(said_in(call) & _STORES)
