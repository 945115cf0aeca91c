import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {BinaryReader} from '@bufbuild/protobuf/wire';
import {findOnnxRuntime} from '../../examples/atari/onnx/runtime';
import {writeOnnx} from '../../examples/atari/onnx/writer';

/** A message's length-delimited fields of one number. */
function fieldsOf(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted) found.push(reader.bytes());
    else reader.skip(type);
  }
  return found;
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('an ONNX file', () => {
  const file = writeOnnx({
    name: 'two',
    nodes: [{op: 'Conv', inputs: ['a', 'k'], output: 'b', attributes: {group: 1, strides: [1, 2]}}],
    weights: [{name: 'k', dims: [1, 2], values: Float32Array.of(1.5, -2)}],
    input: {name: 'a', dims: [1, 2]},
    outputs: [{name: 'b', dims: [1, 3]}],
  });
  const [graph] = fieldsOf(file, 7);

  it('has its nodes by name', () => {
    const [node] = fieldsOf(graph, 1);
    expect(fieldsOf(node, 1).map(textOf)).toEqual(['a', 'k']);
    expect(fieldsOf(node, 2).map(textOf)).toEqual(['b']);
    expect(fieldsOf(node, 4).map(textOf)).toEqual(['Conv']);
    expect(fieldsOf(node, 5).map((attribute) => textOf(fieldsOf(attribute, 1)[0]))).toEqual([
      'group',
      'strides',
    ]);
  });

  it('has its weights as they are', () => {
    const [weight] = fieldsOf(graph, 5);
    expect(textOf(fieldsOf(weight, 8)[0])).toBe('k');
    expect(new Float32Array(fieldsOf(weight, 9)[0].slice().buffer)).toEqual(Float32Array.of(1.5, -2));
  });

  it('has its input and outputs by name', () => {
    expect([11, 12].map((field) => textOf(fieldsOf(fieldsOf(graph, field)[0], 1)[0]))).toEqual(['a', 'b']);
  });
});

const root = resolve(__dirname, '../..');

// In a process of its own: the runtime's arrays are not of the kind that a test's are.
(findOnnxRuntime(root) ? it : it.skip)('the network in onnxruntime gives what the model gives', () => {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const program = resolve(__dirname, 'atari-onnx-program.ts');
  const {stdout, status} = spawnSync(process.execPath, [tsx, program], {cwd: root, encoding: 'utf8'});
  expect(status).toBe(0);
  const {onnx, tfjs} = JSON.parse(stdout) as Record<'onnx' | 'tfjs', number[]>;
  expect(onnx).toHaveLength(4);
  onnx.forEach((value, i) => expect(Math.abs(value - tfjs[i])).toBeLessThan(1e-4));
});
