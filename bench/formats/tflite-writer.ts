/**
 * Writes a TensorFlow Lite model as a flat buffer, by tflite-schema.ts. It knows nothing of layers; that is the affair of
 * who makes the model.
 */
import {Builder, type Offset} from 'flatbuffers';
import {operatorSchema, TENSOR_TYPES, type OperatorName, type TensorType} from './tflite-schema';

export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32 by default. */
  readonly type?: TensorType;
  /** Of a constant. */
  readonly values?: Float32Array | Int32Array;
}

export interface TfliteOperator {
  readonly op: OperatorName;
  /** Names of tensors. */
  readonly inputs: readonly string[];
  readonly output: string;
  /** By the names of the operator's fields in the schema; 0 where one is missing. */
  readonly options?: Readonly<Record<string, number>>;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  /** Each after those whose outputs it takes. */
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const FILE_IDENTIFIER = 'TFL3';
const VERSION = 3;

/** Where constants begin, in bytes. */
const ALIGNMENT = 16;

/** Writes a field of the table that is being made, at its place in the schema. */
type WriteField = (builder: Builder, place: number) => void;

/** @throws where a name is that of no tensor */
export function writeTflite({tensors, operators, inputs, outputs}: TfliteModel): Uint8Array {
  const builder = new Builder(1024);
  const codes = [...new Set(operators.map(({op}) => op))];
  const indexOf = indices(tensors);
  const constants = tensors.filter(({values}) => values);
  // Buffer 0 is empty: it is that of all tensors that are computed.
  const bufferOf = (tensor: TfliteTensor) => 1 + constants.indexOf(tensor);
  const graph = table(builder, {
    0: tables(
      builder,
      tensors.map((tensor) => writeTensor(builder, tensor, bufferOf(tensor))),
    ),
    1: integers(builder, inputs.map(indexOf)),
    2: integers(builder, outputs.map(indexOf)),
    3: tables(
      builder,
      operators.map((operator) => writeOperator(builder, operator, codes, indexOf)),
    ),
  });
  const root = table(builder, {
    0: int32(VERSION),
    1: tables(
      builder,
      codes.map((op) => writeCode(builder, op)),
    ),
    2: tables(builder, [graph]),
    4: tables(builder, [table(builder, {}), ...constants.map(({values}) => writeBuffer(builder, values!))]),
  });
  builder.finish(root, FILE_IDENTIFIER);
  return builder.asUint8Array();
}

function indices(tensors: readonly TfliteTensor[]): (name: string) => number {
  const places = new Map(tensors.map(({name}, i) => [name, i]));
  return (name) => {
    const place = places.get(name);
    if (place === undefined) throw new Error(`There is no tensor '${name}'.`);
    return place;
  };
}

function writeTensor(
  builder: Builder,
  {name, shape, type = 'float32'}: TfliteTensor,
  buffer: number,
): Offset {
  return table(builder, {
    0: integers(builder, shape),
    1: int8(TENSOR_TYPES[type]),
    2: int32(buffer),
    3: reference(builder.createString(name)),
  });
}

function writeOperator(
  builder: Builder,
  {op, inputs, output, options = {}}: TfliteOperator,
  codes: readonly OperatorName[],
  indexOf: (name: string) => number,
): Offset {
  const {options: kind, fields} = operatorSchema(op);
  const unknown = Object.keys(options).filter((name) => !(name in fields));
  if (unknown.length > 0) throw new Error(`${op} has no ${unknown.join(', ')} in the schema.`);
  const head = {
    0: int32(codes.indexOf(op)),
    1: integers(builder, inputs.map(indexOf)),
    2: integers(builder, [indexOf(output)]),
  };
  if (kind === 0) return table(builder, head);
  const own = Object.entries(fields).map(
    ([field, [place, type]]) => [place, FIELDS[type](options[field] ?? 0)] as const,
  );
  return table(builder, {...head, 3: int8(kind), 4: reference(table(builder, Object.fromEntries(own)))});
}

/** Older readers know a code as one byte, newer ones as four. */
function writeCode(builder: Builder, op: OperatorName): Offset {
  const {code, version} = operatorSchema(op);
  return table(builder, {0: int8(code), 2: int32(version), 3: int32(code)});
}

function writeBuffer(builder: Builder, values: Float32Array | Int32Array): Offset {
  // The format is little-endian, as is every machine that this runs on.
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  builder.prep(ALIGNMENT, bytes.length);
  return table(builder, {0: reference(builder.createByteVector(bytes))});
}

const int8 =
  (value: number): WriteField =>
  (builder, place) =>
    builder.addFieldInt8(place, value, null);
const int32 =
  (value: number): WriteField =>
  (builder, place) =>
    builder.addFieldInt32(place, value, null);
const float32 =
  (value: number): WriteField =>
  (builder, place) =>
    builder.addFieldFloat32(place, value, null);
/** To what was written before: strings, vectors and tables cannot lie within a table. */
const reference =
  (offset: Offset): WriteField =>
  (builder, place) =>
    builder.addFieldOffset(place, offset, 0);

const FIELDS = {int8, int32, float32};

/** Fields by their places. */
function table(builder: Builder, fields: Readonly<Record<number, WriteField>>): Offset {
  const places = Object.keys(fields).map(Number);
  builder.startObject(Math.max(-1, ...places) + 1);
  places.forEach((place) => fields[place](builder, place));
  return builder.endObject();
}

function tables(builder: Builder, list: readonly Offset[]): WriteField {
  return vector(builder, list, (offset) => builder.addOffset(offset));
}

function integers(builder: Builder, list: readonly number[]): WriteField {
  return vector(builder, list, (value) => builder.addInt32(value));
}

/** Written from the last to the first, as the whole buffer is. */
function vector<T>(builder: Builder, list: readonly T[], add: (item: T) => void): WriteField {
  builder.startVector(4, list.length, 4);
  [...list].reverse().forEach(add);
  return reference(builder.endVector());
}
