"""API005: versions are compared as texts or as decimal numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import value_type as table_value_type
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Regex,
    Unary,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.api.host_versions.counted import is_counted
from reviewer.experts.api.host_versions.taken_apart import is_one_number, is_parts, joined, takes_apart, takes_dots_out
from reviewer.experts.api.vocabulary import HOSTS, LOWER, MANIFESTS, UPPER, spelled
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.lifecycle.values import member_type, value_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_SPELLED: Final = r"^v?\d+\.\d+"
_BEGINS: Final = r"^v?\d+\.\d+$"
_VERSIONED: Final = frozenset("version firmware release engine build revision ver".split())
"""Words of what has a version as its text."""
_WHOLE: Final = r"^v?\d+\.\d+\.\d+(?:-[\w.]+)?$"
_COUNTED: Final = frozenset(
    (
        "count number major minor patch code schema format state revision seq epoch key parsed tuple parts info "
        "length index protocol data layout db model id ids manifest counter hex ordinal rank tick lsn row doc "
        "document storage"
    ).split()
)
"""Parts of names of versions that are counted and not spelled."""
_TEXT_WORDS: Final = HOSTS | LOWER | UPPER | PLAIN_GUEST | frozenset("installed available".split())
_LEVELS: Final = frozenset({"api", "sdk"})
"""What has a level, a number, as often as a version."""
_BOUNDS: Final = LOWER | UPPER | {"low", "high", "floor", "ceiling", "to"}
_TO_NUMBER: Final = frozenset({"parseFloat", "parseInt", "Number", "float", "int"})
_DECIDES: Final = frozenset(
    (
        "version versions newer older atleast satisfies compatible compat fits supports supported outdated upgrade "
        "upgradable range semver precedes since"
    ).split()
)
_SORTS: Final = frozenset({"sort", "toSorted", "sorted", "max", "min", "reduce", "sort_by", "toReversed"})
_CUTS: Final = frozenset("split strip lstrip rstrip trim trimStart replace removeprefix removesuffix substring".split())
_OPERATORS: Final = r"^\^?\[?[\^]?[\\^~<>=]{1,6}\]?[+*]?$"
"""What stands before the version of a requirement, as a text or as a pattern."""
_INSTALLED: Final = frozenset({"importlib.metadata.version", "importlib_metadata.version"})
_SPEAKS: Final = frozenset(
    (
        "version versions semver newer older least compatible satisfies api works fits oldest newest firmware release"
    ).split()
)
_WRONG: Final = "'9.4.0' counts as newer than '15.2.0'"


@module_check("API005", words=_SPEAKS)
def version_as_text(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of two versions, and at versions that are made a number."""
    if module.is_test:
        return
    told: set[int] = set()
    for node in module.all(Binary):
        if node.op in _ORDER and node.line not in told and not _orders(node) and _compares_texts(module, node):
            told.add(node.line)
            text = short(module.text_of(node))
            yield Match(node, f"'{text}' compares versions as text: {_WRONG}.")
    for call in module.calls(("startsWith", "startswith")):
        if call.line not in told and _begins_with_version(call):
            told.add(call.line)
            text = short(module.text_of(call))
            yield Match(call, f"'{text}' asks for the beginning of a version: '3.10' begins with '3.1' as well.")
    for call in module.calls(("localeCompare", *_TO_NUMBER)):
        if call.line in told or _orders(call):
            continue
        message = _collates(module, call) if call.name == "localeCompare" else _as_number(module, call)
        if message:
            told.add(call.line)
            yield Match(call, f"'{short(module.text_of(call))}' {message}")


def _begins_with_version(call: Call) -> bool:
    """Tell whether a version is known by its first digits, with no dot behind them: ``firmware.startsWith("3.1")``."""
    sought = strip(call.args[0]) if len(call.args) == 1 and call.receiver is not None else None
    if not isinstance(sought, Literal) or not isinstance(sought.value, str) or not found(_BEGINS, sought.value):
        return False
    held: Expr = strip(call.receiver) if call.receiver is not None else sought
    while isinstance(held, Call) and held.name in ("str", "String", "toString", "trim", "strip"):
        held = strip(held.receiver if held.receiver is not None else held.args[0] if held.args else sought)
    return bool(_parts(held) & _VERSIONED)


