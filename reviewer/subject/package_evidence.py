"""What the metadata of a package says about being a plugin of something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.subject.documents.read import document_format
from reviewer.subject.evidence import NAMED

if TYPE_CHECKING:
    from reviewer.subject.document import Document, Value
    from reviewer.subject.evidence import Evidence

_PLUGIN_WORD: Final = regex(r"(?:^|[-_/@. ])(?:plugin|extension|addon|add-on|addin|plugins)(?:$|[-_/. ])")
_PLURAL: Final = regex(r"(?:^|[-_/@. ])(?:plugins|extensions|addons|add-ons|addins)$")
_HOST_WORD: Final = regex(
    r"(?:^|[-_/@. ])(?:host|manager|registry|loader|system|server|runtime|core|kit|sdk|framework)s?(?:$|[-_/. ])"
)
_WORD: Final = regex(r"[\w.-]+")
_LABELLED: Final = "has plugin among its keywords"
_SCRIPTS: Final = frozenset(
    {
        "console_scripts",
        "gui_scripts",
        "distutils.commands",
        "setuptools.finalize_distribution_options",
        "pyinstaller40",
    }
)
_NO_HOSTS: Final = frozenset(
    "typescript tslib tsx react react-dom @mdx-js/react vue svelte graphql zod rxjs ws undici reflect-metadata".split()
)
"""What packages ask for beside them that is a library, and starts nobody."""
_HOSTS: Final = frozenset(
    "webpack @rspack/core rollup vite esbuild parcel eslint prettier stylelint @babel/core postcss jest vitest mocha "
    "karma cypress gulp grunt serverless semantic-release fastify hubot homebridge node-red n8n-workflow".split()
)
"""Hosts whose plugins often serve several of them, so that each is one that they do without."""
_MAKERS: Final = {"fastify-plugin": "fastify", "@iobroker/adapter-core": "iobroker"}
"""Packages with which nothing but plugins of a host are made, and the host; who asks for that, too, may be its app."""
_LIBRARIES: Final = _NO_HOSTS | frozenset(
    "express koa next electron graphql parse discord redux mongoose node socket winston jquery angular three "
    "flask django fastapi starlette pydantic sqlalchemy requests aiohttp tornado click typer numpy pandas".split()
)
"""What others put before their names that is built upon, and starts nobody who asks for it."""
_NO_HOST_SCOPES: Final = ("@types/", "@opentelemetry/")
_PLATFORMS: Final = frozenset({"node", "npm", "yarn", "pnpm", "bun", "deno"})
_GENERAL_FRAMEWORKS: Final = regex(r"AsyncIO|Trio|AnyIO|Django|Flask|FastAPI|Pydantic|IPython|Matplotlib")


def weigh_packages(documents: Mapping[str, Document], found: Evidence) -> None:
    """Add what package.json, pyproject.toml, setup.cfg and a wheel's metadata say to the evidence."""
    for path, document in documents.items():
        name = path.rsplit("/", 1)[-1]
        if name == "package.json":
            _npm(document.root, found)
        elif name == "pyproject.toml":
            _pyproject(document.root, found)
        elif name == "setup.cfg":
            group = document.get("options.entry_points")
            own = _text(document.get("metadata", "name"))
            _entry_points([key for key, _ in group.members()] if group else [], name, own, found)
        elif name == "entry_points.txt":
            own = path.rpartition("/")[0].rpartition("/")[2].partition("-")[0]  # of ``beeline-1.4.dist-info``
            _entry_points([key for key, _ in document.root.members()], name, own, found)
        elif document_format(path) == "headers":
            _named(_text(document.get("Name")), re.split(r"[,\s]+", _text(document.get("Keywords"))), name, found)
            asked = document.get("Requires-Dist")
            needs = [_WORD.match(one.text) for one in asked.items()] if asked else []
            _named_after(_text(document.get("Name")), [one[0] for one in needs if one], name, found)
            _classified(document.get("Classifier"), _text(document.get("Name")), name, found)


def _npm(root: Value, found: Evidence) -> None:
    keywords = root.get("keywords")
    words = [word.text for word in keywords.items()] if keywords else []
    private = root.get("private")
    if private is not None and private.data is True and _PLURAL.search(_text(root.get("name")).lower()):
        found.for_plugin(2, f"package.json is called {_text(root.get('name'))}")  # kept by whoever has several of them
    else:
        _named(_text(root.get("name")), words, "package.json", found)
    peers, engines = root.get("peerDependencies"), root.get("engines")
    own = _text(root.get("name"))
    hosts = [name for name, _ in peers.members() if _is_host_of(name, own, root)] if peers else []
    hosts += [name for name, _ in engines.members() if name not in _PLATFORMS] if engines else []
    # A section named like a keyword is read by the host of that name: "node-red", "jupyterlab", …
    hosts += [name for name, value in root.members() if name in words and value.kind == "object"]
    if hosts:
        found.for_plugin(3, f"package.json asks for the host {hosts[0]}")
        _publish(f"package.json asks for the host {hosts[0]}", found)
    needs = root.get("dependencies")
    asked = [name for name, _ in needs.members()] if needs else []
    for maker, host in _MAKERS.items():
        if maker in asked and host not in asked:
            found.for_plugin(4, f"package.json asks for {maker}, which makes plugins of {host}")
            _publish(f"package.json asks for {maker}, which makes plugins of {host}", found)
    _named_after(own, [*asked, *(name for name, _ in (peers.members() if peers else ()))], "package.json", found)


