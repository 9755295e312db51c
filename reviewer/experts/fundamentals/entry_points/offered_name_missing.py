"""FUN376: a module lists a name among what it offers, and has nothing of that name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.code.syntax import Array, Assign, Import, Literal, Name, strip
from reviewer.code.walk import function_of
from reviewer.experts.check import Inquiry, Match, module_check

if TYPE_CHECKING:
    from reviewer.code.module import Module


@module_check("FUN376", words={"all"})
def offered_name_missing(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold each name of ``__all__`` against what the module defines, imports and has as parts of its package."""
    if module.is_test or module.language != "python" or b"__all__" not in module.source:
        return
    lists = [made for made in module.all(Assign) if isinstance(made.target, Name) and made.target.id == "__all__"]
    only = lists[0] if len(lists) == 1 and lists[0].op == "=" and function_of(lists[0]) is None else None
    offered = strip(only.value) if only is not None and only.value is not None else None
    if not isinstance(offered, Array) or _makes_names(module):
        return
    own = set(module.scopes.table(None)) | _parts(inquiry, module)
    for item in offered.items:
        named = strip(item)
        if isinstance(named, Literal) and isinstance(named.value, str) and named.value not in own:
            spoken = len(re.findall(rb"(?<!\w)" + re.escape(named.value.encode()) + rb"(?!\w)", module.source))
            if spoken - _renamed(module, named.value) > 1:
                continue  # it is spoken of elsewhere, and may come from there
            yield Match(
                named,
                f"'{named.value}' is offered here, and this module has nothing of that name: `from … import *` of it "
                "fails, and with it every plugin that begins so.",
            )


def _renamed(module: Module, name: str) -> int:
    """Return how often a name is one that an import gives another: ``from .beams import Beam as Yarn``."""
    return sum(one.name == name != one.local for made in module.all(Import) for one in made.names)


def _makes_names(module: Module) -> bool:
    """Tell whether names of a module come about in ways that its text does not show."""
    texts = (b"globals()", b"__getattr__", b"setattr(", b"vars()", b"exec(", b"import_module", b"lazy")
    stars = any(name.name == "*" and name.local in ("*", "") for one in module.all(Import) for name in one.names)
    return stars or b"import *" in module.source or any(text in module.source for text in texts)


def _parts(inquiry: Inquiry, module: Module) -> set[str]:
    """Return the modules and packages beside the file that opens a package."""
    folder, _slash, name = module.path.rpartition("/")
    if name not in ("__init__.py", "__init__.pyi"):
        return set()
    start = f"{folder}/" if folder else ""
    inside = (path[len(start) :] for path in inquiry.project.files if path.startswith(start))
    return {path.split("/")[0].split(".")[0] for path in inside}
