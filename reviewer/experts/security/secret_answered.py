"""SEC012: a secret of the host is part of what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Member, Name, Object, strip
from reviewer.code.walk import function_of
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.security.secret_words import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ANSWERS: Final = frozenset({"json", "send", "jsonify", "JSONResponse", "postMessage", "send_json", "render_template"})
_ANSWERERS: Final = frozenset("res response reply web port process worker parent frame contentwindow socket ws".split())
_GIVES: Final = frozenset(
    "login signin token tokens refresh issue create rotate generate register invite invites session sessions key "
    "keys".split()
)
"""Words of functions and paths that are there to hand a secret out, once, to its owner."""
_OWN: Final = frozenset({"token", "tokens", "jwt", "csrf", "nonce", "session", "public", "hash", "id", "name", "hint"})


@module_check("SEC012", words={"json", "send", "jsonify", "post", "response", "render"})
def secret_answered(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every answer for members that hold a secret by their name."""
    if module.is_test:
        return
    for call in module.calls(_ANSWERS):
        if call.receiver is not None and not path_words(call.receiver) & _ANSWERERS:
            continue
        for given in [*call.args, *call.keywords.values()]:
            found = _secret(module, strip(given))
            if found is not None and not _hands_out(call):
                yield Match(
                    found,
                    f"'{short(module.text_of(found))}' is part of the answer: whoever asks gets a secret of the host.",
                )
                break


def _secret(module: Module, given: Expr) -> Expr | None:
    made = module.scopes.origin(given)
    if not isinstance(made, Object):
        return None
    for _key, value in made.entries:
        inner = strip(value)
        name = inner.id if isinstance(inner, Name) else inner.name if isinstance(inner, Member) else ""
        if name and not set(words(name)) & _OWN and names_secret(name) == "sure":
            return inner
    return None


def _hands_out(call: Call) -> bool:
    function = function_of(call)
    while function is not None:
        around = function.parent
        said = set(words(function.name))
        if isinstance(around, Call):
            paths = [one.value for one in around.args if isinstance(one, Literal) and isinstance(one.value, str)]
            said.update(word for path in paths for word in words(path))
        if said & _GIVES:
            return True
        function = function.outer
    return False
