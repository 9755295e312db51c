"""SEC273, SEC274 and SEC280: servers of a plugin that may change, can be listened to, or go through a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.hooks import hooks_of
from reviewer.experts.assistant.servers import servers_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_PARTS: Final = regex(r"&&|\|\||[|;\n]")
_RUNNERS: Final = {
    "npx": 1, "bunx": 1, "pnpx": 1, "uvx": 1, "npm": 2, "pnpm": 2, "yarn": 2, "bun": 2, "pipx": 2, "uv": 3, "docker": 2,
    "podman": 2,
}  # fmt: skip
"""Programs that fetch a package and run it, with the words that belong to them."""
_VERBS: Final = {
    "npm": ("exec", "x"), "pnpm": ("dlx",), "yarn": ("dlx",), "bun": ("x",), "pipx": ("run",), "uv": ("tool",),
    "docker": ("run",), "podman": ("run",),
}  # fmt: skip
_TAKES: Final = frozenset(
    "-p --package -c --call --from --with --python -e --env -v --volume --name --network -u --user -w --workdir "
    "--mount --entrypoint --index-url --index --env-file --platform --pull --registry --add-host --port "
    "--publish".split()
)
"""Options that the next word belongs to."""
_NODE_VERSION: Final = r"^(@[^@/]+/)?[^@]+@[v=]?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$"
_PYTHON_VERSION: Final = r"(==|@)[0-9]+(\.[0-9]+)+\S*$"
_COMMIT: Final = r"[@#][0-9a-f]{7,40}(#.*)?$|@sha256:[0-9a-f]{64}$"
_OWN: Final = r"^(\.{0,2}/|\$|~|[A-Za-z]:\\|file:)|\$\{"
_CLEAR: Final = r"(?i)^(http|ws)://"
_HERE: Final = r"localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal|[\w-]+\.local(host)?"
_LOCAL: Final = rf"(?i)^(http|ws)://({_HERE})([:/?#]|$)"
_HOLE: Final = regex(r"\$\{(?:user_config\.)?([A-Za-z_][\w.]*)(?::-[^}]*)?\}")
_FIXED: Final = frozenset(
    {"CLAUDE_PLUGIN_ROOT", "CLAUDE_PLUGIN_DATA", "__dirname", "HOME", "DESKTOP", "DOCUMENTS", "DOWNLOADS"}
)
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "cmd", "cmd.exe", "powershell", "pwsh"})


@subject_check("SEC273")
def server_unpinned(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every server that is fetched when it starts."""
    for server in servers_of(inquiry):
        package, at = _package([*_values(server.value)])
        if package is not None and at is not None:
            yield Match(
                at,
                f"The server is fetched anew and in whatever version is newest: '{short(package)}' names none.",
                fix=f"Name the version that was read, for example '{_pinned(package)}'.",
            )


@subject_check("SEC273")
def hook_unpinned(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every hook whose program is fetched when it runs; `npx` alone takes what the project has installed."""
    for hook in hooks_of(inquiry):
        if hook.type != "command" or hook.command is None:
            continue
        for part in _PARTS.split(hook.line):
            words = part.split()
            fetched = words[:1] != ["npx"] or not {"-y", "--yes"}.isdisjoint(words) or "@latest" in part
            package, at = _package([(word, hook.command) for word in words]) if fetched else (None, None)
            if package is not None and at is not None:
                yield Match(
                    at,
                    f"What the hook runs is fetched in whatever version is newest: '{short(package)}' names none.",
                    fix=f"Name the version that was read, for example '{_pinned(package)}'.",
                )


def _values(server: Value) -> Iterator[tuple[str, Value]]:
    """Yield the words of a server's command line, each with its place."""
    command, arguments = server.get("command"), server.get("args")
    if command is not None:
        for word in command.text.split():
            yield word, command
    for argument in arguments.items() if arguments is not None else ():
        yield argument.text, argument


def _package(words: list[tuple[str, Value]]) -> tuple[str | None, Value | None]:
    """Return the package that a command line fetches without saying which version, with its place."""
    if not words:
        return None, None
    runner = words[0][0].replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".cmd").removesuffix(".exe")
    if runner not in _RUNNERS or (runner in _VERBS and (len(words) < 2 or words[1][0] not in _VERBS[runner])):
        return None, None
    rest, named = words[_RUNNERS[runner] :], None
    number, container = 0, runner in ("docker", "podman")
    while number < len(rest):
        word, at = rest[number]
        if word in ("-p", "--package", "--from") and number + 1 < len(rest) and not container:
            named = rest[number + 1]
        elif word.startswith(("--package=", "--from=")):
            named = (word.partition("=")[2], at)
        elif not word.startswith("-"):
            named = named or (word, at)
            break
        number += 2 if word in _TAKES else 1
    if named is None or not named[0] or found(_OWN, named[0]) or _is_pinned(runner, named[0]):
        return None, None
    return named


def _is_pinned(runner: str, package: str) -> bool:
    if found(_COMMIT, package):
        return True
    if runner in ("docker", "podman"):
        tag = package.rsplit("/", 1)[-1].partition(":")[2]
        return bool(tag) and tag not in ("latest", "main", "edge", "nightly", "dev", "stable")
    return found(_PYTHON_VERSION if runner in ("uvx", "uv", "pipx") else _NODE_VERSION, package)


def _pinned(package: str) -> str:
    """Return a package with a version, as an example."""
    bare = re.sub(r"(?<=.)@(?:latest|next|[\^~]?[\d.x*]+)$", "", package)
    return f"{short(bare)}@1.2.3"


@subject_check("SEC274")
def server_cleartext(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the address of every server and every hook that is called over the network."""
    urls = [server.value.get("url") for server in servers_of(inquiry)]
    urls += [hook.entry.get("url") for hook in hooks_of(inquiry) if hook.type == "http"]
    for url in urls:
        if url is not None and found(_CLEAR, url.text) and not found(_LOCAL, url.text):
            yield Match(
                url,
                f"'{short(url.text)}' is no encrypted address: whoever is on the way reads and changes what is said.",
                fix=f"Write '{short(re.sub('^http', 'https', re.sub('^ws', 'wss', url.text)))}'.",
            )


@subject_check("SEC280")
def server_through_shell(inquiry: Inquiry) -> Iterator[Match]:
    """Find servers whose shell reads values that people fill in."""
    for server in servers_of(inquiry):
        words = server.words
        shell = words[0].replace("\\", "/").rsplit("/", 1)[-1].lower() if words else ""
        if shell not in _SHELLS:
            continue
        for argument in server.arguments:
            holes = [hit[1] for hit in _HOLE.finditer(argument.text) if hit[1] not in _FIXED]
            if holes and not argument.text.startswith("-"):
                yield Match(
                    argument,
                    f"'{shell}' reads this text with '{short(holes[0])}' put into it: a ';' in it runs commands.",
                    fix="Start the program itself, and give the value as an argument of its own or in 'env'.",
                )
