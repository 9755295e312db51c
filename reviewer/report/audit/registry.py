"""The forms of an audit by name; the module of a form is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from reviewer.report.audit.build import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reviewer.core.review import ReviewRun
    from reviewer.report.audit.model import Audit
    from reviewer.report.options import RenderOptions

_FORMS: Final = {
    "text": "reviewer.report.audit.text:render_text",
    "markdown": "reviewer.report.audit.markdown:render_markdown",
    "html": "reviewer.report.audit.html:render_html",
    "json": "reviewer.report.audit.json:render_json",
}


def render_audit(run: ReviewRun, form: str, options: RenderOptions) -> str:
    """Return the audit of every subject of a run in one of the forms, with a line feed at its end."""
    module, _, function = _FORMS[form].partition(":")
    render: Callable[[ReviewRun, Sequence[Audit], RenderOptions], str] = getattr(import_module(module), function)
    return render(run, [audit(review, options) for review in run.reviews], options)
