"""SEC023: a pattern for addresses that has no beginning or no end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Regex, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found as matches
from reviewer.experts.security.asked_for.host_partly_compared import ADDRESSES, decides, of_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HOST: Final = r"[A-Za-z0-9-]\\\.[A-Za-z]{2,}"
"""A host in a pattern: a name, an escaped dot, a name."""
_ENDED: Final = r"\\\.[A-Za-z]{2,}\)*(\$|\\?/|\(|\[|:|\\b|\\?\?)"
"""What may stand behind a host so that no other one begins with it."""


@module_check("SEC023", words=ADDRESSES)
def host_pattern_open(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every pattern that an address is tested with."""
    if module.is_test:
        return
    for call in module.calls(("test", "match", "search", "exec", "fullmatch")):
        pattern, whole, bound = _parts(module, call)
        if pattern is None or whole is None or not matches(_HOST, pattern) or not decides(call):
            continue
        if not of_address(module, whole) or pattern.startswith(("^/", "^\\/")):
            continue  # what begins with a slash is a path
        begins = bound or pattern.lstrip("(?:").startswith(("^", "\\A"))
        ends = call.name == "fullmatch" or matches(_ENDED, pattern)
        if begins and ends:
            continue
        lacks = "beginning" if not begins else "end"
        example = "https://evil.net/?api.example.org" if not begins else "https://api.example.org.evil.net"
        yield Match(
            call,
            f"The pattern '{short(pattern)}' says nothing of the {lacks} of the address: '{example}' would fit, too.",
        )


def _parts(module: Module, call: Call) -> tuple[str | None, Expr | None, bool]:
    """Return the pattern, the text that is tested, and whether the match has to begin where the text does."""
    receiver = call.receiver
    if receiver is None or not call.args:
        return None, None, False
    if module.language == "python":
        made = module.scopes.origin(receiver)
        if module.resolve(receiver) == "re" and len(call.args) > 1:
            return _text(module, call.args[0]), call.args[1], call.name in ("match", "fullmatch")
        if isinstance(made, Call) and module.resolve(made.callee) == "re.compile":
            return _text(module, made.arg(0)), call.args[0], call.name in ("match", "fullmatch")
        return None, None, False
    for one, other in ((receiver, call.args[0]), (call.args[0], receiver)):
        made = module.scopes.origin(one)
        if isinstance(made, Regex):
            return made.pattern, other, False
    return None, None, False


def _text(module: Module, expr: Expr | None) -> str | None:
    made = module.scopes.origin(expr) if expr is not None else None
    made = strip(made) if isinstance(made, Expr) else None
    return made.value if isinstance(made, Literal) and isinstance(made.value, str) else None
