"""SEC068: use is reported unasked; SEC069: the clipboard is read unasked; SEC077: others' keys are read."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Template,
    While,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.leading import leading_text
from reviewer.experts.paths import path_words, said_in, word_set
from reviewer.experts.security.reaching.file_calls import file_calls
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.security.reaching.sinks import shown, sinks
from reviewer.experts.security.values.source_words import PROMISED, SETTINGS
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SERVICES: Final = (
    r"^(posthog-js|posthog-node|posthog|mixpanel|mixpanel-browser|@?amplitude(/.*|-js)?|@segment/.*|analytics-node|"
    r"@vercel/analytics|universal-analytics|react-ga4?|ga-4-react|@datadog/browser-rum|@fullstory/.*|hotjar|logrocket|"
    r"@vscode/extension-telemetry|vscode-extension-telemetry|applicationinsights|segment|analytics|countly.*|"
    r"matomo.*|plausible-tracker)$"
)
_ADDRESS: Final = r"(?i)telemetry|analytics|\bmetrics?\.|/collect\b|beacon|usage-?stats|mixpanel|posthog|amplitude"
_TRACKS: Final = r"(?i)[^/]/track(ing)?\b"
"""An address at which parcels are followed as well, by those who only ask."""
_SENDS: Final = frozenset({"body", "data", "json", "method", "content", "params"})
_TELEMETRY: Final = word_set("telemetry analytics tracking usage tracker stats beacon")
_CONSENT: Final = word_set(
    "consent consents consented optin optout opted opt enabled disabled allowed allow permission permissions "
    "dnt donottrack gdpr privacy anonymous"
)
_ASKS: Final = word_set("consent consents consented optin optout dnt donottrack gdpr privacy")
"""A module with one of these words has thought of it."""
_SHARES: Final = _TELEMETRY | word_set("share sharing report reports reporting send collect statistics metrics")
"""Words of a setting by which somebody agrees to reports of use."""
_REPORTS: Final = frozenset("track capture identify page screen sendTelemetryEvent log_event".split())
_STARTS: Final = frozenset("init start activate track capture identify page screen sendTelemetryEvent".split())
_CLIPBOARD: Final = frozenset(
    "navigator.clipboard.readText navigator.clipboard.read context.clipboard.read context.clipboard.readText "
    "context.clipboard.read_text context.clipboard.get pyperclip.paste clipboardy.read clipboardy.readSync "
    "electron.clipboard.readText vscode.env.clipboard.readText context.clipboard.paste".split()
)
_WAITS: Final = frozenset({"wait", "sleep", "delay", "timeout"})
_REPEATS: Final = frozenset("setInterval setTimeout Timer call_later every schedule add_job".split())
_KEYS: Final = (
    r"(^|[/~])\.ssh(/|$)|\.aws/credentials|\.config/gcloud|\.kube/config|\.docker/config\.json|\.gnupg(/|$)|"
    r"(^|/)id_(rsa|ed25519|ecdsa)\b|/etc/shadow\b|Login Data$|Local State$|cookies\.sqlite|logins\.json|"
    r"wallet\.dat|\.netrc$|\.git-credentials$|keychain-db|\.npmrc$|\.pypirc$|\.electrum|Exodus/"
)

_PARSERS: Final = frozenset({"configparser.ConfigParser()", "configparser.RawConfigParser()"})
"""Objects whose ``read`` takes the path of a file."""
_NO_KEYS: Final = r"(^|[/~])\.ssh/+(config|known_hosts)(\.old|\.d(/.*)?)?/*$"
"""What stands beside keys and holds none: which hosts there are."""

_KEY_WORDS: Final = word_set(
    "ssh aws passwd shadow gnupg kube docker cookies login logins wallet netrc keychain npmrc credentials rsa "
    "ed25519 gcloud pypirc exodus state"
)


@module_check("SEC068", words=NETWORK_WORDS | _TELEMETRY | {"posthog", "mixpanel", "amplitude", "segment", "insights"})
def telemetry_without_consent(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for reports of use in a plugin that asks nobody."""
    if module.is_test or inquiry.subject.kind != "plugin" or is_tooling(module) or module.words & _ASKS:
        return
    for call, address in fetches(module):
        function = function_of(call)
        said = _told_by(module, function) if function is not None else set()
        told = bool(said & _TELEMETRY) and not (function is not None and _only_asks(function, call))
        if (_is_for_reports(module, call, address) or told) and not _guarded(module, call):
            yield Match(
                call, f"What users do is reported to '{shown(module, address, 40)}', and nothing asks them first."
            )
            return
    services = {name.local for name in module.imports if pattern_found(_SERVICES, name.source)}
    clients = set(_made_of(module, services)) if services else set()
    for node in module.calls(_STARTS | services) if services else ():
        root = node.receiver if node.receiver is not None else node.callee
        known = isinstance(root, Name) and (root.id in services or (node.name in _REPORTS and root.id in clients))
        if not known or (clients and node.name in services) or _guarded(module, node):
            continue  # the client alone reports nothing
        yield Match(node, f"'{shown(module, node, 40)}' reports what users do, and nothing asks them first.")
        return


