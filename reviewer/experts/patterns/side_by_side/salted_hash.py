"""PAT024: who gets a version is worked out by Python's own hash of a text, which is another one in each process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Expr, Function, Literal, Member, Name, Param, strip
from reviewer.code.walk import ancestors, class_of, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.side_by_side.rollout_by_chance import ROLLOUT
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SHARES: Final = ROLLOUT | word_set("bucket buckets wave waves stage stages place assignment assign cohorts eligible")
_TEXTS: Final = frozenset({"", "str", "object"})


@module_check("PAT024", words={"hash"})
def salted_hash(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``hash(name) % 100`` that puts somebody into a ring or a share."""
    if module.is_test or module.language != "python" or b"PYTHONHASHSEED" in module.source:
        return
    for call in module.calls({"hash"}):
        share = next((one for one in ancestors(call) if isinstance(one, Binary) and one.op == "%"), None)
        if call.receiver is not None or len(call.args) != 1 or share is None or module.scopes.lookup("hash", call):
            continue
        if _is_text(module, call.args[0]) and _counts(share.right) and _speaks_of_shares(share):
            yield Match(
                call,
                f"'{short(module.text_of(call))}' of a text is another number in each process: with every restart, and "
                "on every worker, another part of those who are served gets the new version. Use a digest.",
            )


def _is_text(module: Module, given: Expr) -> bool:
    """Tell whether something may well be a text, or a tuple with one: what is declared a number is none."""
    inner = strip(given)
    if isinstance(inner, Name):
        if inner.id in ("self", "this"):
            return False
        bound = module.scopes.lookup(inner.id, inner)
        return all(not isinstance(one, Param) or one.type.strip() in _TEXTS for one in bound)
    return not (isinstance(inner, Literal) and not isinstance(inner.value, str))


def _counts(by: Expr) -> bool:
    """Tell whether a remainder is taken by a fixed number: by the length of a list it only picks one of that list."""
    inner = strip(by)
    return isinstance(inner, Literal | Name | Member)


def _speaks_of_shares(share: Binary) -> bool:
    said: set[str] = set()
    for around in ancestors(share):
        if isinstance(around, Assign):
            said.update(word for name in find(around.target, Name) for word in spelled(name.id))
        if isinstance(around, Binary):
            said.update(word for name in find(around, Name) for word in spelled(name.id))
            said.update(word for name in find(around, Member) for word in spelled(name.name))
        if isinstance(around, Function):
            cls = class_of(around)
            said.update(spelled(around.name))
            said.update(spelled(cls.name) if cls is not None else ())
            break
    return bool(said & _SHARES)
