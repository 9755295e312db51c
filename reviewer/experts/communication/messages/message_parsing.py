"""COM032: one message that is no JSON ends the process that reads it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, guarding_try, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Call, Expr, For, Function, Name, Node, Return, While, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, names_in, statement_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import Incoming, incoming, message_loops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OF_PAGES: Final = frozenset({"SockJS", "EventSource"})
_PARSERS: Final = frozenset(
    {"JSON.parse", "json.loads", "orjson.loads", "ujson.loads", "msgpack.unpackb", "yaml.safe_load"}
)


def _asked_first(call: Call) -> bool:
    """Tell whether a text is only parsed where something has said that it can be: ``if (isJson(text))``."""
    return any(
        {"json"} < set(words(asked.name)) and {"is", "valid", "looks"} & set(words(asked.name))
        for condition in conditions(call)
        for asked in find(condition.test, Call)
    )


def _of_message(module: Module, handler: Function, text: Expr) -> bool:
    """Tell whether what is parsed may come from what the handler is called with, and is not only asked for in it."""
    given = {name for param in handler.params for name in (param.name, *param.fields.values()) if name}
    for name in find(text, Name):
        bound = module.scopes.lookup(name.id, name)
        only = bound[0] if len(bound) == 1 else None
        made = only.value if isinstance(only, Assign) else None
        if made is None or not any(isinstance(one, Await) for one in walk(made)) or names_in(made) & given:
            return True
    return False


@module_check("COM032", words={"message", "data", "line", "stdin", "reader", "websocket", "ws", "socket", "stream"})
def parsed_unguarded(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each parsing of a message for something that catches its failure."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _in_loops(module)
        return
    seen: set[int] = set()
    # In a page no error ends a process.
    page = {"window", "document"} <= module.identifiers or not _OF_PAGES.isdisjoint(module.identifiers)
    for found in incoming(module):
        in_page = found.window or page
        for call in calls_in(found.function.body, into_functions=False):
            if id(call) in seen or module.resolve(call.callee) not in _PARSERS or not call.args:
                continue
            seen.add(id(call))
            if _asked_first(call) or not _of_message(module, found.function, call.args[0]):
                continue
            if guarding_try(call) is None and not _guarded_before(found):
                yield Match(
                    call,
                    f"A message that is no JSON throws out of the '{found.event}' handler"
                    + (
                        ", and the message is lost without a trace."
                        if in_page
                        else ": one bad sender ends the process."
                    ),
                    confidence=Confidence.POSSIBLE if in_page else None,
                )


def _guarded_before(found: Incoming) -> bool:
    """Tell whether a function that hands the message on catches what its reader throws."""
    return any(
        guarding_try(call) is not None
        for via, reader in pairwise((*found.path, found.function))
        for call in calls_in(via.body)
        if call.name == reader.name or any(isinstance(one, Name) and one.id == reader.name for one in call.args)
    )


def _in_loops(module: Module) -> Iterator[Match]:
    for loop in message_loops(module):
        if _reads_file(module, loop):
            continue
        for call in calls_in(loop.body, into_functions=False):
            if module.resolve(call.callee) not in _PARSERS or _caught_inside(call, loop) or _is_the_only_one(call):
                continue
            yield Match(
                call,
                f"A message that '{module.text_of(call.callee)}' can't read ends the loop: after one bad message "
                "nobody reads any more.",
            )
            break
        else:
            yield from _by_helper(module, loop)


def _by_helper(module: Module, loop: For | While) -> Iterator[Match]:
    """Look at the parser of a function that a loop hands each message to: ``await self._heard(self._read(raw))``."""
    given = names_in(loop.target) if isinstance(loop, For) and loop.target is not None else set()
    given |= {name for one in find(loop.body, Assign, into_functions=False) for name in names_in(one.target)}
    for call in calls_in(loop.body, into_functions=False):
        helper = definition(module, call.callee) if names_in(call.args) & given else None
        if not isinstance(helper, Function) or helper.module is not module or helper.signature_only:
            continue
        if _caught_inside(call, loop) or _is_the_only_one(call) or _later(call):
            continue
        told = {param.name for param in helper.params}
        for parse in calls_in(helper.body, into_functions=False):
            known = module.resolve(parse.callee) in _PARSERS and names_in(parse.args) & told
            if known and guarding_try(parse) is None:
                yield Match(
                    parse,
                    f"A message that '{module.text_of(parse.callee)}' can't read ends the loop that calls "
                    f"'{helper.name}': after one bad message nobody reads any more.",
                    related=((call, "called for each message here"),),
                )
                return


def _later(call: Call) -> bool:
    """Tell whether what a call begins is handed to a task of its own, whose end is not that of the loop."""
    return isinstance(call.parent, Call) and call.parent.name in ("create_task", "ensure_future", "start_soon")


def _reads_file(module: Module, loop: Node) -> bool:
    """Tell whether a loop goes through a file that is opened here, which has an end and no sender."""
    read = {
        one.receiver.id
        for one in find(loop, Call, into_functions=False)
        if one.name in ("readline", "read", "readlines") and isinstance(one.receiver, Name)
    }
    return any(
        isinstance(opened := strip(value), Call)
        and opened.name == "open"
        and opened.receiver is None
        and isinstance(target, Name)
        and target.id in read
        for around in ancestors(loop)
        if isinstance(around, With)
        for value, target in around.items
    )


def _is_the_only_one(call: Call) -> bool:
    """Tell whether the loop waits for one message, and ends with it: ``return json.loads(event["data"])``."""
    statement = statement_of(call)
    beside = siblings(statement) if statement is not None else []
    return bool(beside) and isinstance(beside[-1], Return)


def _caught_inside(call: Call, loop: Node) -> bool:
    guard = guarding_try(call)
    if guard is None:
        return False
    return any(around is loop for around in ancestors(guard)) and not isinstance(guard, Function)
