"""SEC072: a document in XML says which files are read, or grows without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.reaching.sinks import Sink, is_true, said, shown, sinks
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PARSERS: Final = frozenset("lxml.etree.XMLParser etree.XMLParser lxml.etree.iterparse".split())
_NOENT: Final = frozenset(
    "libxmljs.parseXml libxmljs.parseXmlString libxmljs2.parseXml libxmljs2.parseXmlAsync xmldom.DOMParser "
    "libxmljs.parseXmlAsync".split()
)
_STANDARD: Final = frozenset(
    "xml.etree.ElementTree.fromstring xml.etree.ElementTree.parse xml.etree.ElementTree.XML "
    "xml.dom.minidom.parseString xml.dom.minidom.parse xml.sax.parseString xml.sax.parse "
    "xml.etree.cElementTree.fromstring xml.dom.pulldom.parseString".split()
)


@module_check("SEC072", words={"xml", "lxml", "etree", "libxmljs", "libxmljs2", "sax", "minidom"})
def xml_entities(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every parser of XML that follows what the document says."""
    if module.is_test:
        return
    for sink in sinks(module, _PARSERS | _NOENT | _STANDARD):
        if sink.name in _PARSERS:
            opened = [name for name in ("resolve_entities", "load_dtd", "no_network") if _opened(module, sink, name)]
            if opened:
                yield Match(
                    sink.call, f"'{opened[0]}' lets the document name files and addresses that are read into it."
                )
        elif sink.name in _NOENT:
            if is_true(module, sink.option(module, "noent")) or is_true(module, sink.option(module, "replaceEntities")):
                yield Match(sink.call, "'noent' lets the document name files that are read into it.")
        else:
            value = sink.arg(0)
            found = trace(module, value) if value is not None else None
            if found is not None and value is not None and found.kinds() & {"request", "message", "remote"}:
                yield Match(
                    sink.call,
                    f"'{shown(module, value, 40)}' comes from {said(found.worst())}: entities in it can grow "
                    "to gigabytes.",
                    fix="Parse it with defusedxml, which refuses entities.",
                    confidence=Confidence.POSSIBLE,  # newer versions of expat keep the growth small
                    severity=Severity.MEDIUM,
                )


def _opened(module: Module, sink: Sink, name: str) -> bool:
    value = sink.call.keywords.get(name)
    if name == "no_network":
        return isinstance(value, Literal) and value.value is False
    return is_true(module, value)
