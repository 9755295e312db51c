"""REG070, REG071: tables of plugins that hold one version twice, and statements that write over one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Call, Literal, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.paths import last_name
from reviewer.experts.patterns.vocabulary import names_tenant
from reviewer.experts.registry.sql_statements import runs_in
from reviewer.experts.registry.sql_text import (
    CREATE,
    NAME,
    UNIQUE,
    body,
    column,
    columns,
    parts,
    place,
    sql_files,
    without_comments,
)
from reviewer.experts.registry.vocabulary import DIGESTS, PLUGINS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_INDEX: Final = regex(rf"\bcreate\s+unique\s+index\b[^;]{{0,120}}?\bon\s+{NAME}\s*\(([^)]*)\)", re.IGNORECASE)
_PLAIN_INDEX: Final = regex(rf"\bcreate\s+index\b[^;]{{0,120}}?\bon\s+{NAME}\s*\(([^)]*)\)", re.IGNORECASE)
_SELECT: Final = regex(rb"(?i:\bselect\s)")
_WHERE: Final = regex(rb"(?i:\bwhere\s)")
_REPLACE: Final = regex(rf"\b(?:insert\s+or\s+replace|replace)\s+into\s+{NAME}", re.IGNORECASE)
_UPSERT: Final = regex(
    rf"\binsert\s+into\s+{NAME}[^;]{{0,600}}?\bon\s+(?:conflict|duplicate)\b[^;]{{0,200}}?\bupdate\b", re.IGNORECASE
)
_BY_VERSION: Final = regex(
    rf"\bselect\b[^;]{{0,800}}?\bfrom\s+{NAME}[^;]{{0,400}}?\b(?:where\b[^;]{{0,300}}?\bversion\s*=|order\s+by\s+\w{{0,20}}\.?version\b)",
    re.IGNORECASE,
)
_ONE_VERSION: Final = regex(r"\bwhere\b[^;]{0,300}?\bversion\s*=", re.IGNORECASE)
_CONFLICTS_ON: Final = regex(r"\bon\s+conflict\s*\(([^)]{0,200})\)", re.IGNORECASE)
_NEW_VALUE: Final = regex(r"\b(\w{2,24})\s*=\s*(?:excluded\s*\.|values\s*\()", re.IGNORECASE)
_ASKS_FIRST: Final = regex(r"\bwhere\b", re.IGNORECASE)
_TENANT: Final = regex(r"^(?:tenant|organi[sz]ation|org|workspace|account|customer|team)(?:_?id)?$")
_PASSING: Final = regex(
    r"(?:log|audit|event|history|download|metric|rating|review|setting|state|tag|grant|permission)s?$"
)
_ASKS: Final = regex(rf"\b(?:from|update)\s+{NAME}\b[^;]{{0,300}}?\bwhere\b([^;]{{0,600}})", re.IGNORECASE)
_EQUAL: Final = regex(r"(\w+)\s*=\s*(?:\?|:\w|%s|\$\d|x\b)")
_SEVERAL: Final = 2
"""More statements than that show that a column is asked for by habit."""
_CONFLICT: Final = ("onConflict", "on_conflict", "insert", "values")
_NAMED: Final = frozenset({"id", "name", "slug", "key", "handle", "package", "plugin_id", "identifier", "coordinate"})


@subject_check("REG070")
def version_not_unique(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the tables of the SQL files of a subject."""
    asked = _asked_by_version(inquiry)
    for path, text in sql_files(inquiry.subject):
        for start, end, message in _loose_tables(text, asked, _asked_together(inquiry), _asked_by_habit(inquiry)):
            yield Match(place(path, text, start, end), message)


