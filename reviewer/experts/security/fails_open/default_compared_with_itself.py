"""SEC366: what is missing is taken for the very value that it is then compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Index, Member, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.own_default import decides, own_defaults
from reviewer.experts.paths import last_words, path_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EQUALS: Final = frozenset({"==", "!="})
_WHOSE: Final = word_set(
    "owner owners publisher publishers author authors holder maintainer tenant account user principal creator "
    "namespace key keys fingerprint fingerprints signer digest digests signature hash session role grant grants scope "
    "claimed claims"
)
"""Words of what decides whether somebody may do something."""
_CLAIMS: Final = frozenset({"set", "add", "setdefault", "put", "claim", "reserve", "insert", "register", "update"})


@module_check("SEC366", words=_WHOSE)
def default_compared_with_itself(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at comparisons of which one side is the other one where nothing is known."""
    if module.is_test:
        return
    for found in own_defaults(module, _EQUALS):
        node, side, other, made = found.node, found.side, found.other, found.made
        if not decides(node) or not _about_rights(side, other, made) or _claims(module, node, made):
            continue
        yield Match(
            node,
            f"Where nothing is known, '{short(module.text_of(side))}' is '{short(module.text_of(other))}', and "
            "here they are compared: whoever is not known passes as the right one.",
            related=((made, "what is missing becomes the other side here"),),
        )


def _about_rights(side: Expr, other: Expr, made: Expr) -> bool:
    base = made.left if isinstance(made, Binary) else made.receiver if isinstance(made, Call) else None
    said = {*last_words(side), *last_words(other), *(path_words(base) if base is not None else ())}
    return bool(said & _WHOSE)


def _claims(module: Module, node: Binary, made: Expr) -> bool:
    """Tell whether a function enters who came first, so that the next one is compared with that."""
    function = function_of(node)
    base = strip(made.left) if isinstance(made, Binary) else made
    holder = base.receiver if isinstance(base, Call) else base.object if isinstance(base, Index | Member) else None
    if function is None or holder is None:
        return False
    text = module.text_of(holder)
    written = any(
        isinstance(one.target, Index) and module.text_of(one.target.object) == text
        for one in find(function.body, Assign)
    )
    return written or any(
        bool(set(words(call.name)) & _CLAIMS) and call.receiver is not None and module.text_of(call.receiver) == text
        for call in find(function.body, Call)
    )
