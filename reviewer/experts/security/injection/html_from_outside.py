"""SEC052: a value becomes part of a page as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, siblings
from reviewer.code.reach.made import added
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Expr,
    ExprStatement,
    Literal,
    Member,
    Name,
    Object,
    Statement,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.arguments import is_pieced
from reviewer.experts.paths import last_words
from reviewer.experts.security.injection.bare_texts import is_bare_text
from reviewer.experts.security.injection.escapers import escapers
from reviewer.experts.security.reaching.sinks import said, shown, shown_origin, unlimited
from reviewer.experts.security.values.origins import in_pieces
from reviewer.experts.security.values.source_words import makes_harmless
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_PROPERTIES: Final = frozenset({"innerHTML", "outerHTML", "srcdoc"})
_MAKES: Final = frozenset({"createElement", "createEl"})
_METHODS: Final = {
    "insertAdjacentHTML": 1,
    "createContextualFragment": 0,
    "setHTMLUnsafe": 0,
    "setHtml": 0,
    "set_html": 0,
    "mark_safe": 0,
    "Markup": 0,
    "render_template_string": 0,
}
_WRITES: Final = frozenset({"document.write", "document.writeln"})
_VIEWS: Final = frozenset({"webview", "panel", "view", "iframe", "frame"})
PLAIN_TEXTS: Final = frozenset(
    "sanitizeHtml sanitize-html purify clean bleach.clean escapeHTML esc encode encodeHtml he.encode "
    "trustedHTML t tr __ _ gettext ngettext translate i18n $t html_params flatatt build_absolute_uri url_for "
    "reverse".split()
)


_TEXTS: Final = frozenset(
    "title label name caption headline subject summary author username nickname tooltip placeholder".split()
)
"""Last words of fields that hold a line of text and never markup."""
_PROSE: Final = frozenset("description readme body text message comment about changelog notes".split())
"""Last words of fields that hold prose; where they stand between tags unescaped, they are markup."""
_MARKUP: Final = frozenset({"html", "markup", "safe", "raw"})
"""Words of a switch by which a caller says that a text is markup."""
_TEMPLATES: Final = frozenset({"template", "tmpl", "tpl", "engine", "env", "environment", "widget", "field", "super"})
_RENDERS: Final = frozenset(
    "render_to_string render_template renderToString renderToReadableStream renderToStaticMarkup render_block".split()
)
"""Functions that fill a template, or draw components, and escape what they are given."""
_PAGES: Final = frozenset({"HTMLResponse", "HttpResponse"})
"""Classes of an answer that is a page."""


@module_check(
    "SEC052", words={"html", "srcdoc", "document", "markup", "safe", "fragment", "template", "send", "response", "end"}
)
def html_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is read as markup."""
    if module.is_test or is_foreign(module.path):
        return
    for place, value in markup(module):
        found = unlimited(module, _given_last(value, place), place, PLAIN_TEXTS | escapers(module))
        found = in_pieces(found) if found is not None else None
        if found is None or found.kinds() <= {"environment", "file"} or _only_wraps(module, value):
            continue
        given = "parameter" in found.kinds()
        pieced = given and (is_pieced(module, value) or _is_plain_text(value))
        origin = found.worst()
        piece = shown_origin(origin, 40) if origin is not None else shown(module, value, 40)
        yield Match(
            place,
            f"'{piece}', which comes from {said(origin)}, becomes markup: a script in it runs in the page.",
            confidence=Confidence.LIKELY
            if not _is_asked_for(place)
            and ((found.outside and not _of_the_server(module, found)) or pieced or _names_text(module, value))
            else Confidence.POSSIBLE,
        )


def _only_wraps(module: Module, value: Expr) -> bool:
    """Tell whether all that is put in is markup of the page itself: ``one.outerHTML = `<!-- ${one.outerHTML} -->```."""
    made = module.scopes.origin(value)
    holes = made.holes if isinstance(made, Template) else []
    return bool(holes) and all(isinstance(one := strip(hole), Member) and one.name in _PROPERTIES for hole in holes)


