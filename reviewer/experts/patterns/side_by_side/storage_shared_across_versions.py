"""PAT006: versions that run side by side keep their data in the same place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, definition, lineage
from reviewer.code.reach.received import received_as
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.feeds import Feed, feeds
from reviewer.experts.patterns.side_by_side.handed_places import handed_to_guest, is_prefix
from reviewer.experts.patterns.side_by_side.several_versions import keeps_several_versions
from reviewer.experts.patterns.vocabulary import PLUGINS, VERSIONS, last_spelled, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SPACES: Final = word_set(
    "space namespace prefix keyspace storage store stores shelf kv bucket container partition scope datadir datafolder "
    "datapath blobs blob vault table tablename collection area realm data database keyprefix ns cabinet drawer box "
    "repository persistence storagedir statedir storageroot"
)
"""What the place is called under which a plugin's data lies."""
_PARTS: Final = word_set("table collection bucket namespace partition area space container keyspace realm")
"""Methods by which a store gives a part of itself."""
_NARROWS: Final = word_set("scoped scope namespaced prefixed of under within child sub inside")
"""Words of methods by which a store gives what lies under a name."""
_FOLDERS: Final = word_set("folder dir directory path root location home base file files state")
"""What it may be called where something around speaks of data."""
_CODE: Final = word_set(
    "install installer uninstall download downloader extract unpack require import loader packages package npm "
    "registry vm resolver unload link"
)
"""Where the code of a plugin lies, and not its data."""
_NOT_SPACES: Final = word_set(
    "log logs url uri install code location label title message error text topic event command module import "
    "cache entry"
)
_VERSION_FIELDS: Final = frozenset({"version", "ver", "semver"})
_IDS: Final = word_set("id name key slug handle identity")