def _named_after(name: str, needs: list[str], source: str, found: Evidence) -> None:
    """What is named after a package that it asks for is a plugin of that, unless it loads something itself.

    What is labelled a plugin as well may load what it likes.
    """
    own = _plain(name.lower().replace("/", "-").removeprefix("@"))
    host = next((one for one in map(_plain, needs) if own.startswith(f"{one}-") and one not in _LIBRARIES), "")
    labelled = any(reason.endswith(_LABELLED) for _, reason in found.plugin_reasons)
    if host and not _HOST_WORD.search(own) and (labelled or not found.takes_in):
        found.for_plugin(4, f"{source} is named after {host}, for which it asks")
        _publish(f"{source} is named after {host}, for which it asks", found)


def _is_host_of(peer: str, own: str, root: Value) -> bool:
    """Tell whether a peer may be what starts a package: no library, not itself, and not what it does without.

    What has the name of the peer in its own belongs to it, whatever it does without.
    """
    if peer in _NO_HOSTS or peer.startswith(_NO_HOST_SCOPES) or peer == own:
        return False
    if peer in _HOSTS:
        return True
    optional = root.get("peerDependenciesMeta", peer, "optional")
    return optional is None or optional.data is not True or peer.rsplit("/", 1)[-1] in own


def _named(name: str, keywords: list[str], source: str, found: Evidence) -> None:
    """A package called or labelled a plugin is one, unless it is called a plugin manager."""
    name = name.lower()
    if _PLUGIN_WORD.search(name):
        if _HOST_WORD.search(name):
            found.for_host(3, f"{source} is called {name}")
        else:
            found.for_plugin(NAMED, f"{source} is called {name}")
            found.by_name_alone = not found.published
            found.published = found.published or f"{source} is called {name}"
    elif any(_PLUGIN_WORD.search(word.lower()) for word in keywords) and not _HOST_WORD.search(name):
        found.for_plugin(4, f"{source} {_LABELLED}")
        if not found.loads:
            _publish(f"{source} {_LABELLED}", found)


def _pyproject(root: Value, found: Evidence) -> None:
    for holder in (root.get("project", "entry-points"), root.get("tool", "poetry", "plugins")):
        own = _text(root.get("project", "name")) or _text(root.get("tool", "poetry", "name"))
        _entry_points([name for name, _ in holder.members()] if holder else [], "pyproject.toml", own, found)
    keywords = root.get("project", "keywords")
    words = [word.text for word in keywords.items()] if keywords else []
    _named(_text(root.get("project", "name")), words, "pyproject.toml", found)
    _classified(root.get("project", "classifiers"), _text(root.get("project", "name")), "pyproject.toml", found)


def _entry_points(groups: list[str], source: str, package: str, found: Evidence) -> None:
    """Entry points in a group of somebody else make a plugin; those in a group of its own a host has, too."""
    told = [group for group in groups if group not in _SCRIPTS]
    own = [group for group in told if package and f"{_plain(group)}-".startswith(f"{_plain(package)}-")]
    others = [group for group in told if group not in own]
    if own:
        found.for_host(6, f"{source} registers an entry point in {own[0]}, a group of its own")
        found.for_plugin(2 if others else 0, f"{source} registers an entry point in {''.join(others[:1])}")
    elif others:
        found.for_plugin(6, f"{source} registers an entry point in {others[0]}")
        _publish(f"{source} registers an entry point in {others[0]}", found)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _classified(classifiers: Value | None, package: str, source: str, found: Evidence) -> None:
    """A framework among the classifiers has the package for a plugin, unless the package is that framework."""
    labels = [one.text for one in classifiers.items()] if classifiers else []
    labels = [one for one in labels if _plain(one.rpartition("::")[2].strip()) != _plain(package)]
    host = next((label for label in labels if label.startswith("Framework ::")), "")
    if host and not _GENERAL_FRAMEWORKS.search(host):
        found.for_plugin(3, f"{source} is classified under {host}")
        _publish(f"{source} is classified under {host}", found)


def _publish(reason: str, found: Evidence) -> None:
    found.published = found.published or reason
    found.by_name_alone = False


def _text(value: Value | None) -> str:
    return value.text if value else ""
