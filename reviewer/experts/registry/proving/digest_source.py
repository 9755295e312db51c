"""REG043, REG044: the expected digest comes from the package, or is compared in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, Function, Index, Literal, Member, Name, Opaque, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.made_from import texts_in, ways_back
from reviewer.experts.registry.unchanged import tells_changes
from reviewer.experts.registry.verification import (
    PACKAGES,
    comparisons,
    hashed,
    is_fetch,
    roots,
)
from reviewer.experts.registry.vocabulary import DIGESTS, FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SAME_SERVER: Final = (".sha256", ".sha512", ".sha1", ".md5", ".digest", ".checksum", "/digest", "/checksum", "/sha256")
_PARTS: Final = frozenset({"startsWith", "startswith", "endsWith", "endswith", "includes", "indexOf", "find"})
_EXPECTED: Final = frozenset("expected wanted pinned recorded declared".split())
_MANIFESTS: Final = frozenset("manifest plugin package meta metadata addon extension info descriptor bundle".split())
"""Words of files that come with a package."""
_RECORDS: Final = frozenset("lock registry index catalog pins trusted installed digests checksums known".split())
"""Words of files that the host keeps."""
_ABBREVIATED: Final = frozenset({"git", "commit", "reflog"})
"""Words of code that deals with commits, whose digests people and git shorten."""
_CUTS: Final = frozenset({"slice", "substring", "substr"})


@module_check("REG043", words=DIGESTS)
def digest_from_package(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find expected digests that are read out of the bytes that they are to vouch for."""
    if module.is_test:
        return
    for one in comparisons(module):
        inputs = hashed(module, one.actual)
        if not inputs or tells_changes(module, one):
            continue
        source = _variable(module, inputs[0])
        expected = roots(module, one.expected, names_asked=False)
        if source is not None and source in expected and not hashed(module, one.expected):
            yield Match(
                one.node,
                f"The expected digest is read out of '{source[1]}' itself: whoever changes the package changes the "
                "digest with it.",
            )
        elif not hashed(module, one.expected) and _comes_with(module, one.node, inputs[0], one.expected):
            yield Match(
                one.node,
                "The expected digest is read out of the manifest that comes with these bytes: whoever changes the "
                "package changes the digest with it.",
            )
        elif _from_same_server(module, one.expected):
            yield Match(
                one.node,
                "The expected digest is fetched from beside the package: whoever can change one can change the other.",
                confidence=Confidence.POSSIBLE,
            )


def _variable(module: Module, expr: Expr) -> tuple[int, str] | None:
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in ("from", "Buffer", "bytes", "Uint8Array", "encode") and expr.args:
        expr = strip(expr.args[0])
    if not isinstance(expr, Name):
        return None
    bindings = module.scopes.lookup(expr.id, expr)
    return (id(bindings[0]), expr.id) if len(bindings) == 1 else None


def _comes_with(module: Module, place: Expr, code: Expr, expected: Expr) -> bool:
    """Tell whether a digest comes with the code, here or where a caller hands both to the function that compares."""
    inner = _holder(module, expected)
    if inner is None:
        return False
    if _in_one_package(module, code, inner):
        return True
    function = function_of(place)
    base = code
    while isinstance(base, Member):
        base = strip(base.object)
    places = {param.name: at for at, param in enumerate(function.params)} if function is not None else {}
    if function is None or not isinstance(base, Name) or not isinstance(inner, Name):
        return False
    if not function.name or base.id not in places or inner.id not in places or base.id == inner.id:
        return False
    for call in module.calls((function.name,)):
        bytes_given, given = call.arg(places[base.id], base.id), call.arg(places[inner.id], inner.id)
        if bytes_given is None or given is None or definition(module, call.callee) is not function:
            continue
        if _in_one_package(module, bytes_given, given):
            return True
    return False


