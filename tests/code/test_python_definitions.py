"""Functions, classes and their members of Python, lowered from source text."""

from __future__ import annotations

import pytest

from reviewer.code.module import Module
from reviewer.code.syntax import Assign, Call, Class, Function, If, Name, Opaque, Return
from reviewer.code.walk import find


def module(source: str) -> Module:
    """Lower a source text."""
    return Module("plugin.py", source.encode())


def function(source: str) -> Function:
    """Lower a source text that starts with a function."""
    [first, *_] = module(source).body
    assert isinstance(first, Function)
    return first


def members(source: str) -> Class:
    """Lower a source text that ends with a class."""
    last = module(source).body[-1]
    assert isinstance(last, Class)
    return last


def names(node) -> list[str]:
    """Return the ids of all names below a node, in order."""
    return [name.id for name in find(node, Name)]


def test_a_function_has_its_parameters_types_and_flags():
    found = function(
        "async def load(a, /, b: int, *args: str, c=1, d: 'Context' = x, **kw: Any) -> dict[str,\n int]:\n  yield a"
    )
    assert [(p.name, p.type, p.rest, p.optional) for p in found.params] == [
        ("a", "", False, False),
        ("b", "int", False, False),
        ("args", "str", True, False),
        ("c", "", False, True),
        ("d", "Context", False, True),
        ("kw", "Any", True, False),
    ]
    assert (found.name, found.kind, found.returns) == ("load", "function", "dict[str, int]")
    assert found.asynchronous
    assert found.generator
    assert not found.private
    assert all(param.parent is found for param in found.params)


def test_a_function_is_lowered_only_when_it_is_asked():
    found = module("def f(a):\n  return g(lambda: a)")
    [outer] = found.body
    assert isinstance(outer, Function)
    assert outer._body is None
    assert outer._params is None
    [returned] = outer.body
    assert isinstance(returned, Return)
    [inner] = find(returned, Function, into_functions=False)
    assert inner._body is None
    assert inner.outer is outer
    assert inner.kind == "arrow"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): yield", True),
        ("def f():\n  x = yield from y", True),
        ("def f(): return lambda: (yield)", False),
        ("def f():\n  def g(): yield\n  return 'yield'", False),
        ("def f():\n  # yield\n  if x:\n    g((yield))", True),
    ],
)
def test_a_generator_is_a_function_that_yields_itself(source, expected):
    assert function(source).generator is expected


def test_a_parameter_that_is_a_pattern_has_fields():
    assert function("def f(a, (b, c)): pass").params[1].fields == {"0": "b", "1": "c"}


def test_the_first_parameter_of_a_method_is_this():
    cls = members("class A:\n def f(me, x=me.d):\n  me.a = x\n  return [me.b for y in x], lambda: me.c\n")
    [method] = cls.methods
    assert [param.name for param in method.params] == ["x"]
    assert names(method.params) == ["me"]
    assert names(method.body) == ["this", "x", "this", "y", "x", "this"]


def test_a_name_that_shadows_the_receiver_is_itself():
    cls = members(
        "class A:\n def f(self, x):\n"
        "  def g(self): return self\n"
        "  def h(y): return self\n"
        "  a = lambda self: self\n"
        "  return [self for self in x]\n"
    )
    assert names(cls.methods[0].body) == ["self", "this", "a", "self", "self", "self", "x"]


def test_a_class_inside_a_method_has_its_own_receiver():
    cls = members(
        "class A:\n def f(self):\n  class B:\n   x = self.y\n   def g(me): return me, self\n"
        "   @staticmethod\n   def h(self): return self\n"
    )
    assert names(cls.methods[0].body) == ["this", "this", "self", "staticmethod", "self"]


def test_a_method_without_a_receiver_keeps_all_its_parameters():
    cls = members("class A:\n @staticmethod\n def f(a, b): return a\n def g(*args): return args\n")
    assert [[param.name for param in method.params] for method in cls.methods] == [["a", "b"], ["args"]]
    assert [method.static for method in cls.methods] == [True, False]


