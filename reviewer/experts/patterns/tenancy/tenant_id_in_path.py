"""PAT005: the id of a tenant becomes a part of a path as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.reach.received import received_as
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Expr,
    For,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.tenancy.checked import checked
from reviewer.experts.patterns.vocabulary import FIRM_TENANTS, TENANTS, last_spelled, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 60
"""Paths that are looked at in one file."""
_JOINS: Final = frozenset(
    "path.join path.resolve path.posix.join path.win32.join os.path.join pathlib.Path pathlib.PurePath "
    "pathlib.PurePosixPath posixpath.join".split()
)
_PLACES: Final = word_set(
    "path paths dir dirs directory directories folder folders root file files filename location home basedir"
)
_ADDRESSES: Final = frozenset({"url", "uri", "route", "api", "endpoint", "key", "href", "origin"})
"""Words of what is a path of something else than files."""
_DATA_FILE: Final = regex(r"\.(?:sqlite3?|db3?|jsonl?|ndjson|ya?ml|toml|csv|log|zip|lock|tmp|bin|dat|pickle|pkl)$")
_OPENERS: Final = frozenset(
    "readFile writeFile readFileSync writeFileSync mkdir mkdirSync createReadStream createWriteStream open rm rmSync "
    "readdir appendFile unlink makedirs rmtree existsSync stat access rename copyFile cp".split()
)


@module_check("PAT005", words=TENANTS | FIRM_TENANTS | {"path", "join", "resolve", "folder", "url", "file", "open"})
def tenant_id_in_path(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a path is made with the text of a tenant's id, and nothing says what the text may be."""
    if module.is_test:
        return
    said: set[int] = set()
    for node in module.some(Call, Binary, Template):
        for place, part in enumerate(_parts(module, node)):
            tenant = _tenant(inquiry, module, part)
            if place == 0 and isinstance(node, Call) and isinstance(tenant, Name) and not names_tenant(tenant.id):
                continue  # what all else lies in: ``Path(vault)``
            if tenant is None or id(tenant) in said or len(said) > _MOST or _is_listed(module, tenant):
                continue
            if _is_no_tenant(tenant):
                continue
            said.add(id(tenant))
            if checked(inquiry, module, tenant, node):
                continue
            yield Match(
                node,
                f"'{short(module.text_of(tenant))}' becomes a part of a path as it is: '../other' is then the folder "
                "of another tenant.",
                confidence=None if _is_text(module, tenant) else Confidence.POSSIBLE,
            )


def _is_no_tenant(tenant: Expr) -> bool:
    """Tell whether a name is that of an address, or of a kind of things that stands beside the id of one of them.

    ``site_url``; ``parent_realm`` beside ``parent_id``, as of a page, or a ticket, that something hangs on.
    """
    name = tenant.id if isinstance(tenant, Name) else tenant.name if isinstance(tenant, Member) else ""
    said = words(name)
    if set(said[-1:]) & {"url", "uri", "href", "endpoint"}:
        return True
    function = function_of(tenant)
    if said[-1:] != ("realm",) or function is None:
        return False
    beside = (*said[:-1], "id")
    return any(words(param.name) == beside for param in function.params)


