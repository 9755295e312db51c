"""REG008: who asks for the entries under a name is given the very collection, and makes one where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Index, Name, Return, strip
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.check import Inquiry

_COLLECTIONS: Final = frozenset({"dict", "list", "set", "deque", "OrderedDict"})


@module_check("REG008", words={"defaultdict"})
def live_inner(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each public method that answers with what a private ``defaultdict`` of collections holds."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        for method in cls.methods:
            if method.name.startswith("_"):
                continue
            given = {param.name for param in method.params}
            for answer in find(method.body, Return, into_functions=False):
                value = strip(answer.value) if answer.value is not None else None
                if not isinstance(value, Index) or not is_this_member(strip(value.object)):
                    continue
                held, key = strip(value.object), strip(value.key)
                name = getattr(held, "name", "")
                if name.startswith("_") and isinstance(key, Name) and key.id in given and _is_made(module, cls, name):
                    yield Match(
                        answer,
                        f"'{method.name}' gives out the very collection that '{name}' keeps, and makes one for every "
                        "name that anybody asks for: its callers change the registry, and questions fill it.",
                        fix="Answer with a copy of what `.get(name, ())` finds.",
                    )


def _is_made(module: Module, cls: Class, name: str) -> bool:
    """Tell whether a field is a ``defaultdict`` of collections."""
    made = [strip(one) for one in module.scopes.field_values(cls, name)]
    kinds = [strip(one.args[0]) for one in made if isinstance(one, Call) and one.name == "defaultdict" and one.args]
    return any(isinstance(kind, Name) and kind.id in _COLLECTIONS for kind in kinds)