def _given_last(value: Expr, place: Node) -> Expr:
    """Return what a name was given last before a place, in the same block: ``line = escape(line)``."""
    held = strip(value)
    held = strip(held.args[0]) if isinstance(held, Call) and held.name in ("str", "String") and held.args else held
    if not isinstance(held, Name):
        return value
    statement = next((one for one in (place, *ancestors(place)) if isinstance(one, Statement)), None)
    beside = siblings(statement) if statement is not None else []
    function = function_of(place)
    given = {param.name for param in function.params} if function is not None else set()
    for before in reversed(beside[: beside.index(statement)] if statement in beside else []):
        earlier = before.value if isinstance(before, ExprStatement) else before
        if isinstance(earlier, Assign) and isinstance(earlier.target, Name) and earlier.target.id == held.id:
            made = earlier.value
            if made is None or earlier.op != "=" or earlier.declare:
                return value  # what is declared is followed as it is
            used = names_in(made)
            if held.id not in used:
                return made
            escaped = (call for call in find(made, Call) if makes_harmless(call.name) and held.id in names_in(call))
            if (harmless := next(escaped, None)) is not None:
                return harmless
            if used & given:
                return value  # more is put into it
        elif any(isinstance(one, Assign) and getattr(one.target, "id", "") == held.id for one in walk(earlier)):
            return value
    return value


def _is_asked_for(place: Node) -> bool:
    """Tell whether the caller says that it hands in markup: ``if allow_html: return Markup(message)``."""
    function = function_of(place)
    given = {param.name for param in function.params} if function is not None else set()
    return any(
        condition.holds
        and isinstance(asked := strip(condition.test), Name)
        and asked.id in given
        and bool(set(words(asked.id)) & _MARKUP)
        for condition in conditions(place)
    )


def _of_the_server(module: Module, found: Trace) -> bool:
    """Tell whether only the settings module of a server decides, which whoever runs it writes as code."""
    return found.kinds() <= {"config"} and all(
        isinstance(origin.node, Member) and origin.node.name.isupper() for origin in found.origins
    )


def _is_plain_text(value: Expr) -> bool:
    """Tell whether a value is a field of something given whose name says text, not markup: ``info.title``."""
    value = strip(value)
    return isinstance(value, Member) and not is_this_member(value) and bool(set(words(value.name)[-1:]) & _TEXTS)


def _names_text(module: Module, value: Expr) -> bool:
    """Tell whether a field that holds text stands between tags, and nothing escapes it: ``<li>${row.title}</li>``."""
    return any(
        isinstance(node, Template) and _has_tag(node) and any(_is_text_field(module, hole) for hole in node.holes)
        for made in _made_of(module, value)
        for node in walk(made)
    )


def _made_of(module: Module, value: Expr) -> Iterator[Expr]:
    """Yield what a page is made of: the expression itself, what is added to a text, and what is put into a list."""
    made = module.scopes.origin(value)
    if isinstance(made, Expr):
        yield made
    value = strip(value)
    joined = strip(value.receiver) if isinstance(value, Call) and value.name == "join" and value.receiver else None
    if isinstance(joined, Name):
        yield from added(module, joined)
    if isinstance(value, Name):
        bindings = module.scopes.lookup(value.id, value)
        yield from (one.value for one in bindings if isinstance(one, Assign) and one.value is not None)


def _is_text_field(module: Module, hole: Expr) -> bool:
    hole = strip(hole)
    if isinstance(hole, Name):
        return is_bare_text(module, hole)
    return isinstance(hole, Member) and bool(set(words(hole.name)[-1:]) & (_TEXTS | _PROSE))


def _answers(module: Module, call: Call) -> Expr | None:
    """Return the page that a server sends as an answer."""
    kind = call.keywords.get("content_type")
    if kind is not None and isinstance(said_kind := strip(kind), Literal) and "html" not in str(said_kind.value):
        return None  # no page
    if call.name in _PAGES or (call.name in ("Response", "web.Response") and _says_html(module, call)):
        return call.arg(0, "content") or call.keywords.get("text")
    if call.name in ("send", "end", "write") and set(last_words(call.receiver)) & {"res", "response", "reply"}:
        made = module.scopes.origin(call.args[0]) if call.args else None
        return call.args[0] if isinstance(made, Template) and _has_tag(made) else None
    return None


