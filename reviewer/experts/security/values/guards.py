"""Whether a value is checked before it is used: allow-lists, patterns, own validators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.flow import before, conditions, exits
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Expr,
    ExprStatement,
    For,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Template,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, names_in, walk
from reviewer.experts.paths import word_set
from reviewer.experts.security.values.listed import says_not_yet_there

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_TESTS: Final = frozenset(
    "has includes test match fullmatch startsWith startswith endsWith endswith indexOf some every search "
    "is_relative_to isRelativeTo compare_digest timingSafeEqual hasOwn hasOwnProperty contains commonpath "
    "relpath relative is_private is_global isIP getOwnPropertyNames issubset isdisjoint isalnum isdigit isdecimal "
    "isidentifier".split()
)
"""Calls whose answer limits what a text may be."""
_OF_ADDRESS: Final = frozenset({"is_private", "is_global", "is_loopback", "is_link_local", "is_reserved"})
"""Members of an address that say in which network it lies."""
_VERBS: Final = word_set(
    "is are can may validate valid check verify allowed safe permitted matches trusted approve approved inside "
    "within contains known confirm"
)
"""Words of a function that answers whether a value will do."""
_KINDS: Final = frozenset(
    "isinstance isArray isString issubclass is_string isObject isFunction is_dir is_file isdir isfile isDirectory "
    "isFile is_symlink islink is_mount".split()
)
_GOOD: Final = frozenset({"allowed", "trusted", "permitted"})
"""Words that mean such a function wherever they stand in its name: ``url_has_allowed_host_and_scheme``."""
_DEMANDS: Final = word_set(
    "assert ensure require requires validate check verify guard must demand authorize authorise enforce "
    "parse sanitize "
    "sanitise restrict confine resolve contained inside within"
)
"""Words of a function that throws where a value won't do, or gives one that will."""
_FORMS: Final = frozenset(
    "URL urlparse urlsplit resolve realpath normalize abspath join joinpath Path str String trim strip lower "
    "toLowerCase basename relative relpath get parse decode encode split format toString dirname extname "
    "decodeURIComponent unquote gethostbyname getaddrinfo ip_address".split()
)
"""Calls that give the same value in another form."""
_TAKES: Final = frozenset({"get", "pop", "getlist", "get_all", "getAll", "getItem"})
"""Methods that take a part of a value by its key."""
_SAYS_ALL: Final = frozenset("hostname host origin protocol pathname href netloc scheme parents parent parts".split())
"""Parts of an address or a path by whose test all of it is limited."""
_ENDINGS: Final = frozenset(
    ".js .mjs .cjs .ts .jsx .tsx .json .css .html .htm .py .pyc .png .svg .jpg .jpeg .gif .webp .ico .txt .md .xml "
    ".csv .pdf .zip .tgz .gz .tar .whl .vsix .jar .toml .yaml .yml .ini .wasm .woff .woff2 .ttf .mp3 .mp4 .wav .log "
    ".map".split()
)
"""Endings by which a file is known, and no folder."""
_HOSTS: Final = frozenset({"hostname", "host", "netloc"})
"""Members of an address that name its server."""
_DEEPEST: Final = 5
_MOST: Final = 400


class Spellings(Struct):
    """How a value is spelled: a check of what is spelled so, or of something inside it, is a check of the value.

    For ``info.path`` that is ``info.path``; ``info`` is a ``holder``, which counts where it is checked as a
    whole (``validate(info)``) and not where another part of it is (``info.id``).
    """

    own: set[str] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)

    def add(self, other: Spellings) -> None:
        """Take the spellings of another value in."""
        self.own |= other.own
        self.holders |= other.holders


def limited(module: Module, values: Iterable[Expr], at: Node, names: Spellings | None = None) -> bool:
    """Tell whether a check of these values, or of what is made of them, stands before a place.

    ``names`` are further spellings under which the values are known.
    """
    wanted = Spellings()
    if names is not None:
        wanted.add(names)
    for value in values:
        wanted.add(_spellings(module, value))
    if not wanted.own:
        return False
    every = Spellings(wanted.own | _derived(module, at, wanted), wanted.holders)
    tests = conditions(at)
    return any(
        _limits(module, c.test, every, holds=c.holds)
        or _equals(module, c.test, wanted, holds=c.holds)
        or _in_one_folder(module, c.test, every, holds=c.holds)
        for c in tests
    ) or _demanded(module, at, every)


