"""Words by which code speaks of registries, packages, versions and digests."""

from __future__ import annotations

from typing import Final

from reviewer.code.text.ideas import GRANTS, PLAIN_GUESTS, REGISTERING

PLUGINS: Final = frozenset(
    "plugin plugins extension extensions ext exts addin addins addon addons module modules mod mods app apps "
    "widget widgets skill skills bot bots integration integrations connector connectors provider providers pack "
    "packs theme themes effect effects adapter adapters driver drivers tool tools package packages pkg pkgs "
    "bundle bundles artifact artifacts archive archives tarball component components entry entries record "
    "records catalog catalogue registry marketplace store shelf release releases feature features macro gadget "
    "overlay recipe kit".split()
)
"""What hosts call the things that they register and install."""
REGISTERS: Final = REGISTERING - {"bind", "handle", "implement"} | frozenset(
    "put publish insert announce submit admit enlist registers plug include enter deposit shelve".split()
)
"""First words of functions that enter something new."""
FIRM_REGISTERS: Final = REGISTERING - {"bind", "handle", "implement", "mount", "serve", "add"} | frozenset(
    "registers publish enlist install announce".split()
)
"""Those of them that mean a registration whatever the table is called."""
REPLACES: Final = frozenset(
    "set update replace upsert override overwrite refresh reload cache remember memo memoize track record note "
    "mark sync save store write swap hot patch merge restore migrate reset renew touch bump or force again load "
    "ensure".split()
)
"""Words of functions that are meant to write over what is there."""
REMOVES: Final = frozenset(
    "remove unregister delete drop uninstall deregister unpublish evict withdraw forget unload unmount detach "
    "purge discard retire erase destroy dispose disable revoke release unlist yank retract".split()
)
"""First words of functions that take an entry out."""
OWNERS: Final = PLAIN_GUESTS | frozenset("owner".split())
"""Words by which what is stored tells whose it is."""
FOLDS: Final = frozenset(
    "toLowerCase toLocaleLowerCase toUpperCase lower upper casefold strip trim normalize canonicalize_name".split()
)
"""Calls that make one spelling of many."""
PASSING: Final = GRANTS | frozenset(
    "cache cached memo pending inflight flight creating starting loading visiting visited seen timer timers "
    "timeout lock locks queue count counts counter counters metric metrics stats usage quota quotas attempts retries "
    "failures errors faults history log logs audit trail state states status statuses session sessions "
    "token tokens config configs settings options last latest recent current timeout timeouts clients "
    "sockets connections tombstone tombstones removed blocked revoked banned waiters promises handlers "
    "listeners subscribers subscriptions callbacks dirty results result values env headers granted "
    "permissions allowed approved rights policy policies acl acls decision decisions choices assignments".split()
)
"""Words of tables that hold something else than the entries of a registry."""
VERSIONS: Final = frozenset("version versions ver semver release releases edition editions".split())
DIGESTS: Final = frozenset(
    "digest digests hash hashes checksum checksums integrity sha sha1 sha256 sha384 sha512 sri fingerprint md5 "
    "hex".split()
)
"""Words for what identifies bytes."""
VERIFIES: Final = frozenset(
    "verify verifies verified verification check checks checked validate assert ensure integrity digest digests "
    "checksum signature signatures signed sign sri sha256 sha512 hash hashed hashing createhash hashlib sha384 "
    "hexdigest cosign sigstore minisign gpg pgp ed25519 trust trusted ssri compare".split()
)
"""Words of code that looks whether bytes are the right ones."""