def test_decorators_make_getters_setters_and_static_methods():
    cls = members(
        "class A:\n"
        " def __init__(self): pass\n"
        " @property\n def a(self): return 1\n"
        " @a.setter\n def a(self, v): pass\n"
        " @functools.cached_property\n def b(self): return 1\n"
        " @classmethod\n def c(cls): return cls\n"
        " @app.route('/x', methods=[y])\n async def _d(self): pass\n"
        " def __len__(self): return 0\n"
    )
    assert [(m.name, m.kind, m.static, m.private) for m in cls.methods] == [
        ("__init__", "constructor", False, False),
        ("a", "getter", False, False),
        ("a", "setter", False, False),
        ("b", "getter", False, False),
        ("c", "method", True, False),
        ("_d", "method", False, True),
        ("__len__", "method", False, False),
    ]
    assert all(method.owner is cls for method in cls.methods)
    [route] = cls.methods[5].decorators
    assert isinstance(route, Call)
    assert route.parent is cls.methods[5]
    assert cls.methods[5].asynchronous


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A(Protocol):\n def f(self): ...", True),
        ("class A(typing.Protocol[T]):\n def f(self):\n  '''Say why.'''", True),
        ("class A(Protocol):\n def f(self): pass", True),
        ("class A:\n @abc.abstractmethod\n def f(self):\n  '''Say why.'''\n  raise NotImplementedError", True),
        ("class A:\n @overload\n def f(self): ...", True),
        ("class A:\n def f(self):\n  '''Say why.'''\n  ...  # later", True),
        ("class A:\n def f(self): pass", False),
        ("class A:\n def f(self):\n  '''Say why.'''", False),
        ("class A(Protocol):\n def f(self): return 1", False),
        ("class A:\n def f(self): raise NotImplementedError", False),
    ],
)
def test_a_method_without_a_body_is_a_signature(source, expected):
    assert members(source).methods[0].signature_only is expected


def test_a_protocol_is_an_interface():
    assert members("class A(Protocol[T]): ...").kind == "interface"
    assert members("class A(B): ...").kind == "class"
    assert members("class A(asyncio.Protocol): ...").kind == "class"


def test_a_class_has_its_bases_fields_and_the_rest():
    cls = members(
        "@dataclass(frozen=True)\n"
        "class A[T](B, c.D[T], metaclass=M(1)):\n"
        " '''Say what.'''\n"
        " x: int = 1\n"
        " y: ClassVar[str]\n"
        " _z = w = f()\n"
        " on_load = lambda: 1\n"
        " a.b = 2\n"
        " if z:\n"
        "  def g(self): return self\n"
        " class Inner: pass\n"
    )
    assert [type(base).__name__ for base in cls.bases] == ["Name", "Index"]
    assert [(f.name, f.type, f.static, f.readonly, f.private) for f in cls.fields] == [
        ("x", "int", False, True, False),
        ("y", "ClassVar[str]", True, True, False),
        ("_z", "", True, True, True),
        ("w", "", True, True, False),
        ("on_load", "", True, True, False),
    ]
    assert isinstance(cls.fields[4].value, Function)
    assert cls.fields[4].value.name == "on_load"
    kinds = [type(statement).__name__ for statement in cls.rest]
    assert kinds == ["ExprStatement", "ExprStatement", "ExprStatement", "If", "Class"]
    metaclass = cls.rest[0].value
    assert isinstance(metaclass, Assign)
    assert names(metaclass) == ["metaclass", "M"]
    branch = cls.rest[3]
    assert isinstance(branch, If)
    [method] = branch.body
    assert isinstance(method, Function)
    assert (method.kind, method.owner, names(method.body)) == ("method", cls, ["this"])


def test_a_field_knows_what_its_type_says():
    cls = members("class A(TypedDict):\n a: NotRequired[int]\n b: Final = 1\n c: int\n")
    assert [(f.optional, f.readonly) for f in cls.fields] == [(True, False), (False, True), (False, False)]


def test_a_definition_is_one_object_however_it_is_reached():
    found = module("@d\ndef f(): pass\n@e\nclass A: pass\n")
    for statement in found.body:
        definition = statement.raw.child_by_field_name("definition")
        assert found.definitions[definition.id] is statement
        assert found.definitions[statement.raw.id] is statement


def test_what_stands_in_a_decorator_is_found_by_its_place():
    found = module("@app.route(f(1))\ndef g(): pass\n\n@h(2)\nclass A:\n @h(3)\n def m(self): pass\n")
    assert [call.args[0].value for call in found.calls(("f", "h"))] == [1, 2, 3]


def test_functions_nested_without_end_are_cut_and_the_module_says_so():
    found = module("f = " + "lambda: " * 5000 + "1")
    nodes = found.all_nodes
    assert found.too_deep
    assert isinstance(nodes[-1], Opaque)
    assert nodes[-1].kind == "too-deep"
    assert len([node for node in nodes if isinstance(node, Function)]) == 100
