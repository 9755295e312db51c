"""SEC019: whether somebody may do something is answered by any list at all in that one's own manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Array, Binary, Expr, If, Member, Name, Object, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, said_in, word_set
from reviewer.experts.security.asked import asked
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.entries import membership
from reviewer.experts.security.values.access import step
from reviewer.experts.security.vocabulary import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_MANIFESTS: Final = frozenset({"manifest", "descriptor"})
_OFFERS: Final = word_set("feature features command commands keyword keywords tag tags file files contributes")
"""Words of lists by which a plugin says what it has to offer."""
_DENIES: Final = ("may not", "not allowed", "permission", "forbidden", "denied", "lacks")
"""What an error says by which somebody is refused."""
_ALSO: Final = word_set(
    "grant grants granted approve approved approval approvals consent consents consented confirm confirmed trusted "
    "builtin internal core policy policies admin operator"
)
"""Words of whoever else has a say."""


@module_check("SEC019", words=ANSWERING | {"throw", "raise"})
def answered_by_manifest(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each decision answers for a list of a manifest in which it looks what it was asked about."""
    if module.is_test or not module.words & _MANIFESTS:
        return
    for function in module.functions:
        if not function.params or said_in(function.body) & _ALSO:
            continue
        answers = [one.value for one in returns_of(function)] if is_decision(function) else _refusals(module, function)
        listed = next(_listed(module, function, answers), None)
        if listed is not None:
            yield Match(
                listed,
                f"'{short(module.text_of(listed))}' stands in the plugin's own manifest, and '{function.name}' answers "
                "by it alone: it may do whatever it says that it does.",
            )


def _refusals(module: Module, function: Function) -> list[Expr | None]:
    """Return the conditions under which a function throws that somebody may not do something."""
    found: list[Expr | None] = []
    for branch in find(function.body, If, into_functions=False):
        last = branch.body[-1] if branch.body else None
        text = module.text_of(last).lower() if isinstance(last, Throw) else ""
        if any(word in text for word in _DENIES):
            found.append(branch.test)
    return found


def _listed(module: Module, function: Function, answers: list[Expr | None]) -> Iterator[Expr]:
    """Yield the lists of a manifest in which an answer of a function looks for what it was asked about."""
    given = {param.name for param in function.params}
    for answer in answers:
        for node in walk(answer) if answer is not None else ():
            held, looked = membership(node)
            if looked is None or held is None or not names_in(looked) & given or asked(module, held) is not None:
                continue
            named = module.scopes.origin(held) if isinstance(strip(held), Name) else None
            made = _without_default(named if isinstance(named, Member) else held)
            found = step(made)
            if found is not None and not set(words(found[1])) & _OFFERS and _is_manifest(module, found[0]):
                yield made


def _without_default(expr: Expr) -> Expr:
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("??", "or") and isinstance(strip(made.right), Array):
        return strip(made.left)
    return made


def _is_manifest(module: Module, holder: Expr) -> bool:
    """Tell whether an object is a manifest that the host keeps, by its name or by the member that it was taken from.

    A manifest that is handed in is asked about before there is anybody who could have been granted anything.
    """
    held = strip(holder)
    if isinstance(held, Binary) and held.op in ("??", "or") and isinstance(strip(held.right), Object):
        held = strip(held.left)
    made = module.scopes.origin(held) if isinstance(held, Name) else held
    if isinstance(made, Param):
        return False
    names = {last_name(one) for one in (held, made) if isinstance(one, Expr)}
    return any(set(words(name)[-1:]) & _MANIFESTS for name in names)
