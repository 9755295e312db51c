"""REG045: what is verified says itself by which hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Binary, Call, Expr, Index, Member, Name, Param, Switch, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.made_from import ways_back
from reviewer.experts.registry.verification import comparisons
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset({"createHash", "hashlib.new", "crypto.createHash"})
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
        if given is None or _asked(module, given):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(given))}' says by which hash it is to be verified: an entry that names MD5 is "
            "held against a digest for which other bytes can be made.",
        )


def _given(module: Module, kind: Expr) -> Member | Index | None:
    """Return the member of something handed in that names a hash: ``entry.digest.algorithm``."""
    for one in ways_back(module, kind):
        expr = strip(one)
        if isinstance(expr, Member | Index) and not is_this_member(expr):
            base: Expr = expr
            while isinstance(base, Member | Index):
                base = strip(base.object)
            bound = module.scopes.lookup(base.id, base) if isinstance(base, Name) else []
            if any(isinstance(binding, Param) for binding in bound):
                return expr
    return None


def _asked(module: Module, given: Member | Index) -> bool:
    """Tell whether the kind is held against those that are good enough, anywhere in the file."""
    last = module.text_of(given).rsplit(".", 1)[-1]
    held: list[Expr] = [arg for call in module.all(Call) if call.name in _ASKS for arg in call.args]
    held += [node.key for node in module.all(Index) if node is not given]
    held += [node.subject for node in module.all(Switch)]
    for node in module.all(Binary):
        if node.op in ("==", "!=", "in", "not in"):
            held += (node.left, node.right)
    return any(module.text_of(strip(one)).endswith(last) for one in held)
