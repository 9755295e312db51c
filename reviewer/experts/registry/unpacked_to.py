"""Which calls unpack an archive, and where to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Literal, Member, Name, Object, Template, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.module import Module

UNPACKS: Final = frozenset({"unzip", "extract", "unpack", "untar", "extractall", "extractAll", "decompress", "inflate"})
_TAKEN: Final = frozenset(
    "opts options args arguments params callback text texts data info name names value values ids keys key url".split()
)
"""Words of what is extracted where no archive is opened."""
_SHORT: Final = frozenset({"tar.x", "tar-fs.extract", "tar.default.x"})


def unpacks(module: Module, call: Call) -> bool:
    """Tell whether a call opens an archive by its name; arguments and texts are extracted from others, too."""
    said = words(call.name)
    named = call.name in UNPACKS or (not UNPACKS.isdisjoint(said) and _TAKEN.isdisjoint(said))
    return named or module.resolve(call.callee) in _SHORT


def unpacked_to(call: Call) -> Expr | None:
    """Return where something is unpacked to."""
    for keyword in ("path", "dir", "cwd", "dest", "target", "output", "extract_dir"):
        if keyword in call.keywords:
            return call.keywords[keyword]
    args = [strip(arg) for arg in call.args]
    options = next((arg for arg in args if isinstance(arg, Object)), None)
    for name in ("cwd", "C", "dir", "path", "target", "dest"):
        if options is not None and (given := options.get(name)) is not None:
            return given
    alone = call.receiver is not None and all(isinstance(arg, Literal | Object) for arg in args[1:])
    place = args[0] if args and alone else args[1] if len(args) > 1 else None
    return place if isinstance(place, Name | Member | Call | Template) else None
