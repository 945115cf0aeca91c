/** Draws with our shaders into tfjs's textures. What is drawn, and why, is memory.ts's business. */
import * as tf from '@tensorflow/tfjs-core';
import type {Gpgpu, WebglBackend} from './backend';
import {Lists} from './lists';
import {sourceOf, type Shader} from './shaders';

/** A part of a texture, in rows and columns of values. */
export interface Area {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
}

/** What a shader reads, by the names that it declares. */
export interface Reads {
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
  readonly ints?: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  readonly list?: Int32Array;
}

interface Compiled {
  readonly program: ReturnType<Gpgpu['createProgram']>;
  readonly locations: ReadonlyMap<string, WebGLUniformLocation | null>;
}

/** What of ours lives in a context: shaders compiled once, and the textures of lists. */
interface Context {
  readonly shaders: Map<Shader, Compiled>;
  readonly lists: Lists;
}

const contexts = new WeakMap<WebGL2RenderingContext, Context>();

function contextOf(gl: WebGL2RenderingContext): Context {
  let context = contexts.get(gl);
  if (!context) {
    context = {shaders: new Map(), lists: new Lists(gl)};
    contexts.set(gl, context);
  }
  return context;
}

const LOST =
  "tfjs-reuse: the browser took the page's WebGL context away (a lost context), and with it every tensor on tfjs's webgl " +
  "backend. Start over: tf.removeBackend('webgl'), register and set the backend again, load the model, and wrap it anew.";

export class Gpu {
  constructor(private readonly backend: WebglBackend) {}

  /** The largest side of a texture. */
  get maxSide(): number {
    const {gl} = this.backend.gpgpu;
    return gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  }

  /** A new tensor of any content. @param texShape rows and columns of its texture; tfjs's own choice by default */
  output(shape: readonly number[], dtype: tf.DataType, texShape?: [number, number]): tf.Tensor {
    this.requireContext();
    const info = this.backend.makeTensorInfo([...shape], dtype);
    if (texShape) this.backend.getDataInfo(info.dataId).texShape = texShape;
    this.backend.uploadToGPU(info.dataId);
    return tf.engine().makeTensorFromTensorInfo(info);
  }

  /** Sets a tensor of ours to zeros. */
  clear(target: tf.Tensor): void {
    const {gl} = this.backend.gpgpu;
    this.aimAt(target, null);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /** Rows and columns of values in a tensor's texture. */
  texShapeOf({dataId}: tf.Tensor): [number, number] {
    return this.backend.getDataInfo(dataId).texShape!;
  }

  /**
   * Draws into a tensor of ours, in place.
   * @param area null for the whole of it
   * @throws Error where the context is lost
   */
  draw(shader: Shader, target: tf.Tensor, area: Area | null, reads: Reads): void {
    this.requireContext();
    const {gpgpu} = this.backend;
    const {lists} = contextOf(gpgpu.gl);
    // Uploads draw too: they come before anything is set.
    for (const name of shader.tensors) this.backend.uploadToGPU(reads.tensors[name].dataId);
    const list = reads.list && lists.upload(reads.list);
    const compiled = this.compiled(shader);
    this.aimAt(target, area);
    gpgpu.setProgram(compiled.program);
    gpgpu.bindVertexArray(compiled.program.vao);
    gpgpu.gl.uniform1i(compiled.locations.get('targetWidth')!, this.texShapeOf(target)[1]);
    this.setReads(shader, compiled, reads, list);
    gpgpu.executeProgram();
  }

  private requireContext(): void {
    if (this.backend.gpgpu.gl.isContextLost()) throw new Error(LOST);
  }

  /** What was downloaded of the target is out of date from now on. */
  private aimAt(target: tf.Tensor, area: Area | null): void {
    const {backend} = this;
    const data = backend.getDataInfo(target.dataId);
    data.values = null;
    backend.gpgpu.setOutputMatrixTexture(data.texture!.texture, ...data.texShape!);
    if (area) backend.gpgpu.setOutputMatrixWriteRegion(area.row, area.rows, area.column, area.columns);
  }

  private setReads(
    shader: Shader,
    {locations}: Compiled,
    reads: Reads,
    list: WebGLTexture | undefined,
  ): void {
    const {gpgpu} = this.backend;
    const {gl} = gpgpu;
    shader.tensors.forEach((name, unit) => {
      const {texture, form} = this.formOf(reads.tensors[name]);
      gpgpu.setInputMatrixTexture(texture, locations.get(name)!, unit);
      gl.uniform4iv(locations.get(`${name}Form`)!, form);
    });
    for (const name of shader.ints) gl.uniform1i(locations.get(name)!, reads.ints![name]);
    for (const name of shader.floats) gl.uniform1f(locations.get(name)!, reads.floats![name]);
    if (list) gpgpu.setInputMatrixTexture(list, locations.get('list')!, shader.tensors.length);
  }

  /** How a tensor lies in its texture, as the shaders want it. */
  private formOf({dataId}: tf.Tensor): {texture: WebGLTexture; form: [number, number, number, number]} {
    const {texture, texShape, shape, slice, isPacked} = this.backend.getDataInfo(dataId);
    const [, columns] = texShape!;
    if (!isPacked) return {texture: texture!.texture, form: [columns, slice?.flatOffset ?? 0, 0, 0]};
    const [rows, cols] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
    const isOne = rows * cols === tf.util.sizeFromShape(shape);
    return {
      texture: texture!.texture,
      form: [Math.max(1, Math.ceil(columns / 2)), 0, isOne ? 0 : rows, cols],
    };
  }

  private compiled(shader: Shader): Compiled {
    const {gpgpu} = this.backend;
    const {shaders} = contextOf(gpgpu.gl);
    const known = shaders.get(shader);
    if (known) return known;
    const program = gpgpu.createProgram(compile(gpgpu.gl, shader));
    gpgpu.buildVao(program);
    const names = [
      'targetWidth',
      ...shader.tensors.flatMap((name) => [name, `${name}Form`]),
      ...shader.ints,
      ...shader.floats,
      ...(shader.usesList ? ['list'] : []),
    ];
    const locations = new Map(names.map((name) => [name, gpgpu.gl.getUniformLocation(program, name)]));
    const made = {program, locations};
    shaders.set(shader, made);
    return made;
  }
}

function compile(gl: WebGL2RenderingContext, shader: Shader): WebGLShader {
  const compiled = gl.createShader(gl.FRAGMENT_SHADER);
  if (!compiled) throw new Error(LOST);
  gl.shaderSource(compiled, sourceOf(shader));
  gl.compileShader(compiled);
  if (gl.getShaderParameter(compiled, gl.COMPILE_STATUS)) return compiled;
  throw new Error(
    `tfjs-reuse: the WebGL shader '${shader.name}' does not compile here: ${gl.getShaderInfoLog(compiled) ?? 'no log'}`,
  );
}
