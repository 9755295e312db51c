"""REG021: versions are put in order by their parts as they are written, and 10 comes before 9 as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Function, strip
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.choosing_versions.choosing import orderings
from reviewer.experts.registry.choosing_versions.text_order import is_version
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@module_check("REG021", words=VERSIONS)
def parts_as_texts(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the key of each order of versions for parts that nobody made numbers of."""
    if module.is_test or module.language != "python":
        return
    spoken: set[int] = set()
    for ordering in orderings(module):
        by = strip(ordering.by) if ordering.by is not None else None
        function = by if isinstance(by, Function) else definition(module, by) if by is not None else None
        for answer in returns_of(function) if isinstance(function, Function) else ():
            value = strip(answer.value) if answer.value is not None else None
            if isinstance(value, Call) and _splits(value) and id(value) not in spoken:
                spoken.add(id(value))
                yield Match(
                    value,
                    f"'{short(module.text_of(value))}' puts versions in order part by part as texts: 1.10.0 comes "
                    "before 1.9.0.",
                    related=((ordering.call, "put in order here"),) if ordering.call.line != value.line else (),
                )


def _splits(value: Call) -> bool:
    """Tell whether a key is the parts of a version as they are written: ``tuple(one.version.split("."))``."""
    if value.name in ("tuple", "list") and value.receiver is None and len(value.args) == 1:
        inner = strip(value.args[0])
        return isinstance(inner, Call) and _splits(inner)
    return value.name == "split" and value.receiver is not None and is_version(value.receiver)
