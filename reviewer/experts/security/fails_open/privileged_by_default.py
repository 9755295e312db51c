"""SEC094: where nobody says who acts, the most privileged of all does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Function, If, Literal, Name, Object, Param, Return, Unary, strip
from reviewer.code.text.ideas import HOST_NAMES, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.everything import is_everything
from reviewer.experts.security.fails_open.permissive import grants
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_WHO: Final = PLAIN_GUEST | word_set(
    "module skill bot integration tenant user caller subject principal actor role identity owner requester sender"
)
_IDENTITIES: Final = word_set("principal identity actor subject caller")
"""Words of who acts that mean nothing else."""
_PRIVILEGED: Final = (HOST_NAMES - {"app", "application", "engine", "platform", "runtime", "server"}) | word_set(
    "admin root superuser internal owner operator"
)


@module_check("SEC094", words=_PRIVILEGED | _IDENTITIES | {"var"})
def privileged_by_default(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every default for an identity."""
    if module.is_test or not module.words & (PERMISSION - {"access"} | _IDENTITIES):
        return
    for param in module.all(Param):
        if set(words(param.name)) & _WHO and (_is_privileged(param.default) or _is_exempt(module, param.default)):
            yield _match(module, param, param.default)
        elif param.fields and _asks_for_default(module, param):
            yield Match(param, _SAYS.format("a privileged one"))
        else:
            taken = (one for name, one in param.fallbacks.items() if set(words(name)) & _WHO)
            exempt = next((one for one in taken if _is_exempt(module, one)), None)
            if exempt is not None:
                yield _match(module, param, exempt)
    for call in module.calls(("ContextVar", "getattr", "get", "Field", "AsyncLocalStorage")):
        position = -1 if call.name in ("ContextVar", "Field") else 2 if call.name == "getattr" else 1
        default = call.keywords.get("default") or (call.arg(position) if position >= 0 else None)
        privileged = _is_privileged(default) or (default is not None and _is_privileged_one(module, default))
        if privileged and _names_who(call):
            yield _match(module, call, default)
    for node in module.all(Binary):
        if node.op not in ("??", "or") or not (_is_privileged(node.right) or _is_privileged_one(module, node.right)):
            continue
        into = last_words(node.parent.target) if isinstance(node.parent, Assign) else ()
        if {*last_words(node.left), *into} & _WHO or _answers_who(node):
            yield _match(module, node, node.right)


_SAYS: Final = "Where nobody says who acts, {} does: a call that forgets to say it may do everything."
_DEFAULT: Final = r"\s*=\s*[\"'](?:system|admin|root|host|core|superuser|internal|kernel)[\"']"
"""A default inside a pattern of parameters, which the tree doesn't keep: ``{ caller = "host" }``."""


def _asks_for_default(module: Module, param: Param) -> bool:
    """Tell whether a parameter that is taken apart has such a default, and the function decides by it."""
    function = param.parent
    named = [one for one in param.fields.values() if one.isidentifier() and set(words(one)) & _WHO]
    given = {one for one in named if pattern_found(rf"\b{one}{_DEFAULT}", module.text_of(param))}
    if not given or not isinstance(function, Function):
        return False
    return any(is_check(module, call) and given & names_in(call) for call in calls_in(function.body))


def _match(module: Module, at: Node, default: Expr | None) -> Match:
    who = short(module.text_of(default)) if default is not None else ""
    return Match(at, _SAYS.format(who))


def _is_privileged(expr: Expr | None) -> bool:
    made = strip(expr) if expr is not None else None
    return isinstance(made, Literal) and isinstance(made.value, str) and made.value.lower() in _PRIVILEGED


def _is_exempt(module: Module, default: Expr | None) -> bool:
    """Tell whether whoever is called so is asked for no right: ``caller !== SHOP && !rights.has(caller, verb)``."""
    if default is None or (isinstance(default, Literal) and (not isinstance(default.value, str) or not default.value)):
        return False
    named = module.text_of(default)
    for test in module.all(Binary):
        if test.op not in ("==", "!=") or named not in (module.text_of(test.left), module.text_of(test.right)):
            continue
        if not {*last_words(test.left), *last_words(test.right)} & _WHO:
            continue
        around, instead = test.parent, "and" if test.op == "!=" else "or"
        if isinstance(around, Binary) and around.op == instead and around.left is test:
            denied = isinstance(strip(around.right), Unary)
            if denied is (test.op == "!=") and any(is_check(module, call) for call in calls_in(around.right)):
                return True
        elif isinstance(around, If) and test.op == "!=" and around.test is test and not around.orelse:
            if any(is_check(module, call) for call in calls_in(around.body)):
                return True
        elif isinstance(around, If) and test.op == "==" and around.test is test:
            answers = [one.value for one in around.body if isinstance(one, Return)]
            if any(isinstance(one, Literal) and one.value is True for one in answers):
                return True
    return False


def _is_privileged_one(module: Module, expr: Expr) -> bool:
    """Tell whether a value is an identity that the file writes down as a privileged one."""
    made = module.scopes.origin(expr)
    if isinstance(made, Call) and made.name[:1].isupper() and isinstance(strip(expr), Name):
        given = [*made.args, *made.keywords.values()]
        named = any(_is_privileged(one) for one in find(given, Literal))
        return named or any(grants(one) or is_everything(module, one) for one in given if not isinstance(one, Literal))
    if not isinstance(made, Object) or not isinstance(strip(expr), Name):
        return False
    return any(_is_privileged(made.get(name)) for name in ("id", "name", "role", "kind", "type"))


def _answers_who(node: Binary) -> bool:
    """Tell whether a function answers with the value, and is named for who acts: ``currentActor()``."""
    function = function_of(node)
    return isinstance(node.parent, Return) and function is not None and bool(set(words(function.name)) & _IDENTITIES)


def _names_who(call: Call) -> bool:
    """Tell whether a call is about who acts: by its key, or by what its answer is called."""
    around = call.parent
    said = {*last_words(around.target), *words(around.type)} if isinstance(around, Assign) else set()
    for argument in call.args[:2]:
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            said.update(words(argument.value))
    return bool(said & _WHO)
