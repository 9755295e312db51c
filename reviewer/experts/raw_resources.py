"""Databases, servers and processes of a host: what reaches everything, known by the module that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from reviewer.code.syntax import Imported

RAW: Final = {
    "pg": "the database",
    "mysql": "the database",
    "mysql2": "the database",
    "mysql2/promise": "the database",
    "mongodb": "the database",
    "mongoose": "the database",
    "knex": "the database",
    "sequelize": "the database",
    "typeorm": "the database",
    "kysely": "the database",
    "drizzle-orm": "the database",
    "better-sqlite3": "the database",
    "sqlite3": "the database",
    "node:sqlite": "the database",
    "@prisma/client": "the database",
    "redis": "the store of all",
    "ioredis": "the store of all",
    "express": "the server",
    "fastify": "the server",
    "koa": "the server",
    "http": "the server",
    "node:http": "the server",
    "events": "the emitter",
    "node:events": "the emitter",
    "eventemitter3": "the emitter",
    "electron": "the window or application",
    "child_process": "the processes",
    "node:child_process": "the processes",
    "asyncpg": "the database",
    "psycopg": "the database",
    "psycopg2": "the database",
    "pymongo": "the database",
    "aiosqlite": "the database",
    "sqlalchemy": "the database",
    "sqlalchemy.orm": "the database",
    "sqlalchemy.ext.asyncio": "the database",
    "redis.asyncio": "the store of all",
    "flask": "the server",
    "fastapi": "the server",
    "aiohttp.web": "the server",
    "subprocess": "the processes",
}
"""Modules whose objects reach everything, and what they are."""
_NOTRAW: Final = word_set(
    "request response req res options config result row rows error type types schema query static event "
    "incomingmessage serverresponse requesthandler nextfunction incominghttpheaders"
)
"""Words of types of such modules that carry no power by themselves."""
_NAMED: Final = regex(r"\b([A-Za-z]\w*)(?:\.(\w+))?")


def raw_type(annotation: str, imported: dict[str, Imported]) -> str:
    """Return what a type of such a module is, where a member is declared as one and not as a function of it."""
    if "=>" in annotation or "Callable" in annotation:
        return ""
    for name, part in _NAMED.findall(annotation):
        one = imported.get(name)
        if one is not None and not set(words(part or name)) & _NOTRAW and (part or name).lower() not in _NOTRAW:
            return RAW[one.source]
    return ""
