"""SEC204: the content security policy of a webview lets any script run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Literal, Name, Template
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_POLICY: Final = b"Content-Security-Policy"
_CONTENT: Final = regex(rb"Content-Security-Policy[^>]{0,80}?content\s*=\s*(\\?[\"'])([^\0]{0,2000}?)\1\s*/?>")
_HOLE: Final = regex(r"\$\{[^}]*\}")
_ANYWHERE: Final = frozenset({"*", "http:", "https:", "data:", "blob:*", "http://*", "https://*"})
_MOST: Final = 20


@module_check("SEC204", words={"webview"})
def webview_policy_loose(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Read the policies that are written out in a file."""
    if module.is_test or _POLICY not in module.source:
        return
    texts = [(node.raw.start_byte, node.raw.end_byte) for node in module.some(Template, Literal)]
    for count, hit in enumerate(_CONTENT.finditer(module.source)):
        inside = any(start <= hit.start() and hit.end() <= end for start, end in texts)
        if count >= _MOST or not inside:
            continue
        policy = _spelled(module, hit[2].decode("utf-8", "replace"))
        directive, loose = _loose(policy) if policy else ("", "")
        if loose:
            yield Match(
                locate_bytes(module, hit.start(2), hit.end(2)),
                f"'{directive}' of the page's policy has {loose}: markup that slips into the page runs as script.",
            )


def _spelled(module: Module, policy: str) -> str:
    """Return a policy as it is spelled, also where the page has a variable for it: ``content="${policy}"``."""
    name = policy.strip()[2:-1].strip() if _HOLE.fullmatch(policy.strip()) else ""
    if not name:
        return policy
    made = [one.value for one in module.all(Assign) if isinstance(one.target, Name) and one.target.id == name]
    return module.text_of(made[0]).strip("`\"'") if len(made) == 1 and made[0] is not None else ""


def _loose(policy: str) -> tuple[str, str]:
    """Return the directive that scripts follow, and what in it lets any of them run."""
    directives: dict[str, list[str]] = {}
    for part in policy.split(";"):
        words = _HOLE.sub("${}", part).split()
        if words:
            directives.setdefault(words[0].lower(), words[1:])
    name = next((one for one in ("script-src-elem", "script-src", "default-src") if one in directives), "")
    if not name:
        return "script-src", "" if directives.get("default-src") else "no limit, for it is not there"
    sources = [source.lower() for source in directives[name]]
    guarded = any(source.startswith(("'nonce-", "'sha", "'strict-dynamic")) for source in sources)
    if "'unsafe-inline'" in sources and not guarded:
        return name, "'unsafe-inline'"
    wide = next((source for source in sources if source in _ANYWHERE), "")
    return name, f"'{wide}'" if wide and "'strict-dynamic'" not in sources else ""
