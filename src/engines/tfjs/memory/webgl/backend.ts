/**
 * What is used of tfjs's WebGL backend: its textures, and its context to draw with. The user imports that backend, this
 * package never does; what is needed of the object that tfjs hands out is checked once, here.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Where a tensor's values are. */
export interface TensorData {
  /** The shape that the texture was laid out for. */
  readonly shape: number[];
  readonly texture: {readonly texture: WebGLTexture} | null;
  /** Rows and columns of values in the texture; to be set before there is one. */
  texShape: [number, number] | null;
  /** Whether a texel holds 2×2 values of a matrix, in place of one. */
  readonly isPacked?: boolean;
  /** Where the tensor is a part of a larger one's texture. */
  readonly slice?: {readonly flatOffset: number} | null;
  /** The values as last downloaded, or not uploaded yet. */
  values: unknown;
}

export interface Gpgpu {
  readonly gl: WebGL2RenderingContext;
  createProgram(fragmentShader: WebGLShader): WebGLProgram & {readonly vao: WebGLVertexArrayObject};
  buildVao(program: WebGLProgram): void;
  setProgram(program: WebGLProgram): void;
  bindVertexArray(vao: WebGLVertexArrayObject): void;
  setInputMatrixTexture(texture: WebGLTexture, location: WebGLUniformLocation, unit: number): void;
  setOutputMatrixTexture(texture: WebGLTexture, rows: number, columns: number): void;
  setOutputMatrixWriteRegion(row: number, rows: number, column: number, columns: number): void;
  executeProgram(): void;
}

export interface WebglBackend {
  readonly gpgpu: Gpgpu;
  getDataInfo(dataId: object): TensorData;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  /** Gives a tensor a texture; one whose values are not set gets one of any content. */
  uploadToGPU(dataId: object): void;
}

const BACKEND = ['getDataInfo', 'makeTensorInfo', 'uploadToGPU'] as const satisfies (keyof WebglBackend)[];
const GPGPU = [
  'createProgram',
  'buildVao',
  'setProgram',
  'bindVertexArray',
  'setInputMatrixTexture',
  'setOutputMatrixTexture',
  'setOutputMatrixWriteRegion',
  'executeProgram',
] as const satisfies (keyof Gpgpu)[];

const hasMethods = (object: object, names: readonly string[]) =>
  names.every((name) => typeof (object as Record<string, unknown>)[name] === 'function');

/** The current backend if it is tfjs's on WebGL 2, with all that is used of it; null for any other. */
export function webglBackend(): WebglBackend | null {
  const backend = tf.backend() as object as Partial<WebglBackend>;
  if (!hasMethods(backend, BACKEND) || !backend.gpgpu || !hasMethods(backend.gpgpu, GPGPU)) return null;
  const isWebgl2 = typeof backend.gpgpu.gl?.texStorage2D === 'function';
  return isWebgl2 ? (backend as WebglBackend) : null;
}
