// What shapes need: a file as a tree and back, lists of statements, opposite conditions, names that are free.
import ts from "typescript";

export const factory = ts.factory;
export const Kind = ts.SyntaxKind;
const printer = ts.createPrinter({ removeComments: false });
export const kindOf = (p) =>
  p.endsWith(".tsx")
    ? ts.ScriptKind.TSX
    : p.endsWith(".jsx")
      ? ts.ScriptKind.JSX
      : /\.[mc]?ts$/.test(p)
        ? ts.ScriptKind.TS
        : ts.ScriptKind.JS;
export const parse = (path, text) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kindOf(path));
export const print = (sf) => printer.printFile(sf);
export const isTs = (p) => /\.[mc]?tsx?$/.test(p);
export const has = (n, test, into = true) => {
  let found = false;
  const v = (x) => {
    if (found) return;
    if (test(x)) {
      found = true;
      return;
    }
    if (!into && ts.isFunctionLike(x)) return;
    ts.forEachChild(x, v);
  };
  ts.forEachChild(n, v);
  return found;
};
export const hasIn = (n, test, into = true) => test(n) || has(n, test, into);
export const usesThis = (n) =>
  has(
    n,
    (x) =>
      x.kind === Kind.ThisKeyword || x.kind === Kind.SuperKeyword || (ts.isIdentifier(x) && x.text === "arguments"),
  );
export const leaves = (s) => {
  if (!s) return false;
  if (ts.isBlock(s)) return s.statements.length > 0 && leaves(s.statements[s.statements.length - 1]);
  return ts.isReturnStatement(s) || ts.isThrowStatement(s) || ts.isContinueStatement(s) || ts.isBreakStatement(s);
};
export const block = (s) => (ts.isBlock(s) ? s : factory.createBlock([s], true));
export const jumps = (n) =>
  hasIn(
    n,
    (x) =>
      ts.isReturnStatement(x) ||
      ts.isBreakStatement(x) ||
      ts.isContinueStatement(x) ||
      ts.isAwaitExpression(x) ||
      ts.isYieldExpression(x) ||
      ts.isThrowStatement(x),
    false,
  );
const OPP = new Map([
  [Kind.EqualsEqualsEqualsToken, Kind.ExclamationEqualsEqualsToken],
  [Kind.ExclamationEqualsEqualsToken, Kind.EqualsEqualsEqualsToken],
  [Kind.EqualsEqualsToken, Kind.ExclamationEqualsToken],
  [Kind.ExclamationEqualsToken, Kind.EqualsEqualsToken],
  [Kind.LessThanToken, Kind.GreaterThanEqualsToken],
  [Kind.GreaterThanEqualsToken, Kind.LessThanToken],
  [Kind.GreaterThanToken, Kind.LessThanEqualsToken],
  [Kind.LessThanEqualsToken, Kind.GreaterThanToken],
]);
const simple = (e) =>
  ts.isIdentifier(e) ||
  ts.isCallExpression(e) ||
  ts.isPropertyAccessExpression(e) ||
  ts.isParenthesizedExpression(e) ||
  ts.isElementAccessExpression(e) ||
  e.kind === Kind.ThisKeyword;
export const not = (e) => {
  if (ts.isParenthesizedExpression(e)) return not(e.expression);
  if (ts.isPrefixUnaryExpression(e) && e.operator === Kind.ExclamationToken) return e.operand;
  if (ts.isBinaryExpression(e)) {
    const op = e.operatorToken.kind;
    if (OPP.has(op)) return factory.createBinaryExpression(e.left, OPP.get(op), e.right);
    if (op === Kind.AmpersandAmpersandToken)
      return factory.createBinaryExpression(not(e.left), Kind.BarBarToken, not(e.right));
    if (op === Kind.BarBarToken)
      return factory.createParenthesizedExpression(
        factory.createBinaryExpression(par(not(e.left)), Kind.AmpersandAmpersandToken, par(not(e.right))),
      );
  }
  return factory.createPrefixUnaryExpression(
    Kind.ExclamationToken,
    simple(e) ? e : factory.createParenthesizedExpression(e),
  );
};
export const par = (e) =>
  ts.isBinaryExpression(e) || ts.isConditionalExpression(e) || ts.isArrowFunction(e) || ts.isYieldExpression(e)
    ? factory.createParenthesizedExpression(e)
    : e;
export const fresh = (sf, base) => {
  const names = (sf.__names ??= new Set());
  if (!names.size) {
    const v = (x) => {
      if (ts.isIdentifier(x)) names.add(x.text);
      ts.forEachChild(x, v);
    };
    v(sf);
  }
  let n = base,
    i = 2;
  while (names.has(n)) n = base + i++;
  names.add(n);
  return n;
};
export const visitor = (make) => (sf) => {
  let changed = false;
  const r = ts.transform(sf, [
    (ctx) => {
      const touch = () => {
        changed = true;
      };
      const v = (n) => {
        const out = make(n, (x) => ts.visitEachChild(x, v, ctx), touch, sf, v, ctx);
        return out === undefined ? ts.visitEachChild(n, v, ctx) : out;
      };
      return (x) => ts.visitNode(x, v);
    },
  ]);
  return changed ? r.transformed[0] : null;
};
export const lists = (make) =>
  visitor((n, down, touch, sf) => {
    if (!(ts.isBlock(n) || ts.isSourceFile(n) || ts.isCaseClause(n))) return undefined;
    const d = down(n);
    const out = make([...d.statements], n, touch, sf, d);
    if (!out) return d;
    if (ts.isBlock(n)) return factory.updateBlock(d, out);
    if (ts.isSourceFile(n)) return factory.updateSourceFile(d, out);
    return factory.updateCaseClause(d, d.expression, out);
  });
export const konst = (name, init, flags = ts.NodeFlags.Const) =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList([factory.createVariableDeclaration(name, undefined, undefined, init)], flags),
  );
export const oneVar = (s) =>
  ts.isVariableStatement(s) && s.declarationList.declarations.length === 1 ? s.declarationList.declarations[0] : null;
export const isConst = (s) => (s.declarationList.flags & ts.NodeFlags.Const) !== 0;
export const exported = (s) =>
  (ts.canHaveModifiers(s) ? (ts.getModifiers(s) ?? []) : []).some((m) => m.kind === Kind.ExportKeyword);
export const isDefault = (s) =>
  (ts.canHaveModifiers(s) ? (ts.getModifiers(s) ?? []) : []).some((m) => m.kind === Kind.DefaultKeyword);