def _orders(node: Expr) -> bool:
    """Tell whether a comparison puts a list in order, which is told as such elsewhere."""
    function = function_of(node)
    return function is not None and isinstance(function.parent, Call) and function.parent.name in _SORTS


def _compares_texts(module: Module, node: Binary) -> bool:
    if any("http" in module.text_of(side).lower() for side in (node.left, node.right)):
        return False  # there are four of them, and they are in order as texts
    if _is_whole(module, node.left) or _is_whole(module, node.right):
        return True  # a text that is a version, whatever it is held against
    if _drops_operator(node.left) or _drops_operator(node.right):
        return True
    if is_parts(module, node.left) and is_parts(module, node.right):
        return True  # lists of texts are compared as texts
    left, right = _pair(module, node.left, node.right)
    if (left or right) is not None and (is_counted(module, node.left) or is_counted(module, node.right)):
        return False
    if left is None or right is None:
        sides = ((node.left, node.right), (node.right, node.left))
        return any(_is_untyped_bound(module, *pair) or _is_of_manifest(module, *pair) for pair in sides)
    return left or right


def _is_untyped_bound(module: Module, held: Expr, bound: Expr) -> bool:
    """Tell whether a host is held against a bound with no types to say so, in a file that takes versions apart."""
    held, bound = strip(held), strip(bound)
    if module.language != "javascript" or not isinstance(held, Name) or not isinstance(bound, Member):
        return False
    host, limit = frozenset(words(held.id)), frozenset(words(bound.name))
    if _kind(module, held) or not host or not host <= HOSTS - _LEVELS or not limit or not limit <= LOWER | UPPER:
        return False
    return "version" in module.words and _in_decision(module, held) and takes_apart(module)


def _is_of_manifest(module: Module, held: Expr, bound: Expr) -> bool:
    """Tell whether a version is held against what a manifest says of the host: ``this.version < manifest.engine``."""
    held, bound = strip(held), strip(bound)
    if not isinstance(held, Name | Member) or not isinstance(bound, Member) or module.language == "python":
        return False
    said, own = frozenset(words(bound.name)), _parts(held)
    whose = words(spelled(bound.object))[-1:]
    if not said & HOSTS - _LEVELS or not said <= HOSTS | LOWER | UPPER or not whose or whose[0] not in MANIFESTS:
        return False
    typed = {_kind(module, held).strip(), _kind(module, bound).strip()} - {"", "any", "unknown", "string"}
    return "version" in own and not own & _COUNTED - {"manifest"} and not typed


def _pair(module: Module, one: Expr, other: Expr) -> tuple[bool | None, bool | None]:
    """Judge both sides of a comparison: what is held against the text of a version is one, too, if it is a text."""
    left, right = _text(module, one), _text(module, other)
    if left is None and right:
        left = _bound(module, one) if not _is_cut(one) else False
    elif right is None and left:
        right = _bound(module, other) if not _is_cut(other) else False
    return left, right


def _is_cut(expr: Expr) -> bool:
    """Tell whether an expression is a piece of a text: ``wanted.split(" ")[0].lstrip(">=")``."""
    expr = strip(expr)
    if isinstance(expr, Index):
        return isinstance(strip(expr.object), Call) and _is_cut(expr.object)
    return isinstance(expr, Call) and expr.name in _CUTS and expr.receiver is not None


def _bound(module: Module, expr: Expr) -> bool | None:
    """Judge what a version is held against: ``minEngine`` is the text of one, too, unless something else made it."""
    own = frozenset(words(spelled(expr)))
    kind = _kind(module, strip(expr)).strip()
    given = module.scopes.origin(strip(expr))
    if isinstance(given, Member | Index):  # low = manifest["host"]["min"]
        own = own if own & _BOUNDS else frozenset(words(spelled(given)))
    said = own & _BOUNDS and (own & HOSTS or own <= _BOUNDS)
    if not (said or kind in ("string", "str")) or own & _COUNTED or isinstance(strip(expr), Call):
        return None
    made = module.scopes.origin(strip(expr))
    return False if kind in ("", "string", "str") and not isinstance(made, Call | Literal | Binary) else None


