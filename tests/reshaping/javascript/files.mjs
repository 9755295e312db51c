// The same code without types, or in other files.
import ts from "typescript";
import { parse, isTs, has, isConst, exported, isDefault } from "./tree.mjs";

function untype(path, text) {
  if (!isTs(path) || path.endsWith(".d.ts")) return null;
  const out = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      removeComments: false,
      verbatimModuleSyntax: false,
      importsNotUsedAsValues: undefined,
      useDefineForClassFields: true,
      jsx: ts.JsxEmit.Preserve,
    },
  }).outputText;
  return { [path]: null, [path.replace(/\.([mc]?)ts(x?)$/, ".$1js$2")]: out };
}

function split(path, text) {
  const sf = parse(path, text);
  if (/\.d\.ts$/.test(path)) return null;
  const tops = new Map();
  for (const s of sf.statements) {
    const names = ts.isVariableStatement(s)
      ? s.declarationList.declarations.map((d) => d.name.getText())
      : s.name
        ? [s.name.text]
        : [];
    for (const x of names) tops.set(x, s);
  }
  const isEsm = sf.statements.some((s) => ts.isImportDeclaration(s) || exported(s) || ts.isExportAssignment(s));
  if (!isEsm) return null;
  const movable = (s) =>
    (ts.isFunctionDeclaration(s) ||
      ts.isInterfaceDeclaration(s) ||
      ts.isTypeAliasDeclaration(s) ||
      ts.isClassDeclaration(s) ||
      ts.isEnumDeclaration(s) ||
      (ts.isVariableStatement(s) &&
        isConst(s) &&
        s.declarationList.declarations.every((d) => ts.isIdentifier(d.name)))) &&
    !isDefault(s) &&
    !exported(s);
  const refs = (s) => {
    const out = new Set();
    const w = (x) => {
      if (
        ts.isIdentifier(x) &&
        !(x.parent && ts.isPropertyAccessExpression(x.parent) && x.parent.name === x) &&
        tops.has(x.text) &&
        tops.get(x.text) !== s
      )
        out.add(tops.get(x.text));
      ts.forEachChild(x, w);
    };
    w(s);
    return out;
  };
  let chosen = new Set(sf.statements.filter(movable));
  let again = true;
  while (again) {
    again = false;
    for (const s of chosen)
      for (const r of refs(s))
        if (!chosen.has(r)) {
          chosen.delete(s);
          again = true;
          break;
        }
  }
  if (!chosen.size) return null;
  const rest = sf.statements.filter((s) => !chosen.has(s));
  if (!rest.some((s) => !ts.isImportDeclaration(s))) return null;
  const imports = sf.statements.filter(ts.isImportDeclaration);
  const restText = rest
    .filter((s) => !ts.isImportDeclaration(s))
    .map((s) => s.getFullText())
    .join("");
  const names = [...tops].filter(([x, s]) => chosen.has(s));
  const used = names.filter(([x]) => new RegExp(`\\b${x.replace(/\$/g, "\\$")}\\b`).test(restText));
  if (!used.length) return null;
  const stem = path.replace(/^.*\//, "").replace(/\.[^.]+$/, ""),
    ext = path.match(/\.[^.]+$/)[0];
  const other = path.replace(/[^/]+$/, "") + stem + "-parts" + ext;
  const kept = (list, body) =>
    list
      .map((i) => {
        const cl = i.importClause;
        if (!cl) return i.getText();
        const t = i.getText();
        const ns = [];
        if (cl.name) ns.push(cl.name.text);
        if (cl.namedBindings) {
          if (ts.isNamespaceImport(cl.namedBindings)) ns.push(cl.namedBindings.name.text);
          else ns.push(...cl.namedBindings.elements.map((e) => e.name.text));
        }
        return ns.some((x) => new RegExp(`\\b${x.replace(/\$/g, "\\$")}\\b`).test(body)) ? t : "";
      })
      .filter(Boolean)
      .join("\n");
  const moved = sf.statements.filter((s) => chosen.has(s));
  const movedText = moved
    .map((s) => {
      const t = s.getText();
      const lead = s.getFullText().slice(0, s.getFullText().length - t.length);
      return lead + (ts.canHaveModifiers(s) ? "export " : "") + t;
    })
    .join("");
  const typesOnly = (x) => {
    const s = tops.get(x);
    return ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s);
  };
  const ex = isTs(path) ? "" : ext;
  return {
    [path]: `${kept(imports, restText)}\nimport { ${used.map(([x]) => (typesOnly(x) ? "type " : "") + x).join(", ")} } from "./${stem}-parts${ex}";\n${restText}`,
    [other]: `${kept(imports, movedText)}\n${movedText}\n`,
  };
}

function commonjs(path, text) {
  if (!/\.js$/.test(path)) return null;
  const sf = parse(path, text);
  if (!sf.statements.some((s) => ts.isImportDeclaration(s) || exported(s) || ts.isExportAssignment(s))) return null;
  if (/\bimport\.meta\b|^\s*await /m.test(text)) return null;
  let out = "",
    names = [],
    def = "";
  for (const s of sf.statements) {
    const full = s.getFullText(),
      t = s.getText(),
      lead = full.slice(0, full.length - t.length);
    if (ts.isImportDeclaration(s)) {
      const m = s.moduleSpecifier.getText(),
        cl = s.importClause;
      const ns = cl?.namedBindings && ts.isNamespaceImport(cl.namedBindings) ? cl.namedBindings.name.text : "";
      const el =
        cl?.namedBindings && ts.isNamedImports(cl.namedBindings)
          ? cl.namedBindings.elements.map((e) => (e.propertyName ? e.propertyName.text + ": " : "") + e.name.text)
          : [];
      out +=
        lead +
        (cl
          ? [
              cl.name ? `const ${cl.name.text} = require(${m});` : "",
              ns ? `const ${ns} = require(${m});` : "",
              el.length ? `const { ${el.join(", ")} } = require(${m});` : "",
            ]
              .filter(Boolean)
              .join("\n")
          : `require(${m});`);
    } else if (ts.isExportAssignment(s)) {
      def = s.expression.getText();
      out += lead + `module.exports = ${def};`;
    } else if (exported(s) && isDefault(s)) {
      out += lead + "module.exports = " + t.replace(/^export\s+default\s+/, "");
      def = "x";
    } else if (exported(s)) {
      names.push(
        ...(ts.isVariableStatement(s) ? s.declarationList.declarations.map((d) => d.name.getText()) : [s.name.text]),
      );
      out += lead + t.replace(/^export\s+/, "");
    } else if (ts.isExportDeclaration(s)) return null;
    else out += full;
  }
  if (names.length)
    out += def
      ? "\n" + names.map((n) => `module.exports.${n} = ${n};`).join("\n") + "\n"
      : `\nmodule.exports = { ${names.join(", ")} };\n`;
  return { [path]: out };
}

export const whole = { untype, split, commonjs };