@module_check("REG070", words={"create", "table"})
def version_not_unique_in_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the tables that statements in code create."""
    if module.is_test:
        return
    for node, text in texts(module):
        if not CREATE.search(text):
            continue
        by_version, together = _asked_by_version(inquiry), _asked_together(inquiry)
        for start, end, message in _loose_tables(without_comments(text), by_version, together, _asked_always(module)):
            yield Match(_within(module, node, text, start, end), message)


def _within(module: Module, node: Expr, text: str, start: int, end: int) -> Node | Location:
    """Return the lines of a long text that a stretch of it stands on, and the text itself where it has holes."""
    source = module.text_of(node)
    at = source.find(text[start:end])
    if at < 0 or "\n" not in source:
        return node
    line = node.line + source.count("\n", 0, at)
    return Location(module.path, line, 1, line + text.count("\n", start, end), 1)


def _asked_always(module: Module) -> dict[str, frozenset[str]]:
    """Return, by table, the columns by which every statement of a file asks: whose rows they are."""
    found: dict[str, list[frozenset[str]]] = {}
    for _node, text in texts(module):
        for hit in _ASKS.finditer(text):
            equal = frozenset(name.lower() for name in _EQUAL.findall(hit.group(2)))
            found.setdefault(hit.group(1).lower(), []).append(equal)
    return {table: frozenset.intersection(*asked) for table, asked in found.items() if len(asked) > _SEVERAL}


def _asked_by_habit(inquiry: Inquiry) -> dict[str, frozenset[str]]:
    """Return, by table, the columns by which statements of the subject ask, all of them but for one at the most."""
    kept = inquiry.memory.get("registry.asked_by_habit")
    if not isinstance(kept, dict):
        worth = inquiry.project.modules(naming={"where", "WHERE"}, tests=False, showing=_WHERE.search)
        asked: dict[str, Counter[str]] = {}
        total: Counter[str] = Counter()
        for hit in (hit for module in worth for _node, text in texts(module) for hit in _ASKS.finditer(text)):
            table = hit.group(1).lower()
            total[table] += 1
            asked.setdefault(table, Counter()).update({name.lower() for name in _EQUAL.findall(hit.group(2))})
        kept = inquiry.memory["registry.asked_by_habit"] = {
            table: frozenset(name for name, n in names.items() if n > _SEVERAL and n >= total[table] - 1)
            for table, names in asked.items()
        }
    return kept


def _asked_by_version(inquiry: Inquiry) -> frozenset[str]:
    """Return the tables of which statements in code read one version of several, or the newest of them."""
    kept = inquiry.memory.get("registry.asked_by_version")
    if not isinstance(kept, frozenset):
        worth = inquiry.project.modules(naming={"version"}, tests=False, showing=_SELECT.search)
        reads = (text for module in worth for _node, text in texts(module) if "select" in text.lower())
        kept = frozenset(hit.group(1).lower() for text in reads for hit in _BY_VERSION.finditer(text))
        inquiry.memory["registry.asked_by_version"] = kept
    return kept


def _asked_together(inquiry: Inquiry) -> dict[str, frozenset[frozenset[str]]]:
    """Return, by table, the sets of columns by which statements in code ask for a row."""
    kept = inquiry.memory.get("registry.asked_together")
    if not isinstance(kept, dict):
        worth = inquiry.project.modules(naming={"where", "WHERE"}, tests=False, showing=_WHERE.search)
        hits = [hit for module in worth for _node, text in texts(module) for hit in _ASKS.finditer(text)]
        found: dict[str, set[frozenset[str]]] = {}
        for hit in hits:
            equal = frozenset(name.lower() for name in _EQUAL.findall(hit.group(2)))
            found.setdefault(hit.group(1).lower(), set()).add(equal)
        kept = inquiry.memory["registry.asked_together"] = {name: frozenset(asked) for name, asked in found.items()}
    return kept


@module_check("REG071", words={"insert", "replace", "merge", "upsert"})
def version_overwritten(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for statements that write over a version which is there."""
    if module.is_test:
        return
    for node, text in texts(module):
        for pattern, sure in ((_REPLACE, True), (_UPSERT, False)):
            hit = pattern.search(text)
            if hit is None or _one_row_each(text):
                continue
            said = set(re.findall(r"\w+", text.lower())) | _columns_of(module, hit.group(1))
            if "version" not in said:
                continue
            if not of_plugins(hit.group(1)) and not _keeps_packages(hit.group(1), said):
                continue
            if _only_where_absent(module, node, hit.group(1)):
                continue
            yield Match(
                node,
                f"A version that is in '{hit.group(1)}' already is written over: its users get other bytes under the "
                "same number.",
                confidence=None if sure or _changes_digest(text) else Confidence.POSSIBLE,
            )
            break
    yield from _by_objects(module)


def _changes_digest(text: str) -> bool:
    """Tell whether a statement gives a version that is there the digest of other bytes, and asks nothing first."""
    given = [hit for hit in _NEW_VALUE.finditer(text) if hit.group(1).lower() in DIGESTS]
    return bool(given) and not _ASKS_FIRST.search(text, given[-1].end())


