/**
 * The fragment shaders, in GLSL ES 3.00. Each computes the value of one place of the texture it is drawn into, or
 * discards it, which leaves what is there. None depends on a shape, so that each is compiled once.
 *
 * Values lie row-major in a texture, one a texel, whatever its width. tfjs also packs 2×2 neighbouring values of a matrix
 * into one texel; tensors that come from its ops are read either way.
 */

export interface Shader {
  readonly name: string;
  /** Tensors it reads: `x` is read as `xAt(index)`. */
  readonly tensors: readonly string[];
  /** Uniforms; a `list` of whole numbers is read as `listAt(i)` besides, where `usesList`. */
  readonly ints: readonly string[];
  readonly floats: readonly string[];
  readonly usesList: boolean;
  /** A function `float valueOf(int at)` of the place in the target. */
  readonly code: string;
}

/** Entries in a row of the list's texture; a power of 2. */
export const LIST_WIDTH = 1024;

/** Pixels compared in one value of a mask: as many bits as a float16 holds with room to spare. */
export const MASK_BITS = 8;

/** The whole of a tensor. */
export const COPY: Shader = {
  name: 'copy',
  tensors: ['x'],
  ints: [],
  floats: [],
  usesList: false,
  code: 'float valueOf(int at) { return xAt(at); }',
};

/** Pixels of `x` in the list's order; a negative index gives `fill`. */
export const GATHER: Shader = {
  name: 'gather',
  tensors: ['x'],
  ints: ['channels'],
  floats: ['fill'],
  usesList: true,
  code: `
    float valueOf(int at) {
      ivec2 place = divide(at, channels);
      int pixel = listAt(place.x);
      return pixel < 0 ? fill : xAt(pixel * channels + place.y);
    }`,
};

/** The list is a map here: from `first` to `last`, where a pixel's values are, or a negative number to leave it as it is. */
const FIND = `
    int find(int pixel) {
      int found = pixel < first || pixel > last ? -1 : listAt(pixel - first);
      if (found < 0) discard;
      return found;
    }`;

/** Into an activation: the pixels that the map has. */
export const PASTE: Shader = {
  name: 'paste',
  tensors: ['values'],
  ints: ['channels', 'first', 'last'],
  floats: [],
  usesList: true,
  code: `${FIND}
    float valueOf(int at) {
      ivec2 place = divide(at, channels);
      return valuesAt(find(place.x) * channels + place.y);
    }`,
};

/**
 * Into partial sums: for the blocks of inputs that the map has, their product with their rows of the kernel. `x` is an
 * activation of ours, which is not packed.
 */
export const BLOCK_DOT: Shader = {
  name: 'block dot',
  tensors: ['x', 'kernel'],
  ints: ['inputs', 'units', 'blockSize', 'first', 'last'],
  floats: [],
  usesList: true,
  code: `${FIND}
    float valueOf(int at) {
      ivec2 place = divide(at, units);
      int block = place.x;
      find(block);
      int end = min((block + 1) * blockSize, inputs);
      int i = block * blockSize;
      ivec2 texel = divide(i + xForm.y, xForm.x).yx;
      float sum = 0.0;
      for (; i < end; i++) {
        sum += texelFetch(x, texel, 0).r * kernelAt(i * units + place.y);
        texel = texel.x + 1 < xForm.x ? texel + ivec2(1, 0) : ivec2(0, texel.y + 1);
      }
      return sum;
    }`,
};

/**
 * For each ${MASK_BITS} pixels of a row, a bit for each that differs: in its bits, or by more than a threshold above 0.
 * Distances are compared as bit patterns, which order like the numbers, with NaN above all.
 */
export const COMPARE: Shader = {
  name: 'compare',
  tensors: ['previous', 'next'],
  ints: ['channels', 'columns'],
  floats: ['threshold'],
  usesList: false,
  code: `
    bool differs(float a, float b) {
      if (threshold == 0.0) return floatBitsToUint(a) != floatBitsToUint(b);
      return (floatBitsToUint(b - a) & 0x7fffffffu) > floatBitsToUint(threshold);
    }
    float valueOf(int at) {
      int perRow = (columns + ${MASK_BITS - 1}) / ${MASK_BITS};
      ivec2 place = divide(at, perRow);
      int first = place.y * ${MASK_BITS};
      int mask = 0;
      for (int bit = 0; bit < ${MASK_BITS} && first + bit < columns; bit++) {
        int start = (place.x * columns + first + bit) * channels;
        for (int i = start; i < start + channels; i++) {
          if (!differs(previousAt(i), nextAt(i))) continue;
          mask |= 1 << bit;
          break;
        }
      }
      return float(mask);
    }`,
};

const reader = (name: string) => `
    uniform sampler2D ${name};
    uniform ivec4 ${name}Form;
    float ${name}At(int index) { return valueIn(${name}, ${name}Form, index); }`;

/** @returns the source as it is compiled; a tensor's form is its texture's width, an offset, and, where it is packed, rows (0 for all) and columns of a matrix */
export function sourceOf({tensors, ints, floats, usesList, code}: Shader): string {
  const list = `
    uniform isampler2D list;
    int listAt(int i) { return texelFetch(list, ivec2(i & ${LIST_WIDTH - 1}, i >> ${Math.log2(LIST_WIDTH)}), 0).r; }`;
  return `#version 300 es
    precision highp float;
    precision highp int;
    precision highp sampler2D;
    precision highp isampler2D;
    out vec4 result;
    uniform int targetWidth;
    // Quotient and remainder: division of integers is slow on GPUs, which estimate it with floats as well.
    ivec2 divide(int dividend, int divisor) {
      int quotient = int(float(dividend) / float(divisor));
      int rest = dividend - quotient * divisor;
      for (; rest < 0; rest += divisor) quotient--;
      for (; rest >= divisor; rest -= divisor) quotient++;
      return ivec2(quotient, rest);
    }
    vec4 texelIn(sampler2D image, int width, int at) {
      return texelFetch(image, divide(at, width).yx, 0);
    }
    float valueIn(sampler2D image, ivec4 form, int index) {
      if (form.w == 0) return texelIn(image, form.x, index + form.y).r;
      ivec2 place = divide(index, form.w);
      ivec2 line = form.z == 0 ? ivec2(0, place.x) : divide(place.x, form.z);
      int at = (line.x * ((form.z + 1) >> 1) + (line.y >> 1)) * ((form.w + 1) >> 1) + (place.y >> 1);
      vec4 texel = texelIn(image, form.x, at);
      vec2 pair = (line.y & 1) == 0 ? texel.rg : texel.ba;
      return (place.y & 1) == 0 ? pair.x : pair.y;
    }
    ${tensors.map(reader).join('')}
    ${ints.map((name) => `uniform int ${name};`).join('\n')}
    ${floats.map((name) => `uniform float ${name};`).join('\n')}
    ${usesList ? list : ''}
    ${code}
    void main() {
      ivec2 place = ivec2(gl_FragCoord.xy);
      result = vec4(valueOf(place.y * targetWidth + place.x), 0, 0, 0);
    }`;
}
