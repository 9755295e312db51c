// The same members of objects, reached otherwise.
import ts from "typescript";
import { Kind, factory, isTs, has, visitor, konst } from "./tree.mjs";

export const shapes = {
  // A parameter of which only members are read becomes a pattern.
  "parameter-pattern": visitor((n, down, touch) => {
    if ((ts.isFunctionDeclaration(n) || ts.isArrowFunction(n)) && n.body && n.parameters.length) {
      const p = n.parameters[n.parameters.length - 1];
      if (!ts.isIdentifier(p.name) || p.dotDotDotToken || p.questionToken || p.initializer) return undefined;
      const name = p.name.text;
      const fields = new Set();
      let ok = true;
      const inner = new Set();
      const w = (x) => {
        if (ts.isIdentifier(x)) {
          inner.add(x.text);
          if (
            x.text === name &&
            !(ts.isPropertyAccessExpression(x.parent) && x.parent.name === x) &&
            !(ts.isPropertyAssignment(x.parent) && x.parent.name === x)
          ) {
            const pa = x.parent;
            if (
              ts.isPropertyAccessExpression(pa) &&
              pa.expression === x &&
              !pa.questionDotToken &&
              ts.isIdentifier(pa.name) &&
              !(ts.isBinaryExpression(pa.parent) && pa.parent.left === pa) &&
              !(ts.isCallExpression(pa.parent) && pa.parent.expression === pa && false)
            )
              fields.add(pa.name.text);
            else ok = false;
          }
        }
        ts.forEachChild(x, w);
      };
      w(n.body);
      if (
        !ok ||
        !fields.size ||
        fields.size > 4 ||
        [...fields].some((x) =>
          /^(has|get|set|delete|add|push|on|off|once|emit|then|catch|map|filter|forEach|find|values|keys|entries|slice|split|length|size|some|every|join|includes|indexOf|startsWith|endsWith|replace|trim|toString|test|exec|write|end|pipe|close)$/.test(
            x,
          ),
        )
      )
        return undefined;
      const bound = new Set();
      const b = (x) => {
        if (
          (ts.isVariableDeclaration(x) || ts.isParameter(x) || ts.isBindingElement(x) || ts.isFunctionDeclaration(x)) &&
          x.name &&
          ts.isIdentifier(x.name)
        )
          bound.add(x.name.text);
        ts.forEachChild(x, b);
      };
      b(n);
      const frees = new Set();
      const fr = (x) => {
        if (
          ts.isIdentifier(x) &&
          !(x.parent && ts.isPropertyAccessExpression(x.parent) && x.parent.name === x) &&
          !(x.parent && ts.isPropertyAssignment(x.parent) && x.parent.name === x)
        )
          frees.add(x.text);
        ts.forEachChild(x, fr);
      };
      fr(n.body);
      for (const x of fields) if (bound.has(x) || frees.has(x)) return undefined;
      touch();
      const swap = (body) =>
        ts.transform(body, [
          (ctx) => {
            const y = (x) =>
              ts.isPropertyAccessExpression(x) && ts.isIdentifier(x.expression) && x.expression.text === name
                ? factory.createIdentifier(x.name.text)
                : ts.visitEachChild(x, y, ctx);
            return (x) => ts.visitNode(x, y);
          },
        ]).transformed[0];
      const pat = factory.createObjectBindingPattern(
        [...fields].map((x) => factory.createBindingElement(undefined, undefined, x)),
      );
      const params = [
        ...n.parameters.slice(0, -1),
        factory.createParameterDeclaration(undefined, undefined, pat, undefined, p.type),
      ];
      if (ts.isFunctionDeclaration(n))
        return factory.updateFunctionDeclaration(
          n,
          n.modifiers,
          n.asteriskToken,
          n.name,
          n.typeParameters,
          params,
          n.type,
          swap(n.body),
        );
      return factory.updateArrowFunction(
        n,
        n.modifiers,
        n.typeParameters,
        params,
        n.type,
        n.equalsGreaterThanToken,
        swap(n.body),
      );
    }
  }),
  // Fields that a method only reads are taken into locals where it begins.
  "field-by-name": visitor((n, down, touch) => {
    if (ts.isMethodDeclaration(n) && n.body && ts.isClassDeclaration(n.parent)) {
      const fields = new Set();
      let bad = new Set();
      const methods = new Set(n.parent.members.filter(ts.isMethodDeclaration).map((m) => m.name.getText()));
      const w = (x) => {
        if (ts.isPropertyAccessExpression(x) && x.expression.kind === Kind.ThisKeyword) {
          const nm = x.name.text;
          if (ts.isPrivateIdentifier(x.name) || methods.has(nm)) bad.add(nm);
          else fields.add(nm);
          const p = x.parent;
          if (
            (ts.isBinaryExpression(p) && p.left === x) ||
            ts.isPostfixUnaryExpression(p) ||
            ts.isPrefixUnaryExpression(p) ||
            ts.isDeleteExpression(p) ||
            x.questionDotToken ||
            (ts.isCallExpression(p) && p.expression === x)
          )
            bad.add(nm);
        }
        ts.forEachChild(x, w);
      };
      w(n.body);
      const idents = new Set();
      const b = (x) => {
        if (ts.isIdentifier(x) && !(ts.isPropertyAccessExpression(x.parent) && x.parent.name === x)) idents.add(x.text);
        ts.forEachChild(x, b);
      };
      b(n.body);
      n.parameters.forEach(b);
      const use = [...fields].filter((x) => !bad.has(x) && !idents.has(x));
      if (!use.length) return undefined;
      touch();
      const body = ts.transform(n.body, [
        (ctx) => {
          const y = (x) =>
            ts.isPropertyAccessExpression(x) && x.expression.kind === Kind.ThisKeyword && use.includes(x.name.text)
              ? factory.createIdentifier(x.name.text)
              : ts.visitEachChild(x, y, ctx);
          return (x) => ts.visitEachChild(x, y, ctx);
        },
      ]).transformed[0];
      const head = konst(
        factory.createObjectBindingPattern(use.map((x) => factory.createBindingElement(undefined, undefined, x))),
        factory.createThis(),
      );
      return factory.updateMethodDeclaration(
        n,
        n.modifiers,
        n.asteriskToken,
        n.name,
        n.questionToken,
        n.typeParameters,
        n.parameters,
        n.type,
        factory.createBlock([head, ...body.statements], true),
      );
    }
  }),
  // `private x` becomes `#x`.
  private: visitor((n, down, touch, sf) => {
    const priv = (sf.__priv ??= (() => {
      const s = new Set();
      const w = (x) => {
        if (
          ts.isPropertyDeclaration(x) &&
          ts.isIdentifier(x.name) &&
          (ts.getModifiers(x) ?? []).some((m) => m.kind === Kind.PrivateKeyword)
        )
          s.add(x.name.text);
        if (ts.isParameter(x) && ts.isParameterPropertyDeclaration(x, x.parent)) s.add("!" + x.name.text);
        ts.forEachChild(x, w);
      };
      w(sf);
      return s;
    })());
    if (!priv.size) return n;
    if (
      ts.isPropertyDeclaration(n) &&
      ts.isIdentifier(n.name) &&
      priv.has(n.name.text) &&
      (ts.getModifiers(n) ?? []).some((m) => m.kind === Kind.PrivateKeyword) &&
      !priv.has("!" + n.name.text)
    ) {
      touch();
      const d = down(n);
      return factory.updatePropertyDeclaration(
        d,
        (d.modifiers ?? []).filter((m) => m.kind !== Kind.PrivateKeyword),
        factory.createPrivateIdentifier("#" + n.name.text),
        d.questionToken,
        d.type,
        d.initializer,
      );
    }
    if (
      ts.isPropertyAccessExpression(n) &&
      ts.isIdentifier(n.name) &&
      priv.has(n.name.text) &&
      !priv.has("!" + n.name.text) &&
      n.expression.kind === Kind.ThisKeyword
    ) {
      const d = down(n);
      return factory.createPropertyAccessExpression(d.expression, factory.createPrivateIdentifier("#" + n.name.text));
    }
  }),
  // `#x` becomes `_x`.
  underscore: visitor((n, down, touch) => {
    if (ts.isPrivateIdentifier(n)) {
      touch();
      return factory.createIdentifier("_" + n.text.slice(1));
    }
  }),
  // Fields are given their values in the constructor.
  assigned: visitor((n, down, touch) => {
    if (!ts.isClassDeclaration(n)) return undefined;
    const ctor = n.members.find((m) => ts.isConstructorDeclaration(m) && m.body);
    const base = n.heritageClauses?.some((h) => h.token === Kind.ExtendsKeyword);
    if (base) return undefined;
    const fields = n.members.filter(
      (m) =>
        ts.isPropertyDeclaration(m) &&
        m.initializer &&
        !(ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.StaticKeyword),
    );
    const props = ctor ? ctor.parameters.filter((p) => (ts.getModifiers(p) ?? []).length) : [];
    if (!fields.length && !props.length) return undefined;
    touch();
    const d = down(n);
    const t = (nm) =>
      factory.createPropertyAccessExpression(
        factory.createThis(),
        ts.isPrivateIdentifier(nm) ? factory.createPrivateIdentifier(nm.text) : nm.text,
      );
    const set = (nm, v) => factory.createExpressionStatement(factory.createAssignment(t(nm), v));
    const dctor = d.members.find((m) => ts.isConstructorDeclaration(m) && m.body);
    const dfields = d.members.filter(
      (m) =>
        ts.isPropertyDeclaration(m) &&
        m.initializer &&
        !(ts.getModifiers(m) ?? []).some((x) => x.kind === Kind.StaticKeyword),
    );
    const body = [
      ...props.map((p) => set(p.name, factory.createIdentifier(p.name.text))),
      ...dfields.map((m) => set(m.name, m.initializer)),
      ...(dctor ? dctor.body.statements : []),
    ];
    const newCtor = factory.createConstructorDeclaration(
      undefined,
      dctor
        ? dctor.parameters.map((p) =>
            factory.createParameterDeclaration(
              undefined,
              p.dotDotDotToken,
              p.name,
              p.questionToken,
              p.type,
              p.initializer,
            ),
          )
        : [],
      factory.createBlock(body, true),
    );
    const members = d.members
      .filter((m) => m !== dctor)
      .map((m) =>
        dfields.includes(m)
          ? factory.updatePropertyDeclaration(m, m.modifiers, m.name, m.questionToken, m.type, undefined)
          : m,
      );
    const declared = isTs(n.getSourceFile().fileName)
      ? props.map((p) => factory.createPropertyDeclaration(ts.getModifiers(p), p.name, undefined, p.type, undefined))
      : [];
    const kept = isTs(n.getSourceFile().fileName)
      ? members
      : members.filter((m) => !(ts.isPropertyDeclaration(m) && !m.initializer && !ts.isPrivateIdentifier(m.name)));
    return factory.updateClassDeclaration(d, d.modifiers, d.name, d.typeParameters, d.heritageClauses, [
      ...declared,
      ...kept.filter(ts.isPropertyDeclaration),
      newCtor,
      ...kept.filter((m) => !ts.isPropertyDeclaration(m)),
    ]);
  }),
};