def _only_where_absent(module: Module, statement: Node, table: str) -> bool:
    """Tell whether the function read the very version before, and went away where it was there."""
    function = function_of(statement)
    asked = [
        run.call
        for run in (runs_in(function) if function is not None else ())
        if run.verb == "select" and table.lower() in run.tables and _ONE_VERSION.search(run.text)
    ]
    return any(
        isinstance(bound, Assign) and bound.value is not None and any(inside(call, bound.value) for call in asked)
        for condition in conditions(statement)
        for name in find(condition.test, Name)
        for bound in module.scopes.lookup(name.id, name)
    )


def _one_row_each(text: str) -> bool:
    """Tell whether a row is written over by a key without a version: what is installed, and not what was published."""
    key = _CONFLICTS_ON.search(text)
    return key is not None and not any("version" in name or name in DIGESTS for name in columns(key.group(1)))


def _columns_of(module: Module, table: str) -> set[str]:
    """Return the columns of a table that the same file creates: a statement without a list of them fills them all."""
    for _node, text in texts(module):
        for hit in CREATE.finditer(text):
            if hit.group(1).lower() == table.lower():
                return {name for part in parts(body(text, hit.end())) if (one := column(part)) for name in one[:1]}
    return set()


def _by_objects(module: Module) -> Iterator[Match]:
    """Find versions that an object mapper writes over: ``session.merge(Release(…))``."""
    for call in module.calls(("merge", "upsert", "replaceOne", "replace_one")):
        made = module.scopes.origin(call.args[0]) if call.args else None
        kind = made.name if isinstance(made, Call) else _built_on(call) or last_name(call.receiver)
        if not set(words(kind)) & {"release", "releases", "version", "versions"}:
            continue
        yield Match(
            call,
            f"A version that is there already is written over by '{call.name}': its users get other bytes under the "
            "same number.",
        )


def _built_on(call: Call) -> str:
    """Return the table of a statement that is built: ``db("releases").insert(…).onConflict(…).merge()``."""
    conflict, inner = False, call.receiver
    while isinstance(inner, Call):
        conflict = conflict or inner.name in ("onConflict", "on_conflict")
        first = strip(inner.args[0]) if inner.args else None
        if conflict and isinstance(first, Literal) and isinstance(first.value, str) and inner.name not in _CONFLICT:
            return first.value
        inner = inner.receiver
    return ""


