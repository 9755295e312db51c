// The same values under names of their own, or without the names that they had.
import ts from "typescript";
import { Kind, factory, has, hasIn, par, fresh, visitor, lists, konst, oneVar, isConst, exported } from "./tree.mjs";

export const shapes = {
  // What is returned gets a name first.
  "result-by-name": lists((stmts, n, touch, sf) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      if (
        ts.isReturnStatement(s) &&
        s.expression &&
        (ts.isCallExpression(s.expression) ||
          ts.isBinaryExpression(s.expression) ||
          ts.isNewExpression(s.expression) ||
          ts.isAwaitExpression(s.expression) ||
          ts.isConditionalExpression(s.expression))
      ) {
        hit = true;
        const name = fresh(sf, "outcome");
        out.push(konst(name, s.expression), factory.createReturnStatement(factory.createIdentifier(name)));
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
  // What is handed to a call gets a name first.
  "argument-by-name": lists((stmts, n, touch, sf) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      const e = ts.isExpressionStatement(s) ? s.expression : null;
      const call = e && (ts.isAwaitExpression(e) ? e.expression : e);
      const at =
        call &&
        ts.isCallExpression(call) &&
        call.arguments.length &&
        call.arguments.findIndex(
          (a) =>
            ts.isCallExpression(a) ||
            ts.isPropertyAccessExpression(a) ||
            ts.isElementAccessExpression(a) ||
            ts.isTemplateExpression(a) ||
            ts.isObjectLiteralExpression(a),
        );
      if (
        call &&
        typeof at === "number" &&
        at >= 0 &&
        call.arguments.length &&
        call.expression.kind !== Kind.SuperKeyword
      ) {
        hit = true;
        const name = fresh(sf, "part");
        out.push(konst(name, call.arguments[at]));
        const c = factory.updateCallExpression(
          call,
          call.expression,
          call.typeArguments,
          call.arguments.map((a, i) => (i === at ? factory.createIdentifier(name) : a)),
        );
        out.push(factory.createExpressionStatement(ts.isAwaitExpression(e) ? factory.createAwaitExpression(c) : c));
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
  // A constant that is read once, at once, stands where it is read.
  inline: lists((stmts, n, touch) => {
    for (let i = 0; i < stmts.length - 1; i++) {
      const v = oneVar(stmts[i]);
      if (
        !v ||
        !isConst(stmts[i]) ||
        !v.initializer ||
        !ts.isIdentifier(v.name) ||
        exported(stmts[i]) ||
        ts.isArrowFunction(v.initializer) ||
        ts.isFunctionExpression(v.initializer)
      )
        continue;
      const name = v.name.text;
      let uses = 0,
        here = 0;
      const count = (x, inc) => {
        if (
          ts.isIdentifier(x) &&
          x.text === name &&
          !(x.parent && ts.isPropertyAccessExpression(x.parent) && x.parent.name === x)
        )
          inc();
        ts.forEachChild(x, (y) => count(y, inc));
      };
      for (let j = i + 1; j < stmts.length; j++)
        count(stmts[j], () => {
          uses++;
          if (j === i + 1) here++;
        });
      if (uses !== 1 || here !== 1) continue;
      const next = stmts[i + 1];
      if (!(
        ts.isExpressionStatement(next) ||
        ts.isReturnStatement(next) ||
        ts.isIfStatement(next) ||
        ts.isVariableStatement(next)
      ))
        continue;
      if (
        has(next, (x) => ts.isShorthandPropertyAssignment(x) && x.name.text === name) ||
        has(next, (x) => ts.isFunctionLike(x) && has(x, (y) => ts.isIdentifier(y) && y.text === name))
      )
        continue;
      if (ts.isIfStatement(next) && !hasIn(next.expression, (x) => ts.isIdentifier(x) && x.text === name)) continue;
      touch();
      const swap = ts.transform(next, [
        (ctx) => {
          const w = (x) =>
            ts.isIdentifier(x) && x.text === name
              ? par(
                  ts.isAwaitExpression(v.initializer)
                    ? factory.createParenthesizedExpression(v.initializer)
                    : v.initializer,
                )
              : ts.isPropertyAccessExpression(x)
                ? factory.updatePropertyAccessExpression(x, ts.visitNode(x.expression, w), x.name)
                : ts.visitEachChild(x, w, ctx);
          return (x) => ts.visitNode(x, w);
        },
      ]).transformed[0];
      return [...stmts.slice(0, i), swap, ...stmts.slice(i + 2)];
    }
  }),
  // `const a = o.b` becomes a pattern.
  destructure: visitor((n, down, touch) => {
    if (
      ts.isVariableDeclaration(n) &&
      ts.isIdentifier(n.name) &&
      n.initializer &&
      ts.isPropertyAccessExpression(n.initializer) &&
      !n.initializer.questionDotToken &&
      ts.isIdentifier(n.initializer.name) &&
      !n.type &&
      ts.isVariableDeclarationList(n.parent)
    ) {
      touch();
      const d = down(n);
      return factory.createVariableDeclaration(
        factory.createObjectBindingPattern([
          factory.createBindingElement(
            undefined,
            d.initializer.name.text === d.name.text ? undefined : d.initializer.name,
            d.name,
          ),
        ]),
        undefined,
        undefined,
        d.initializer.expression,
      );
    }
  }),
  // A pattern becomes one constant for each name.
  dotted: lists((stmts, n, touch) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      const v = oneVar(s);
      if (
        v &&
        v.initializer &&
        ts.isObjectBindingPattern(v.name) &&
        (ts.isIdentifier(v.initializer) ||
          v.initializer.kind === Kind.ThisKeyword ||
          ts.isPropertyAccessExpression(v.initializer)) &&
        v.name.elements.every(
          (e) =>
            !e.dotDotDotToken &&
            !e.initializer &&
            ts.isIdentifier(e.name) &&
            (!e.propertyName || ts.isIdentifier(e.propertyName)),
        )
      ) {
        hit = true;
        for (const e of v.name.elements)
          out.push(
            factory.createVariableStatement(
              ts.getModifiers(s),
              factory.createVariableDeclarationList(
                [
                  factory.createVariableDeclaration(
                    e.name,
                    undefined,
                    undefined,
                    factory.createPropertyAccessExpression(v.initializer, e.propertyName ?? e.name),
                  ),
                ],
                s.declarationList.flags & ts.NodeFlags.BlockScoped,
              ),
            ),
          );
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
  // A pattern in the parameters moves into the body.
  "parameter-later": visitor((n, down, touch, sf) => {
    if (
      (ts.isFunctionDeclaration(n) || ts.isArrowFunction(n) || ts.isMethodDeclaration(n)) &&
      n.body &&
      ts.isBlock(n.body)
    ) {
      const i = n.parameters.findIndex((p) => ts.isObjectBindingPattern(p.name));
      if (i < 0) return undefined;
      touch();
      const d = down(n);
      const name = fresh(sf, "given");
      const p = d.parameters[i];
      const params = d.parameters.map((q, j) =>
        j === i ? factory.createParameterDeclaration(undefined, undefined, name, undefined, p.type, p.initializer) : q,
      );
      const body = factory.createBlock([konst(p.name, factory.createIdentifier(name)), ...d.body.statements], true);
      if (ts.isFunctionDeclaration(n))
        return factory.updateFunctionDeclaration(
          d,
          d.modifiers,
          d.asteriskToken,
          d.name,
          d.typeParameters,
          params,
          d.type,
          body,
        );
      if (ts.isMethodDeclaration(n))
        return factory.updateMethodDeclaration(
          d,
          d.modifiers,
          d.asteriskToken,
          d.name,
          d.questionToken,
          d.typeParameters,
          params,
          d.type,
          body,
        );
      return factory.updateArrowFunction(
        d,
        d.modifiers,
        d.typeParameters,
        params,
        d.type,
        d.equalsGreaterThanToken,
        body,
      );
    }
  }),
  // Words that are handed to calls become constants of the module.
  "word-by-name": visitor((n, down, touch, sf) => {
    if (!ts.isSourceFile(n)) return undefined;
    const names = new Map();
    const mk = (text) => {
      if (!names.has(text))
        names.set(
          text,
          fresh(
            sf,
            text
              .toUpperCase()
              .replace(/[^A-Z0-9]+/g, "_")
              .replace(/^_+|_+$/g, "")
              .slice(0, 30) || "WORD",
          ),
        );
      return factory.createIdentifier(names.get(text));
    };
    const r = ts.transform(n, [
      (ctx) => {
        const w = (x) => {
          if (
            ts.isCallExpression(x) &&
            !(ts.isIdentifier(x.expression) && x.expression.text === "require") &&
            x.expression.kind !== Kind.ImportKeyword
          ) {
            const d = ts.visitEachChild(x, w, ctx);
            return factory.updateCallExpression(
              d,
              d.expression,
              d.typeArguments,
              d.arguments.map((a) =>
                ts.isStringLiteral(a) && /^[A-Za-z][\w.:-]{2,40}$/.test(a.text) ? mk(a.text) : a,
              ),
            );
          }
          return ts.visitEachChild(x, w, ctx);
        };
        return (x) => ts.visitNode(x, w);
      },
    ]).transformed[0];
    if (!names.size) return n;
    touch();
    let at = 0;
    while (
      at < r.statements.length &&
      (ts.isImportDeclaration(r.statements[at]) ||
        (ts.isExpressionStatement(r.statements[at]) && ts.isStringLiteral(r.statements[at].expression)))
    )
      at++;
    return factory.updateSourceFile(r, [
      ...r.statements.slice(0, at),
      ...[...names].map(([t, nm]) => konst(nm, factory.createStringLiteral(t))),
      ...r.statements.slice(at),
    ]);
  }),
};
