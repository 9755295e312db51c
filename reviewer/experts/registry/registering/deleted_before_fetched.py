"""REG101: an update deletes the release that works before it has fetched the one that is to follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, in_handler
from reviewer.code.syntax import Call, Expr, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_UPDATES: Final = word_set("update upgrade replace swap exchange renew refresh change switch install apply deploy")
_DELETES: Final = word_set("drop remove delete uninstall discard purge erase rm rmtree unlink evict destroy wipe")
_BRINGS: Final = word_set("ensure install fetch download unpack extract pull obtain acquire provide materialize save")
_OLD: Final = word_set("old older previous prev current installed existing present outgoing running before")
_NEW: Final = word_set("fresh new newer next latest incoming candidate upcoming wanted successor replacement update")


@module_check("REG101", words=_UPDATES)
def deleted_before_fetched(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that updates something for what it deletes, and for what it only brings afterwards."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)[:2]) & _UPDATES:
            continue
        for call in calls_in(function.body, into_functions=False):
            if not _does(call, _DELETES, _OLD) or in_handler(call) is not None or function_of(call) is not function:
                continue
            brought = next((one for one in after(call) if isinstance(one, Call) and _brings(function, one)), None)
            if brought is None or any(isinstance(one, Call) and _brings(function, one) for one in before(call)):
                continue
            yield Match(
                call,
                f"'{short(module.text_of(call))}' comes before '{short(module.text_of(brought.callee))}': when the new "
                "one can't be had, or is not what it should be, the old one is gone, and there is nothing to go back "
                "to.",
                related=((brought, "the new one is brought here"),),
                fix="Bring the new one, prove it, switch over, and only then delete the old one.",
            )
            break


def _does(call: Call, verbs: frozenset[str], told: frozenset[str]) -> bool:
    """Tell whether a call does one of some things with what a name says."""
    return bool(set(words(call.name)[:1]) & verbs) and any(_is_told(arg, told) for arg in _given(call))


def _given(call: Call) -> list[Expr]:
    return [*call.args, *call.keywords.values(), *([call.receiver] if call.receiver is not None else [])]


def _is_told(arg: Expr, told: frozenset[str]) -> bool:
    """Tell whether the first or the last name in a value says which of the two it is."""
    arg = strip(arg)
    names = [one.id for one in find(arg, Name)] + ([arg.name] if isinstance(arg, Member) else [])
    return any(set(words(name)) & told for name in names)


def _brings(function: Function, call: Call) -> bool:
    """Tell whether a call fetches or installs what is new: by the name of what it is given."""
    if not set(words(call.name)[:1]) & _BRINGS:
        return False
    names = {one.id for arg in call.args for one in find(arg, Name)}
    fresh = {param.name for param in function.params if set(words(param.name)) & _NEW}
    return bool(names & fresh) or any(_is_told(arg, _NEW) for arg in call.args)