def texts(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the texts of a module that may be statements, with ``x`` for each hole."""
    for node in module.some(Literal, Template):
        if isinstance(node, Literal) and isinstance(node.value, str):
            if len(node.value) > 20 and not isinstance(node.parent, Template):
                yield node, node.value[:20_000]
        elif isinstance(node, Template):
            text = " ".join(str(item.value) if isinstance(item, Literal) else "x" for item in node.items)
            yield node, text[:20_000]


def of_plugins(table: str) -> bool:
    """Tell whether a table is one of plugins by its name, and not of what passes about them."""
    name = table.lower()
    return bool(set(re.split(r"_|\d+", name)) & PLUGINS) and not _PASSING.search(name)


def _keeps_packages(table: str, names: set[str]) -> bool:
    """Tell whether a table holds versions of things by name, with the digests of their bytes."""
    named = names & (_NAMED | {f"{table.lower().removesuffix('s')}_id"})
    return bool(names & DIGESTS) and bool(named) and not _PASSING.search(table.lower())


def _filled(name: str, made: list[tuple[str, str]]) -> bool:
    """Tell whether a column always says something."""
    return any(one == name and re.search(r"\bnot\s+null\b", rest, re.IGNORECASE) for one, rest in made)


def _loose_tables(
    text: str,
    asked: frozenset[str],
    together: dict[str, frozenset[frozenset[str]]],
    always: dict[str, frozenset[str]] | None = None,
) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, message) of the tables of plugins in which a version can stand twice."""
    indexes = [(hit.group(1).lower(), columns(hit.group(2))) for hit in _INDEX.finditer(text)]
    always = always or {}
    for hit in CREATE.finditer(text):
        table = hit.group(1)
        inner = body(text, hit.end())
        made = [one for one in (column(part) for part in parts(inner)) if one]
        names = {name for name, _rest in made}
        if "version" not in names or not (of_plugins(table) or _keeps_packages(table, names)):
            continue
        unique = [columns(found) for found in UNIQUE.findall(inner)]
        unique += [{name} for name, rest in made if re.search(r"\bprimary\s+key\b|\bunique\b", rest, re.IGNORECASE)]
        unique += [found for owner, found in indexes if owner == table.lower()]
        natural = [found for found in unique if not _surrogate(found, made)]
        tenants = {name for name in names if _TENANT.match(name) or (names_tenant(name) and _filled(name, made))}
        shared = always.get(table.lower(), frozenset()).difference(_NAMED, {"version"}, *natural)
        tenants |= {name for name in names & shared if _filled(name, made) and name == made[0][0]}
        message = _judge(table, names, natural, tenants, several=table.lower() in asked)
        if not message:
            message = _judge_rows(table, natural, tenants, together.get(table.lower(), frozenset()))
            if message and (column_at := _unique_column(inner, natural)) is not None:
                yield hit.end() + column_at.start(), hit.end() + column_at.end(), message
                continue
        if message:
            index = _index_of_versions(text, table)
            key = UNIQUE.search(inner) if "leaves out" in message else None
            if key is not None:
                yield hit.end() + key.start(), hit.end() + key.end(), message
            else:
                yield (*(index or hit).span(), message)


def _index_of_versions(text: str, table: str) -> re.Match[str] | None:
    """Return the index over the versions of a table that was made without being unique, or None."""
    return next(
        (
            found
            for found in _PLAIN_INDEX.finditer(text)
            if found.group(1).lower() == table.lower() and "version" in columns(found.group(2))
        ),
        None,
    )


def _judge(table: str, names: set[str], natural: list[set[str]], tenants: set[str], *, several: bool) -> str:
    """Say what is wrong with the unique keys of a table, or nothing."""
    if not any("version" in found or found <= {"digest", "sha256", "hash", "checksum"} for found in natural):
        ids = next(
            (name for name in ("plugin_id", "package_id", "extension_id", "name", "slug", "id") if name in names), "id"
        )
        short = next(
            (
                found
                for found in natural
                if any(one == ids or f"{one}s" == table.lower() or _names_one(one) for one in found)
            ),
            None,
        )
        if short is not None and several:
            return (
                f"The unique key of '{table}' leaves out the version, and statements ask for one version of several: "
                "the second one replaces the first, or can't be stored."
            )
        if short is not None:
            return ""  # one row for a plugin, whatever its version
        return f"'{table}' has no unique key over {ids} and version: one version of a plugin can stand in it twice."
    if tenants and not any(found & tenants for found in natural):
        return f"The unique key of '{table}' leaves out {', '.join(sorted(tenants))}: tenants share one entry."
    return ""


def _names_one(name: str) -> bool:
    """Tell whether a column holds the name of a plugin: ``slug``, ``widget_id``."""
    said = name.split("_")
    return (
        name in ("name", "slug")
        or name in PLUGINS
        or (said[-1] in ("id", "name", "slug", "key") and not PLUGINS.isdisjoint(said))
    )


def _judge_rows(table: str, natural: list[set[str]], tenants: set[str], together: frozenset[frozenset[str]]) -> str:
    """Say what is wrong with a table of one row for a plugin, where statements ask for the row of a tenant by name."""
    if any(found & tenants for found in natural):
        return ""
    asked = {owner for found in natural for one in together for owner in one & tenants if found <= one}
    if not asked:
        return ""
    return f"The unique key of '{table}' leaves out {', '.join(sorted(asked))}: only one of them can have a plugin."


def _unique_column(inner: str, natural: list[set[str]]) -> re.Match[str] | None:
    """Return where a column of a table is said to be its key."""
    for name in sorted(name for found in natural if len(found) == 1 for name in found):
        at = re.search(rf"\b{re.escape(name)}\b[^,()]{{0,80}}?\b(?:unique|primary\s+key)\b", inner, re.IGNORECASE)
        if at is not None:
            return at
    return None


def _surrogate(found: set[str], made: list[tuple[str, str]]) -> bool:
    """Tell whether a key is a number or a random id that says nothing of the plugin."""
    if len(found) != 1:
        return False
    (only,) = found
    rest = next((rest for name, rest in made if name == only), "")
    counted = re.search(
        r"\b(?:serial|bigserial|autoincrement|auto_increment|identity|uuid|integer|int|bigint)\b", rest, re.IGNORECASE
    )
    return counted is not None and only in ("id", "row_id", "pk", "uid", "uuid", "rowid")