def _is_whole(module: Module, expr: Expr) -> bool:
    """Tell whether a constant is the text of a whole version: ``"4.2.0"``."""
    made = module.scopes.origin(strip(expr))
    if isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.right)  # what stands for a missing one is a version, so that the one that is there is, too
    return isinstance(made, Literal) and isinstance(made.value, str) and bool(found(_WHOLE, made.value))


def _text(module: Module, expr: Expr) -> bool | None:
    """Tell whether an expression is a version as text: True surely, False perhaps, None where it is none."""
    expr = strip(expr)
    if isinstance(expr, Literal):
        return True if isinstance(expr.value, str) and found(_SPELLED, expr.value) else None
    name = spelled(expr)
    if isinstance(expr, Call) and not name:
        return _of_call(module, expr)
    if isinstance(expr, Index) and not name:
        return _major_text(expr)
    origin = module.scopes.origin(expr)
    if isinstance(expr, Name) and isinstance(origin, Literal) and isinstance(origin.value, str):
        return True if found(_WHOLE, origin.value) else None
    parts = _parts(expr)
    kind = _kind(module, expr).strip().strip("'\"")
    if "version" not in parts:
        decided = kind in ("string", "str") and (_in_decision(module, expr) or _is_bound_of_version(module, parts))
        if decided or _of_versions(module, origin):
            return True
        return _of_origin(module, origin) if isinstance(expr, Name) else None
    if parts & _COUNTED:
        return None
    return _of_name(module, expr, kind, parts)


def _kind(module: Module, expr: Expr) -> str:
    """Return the declared type of an expression; of ``version`` in ``for (const { version } of all)`` the member's."""
    declared = declared_type(module, expr) or value_type(module, expr)
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    if isinstance(expr, Name) and bound and isinstance(bound[0], For) and not isinstance(bound[0].target, Name):
        held = named_type(module, declared)
        return member_type(held, expr.id) if held is not None else ""
    return declared


def _of_origin(module: Module, origin: object) -> bool | None:
    """Judge what a name without the word was given: ``last = await store.get("lastVersion")``."""
    if not isinstance(origin, Call | Member | Index):
        return None
    parts = _parts(origin)
    if "version" in parts and not parts & _COUNTED:
        return bool(parts & _TEXT_WORDS)
    return _of_call(module, origin) if isinstance(origin, Call) else None


def _of_versions(module: Module, origin: object) -> bool:
    """Tell whether a value is looked up in a table of texts that is called ``versions``."""
    table = origin.object if isinstance(origin, Index) else None
    if isinstance(origin, Call) and origin.name == "get":
        table = origin.receiver
    if table is None or words(spelled(table))[-1:] != ("versions",):
        return False
    return table_value_type(declared_type(module, table)) in ("string", "str")


def _of_name(module: Module, expr: Expr, kind: str, parts: frozenset[str]) -> bool | None:
    origin = module.scopes.origin(expr)
    if isinstance(origin, Literal):
        return True if isinstance(origin.value, str) and found(_SPELLED, origin.value) else None
    if kind in ("string", "str"):
        return True
    if isinstance(origin, Call) and origin is not expr:
        return _of_call(module, origin) if not spelled(origin) else True
    if isinstance(origin, Binary | Unary | Object | Array):
        return None if not (isinstance(origin, Binary) and origin.op in ("or", "??")) else bool(parts & _TEXT_WORDS)
    if kind and kind not in ("any", "unknown", "Any", "string | undefined", "str | None", "Optional[str]"):
        return None
    if kind in ("string | undefined", "str | None", "Optional[str]"):
        return True
    if module.language == "python" and parts & _LEVELS:
        return None  # a level, which is counted as often as spelled
    return bool(parts & _TEXT_WORDS)


def _of_call(module: Module, call: Call) -> bool | None:
    """Judge what a call gives: text made of a version is text, anything parsed of it is none."""
    name = call.name
    if module.resolve(call.callee) in _INSTALLED:
        return True
    if name in ("getattr", "get", "pop") and call.args and _is_whole(module, call.args[-1]):
        return True  # what stands for a missing one is a version, so that the one that is there is, too
    if (
        name in ("str", "String", "trim", "strip", "toString", "lstrip", "lower", "removeprefix", "replace")
        and (inner := call.receiver or call.arg(0)) is not None
    ):
        return True if "version" in _parts(strip(inner)) and not _parts(strip(inner)) & _COUNTED else None
    if name == "split" and call.receiver is not None:
        return True if "version" in _parts(strip(call.receiver)) else None
    own = frozenset(words(name))
    if name in ("getVersion", "get_version", "version", "hostVersion", "host_version", "appVersion", "app_version"):
        around = frozenset(words(spelled(call.receiver))) if call.receiver is not None else frozenset()
        return bool((own | around) & _TEXT_WORDS) if not call.args else None
    return None


