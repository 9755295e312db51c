"""Words by which code speaks of tenants, principals, versions, caches and instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.text.words import words
from reviewer.experts.paths import last_name, word_set

if TYPE_CHECKING:
    from reviewer.code.syntax import Node


TENANTS: Final = word_set(
    "tenant tenants tenancy tenantid org orgs orgid organisation organization organisations organizations workspace "
    "workspaces workspaceid account accounts accountid customer customers customerid company companies site sites "
    "siteid realm realms guild guilds team teams teamid school schools clinic clinics shop shops storeid shopid "
    "merchant merchants loom household households building buildings restaurant restaurants hotel hotels partner "
    "subscriber subscribers studioid clientid league leagues club clubs parish parishes "
    "municipality council practiceid franchise brand brands agency agencies "
    "studio studios farm farms hospital hospitals gym gyms campus campuses fleet fleets dealership dealerships nursery"
)
"""What a host calls those whose data it keeps apart."""
FIRM_TENANTS: Final = word_set(
    "tenant tenants tenancy tenantid org orgs orgid organisation organization organisations organizations workspace "
    "workspaces workspaceid customer customers customerid company companies realm realms guild guilds accountid "
    "merchant merchants clientid siteid teamid shopid"
)
"""Those that seldom mean anything else."""
PRINCIPALS: Final = word_set(
    "user userid principal principals viewer actor subject member memberid role roles persona operator login username "
    "email viewerid"
)
"""Who asks."""
VERSIONS: Final = word_set("version versions ver semver revision rev release digest etag generation major build epoch")
"""What tells one state of a plugin from the next."""
PLUGINS: Final = word_set(
    "plugin plugins pluginid plug extension extensions ext extensionid addin addins addon addons addonid module "
    "modules mod mods app apps appid widget widgets widgetid skill skills skillid bot bots botid integration "
    "integrations connector connectors provider providers pack packs theme themes effect effects component "
    "components feature features tool tools filter filters script scripts agent agents macro gadget overlay overlays "
    "pattern patterns aid aids block blocks kit recipe recipes driver drivers adapter adapters unit units capability "
    "manifest descriptor package packages"
)
"""What a host calls the things that it loads."""
INSTANCES: Final = word_set(
    "instance instances running active alive live loaded started plugins extensions addons addins apps widgets "
    "skills bots integrations connectors "
    "workers contexts sandboxes isolates handles units runtimes activated booted open opened "
    "mounted modules agents hosts processes vms slots sessions handlers pool started singletons clients services"
)
"""What a table of running plugins is called."""
STARTING: Final = word_set(
    "boot start activate create instantiate launch spawn build make open init initialize initialise setup connect "
    "mount construct wake enable bring load prepare provision new get resolve acquire materialize materialise ensure"
)
"""First words of a call that gives an instance."""
SHARED_CODE: Final = word_set(
    "module modules code manifest manifests definition definitions class classes factory factories ctor import imports "
    "bundle bundles source sources package packages template templates descriptor descriptors catalog catalogue "
    "schema schemas loader meta metadata constructor compiled script scripts blueprint blueprints type types registry "
    "registered known available installed installations catalogs"
)
"""What may well be the same for every tenant: code, and what is said about it."""
CACHES: Final = word_set(
    "cache caches cached caching memo memos memoized memoised memory memoize lru recent results result remembered "
    "computed known precomputed warm snapshots snapshot hits rendered answers store kept"
)
"""What a table of earlier results is called."""
FIRM_CACHES: Final = word_set("cache caches cached caching memo memos memoized memoised lru cacher")
"""Those that seldom mean anything else."""
UNIQUE_KEYS: Final = word_set(
    "token tokens session sessionid sid uuid guid digest hash sha sha256 checksum fingerprint connection connectionid "
    "socket requestid correlation correlationid ticket nonce jti url uri href path file filename hostname"
)
"""Keys that are unique by themselves, whoever asks."""
SERVICES: Final = word_set(
    "logger log signal abort timeout timeoutms ms deadline ttl clock now fetcher loader compute factory callback cb fn "
    "func next done client db database pool conn connection bus events emitter metrics tracer span cache store storage "
    "force refresh bypass nocache skip retries retry attempts loop executor lock semaphore http fetch self cls "
    "on onprogress progress resolver renderer make build create produce producer render handler"
)
"""Parameters that serve the work and are no part of the question."""
ARGUMENTS: Final = word_set(
    "args arguments params parameters options opts query filter filters payload input inputs locale lang language "
    "currency timezone tz format range from to since until page limit offset cursor sort order region country theme "
    "flags variables variant mode width height size unit units date day month year period start end"
)
"""Parameters that are a part of the question."""


def last_spelled(expr: Node | None) -> set[str]:
    """Return the words of the last name of an access path: ``this.recentResults`` has recent, results."""
    return set(spelled(last_name(expr)))


def spelled(name: str) -> tuple[str, ...]:
    """Return the words of a name, and the whole name in lower case where it has several: ``orgId`` has orgid."""
    parts = words(name)
    return (*parts, "".join(parts)) if len(parts) > 1 else parts


def speaks_of(name: str, vocabulary: frozenset[str]) -> bool:
    """Tell whether a word of a name, or the whole of it, is in a vocabulary."""
    return not vocabulary.isdisjoint(spelled(name))


def names_tenant(name: str) -> bool:
    """Tell whether a name is that of a tenant or of its id, and not of something that many tenants have."""
    parts = spelled(name)
    return not TENANTS.isdisjoint(parts) and _NOT_ONE.isdisjoint(parts) and not _is_of_a_tool(parts)


def bare(name: str) -> tuple[str, ...]:
    """Return the words of what a name is about, without how it is asked for and by what it is told from others.

    ``current_farm_id``, ``farmOf`` and ``resolveFarmFromRequest`` are about a ``farm``.
    """
    told = words(name)
    end = next((at for at, word in enumerate(told) if at and word in _ASKED_OF), len(told))
    told = told[:end]
    while len(told) > 1 and told[0] in _ASKING:
        told = told[1:]
    while len(told) > 1 and told[-1] in _IDS:
        told = told[:-1]
    return told


_ASKED_OF: Final = word_set("of for from by in here now or var variable")
_ASKING: Final = word_set(
    "current active acting this the my present get resolve find determine pick which read ask detect extract choose "
    "select request requested ambient ctx x"
)
_IDS: Final = word_set("id key slug code uid uuid ref")


def names_principal(name: str) -> bool:
    """Tell whether a name says who asks, or what that one may do."""
    parts = spelled(name)
    return not PRINCIPALS.isdisjoint(parts) and _NOT_ONE.isdisjoint(parts) and not _is_of_a_tool(parts)


def _is_of_a_tool(parts: tuple[str, ...]) -> bool:
    """Tell whether a name is that of a part of a tool, which has one: ``userConfig``, ``npmWorkspace``, ``siteDir``."""
    return any(whose in parts and not theirs.isdisjoint(parts) for whose, theirs in _OF_TOOLS.items())


_OF_TOOLS: Final = {
    "user": word_set("config configuration configs layout"),
    "workspace": word_set(
        "npm yarn pnpm monorepo package packages pkg pkgs manifest watcher error config hash graph dir dirs root roots"
    ),
    "site": word_set("dir file path output"),
}
"""Words beside which these mean whoever runs a tool, the folder that it works in and the site that it makes."""


_NOT_ONE: Final = word_set(
    "available enabled disabled folders service services repo repository repositories store stores manager registry "
    "client api count factory loader resolver provider agent lookup table map index directory db list cache limit "
    "max settings_service root dir folder base name_length policy checker guard validator required require check "
    "for of by per agnostic user_agent"
)
"""Words that make of a tenant's name the name of something about tenants."""
