"""The words of the lifecycle: hooks, states, dependencies, releases."""

from __future__ import annotations

from typing import Final

from reviewer.code.contexts import STARTERS, STOPPERS, flat
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words

STRONG_STARTS: Final = frozenset(
    {"activate", "onactivate", "onload", "onenable", "onstart", "oninit", "onregister", "oninstall", "onready"}
)
"""Names of waking hooks that are hardly anything else."""

STARTS: Final = (
    STARTERS
    | STRONG_STARTS
    | frozenset("open up powerup spinup switchon turnon bringup ignite onenter onattach".split())
)

STRONG_STOPS: Final = frozenset(
    {"deactivate", "ondeactivate", "onunload", "ondisable", "onstop", "ondestroy", "onunregister"}
)
"""Names of ending hooks that are hardly anything else."""

STOPS: Final = (
    STOPPERS
    | STRONG_STOPS
    | frozenset(
        "down rest powerdown spindown switchoff turnoff bringdown extinguish leave onexit onleave ondetach".split()
    )
)

BEGINNINGS: Final = frozenset(
    "activate enable start load onload setup init initialize mount wake boot register install".split()
)
"""Words of which a module that begins a plugin has at least one."""

STATES: Final = ("state", "snapshot", "memento", "checkpoint")
"""What hosts call that which a plugin hands over to its successor."""

SAVES: Final = frozenset(
    (
        *(
            f"{verb}{what}"
            for verb in "get save export dump serialize serialise capture take collect suspend".split()
            for what in STATES
        ),
        *"snapshot dehydrate freeze handover".split(),
    )
)
RESTORES: Final = frozenset(
    (
        *(
            f"{verb}{what}"
            for verb in "restore load set import apply deserialize deserialise resume adopt".split()
            for what in STATES
        ),
        *"restore hydrate rehydrate thaw restoredata takeover".split(),
    )
)

PLUGIN_WORDS: Final = frozenset(
    (
        "plugin plugins plug extension extensions ext exts addin addins addon addons module modules mod mods app apps "
        "widget widgets skill skills bot bots integration integrations connector connectors provider providers pack "
        "packs theme themes effect effects component components instance instances adapter adapters driver drivers "
        "applet applets script scripts feature features tool tools filter filters service services agent agents macro "
        "macros gadget gadgets overlay overlays unit units guest guests tenant impl exports entry hooks aid aids "
        "block blocks brick bricks part parts recipe recipes kit kits candidate fresh old new next previous current "
        "target child dependent loaded"
    ).split()
)
"""What hosts call the things that they load; and the names of variables that hold one."""

PLAIN_PLUGIN_WORDS: Final = frozenset(
    (
        "plugin plugins plug extension extensions ext exts addin addins addon addons module modules mod mods "
        "skill skills bot bots integration integrations connector connectors applet applets gadget gadgets tenant "
        "guest feature features effect effects instance instances"
    ).split()
)
"""Those that mean a plugin whatever stands beside them."""
WEAK_HOOKS: Final = frozenset(
    "dispose destroy close open end finish terminate detach attach cleanup register unregister unmount mount".split()
)
"""Names of hooks that every other object has, too."""

INSTANCE_WORDS: Final = PLUGIN_WORDS - frozenset({"app", "apps", "service", "services", "provider", "providers"})

DEPENDENCY_WORDS: Final = DEPENDENCIES | frozenset(
    "depend dependent dependents dependant dependants require required needed prerequisite prereqs "
    "upstream downstream builds relies extends uses wants after consumers imports".split()
)
FIRM_DEPENDENCY_WORDS: Final = DEPENDENCY_WORDS - frozenset(
    "require extends uses wants after imports consumers builds required needed depend".split()
)
"""Those that say a dependency wherever they stand."""

ACTIVE_WORDS: Final = frozenset(
    (
        "active activated running enabled started loaded ready live on up online awake alive ok mounted healthy "
        "installed"
    ).split()
)
PENDING_WORDS: Final = frozenset(
    (
        "starting activating loading pending booting enabling initializing initialising waking stopping deactivating "
        "unloading disabling updating reloading"
    ).split()
)
"""What is said of a plugin while one of its hooks runs."""
FAILED_WORDS: Final = frozenset(
    (
        "failed fail failure failures error errors errored broken crashed quarantined quarantine faulted fault faults "
        "dead disabled inactive stopped off degraded unhealthy rejected skipped bad problems problem"
    ).split()
)

RELEASE_WORDS: Final = frozenset(
    (
        "dispose release remove delete unregister clear unsubscribe revoke detach discard cleanup clean teardown "
        "rollback undo forget evict drop purge withdraw retract unload close deregister off destroy free unlink pop "
        "sweep unbind disconnect disposeall abort cancel stop shutdown uninstall deactivate disable kill terminate"
    ).split()
)

NOT_PLUGINS: Final = frozenset(
    (
        "measurement hash hasher digest stopwatch profiler tracer gauge "
        "server timer thread socket stream watcher process proc job task animation spinner clock interval queue "
        "pool database db connection conn cursor file logger log observer span session controller transaction "
        "scheduler match spy bus store storage cache console lock progress oscillator audio recorder registry "
        "manager loader deps options opts props callbacks params args listener request response client "
        "subscription window dialog modal element reader writer tracker monitor compiler parser emitter broker "
        "page tab browser ticker router json yaml toml pickle config settings dotenv marker "
        "stopwatch profiler trace measure key user account token license licence subscription membership"
    ).split()
)
"""What has a beginning and an end and is no plugin, by its name."""

DEADLINE_WORDS: Final = frozenset(
    (
        "timeout timeouts deadline limit limited within bounded race timed timebox timeboxed expire expires budget "
        "patience capped seconds millis ms bound guarded"
    ).split()
)


def starts(name: str) -> bool:
    """Tell whether a hook of this name may wake a plugin."""
    return flat(name) in STARTS


def stops(name: str) -> bool:
    """Tell whether a hook of this name may put a plugin to rest."""
    return flat(name) in STOPS


def saves(name: str) -> bool:
    """Tell whether a hook of this name gives the state of a plugin."""
    return flat(name) in SAVES


def restores(name: str) -> bool:
    """Tell whether a hook of this name takes a state back."""
    return flat(name) in RESTORES


def has_word(name: str, vocabulary: frozenset[str]) -> bool:
    """Tell whether one of the words of an identifier is in a vocabulary."""
    return not vocabulary.isdisjoint(words(name))
