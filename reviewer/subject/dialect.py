"""What a host calls its plugins and its tenants, where it has words of its own: deckhands, ornaments; growers, berths.

A host says so in its prose (``extensions are called deckhands``), by the contract that it declares for others
to implement, or by what it tells its functions before the plugin. Only words that its code is made of count, and none
that mean something else in most hosts.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.subject import evidence_words as vocabulary
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.subject.source_words import SourceWords

_PLUGINS: Final = r"(?:plug-?ins?|extensions?|add-?ons?|add-?ins?)"
_PLURAL: Final = _PLUGINS.replace("?)", ")").replace("s?", "s")
"""What several are called; ``keys are plugin ids`` speaks of ids."""
_GAP: Final = r"[ \t]{1,4}"
_OUR: Final = rf"(?:our|the|its){_GAP}"
_SAID: Final = (
    regex(rf"\b([a-z]{{4,20}}),?{_GAP}\(?{_OUR}(?:word|name|term){_GAP}for{_GAP}(?:our{_GAP})?{_PLUGINS}"),
    regex(rf"\b([a-z]{{4,20}}s){_GAP}\((?:{_OUR})?{_PLUGINS}\)"),
    regex(
        rf"\b{_PLUGINS},?{_GAP}(?:are{_GAP}|is{_GAP})?(?:called|named|known{_GAP}as){_GAP}(?:an?{_GAP})?([a-z]{{4,20}})"
    ),
    regex(rf"\b([a-z]{{4,20}})(?:{_GAP}of{_GAP}[a-z]{{2,20}})?{_GAP}are{_GAP}(?:{_OUR})?{_PLURAL}\b"),
)
"""Turns of phrase by which a text says what plugins are called."""
_HINTED: Final = (regex(rf"\b([a-z]{{4,20}}s){_GAP}\((?:{_OUR})?{_PLUGINS}\b"),)
"""A turn of phrase that may say so: it counts where a type of the code is called so."""
_TEXT: Final = 20_000
"""Characters of a file in which they are looked for."""
_MANY: Final = regex(
    rf"\b(?:(?:for|of|by|to|between|among){_GAP}(?:many|several)|(?:serves?|hosts?){_GAP}(?:many|several|multiple"
    rf"|different)){_GAP}(?:[a-z]{{3,15}}{_GAP})?([a-z]{{4,20}})\b"
)
"""A turn of phrase by which a text says whom a host serves; of anything it may say ``for multiple tags``."""
_MENTIONS: Final = 3
"""How often a contract stands in the code where it is one for plugins: declared, kept, handed on."""
_TAKEN: Final = frozenset(
    "accessory action api application async auth base bean cache call callback channel class client clock codec "
    "command component config connection consumer container context contract controller coordinator core data "
    "database dataset decoder default device document edge encoder engine entity entry event executor field file "
    "factory filter format function gateway graph group handle handler hook host interface item job layer lifecycle "
    "line listener loader lock logger loop machine manager member message method middleware model monitor name "
    "node note object observer option order output page parser part peer person phase plugin policy port processor "
    "producer property protocol provider proxy queue reader record recorder relay reply request resource response "
    "role room route router rule runner runtime sandbox scheduler schema scope section sensor server service session "
    "signal sink slot socket source stage state step store storage stream string subject subscriber supervisor "
    "surface switch system table target task tenant test thing thread timer token tracker transport type unit "
    "renderer user value version view watcher window word worker "
    "workspace writer these those they some most many other "
    "others which what here there both them".split()
)
"""Words that mean something else in most hosts, whatever a text says."""
_NO_TENANTS: Final = frozenset(
    "root base dir folder path text key value label what title kind mode dest destination target src from to registry "
    "manifest parent owner caller sender user actor principal who query url bytes code hass self level message reason "
    "err error res req args opts options env shell api sdk store cache journal audit trail grants rights permission "
    "previous next index count size limit prefix suffix scheme repo repository project config settings editor "
    "logger state status phase action verb event topic right capability digest release range wanted installed "
    "catalog catalogue shelf resolved orig original loader manager finder service services "
    "board bus desk hall stage machine box "
    "animation bundle chunk collection column cell description descriptor domain goal graph interaction job language "
    "locale locator login order package pattern platform program query row script stream style todo transaction "
    "tree view widget book rulebook sheet ledger register roster rules rulings acl charter codex matrix docket binder "
    "passes consents approvals permits notebook".split()
)
"""Words of what else a function is told before a plugin, or does for many."""
_MAKES: Final = frozenset({"__init__", "__new__", "__post_init__"})
"""Functions that are told first of what they make is, and of nobody."""
_OF_ANYTHING: Final = frozenset({"instance", "instances", "entry", "entries", "filter", "filters", "manifest"})
"""Nouns that stand for a plugin beside a verb of a host, and for anything behind another parameter."""
_REST: Final = frozenset({"args", "kwargs"})
_SHORT: Final = 3
_MOST: Final = 8
_FEW: Final = 2
_LARGEST: Final = 40
"""Members of a contract that is looked at."""


def dialect(seen: SourceWords) -> frozenset[tuple[str, str]]:
    """Return the words that a host has of its own, singular and plural, each with the plain word for it."""
    plugins = _plugins(seen)
    tenants = [noun for noun in _tenants(seen) if noun not in plugins]
    return frozenset(
        pair
        for nouns, plain in ((plugins, "plugin"), (tenants[:_FEW], "tenant"))
        for noun in nouns
        for pair in ((noun, plain), (f"{noun}s", f"{plain}s"))
    )


def _plugins(seen: SourceWords) -> list[str]:
    parts = {part for name in _names(seen) for part in _parts(name)}
    found = [
        noun
        for noun in (*_by_prose(seen.texts, _SAID), *_hinted(seen), *_by_contracts(seen))
        if noun not in _TAKEN and {noun, f"{noun}s"} & parts
    ]
    return list(dict.fromkeys(found))[:_MOST]


def _tenants(seen: SourceWords) -> Iterator[str]:
    """Yield the nouns of those whom a text says that the host serves, where functions are told first for which one."""
    first, before = _told_first(seen)
    for text in seen.texts:
        for noun in map(_singular, _MANY.findall(text[:_TEXT].lower())):
            told = first[noun] >= _MENTIONS and before[noun] > 0
            if told and noun not in _TAKEN | _NO_TENANTS | vocabulary.GUEST_NOUNS:
                yield noun
    yield from _beside_plugins(seen)


def _told_first(seen: SourceWords) -> tuple[Counter[str], Counter[str]]:
    """Return how many functions are told first of a thing, and how many of these are told of something else behind it.

    Each name counts once: twenty classes with one method are one contract.
    """
    told = {(one.name, _whose(one.first), bool(one.second) and one.second not in _REST) for one in seen.functions}
    first = Counter(noun for _name, noun in {(name, noun) for name, noun, _more in told})
    return first, Counter(noun for _name, noun, more in told if more)


def _beside_plugins(seen: SourceWords) -> Iterator[str]:
    """Yield the nouns that functions are told first, before the plugin: ``launch(district, app)``.

    Whoever is served comes first, by the id or by nothing else; what a plugin works on comes behind it.
    """
    plugins = vocabulary.GUEST_NOUNS
    named = {
        (one.name, _whose(one.first), _bare(one.second))
        for one in seen.functions
        if one.first and one.second and one.name not in _MAKES and _bare(one.second) not in _OF_ANYTHING
    }
    pairs = Counter((first, second) for _name, first, second in named)
    told: Counter[str] = Counter()
    for (first, second), count in pairs.items():
        if second in plugins and second not in _TAKEN - vocabulary.PLUGIN_NOUNS - {"app", "module"}:
            told[first] += count
    for noun, count in sorted(told.items()):
        if count >= _MENTIONS and noun.isalpha() and len(noun) > _SHORT and noun not in _TAKEN | plugins | _NO_TENANTS:
            yield noun


def _whose(name: str) -> str:
    """Return the same of what is told first, or nothing where it is several things or a part of one: ``appPath``."""
    stem = _stem(name)
    several = stem.endswith("s") and not stem.endswith(("ss", "us"))
    return "" if several or len(list(_parts(stem))) > 1 else stem.lower()


def _bare(name: str) -> str:
    """Return what an id is of: ``district`` of ``districtId`` and ``district_id``."""
    return _stem(name).lower()


def _stem(name: str) -> str:
    return name.removesuffix("_id").removesuffix("Id").removesuffix("_name").removesuffix("Name")


def _names(seen: SourceWords) -> Iterator[str]:
    """Yield the names of types and functions, of what they are given, and of what holds something."""
    yield from seen.types
    for function in seen.functions:
        yield from (function.name, function.first)
    for holder, member in seen.uses:
        yield from (holder, member)
    yield from seen.kept


def _parts(name: str) -> Iterable[str]:
    return (part.lower() for part in re.findall(r"[A-Z]?[a-z]+", name[:100]))


def _hinted(seen: SourceWords) -> Iterator[str]:
    types = {list(_parts(name))[-1] for name in seen.types if any(_parts(name))}
    return (noun for noun in _by_prose(seen.texts, _HINTED) if noun in types)


def _by_prose(texts: Iterable[str], phrases: Iterable[re.Pattern[str]]) -> Iterator[str]:
    for text in texts:
        start = text[:_TEXT].lower()
        if "plug" in start or "exten" in start or "add" in start:
            for phrase in phrases:
                yield from map(_singular, phrase.findall(start))


def _by_contracts(seen: SourceWords) -> Iterator[str]:
    """Yield the nouns of the contracts with a beginning and an end, which others implement."""
    for name, members in seen.contracts.items():
        if seen.counts[name] < _MENTIONS or len(members) > _LARGEST:
            continue
        own = [member for member in members if not member.startswith("__")]  # ``with`` enters and leaves anything
        whole = any(members.issuperset(pair) for pair in vocabulary.LIFE_PAIRS)
        if whole or any(undoes(_flat(one), _flat(other)) for one in own for other in own):
            noun = re.findall(r"[A-Z]?[a-z]+", name)[-1:]
            if noun and name[0].isupper() and noun[0].lower() not in vocabulary.GUEST_NOUNS:
                yield _singular(noun[0].lower())


def _flat(member: str) -> str:
    return member.replace("_", "").lower()


def _singular(noun: str) -> str:
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
