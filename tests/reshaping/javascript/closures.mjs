// A class becomes a factory: its fields variables of a closure, its methods functions in it, `new A(x)` a call.
import ts from "typescript";
import { Kind, exported, has, isDefault, isTs, parse } from "./tree.mjs";

const modifiers = (node) => (ts.getModifiers(node) ?? []).map((one) => one.kind);
const plainName = (name) => name.text.replace(/^#/, "");
const ofThis = (node) => ts.isPropertyAccessExpression(node) && node.expression.kind === Kind.ThisKeyword;
const typed = (node) => (node?.type ? `: ${node.type.getText()}` : "");

const each = (node, see) => {
  see(node);
  ts.forEachChild(node, (child) => each(child, see));
};

/** What a statement `this.x = …` sets: the assignment, else null. */
const setting = (statement) => {
  const set = ts.isExpressionStatement(statement) ? statement.expression : null;
  const assigns = set && ts.isBinaryExpression(set) && set.operatorToken.kind === Kind.EqualsToken;
  return assigns && ofThis(set.left) ? set : null;
};

const canBeWritten = (member) =>
  ts.isPropertyDeclaration(member)
    ? ts.isIdentifier(member.name) || ts.isPrivateIdentifier(member.name)
    : (ts.isMethodDeclaration(member) && member.body && !member.asteriskToken) ||
      (ts.isConstructorDeclaration(member) && member.body);

const isConvertible = (node) =>
  ts.isClassDeclaration(node) &&
  node.name &&
  !node.heritageClauses &&
  node.members.every(canBeWritten) &&
  !has(node, (part) => part.kind === Kind.StaticKeyword) &&
  !has(node, (part) => part.kind === Kind.ThisKeyword && !ofThis(part.parent));

/** The names that a class needs: what it holds, what it does, and which of its variables must be called otherwise. */
function describe(node) {
  const constructor = node.members.find(ts.isConstructorDeclaration);
  const parameters = constructor?.parameters ?? [];
  const kept = parameters.filter((one) => modifiers(one).length).map((one) => one.name.text);
  const methods = node.members.filter(ts.isMethodDeclaration);
  const done = new Set(methods.map((one) => plainName(one.name)));
  const fields = new Map(node.members.filter(ts.isPropertyDeclaration).map((one) => [plainName(one.name), one]));
  const held = new Set([...fields.keys(), ...kept]);
  each(node, (part) => ofThis(part) && !done.has(plainName(part.name)) && held.add(plainName(part.name)));
  const bound = new Set(parameters.map((one) => one.name.getText()).filter((name) => !kept.includes(name)));
  const binds = (part) => ts.isVariableDeclaration(part) || ts.isParameter(part) || ts.isBindingElement(part);
  for (const member of node.members.filter((one) => !ts.isConstructorDeclaration(one)))
    each(member, (part) => binds(part) && ts.isIdentifier(part.name) && bound.add(part.name.text));
  const clash = [...done].some((name) => held.has(name) || bound.has(name));
  const variable = (name) => (bound.has(name) ? `own${name[0].toUpperCase()}${name.slice(1)}` : name);
  return { constructor, parameters, kept, methods, fields, held, clash, variable };
}

/** The text of a node with variables in the place of members of `this`. */
function withVariables(node, { held, variable }) {
  const start = node.getStart();
  const edits = [];
  each(node, (part) => {
    const name = ofThis(part) && plainName(part.name);
    if (name) edits.push([part.getStart() - start, part.getEnd() - start, held.has(name) ? variable(name) : name]);
  });
  return edits.reverse().reduce((text, [from, to, put]) => text.slice(0, from) + put + text.slice(to), node.getText());
}

function factoryText(node, path) {
  const parts = describe(node);
  if (parts.clash) return null;
  const { constructor, parameters, kept, methods, fields, held, variable } = parts;
  const statements = constructor ? [...constructor.body.statements] : [];
  const set = new Set(
    statements
      .map(setting)
      .filter(Boolean)
      .map((one) => plainName(one.left.name)),
  );
  const lines = kept.filter((name) => variable(name) !== name).map((name) => `let ${variable(name)} = ${name};`);
  for (const name of held) {
    const field = fields.get(name);
    if (set.has(name) || kept.includes(name)) continue;
    lines.push(
      `let ${variable(name)}${typed(field)}${field?.initializer ? ` = ${withVariables(field.initializer, parts)}` : ""};`,
    );
  }
  const begun = new Set(kept);
  for (const statement of statements) {
    const one = setting(statement);
    const name = one && plainName(one.left.name);
    const first = name && !begun.has(name) ? `let ${variable(name)}${typed(fields.get(name))} = ` : null;
    lines.push(first ? `${first}${withVariables(one.right, parts)};` : withVariables(statement, parts));
    if (name) begun.add(name);
  }
  for (const method of methods) {
    const generics = method.typeParameters ? `<${method.typeParameters.map((one) => one.getText()).join(", ")}>` : "";
    const taken = method.parameters.map((one) => one.getText()).join(", ");
    const waits = modifiers(method).includes(Kind.AsyncKeyword) ? "async " : "";
    lines.push(
      `${waits}function ${plainName(method.name)}${generics}(${taken})${typed(method)} ${withVariables(method.body, parts)}`,
    );
  }
  const isOpen = (one) => !ts.isPrivateIdentifier(one.name) && !modifiers(one).includes(Kind.PrivateKeyword);
  const given = [...fields]
    .filter(([, field]) => isOpen(field))
    .map(([name]) => (variable(name) === name ? name : `${name}: ${variable(name)}`));
  const answer = [...methods.filter(isOpen).map((one) => plainName(one.name)), ...given].join(", ");
  const taken = parameters
    .map((one) => one.getText().replace(/^((private|public|protected|readonly)\s+)+/, ""))
    .join(", ");
  const prefix = exported(node) ? "export " : "";
  const made = `${prefix}${isDefault(node) ? "default " : ""}function create${node.name.text}(${taken}) {\n${lines.join("\n")}\nreturn { ${answer} };\n}`;
  return isTs(path) ? `${made}\n${prefix}type ${node.name.text} = ReturnType<typeof create${node.name.text}>;` : made;
}

export function closure(path, text) {
  const file = parse(path, text);
  const edits = [];
  for (const node of file.statements.filter(isConvertible)) {
    const made = factoryText(node, path);
    if (made === null) continue;
    edits.push([node.getStart(), node.getEnd(), made]);
    const isOwn = (part) => ts.isNewExpression(part) && part.expression.getText() === node.name.text;
    const isInside = (part) => part.getStart() > node.getStart() && part.getEnd() < node.getEnd();
    each(file, (part) => {
      if (isOwn(part) && !isInside(part))
        edits.push([part.getStart(), part.expression.getEnd(), `create${node.name.text}`]);
    });
  }
  edits.sort((one, other) => other[0] - one[0]);
  return edits.length
    ? { [path]: edits.reduce((now, [from, to, put]) => now.slice(0, from) + put + now.slice(to), text) }
    : null;
}
