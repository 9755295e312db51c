"""COM370: a reply that says that the request failed fulfils the promise as if it had worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.syntax import Binary, Call, Conditional, Function, If, Index, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.pending import Ends, Pending, pending_requests
from reviewer.experts.communication.sources import sources
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_OUTCOMES: Final = word_set(
    "error errors err ok success succeeded status failed failure problem fault exception reject rejected kind type "
    "code outcome"
)
"""Words by which a reader of replies asks how a request went."""
_KINDS: Final = frozenset({"kind", "type", "op", "cmd", "event"})
"""Members by which a message says which of several it is."""


@module_check("COM370", words={"promise", "future", "fut"})
def error_reply_resolved(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place where a reply fulfils the promise of its request, for a look at how the request went."""
    if module.is_test:
        return
    known = sources(inquiry, module)
    for found in pending_requests(inquiry, module):
        ends = found.ends
        if not _keeps_both(found, ends):
            continue
        for call in module.calls(ends.fulfil):
            function = function_of(call)
            source = known.of(call.receiver if call.receiver is not None else call.callee)
            if function is None or source is None or source.table is not found.table or not call.args:
                continue
            reply = strip(call.args[0])
            if not _of_reply(module, reply) or _asks_how(function, call, ends):
                continue
            yield Match(
                call,
                f"The reply fulfils the promise whatever it says: nothing here looks for an error in "
                f"'{module.text_of(reply)[:60]}', so that a request which failed looks like one that gave nothing.",
                related=((found.entry.node, "the 'reject' that is kept here is never called by a reply"),),
            )
            break


def _keeps_both(found: Pending, ends: Ends) -> bool:
    """Tell whether what waits could be told of a failure: both ends of a promise are kept, or a future is."""
    value = found.entry.value
    said = {last_name(node) for node in walk(value)} if value is not None else set()
    return bool(said & ends.reject) or found.function.module.language == "python"


def _of_reply(module: Module, reply: Expr) -> bool:
    """Tell whether what fulfils the promise is the reply, or a part of it: what the function was given."""
    if isinstance(reply, Conditional):
        return _of_reply(module, strip(reply.then)) or _of_reply(module, strip(reply.other))
    inner = reply
    while isinstance(inner, Member | Index | Call):
        if isinstance(inner, Call):
            if inner.name != "get" or inner.receiver is None or not isinstance(strip(inner.args[0]), Literal):
                return False
            inner = strip(inner.receiver)
        else:
            inner = strip(inner.object)
    if not isinstance(inner, Name) or inner is reply or inner.id == "this":
        return False  # who asked may look at the whole reply
    made = module.scopes.origin(inner)
    if isinstance(made, Call):
        return made.name in ("parse", "loads", "decode")
    return isinstance(made, Param) and isinstance(made.parent, Function)


def _asks_how(function: Function, call: Call, ends: Ends) -> bool:
    """Tell whether the function asks how the request went, or fails some requests itself."""
    own = {id(node) for node in walk(call)}
    own |= {id(node) for other in _other_kinds(function, call) for node in walk(other)}
    if any(other.name in ends.reject for other in calls_in(function.body) if id(other) not in own):
        return True
    for node in walk(function.body):
        if id(node) in own:
            continue
        text = node.value if isinstance(node, Literal) and isinstance(node.value, str) else last_name(node)
        if set(words(str(text))[-1:]) & _OUTCOMES:
            return True
    return any(set(words(param.name)[-1:]) & _OUTCOMES for param in function.params)


def _other_kinds(function: Function, call: Call) -> Iterator[If]:
    """Yield the branches for messages that are no replies: ``if (packet.kind === "ask") { …; return; }``."""
    for test in find(function.body, If, into_functions=False):
        asked = strip(test.test)
        if test.stop <= call.start and exits(test.body) and not test.orelse and isinstance(asked, Binary):
            named = strip(asked.left)
            said = strip(asked.right)
            kind = isinstance(named, Member) and set(words(named.name)[-1:]) & _KINDS
            text = said.value if isinstance(said, Literal) and isinstance(said.value, str) else ""
            if kind and asked.op == "==" and text and not set(words(text)) & _OUTCOMES:
                yield test
