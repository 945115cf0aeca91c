/** The table of what becomes which kind: every name in one place only, and each one that there is. */
import {serialization} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import {isPureOp} from '../../src/importers/graph-ops';
import {
  importers,
  layersByName,
  nodesByOp,
  patternsByOp,
  type KindImporters,
} from '../../src/importers/table';

const kinds: readonly KindImporters[] = Object.values(importers);
const layers = kinds.flatMap((kind) => Object.keys(kind.layers));
const nodes = kinds.flatMap((kind) => Object.keys(kind.nodes));

test('no layer and no node stands at two kinds', () => {
  expect(layers).toEqual([...new Set(layers)]);
  expect(nodes).toEqual([...new Set(nodes)]);
});

test('what is looked up by name is what the table has', () => {
  expect([...layersByName.keys()]).toEqual(layers);
  expect([...nodesByOp.keys()]).toEqual(nodes);
  expect(layersByName.get('Conv2D')).toEqual({kind: 'conv2d', importer: importers.conv2d.layers.Conv2D});
  expect(nodesByOp.get('MatMul')).toEqual({kind: 'dense', ...importers.dense.nodes.MatMul});
  expect(patternsByOp.get('Mul')).toEqual(importers.activation.patterns.Mul);
});

test('layers are classes of tfjs', () => {
  const classes = Object.keys(serialization.SerializationMap.getMap().classNameMap);
  expect(classes).toEqual(expect.arrayContaining(layers));
});

test('nodes give the same for the same inputs', () => {
  expect(nodes.filter((op) => !isPureOp(op))).toEqual([]);
});

test('the last node of a pattern is one whose inputs are counted', () => {
  expect(nodes).toEqual(expect.arrayContaining([...patternsByOp.keys()]));
});
