"""SEC004: a rank that the table doesn't know is neither lower nor higher, so that nothing refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import Binary, Call, Expr, If, Index, Literal, Name, Object, strip
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RANKS: Final = word_set("rank ranks level levels order tier tiers trust weight weights precedence hierarchy strength")
_LOGS: Final = word_set("log logs logger loggers logging console verbosity debug warn severity severities")
"""Words of what is said about the lines of a log, which have levels, too."""
_HOLDERS: Final = PERMISSION | word_set("role roles right rights demand require ensure assert check guard gate")


@module_check("SEC004", words=_RANKS)
def unknown_rank_passes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal that stands on the comparison of two looked-up ranks."""
    if module.is_test or module.language == "python":
        return
    for node in module.all(If):
        test = strip(node.test)
        if not isinstance(test, Binary) or test.op not in ("<", "<=", ">", ">=") or not refuses(node.body):
            continue
        for side in (test.left, test.right):
            key = _key(module, side)
            if key is None or _is_known(module, node, key):
                continue
            yield Match(
                node.test,
                f"Where '{short(module.text_of(side))}' finds nothing, '{short(module.text_of(test))}' is false, and "
                "nothing refuses: an unknown rank passes as the highest.",
                fix="Refuse unless the comparison holds the other way round, with the lowest rank for what is unknown.",
            )
            break


def _key(module: Module, side: Expr) -> Expr | None:
    """Return the key under which a rank is looked up in a table of numbers."""
    found = strip(side)
    held: Expr | None = None
    key: Expr | None = None
    if isinstance(found, Index):
        held, key = found.object, found.key
    elif isinstance(found, Call) and found.name == "get" and found.args:
        held, key = found.receiver, found.args[0]
    if held is None or key is None or isinstance(strip(key), Literal):
        return None
    function = function_of(side)
    named = set(last_words(held))
    if (surroundings(function) | set(path_words(held)) | _keys(module, held)) & _LOGS:
        return None
    about = bool(named & _RANKS) and bool((surroundings(function) | named) & (_HOLDERS | _RANKS))
    return key if about and _holds_numbers(module, held) else None


def _keys(module: Module, held: Expr) -> set[str]:
    """Return what a table that is written out has entries for."""
    made = module.scopes.origin(held)
    if isinstance(made, Call) and made.name == "freeze" and made.args:
        made = strip(made.args[0])
    return {str(key).lower() for key in made.keys} if isinstance(made, Object) else set()


def _holds_numbers(module: Module, held: Expr) -> bool:
    """Tell whether a table is written out with numbers, or nobody says what it holds."""
    made = module.scopes.origin(held)
    if isinstance(made, Call) and made.name == "freeze" and made.args:
        made = strip(made.args[0])
    if not isinstance(made, Object):
        return isinstance(made, Call)
    return all(isinstance(strip(value), Literal) for _key, value in made.entries)


def _is_known(module: Module, at: If, key: Expr) -> bool:
    """Tell whether a key can only be one of those that the table has: by its type, or because something looked."""
    if texts_of_type(module, declared_type(module, key)):
        return True
    text = module.text_of(key)
    if any(text in module.text_of(condition.test) for condition in conditions(at)):
        return True
    return isinstance(strip(key), Name) and "keyof" in declared_type(module, key)