def _in_one_package(module: Module, code: Expr, inner: Expr) -> bool:
    """Tell whether what holds a digest is a manifest that was read out of the same archive or folder as the code."""
    reads = list(_readers(module, inner))
    texts = texts_in(module, inner) | {
        text.value for read in reads for text in find(read.body, Literal) if isinstance(text.value, str)
    }
    files = {word for text in texts if "." in text for word in words(text)}
    if not files & _MANIFESTS or files & _RECORDS:
        return False
    parsed = any(
        isinstance(part, Call) and part.name in ("parse", "loads", "load", "json")
        for one in (*ways_back(module, inner), *reads)
        for part in find(one, Call, into_functions=False)
    )
    return parsed and bool(
        roots(module, code) & roots(module, inner, names_asked=False)
        or _read_by(module, code) & _read_by(module, inner)
    )


def _readers(module: Module, expr: Expr) -> Iterator[Function]:
    """Yield the functions of the file that a value was read by: ``readManifest`` of ``await readManifest(folder)``."""
    for one in ways_back(module, expr):
        for call in find(one, Call, into_functions=False):
            target = definition(module, call.callee)
            if isinstance(target, Function) and target.module is module and not inside(expr, target):
                yield target


def _read_by(module: Module, expr: Expr) -> set[str]:
    """Return the methods of its own object that a value was read by."""
    return {
        call.name
        for one in ways_back(module, expr)
        for call in find(one, Call, into_functions=False)
        if is_this_member(call.callee)
    }


def _holder(module: Module, expected: Expr) -> Name | Member | None:
    """Return the name of what a digest is a member of: ``manifest`` of ``manifest.files["main.js"].sha256``."""
    made = module.scopes.origin(expected)
    inner = strip(made) if isinstance(made, Expr) else strip(expected)
    if not isinstance(inner, Member | Index | Call):
        return None
    while isinstance(inner, Member | Index | Call) and not is_this_member(inner):
        base = inner.receiver if isinstance(inner, Call) and inner.name == "get" else getattr(inner, "object", None)
        if base is None:
            return None
        inner = strip(base)
    return inner if isinstance(inner, Name | Member) else None


def _from_same_server(module: Module, expected: Expr) -> bool:
    """Tell whether an expected digest was fetched from the package's address with an ending."""
    origin: object = module.scopes.origin(expected)
    for _ in range(6):
        if not isinstance(origin, Call):
            return False
        if is_fetch(module, origin) or origin.name in ("get", "text", "read"):
            spelled = [part for arg in origin.args for part in find(arg, Literal)]
            if any(isinstance(part.value, str) and part.value.endswith(_SAME_SERVER) for part in spelled):
                return True
        receiver = origin.receiver
        origin = module.scopes.origin(receiver) if receiver is not None else None
    return False


