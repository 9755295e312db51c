"""What an access path or a call says about where its value comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Cast, Expr, Function, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.experts.paths import last_words
from reviewer.experts.security.values.declared import named_otherwise
from reviewer.experts.security.values.parameters import of_query, told_by_parent
from reviewer.experts.security.values.source_words import (
    ANSWERS,
    FETCH_METHODS,
    FETCHERS,
    MANIFESTS,
    NETWORKS,
    READERS,
    REQUEST_PARTS,
    REQUESTS,
    SETTINGS,
    STORES,
    SURE_MESSAGES,
)

if TYPE_CHECKING:
    from reviewer.code.module import Module

_DEEPEST: Final = 12
_DOES: Final = frozenset("inject generate emit build make create load read parse write use add".split())
"""Verbs with which a name says what is done with a manifest: it is an option, or a function."""
_PLUGINS: Final = frozenset({"plugin", "extension", "addon"})
"""Words of a running plugin as well, seen from a part of it."""
_OWN_PARTS: Final = {"settings": "config", "localStorage": "config", "app": ""}
"""Members that only a running plugin has: what a person set, and the host that it runs in."""
_OF_TABLES: Final = frozenset({"tables", "sorted_tables", "create_all", "drop_all", "reflect", "bind", "schema"})
_VAULTS: Final = frozenset({"vault"})
"""Words of what keeps the notes of a person, and whatever others shared or clipped into them."""
_DATABASES: Final = frozenset("db database conn connection cursor cur pool engine".split())
_ASKS: Final = frozenset("execute fetchone fetchall fetchrow fetchval query scalar".split())
"""Methods of a database: what it answers is what it keeps, and not what it was asked with."""
_ENVIRONMENT: Final = ("process.env", "os.environ", "Deno.env", "import.meta.env")
_OF_ROUTE: Final = frozenset({"ctx", "context", "c"})
"""Names of what a route is handed that is the request and the answer in one."""
_QUERY_PARSERS: Final = frozenset("urllib.parse.parse_qs urllib.parse.parse_qsl querystring.parse qs.parse".split())
"""Calls that part what stands behind the question mark of an address."""
_BODIES: Final = frozenset({"get_json", "json", "form", "body"})
"""Methods of a request that give what its sender put into it."""
_ARGUMENTS: Final = ("process.argv", "sys.argv", "Deno.args")


def steps(expr: Expr | None) -> list[str]:
    """Return the names along an access path, root first; a computed key and a call give no name of their own."""
    found: list[str] = []
    for _ in range(_DEEPEST):
        while isinstance(expr, Cast | Await):
            expr = expr.value
        if isinstance(expr, Name):
            found.append(expr.id)
            break
        if isinstance(expr, Member):
            found.append(expr.name)
            expr = expr.object
        elif isinstance(expr, Index):
            if isinstance(expr.key, Literal) and isinstance(expr.key.value, str):
                found.append(expr.key.value)
            expr = expr.object
        elif isinstance(expr, Call):
            expr = expr.callee
        else:
            break
    return found[::-1]


def kind_of_path(module: Module, expr: Expr | None, *, taken: bool = False) -> str:
    """Return the kind of origin that an access path names, or an empty string.

    ``taken`` tells that a part is taken from what the path names: ``manifest.get("limits")``.
    """
    name = module.resolve(expr) if expr is not None else ""
    if name.startswith(_ENVIRONMENT):
        return "environment"
    if name.startswith(_ARGUMENTS):
        return "argument"
    path = steps(expr)
    if not path:
        return ""
    for position, step in enumerate(path):
        said = words(step)
        tail = said[-1] if said else ""
        inner = position < len(path) - 1
        holder = inner or taken
        if inner and set(said) & REQUESTS and path[position + 1] in REQUEST_PARTS:
            if position == 0 and named_otherwise(module, _root(expr), REQUESTS):
                continue
            return "request"
        root = _root(expr) if inner and position == 0 and tail in _OF_ROUTE else None
        if root is not None and of_query(module, root, path[1]):
            return "request"
        if tail == "metadata" and inner and path[position + 1] in _OF_TABLES:
            continue  # what a database is made of
        of_browser = path[:position] in (["chrome"], ["browser"])  # the name of an API: chrome.extension
        if holder and tail in MANIFESTS and said[0] not in _DOES and step != "_meta" and not of_browser:
            if tail == "spec" and position == 0 and _made_here(module, expr):
                continue  # anybody calls so what says how something is to be done: its value is followed
            own = _OWN_PARTS.get(path[position + 1]) if tail in _PLUGINS and inner else None
            if own != "":
                return own or "manifest"
        if tail in SETTINGS and (holder or not step.isupper()):
            return "config"
        if tail in SURE_MESSAGES and holder and not _made_here(module, expr):
            return "" if _of_parent(module, _root(expr)) else "message"
    return ""


def _of_parent(module: Module, root: Name | None) -> bool:
    """Tell whether a name is what a process was told by the one that started it."""
    bound = module.scopes.lookup(root.id, root) if root is not None else []
    return any(
        isinstance(one, Param) and isinstance(one.parent, Function) and told_by_parent(one.parent) for one in bound
    )


def _root(expr: Expr | None) -> Name | None:
    """Return the name that an access path begins with, or None."""
    for _ in range(_DEEPEST):
        while isinstance(expr, Cast | Await):
            expr = expr.value
        if isinstance(expr, Call):
            expr = expr.callee
        elif isinstance(expr, Member | Index):
            expr = expr.object
        else:
            break
    return expr if isinstance(expr, Name) else None


def _made_here(module: Module, expr: Expr | None) -> bool:
    """Tell whether the root of a path is neither a parameter nor unknown, so that its value can be followed."""
    root = _root(expr)
    if root is None or root.id == "this":
        return False
    bindings = module.scopes.lookup(root.id, root)
    return bool(bindings) and not any(isinstance(one, Param) or _is_parsed(one) for one in bindings)


def _is_parsed(binding: object) -> bool:
    """Tell whether a variable is given what stood in a text: ``message = json.loads(line)``."""
    value = strip(binding.value) if isinstance(binding, Assign) and binding.value is not None else None
    if not isinstance(value, Call) or len(value.args) != 1:
        return False
    return value.name == "loads" or (value.name == "parse" and last_words(value.receiver) == ("json",))


def _kept(call: Call, holder: Expr) -> str:
    """Return ``stored`` for what a store keeps; who put it into a database is not known."""
    if call.name in _ASKS and set(last_words(holder)[-1:]) & _DATABASES:
        return "unknown"
    path = steps(holder)
    of_store = bool(path and set(words(path[-1])) & STORES)
    return "stored" if of_store and call.name in ("get", "read", "load", "getItem", "get_item") else ""


def _of_known_address(module: Module, call: Call) -> bool:
    """Tell whether the query is that of an address which the program itself asks: ``urlparse(url).query``."""
    given = strip(call.args[0]) if call.args else None
    parsed = module.scopes.origin(given.object) if isinstance(given, Member) and given.name == "query" else None
    address = strip(parsed.args[0]) if isinstance(parsed, Call) and parsed.args else None
    return address is not None and bool(set(last_words(address)[-1:]) & {"url", "uri", "link"})


def kind_of_call(module: Module, call: Call) -> str:
    """Return the kind of origin of what a call gives, or an empty string."""
    name = module.resolve(call.callee)
    if name in FETCHERS or (call.receiver is not None and call.name in FETCH_METHODS):
        return "remote"
    asks = call.name == "request" or (call.name == "stream" and str(getattr(call.arg(0), "value", "")).isupper())
    if asks and call.receiver is not None and set(last_words(call.receiver)[-1:]) & NETWORKS:
        return "remote"
    if name.startswith(_ENVIRONMENT) or name in ("os.getenv", "os.environ.get", *_QUERY_PARSERS):
        asked = name in _QUERY_PARSERS and not _of_known_address(module, call)
        return "request" if asked else "unknown" if name in _QUERY_PARSERS else "environment"
    if call.receiver is None:
        return ""
    if call.name in READERS or name == "open":
        holder = set(last_words(call.receiver))
        return "remote" if holder & ANSWERS else "stored" if holder & _VAULTS else "file"
    if call.name in ("get", "post", "put", "patch", "head") and set(last_words(call.receiver)[-1:]) & NETWORKS:
        return "remote"
    kept = _kept(call, call.receiver)
    if kept:
        return kept
    if call.name in ("get", "read", "value", "getConfiguration", "get_config", "getSetting", "get_setting"):
        return kind_of_path(module, call.receiver, taken=call.name == "get" and bool(call.args))
    if call.name in _BODIES:  # Flask's `request` is imported, and still what a client sent
        return kind_of_path(module, call.callee)
    # What plugins answer has no more to do with what they were told: ``pm.hook.extra_script(request=request)``.
    return "unknown" if steps(call.receiver)[-1:] == ["hook"] else ""


def is_constant(name: Name) -> bool:
    """Tell whether an imported name leads to a constant by the way it is written: ``constants.SCHEMA_VERSION``."""
    node: Expr = name
    while isinstance(node.parent, Member) and node.parent.object is node:
        node = node.parent
    last = node.name if isinstance(node, Member) else name.id
    return last.isupper() and len(last) > 1
