"""SEC053: data is read by something that can run code while it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.syntax import Call, Class, Imported, Literal, Name, Param, With, strip
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.sinks import Sink, said, shown, sinks
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_READERS: Final = frozenset(
    "pickle.load pickle.loads pickle.Unpickler cPickle.load cPickle.loads _pickle.loads dill.load dill.loads "
    "cloudpickle.load cloudpickle.loads joblib.load marshal.load marshal.loads shelve.open jsonpickle.decode "
    "jsonpickle.loads pandas.read_pickle yaml.unsafe_load yaml.unsafe_load_all node-serialize.unserialize "
    "funcster.deepDeserialize cryo.parse".split()
)
_WORDS: Final = frozenset(
    "pickle dill cloudpickle joblib marshal shelve jsonpickle yaml unserialize cryo funcster torch numpy".split()
)
_YAML: Final = frozenset({"yaml.load", "yaml.load_all"})
_SAFE: Final = frozenset(
    {"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader", "SafeConstructor", "BaseConstructor"}
)


@module_check("SEC053", words=_WORDS)
def unsafe_deserialisation(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every reader of data that can run code."""
    if module.is_test:
        return
    for sink in sinks(module, _READERS | _YAML | {"torch.load", "numpy.load"}):
        if not _dangerous(module, sink):
            continue
        value = sink.arg(0)
        found = trace(module, value) if value is not None else None
        if value is not None and found is not None:
            origin = module.scopes.origin(value)
            if isinstance(origin, Literal) or _copies(origin) or limited(module, [value], sink.call, found.names):
                continue
        worst = found.worst() if found is not None else None
        name = sink.name.replace("_pickle", "pickle")
        data = shown(module, value or sink.call, 40)
        yield Match(
            sink.call,
            f"'{name}' runs what the data tells it to, and '{data}' comes from {said(worst)}.",
            confidence=Confidence.POSSIBLE
            if _makes_little(module, sink)
            or _own_store(sink, found)
            or _in_file_of_its_own(module, value, found)
            or _of_own_pipe(module, sink, found)
            else Confidence.LIKELY,
            severity=Severity.CRITICAL
            if found is not None and found.kinds() & {"remote", "message", "request"}
            else None,
        )


def _makes_little(module: Module, sink: Sink) -> bool:
    """Tell whether a reader makes plain objects alone in the releases of today: PyYAML's ``FullLoader`` since 5.4."""
    loader = sink.arg(1, "Loader") if sink.name in _YAML else None
    return loader is not None and module.resolve(loader).rsplit(".", 1)[-1] == "FullLoader"


def _copies(made: object) -> bool:
    """Tell whether what is read was written on the spot, which makes a copy: ``loads(dumps(rows))``."""
    return isinstance(made, Call) and made.name in ("dumps", "dump")


def _in_file_of_its_own(module: Module, value: Expr | None, found: Trace | None) -> bool:
    """Tell whether a file is read that the program itself opens, where nobody but its user says which."""
    bound = module.scopes.lookup(value.id, value) if isinstance(value, Name) else []
    opened = bool(bound) and all(isinstance(one, With) for one in bound)
    return opened and found is not None and found.kinds() <= {"config", "unknown", "environment", "file"}


def _of_own_pipe(module: Module, sink: Sink, found: Trace | None) -> bool:
    """Tell whether what is read comes out of a pipe, at whose other end is a process of the same program."""
    function = function_of(sink.call)
    if function is None or found is None or found.outside or not {"pipe", "fdopen"} <= module.identifiers:
        return False
    opened = (call for call in find(function.body, Call) if module.resolve(call.callee) in ("os.read", "os.fdopen"))
    return any(True for _ in opened)


def _own_store(sink: Sink, found: Trace | None) -> bool:
    """Tell whether a program opens a store of its own, in a file whose name nobody outside chooses."""
    return sink.name == "shelve.open" and found is not None and not found.outside


def _dangerous(module: Module, sink: Sink) -> bool:
    """Tell whether this reader, with these options, can run code."""
    if sink.name == "shelve.open":
        flag = sink.arg(1, "flag")
        return not (isinstance(flag, Literal) and flag.value == "n")  # a new one, in which there is nothing to read
    if sink.name in _YAML:
        loader = sink.arg(1, "Loader")
        named = module.resolve(loader).rsplit(".", 1)[-1] if loader is not None else ""
        if isinstance(loader, Name) and not named:  # the fast one where it is there, else the other
            bound = module.scopes.lookup(loader.id, loader)
            if bound and all(isinstance(one, Imported) and one.name in _SAFE for one in bound):
                return False
        if _derives_from_safe(module, loader) or (loader is None and _safe_by_default(module, sink.call)):
            return False
        if _given_safe(module, loader):
            return False
        return named not in _SAFE and (loader is None or not named or named in ("Loader", "UnsafeLoader", "FullLoader"))
    if sink.name == "torch.load":
        return _is(sink, "weights_only", value=False)
    return sink.name != "numpy.load" or _is(sink, "allow_pickle", value=True)


def _given_safe(module: Module, loader: Expr | None) -> bool:
    """Tell whether a reader is a parameter that is a safe one where nobody says another: ``loader=SafeLoader``."""
    bound = module.scopes.lookup(loader.id, loader) if isinstance(loader, Name) else []
    usual = [strip(one.default) for one in bound if isinstance(one, Param) and one.default is not None]
    return bool(usual) and all(set(last_words(one)) & {"safe", "csafe"} for one in usual)


def _safe_by_default(module: Module, call: Call) -> bool:
    """Tell whether the options that are handed on name a safe reader first: ``kwargs.setdefault("Loader", …)``."""
    function = function_of(call)
    for made in find(function.body, Call) if function is not None else ():
        first = strip(made.args[0]) if made.name == "setdefault" and len(made.args) > 1 else None
        if isinstance(first, Literal) and first.value == "Loader" and made.line < call.line:
            return module.resolve(made.args[1]).rsplit(".", 1)[-1] in _SAFE
    return False


def _derives_from_safe(module: Module, loader: Expr | None) -> bool:
    """Tell whether a reader is a class of the subject that is made of a safe one and adds to it."""
    cls = definition(module, loader) if loader is not None else None
    bases = [one.module.resolve(base) for one in lineage(cls) for base in one.bases] if isinstance(cls, Class) else []
    return any(base.rsplit(".", 1)[-1] in _SAFE for base in bases)


def _is(sink: Sink, option: str, *, value: bool) -> bool:
    given = sink.call.keywords.get(option)
    return isinstance(given, Literal) and given.value is value
