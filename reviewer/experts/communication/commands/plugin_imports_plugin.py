"""COM050: one plugin imports the files of another."""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Import, Node
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.languages import is_test
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FOLDERS: Final = frozenset(
    "plugins extensions addons addins add-ons widgets skills mods packs integrations connectors plugin-packages".split()
)
_SHARED: Final = frozenset(
    "shared common core lib libs util utils base types sdk api host contracts interfaces testing test tests helpers "
    "internal runtime kit support node_modules vendor assets locales index __init__ registry loader manager exception "
    "exceptions error errors constants handler handlers model models".split()
)
_ID: Final = regex(r"[a-z][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+|(?:plugin|extension|addon)-[a-z0-9-]+|[a-z0-9-]+-plugin")
"""Folders that are named by the id of a plugin."""
_WHAT: Final = PLAIN_GUESTS | frozenset("ext".split())
"""Words of a package that say no more than that it is a plugin."""
_MANIFESTS: Final = frozenset(
    f"{stem}.{ending}"
    for stem in ("plugin", "extension", "addon", "addin", "manifest", "skill", "widget")
    for ending in ("json", "yaml", "yml", "toml")
)


@module_check("COM050")
def plugin_imports_plugin(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each import for whether it leads from one plugin's folder into another's."""
    if module.is_test:
        return
    own = _plugin_of(inquiry, module.path)
    dependencies = _dependencies(inquiry)
    for at, source in _imports(module):
        if own:
            path = inquiry.project.target(module.path, source)
            other = _plugin_of(inquiry, path) if path else ""
            if other and _short(other) != _short(own) and not other.startswith(own) and not own.startswith(other):
                if _is_built_in(inquiry, (module.path, path or ""), (own, other)) or _is_of_host(own, other, path):
                    continue
                yield Match(
                    at,
                    f"'{_short(own)}' imports the files of '{_short(other)}': it breaks when that plugin changes, "
                    "is switched off or is missing, and goes around the host's permissions.",
                    confidence=Confidence.POSSIBLE if _ship_together(inquiry, (own, other)) else None,
                )
                continue
        if inquiry.subject.kind == "plugin" and source in dependencies:
            yield Match(
                at,
                f"'{source}' is another plugin: its code is imported here, past the host that starts it and checks "
                "what it may do.",
            )
        elif inquiry.subject.kind == "plugin" and (whose := _code_of(inquiry, source, dependencies)):
            yield Match(
                at,
                f"'{source}' is the code of '{whose}', another plugin: it is imported here, past the host that starts "
                "it and checks what it may do, and breaks when that plugin changes or is missing.",
            )
        elif inquiry.subject.kind == "plugin" and (outside := _leaves(module.path, source)):
            if _ID.fullmatch(outside) or _is_dependency(outside, dependencies):
                yield Match(
                    at,
                    f"'{source}' leads out of the plugin's own folder, into the files of '{outside}': it breaks when "
                    "that plugin changes, is switched off or is missing, and goes around the host.",
                )
            elif not any(part in _SHARED for part in source.split("/")):
                yield Match(
                    at,
                    f"'{source}' leads out of the plugin's own folder, into files that are not part of its package.",
                    confidence=Confidence.POSSIBLE,
                )


def _is_of_host(own: str, other: str, path: str | None) -> bool:
    """Tell whether a single file of another folder is what the host itself does with plugins: ``plugins/events.js``."""
    alone = posixpath.splitext(path or "")[0] == other
    return alone and posixpath.dirname(own) != posixpath.dirname(other)


def _imports(module: Module) -> Iterator[tuple[Node, str]]:
    for node in module.all(Import):
        if any(not name.type_only for name in node.names) or not node.names:
            yield node, node.source
            if module.language == "python":
                yield from ((node, f"{node.source.rstrip('.')}.{name.name}") for name in node.names)
    if module.language != "python":
        for call in module.calls({"require", "import"}):
            yield call, fixed_text(module, call.args[0]) if call.args else ""


def _plugin_of(inquiry: Inquiry, path: str) -> str:
    """Return the folder of the plugin that a file belongs to: by its manifest, or by the folder of all plugins."""
    parts = path.split("/")
    known = _manifest_folders(inquiry)
    for end in range(len(parts) - 1, 0, -1):
        if "/".join(parts[:end]) in known:
            return "/".join(parts[:end])
    for position, part in enumerate(parts[:-1]):
        if part.lower() in _FOLDERS and not _holds_all_code(inquiry, "/".join(parts[: position + 1])):
            name = parts[position + 1]
            stem = name.split(".", 1)[0].lower()
            if stem in _SHARED or stem.startswith(("_", ".")):
                return ""
            last = position + 2 == len(parts)
            return "/".join((*parts[: position + 1], name.split(".", 1)[0] if last else name))
    return ""


def _holds_all_code(inquiry: Inquiry, folder: str) -> bool:
    """Tell whether a folder holds all that a host is made of: ``addons/`` is then its part about add-ons, and none."""
    if inquiry.subject.kind != "host":
        return False
    known = inquiry.memory.setdefault("communication.code_folders", {})
    if not isinstance(known, dict):
        return False
    if folder not in known:
        others = (path for path in inquiry.project.sources if not path.startswith(f"{folder}/"))
        known[folder] = not any(_has_code(inquiry, path) for path in others)
    return bool(known[folder])


def _has_code(inquiry: Inquiry, path: str) -> bool:
    """Tell whether a file takes part in the running of the subject: no test, no tool, no empty package file."""
    if is_test(path) or is_tooling(path):
        return False
    module = inquiry.project.module(path) if posixpath.basename(path) == "__init__.py" else None
    return module is None or bool(module.source.strip())


def _is_built_in(inquiry: Inquiry, paths: tuple[str, str], folders: tuple[str, str]) -> bool:
    """Tell whether the package's own code leads to one of the two files: that ships with it, and nobody adds it.

    It makes no difference how many parts of the folder stand between. A folder with a manifest of its own is a plugin
    all the same.
    """
    if not _manifest_folders(inquiry).isdisjoint(folders):
        return False
    return any(_is_led_to(inquiry, path) for path in paths if path)


def _is_led_to(inquiry: Inquiry, path: str) -> bool:
    """Tell whether code outside all plugins imports a file, or what imports it."""
    seen = {path}
    waiting = [path]
    while waiting:
        for user in inquiry.project.paths(tests=False, using=waiting.pop()):
            if not _plugin_of(inquiry, user):
                return True
            if user not in seen:
                seen.add(user)
                waiting.append(user)
    return False


def _ship_together(inquiry: Inquiry, folders: tuple[str, str]) -> bool:
    """Tell whether both are modules of one installed package of Python: its makers change them together."""
    if not _manifest_folders(inquiry).isdisjoint(folders):
        return False
    return any(path.endswith(".dist-info/METADATA") for path in inquiry.project.files)


def _manifest_folders(inquiry: Inquiry) -> frozenset[str]:
    """Return the folders below the subject's root that hold a manifest of their own."""
    known = inquiry.memory.get("communication.manifest_folders")
    if not isinstance(known, frozenset):
        folders = {
            posixpath.dirname(path)
            for path in inquiry.project.files
            if posixpath.basename(path) in _MANIFESTS and "/" in path and "node_modules/" not in path
        }
        known = inquiry.memory["communication.manifest_folders"] = frozenset(folders)
    return known


def _dependencies(inquiry: Inquiry) -> frozenset[str]:
    """Return the ids of other plugins that the manifest of a generic plugin depends on."""
    document = inquiry.manifest
    if document is None or inquiry.subject.ecosystem != "generic" or document.path.endswith("package.json"):
        return frozenset()
    found = document.get("dependencies")
    return frozenset(key for key, _value in found.members()) if found is not None else frozenset()


def _code_of(inquiry: Inquiry, source: str, dependencies: frozenset[str]) -> str:
    """Return the plugin of the manifest's dependencies whose package an absolute import of Python names."""
    top = source.split(".", 1)[0]
    if not top or not dependencies or not top.replace("_", "").isalnum() or _is_own(inquiry, top):
        return ""
    for plugin in sorted(dependencies):
        tail = words(plugin.replace("-", "_").rsplit(".", 1)[-1])
        said = tuple(word for word in words(top) if word not in _WHAT)
        if said and said == tuple(word for word in tail if word not in _WHAT) and top not in sys.stdlib_module_names:
            return plugin
    return ""


def _is_dependency(folder: str, dependencies: frozenset[str]) -> bool:
    """Tell whether a folder beside the plugin's is named like one of the plugins that the manifest depends on."""
    said = [word for word in words(folder) if word not in _WHAT]
    return bool(said) and any(
        said == [word for word in words(plugin.rsplit(".", 1)[-1]) if word not in _WHAT] for plugin in dependencies
    )


def _is_own(inquiry: Inquiry, top: str) -> bool:
    return any(path.startswith((f"{top}/", f"src/{top}/")) or path == f"{top}.py" for path in inquiry.project.files)


def _leaves(path: str, source: str) -> str:
    """Return the first folder outside the plugin that an import leads into, or an empty string."""
    if not source.startswith("../"):
        return ""
    base = posixpath.normpath(posixpath.join(posixpath.dirname(path), source))
    outside = base.lstrip("./").split("/")
    return outside[0] if base.startswith("../") and len(outside) > 1 else ""


def _short(folder: str) -> str:
    return folder.rsplit("/", 1)[-1]
