// The same ways through a function, written with other branches.
import ts from "typescript";
import { Kind, factory, has, leaves, block, not, par, fresh, visitor, lists, konst } from "./tree.mjs";

export const shapes = {
  // What follows a branch that leaves stands under `else`.
  "else-wrap": lists((stmts, n, touch) => {
    for (let i = 0; i < stmts.length - 1; i++) {
      const s = stmts[i];
      const rest = stmts.slice(i + 1);
      if (
        ts.isIfStatement(s) &&
        !s.elseStatement &&
        leaves(s.thenStatement) &&
        !ts.isSourceFile(n) &&
        !rest.some((r) => ts.isFunctionDeclaration(r))
      ) {
        touch();
        return [
          ...stmts.slice(0, i),
          factory.updateIfStatement(s, s.expression, block(s.thenStatement), factory.createBlock(rest, true)),
        ];
      }
    }
  }),
  // `else` behind a branch that leaves stands after it.
  "early-leave": lists((stmts, n, touch) => {
    const i = stmts.findIndex(
      (s) => ts.isIfStatement(s) && s.elseStatement && leaves(s.thenStatement) && ts.isBlock(s.elseStatement),
    );
    if (i < 0) return;
    touch();
    const s = stmts[i];
    return [
      ...stmts.slice(0, i),
      factory.updateIfStatement(s, s.expression, s.thenStatement, undefined),
      ...s.elseStatement.statements,
      ...stmts.slice(i + 1),
    ];
  }),
  // A last `if` of a function becomes an early return.
  "guard-last": lists((stmts, n, touch) => {
    if (
      !stmts.length ||
      !ts.isBlock(n) ||
      !n.parent ||
      !ts.isFunctionLike(n.parent) ||
      ts.isConstructorDeclaration(n.parent)
    )
      return;
    const s = stmts[stmts.length - 1];
    if (!ts.isIfStatement(s) || s.elseStatement || leaves(s.thenStatement)) return;
    if (has(n, (x) => ts.isReturnStatement(x) && x.expression, false)) return;
    touch();
    const inner = ts.isBlock(s.thenStatement) ? s.thenStatement.statements : [s.thenStatement];
    return [
      ...stmts.slice(0, -1),
      factory.createIfStatement(not(s.expression), factory.createReturnStatement()),
      ...inner,
    ];
  }),
  // What follows an early return stands under the opposite test.
  "guard-wrap": lists((stmts, n, touch) => {
    if (!ts.isBlock(n) || !n.parent || !ts.isFunctionLike(n.parent)) return;
    const i = stmts.findIndex(
      (s) =>
        ts.isIfStatement(s) &&
        !s.elseStatement &&
        ((s) => ts.isReturnStatement(s) && !s.expression)(
          ts.isBlock(s.thenStatement) && s.thenStatement.statements.length === 1
            ? s.thenStatement.statements[0]
            : s.thenStatement,
        ),
    );
    if (i < 0 || i === stmts.length - 1) return;
    touch();
    return [
      ...stmts.slice(0, i),
      factory.createIfStatement(not(stmts[i].expression), factory.createBlock(stmts.slice(i + 1), true)),
    ];
  }),
  // Both branches change places under the opposite test.
  invert: visitor((n, down, touch) => {
    if (ts.isIfStatement(n) && n.elseStatement && !ts.isIfStatement(n.elseStatement)) {
      touch();
      const d = down(n);
      return factory.updateIfStatement(d, not(d.expression), block(d.elseStatement), d.thenStatement);
    }
    if (ts.isConditionalExpression(n)) {
      touch();
      const d = down(n);
      return factory.createConditionalExpression(par(not(d.condition)), undefined, d.whenFalse, undefined, d.whenTrue);
    }
  }),
  // `return a ? b : c` becomes two returns.
  "choice-to-if": lists((stmts, n, touch) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      const e =
        ts.isReturnStatement(s) &&
        s.expression &&
        (ts.isParenthesizedExpression(s.expression) ? s.expression.expression : s.expression);
      if (e && ts.isConditionalExpression(e)) {
        hit = true;
        out.push(
          factory.createIfStatement(
            e.condition,
            factory.createBlock([factory.createReturnStatement(e.whenTrue)], true),
          ),
          factory.createReturnStatement(e.whenFalse),
        );
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
  // Two returns become `return a ? b : c`.
  "if-to-choice": lists((stmts, n, touch) => {
    const ret = (s) => {
      s = ts.isBlock(s) && s.statements.length === 1 ? s.statements[0] : s;
      return ts.isReturnStatement(s) && s.expression ? s.expression : null;
    };
    for (let i = 0; i < stmts.length - 1; i++) {
      const s = stmts[i];
      if (ts.isIfStatement(s) && !s.elseStatement && ret(s.thenStatement) && ret(stmts[i + 1])) {
        touch();
        return [
          ...stmts.slice(0, i),
          factory.createReturnStatement(
            factory.createConditionalExpression(
              par(s.expression),
              undefined,
              par(ret(s.thenStatement)),
              undefined,
              par(ret(stmts[i + 1])),
            ),
          ),
          ...stmts.slice(i + 2),
        ];
      }
    }
  }),
  // A return of true or false before another becomes `&&` or `||`.
  "logical-return": lists((stmts, n, touch) => {
    for (let i = 0; i < stmts.length - 1; i++) {
      const s = stmts[i],
        nx = stmts[i + 1];
      if (!ts.isIfStatement(s) || s.elseStatement || !ts.isReturnStatement(nx) || !nx.expression) continue;
      const t =
        ts.isBlock(s.thenStatement) && s.thenStatement.statements.length === 1
          ? s.thenStatement.statements[0]
          : s.thenStatement;
      if (!ts.isReturnStatement(t) || !t.expression) continue;
      if (t.expression.kind === Kind.FalseKeyword) {
        touch();
        return [
          ...stmts.slice(0, i),
          factory.createReturnStatement(factory.createLogicalAnd(par(not(s.expression)), par(nx.expression))),
          ...stmts.slice(i + 2),
        ];
      }
      if (t.expression.kind === Kind.TrueKeyword) {
        touch();
        return [
          ...stmts.slice(0, i),
          factory.createReturnStatement(factory.createLogicalOr(par(s.expression), par(nx.expression))),
          ...stmts.slice(i + 2),
        ];
      }
    }
  }),
  // `return a && b` becomes two returns.
  "split-return": lists((stmts, n, touch) => {
    const s = stmts[stmts.length - 1];
    const e = s && ts.isReturnStatement(s) && s.expression;
    if (!e || !ts.isBinaryExpression(e)) return;
    if (e.operatorToken.kind === Kind.AmpersandAmpersandToken) {
      touch();
      return [
        ...stmts.slice(0, -1),
        factory.createIfStatement(not(e.left), factory.createReturnStatement(factory.createFalse())),
        factory.createReturnStatement(e.right),
      ];
    }
    if (e.operatorToken.kind === Kind.BarBarToken) {
      touch();
      return [
        ...stmts.slice(0, -1),
        factory.createIfStatement(e.left, factory.createReturnStatement(factory.createTrue())),
        factory.createReturnStatement(e.right),
      ];
    }
  }),
  // `if (a && b)` becomes two, one in the other.
  "nested-if": visitor((n, down, touch) => {
    if (
      ts.isIfStatement(n) &&
      !n.elseStatement &&
      ts.isBinaryExpression(n.expression) &&
      n.expression.operatorToken.kind === Kind.AmpersandAmpersandToken
    ) {
      touch();
      const d = down(n);
      return factory.createIfStatement(
        d.expression.left,
        factory.createBlock([factory.createIfStatement(d.expression.right, d.thenStatement)], true),
      );
    }
  }),
  // `if (a || b)` that leaves becomes two, one after the other.
  "two-ifs": visitor((n, down, touch) => {
    if (
      ts.isIfStatement(n) &&
      !n.elseStatement &&
      leaves(n.thenStatement) &&
      ts.isBinaryExpression(n.expression) &&
      n.expression.operatorToken.kind === Kind.BarBarToken &&
      ts.isBlock(n.parent)
    ) {
      touch();
      const d = down(n);
      return [
        factory.createIfStatement(d.expression.left, d.thenStatement),
        factory.createIfStatement(d.expression.right, d.thenStatement),
      ];
    }
  }),
  // A condition gets a name first.
  "condition-by-name": lists((stmts, n, touch, sf) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      if (ts.isIfStatement(s) && !ts.isIdentifier(s.expression)) {
        hit = true;
        const name = fresh(sf, "holds");
        out.push(
          konst(name, s.expression),
          factory.updateIfStatement(s, factory.createIdentifier(name), s.thenStatement, s.elseStatement),
        );
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
  // A condition is asked through a function beside it.
  "condition-by-function": lists((stmts, n, touch, sf) => {
    const out = [];
    let hit = false;
    for (const s of stmts) {
      if (
        ts.isIfStatement(s) &&
        !ts.isIdentifier(s.expression) &&
        !has(s.expression, (x) => ts.isAwaitExpression(x)) &&
        !ts.isAwaitExpression(s.expression)
      ) {
        hit = true;
        const name = fresh(sf, "isSo");
        out.push(
          konst(
            name,
            factory.createArrowFunction(
              undefined,
              undefined,
              [],
              undefined,
              factory.createToken(Kind.EqualsGreaterThanToken),
              ts.isObjectLiteralExpression(s.expression)
                ? factory.createParenthesizedExpression(s.expression)
                : s.expression,
            ),
          ),
          factory.updateIfStatement(
            s,
            factory.createCallExpression(factory.createIdentifier(name), undefined, []),
            s.thenStatement,
            s.elseStatement,
          ),
        );
      } else out.push(s);
    }
    if (hit) {
      touch();
      return out;
    }
  }),
};
