"""Words by which code speaks of permission, refusal, identity and audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Member, Name, Template
from reviewer.code.text.ideas import GRANTS
from reviewer.code.text.words import words
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reviewer.code.syntax import Expr


PERMISSION: Final = GRANTS | word_set(
    "permission permissions perm perms granted granting acl acls policy policies entitled consented "
    "authorization authorisation authorize authorise authorized authorised authorizer authz permitted "
    "allowed clearance clearances allowlist whitelist rights rbac abac forbidden gatekeeper bouncer access"
)
"""Words that seldom mean anything but permission."""
TABLES: Final = GRANTS | word_set(
    "permission permissions perm perms granted acl acls policy policies rights right allowed allowlist "
    "whitelist scopes roles rules rule access"
)
"""Words for what holds the permissions of somebody."""
VERBS: Final = word_set("can may allows allow permits permit authorize authorise covers holds grants entitles")
"""First words of a function that answers whether something is allowed."""
QUESTIONS: Final = word_set("is has can may check allows permits may_use does should was verify ensure")
"""First words of a function that answers yes or no."""
ACTIONS: Final = word_set(
    "action permission perm right scope capability verb operation resource method privilege feature entitlement access "
    "surface topic channel needed cap ability intent what"
)
"""Names of a parameter that says what somebody wants to do."""
IDENTITIES: Final = word_set(
    "plugin plugins extension extensions addin addon addins addons app module widget skill bot integration connector "
    "provider pack mod theme user tenant caller subject principal actor role client account org organisation "
    "organization workspace team customer member owner publisher identity sender agent site company realm requester "
    "source origin who issuer effect overlay package"
)
"""Names of those who act."""
REQUIREMENTS: Final = word_set(
    "required require requires requirement requirements needed need needs necessary wanted wants demanded restricted "
    "restriction restrictions protected block blocks blocked blocklist blacklist deny denied denies denylist denials "
    "ban banned bans revoked revocation revocations suspended suspension quarantine quarantined expiry expires expired "
    "limit limits quota quotas lock locked locks exclusion exclusions excluded disabled forbidden ignored ignore "
    "deprecated conflict conflicts violation violations refused until error errors problem problems reason reasons "
    "failure failures missing unknown"
)
"""Words of things whose absence rightly means that nothing stands in the way."""
ALLOWING: Final = word_set(
    "allow allowed allows grant granted permit permitted accept accepted approve approved yes full all * any rw write "
    "admin owner root true on enabled readwrite read-write everything unrestricted public"
)
"""Texts that say yes."""
REFUSING: Final = word_set(
    "deny denied block blocked forbid forbidden none no off refuse refused reject rejected revoked disabled false "
    "disallow disallowed prohibited never n banned withhold withheld decline declined"
)
"""Texts that say no."""
MANIFESTS: Final = word_set("manifest descriptor declaration declared metadata")
"""Words for what a plugin says about itself."""
AUDITS: Final = word_set("audit audits auditor auditlog trail journal ledger auditing logbook diary")
"""Words for a record of who did what."""
TRIGGERS: Final = PERMISSION | {
    "may",
    "can",
    "rules",
    "roles",
    "scopes",
    "allows",
    "right",
    "trusted",
    "caps",
    "capabilities",
    "guard",
    "gate",
    "demand",
}
"""A module with none of these words has nothing to do with permissions."""
ANSWERING: Final = TRIGGERS | {"boolean", "bool", "true", "false"}
"""A module with none of these words decides nothing, whatever it calls what it decides about."""


def text_value(expr: Expr | None) -> str:
    """Return the text of a literal in lower case, or an empty string."""
    if isinstance(expr, Literal) and isinstance(expr.value, str):
        return expr.value.strip().lower()
    if isinstance(expr, Template) and not expr.holes:
        return "".join(str(item.value) for item in expr.items if isinstance(item, Literal)).lower()
    return ""


def says(expr: Expr | None, texts: Iterable[str]) -> bool:
    """Tell whether a literal, or a constant such as ``Effect.DENY``, is one of these texts."""
    text = text_value(expr)
    if text:
        return text in texts
    if isinstance(expr, Member) and (expr.name.isupper() or expr.name[:1].isupper()):
        return bool(words(expr.name)) and words(expr.name)[-1] in texts
    if isinstance(expr, Name) and expr.id.isupper():
        return bool(set(words(expr.id)) & set(texts))
    return False
