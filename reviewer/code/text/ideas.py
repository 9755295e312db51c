"""The words of the ideas that plugin systems share: one list for each idea, asked by every check that needs it.

A check may add words that say the idea only where it looks, or leave out those that mean something else there. A word
here says its idea in real systems; one that means much else beside is in no list that counts as evidence alone.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _singular_and_plural(text: str) -> frozenset[str]:
    """Return words and their plurals."""
    plain = text.split()
    return frozenset((*plain, *(f"{word[:-1]}ies" if word.endswith("y") else f"{word}s" for word in plain)))


GUESTS: Final = _singular_and_plural(
    "plugin plug extension ext addin addon connector integration applet gadget widget skill bot mod module theme "
    "effect overlay pack package app component feature macro recipe adapter driver provider"
)
"""What hosts call the things that they load."""

PLAIN_GUEST: Final = _words("plugin extension addin addon connector applet")
"""What one of them is called where the word seldom means anything else."""

PLAIN_GUESTS: Final = PLAIN_GUEST | _words("plugins extensions addins addons connectors applets")
"""The same, of one or of several."""

FACES: Final = _words(
    "context ctx api facade surface services toolkit toolbox kit sdk env environment bench desk capabilities handle "
    "port"
)
"""What hosts call what they make for a plugin and hand to it."""

LISTENS: Final = _words(
    "on subscribe listen observe follow hear addListener addEventListener addSubscriber addObserver addHandler onAny "
    "prependListener psubscribe subscribeTo listenTo on_event add_listener add_event_listener add_subscriber "
    "add_observer add_handler subscribe_to listen_to"
)
"""Functions by which somebody listens to what others tell, for more than once."""

LISTEN_WORDS: Final = _words(
    "on subscribe psubscribe listen listener observe observer follow hear subscriber handler any"
)
"""Words of which a name in `LISTENS` has one."""

SENDS: Final = _words("emit publish dispatch fire trigger broadcast announce emit_event publish_event")
"""Functions that tell all who listen, whatever they are called on."""

SEND_WORDS: Final = _words("emit publish dispatch fire trigger broadcast announce")
"""Words of which a name in `SENDS` has one."""

REGISTERING: Final = _words(
    "register add attach bind contribute declare define enrol enroll expose handle implement install mount offer "
    "provide serve"
)
"""First words of a function that takes something in under a name; ``set``, ``use`` and ``on`` do much else."""

SINGLE_MANIFESTS: Final = _words("manifest descriptor declaration definition metadata meta pluginfile pluginmanifest")
"""What code calls what one plugin says of itself."""

MANIFESTS: Final = SINGLE_MANIFESTS | _words("manifests descriptors declarations definitions")
"""The same, of one plugin or of several."""

FIRM_MANIFESTS: Final = _words("manifest manifests descriptor descriptors pluginfile pluginmanifest")
"""Those that seldom mean anything else."""

GRANTS: Final = _singular_and_plural("grant entitlement consent privilege approval allowance permit")
"""What somebody was given to be allowed something."""

GIVEN: Final = _words("grants entitlements consents privileges approvals allowances permits")
"""What holds that which somebody was given."""

HELD: Final = GIVEN | _words("permissions perms capabilities scopes rights abilities")
"""What holds the rights of somebody, of which code asks whether one is among them."""

RIGHTS: Final = GRANTS | _singular_and_plural("permission perm right capability scope ability")
"""What somebody may do, given or only asked for; the last of them mean much else where nothing is asked of anybody."""

HOLDERS: Final = _words("owner holder")
"""Whose something is, said of anything."""

OWNERS: Final = HOLDERS | _words("author creator developer maintainer publisher uploader vendor")
"""Whose something is that was published."""

HANDLER: Final = _words(
    "handler callback cb listener observer subscriber hook receiver consumer reaction tap interceptor"
)
"""What is called when something happens."""

DEMANDS: Final = _words("require requires required need needs needed demand demands guard guarded")
"""How code says that it goes on only for those who may."""

INSTALLS: Final = _words("install deploy sideload provision")
"""First words of a function that brings a package in."""

HOST_NAMES: Final = _words("host app application core kernel shell hub platform runtime system server engine")
"""What the program that runs plugins calls itself."""

DEPENDENCIES: Final = _words(
    "dependencies dependency depends dependson dep deps requires requirement requirements need needs prerequisites"
)
"""What code calls other plugins that a plugin needs."""

TAKES_OUT: Final = _words(
    "uninstall unload remove unregister deregister disable deactivate detach unmount evict eject drop"
)
"""First words of a function that takes a plugin out."""
