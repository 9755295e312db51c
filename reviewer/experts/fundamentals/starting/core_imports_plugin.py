"""FUN023: the core of a host imports one of its plugins."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Export, Function, Import, Literal, Name, Template, Try, With
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.fundamentals.vocabulary import FOLDERS
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

PARTS: Final = frozenset(
    "index init types type base abstract interface interfaces contract contracts api core manager managers registry "
    "registries loader loaders host hosts context contexts manifest manifests errors error events bus utils util "
    "helpers constants schema schemas permissions permission sandbox runner discovery discover resolver validator "
    "lifecycle common shared main app config service services model models store storage installer marketplace "
    "protocol mixins hooks exceptions state worker system engine kernel runtime server client cli router routes "
    "catalog sdk".split()
)
"""Words of files in a folder of that name that belong to the system and are no plugin."""
_SHIPPED: Final = frozenset("builtin builtins bundled default defaults internal preset presets standard core".split())
_EXAMPLES: Final = frozenset(
    "example examples sample samples demo demos playground docs benchmark bench template templates skeleton "
    "scaffold".split()
)


_LOOSE: Final = frozenset(
    "tools drivers steps nodes adapters providers modules features apps blocks filters importers exporters scripts "
    "commands effects parts".split()
)
"""Folders that hold plugins only where each has a manifest of its own."""
_PLUGIN: Final = PLAIN_GUEST
_MANIFESTS: Final = frozenset({"manifest", "plugin", "extension", "addon"})
_ENTRY_FILES: Final = (
    "__init__.py",
    "plugin.py",
    "main.py",
    "index.js",
    "index.mjs",
    "index.ts",
    "plugin.js",
    "plugin.ts",
)
_IS_BASE: Final = regex(
    r"(?i)(?:\"\"\"|/\*\*|//)[\s*]{0,40}(?:an? |the )?(?:abstract |common )?(?:base|parent|super) ?(?:class|for)"
)
"""How the description of a class begins that others are made of."""
_SEVERAL: Final = 3
_HANDS_IN: Final = frozenset({"register", "use", "install", "plugin", "plugins"})
"""Words of a file that lists which plugins ship, and hands them in."""
_LOADERS: Final = frozenset({"import_module", "__import__", "import", "require"})
_OF_TEXT: Final = regex(
    rb"(?:\bimport_module|__import__|\bimport|\brequire)\s{0,9}\(\s{0,80}[fFrRbB]{0,2}[\"'`]"
    rb"|\bimport_module\s{1,9}as\s"
)
"""What the text of a file has that loads another by a name which it spells."""
_ENDINGS: Final = (".json", ".toml", ".yaml", ".yml")


@module_check("FUN023", words=FOLDERS | _LOOSE)
def core_imports_plugin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the imports of each file that lies outside the folders of the plugins."""
    if inquiry.subject.kind != "host" or module.is_test or is_tooling(module.path) or lies_in_plugin(module.path):
        return
    if set(words(module.path)) & _EXAMPLES or _lists_plugins(module.path):
        return
    if _described(inquiry, module.path):
        return
    seen: dict[str, Node] = {}
    for statement, source, names in _imports(module):
        target = _target(inquiry, module, source, names)
        if target and target not in seen and not _goes_without(statement):
            seen[target] = statement
    registers = len(seen) >= _SEVERAL and _HANDS_IN & module.words
    for target, statement in seen.items():
        shipped = bool(set(words(target)) & _SHIPPED) or registers
        yield Match(
            statement,
            f"The core imports the plugin '{target}': it can't be built, started or tested without it, and the "
            "plugin can't be switched off.",
            confidence=Confidence.POSSIBLE if shipped else None,
        )


def _goes_without(statement: Node) -> bool:
    """Tell whether a plugin is only asked for when it is needed, and its absence lived with."""
    for around in ancestors(statement):
        if isinstance(around, Try):
            return bool(around.handlers)
        if isinstance(around, With) and any(
            isinstance(one, Call) and one.name == "suppress" for one, _ in around.items
        ):
            return True
        if isinstance(around, Function) and around.name == "__getattr__":
            return True
    return False


def _imports(module: Module) -> Iterator[tuple[Node, str, list[str]]]:
    """Yield what a module imports: the statement or call, the module that it names, the names out of it."""
    for statement in module.all(Import):
        names = [name.name for name in statement.names if not name.type_only]
        if names or not statement.names:
            yield statement, statement.source, names
    for call in module.calls(("require",)):
        given = call.arg(0)
        if isinstance(call.callee, Name) and isinstance(given, Literal) and isinstance(given.value, str):
            yield call, given.value, []


