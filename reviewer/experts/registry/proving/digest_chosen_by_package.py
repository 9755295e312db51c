"""REG045: what is verified says itself by which hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, Name, Param, Switch, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, surroundings
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.verification import comparisons
from reviewer.experts.registry.vocabulary import DIGESTS
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"createHash", "hashlib.new", "crypto.createHash"})
_NAMED_BY: Final = frozenset("filename filenames placeholder placeholders etag cache".split())
"""Words of a function in which a hash is a part of a name."""
_ASKS: Final = frozenset({"has", "includes", "test", "get", "match", "indexOf", "parse"})


@module_check("REG045", words=DIGESTS & {"digest", "hash", "integrity", "checksum"} | {"algorithm", "algo"})
def digest_chosen_by_package(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at hashes whose kind is a member of what is given, where digests are compared."""
    if module.is_test or not any(True for _one in comparisons(module)):
        return
    for call in module.calls(("createHash", "new")):
        kind = call.arg(0)
        if kind is None or not (module.resolve(call.callee) in _MAKERS or call.name == "createHash"):
            continue
        given = _given(module, kind)
        if surroundings(function_of(call)) & _NAMED_BY:
            continue
        if given is None or _asked(module, given):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(given))}' says by which hash it is to be verified: an entry that names MD5 is "
            "held against a digest for which other bytes can be made.",
        )


def _given(module: Module, kind: Expr) -> Expr | None:
    """Return the member of something handed in that names a hash: ``entry.digest.algorithm``."""
    for one in ways_back(module, kind):
        expr = strip(one)
        if is_this_member(expr):
            continue
        if isinstance(expr, Index) and _is_part_of_text(expr):
            return strip(kind) if isinstance(strip(kind), Name) else expr
        if step(expr) is not None and _is_handed_in(module, expr):
            return expr
    return None


def _is_handed_in(module: Module, expr: Expr) -> bool:
    """Tell whether a path begins at a parameter."""
    base: Expr = expr
    while isinstance(base, Member | Index) or step(base) is not None:
        found = step(base)
        base = strip(found[0] if found is not None else base.object if isinstance(base, Index) else base)
    bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
    return any(isinstance(binding, Param) for binding in bound)


def _is_part_of_text(part: Index) -> bool:
    """Tell whether something is what stands before the dash of a digest: ``integrity.split("-")[0]``."""
    whole = strip(part.object)
    by = strip(whole.args[0]) if isinstance(whole, Call) and whole.args else None
    first = isinstance(part.key, Literal) and part.key.value == 0
    divides = isinstance(by, Literal) and by.value in ("-", ":", "=")
    named = isinstance(whole, Call) and whole.receiver is not None and bool(path_words(whole.receiver) & DIGESTS)
    return first and divides and named and isinstance(whole, Call) and whole.name in ("split", "partition")


def _asked(module: Module, given: Expr) -> bool:
    """Tell whether the kind is held against those that are good enough, anywhere in the file."""
    found = step(given)
    last = found[1] if found is not None and isinstance(given, Call) else module.text_of(given).rsplit(".", 1)[-1]
    held: list[Expr] = [
        arg for call in module.all(Call) if call.name in _ASKS and call is not given for arg in call.args
    ]
    held += [node.key for node in module.all(Index) if node is not given and not isinstance(node.key, Literal)]
    held += [node.subject for node in module.all(Switch)]
    for node in module.all(Binary):
        if node.op in ("==", "!=", "in", "not in"):
            held += (node.left, node.right)
    return any(module.text_of(strip(one)).rstrip("\"')]").endswith(last.rstrip("\"')]")) for one in held)
