/**
 * The two rules of the house that no published ESLint plugin has: imports between the rooms of `src/`, and within a room
 * that has rooms of its own, point down the list, and no file is part of a circle of files that import each other. No part of the library.
 */
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve, sep} from 'node:path';
import ts from 'typescript';

const src = resolve(import.meta.dirname, '../src');

/** The rooms, from the top down: each may import those after it. */
const rooms = [
  'index.ts',
  'wasm.ts',
  'common.ts',
  'regions.ts',
  'reuse.ts',
  'model',
  'calibration',
  'training',
  'layers',
  'stream',
  'importers',
  'engines',
  'cache',
  'graph',
  'region',
  'checks',
];

/** Likewise within a folder; of those in one line, side by side, none imports another. */
const inner = {
  engines: [
    'index.ts',
    'compilation.ts',
    ['all.ts', 'wasm-only.ts'],
    'choose.ts',
    ['tfjs', 'wasm', 'webgpu'],
    'shared',
    'engine.ts',
  ],
  'engines/tfjs': ['engine.ts', 'program.ts', 'frame', 'training', 'state', 'ops', 'step', 'memory'],
  'engines/wasm': [
    'engine.ts',
    ['training', 'inference.ts'],
    'program.ts',
    ['results', 'frames'],
    'recorder.ts',
    'schedule',
    'ops',
    'memory',
    'set-threads.ts',
    'instance.ts',
    'backward-kernels.ts',
    'kernels.ts',
    ['kernel-signatures.ts', 'binaries.ts', 'backward-signatures.ts', 'backward-binaries.ts', 'unpack.ts'],
    'threads',
  ],
  'engines/webgpu': [
    'engine.ts',
    ['program.ts', 'unsupported.ts'],
    'readback',
    'frame',
    'schedule',
    'ops',
    'memory',
    'device',
    'wgsl',
  ],
};

/** @type {import('eslint').Rule.RuleModule} */
const downward = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      up: "'{{from}}' must not import '{{to}}': imports only point down, and it stands above.",
      unknown: "'{{room}}' is no room of the house; its place is in the list of eslint/house.js.",
    },
  },
  create: (context) =>
    onImports(context, (node, target) => {
      const [from, to] = [roomOf(context.filename), roomOf(target)];
      for (const room of [from, to]) {
        if (!rooms.includes(room)) context.report({node, messageId: 'unknown', data: {room}});
      }
      if (rooms.indexOf(to) < rooms.indexOf(from)) context.report({node, messageId: 'up', data: {from, to}});
      for (const [folder, floors] of Object.entries(inner)) checkInner(context, node, target, folder, floors);
    }),
};

/** @type {import('eslint').Rule.RuleModule} */
const acyclic = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {cycle: 'This import leads back here: {{path}}.'},
  },
  create: (context) =>
    onImports(context, (node, target) => {
      if (!importsOf(context.filename).includes(target)) return;
      const path = wayTo(context.filename, target, new Set());
      if (path) {
        const names = path.map((file) => relative(src, file));
        context.report({node, messageId: 'cycle', data: {path: names.join(' → ')}});
      }
    }),
};

export default {rules: {downward, acyclic}};

/** Calls back with each import or re-export of a file under src/, and that file. */
function onImports(context, visit) {
  const check = (node) => {
    const target = node.source && resolveImport(context.filename, node.source.value);
    if (target) visit(node.source, target);
  };
  return {
    ImportDeclaration: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: check,
    ImportExpression: check,
  };
}

/** The same for two files in one folder that has rooms of its own. */
function checkInner(context, node, target, folder, floors) {
  const [from, to] = [context.filename, target].map((file) => innerRoomOf(file, folder));
  if (from === null || to === null || from === to) return;
  const floorOf = (room) => floors.findIndex((floor) => [floor].flat().includes(room));
  for (const room of [from, to]) {
    if (floorOf(room) < 0) context.report({node, messageId: 'unknown', data: {room: `${folder}/${room}`}});
  }
  if (floorOf(to) <= floorOf(from)) context.report({node, messageId: 'up', data: {from, to}});
}

/** The room within a folder of src/; null for a file elsewhere. */
function innerRoomOf(file, folder) {
  const inside = relative(join(src, folder), file).split(sep);
  return inside[0] === '..' ? null : inside[0];
}

function roomOf(file) {
  return relative(src, file).split(sep)[0];
}

/** The files from `start` to `goal` along imports, or null where no way leads there. */
function wayTo(goal, start, seen) {
  if (start === goal) return [start];
  if (seen.has(start)) return null;
  seen.add(start);
  for (const next of importsOf(start)) {
    const path = wayTo(goal, next, seen);
    if (path) return [start, ...path];
  }
  return null;
}

const known = new Map();

/** What a file imports when it runs: imports of types alone are gone by then, and may go round. */
function importsOf(file) {
  if (!known.has(file)) known.set(file, readImports(file));
  return known.get(file);
}

function readImports(file) {
  const {statements} = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return statements
    .filter((node) => node.moduleSpecifier && !isTypeOnly(node.importClause ?? node))
    .map((node) => resolveImport(file, node.moduleSpecifier.text))
    .filter(Boolean);
}

/** Of an import's clause, or of a re-export: `type` stands before it, or before each name in its braces. */
function isTypeOnly(node) {
  const names = (node.namedBindings ?? node.exportClause)?.elements;
  return Boolean(node.isTypeOnly || (!node.name && names?.every((name) => name.isTypeOnly)));
}

/** The file that a relative path means, or null for a package. */
function resolveImport(from, path) {
  if (typeof path !== 'string' || !path.startsWith('.')) return null;
  const base = resolve(dirname(from), path);
  return [`${base}.ts`, join(base, 'index.ts')].find((file) => existsSync(file)) ?? null;
}
