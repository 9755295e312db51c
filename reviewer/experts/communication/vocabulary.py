"""The words of communication: handlers, events, commands, middleware, callers, queues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Member, Name, Node
from reviewer.code.text import ideas
from reviewer.code.text.ideas import REGISTERING, SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

HANDLERS: Final = frozenset(
    "handler handlers listener listeners subscriber subscribers subscription subscriptions sub subs callback "
    "callbacks observer observers hook hooks watcher watchers consumer consumers receiver receivers sink "
    "sinks reaction reactions tap taps cb cbs fns funcs slot slots interceptor interceptors middleware "
    "middlewares filter filters ear ears".split()
)
"""Names of what is called when something happens."""
EVENTS: Final = frozenset(
    "event events topic topics channel channels message messages signal signals notification notifications bus broker "
    "emitter pubsub dispatcher hub exchange feed post posts packet packets envelope envelopes mail".split()
)
"""Names of what is sent to many, and of what sends it."""
NAMED_BY: Final = ("type", "topic", "event", "name", "channel")
"""Members of an event that say which it is, the one that counts first."""
EMITS: Final = SEND_WORDS | frozenset(
    "notify send post deliver pump raise signal drain run flush forward fanout propagate push invoke call tell relay "
    "route process handle fan".split()
)
"""First words of a function that hands something to its handlers."""
PUBLISHES: Final = SEND_WORDS | frozenset(
    "notify send post raise signal push tell forward say speak shout transmit hail whisper".split()
)
"""First words of a function by which somebody sends an event."""
TRIGGERS: Final = HANDLERS | EVENTS | PUBLISHES | {"fn", "run", "execute", "job", "jobs", "task", "tasks"}
"""Words without which a file hands nothing to handlers."""
COMMANDS: Final = frozenset(
    "command commands cmd cmds action actions verb verbs operation operations op ops rpc rpcs tool tools "
    "intent intents procedure procedures route routes endpoint endpoints method methods service services "
    "request requests call calls capability capabilities query queries task tasks".split()
)
"""Names of what is asked for by name and answers."""
EXECUTES: Final = frozenset(
    "execute exec invoke call ask run dispatch request perform handle query command send do trigger apply process "
    "rpc route fulfil fulfill".split()
)
"""First words of a function that runs a command."""
ASKED_BY: Final = frozenset(
    "caller requester requestor principal issuer asker actor kwargs args values arguments payload".split()
)
"""Words of a function that is told who asks, or hands on whatever it is given."""
REGISTERS: Final = REGISTERING | frozenset("command on set use route export publish".split())
"""First words of a function that takes a handler in."""
CALLERS: Final = frozenset(
    "caller requester requestor sender principal actor origin source from issuer invoker by who asker owner "
    "publisher emitter author client user session identity".split()
)
"""Names of a parameter that says who acts."""
PLUGINS: Final = frozenset(
    "plugin plugins extension extensions addin addins addon addons module app widget skill bot integration connector "
    "provider pack mod theme effect overlay gadget applet tenant package component agent".split()
)
"""What hosts call the things that they load."""
PERMISSION: Final = ideas.GRANTS | frozenset(
    "permission permissions perm perms granted acl acls policy policies entitled authorization "
    "authorisation authorize authorise authorized authorised authorizer authz permitted allowed allowlist "
    "whitelist rights right scope scopes role roles rbac guard may can access capability capabilities "
    "allow allows forbidden denied deny refuse refused require gate gatekeeper enforce trusted".split()
)
"""Words by which code asks whether somebody may."""
GRANTS: Final = PERMISSION - frozenset({"can", "gate", "scope", "scopes", "role", "right", "require", "capability"})
"""Those that seldom mean anything else."""
DEADLINES: Final = frozenset(
    "timeout timeouts deadline deadlines race wait_for abort aborted cancel limit limited limits budget "
    "patience within ttl expire expires expiry seconds ms millis timed timer fail_after move_on_after "
    "settimeout".split()
)
"""Words of code that waits only so long."""
DEPTH: Final = frozenset(
    "depth nesting nested level levels hops hop stack chain trail visited visiting active inflight running depths "
    "recursion recursive reentrant reentrancy reentry cycle cycles cyclic asynclocalstorage contextvar contextvars "
    "contextvar path ancestors lineage executing busy breadcrumbs calldepth maxdepth ttl".split()
)
"""Words of code that counts or remembers how deep calls are."""
QUEUES: Final = frozenset(
    "queue queues backlog pending buffer buffers buffered inbox outbox mailbox mailboxes history histories "
    "recent replay deadletter deadletters letters spool waiting undelivered queued log journal archive trail "
    "stored past retained delayed deferred".split()
)
"""Names of what keeps messages for later."""
CLEANUPS: Final = frozenset(
    "dispose disposer disposers disposable disposables cleanup cleanups teardown teardowns undo undos "
    "unsubscribe unsubscribes unsubscribers unsub unsubs owned release releases finalizer finalizers shutdown "
    "deferred offs unlisten destructors stoppers closers detach removers dispose cancel cancels subscriptions".split()
)
"""Names of what is run at the end of something; the lifecycle expert looks at those."""


def spoken(start: Node | Iterable[Node]) -> set[str]:
    """Return the words of every name, member, key and short text below a node."""
    found: set[str] = set()
    for node in walk(start):
        if isinstance(node, Name):
            found.update(words(node.id))
            found.add(node.id.lower())
        elif isinstance(node, Member):
            found.update(words(node.name))
            found.add(node.name.lower())
    return found


def first_word(name: str) -> str:
    """Return the first word of an identifier, or an empty string."""
    split = words(name)
    return split[0] if split else ""


NOT_WHO: Final = frozenset(
    "title label topic subject channel room text message caption heading display prefix key path file to target "
    "recipient dest destination for kind type event alias nickname format scope namespace queue table".split()
)
"""Words of what a sender says with good reason, and which may well be its own name where it says nothing."""