def _says_html(module: Module, call: Call) -> bool:
    """Tell whether the function that makes an answer says that it is a page."""
    function = function_of(call)
    while function is not None and function.outer is not None:
        function = function.outer
    return "text/html" in (
        module.text_of(function) if function is not None else module.source.decode("utf-8", "replace")
    )


def _has_tag(made: Template) -> bool:
    return any(isinstance(item, Literal) and "<" in str(item.value) for item in made.items)


def markup(module: Module) -> Iterator[tuple[Node, Expr]]:
    """Yield every value that is read as markup, with its place."""
    for node in module.all_nodes:
        if isinstance(node, Assign) and isinstance(node.target, Member) and node.value is not None:
            name = node.target.name
            if (name in _PROPERTIES and not _is_style(module, node.target.object)) or (
                name == "html" and _VIEWS & set(last_words(node.target.object))
            ):
                yield node, node.value
        elif isinstance(node, Call):
            position = _METHODS.get(node.name, -1)
            value = node.arg(position) if position >= 0 else None
            if value is not None and (_is_made_plain(node) or _is_own_method(node)):
                continue
            if value is None and module.resolve(node.callee) in _WRITES:
                value = node.arg(0)
            if value is None and node.name == "html" and _is_jquery(node):
                value = node.arg(0)
            if value is None:
                value = _answers(module, node)
            if value is not None and not is_rendered(module, value):
                yield node, value
        elif isinstance(node, Object) and len(node.entries) == 1:
            key, value = node.entries[0]
            if isinstance(key, Literal) and key.value == "__html":
                yield node, value


def is_rendered(module: Module, value: Expr) -> bool:
    """Tell whether a value is what a template gave, which escapes what is put into it: ``template.render(data)``."""
    made = module.scopes.origin(value)
    call = strip(made if isinstance(made, Expr) else value)
    call = strip(call.value) if isinstance(call, Await) else call
    if isinstance(call, Template) and len(call.holes) == 1 and not _has_tag_with_text(call):  # the doctype before it
        return is_rendered(module, call.holes[0])
    if not isinstance(call, Call):
        return False
    if call.name in _RENDERS:
        return True
    receiver = strip(call.receiver) if call.name in ("render", "render_async") and call.receiver is not None else None
    if isinstance(receiver, Call):
        return receiver.name in ("super", "get_template", "getTemplate", "from_string")
    return receiver is not None and bool(set(last_words(receiver)[-1:]) & _TEMPLATES)


def _has_tag_with_text(made: Template) -> bool:
    """Tell whether more than a declaration stands before a page: its tags are written by hand."""
    texts = (str(item.value) for item in made.items if isinstance(item, Literal))
    return any("<" in text.lower().replace("<!doctype", "") for text in texts)


def _is_own_method(call: Call) -> bool:
    """Tell whether a method of the object has the name of a function that reads markup, and is another one."""
    return call.name == "render_template_string" and is_this_member(call.callee)


def _is_made_plain(made: Call) -> bool:
    """Tell whether the tags are taken out again of what is read as markup: ``Markup(text).striptags()``."""
    return isinstance(made.parent, Member) and made.parent.name in ("striptags", "unescape")


def _is_style(module: Module, element: Expr) -> bool:
    """Tell whether an element was made as a style sheet, whose text is never read as markup."""
    made = module.scopes.origin(element)
    first = strip(made.args[0]) if isinstance(made, Call) and made.name in _MAKES and made.args else None
    return isinstance(first, Literal) and first.value == "style"


def _is_jquery(call: Call) -> bool:
    receiver = call.receiver
    if isinstance(receiver, Call):
        return receiver.name in ("$", "jQuery", "find", "children")
    return bool(receiver is not None and last_words(receiver)[:1] == ()) or _dollar(receiver)


def _dollar(receiver: Expr | None) -> bool:
    """Tell whether a variable is spelled as one of jQuery's: ``$list``."""
    name = getattr(receiver, "id", "") or getattr(receiver, "name", "")
    return name.startswith("$") and bool(words(name))