@module_check("PAT006")
def storage_shared_across_versions(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a subject keeps several versions of a plugin and a plugin's place is made without the version."""
    if module.is_test or not keeps_several_versions(inquiry):
        return
    for node, expr in _places(module):
        near = (_version_near(module, node) and not _of_one_without(module, expr)) or _names_versioned(module, expr)
        near = near or _is_told_apart(module, expr)
        near = near or any(
            _told_with_version(module, feed) or _out_of_manifest(module, feed) for feed in feeds(module, expr)
        )
        yield Match(
            node,
            f"The place '{short(module.text_of(expr))}' is the same for every version of the plugin: versions that run "
            "side by side read and overwrite each other's data.",
            confidence=None if near else Confidence.POSSIBLE,
        )


def _places(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield (where, what) for each text that names a plugin's place and leaves its version out."""
    for node in module.all_nodes:
        if not isinstance(node, Template | Binary | Call | Member | Name):
            continue
        use = _as_place(module, node)
        if use is None or not isinstance(node, Expr) or _knows_version(module, node):
            continue
        made = feeds(module, node)
        names = [name for feed in made for name in (feed.local, *feed.path)]
        if any(not VERSIONS.isdisjoint(spelled(name)) for name in names):
            continue
        named = any(names_plugin(feed.local, feed.path) or beside_version(feed) for feed in made)
        named = named or any(_told_with_version(module, feed) or _out_of_manifest(module, feed) for feed in made)
        if (named or _names_versioned(module, node) or _is_told_apart(module, node)) and not _called_with_version(
            module, node
        ):
            yield use, node


def _knows_version(module: Module, expr: Expr) -> bool:
    """Tell whether what is handed on is a record that says its version itself."""
    held = class_of_value(module, expr) if isinstance(expr, Name | Member) else None
    return held is not None and any(field.name in _VERSION_FIELDS for field in held.fields)


def beside_version(feed: Feed) -> bool:
    """Tell whether a plain ``id`` is that of a plugin, since the function is told the version next."""
    root = feed.root
    function = root.parent if isinstance(root, Param) else None
    plain = not feed.path or (not feed.local and len(feed.path) == 1)  # a parameter, or one that is taken apart
    if not plain or not isinstance(function, Function) or feed.name not in _IDS - {"key"}:
        return False
    told = {name for param in function.params for name in (param.name, *param.fields)}
    return not told.isdisjoint(("version", "ver"))


def _out_of_manifest(module: Module, feed: Feed) -> bool:
    """Tell whether a plain ``id`` is taken out of what all callers call a plugin's manifest."""
    function = feed.root.parent if isinstance(feed.root, Param) and feed.root.fields else None
    if not isinstance(function, Function) or feed.path not in (("id",), ("name",)) or not function.name:
        return False
    at = next(place for place, param in enumerate(function.params) if param is feed.root)
    given = [call.arg(at) for call in module.calls((function.name,)) if definition(module, call.callee) is function]
    return bool(given) and all(one is not None and bool(last_spelled(one) & PLUGINS) for one in given)


def names_plugin(local: str, path: tuple[str, ...]) -> bool:
    """Tell whether a path of names gives the id of a plugin: ``plugin.id``, ``info.name``, ``pluginId``."""
    parts = (local, *path)
    last = set(spelled(parts[-1]))
    if last & _IDS and len(parts) > 1:
        holder = set(spelled(parts[-2]))
        return bool(holder & (PLUGINS | {"info", "meta", "record", "spec", "entry", "this", "release", "item"}))
    return bool(last & PLUGINS) and bool(
        last & (_IDS | {"pluginid", "plugin", "extension", "addon", "addin", "widget"})
    )


def _names_versioned(module: Module, node: Node) -> bool:
    """Tell whether a text is made of the name of something that has a version, and of no more of it.

    ``self._edition.form`` is such a name; with ``edition.key[0]`` beside it the text may well tell the version.
    """
    named = False
    for part in find(node, Member):
        given: Expr = part
        asked = definition(module, part) if is_this_member(part) else None
        if isinstance(asked, Function) and asked.kind == "getter":
            answer = next(find(asked.body, Return), None)
            given = strip(answer.value) if answer is not None and answer.value is not None else part
        holder = class_of_value(module, given.object) if isinstance(given, Member) else None
        fields = [field.name for owner in lineage(holder) for field in owner.fields] if holder is not None else []
        if not isinstance(given, Member) or holder is None or _VERSION_FIELDS.isdisjoint(fields):
            continue
        if not _is_text_field(holder, given.name):
            return False
        named = True
    return named


def _told_with_version(module: Module, feed: Feed) -> bool:
    """Tell whether the file puts id and version of such a thing together: ``${guide.id}@${guide.version}``."""
    if not feed.local or len(feed.path) != 1 or feed.path[0] not in _IDS - {"key"}:
        return False
    return (feed.local, feed.path[0]) in module.once("patterns.told_with_version", lambda: _with_version(module))


def _is_told_apart(module: Module, node: Expr) -> bool:
    """Tell whether a path ends in such an id as it stands there, whatever the thing is: ``join(root, one.id)``."""
    last = strip(node.args[-1]) if isinstance(node, Call) and node.args else None
    held = last.object if isinstance(last, Member) else None
    known = module.once("patterns.told_with_version", lambda: _with_version(module))
    return isinstance(last, Member) and isinstance(held, Name) and (held.id, last.name) in known


def _with_version(module: Module) -> frozenset[tuple[str, str]]:
    """Return (holder, member) of what texts of the file put beside the version of the same holder.

    Likewise of what a function reads both of, wherever it goes.
    """
    found: set[tuple[str, str]] = set()
    for read in module.all(Member):
        holder, around = read.object, function_of(read)
        if read.name in _VERSION_FIELDS and isinstance(holder, Name) and holder.id != "this" and around is not None:
            known = find(around.body, Member)
            found.update(
                (holder.id, one.name)
                for one in known
                if one.name in _IDS and isinstance(one.object, Name) and one.object.id == holder.id
            )
    for text in module.some(Template, Array):
        told = [(part.object.id, part.name) for part in find(text, Member) if isinstance(part.object, Name)]
        versioned = {holder for holder, name in told if name in _VERSION_FIELDS}
        found.update(pair for pair in told if pair[0] in versioned)
    return frozenset(found)


def _is_text_field(cls: Class, name: str) -> bool:
    types = [field.type for owner in lineage(cls) for field in owner.fields if field.name == name]
    return any(given in ("str", "string", "readonly string") for given in types) and VERSIONS.isdisjoint(spelled(name))


def _as_place(module: Module, node: Node) -> Node | None:
    """Return the statement or call that takes an expression for the place of a plugin's data, or None."""
    if isinstance(node, Binary) and (node.op not in ("+", "/") or isinstance(node.parent, Binary)):
        return None
    if isinstance(node, Call) and node.name not in ("join", "resolve", "joinpath", "format", "concat", "Path"):
        return None
    if isinstance(node, Template | Binary | Call) and (
        not (text := _textual(module, node)) or handed_to_guest(module, node)
    ):
        return node if text else None
    around: Node | None = node.parent
    while isinstance(around, Cast):
        around = around.parent
    simple = isinstance(node, Name | Member)
    if (
        isinstance(around, Call)
        and around.callee is not node
        and any(a is node for a in (*around.args, *around.keywords.values()))
    ):
        takes = last_spelled(around.callee)
        if takes & {"join", "resolve", "joinpath"} or takes & _CODE or _surroundings(node) & _CODE:
            return None
        param = received_as(module, node)
        if (simple and _made_here(module, node)) or is_prefix(param):
            return around if is_prefix(param) else None
        takes |= set(spelled(param.name)) if param is not None and not simple else set()
        named = takes & _SPACES and not takes & _NOT_SPACES
        made = around.new or takes & _MAKES or around.name[:1].isupper() or _is_part_of_store(around)
        part = takes & _NARROWS and path_words(around.callee) & (_SPACES | {"db", "kv"})
        if part or (named and made):
            return around
        return None
    if simple:
        return None  # the text was looked at where it was made
    name = ""
    if isinstance(around, Assign):
        name = _target(around)
    elif isinstance(around, Return):
        function = function_of(node)
        name = function.name if function is not None else ""
    words = set(spelled(name))
    if words & _NOT_SPACES:
        return None
    around_it = _surroundings(node) | _of_data(node)
    folder = bool(words & _FOLDERS) or (bool(name) and isinstance(around, Assign) and _is_made_there(node, name))
    return node if words & _SPACES or (folder and around_it & _SPACES) else None


def _is_part_of_store(call: Call) -> bool:
    """Tell whether a call gives by its name the part of a store that is called so: ``database.table("brush")``."""
    return len(call.args) == 1 and call.receiver is not None and call.name.lower() in _PARTS


def _is_made_there(node: Node, name: str) -> bool:
    """Tell whether the function makes a folder of what a name holds, whatever that is called."""
    function = function_of(node)
    return function is not None and any(
        isinstance(one, Name) and one.id == name
        for call in find(function.body, Call, into_functions=False)
        if call.name in ("mkdir", "makedirs", "mkdirSync", "ensureDir")
        for one in (call.receiver, *call.args)
    )


def _of_data(node: Node) -> set[str]:
    """Return the words of what a path begins with: ``self._data / "extensions" / id``, ``join(stateDir, name)``."""
    first = node.args[0] if isinstance(node, Call) and node.args else None
    named = set(spelled(first.id)) if isinstance(first, Name) else set()
    texts = {word for part in walk(node) if isinstance(part, Literal) for word in words(str(part.value))}
    named |= {"storage"} if texts & {"state", "data", "storage", "saves"} else set()
    return named | {word for part in walk(node) if isinstance(part, Member) for word in spelled(part.name)}


def _surroundings(node: Node) -> set[str]:
    """Return the words of the function and the class around a node."""
    function, cls = function_of(node), class_of(node)
    return {*spelled(function.name if function is not None else ""), *spelled(cls.name if cls is not None else "")}


_MAKES: Final = word_set(
    "for of scoped scope open create make namespaced namespace prefixed with sub child get build new"
)


def _made_here(module: Module, node: Node) -> bool:
    """Tell whether a name holds a text that was made in the file, and was looked at there."""
    made = module.scopes.origin(node) if isinstance(node, Name) else None
    return isinstance(made, Template | Binary | Call)


def _target(assign: Assign) -> str:
    target = assign.target
    return target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""


def _textual(module: Module, node: Node) -> bool:
    if isinstance(node, Binary):
        return node.op == "/" or any(isinstance(part, Literal) and isinstance(part.value, str) for part in walk(node))
    return True


def _called_with_version(module: Module, node: Node) -> bool:
    """Tell whether the call that takes the place is given the version, too."""
    around = node.parent
    while isinstance(around, Cast):
        around = around.parent
    if not isinstance(around, Call):
        return False
    return any(
        not VERSIONS.isdisjoint(spelled(name))
        for feed in feeds(module, *around.args, *around.keywords.values())
        for name in (feed.local, *feed.path)
    )


def _of_one_without(module: Module, expr: Expr) -> bool:
    """Tell whether a place is named for the very object that makes it, and that has no version of its own."""
    named = [feed for feed in feeds(module, expr) if names_plugin(feed.local, feed.path)]
    own = class_of(expr)
    return (
        own is not None
        and bool(named)
        and all(feed.local == "this" and len(feed.path) == 1 for feed in named)
        and not set(spelled(own.name)) & PLUGINS
        and not any(is_this_member(one) and one.name in _VERSION_FIELDS for one in find(own, Member))
    )


def _version_near(module: Module, node: Node) -> bool:
    """Tell whether the version is at hand where the place is made."""
    function = function_of(node)
    around: Node | None = class_of(node) or function
    if around is None:
        return False
    outer = function
    while outer is not None and outer.outer is not None:
        outer = outer.outer
    start: Node = around if isinstance(around, Class) else outer or around
    for part in walk(start):
        name = part.name if isinstance(part, Member | Param) else part.id if isinstance(part, Name) else ""
        if name and not VERSIONS.isdisjoint(spelled(name)):
            return True
    return False