def _spellings(module: Module, value: Node) -> Spellings:
    found = Spellings()
    for node in walk(value, into_functions=False):
        if _spells(node) and not (isinstance(node, Name) and node.id == "this"):
            (found.holders if _is_holder(node) else found.own).add(module.text_of(node))
    return found


def _spells(node: Node) -> bool:
    """Tell whether a node names a value: ``info``, ``info.path``, ``info["path"]``, ``info.get("path")``."""
    if isinstance(node, Call):
        return node.name in _TAKES and node.receiver is not None
    if isinstance(node, Member) and isinstance(node.parent, Call) and node.parent.callee is node:
        return node.name not in _TAKES
    return isinstance(node, Name | Member | Index)


def _is_holder(node: Node) -> bool:
    """Tell whether a part is taken from a value here (``info`` in ``info.path``), and it is not a method's own."""
    around = node.parent
    if not isinstance(around, Member | Index) or around.object is not node:
        return False
    called = around.parent
    return not (isinstance(called, Call) and called.callee is around) or called.name in _TAKES


def _derived(module: Module, at: Node, wanted: Spellings) -> set[str]:
    """Return the names of the function that hold a wanted value in another form: parsed, resolved, trimmed."""
    made = Spellings(set(), wanted.holders)
    roots = {_root(text) for text in wanted.own}
    for name, value, names in _assigned(module, function_of(at)):
        if name in wanted.own:
            if isinstance(_bare(value), Name | Member | Index):
                made.add(_spellings(module, value))
        elif not roots.isdisjoint(names) and _in_other_form(module, value, Spellings(wanted.own | made.own), 0):
            made.own.add(name)
            roots.add(name)
    return made.own


def _root(text: str) -> str:
    """Return the name that a spelling begins with: ``info`` of ``info.path``."""
    return re.split(r"[.\[?!(]", text, maxsplit=1)[0]


def _assigned(module: Module, function: Function | None) -> list[tuple[str, Expr, frozenset[str]]]:
    """Return the names that a function gives a value, the values, and the names in those; worked out once."""
    place = function.raw.start_byte if function is not None else -1

    def collect() -> list[tuple[str, Expr, frozenset[str]]]:
        found: list[tuple[str, Expr, frozenset[str]]] = []
        for count, node in enumerate(
            walk(function.body if function is not None else module.body, into_functions=False)
        ):
            if count > _MOST * 4:
                break
            if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
                names = names_in(node.value)
                if not names and isinstance(node.value, Member):  # several names take parts of one value
                    names = names_in(node.value.object)
                found.append((node.target.id, node.value, frozenset(names)))
        return found

    return module.once(f"security.assigned.{place}", collect)


def _in_other_form(module: Module, expr: Expr, wanted: Spellings, depth: int) -> bool:
    """Tell whether an expression is a wanted value in another form, and not something worked out from it."""
    expr = _bare(expr)
    if depth > _DEEPEST:
        return False
    if isinstance(expr, Name):
        return expr.id in wanted.own
    if isinstance(expr, Member | Index):
        return module.text_of(expr) in wanted.own or _in_other_form(module, expr.object, wanted, depth + 1)
    parts: list[Expr] = []
    if isinstance(expr, Template):
        parts = expr.holes
    elif isinstance(expr, Binary):
        parts = [expr.left, expr.right]
    elif isinstance(expr, Call) and (depth == 0 or expr.name in _FORMS):
        parts = [*expr.args, *([expr.receiver] if expr.receiver is not None else [])]
    return any(_in_other_form(module, part, wanted, depth + 1) for part in parts)


def _bare(expr: Expr) -> Expr:
    while isinstance(expr, Cast | Await):
        expr = expr.value
    return expr


def _mentions(module: Module, node: Node, wanted: Spellings) -> bool:
    for count, part in enumerate(walk(node, into_functions=True)):
        if count > _MOST:
            return False
        if _spells(part) and not _is_only_ending(part):
            text = module.text_of(part)
            if text in wanted.own | wanted.holders and not (_is_holder(part) and _is_other(part, text, wanted)):
                return True
    return False


