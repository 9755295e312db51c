"""REG001, REG071, REG441: entries of a document that is read, changed and written back, and what nobody asks before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Delete, For, If, Index, Literal, Member, Object, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.vocabulary import FIRM_DEPENDENCY_WORDS
from reviewer.experts.paths import last_words, said_in, word_set
from reviewer.experts.registry.entering import params_in
from reviewer.experts.registry.held_documents import held_documents, is_part
from reviewer.experts.registry.vocabulary import DIGESTS, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.held_documents import Held

_ENTERS: Final = frozenset(
    "publish register add enlist submit deposit release upload insert announce admit enter".split()
)
_INSTALLS: Final = frozenset({"install", "put", "record", "store"})
"""First words of what may well enter a second time, where it does not change the bytes of a version."""
_TAKES: Final = frozenset("remove uninstall delete withdraw unpublish drop retract take unregister".split())
_ASKS: Final = frozenset("has hasOwn hasOwnProperty includes get some find any exists".split())
_GOES: Final = frozenset("values items entries keys some every filter any all flatMap".split())
_OPTIONAL: Final = word_set("optional soft peer peers dev")


@module_check("REG001", words=_ENTERS)
def entered_over_another(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is entered into a document under a name that somebody gave."""
    for held, node, key in _entered(module):
        if words(held.asked.name)[0] in _ENTERS and not set(last_words(key)) & VERSIONS:
            yield Match(
                node,
                f"'{held.asked.name}' writes into '{held.name}' without looking whether the key is taken: a second "
                "registration of the same id replaces the first one silently.",
            )


@module_check("REG071", words=_ENTERS | _INSTALLS)
def version_entered_over(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is entered into a document under a version."""
    for held, node, key in _entered(module):
        if not set(last_words(key)) & VERSIONS or not isinstance(node, Assign) or node.value is None:
            continue
        if words(held.asked.name)[0] in _ENTERS or said_in(node.value) & DIGESTS:
            yield Match(
                node,
                f"'{held.asked.name}' puts what it is given in the place of a version that is there already: the bytes "
                "behind a version change under those who rely on it.",
            )


def _entered(module: Module) -> Iterator[tuple[Held, Node, Expr]]:
    """Yield (the document, where something is put into it, the key) where nobody asked whether that is free."""
    if module.is_test:
        return
    for held in held_documents(module):
        if not words(held.asked.name) or words(held.asked.name)[0] not in _ENTERS | _INSTALLS:
            continue
        for node in find(held.function.body, Assign, into_functions=False):
            target = strip(node.target)
            if node.op != "=" or not isinstance(target, Index) or node.value is None or not is_part(target, held):
                continue
            if not params_in(module, target.key) or isinstance(strip(target.key), Literal):
                continue
            entry = strip(node.value)
            if isinstance(entry, Object) and entry.entries and not _is_asked(module, held, node, target):
                yield held, node, target.key
                break


def _is_asked(module: Module, held: Held, entering: Assign, target: Index) -> bool:
    """Tell whether something asks for the key, or for what stands under it, before it is taken."""
    key, whole = module.text_of(target.key), module.text_of(target)
    body = held.function.body
    for call in calls_in(body):
        if call.start < entering.start and call.name in _ASKS and key in module.text_of(call):
            return True
    for test in find(body, Binary):
        if test.op in ("in", "not in") and key in module.text_of(test.left):
            return True
    for one in (*find(body, Index), *find(body, If)):
        if isinstance(one, If):
            if one.start < entering.start and key in module.text_of(one.test):
                return True
        elif one is not target and module.text_of(one) == whole and one.start < entering.start:
            return True
    return False


@module_check("REG441", words=_TAKES)
def taken_out_of_document(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is taken out of a document whose entries say what they need."""
    if module.is_test or not _entries_need(module):
        return
    for held in held_documents(module):
        if not set(words(held.asked.name)[:1]) & _TAKES or _goes_through(held):
            continue
        for node in find(held.function.body, Unary | Delete | Call, into_functions=False):  # type: ignore[arg-type]  # a union works as a kind
            part = _taken(node)
            if part is not None and is_part(part, held) and params_in(module, part.key):
                yield Match(
                    node,
                    f"'{held.asked.name}' takes an entry out of '{held.name}' without a look at the entries that need "
                    "it: they go on without it.",
                )
                break


def _entries_need(module: Module) -> bool:
    """Tell whether the entries of the file's documents have a member that names others: ``{ digest, needs }``."""
    for made in module.all(Object):
        for key, _value in made.entries:
            named = str(getattr(key, "value", "") or getattr(key, "id", "")) if key is not None else ""
            said = set(words(named))
            if said & FIRM_DEPENDENCY_WORDS and not said & _OPTIONAL:
                return True
    return False


def _taken(node: Node) -> Index | None:
    """Return what a node takes out: ``delete doc[name]``, ``del doc[name]``; None for other nodes."""
    if isinstance(node, Unary) and node.op == "delete":
        held = strip(node.operand)
        return held if isinstance(held, Index) else None
    if isinstance(node, Delete):
        return next((one for one in map(strip, node.targets) if isinstance(one, Index)), None)
    return None


def _goes_through(held: Held) -> bool:
    """Tell whether a function goes through the entries, or asks somebody who may."""
    goes: list[For | Call] = [*find(held.asked.body, For), *calls_in(held.asked.body)]
    for node in goes:
        if isinstance(node, For):
            return True
        if node.name in _GOES or FIRM_DEPENDENCY_WORDS & set(words(node.name)):
            return True
    return any(FIRM_DEPENDENCY_WORDS & set(words(one.name)) for one in find(held.asked.body, Member))
