"""The words by which code of a plugin system gives itself away, whatever it calls its plugins."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLUGIN_NOUNS: Final = _words(
    """
    plugin plugins extension extensions addon addons addin addins skill skills ext exts widget widgets
    applet applets integration integrations connector connectors
    """
)
"""What plugins are mostly called."""

GUEST_NOUNS: Final = PLUGIN_NOUNS | _words(
    """
    module modules effect effects overlay overlays adapter adapters bot bots app apps component feature
    features pack packs package packages agent agents driver drivers processor strategy filter filters tool
    tools recipe recipes guest guests mod mods theme themes macro macros node nodes brush brushes unit units
    part parts instance instances entry entries dependency dependencies manifest manifests
    """
)
"""What plugins can be called beside a verb of a host: ``load_effect``, ``startApp``."""

_STRONG: Final = _words(
    """
    registry loader host sandbox marketplace supervisor dispatcher bus acl entitlement entitlements
    lifecycle installer activator broker permissions grants
    """
)
_PLAIN: Final = _words(
    """
    manager policy policies permission grant capability capabilities consent consents gate guard hub
    orchestrator container catalog catalogue discovery middleware vault quota quotas tenant tenancy resolver
    finder starter launcher kernel gateway chain limits denied refused authority authorizer enforcer isolate
    registrar provisioner jail trust
    """
)
_WEAK: Final = _words(
    """
    context manifest descriptor store repository record slot handler handlers audit pipeline hooks events
    commands channel router scheduler engine runner runtime pool watcher scope scopes signature verifier
    validator updater migrator shelf
    """
)
TYPE_WORDS: Final = {**dict.fromkeys(_WEAK, 1), **dict.fromkeys(_PLAIN, 2), **dict.fromkeys(_STRONG, 3)}
"""Parts of names of types, with how much each says."""

PLURALS: Final = _words("plugins extensions addons addins skills widgets mods modules integrations connectors drivers")
"""A type that is called just so keeps them."""
DONE_TO_PLUGINS: Final = _words(
    """
    install uninstall activate deactivate enable disable boot halt instantiate unregister quarantine evict admit unload
    load_plugin loadPlugin reload upgrade
    """
)
"""What is done to a plugin whose id, or which itself, is the first parameter."""
HOST_VERBS: Final = _words(
    """
    load unload activate deactivate enable disable install uninstall register unregister discover scan
    resolve start stop boot instantiate mount unmount validate verify reload upgrade invoke import launch
    spawn isolate quarantine evict admit
    """
)
MAKING_VERBS: Final = _words(
    """
    make create build new context contexts api port facade scope
    """
)
HANDED: Final = _words(
    """
    context ctx api facade port services surface
    """
)
"""What a host makes for each plugin."""
RIGHTS: Final = _words(
    """
    permission permissions permit permits permitted allow allows allowed may grant grants granted authorize
    authorise authorized deny denied denies entitled entitlement acl consent capability capabilities rights
    scopes policy forbid forbidden privilege trusted
    """
)
SENDING: Final = _words(
    """
    publish emit dispatch broadcast post notify fire trigger fanout deliver route
    """
)
RECEIVING: Final = _words(
    """
    subscribe on listen listener observe handle define attach register
    """
)
ORDERING: Final = _words(
    """
    topological toposort topo dependents prerequisites
    """
)
VERSIONS: Final = _words(
    """
    satisfies compatible semver compare fits newer older
    """
)
AFTERLIFE: Final = _words(
    """
    quarantine rollback reload snapshot migrate swap uninstall revoke
    """
)

DISTRIBUTION: Final = _words(
    """
    unpack untar unzip download sweep lease publish withdraw yank unlist rollback promote pin install
    """
)
"""What is done to versions that are brought, kept and given out."""

LIFE_PAIRS: Final = (
    ("activate", "deactivate"),
    ("start", "stop"),
    ("enable", "disable"),
    ("boot", "halt"),
    ("wake", "sleep"),
    ("load", "unload"),
    ("mount", "unmount"),
    ("setup", "teardown"),
    ("set_up", "tear_down"),
    ("init", "dispose"),
    ("init", "destroy"),
    ("initialize", "shutdown"),
    ("initialise", "shutdown"),
    ("init", "shutdown"),
    ("onload", "onunload"),
    ("on_load", "on_unload"),
    ("onLoad", "onUnload"),
    ("install", "uninstall"),
    ("begin", "finish"),
    ("begin", "end"),
    ("enter", "leave"),
    ("run", "stop"),
)
LOADED: Final = PLUGIN_NOUNS | _words("module modules instance instances effect guest mod bot component feature")
"""What holds something that others wrote, with a beginning and an end whatever these are called."""
LIFE_CALLS: Final = _words(
    """
    activate deactivate boot halt teardown onload onunload on_load on_unload
    """
)
"""Calls of a life cycle that hardly anything but a plugin has."""
OWN_RECEIVERS: Final = _words(
    """
    this self super cls context ctx api host asyncio time console process server timer clock service thread
    worker observer audio video player animation spinner client socket connection conn watcher recorder
    stopwatch stream task controller fs path os log logger db database session engine loop pool scheduler
    interval app file pump queue lock span progress cursor transaction browser page driver _timer
    """
)
"""Things with a beginning and an end that are no plugins."""
GIVEN: Final = _words(
    """
    context ctx api host app sdk editor workspace services hass bot server registry fastify vim nvim builder
    compiler c env program studio system core platform RED robot hexo md kibana eleventyConfig homebridge vue
    """
)
"""What a plugin is handed when it is activated; a host's own ``activate`` takes an id or a plugin."""

SERVICES: Final = _words("storage eventBus event_bus subscriptions messaging")
"""What plugins use of the context that they are handed."""
KEPT: Final = _words(
    """
    handlers listeners subscribers subscriptions middleware middlewares hooks callbacks plugins extensions instances
    running loaded slots registered providers observers interceptors addons addins skills opened enabled grants
    contexts guests sheets modules
    """
)
"""What a host keeps of others."""
IDENTITIES: Final = _words("id name key record manifest descriptor slug version")
RIGHT_STEMS: Final = ("permission", "grant", "capabilit", "entitle", "consent", "privilege", "acl")
REFUSALS: Final = _words(
    """
    PermissionError Forbidden ForbiddenError AccessDenied AccessRefused NotAllowed NotAllowedError PermissionDenied
    PermissionDeniedError Unauthorized AccessDeniedError
    """
)
SOFT_WORDS: Final = (
    (_words("manifest manifests descriptor descriptors"), 3, "handles manifests"),
    (_words("sha256 sha512 integrity signature publicKey public_key digest"), 2, "checks digests"),
    (_words("handler listener subscriber middleware interceptor callback"), 3, "calls handlers"),
    (_words("tenant tenantId tenant_id tenants"), 3, "keeps tenants apart"),
)
"""Words, how often one of them must stand there, and what it says."""
TOOL_NAMES: Final = _words("definePlugin defineExtension defineAddon defineNuxtModule hookimpl visitor registerPlugin")
"""Names that plugins of well-known tools use to declare themselves."""