def _only_asks(function: Function, call: Call) -> bool:
    """Tell whether something is brought, and nothing sent along: ``getStats()`` with ``axios(address)``."""
    return words(function.name)[:1] in (("get",), ("load",), ("fetch",)) and len(call.args) == 1 and not call.keywords


def _is_for_reports(module: Module, call: Call, address: Expr) -> bool:
    """Tell whether an address is by its text one that reports go to; one for parcels as well, if something is sent."""
    text = leading_text(module, address)
    if pattern_found(_ADDRESS, text) or not pattern_found(_TRACKS, text):
        return pattern_found(_ADDRESS, text)
    said = {*call.keywords, *(member for given in call.args[1:] for member in _keys(module, given))}
    return (
        call.name not in ("get", "fetch", "request", "urlopen") or bool(said & _SENDS) or "?" in module.text_of(address)
    )


def _keys(module: Module, given: Expr) -> Iterator[str]:
    """Yield the names of the options that a call is given."""
    made = module.scopes.origin(given)
    for key, _value in made.entries if isinstance(made, Object) else ():
        if isinstance(key, Literal):
            yield str(key.value)


def _made_of(module: Module, services: set[str]) -> Iterator[str]:
    """Yield the variables that hold a client of such a service, where something is reported with it."""
    for made in module.all(Assign):
        value = made.value
        if isinstance(value, Call) and isinstance(value.callee, Name) and value.callee.id in services:
            name = getattr(made.target, "id", "")
            if name and any(
                isinstance(call.receiver, Name) and call.receiver.id == name for call in module.calls(_REPORTS)
            ):
                yield name


def _told_by(module: Module, function: Function) -> set[str]:
    """Return the words of a function, and of those that call it or hand it to a thread."""
    found = set(words(function.name))
    if function.name in module.once("security.tracked", lambda: _tracked(module)):
        found.add("tracking")
    return found


def _tracked(module: Module) -> set[str]:
    """Return the names that the functions named for tracking use: ``def track(event): Thread(target=_send)``."""
    return {
        name for function in module.functions if "track" in words(function.name) for name in names_in(function.body)
    }


def _asked_by_setting(call: Call) -> bool:
    """Tell whether a setting about reports of use stands before a call: ``if (!settings.shareUsage) return``."""
    for condition in conditions(call):
        said = path_words(condition.test) | said_in(condition.test)
        if said & SETTINGS and said & _SHARES:
            return True
    return False


def _guarded(module: Module, call: Call) -> bool:
    """Tell whether a condition or a word around a call speaks of consent."""
    if _asked_by_setting(call):
        return True
    function = function_of(call)
    text = module.text_of(function) if function is not None else module.text_of(call)
    said: set[str] = set()
    for token in text.replace("(", " ").replace(".", " ").split():
        said.update(words(token[:60]))
    return bool(said & _CONSENT)


