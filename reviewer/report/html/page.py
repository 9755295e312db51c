"""A whole page: the one style sheet inside it, and a policy that lets nothing else load or run."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from reviewer import resources
from reviewer.report.templates import html

if TYPE_CHECKING:
    from collections.abc import Mapping

_STYLE: Final = "html/style.css"


def page(template: str, values: Mapping[str, Any]) -> str:
    """Return the page of a template; ``style`` and ``policy`` are added to its values.

    The policy allows the style sheet by its digest and forbids scripts, pictures, frames and
    connections, so that even markup that got through the escaping could do nothing.
    """
    style = (resources.templates() / _STYLE).read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    # Both are ours: the style sheet is a file of the product, the policy has a digest in it.
    text = html(template, {**values, "style": Markup(style), "policy": policy})  # noqa: S704 - see above
    return text.rstrip("\n") + "\n"
