/**
 * Writes an ONNX model as protobuf: the few messages and fields of onnx.proto that a float32 network of one input
 * needs. It knows nothing of layers; that is the affair of who makes the graph.
 */
import {BinaryWriter, WireType} from '@bufbuild/protobuf/wire';

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A whole number, a list of them, a text, or a number with a fraction. */
export type OnnxAttribute = number | readonly number[] | string | {readonly float: number};

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly number[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxTensor[];
  readonly input: OnnxValue;
  readonly outputs: readonly OnnxValue[];
}

/** Versions of the format and of the operators' definitions: old enough for every runtime in use. */
const IR_VERSION = 8;
const OPSET = 14;

/** Values of onnx.proto's enumerations. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

type Body = (writer: BinaryWriter) => void;

export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  message(writer, 7, (body) => writeGraph(body, graph));
  message(writer, 8, (opset) => {
    text(opset, 1, '');
    int(opset, 2, OPSET);
  });
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, {name, nodes, weights, input, outputs}: OnnxGraph): void {
  nodes.forEach((node) => message(writer, 1, (body) => writeNode(body, node)));
  text(writer, 2, name);
  weights.forEach((weight) => message(writer, 5, (body) => writeTensor(body, weight)));
  message(writer, 11, (body) => writeValue(body, input));
  outputs.forEach((output) => message(writer, 12, (body) => writeValue(body, output)));
}

function writeNode(writer: BinaryWriter, {op, inputs, output, attributes = {}}: OnnxNode): void {
  inputs.forEach((input) => text(writer, 1, input));
  text(writer, 2, output);
  text(writer, 3, output);
  text(writer, 4, op);
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, (body) => writeAttribute(body, name, value));
  }
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(writer, 1, name);
  int(writer, 20, writeAttributeValue(writer, value));
}

/** @returns the type that it has */
function writeAttributeValue(writer: BinaryWriter, value: OnnxAttribute): number {
  if (typeof value === 'number') {
    int(writer, 3, value);
    return ATTRIBUTE_INT;
  }
  if (typeof value === 'string') {
    text(writer, 4, value);
    return ATTRIBUTE_STRING;
  }
  if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    return ATTRIBUTE_FLOAT;
  }
  value.forEach((item) => int(writer, 8, item));
  return ATTRIBUTE_INTS;
}

function writeTensor(writer: BinaryWriter, {name, dims, values}: OnnxTensor): void {
  dims.forEach((side) => int(writer, 1, side));
  int(writer, 2, values instanceof Float32Array ? FLOAT : INT64);
  text(writer, 8, name);
  // The format's raw data is little-endian, as is every machine that this runs on.
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function writeValue(writer: BinaryWriter, {name, dims}: OnnxValue): void {
  text(writer, 1, name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      int(tensor, 1, FLOAT);
      message(tensor, 2, (shape) => dims.forEach((side) => message(shape, 1, (dim) => int(dim, 1, side))));
    }),
  );
}

function message(writer: BinaryWriter, field: number, body: Body): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function int(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}