def _is_listed(module: Module, tenant: Expr) -> bool:
    """Tell whether a name is one that a listing of a folder gave: it leads out of none."""
    bound = module.scopes.lookup(tenant.id, tenant) if isinstance(tenant, Name) else []
    loop = bound[0] if len(bound) == 1 else None
    listed = module.scopes.origin(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
    return isinstance(listed, Call) and listed.name in ("listdir", "readdir", "readdirSync")


def _parts(module: Module, node: Node) -> list[Expr]:
    """Return the parts that a node joins to a path; none where it makes no path."""
    if isinstance(node, Call):
        if module.resolve(node.callee) in _JOINS or node.name == "joinpath":
            alone = len(node.args) == 1 and isinstance(node.args[0], Name | Member) and node.name != "joinpath"
            return [] if alone else node.args  # ``Path(site)`` joins nothing
        if node.name == "join" and isinstance(node.receiver, Array) and node.args:
            between = module.resolve(node.args[0])
            of_files = between == "path.sep" or (_separator(node.args[0]) and _for_file(module, node))
            return node.receiver.items if of_files else []  # else it is a key, or the name of a topic
    if isinstance(node, Binary) and node.op == "/" and module.language == "python" and _is_path(module, node):
        return [node.right]
    if isinstance(node, Binary) and node.op == "+" and not (isinstance(node.parent, Binary) and node.parent.op == "+"):
        parts = _sum(node)
        return parts if any(_separator(part) for part in parts) and _for_file(module, node) else []
    if isinstance(node, Template) and not _is_address(node) and _for_file(module, node):
        return _between_slashes(node)
    return []


def _separator(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str) and "/" in expr.value


def _sum(node: Binary) -> list[Expr]:
    parts: list[Expr] = []
    current: Expr = node
    while isinstance(current, Binary) and current.op == "+":
        parts.append(current.right)
        current = current.left
    return [current, *reversed(parts)]


def _is_address(node: Template) -> bool:
    """Tell whether a text begins with where a service is: ``${this.searchUrl}/indexes/${name}``, ``https://…``."""
    first = strip(node.items[0]) if node.items else None
    if isinstance(first, Literal):
        return isinstance(first.value, str) and "://" in first.value
    return isinstance(first, Name | Member) and not _ADDRESSES.isdisjoint(last_spelled(first))


def _between_slashes(node: Template) -> list[Expr]:
    if not any(_separator(item) for item in node.items):
        return []
    return node.holes


def _is_path(module: Module, node: Binary) -> bool:
    """Tell whether a division of Python is one of paths: a text in it, or a name that says path."""
    left: Expr = node
    while isinstance(left, Binary) and left.op == "/":
        if isinstance(left.right, Template) or (isinstance(left.right, Literal) and isinstance(left.right.value, str)):
            return True
        left = left.left
    words = set(spelled(module.text_of(left)[-60:]))
    return bool(words & _PLACES) or "Path" in module.text_of(left) or _typed_path(module, left)


def _typed_path(module: Module, expr: Expr) -> bool:
    return "Path" in declared_type(module, expr)


def _for_file(module: Module, node: Node) -> bool:
    """Tell whether a text is used as the path of a file: given to a call that opens one, or named so."""
    around: Node | None = node.parent
    while isinstance(around, Cast | Await):
        around = around.parent
    if _is_database(node) or _ends_as_file(node):
        return True
    if isinstance(around, Call):
        if around.name == "URL" and len(around.args) > 1:
            return around.args[0] is node and _is_file(module, around)
        resolved = module.resolve(around.callee)
        if around.name in _OPENERS or resolved in _JOINS:
            return (
                around.name in ("open", "access", "stat", "cp") and bool(around.args) and around.args[0] is node
            ) or (around.name not in ("open", "access", "stat", "cp"))
        param = received_as(module, node)
        taken = set(spelled(param.name)) if param is not None else set()
        return bool(taken & _PLACES) and not taken & _ADDRESSES
    name = ""
    if isinstance(around, Assign) and isinstance(around.target, Name | Member):
        name = around.target.id if isinstance(around.target, Name) else around.target.name
    function = function_of(node)
    if not name and function is not None and isinstance(around, Return):
        name = function.name
    words = set(spelled(name))
    return bool(words & _PLACES) and not words & _ADDRESSES and ("http" not in module.text_of(node))


def _is_database(node: Node) -> bool:
    """Tell whether a text names a file of SQLite: ``sqlite:///{folder}/{name}.db``."""
    first = node.items[0] if isinstance(node, Template) and node.items else None
    return isinstance(first, Literal) and str(first.value).startswith(("sqlite:///", "sqlite+", "file:"))


def _ends_as_file(node: Node) -> bool:
    """Tell whether a text with separators ends as names of data files do: ``{root}/{dairy}.sqlite3``."""
    last = node.items[-1] if isinstance(node, Template) and node.items else None
    return isinstance(last, Literal) and isinstance(last.value, str) and _DATA_FILE.search(last.value) is not None


def _is_file(module: Module, url: Call) -> bool:
    """Tell whether an address is one of a file: beside the module, or given to what opens one."""
    base = module.scopes.origin(url.args[1])
    beside = base.args[1] if isinstance(base, Call) and base.name == "URL" and len(base.args) > 1 else url.args[1]
    return module.text_of(beside) == "import.meta.url" or (
        isinstance(url.parent, Call) and url.parent.name in _OPENERS - {"open"}
    )


def _tenant(inquiry: Inquiry, module: Module, part: Expr) -> Name | Member | Index | None:
    """Return the tenant's id in a part of a path, where it stands there as it is."""
    while isinstance(part, Cast | Await):
        part = part.value
    if isinstance(part, Template):
        return next((found for hole in part.holes if (found := _tenant(inquiry, module, hole)) is not None), None)
    if isinstance(part, Call) and part.name in ("String", "str", "toString", "trim", "strip", "lower", "toLowerCase"):
        inner = part.args[0] if part.args else part.receiver
        return _tenant(inquiry, module, inner) if inner is not None else None
    if isinstance(part, Index):
        named = isinstance(part.key, Literal) and isinstance(part.key.value, str) and names_tenant(part.key.value)
        return part if named else None
    if isinstance(part, Name):
        named = (
            serves(inquiry, module, part.id, anywhere=True)
            and not set(spelled(part.id)) & _PLACES
            and not part.id.isupper()
        )
        return part if named else None
    if isinstance(part, Member):
        if names_tenant(part.name) and not set(spelled(part.name)) & _PLACES:
            return part
        base = part.object
        last = base.id if isinstance(base, Name) else base.name if isinstance(base, Member) else ""
        return part if names_tenant(last) and part.name in ("id", "slug", "name", "key", "handle", "code") else None
    return None


def _is_text(module: Module, tenant: Name | Member | Index) -> bool:
    """Tell whether the id is a text that somebody gives, and not a column of a tenant's own record."""
    origin = module.scopes.origin(tenant)
    if isinstance(origin, Param):
        plain = origin.type.strip().strip("'\"")
        return plain in ("", "string", "str", "any", "unknown", "String") or bool(origin.fields)
    if is_this_member(tenant):
        return True
    return not isinstance(tenant, Member) or names_tenant(tenant.name)
