// The body of a public function or method moves into a private one beside it, which it calls.
import ts from "typescript";
import { Kind, parse, isTs, has, usesThis, exported, isDefault } from "./tree.mjs";

export function helper(path, text) {
  // the body of an exported function or of a method goes into a function beside it
  const sf = parse(path, text);
  const edits = [];
  const names = new Set();
  const w0 = (x) => {
    if (ts.isIdentifier(x)) names.add(x.text);
    ts.forEachChild(x, w0);
  };
  w0(sf);
  const params = (n) => n.parameters.every((p) => ts.isIdentifier(p.name) && !p.dotDotDotToken && !p.initializer);
  for (const s of sf.statements)
    if (
      ts.isFunctionDeclaration(s) &&
      s.body &&
      s.name &&
      !s.asteriskToken &&
      params(s) &&
      !usesThis(s.body) &&
      s.body.statements.length > 1 &&
      exported(s) &&
      !isDefault(s)
    ) {
      const n = s.name.text,
        inner = "perform" + n[0].toUpperCase() + n.slice(1);
      if (names.has(inner)) continue;
      const asyn = (ts.getModifiers(s) ?? []).some((m) => m.kind === Kind.AsyncKeyword) ? "async " : "";
      edits.push([
        s.getEnd(),
        s.getEnd(),
        `\n\n${asyn}function ${inner}${s.typeParameters ? text.slice(s.typeParameters.pos - 1, s.typeParameters.end + 1) : ""}(${s.parameters.map((p) => p.getText()).join(", ")})${s.type ? ": " + s.type.getText() : ""} ${s.body.getText()}`,
      ]);
      edits.push([
        s.body.getStart(),
        s.body.getEnd(),
        `{\n  return ${inner}(${s.parameters.map((p) => p.name.text).join(", ")});\n}`,
      ]);
    }
  const seen = sf.statements.filter(ts.isClassDeclaration);
  for (const c of seen)
    for (const m of c.members)
      if (
        ts.isMethodDeclaration(m) &&
        m.body &&
        !m.asteriskToken &&
        params(m) &&
        m.body.statements.length > 1 &&
        ts.isIdentifier(m.name) &&
        !has(m.body, (x) => x.kind === Kind.SuperKeyword) &&
        !(ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.StaticKeyword)
      ) {
        const n = m.name.text,
          inner = "do" + n[0].toUpperCase() + n.slice(1);
        if (names.has(inner)) continue;
        const asyn = (ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.AsyncKeyword) ? "async " : "";
        edits.push([
          m.getEnd(),
          m.getEnd(),
          `\n\n  ${isTs(path) ? "private " : ""}${asyn}${inner}(${m.parameters.map((p) => p.getText()).join(", ")})${m.type ? ": " + m.type.getText() : ""} ${m.body.getText()}`,
        ]);
        edits.push([
          m.body.getStart(),
          m.body.getEnd(),
          `{\n    return this.${inner}(${m.parameters.map((p) => p.name.text).join(", ")});\n  }`,
        ]);
      }
  if (!edits.length) return null;
  let out = text;
  for (const [a, b, t] of edits.sort((x, y) => y[0] - x[0])) out = out.slice(0, a) + t + out.slice(b);
  return { [path]: out };
}
