"""API005: whether a plugin fits is asked by how the text of a version begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import Binary, Call, Expr, Literal, Member, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BEGINS: Final = frozenset({"startsWith", "startswith"})
_VERSION: Final = regex(r"^v?\d{1,4}\.\d{1,4}(?:\.\d{1,4})?(?:[-+][\w.]{1,40})?$")
_VERSIONS: Final = word_set("version release semver")
_FITS: Final = word_set("fits fit compatible compat satisfies satisfied suits supports supported runs accepts")
_NUMBERED: Final = _VERSIONS | word_set("number edition")


@module_check("API005", words={"starts", "startswith"})
def version_by_prefix(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each version that is asked whether it begins with what a plugin wants, without the dot that ends it."""
    if module.is_test:
        return
    for call in module.calls(tuple(_BEGINS)):
        if call.receiver is None or len(call.args) != 1 or _ends_with_dot(module, call.args[0]):
            continue
        held, wanted = call.receiver, call.args[0]
        given = isinstance(module.scopes.origin(wanted), Literal) or isinstance(strip(wanted), Literal)
        if given or not (_is_version(module, held) or _asked_whether_it_fits(module, call, wanted)):
            continue
        if not _of_another(module, wanted):
            continue
        yield Match(
            call,
            f"'{short(module.text_of(call))}' asks how the text of a version begins: what was made for '1' then fits "
            "'12.0.0', and what was made for '4.9' never '4.10'.",
        )


def _ends_with_dot(module: Module, wanted: Expr) -> bool:
    """Tell whether the last number of what is wanted is whole: ``${major}.``."""
    made = module.scopes.origin(wanted)
    for one in (strip(wanted), made):
        if isinstance(one, Template) and one.items:
            last = strip(one.items[-1])
            return isinstance(last, Literal) and not str(last.value)[-1:].isdigit()
        if isinstance(one, Binary) and one.op == "+":
            return isinstance(strip(one.right), Literal)
    return False


def _is_version(module: Module, held: Expr) -> bool:
    """Tell whether a text is a version: the constant of the host, or what is called so."""
    made = module.scopes.origin(held)
    if isinstance(made, Literal) and isinstance(made.value, str):
        return function_of(held) is not None and _VERSION.search(made.value) is not None
    return bool(set(last_words(held)) & _VERSIONS)


def _asked_whether_it_fits(module: Module, call: Call, wanted: Expr) -> bool:
    """Tell whether a function says by its name that it asks what fits, and is told of something with a version."""
    function = function_of(call)
    if function is None or not set(words(function.name)) & _FITS:
        return False
    for member in find(wanted, Member):
        record = named_type(module, declared_type(module, member.object))
        if record is not None and any(set(words(one.name)) & _NUMBERED for one in record.fields):
            return True
    return False


def _of_another(module: Module, wanted: Expr) -> bool:
    """Tell whether what is wanted comes from outside: a member of something, or a parameter."""
    return any(
        isinstance(node, Member) or (isinstance(node, Name) and function_of(node) is not None)
        for node in find(wanted, Expr)
    )
