// The same state and the same work, held by other things.
import ts from "typescript";
import { Kind, parse, isTs, has, usesThis, exported, isDefault } from "./tree.mjs";

function closure(path, text) {
  // class -> factory with variables
  const sf = parse(path, text);
  let changed = false;
  const classes = sf.statements.filter(
    (s) =>
      ts.isClassDeclaration(s) &&
      s.name &&
      !s.heritageClauses &&
      !has(s, (x) => x.kind === Kind.StaticKeyword) &&
      !s.members.some((m) => ts.isGetAccessor(m) || ts.isSetAccessor(m)) &&
      s.members.every(
        (m) =>
          ts.isPropertyDeclaration(m) ||
          (ts.isMethodDeclaration(m) && m.body && !m.asteriskToken) ||
          (ts.isConstructorDeclaration(m) && m.body),
      ),
  );
  if (!classes.length) return null;
  let out = text;
  const edits = [];
  for (const c of classes) {
    const name = c.name.text,
      make = "create" + name;
    const nm = (x) => x.text.replace(/^#/, "");
    const fields = new Map(),
      methods = c.members.filter(ts.isMethodDeclaration),
      ctor = c.members.find(ts.isConstructorDeclaration);
    for (const m of c.members)
      if (ts.isPropertyDeclaration(m)) {
        if (!ts.isIdentifier(m.name) && !ts.isPrivateIdentifier(m.name)) return null;
        fields.set(nm(m.name), m);
      }
    let ok = true;
    const assigned = new Set();
    const chk = (x) => {
      if (x.kind === Kind.ThisKeyword && !(ts.isPropertyAccessExpression(x.parent) && x.parent.expression === x))
        ok = false;
      ts.forEachChild(x, chk);
    };
    chk(c);
    if (!ok) continue;
    const props = ctor ? ctor.parameters.filter((p) => (ts.getModifiers(p) ?? []).length).map((p) => p.name.text) : [];
    const params = ctor ? ctor.parameters.map((p) => p.name.getText()) : [];
    const locals = new Set();
    const bl = (x) => {
      if ((ts.isVariableDeclaration(x) || ts.isParameter(x) || ts.isBindingElement(x)) && ts.isIdentifier(x.name))
        locals.add(x.name.text);
      ts.forEachChild(x, bl);
    };
    c.members.filter((m) => !ts.isConstructorDeclaration(m)).forEach(bl);
    const ctorLocals = new Set(params);
    const called = new Set([...fields.keys(), ...props]);
    const rename = (x) =>
      locals.has(x) || (ctorLocals.has(x) && !props.includes(x)) ? "own" + x[0].toUpperCase() + x.slice(1) : x;
    const sub = (node) => {
      const src = node.getText();
      const base = node.getStart();
      const es = [];
      const w = (x) => {
        if (ts.isPropertyAccessExpression(x) && x.expression.kind === Kind.ThisKeyword) {
          const n = nm(x.name);
          es.push([x.getStart() - base, x.getEnd() - base, called.has(n) ? rename(n) : n]);
          if (!called.has(n) && !methods.some((m) => nm(m.name) === n)) {
            called.add(n);
          }
          return;
        }
        ts.forEachChild(x, w);
      };
      w(node);
      let r = src;
      for (const [a, b, t] of es.reverse()) r = r.slice(0, a) + t + r.slice(b);
      return r;
    };
    const undeclared = [...called].filter(
      (n) => !fields.has(n) && !props.includes(n) && !methods.some((m) => nm(m.name) === n),
    );
    const sameNames = methods.some((m) => fields.has(nm(m.name)) || locals.has(nm(m.name)));
    if (sameNames) continue;
    let body = "";
    const seenThis = new Set();
    const gt = (x) => {
      if (ts.isPropertyAccessExpression(x) && x.expression.kind === Kind.ThisKeyword) seenThis.add(nm(x.name));
      ts.forEachChild(x, gt);
    };
    gt(c);
    const assignedFirst = new Set(
      ctor
        ? ctor.body.statements
            .filter(
              (s) =>
                ts.isExpressionStatement(s) &&
                ts.isBinaryExpression(s.expression) &&
                ts.isPropertyAccessExpression(s.expression.left) &&
                s.expression.left.expression.kind === Kind.ThisKeyword,
            )
            .map((s) => nm(s.expression.left.name))
        : [],
    );
    for (const n of seenThis)
      if (!fields.has(n) && !props.includes(n) && !methods.some((m) => nm(m.name) === n)) {
        called.add(n);
        if (!assignedFirst.has(n)) body += `  let ${rename(n)};\n`;
      }
    if (ctor) for (const p of props) if (rename(p) !== p) body += `  let ${rename(p)} = ${p};\n`;
    const first = new Set();
    if (ctor)
      for (const s of ctor.body.statements) {
        const e =
          ts.isExpressionStatement(s) &&
          ts.isBinaryExpression(s.expression) &&
          s.expression.operatorToken.kind === Kind.EqualsToken &&
          ts.isPropertyAccessExpression(s.expression.left) &&
          s.expression.left.expression.kind === Kind.ThisKeyword
            ? s.expression
            : null;
        if (e) first.add(nm(e.left.name));
      }
    for (const [n, m] of fields)
      if (!first.has(n))
        body += `  let ${rename(n)}${m.type ? ": " + m.type.getText() : ""}${m.initializer ? " = " + sub(m.initializer) : ""};\n`;
    if (ctor)
      for (const s of ctor.body.statements) {
        const e =
          ts.isExpressionStatement(s) &&
          ts.isBinaryExpression(s.expression) &&
          s.expression.operatorToken.kind === Kind.EqualsToken &&
          ts.isPropertyAccessExpression(s.expression.left) &&
          s.expression.left.expression.kind === Kind.ThisKeyword
            ? s.expression
            : null;
        if (e) {
          const n = nm(e.left.name);
          called.add(n);
          const m = fields.get(n);
          body += `  let ${rename(n)}${m?.type ? ": " + m.type.getText() : ""} = ${sub(e.right)};\n`;
        } else body += "  " + sub(s) + "\n";
      }
    const isPrivate = (m) =>
      ts.isPrivateIdentifier(m.name) || (ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.PrivateKeyword);
    for (const m of methods) {
      const mods = (ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.AsyncKeyword) ? "async " : "";
      body += `  ${mods}function ${nm(m.name)}${m.typeParameters ? "<" + m.typeParameters.map((t) => t.getText()).join(", ") + ">" : ""}(${m.parameters.map((p) => p.getText()).join(", ")})${m.type ? ": " + m.type.getText() : ""} ${sub(m.body)}\n`;
    }
    const pub = methods.filter((m) => !isPrivate(m)).map((m) => nm(m.name));
    const pubFields = [...fields]
      .filter(([n, m]) => !isPrivate(m))
      .map(([n]) => (rename(n) === n ? n : `${n}: ${rename(n)}`));
    body += `  return { ${[...pub, ...pubFields].join(", ")} };\n`;
    const sig = ctor
      ? ctor.parameters.map((p) => p.getText().replace(/^((private|public|protected|readonly)\s+)+/, "")).join(", ")
      : "";
    edits.push([
      c.getStart(),
      c.getEnd(),
      `${exported(c) ? "export " : ""}${isDefault(c) ? "default " : ""}function ${make}(${sig}) {\n${body}}` +
        (isTs(path) ? `\n${exported(c) ? "export " : ""}type ${name} = ReturnType<typeof ${make}>;` : ""),
    ]);
    changed = true;
    const w = (x) => {
      if (
        ts.isNewExpression(x) &&
        ts.isIdentifier(x.expression) &&
        x.expression.text === name &&
        !(x.getStart() > c.getStart() && x.getEnd() < c.getEnd())
      )
        edits.push([x.getStart(), x.expression.getEnd(), make]);
      ts.forEachChild(x, w);
    };
    w(sf);
  }
  if (!changed) return null;
  for (const [a, b, t] of edits.sort((x, y) => y[0] - x[0])) out = out.slice(0, a) + t + out.slice(b);
  return { [path]: out };
}

function helper(path, text) {
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

export const whole = { closure, helper };