def _drops_operator(side: Expr) -> bool:
    """Tell whether what stands before the version of a requirement is taken off: ``wanted.lstrip(">=")``."""
    call = strip(side)
    if not isinstance(call, Call) or call.name not in _CUTS or call.receiver is None or not call.args:
        return False
    first = strip(call.args[0])
    said = first.pattern if isinstance(first, Regex) else first.value if isinstance(first, Literal) else ""
    return isinstance(said, str) and bool(found(_OPERATORS, said))


def _major_text(expr: Index) -> bool | None:
    """Judge ``version.split(".")[0]`` and ``version[0]``: a digit as text."""
    inner = strip(expr.object)
    if isinstance(inner, Call) and inner.name == "split" and inner.receiver is not None:
        return True if "version" in _parts(strip(inner.receiver)) else None
    if isinstance(expr.key, Literal) and isinstance(expr.key.value, int) and "version" in _parts(inner):
        return False if not _parts(inner) & (_COUNTED | {"versions", "info"}) else None
    return None


def _is_bound_of_version(module: Module, parts: frozenset[str]) -> bool:
    """Tell whether a name is that of a bound, in a file that speaks of versions and takes such texts apart itself."""
    if not parts or not parts <= LOWER | UPPER | HOSTS or not parts & (LOWER | UPPER) or "version" not in module.words:
        return False
    return takes_apart(module)


def _in_decision(module: Module, expr: Expr) -> bool:
    """Tell whether a name is a parameter of a function that decides about versions."""
    if not isinstance(expr, Name):
        return False
    bound = module.scopes.lookup(expr.id, expr)
    if len(bound) != 1 or not isinstance(bound[0], Param):
        return False
    function = bound[0].parent
    if not isinstance(function, Function) or not function.name:
        return False
    own = set(words(function.name)) | set(words(module.path.rsplit("/", 1)[-1].split(".")[0]))
    return bool(own & _DECIDES) or "atleast" in "".join(words(function.name)) or "version" in words(expr.id)


def _parts(expr: Expr) -> frozenset[str]:
    own = frozenset(words(spelled(expr)))
    if own == {"version"} and isinstance(expr, Member | Index):
        holder = frozenset(words(spelled(expr.object)))
        own |= (holder - {"manifest"}) | ({"plugin"} if "manifest" in holder else set())
    return own


def _collates(module: Module, call: Call) -> str:
    """Say what is wrong with ``a.version.localeCompare(b.version)``; with ``numeric`` it counts digits."""
    other = call.arg(0)
    if call.receiver is None or other is None:
        return ""
    options = call.arg(2)
    if options is not None and not (isinstance(options, Object) and options.get("numeric") is None):
        return ""
    left, right = _pair(module, call.receiver, other)
    if left is None or right is None:
        return ""
    return f"orders versions as text: {_WRONG}."


def _as_number(module: Module, call: Call) -> str:
    own = call.receiver is None or module.resolve(call.receiver) == "Number"  # Number.parseFloat
    value = strip(call.args[0]) if len(call.args) == 1 and own else None
    if isinstance(value, Call) and value.name == "join":
        value = joined(value)
    if isinstance(value, Call) and takes_dots_out(value) and value.receiver is not None:
        value = strip(value.receiver)
        return (
            "takes the dots out of a version: '10.0.0' becomes 1000, less than '8.12.0', which is 8120."
            if (isinstance(value, Name | Member | Index) and _text(module, value) and spelled(value))
            else ""
        )
    if not isinstance(value, Name | Member | Index) or not _text(module, value) or not spelled(value):
        return ""
    if is_one_number(call):
        return ""
    if call.name == "int" and _parts(value) & _LEVELS:
        return ""  # a level, which is counted
    return "makes a number of a version: '1.10' becomes smaller than '1.9', and '1.2.3' is none."