@module_check("REG044", words=DIGESTS)
def digest_partly_compared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find digests of which a beginning, or any part, is enough."""
    if module.is_test:
        return
    for call in module.calls(tuple(_PARTS)):
        other = call.arg(0)
        receiver = call.receiver
        if receiver is None or other is None or isinstance(strip(other), Literal | Template):
            continue
        other = _unfolded(other)
        expected = _digest_text(module, other) or _shortened(module, other) or set(last_words(other)) & _EXPECTED
        if _digest_text(module, receiver) and expected:
            yield Match(
                call,
                f"'{call.name}' takes a part of the digest for the whole: a short or empty one always fits.",
                confidence=Confidence.POSSIBLE if _ABBREVIATED & module.words else None,
            )
    for call in module.calls(("compare_digest", "timingSafeEqual")):
        if len(call.args) == 2 and any(_is_beginning(module, arg) for arg in call.args):
            yield Match(call, "Only a part of the digest is compared: others that share it are easy to make.")
    for node in module.all(Binary):
        if node.op in ("==", "!=") and _only_lengths(module, node):
            yield Match(node, "Only the lengths of two digests are compared, and all of one kind are equally long.")
        if node.op in ("==", "!=") and _cuts_one(module, node):
            yield Match(node, "Only a part of the digest is compared: other packages that share it are easy to make.")
        elif node.op in ("in", "not in") and module.language == "python" and hashed(module, node.right):
            yield Match(node, "A part of the digest is taken for the whole: a short or empty one always fits.")


def _unfolded(expr: Expr) -> Expr:
    """Return the text of which one spelling was made: ``expected`` of ``expected.trim().toLowerCase()``."""
    inner = strip(expr)
    while isinstance(inner, Call) and inner.name in FOLDS and inner.receiver is not None:
        inner = strip(inner.receiver)
    return inner


def _digest_text(module: Module, expr: Expr) -> bool:
    found = set(last_words(expr))
    plural = found & {"digests", "hashes", "checksums", "list", "set", "allowed", "known", "trusted"}
    return bool(hashed(module, expr)) or (bool(found & DIGESTS) and not plural)


def _only_lengths(module: Module, node: Binary) -> bool:
    """Tell whether the length of a digest that was made here decides, and nothing else of it is compared."""
    left, right = _measured(node.left), _measured(node.right)
    function = function_of(node)
    if left is None or right is None or function is None or not (hashed(module, left) or hashed(module, right)):
        return False
    sides = {module.text_of(left), module.text_of(right)}
    others = [one for one in find(function.body, Binary) if one is not node and one.op in ("==", "!=")]
    held: list[Expr] = [side for one in others for side in (one.left, one.right)]
    held += [arg for call in find(function.body, Call) if _measured(call) is None for arg in call.args]
    return not any(module.text_of(strip(one)) in sides for one in held)


def _measured(expr: Expr) -> Expr | None:
    """Return what the length is taken of."""
    expr = strip(expr)
    if isinstance(expr, Member) and expr.name == "length":
        return strip(expr.object)
    return strip(expr.args[0]) if isinstance(expr, Call) and expr.name == "len" and len(expr.args) == 1 else None


def _cuts_one(module: Module, node: Binary) -> bool:
    """Tell whether one side is a stretch of a digest and the other is about a package, too."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        both = _cut(module, other) and _of_digests(other)
        if _shortened(module, side) and (
            both or said_in(other) & (DIGESTS | _EXPECTED | PACKAGES | {"entry", "record", "manifest"})
        ):
            return True
    return False


def _shortened(module: Module, expr: Expr) -> bool:
    """Tell whether a stretch of a digest is sought in another one: ``have.startsWith(want.slice(0, 16))``."""
    made = module.scopes.origin(expr)
    return isinstance(made, Expr) and _cut(module, made)


def _is_beginning(module: Module, expr: Expr) -> bool:
    """Tell whether what is compared as a digest is the beginning of a text or of bytes: ``expected[:16]``."""
    made = module.scopes.origin(expr)
    if isinstance(made, Call):
        return made.name in _CUTS and made.receiver is not None and len(made.args) == 2 and _is_start(made.args[0])
    if isinstance(made, Index) and isinstance(made.key, Opaque) and made.key.kind == "slice":
        return module.text_of(made.key).strip("[]").startswith(":")
    return False


def _is_start(expr: Expr) -> bool:
    inner = strip(expr)
    return isinstance(inner, Literal) and inner.value == 0


def _cut(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a stretch of a digest from its beginning."""
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in _CUTS and expr.receiver is not None and len(expr.args) == 2:
        cut = _digest_text(module, expr.receiver) or _of_digests(expr)
        end = module.scopes.origin(expr.args[1])
        return cut and (isinstance(end, Literal) or (isinstance(end, Member) and end.name == "length"))
    if isinstance(expr, Index) and isinstance(expr.key, Opaque) and expr.key.kind == "slice":
        text = module.text_of(expr.key).strip("[]")
        return text.startswith(":") and _digest_text(module, expr.object)
    return False


def _of_digests(expr: Expr) -> bool:
    """Tell whether a text is cut in a function that by its name compares digests: ``sameDigest(one, other)``."""
    function, receiver = function_of(expr), expr.receiver if isinstance(expr, Call) else None
    if function is None or not isinstance(receiver, Name) or not set(words(function.name)) & DIGESTS:
        return False
    return any(param.name == receiver.id for param in function.params)