@module_check("SEC069", words={"clipboard", "pyperclip", "clipboardy"})
def clipboard_read(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for reads of the clipboard that no user asked for: at the start, or again and again."""
    if module.is_test:
        return
    for sink in sinks(module, _CLIPBOARD):
        why = _unasked(module, sink.call)
        if why:
            yield Match(sink.call, f"The clipboard is read {why}: passwords pass through it.")


def _unasked(module: Module, call: Call) -> str:
    if _in_endless_loop(call):
        return "again and again"
    for around in ancestors(call):
        if isinstance(around, Call) and around.name in _REPEATS:
            return "again and again"
        if isinstance(around, Function):
            if is_starter(around.name):
                return "as soon as the plugin starts"
            if around.name and _repeated(module, around):
                return "again and again"
            if around.name and _run_by_starter(module, around):
                return "as soon as the plugin starts"
            if around.kind != "arrow" or _is_answer(around):
                return ""
    return ""


def _in_endless_loop(call: Call) -> bool:
    """Tell whether a call stands in a loop that waits between its rounds, or never ends."""
    loop = enclosing_loop(call)
    if not isinstance(loop, While):
        return False
    endless = isinstance(loop.test, Literal) and bool(loop.test.value)
    return endless or any(set(words(one.name)) & _WAITS for one in calls_in([loop.test, *loop.body]))


def _run_by_starter(module: Module, function: Function) -> bool:
    """Tell whether the function that starts the plugin calls another one itself, and not when something happens."""
    for call in module.calls((function.name,)):
        starter = function_of(call)
        if starter is not None and is_starter(starter.name) and definition(module, call.callee) is function:
            return True
    return False


def _is_answer(function: Function) -> bool:
    """Tell whether a function is handed over to run when something asks for it."""
    call = function.parent
    while isinstance(call, Object | Array):
        call = call.parent
    return isinstance(call, Call) and call.callee is not function and call.name not in _REPEATS | PROMISED


def _repeated(module: Module, function: Function) -> bool:
    for call in module.calls(_REPEATS):
        for argument in call.args:
            named = getattr(argument, "name", "") or getattr(argument, "id", "")
            if named == function.name:
                return True
            if isinstance(argument, Function) and any(
                isinstance(n, Call) and n.name == function.name for n in _inside(argument)
            ):
                return True
    return False


def _inside(function: Function) -> Iterator[Node]:
    return walk(function.body)


def _of_a_project(module: Module, path: Expr, named: str) -> bool:
    """Tell whether the settings of a package manager are those of a folder of the program's own, not of a person."""
    if not named.endswith(".npmrc"):
        return False
    made = module.scopes.origin(path)
    text = module.text_of(made if isinstance(made, Expr) else path)
    return not pattern_found(r"(?i)home|~|userprofile|profile", text)


@module_check("SEC077", words=_KEY_WORDS)
def keys_of_others(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for reads of files in which other programs keep keys."""
    if module.is_test or is_tooling(module):
        return
    for call, path in chain(file_calls(module), _parsed_files(module)):
        named = _constants(module, path)
        if (
            pattern_found(_KEYS, named)
            and not pattern_found(_NO_KEYS, named)
            and not _of_a_project(module, path, named)
        ):
            yield Match(
                call,
                f"'{shown(module, path, 50)}' is where another program keeps its keys.",
                confidence=Confidence.LIKELY,
            )


def _parsed_files(module: Module) -> Iterator[tuple[Call, Expr]]:
    """Yield the files that a parser of settings is told to read."""
    for call in module.calls(("read",)):
        if call.args and module.resolve(call.receiver) in _PARSERS:
            yield call, call.args[0]


def _constants(module: Module, path: Expr) -> str:
    """Return the constant stretches of a path, joined with slashes."""
    texts: list[str] = []
    for node in walk(path):
        held = isinstance(node, Name | Member) and (isinstance(node, Name) or is_this_member(node))
        origin = module.scopes.origin(node) if held and isinstance(node, Expr) else node
        if isinstance(origin, Literal) and isinstance(origin.value, str):
            texts.append(origin.value)
        elif isinstance(origin, Call | Template | Binary) and origin is not node:
            texts.extend(n.value for n in walk(origin) if isinstance(n, Literal) and isinstance(n.value, str))
    return "/".join(texts).replace("\\", "/")