def _is_only_ending(part: Node) -> bool:
    """Tell whether nothing but the ending of a value is looked at: ``extname(file)``."""
    return isinstance(part.parent, Call) and part.parent.name in ("extname", "splitext") and part in part.parent.args


def _is_other(part: Node, text: str, wanted: Spellings) -> bool:
    """Tell whether what is taken from a value here says nothing of the rest of it, as ``info.id`` of ``info``."""
    around = part.parent
    if not isinstance(around, Member) or around.name not in _SAYS_ALL:
        return True
    return text not in wanted.own and not any(f"{text}.{name}" in wanted.own for name in _SAYS_ALL)


def _limits(module: Module, test: Expr, wanted: Spellings, *, holds: bool) -> bool:
    """Tell whether a test limits a wanted value, and doesn't only ask whether there is one."""
    for node in walk(test, into_functions=True):
        call = module.scopes.origin(node) if isinstance(node, Name) else node
        if isinstance(call, Call):
            said = words(call.name)
            asks = bool(said and (said[0] in _VERBS or said[-1] in _VERBS)) or not _GOOD.isdisjoint(said)
            named = call.name in _TESTS or asks or asks_of_host(module, call)
            plain = _asks_type(call) or _asks_scheme(call) or _asks_kind_of_file(call) or _asks_first_step(module, call)
            new = says_not_yet_there(module, call, holds=holds) and not _mentions(module, call.callee, wanted)
            if named and not plain and not new and _mentions(module, call, wanted):
                return True
        elif isinstance(node, Member) and node.name in _OF_ADDRESS:
            if module.text_of(node.object) in wanted.own | wanted.holders:
                return True
        elif isinstance(node, Binary) and node.op in ("in", "not in"):
            if _mentions(module, node.left, wanted) and not says_not_yet_there(module, node, holds=holds):
                return not isinstance(node.left, Literal)
            if isinstance(node.left, Literal) and node.left.value == "/":  # what has no separator leads nowhere else
                return _mentions(module, node.right, wanted)
            if isinstance(node.right, Member) and node.right.name in _SAYS_ALL:  # ``folder in path.parents``
                return _mentions(module, node.right.object, wanted)
    return False


def _equals(module: Module, test: Expr, wanted: Spellings, *, holds: bool) -> bool:
    """Tell whether a test holds only where a wanted value is one that the program names."""
    for node in walk(test, into_functions=False):
        if not isinstance(node, Binary) or node.op != ("==" if holds else "!="):
            continue
        if _typeof(node) and not _of_number(node):
            continue  # any text is a text
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if _is_text(other) and _mentions(module, one, wanted):
                return True
        if isinstance(node.right, Name | Member) and _mentions(module, node.left, wanted):
            return True
    return False


def _in_one_folder(module: Module, test: Expr, wanted: Spellings, *, holds: bool) -> bool:
    """Tell whether a test holds only where a path lies directly in one folder: ``target.parent == root / kind``."""
    for node in walk(test, into_functions=False):
        if isinstance(node, Binary) and node.op == ("==" if holds else "!="):
            sides = (node.left, node.right)
            if any(_is_folder_of(side) and _mentions(module, side, wanted) for side in sides):
                return True
    return False


def _is_folder_of(side: Expr) -> bool:
    """Tell whether one side of a comparison is the folder that a path lies in, whatever it is compared with."""
    side = _bare(side)
    return (isinstance(side, Member) and side.name == "parent") or (isinstance(side, Call) and side.name == "dirname")


def asks_of_host(module: Module, call: Call) -> bool:
    """Tell whether a question is put about the host of an address, whatever the question is called."""
    given = (module.scopes.origin(arg) for arg in call.args)
    return any(isinstance(arg, Member) and arg.name in _HOSTS for arg in given)


def _typeof(node: Binary) -> bool:
    return any(getattr(side, "op", "") == "typeof" for side in (node.left, node.right))


def _of_number(node: Binary) -> bool:
    """Tell whether a test of the type leaves only what can't be a harmful text."""
    return any(getattr(side, "value", "") in ("number", "boolean", "bigint") for side in (node.left, node.right))


def _asks_type(call: Call) -> bool:
    """Tell whether a call only asks for the kind of value: ``isinstance(x, str)``, or of file: ``path.is_dir()``."""
    return call.name in _KINDS


