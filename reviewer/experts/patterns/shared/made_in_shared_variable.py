"""PAT447: what each thing that is made should keep for itself is put into a variable of the module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Function, Name, Object, Param, Return, strip
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.sharing import home
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = word_set("create make new build construct factory for of open")
_ONE: Final = word_set("instance singleton default defaults shared global current active app main root logger log")
"""Words of what there is one of on purpose."""


@module_check("PAT447", words=_MAKES)
def made_in_shared_variable(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that makes a thing for a variable of the module that it sets for the thing's methods."""
    if module.is_test:
        return
    said: set[str] = set()
    for node in module.all(Assign):
        target, maker = node.target, function_of(node)
        if maker is None or node.op != "=" or node.declare or node.value is None or not isinstance(target, Name):
            continue
        if target.id in said or set(spelled(target.id)) & _ONE or conditions(node) or not _makes(maker):
            continue
        lives = home(module, target.id, node)
        if lives is None or lives.scope is not None or not _given(module, node, maker):
            continue
        if not _read_by_made(maker, target.id):
            continue
        declared = next((one for one in lives.bindings if isinstance(one, Assign) and function_of(one) is None), None)
        said.add(target.id)
        yield Match(
            node,
            f"'{target.id}' belongs to the module, and '{maker.name}' sets it anew for each thing that it makes: all "
            "that were made before go on with what the last one was given.",
            related=((declared, "one for all of them"),) if declared is not None else (),
        )


def _makes(function: Function) -> bool:
    """Tell whether a function of the module gives a new thing with methods each time that it is called."""
    if function.outer is not None or function.owner is not None or is_starter(function.name):
        return False
    words = set(spelled(function.name))
    return bool(words & _MAKES) and "once" not in words and _answer(function) is not None


def _answer(function: Function) -> Object | None:
    for answer in find(function.body, Return, into_functions=False):
        value = strip(answer.value) if answer.value is not None else None
        if isinstance(value, Name):
            bound = function.module.scopes.lookup(value.id, value)
            made = bound[0].value if len(bound) == 1 and isinstance(bound[0], Assign) else None
            value = strip(made) if made is not None else None
        if isinstance(value, Object) and any(isinstance(part, Function) for part in walk(value)):
            return value
    return None


def _given(module: Module, node: Assign, maker: Function) -> bool:
    """Tell whether what is set comes of what the maker was given."""
    return any(isinstance(feed.root, Param) and feed.root.parent is maker for feed in feeds(module, node.value))


def _read_by_made(maker: Function, name: str) -> bool:
    """Tell whether the methods of what is made read the variable: later, when it may be another's."""
    answer = _answer(maker)
    return answer is not None and any(
        isinstance(part, Name)
        and part.id == name
        and function_of(part) is not maker
        and not (isinstance(part.parent, Assign) and part.parent.target is part)
        for part in walk(answer)
    )
