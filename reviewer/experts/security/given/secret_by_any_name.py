"""SEC520: a guest is given whatever secret of the host it knows the name of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.reach.record_members import record_around
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Index, Name, Object, Param, strip
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.security.handing.ports import is_inside_port
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_VAULTS: Final = word_set("vault vaults secrets secret keychain keyring keystore credentials secretstore passwords")
_TAKES: Final = frozenset(
    "get read open fetch lookup find load reveal get_secret getSecret getenv get_password".split()
)
_ENVIRONMENTS: Final = ("process.env", "os.environ", "Deno.env", "Bun.env")
_ASKED: Final = word_set("secret secrets credential credentials password token env environment variable vault apikey")
"""Words of a member by which a guest asks for a secret."""
_NAMES: Final = word_set("name key id slot variable secret ref label")


@module_check("SEC520", words=_VAULTS | {"env", "environ", "getenv"})
def secret_by_any_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each look-up of a secret in what is made for a guest for anything but the name that the guest gave."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for function in module.functions:
        for param in function.params:
            if not set(words(param.name)) & _NAMES or param.type not in ("", "string", "str"):
                continue
            found = _look_up(module, function, param, 0)
            if found is None or not _is_for_guest(module, function) or limited(module, [found[1]], found[0]):
                continue
            yield Match(
                found[0],
                f"'{short(module.text_of(found[0]))}' takes the name as the guest gives it: whoever knows or guesses "
                "the name of a secret of another, or of the host, is given it.",
            )
            break


def _look_up(module: Module, function: Function, param: Param, depth: int) -> tuple[Expr, Name] | None:
    """Return the look-up of a secret under a bare name, here or in a method of the same object that is handed it."""
    for node in find(function.body, Index):
        key = strip(node.key)
        if _is(module, key, param) and module.text_of(node.object) in _ENVIRONMENTS:
            return (node, key) if isinstance(key, Name) else None
    for call in find(function.body, Call):
        given = strip(call.args[0]) if call.args else None
        if not isinstance(given, Name) or not _is(module, given, param):
            continue
        held = call.receiver
        kept = held is not None and (path_words(held) & _VAULTS or module.text_of(held) in _ENVIRONMENTS)
        if call.name in _TAKES and len(call.args) == 1 and (kept or module.resolve(call.callee) == "os.getenv"):
            return call, given
        target = definition(module, call.callee) if is_this_member(strip(call.callee)) and depth == 0 else None
        if isinstance(target, Function) and target.module is module and target.params and len(call.args) == 1:
            inner = _look_up(module, target, target.params[0], 1)
            if inner is not None and not limited(module, [inner[1]], inner[0]):
                return call, given
    return None


def _is(module: Module, given: Expr, param: Param) -> bool:
    bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
    return len(bound) == 1 and bound[0] is param


def _is_for_guest(module: Module, function: Function) -> bool:
    """Tell whether a function is what a guest asks for a secret: a member of the context that is made for it."""
    name = function.name or _entry(function)
    if not set(words(name)) & _ASKED:
        return False
    if is_inside_port(module, function):
        return True
    around: Function | None = function.outer
    said = set(words(function.owner.name)) if function.owner is not None else set()
    while around is not None:
        said |= set(words(around.name)) | (set(words(around.owner.name)) if around.owner is not None else set())
        around = around.outer
    return bool(said & FACES) and (function.owner is not None or record_around(function) is not None)


def _entry(function: Function) -> str:
    """Return the key under which a function stands in an object: ``{ secret: (name) => … }``."""
    made: Node | None = function.parent
    for key, value in made.entries if isinstance(made, Object) else ():
        if value is function:
            return str(getattr(key, "value", ""))
    return ""
