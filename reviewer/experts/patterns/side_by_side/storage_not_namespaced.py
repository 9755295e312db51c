"""PAT026: what plugins keep is entered into one shared store under the bare key that they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, Function, Index, Member, Name, Node, Object, Param, strip
from reviewer.code.text.ideas import FACES, HOST_NAMES
from reviewer.code.walk import class_of, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ACCESS: Final = frozenset(
    "get set put read write delete remove load save getItem setItem removeItem fetch store".split()
)
_STORES: Final = word_set("storage store stores kv shelf vault bucket blobs keyvalue db")
_HOLDERS: Final = HOST_NAMES | word_set("services service deps shared backend")
"""Words of what holds the services that all plugins share."""
_KEYS: Final = word_set("key slot item field")
_IDS: Final = word_set("id key name slug handle")
_PLUGINS: Final = word_set("plugin extension addon addin widget module skill integration mod app operator connector")


@module_check("PAT026", words=_STORES)
def storage_not_namespaced(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the facade that each plugin gets for accesses to the shared store that leave its identity out."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    found: dict[int, list[Call]] = {}
    facades: dict[int, str] = {}
    sure: dict[int, bool] = {}
    for call in module.calls(_ACCESS):
        facade = _facade(call)
        if facade is None or not _bare_key(module, call):
            continue
        handed = isinstance(facade, Class) and _handed_in(module, facade, call.receiver)
        if handed or _shared(module, call.receiver):
            sure[id(facade)] = not handed
            found.setdefault(id(facade), []).append(call)
            facades[id(facade)] = facade.name
    for facade_id, (first, *others) in found.items():
        yield Match(
            first,
            f"'{short(module.text_of(first))}' puts the plugin's own key into the store that all plugins share: "
            f"'{facades[facade_id]}' knows whose key it is, and yet plugins read and overwrite each other's data.",
            related=tuple((other, "here as well") for other in others[:3]),
            confidence=None if sure[facade_id] else Confidence.POSSIBLE,
        )


def _facade(call: Call) -> Class | Function | None:
    """Return the class or the factory around a call that makes what one plugin is handed, and knows which."""
    cls = class_of(call)
    if cls is not None:
        names = [field.name for field in cls.fields]
        names += [name for method in cls.methods if method.kind == "constructor" for name in _params(method)]
        names += [name for method in cls.methods if method.name == "__init__" for name in _params(method)]
        if _is_facade(cls.name) and any(map(_identity, names)):
            return cls
    function = function_of(call)
    while function is not None:
        if (_is_facade(function.name) or _makes_facades(function)) and any(map(_identity, _params(function))):
            return function
        function = function.outer
    return None


def _makes_facades(function: Function) -> bool:
    """Tell whether a method of what makes facades answers with an object for one plugin: ``contexts.for(addonId)``."""
    made = _is_facade(function.owner.name.removesuffix("s")) if function.owner is not None else False
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    return made and any(isinstance(one, Object) for one in answers)


def _params(function: Function) -> list[str]:
    return [name for param in function.params for name in (param.name, *param.fields.values()) if name]


def _is_facade(name: str) -> bool:
    return bool(set(spelled(name)) & FACES)


def _identity(name: str) -> bool:
    """Tell whether a name is that of a plugin's identity, or of what a plugin says of itself."""
    said = spelled(name)
    if set(said) & _PLUGINS:
        return len(said) == 1 or bool(set(said) & _IDS)
    return "".join(said) in ("manifest", "descriptor")


def _handed_in(module: Module, facade: Class, receiver: Expr | None) -> bool:
    """Tell whether a store is kept as the constructor got it, and nobody in the file hands in a part of one."""
    store = strip(receiver) if receiver is not None else None
    if not isinstance(store, Member) or not is_this_member(store) or not set(spelled(store.name)) & _STORES:
        return False
    maker = facade.method("constructor") or facade.method("__init__")
    if maker is None or store.name not in _kept(module, facade, maker):
        return False
    return not any(isinstance(strip(given), Call) for call in module.calls((facade.name,)) for given in call.args)


def _kept(module: Module, facade: Class, maker: Function) -> set[str]:
    """Return the fields in which a constructor keeps its parameters as they are."""
    kept = {param.name for param in maker.params if param.access}
    for name, assigns in module.scopes.fields(facade).items():
        if len(assigns) == 1 and assigns[0].value is not None:
            origin = module.scopes.origin(assigns[0].value)
            if isinstance(origin, Param) and origin.parent is maker:
                kept.add(name)
    return kept


def _shared(module: Module, receiver: Expr | None) -> bool:
    """Tell whether a store belongs to the services of the host: ``this.services.store``."""
    store = strip(receiver) if receiver is not None else None
    origin = module.scopes.origin(store) if isinstance(store, Name) else None
    store = origin if isinstance(origin, Member) else store
    return (
        isinstance(store, Member)
        and bool(set(last_spelled(store)) & _STORES)
        and bool(set(last_spelled(strip(store.object))) & _HOLDERS)
    )


def _bare_key(module: Module, call: Call) -> bool:
    """Tell whether the key is what the caller gave and nothing else, and no argument says whose it is."""
    key = strip(call.args[0]) if call.args else None
    if not isinstance(key, Name) or not set(spelled(key.id)) & _KEYS:
        return False
    bindings = module.scopes.lookup(key.id, key)
    if len(bindings) != 1 or not isinstance(bindings[0], Param):
        return False
    rest: list[Node] = [*call.args[1:], *call.keywords.values()]
    return not any(_names_identity(part) for part in rest)


def _names_identity(part: Node) -> bool:
    inner = strip(part) if isinstance(part, Expr) else part
    if isinstance(inner, Member | Index):
        return bool(set(last_spelled(inner)) & (_PLUGINS | {"id"}))
    return any(_identity(name) for name in names_in(inner))
