"""SEC084: a message from the plugin's own side says what is granted to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.vocabulary import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GRANTS: Final = word_set("add grant allow set give put permit append push approve update extend assign")
_STORES: Final = (TABLES | {"policies", "entitlement", "capabilities", "scope"}) - {"rule", "rules", "access", "roles"}
_ASKS: Final = word_set(
    "consent approve approved approval confirm confirmed prompt ask dialog admin user requireadmin review isadmin "
    "session"
)


_ABILITIES: Final = word_set("capability capabilities")
"""Words for what somebody can do, as well as for what he may."""
_NEGOTIATES: Final = word_set(
    "ack nak supported supports negotiated offered handshake hello initialize initialise protocol server client "
    "features announced advertised available"
)
"""Words of two sides that tell each other what they can do."""


_PACKAGES: Final = word_set("pkg package dependency dependencies")
_TELLS: Final = word_set("error errors problem problems violations warnings diagnostics report")
"""Words of what gathers what went wrong, whatever scope that has."""


@module_check("SEC084", words=_STORES)
def granted_by_message(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every grant for who chose what is granted."""
    if module.is_test:
        return
    found = list(_granted(module))
    reached = {call.name for call, _ in found}
    for call, given in found:
        function = function_of(call)
        if function is not None and function.owner is not None and function.name in reached:
            continue  # the store itself; whoever calls it is told
        yield Match(
            call,
            f"'{short(module.text_of(given))}' comes with a message, and is granted by it: the sender chooses its "
            "own rights.",
        )


def _granted(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield every grant of what a message brings, with that."""
    for call in module.all(Call):
        verb = words(call.name)
        if call.receiver is None or not verb or verb[0] not in _GRANTS or not call.args:
            continue
        if not path_words(call.receiver) & _STORES or _somebody_asked(call) or _is_noted_here(module, call):
            continue
        if _is_negotiated(call) or _is_of_config(call) or path_words(call.receiver) & _TELLS:
            continue
        if any(path_words(argument) & _PACKAGES for argument in call.args):
            continue  # what is brought up to date, and no right of anybody
        given = next((argument for argument in call.args if _from_message(module, argument)), None)
        if given is not None:
            yield call, given


def _is_noted_here(module: Module, call: Call) -> bool:
    """Tell whether a list is only made up in the function itself: where it is kept counts, and is looked at."""
    held, function = strip(call.receiver) if call.receiver is not None else None, function_of(call)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    only = bound[0] if len(bound) == 1 else None
    return function is not None and isinstance(only, Assign) and function_of(only) is function


def _is_negotiated(call: Call) -> bool:
    """Tell whether what is kept is what the other side can do, and no right of it: ``caps_ack.update(caps)``."""
    said = path_words(call.receiver) if call.receiver is not None else set()
    function = function_of(call)
    around = said | (set(words(function.name)) if function is not None else set())
    return said & _STORES <= _ABILITIES and bool(around & _NEGOTIATES)


def _is_of_config(call: Call) -> bool:
    """Tell whether it is the configuration that is changed, by whoever looks after the program.

    ``updateConfig((config) => config.policies.push(req.params.name))``
    """
    around = (one for one in ancestors(call) if isinstance(one, Call))
    return any(set(words(one.name)) & {"config", "configuration", "settings"} for one in around)


def _from_message(module: Module, expr: Expr) -> bool:
    made = strip(expr)
    if isinstance(made, Call) and made.args and all(trace(module, one).fixed for one in made.args):
        return False
    kinds = trace(module, expr).kinds()
    return bool(kinds & {"message", "request"}) and not kinds & {"config", "stored"}


def _somebody_asked(call: Call) -> bool:
    """Tell whether a person, or somebody with the right to, has a say around the grant."""
    current: Function | None = function_of(call)
    while current is not None:
        if said_in(current.body) & _ASKS or set(words(current.name)) & _ASKS:
            return True
        if {word for param in current.params for word in (*words(param.name), *words(param.type))} & _ASKS:
            return True
        current = current.outer
    return False
