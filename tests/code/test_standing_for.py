"""Public functions whose work stands in a private one."""

from __future__ import annotations

from reviewer.code.module import Module


def _module(path: str, text: str) -> Module:
    return Module(path, text.encode())


def _names(module: Module) -> list[str]:
    return [function.name for function in module.functions]


def test_a_method_has_the_body_of_the_private_one_that_it_hands_all_to():
    module = _module(
        "desk.ts",
        "class Desk { open(lamp: Lamp): void { return this.doOpen(lamp); }\n"
        " private async doOpen(lamp: Lamp) { await lamp.on(); this.lit = lamp; } }",
    )
    (method,) = module.classes[0].methods
    assert (method.name, method.private, method.asynchronous, method.returns) == ("open", False, True, "void")
    assert len(method.body) == 2
    assert next(module.calls(("on",))).name == "on"


def test_an_exported_function_has_the_body_of_the_one_behind_it_wherever_that_stands():
    module = _module(
        "lamp.js",
        "export async function light(lamp, level) { return await perform(lamp, level); }\n"
        "const LEVELS = 3;\n"
        "async function perform(lamp, level) { await lamp.set(level); return LEVELS; }",
    )
    assert _names(module) == ["light"]
    assert [call.name for call in module.calls(("set",))] == ["set"]


def test_python_joins_what_hands_on_to_a_private_name():
    module = _module(
        "lamp.py",
        "class Lamp:\n"
        "    async def light(self, level):\n        return await self._light(level)\n"
        "    async def _light(self, level):\n        self._level = level\n        await self.glow()\n",
    )
    assert _names(module) == ["light"]


def test_two_stay_two_where_something_is_dropped_or_changed_or_the_second_is_called_elsewhere():
    for text in (
        "class A { run(x) { this.go(x); } async go(x) { await x(); } }",  # nobody waits
        "class A { run(x) { return this.go(x, 1); } go(x, y) { return x(y); } }",
        "class A { run(x) { return this.go(x); } go(x) { return x(); } end() { this.go(1); } }",
        "export function run(x) { return go(x); }\nexport function go(x) { return x(); }",
    ):
        assert len(_names(_module("a.js", text))) >= 2, text
