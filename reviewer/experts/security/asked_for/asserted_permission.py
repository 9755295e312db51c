"""SEC035: a permission or a signature is demanded by ``assert``, which Python can leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assert, Binary, Call, Literal, Member, Name, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.security.deciding.decisions import asks_permission
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_RANKS: Final = frozenset(
    "admin administrator superuser superadmin staff authenticated authorized authorised moderator".split()
)
"""What somebody has to be to do something."""
_PERSONS: Final = frozenset(
    "role roles user users rank level group groups actor caller account member session identity principal owner scope "
    "scopes permission permissions grants granted rights capabilities claims".split()
)
"""Words of somebody, or of what somebody has."""
_NOUNS: Final = frozenset("capability permission scope role grant policy privilege right".split())
_PROOFS: Final = frozenset("signature signatures digest hexdigest sha checksum verify verified compare trusted".split())


def _asks_form(test: Expr) -> bool:
    """Tell whether an assertion asks what kind of value it was given, and decides nothing: ``isCapability(name)``."""
    asked = strip(test)
    while isinstance(asked, Unary):
        asked = strip(asked.operand)
    if not isinstance(asked, Call):
        return False
    said = words(asked.name)
    of_form = said[:1] == ("is",) and set(said[-1:]) <= _NOUNS and len(asked.args) == 1
    return of_form or asked.name in ("isinstance", "issubclass")


def _asks_of_function(module: Module, test: Expr) -> bool:
    """Tell whether the signature that is spoken of is that of a function: its parameters and types."""
    parts = [part for part in walk(test) if isinstance(part, Name | Member | Call)]
    origins = [module.scopes.origin(part) for part in parts if isinstance(part, Name)]
    known = [*parts, *(one for one in origins if isinstance(one, Call | Member))]
    resolved = (module.resolve(one.callee if isinstance(one, Call) else one) for one in known)
    return any(name.startswith(("inspect.", "typing.")) for name in resolved)


def _is_one_of_few(test: Expr) -> bool:
    """Tell whether a value is held against the few that there are, and nobody's rights: ``mode in ("a", Mode.B)``."""
    asked = strip(test)
    if not isinstance(asked, Binary) or asked.op != "in" or not isinstance(strip(asked.left), Name | Member):
        return False
    few = strip(asked.right)
    known = isinstance(few, Array) and all(isinstance(strip(one), Literal | Member) for one in few.items)
    return known and not set(last_words(asked.left)) & (_RANKS | _PERSONS)


def _asks_system(module: Module, test: Expr) -> bool:
    """Tell whether the system is asked if a folder can be written to: ``os.access(folder, os.W_OK)``."""
    asked = strip(test)
    return isinstance(asked, Call) and module.resolve(asked.callee) == "os.access"


def _only_spelled(test: Expr) -> bool:
    """Tell whether words of a rank stand in texts alone, beside names that speak of nobody: ``area == "admin"``."""
    said = {word for one in walk(test) if isinstance(one, Name | Member) for word in last_words(one)}
    return not said & (_RANKS | _PERSONS)


@module_check("SEC035", words=TRIGGERS | _PROOFS | _RANKS)
def asserted_permission(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every assertion of code that isn't a test."""
    if module.is_test or module.language != "python":
        return
    for node in module.all(Assert):
        if function_of(node) is None:
            continue
        said = said_in(node.test)
        if _asks_form(node.test) or _is_one_of_few(node.test) or _asks_system(module, node.test):
            continue
        if _asks_of_function(module, node.test):
            said -= {"signature", "signatures"}
        if said & _RANKS and _only_spelled(node.test):
            said -= _RANKS
        if asks_permission(module, node.test) or said & _PROOFS or said & _RANKS:
            yield Match(
                node,
                f"'{short(module.text_of(node))}' is gone under 'python -O' and PYTHONOPTIMIZE: everybody passes then.",
            )
