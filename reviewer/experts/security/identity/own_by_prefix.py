"""SEC483: what somebody may name counts as his because it begins with his name, and nothing ends the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Param,
    Return,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.ideas import GUESTS
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.registry.vocabulary import OWNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_PARTS: Final = word_set(
    "prefix prefixes start begin beginning base root dir directory folder path url uri host origin query term search "
    "needle pattern text word sub substring filter typed input fragment head stem protocol scheme marker token sign "
    "value line char string str version locale lang language mime type kind level"
)
"""Words of what something may begin with by right, and of what is no name at all."""
_REGISTRY: Final = word_set("namespace namespaces ns publisher vendor owner scope reserved id")
"""Words that the registry's rule on namespaces looks for."""
_WHO: Final = OWNERS | GUESTS | word_set("guest caller sender who holder publisher emitter")
"""Words of a field that holds who somebody is."""
_SENT: Final = word_set("topic event channel subject key command verb action room name queue route method signal")
"""Words of what somebody names in what he sends."""


@module_check("SEC483", words={"starts", "startswith", "index"})
def own_by_prefix(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of a name that does not begin with the name of who uses it."""
    if module.is_test:
        return
    for call in module.calls(("startsWith", "startswith", "indexOf")):
        whole, begin = call.receiver, strip(call.args[0]) if call.args else None
        if whole is None or not isinstance(begin, Name | Member) or len(call.args) > 1 or not _refused(call):
            continue
        if not _both_given(module, strip(whole), begin) or _parted(module, call, begin):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(begin))}' ends without a separator here: whoever is called 'pump' may use what is "
            "of 'pump2', too.",
        )


def _both_given(module: Module, whole: Expr, begin: Name | Member) -> bool:
    """Tell whether a function is told both who somebody is and what he names.

    Who he is may be kept since he came (``this.owner``), and the name be a part of what he sends (``message.topic``).
    """
    said = set(last_words(begin))
    if said & _PARTS or (said & _REGISTRY and not (is_this_member(begin) and said == {"owner"})):
        return False
    if isinstance(begin, Member) and not (is_this_member(begin) and said & _WHO):
        return False
    named = last_words(whole)
    if set(named) & _PARTS or (not isinstance(whole, Name) and not set(named[-1:]) & _SENT):
        return False
    texts = [_given_type(module, one) for one in (whole, begin)]
    return None not in texts and all(text in ("", "string", "str") or str(text)[:1].isupper() for text in texts)


def _given_type(module: Module, value: Expr) -> str | None:
    """Return the type of a parameter that holds a value, or of which it is a part; None where nobody handed it in."""
    if is_this_member(value):
        return ""
    root = value
    while isinstance(root, Member | Index):
        root = strip(root.object)
    bound = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    if len(bound) != 1 or not isinstance(bound[0], Param):
        return None
    return bound[0].type.replace(" ", "") if root is value else ""


def _refused(call: Call) -> bool:
    """Tell whether a name that begins otherwise is refused: by a throw, or by an answer of no."""
    inner: Node = call
    denied = False
    for around in ancestors(call):
        if isinstance(around, Unary) and around.op == "not":
            denied = not denied
        elif isinstance(around, Binary) and around.op in ("==", "!=") and _is_yes_or_no(around):
            sides = [side.value for side in (around.left, around.right) if isinstance(side, Literal)]
            denied = denied is ((around.op == "==") is sides[0])
        elif isinstance(around, Binary) and around.op in ("==", "!=") and call.name == "indexOf":
            if not any(isinstance(side, Literal) and side.value == 0 for side in (around.left, around.right)):
                return False
            denied = around.op == "!="
        elif isinstance(around, If):
            return inner is around.test and denied and exits(around.body) and _says_no(around)
        elif not isinstance(around, Binary) or around.op != "or":
            return False
        inner = around
    return False


def _is_yes_or_no(test: Binary) -> bool:
    """Tell whether something is held against a plain yes or no: ``topic.startsWith(guest) === false``."""
    return any(isinstance(side, Literal) and isinstance(side.value, bool) for side in (test.left, test.right))


def _says_no(test: If) -> bool:
    last = test.body[-1] if test.body else None
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(last, Throw) or (isinstance(value, Literal) and value.value is False)


def _parted(module: Module, call: Call, begin: Name | Member) -> bool:
    """Tell whether the next sign is looked at as well, or the text is a constant part of all such names."""
    function = function_of(call)
    text = module.text_of(function) if isinstance(function, Function) else ""
    name = module.text_of(begin)
    looks = (f"{name}.length", f"len({name})", f"{{{name}}}.", f"{{{name}}}/", f"{{{name}}}:")
    return any(look in text for look in looks) or short(name).isupper()
