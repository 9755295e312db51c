// The same said with other means of the language.
import ts from "typescript";
import { Kind, factory, has, usesThis, block, jumps, par, visitor, oneVar, isConst, isDefault } from "./tree.mjs";

const inTry = (n) => {
  let p = n.parent;
  while (p && !ts.isFunctionLike(p)) {
    if (ts.isTryStatement(p)) return true;
    p = p.parent;
  }
  return false;
};
const asArrow = (d, mods) =>
  factory.createArrowFunction(
    mods.filter((m) => m.kind === Kind.AsyncKeyword),
    d.typeParameters,
    d.parameters,
    d.type,
    factory.createToken(Kind.EqualsGreaterThanToken),
    d.body,
  );

export const shapes = {
  // A declared function becomes an arrow function in a constant.
  arrow: visitor((n, down, touch) => {
    if (ts.isFunctionDeclaration(n) && n.body && n.name && !n.asteriskToken && !isDefault(n) && !usesThis(n.body)) {
      touch();
      const d = down(n);
      const mods = ts.getModifiers(d) ?? [];
      const arrow = asArrow(d, mods);
      return factory.createVariableStatement(
        mods.filter((m) => m.kind === Kind.ExportKeyword),
        factory.createVariableDeclarationList(
          [factory.createVariableDeclaration(d.name, undefined, undefined, arrow)],
          ts.NodeFlags.Const,
        ),
      );
    }
  }),
  // An arrow function in a constant becomes a declared one.
  declared: visitor((n, down, touch) => {
    const v = ts.isVariableStatement(n) && oneVar(n);
    if (
      v &&
      isConst(n) &&
      v.initializer &&
      ts.isArrowFunction(v.initializer) &&
      ts.isIdentifier(v.name) &&
      !usesThis(v.initializer)
    ) {
      touch();
      const d = down(n);
      const a = d.declarationList.declarations[0].initializer;
      const body = ts.isBlock(a.body) ? a.body : factory.createBlock([factory.createReturnStatement(a.body)], true);
      return factory.createFunctionDeclaration(
        [...(ts.getModifiers(d) ?? []), ...(ts.getModifiers(a) ?? [])],
        undefined,
        v.name,
        a.typeParameters,
        a.parameters,
        a.type,
        body,
      );
    }
  }),
  // A method becomes a field that holds an arrow function.
  "method-arrow": visitor((n, down, touch) => {
    if (
      ts.isMethodDeclaration(n) &&
      ts.isClassDeclaration(n.parent) &&
      n.body &&
      !n.asteriskToken &&
      (ts.isIdentifier(n.name) || ts.isPrivateIdentifier(n.name)) &&
      !has(n.body, (x) => x.kind === Kind.SuperKeyword) &&
      !n.parent.heritageClauses &&
      !(ts.getModifiers(n) ?? []).some((m) => m.kind === Kind.StaticKeyword)
    ) {
      touch();
      const d = down(n);
      const mods = ts.getModifiers(d) ?? [];
      const arrow = asArrow(d, mods);
      return factory.createPropertyDeclaration(
        mods.filter((m) => m.kind !== Kind.AsyncKeyword),
        d.name,
        undefined,
        undefined,
        arrow,
      );
    }
  }),
  // A `for … of` becomes a call of `forEach`.
  "for-each": visitor((n, down, touch) => {
    if (
      ts.isForOfStatement(n) &&
      !n.awaitModifier &&
      ts.isVariableDeclarationList(n.initializer) &&
      !jumps(n.statement)
    ) {
      touch();
      const d = down(n);
      return factory.createExpressionStatement(
        factory.createCallExpression(factory.createPropertyAccessExpression(par(d.expression), "forEach"), undefined, [
          factory.createArrowFunction(
            undefined,
            undefined,
            [factory.createParameterDeclaration(undefined, undefined, d.initializer.declarations[0].name)],
            undefined,
            factory.createToken(Kind.EqualsGreaterThanToken),
            block(d.statement),
          ),
        ]),
      );
    }
  }),
  // A call of `forEach` becomes a `for … of`.
  "for-of": visitor((n, down, touch) => {
    if (
      ts.isExpressionStatement(n) &&
      ts.isCallExpression(n.expression) &&
      ts.isPropertyAccessExpression(n.expression.expression) &&
      n.expression.expression.name.text === "forEach" &&
      n.expression.arguments.length === 1
    ) {
      const a = n.expression.arguments[0];
      if (ts.isArrowFunction(a) && a.parameters.length === 1 && !has(a.body, (x) => ts.isReturnStatement(x), false)) {
        touch();
        const d = down(n);
        const b = d.expression.arguments[0];
        return factory.createForOfStatement(
          undefined,
          factory.createVariableDeclarationList(
            [factory.createVariableDeclaration(b.parameters[0].name)],
            ts.NodeFlags.Const,
          ),
          d.expression.expression.expression,
          ts.isBlock(b.body) ? b.body : factory.createBlock([factory.createExpressionStatement(b.body)], true),
        );
      }
    }
  }),
  // `a?.b()` becomes `a && a.b()`.
  "no-optional-chain": visitor((n, down, touch) => {
    if (
      ts.isCallExpression(n) &&
      ts.isPropertyAccessExpression(n.expression) &&
      n.expression.questionDotToken &&
      !n.questionDotToken &&
      (ts.isIdentifier(n.expression.expression) || ts.isPropertyAccessExpression(n.expression.expression))
    ) {
      touch();
      const d = down(n);
      const o = d.expression.expression;
      return factory.createParenthesizedExpression(
        factory.createLogicalAnd(
          o,
          factory.createCallExpression(
            factory.createPropertyAccessExpression(o, d.expression.name),
            d.typeArguments,
            d.arguments,
          ),
        ),
      );
    }
    if (
      ts.isPropertyAccessExpression(n) &&
      n.questionDotToken &&
      ts.isIdentifier(n.expression) &&
      !(
        ts.isPropertyAccessExpression(n.parent) ||
        ts.isElementAccessExpression(n.parent) ||
        (ts.isCallExpression(n.parent) && n.parent.expression === n)
      )
    ) {
      touch();
      const d = down(n);
      return factory.createParenthesizedExpression(
        factory.createLogicalAnd(d.expression, factory.createPropertyAccessExpression(d.expression, d.name)),
      );
    }
  }),
  // `a ?? b` becomes a choice.
  "no-nullish": visitor((n, down, touch) => {
    if (ts.isBinaryExpression(n) && n.operatorToken.kind === Kind.QuestionQuestionToken) {
      touch();
      const d = down(n);
      const simpleLeft = ts.isIdentifier(n.left) || ts.isPropertyAccessExpression(n.left);
      return simpleLeft
        ? factory.createParenthesizedExpression(
            factory.createConditionalExpression(
              factory.createBinaryExpression(
                d.left,
                Kind.ExclamationEqualsEqualsToken,
                factory.createIdentifier("undefined"),
              ),
              undefined,
              d.left,
              undefined,
              d.right,
            ),
          )
        : factory.createParenthesizedExpression(factory.createLogicalOr(par(d.left), par(d.right)));
    }
  }),
  // A template becomes a sum of texts.
  concat: visitor((n, down, touch) => {
    if (ts.isTemplateExpression(n) && !ts.isTaggedTemplateExpression(n.parent)) {
      touch();
      const d = down(n);
      let e = factory.createStringLiteral(d.head.text);
      for (const s of d.templateSpans) {
        e = factory.createAdd(e, par(s.expression));
        if (s.literal.text) e = factory.createAdd(e, factory.createStringLiteral(s.literal.text));
      }
      return factory.createParenthesizedExpression(e);
    }
  }),
  // A sum of texts becomes a template.
  template: visitor((n, down, touch) => {
    if (
      ts.isBinaryExpression(n) &&
      n.operatorToken.kind === Kind.PlusToken &&
      !(ts.isBinaryExpression(n.parent) && n.parent.operatorToken.kind === Kind.PlusToken)
    ) {
      const parts = [];
      const w = (x) => {
        if (
          ts.isParenthesizedExpression(x) &&
          ts.isBinaryExpression(x.expression) &&
          x.expression.operatorToken.kind === Kind.PlusToken
        )
          x = x.expression;
        if (ts.isBinaryExpression(x) && x.operatorToken.kind === Kind.PlusToken) {
          w(x.left);
          w(x.right);
        } else parts.push(x);
      };
      w(n);
      if (!parts.some(ts.isStringLiteral) || parts.some((p) => ts.isTemplateExpression(p))) return undefined;
      touch();
      let head = "",
        spans = [];
      for (const p of parts) {
        if (ts.isStringLiteral(p)) {
          if (spans.length) spans[spans.length - 1][1] += p.text;
          else head += p.text;
        } else spans.push([p, ""]);
      }
      if (!spans.length) return undefined;
      return factory.createTemplateExpression(
        factory.createTemplateHead(head),
        spans.map(([e, t], i) =>
          factory.createTemplateSpan(
            e,
            i === spans.length - 1 ? factory.createTemplateTail(t) : factory.createTemplateMiddle(t),
          ),
        ),
      );
    }
  }),
  // `return await` becomes `return`, outside of `try`.
  "return-unawaited": visitor((n, down, touch) => {
    if (ts.isReturnStatement(n) && n.expression && ts.isAwaitExpression(n.expression) && !inTry(n)) {
      touch();
      const d = down(n);
      return factory.createReturnStatement(d.expression.expression);
    }
  }),
  // `return` of a call becomes `return await`.
  "return-await": visitor((n, down, touch) => {
    if (ts.isReturnStatement(n) && n.expression && ts.isCallExpression(n.expression)) {
      let p = n.parent;
      while (p && !ts.isFunctionLike(p)) p = p.parent;
      if (p && (ts.getModifiers(p) ?? []).some((m) => m.kind === Kind.AsyncKeyword)) {
        touch();
        const d = down(n);
        return factory.createReturnStatement(factory.createAwaitExpression(d.expression));
      }
    }
  }),
};