def lies_in_plugin(path: str) -> bool:
    """Tell whether a file lies in the folder of one plugin: ``plugins/tides/index.js``, ``plugins/tides.py``."""
    *folders, name = path.split("/")
    for place, folder in enumerate(folders):
        if folder.lower() in FOLDERS:
            below = [*folders[place + 1 :], posixpath.splitext(name)[0]]
            said = words(below[0])
            if below[0].lower() == folder.lower().rstrip("s"):
                return False  # what a plugin is: ``extensions/extension.py``
            return bool(said) and PARTS.isdisjoint(said) and below[0] != "__init__"
    return False


def _lists_plugins(path: str) -> bool:
    """Tell whether a file is the list of the plugins that ship, which is the place for such imports."""
    folders = path.split("/")
    return (
        any(folder.lower() in FOLDERS for folder in folders[:-1])
        and set(words(folders[-1])) & {"index", "init"} != set()
    )


def _target(inquiry: Inquiry, module: Module, source: str, names: list[str]) -> str:
    """Return the file of a plugin that an import means, or an empty string."""
    paths = [inquiry.project.target(module.path, source)]
    if module.language == "python":
        paths += [inquiry.project.target(module.path, f"{source}.{name}") for name in names[:20]]
    elif source.startswith(".") and not paths[0]:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(module.path), source))
        if lies_in_plugin(joined) and len(joined.split("/")) > 1 and not joined.startswith(".."):
            return joined
    for path in paths:
        if path and ((lies_in_plugin(path) and _is_concrete(inquiry, path)) or _described(inquiry, path)):
            return path
    return ""


def _described(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file lies in the folder of one plugin that has a manifest: ``tools/tape/tool.json``."""
    parts = path.split("/")
    for place, folder in enumerate(parts[:-2]):
        if folder.lower() not in FOLDERS | _LOOSE:
            continue
        stems = {*_MANIFESTS, folder.lower().rstrip("s")}
        root = "/".join(parts[: place + 2])
        if any(f"{root}/{stem}{ending}" in inquiry.subject.files for stem in stems for ending in _ENDINGS):
            return True
    return False


def _is_concrete(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file defines a plugin, or lies beside a manifest."""
    folder = posixpath.dirname(path)
    beside = {posixpath.join(folder, name) for name in ("plugin.json", "manifest.json", "extension.json", "addon.json")}
    if beside & set(inquiry.subject.files):
        return True
    module = inquiry.project.module(path)
    if module is None:
        return False
    called = [cls for cls in module.classes if cls.kind == "class" and _called_plugin(cls.name)]
    if called and all(_IS_BASE.search(module.text_of(cls)[:400]) for cls in called):
        return False
    if plugin_definitions(module) or _loaded_by_name(inquiry, path) or _beside_entry(inquiry, path):
        return True
    if called:
        return True
    return any(isinstance(one, Export) and one.source for one in module.body) and path.rsplit("/", 1)[-1].startswith(
        "index."
    )


def _beside_entry(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file lies in a folder whose entry defines a plugin: ``addons/fuzzy/__init__.py``."""
    parts = path.split("/")
    place = next((n for n, folder in enumerate(parts[:-2]) if folder.lower() in FOLDERS), -1)
    if place < 0:
        return False
    root = "/".join(parts[: place + 2])
    for name in _ENTRY_FILES:
        entry = inquiry.project.module(f"{root}/{name}") if f"{root}/{name}" in inquiry.subject.files else None
        if entry is not None and plugin_definitions(entry):
            return True
    return False


def _called_plugin(name: str) -> bool:
    said = words(name)
    return len(said) > 1 and said[-1] in _PLUGIN and PARTS.isdisjoint(said)


def _loaded_by_name(inquiry: Inquiry, path: str) -> bool:
    """Tell whether the host loads any file of the folder by a name: ``import_module(f"acme.plugins.{x}")``."""
    folder = f"/{posixpath.dirname(path)}"
    return any(folder.endswith(f"/{loaded}") for loaded in _folders_loaded(inquiry))


def _folders_loaded(inquiry: Inquiry) -> list[str]:
    """Return the folders, as far as they are spelled, out of which the host loads files by a name; worked out once."""
    kept = inquiry.memory.get("fundamentals.folders_loaded")
    if isinstance(kept, list):
        return kept
    found: list[str] = []
    for module in inquiry.project.modules(naming=_LOADERS, tests=False, showing=_OF_TEXT.search):
        for call in module.calls(_LOADERS):
            given = call.arg(0)
            first = given.items[0] if isinstance(given, Template) and len(given.items) > 1 else None
            if isinstance(given, Binary) and given.op == "+":
                first = given.left
            if isinstance(first, Literal) and isinstance(first.value, str):
                spelled = first.value.replace(".", "/") if module.language == "python" else first.value
                found.append(spelled.strip("./").removesuffix("/"))
    inquiry.memory["fundamentals.folders_loaded"] = found = [one for one in found if one]
    return found
