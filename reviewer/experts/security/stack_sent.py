"""SEC089: the other side is told where in the host's code an error happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.syntax import Call, Function, Handler, Member, Name, Node
from reviewer.code.walk import ancestors
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENDS: Final = frozenset(
    "postMessage send json end reply respond JSONResponse HTTPException Response send_json send_text jsonify "
    "HttpResponse PlainTextResponse respond_json sendMessage".split()
)
_LOGS: Final = frozenset("log logger console logging audit".split())
_ERRORS: Final = frozenset("error err e exc exception ex cause reason failure problem".split())


@module_check("SEC089", words={"stack", "traceback"})
def stack_sent(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every stack of an error for whom it is given to."""
    if module.is_test:
        return
    for member in module.all(Member):
        if member.name == "stack" and set(last_words(member.object)) & _ERRORS and _is_sent(member):
            yield _match(module, member)
    for call in module.calls(("format_exc", "format_exception")):
        if in_handler(call) is not None and _is_sent(call):
            yield _match(module, call)


def _match(module: Module, node: Node) -> Match:
    return Match(
        node,
        f"'{short(module.text_of(node))}' goes to the other side: it names the host's files, versions and often "
        "values, which help whoever looks for a way in.",
    )


def _is_sent(node: Node) -> bool:
    """Tell whether a value is part of what is sent as an answer."""
    for around in ancestors(node):
        if isinstance(around, Call):
            receiver = around.receiver
            if receiver is not None and set(last_words(receiver)) & _LOGS:
                return False
            if around.name in _SENDS:
                return not (isinstance(receiver, Name) and receiver.id == "JSON")
        if isinstance(around, Function | Handler):
            return False
    return False
