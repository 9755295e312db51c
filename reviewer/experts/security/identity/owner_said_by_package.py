"""SEC085: whose a name is gets compared with whom the package itself names, and not with whoever brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Index, Literal, Member, strip
from reviewer.code.text.ideas import MANIFESTS, OWNERS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, inside
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_SAID: Final = OWNERS | word_set("owners maintainers authors")
_OF_PACKAGE: Final = MANIFESTS | word_set("package bundle archive pkg upload")
_WHO: Final = OWNERS | word_set(
    "signer signed signedby user account caller maintainer principal actor session identity submitter uploader by"
)
_TABLES: Final = word_set("owner owners namespace namespaces reserved prefixes holder holders claimed ownership owned")
_PROVES: Final = word_set("verify verified signature signed sign certificate prove authenticate check_signature")


@module_check("SEC085", words=_SAID)
def owner_said_by_package(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each comparison of the owner of a name with a member of what is brought in under it."""
    if module.is_test:
        return
    for test in module.all(Binary):
        function = function_of(test)
        if test.op not in ("==", "!=") or function is None:
            continue
        for owner, other in ((test.left, test.right), (test.right, test.left)):
            said = _said_by_package(module, other)
            if said is None or not _looked_up(module, owner) or _proved(module, function, test, other, said):
                continue
            known = any(set(words(param.name)) & _WHO for param in function.params)
            yield Match(
                test,
                f"Whose the name is gets compared with '{short(module.text_of(said))}', which the package says of "
                "itself: whoever writes another's name into it publishes in that one's place.",
                confidence=None if known else Confidence.POSSIBLE,
            )
            break


def _said_by_package(module: Module, expr: Expr) -> Expr | None:
    """Return where a value is read out of a manifest: ``manifest["publisher"]``, itself or through a name."""
    made = module.scopes.origin(expr)
    value = strip(made) if isinstance(made, Expr) else strip(expr)
    while isinstance(value, Call) and value.name in ("str", "String") and value.args:
        value = strip(value.args[0])
    if isinstance(value, Member):
        name, holder = value.name, value.object
    elif isinstance(value, Index) and isinstance(value.key, Literal):
        name, holder = str(value.key.value), value.object
    elif isinstance(value, Call) and value.name == "get" and value.receiver is not None and value.args:
        name, holder = str(getattr(strip(value.args[0]), "value", "")), value.receiver
    else:
        return None
    return value if set(words(name)) & _SAID and path_words(holder) & _OF_PACKAGE else None


def _looked_up(module: Module, expr: Expr) -> bool:
    """Tell whether a value is what a record says of whose a name is: ``owner_of(manifest.id)``, ``owners.get(id)``."""
    made = module.scopes.origin(expr)
    value = strip(made) if isinstance(made, Expr) else strip(expr)
    while isinstance(value, Member):  # ``catalogue.get(id).owner``
        if set(words(value.name)) & _SAID:
            inner = module.scopes.origin(value.object)
            return isinstance(inner, Call | Index) and not path_words(value.object) & _OF_PACKAGE
        return False
    if isinstance(value, Call):
        return bool(value.args) and bool((path_words(value.callee) | set(words(value.name))) & (_TABLES | _SAID))
    return isinstance(value, Index) and bool(path_words(value.object) & _TABLES)


def _proved(module: Module, function: Function, test: Binary, other: Expr, said: Expr) -> bool:
    """Tell whether the function also holds what the package says against something that proves it."""
    texts = {module.text_of(other), module.text_of(said)}
    sides = (
        side
        for one in find(function.body, Binary)
        if one is not test and one.op in ("==", "!=", "in", "not in", "is", "is not")
        for side in (one.left, one.right)
    )
    if any(module.text_of(side) in texts for side in sides):
        return True
    for call in calls_in(function.body):
        if set(words(call.name)) & _PROVES and not inside(said, call):
            handed = [*call.args, *call.keywords.values()]
            if any(module.text_of(one) in texts for one in handed):
                return True
    return bool(said_in(test) & _PROVES)