def _asks_scheme(call: Call) -> bool:
    """Tell whether a call only asks whether a text is an address of the web: ``url.startswith("http")``."""
    first = call.args[0] if call.name in ("startsWith", "startswith") and call.args else None
    starts = first.items if isinstance(first, Array) else [first]
    return all(isinstance(one, Literal) and str(one.value).rstrip(":/") in ("http", "https") for one in starts)


def _asks_first_step(module: Module, call: Call) -> bool:
    """Tell whether a call only asks whether a path begins with a way out, which ``a/../..`` does not.

    Of a path that was worked out, as by ``relative(root, file)`` or ``normalize(name)``, that says all.
    """
    first = call.args[0] if call.name in ("startsWith", "startswith") and call.args else None
    starts = first.items if isinstance(first, Array) else [first]
    made = module.scopes.origin(call.receiver) if call.receiver is not None else None
    return not isinstance(made, Call) and all(getattr(one, "value", "") in ("..", "../", "/", "./") for one in starts)


def _asks_kind_of_file(call: Call) -> bool:
    """Tell whether a call only asks how the name of a file ends, wherever that file lies: ``file.endsWith(".css")``."""
    first = call.args[0] if call.name in ("endsWith", "endswith") and call.args else None
    ends = first.items if isinstance(first, Array) else [first]
    return all(isinstance(one, Literal) and str(one.value).lower() in _ENDINGS for one in ends)


def _demanded(module: Module, at: Node, wanted: Spellings) -> bool:
    """Tell whether a call that throws where the value won't do runs before the place."""
    for count, node in enumerate(before(at)):
        if count > _MOST * 2:
            return False
        if isinstance(node, If) and _replaced(module, node, wanted):
            return True
        if isinstance(node, For) and _each_refused(module, node, wanted):
            return True
        if isinstance(node, Index) and _looked_up(module, node, wanted):
            return True
        value = node.value if isinstance(node, ExprStatement | Assign) else node
        call = _bare(value) if isinstance(value, Expr) else None
        if not isinstance(call, Call) or call.name in ("resolve", "parse", "join"):
            continue
        if set(words(call.name)) & _DEMANDS and _mentions_any(module, call, wanted):
            return True
        if call.name == "relative_to" and call.receiver is not None and _mentions(module, call.receiver, wanted):
            return True  # it throws where the path is none below the folder
    return False


def _looked_up(module: Module, node: Index, wanted: Spellings) -> bool:
    """Tell whether a value is a key of a table that is written down, which in Python throws for every other key."""
    table = module.scopes.origin(node.object) if module.language == "python" else None
    if not isinstance(table, Object) or not table.entries or len(table.keys) < len(table.entries):
        return False
    taken_in = isinstance(node.parent, Assign) and node.parent.target is node
    return not taken_in and isinstance(_bare(node.key), Name | Member) and _mentions(module, node.key, wanted)


def _each_refused(module: Module, loop: For, wanted: Spellings) -> bool:
    """Tell whether a loop refuses some of several values: ``for part in (plugin, name): if not fits(part): raise``."""
    if not isinstance(loop.iterable, Array) or not isinstance(loop.target, Name):
        return False
    if not any(_mentions(module, item, wanted) for item in loop.iterable.items):
        return False
    each = Spellings({loop.target.id})
    tests = [one for one in walk(loop.body, into_functions=False) if isinstance(one, If)]
    return any(exits(test.body) and _limits(module, test.test, each, holds=False) for test in tests)


def _replaced(module: Module, test: If, wanted: Spellings) -> bool:
    """Tell whether a value that won't do is replaced: ``if (!isLocal(next)) next = "/";``."""
    puts = [one for one in walk(test.body, into_functions=False) if isinstance(one, Assign) and one.op == "="]
    put = next((one for one in puts if module.text_of(one.target) in wanted.own), None)
    if put is None or put.value is None:
        return False
    return _limits(module, test.test, wanted, holds=False) and not _mentions(module, put.value, wanted)


def _mentions_any(module: Module, call: Call, wanted: Spellings) -> bool:
    return any(_mentions(module, argument, wanted) for argument in [*call.args, *call.keywords.values()])


def _is_text(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, str) and bool(expr.value)
