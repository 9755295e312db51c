"""SEC070: a package runs a program while it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_HOOKS: Final = ("preinstall", "install", "postinstall", "preuninstall", "postuninstall")
_USUAL: Final = (
    r"^\s*(node-gyp\b|node-gyp-build|prebuild-install|husky\b|patch-package|npm run build|tsc\b|opencollective|is-ci|"
    r"electron-builder install-app-deps|only-allow|npx only-allow|simple-git-hooks|lefthook|true$|exit 0$|"
    r"echo\b[^|;&$`]*$|$)"
)
_GRAVE: Final = (
    r"(?i)\bcurl\b|\bwget\b|\|\s*(ba|z)?sh\b|https?://|powershell|base64|\beval\b|node\s+(-e|--eval)\b|python3?\s+-c\b|"
    r"/dev/tcp|chmod\s+\+x|Invoke-WebRequest|\bnc\b|\$\(|rm\s+-rf\s+[~/$]"
)


@subject_check("SEC070")
def install_script(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the scripts of ``package.json``."""
    documents = [d for d in [inquiry.manifest, *inquiry.subject.other_documents.values()] if d is not None]
    for document in documents:
        if document.path.rsplit("/", 1)[-1] != "package.json" or "node_modules/" in document.path:
            continue
        private = document.get("private")
        for hook in _HOOKS:
            script = document.get("scripts", hook)
            if script is None or not script.text or found(_USUAL, script.text):
                continue
            grave = found(_GRAVE, script.text)
            if private is not None and private.data is True and not grave:
                continue
            yield Match(
                script,
                f"'{hook}' runs '{_short(script.text)}' on the machine of everybody who installs this, "
                "before any grant exists.",
                severity=Severity.CRITICAL if grave else None,
                confidence=Confidence.LIKELY,
            )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
