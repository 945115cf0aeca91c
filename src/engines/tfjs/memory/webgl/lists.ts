/** Lists of pixel indices on the GPU. They are of one frame's use: a few textures are filled in turn. */
import {LIST_WIDTH} from './shaders';

/** So many that the GPU is done with a list by the time its texture is filled again. */
const TEXTURES = 8;

interface ListTexture {
  readonly texture: WebGLTexture;
  readonly rows: number;
}

export class Lists {
  private readonly textures: (ListTexture | undefined)[] = [];
  private turn = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  upload(list: Int32Array): WebGLTexture {
    const {gl} = this;
    this.turn = (this.turn + 1) % TEXTURES;
    const rows = Math.ceil(list.length / LIST_WIDTH);
    const texture = this.textureOf(rows);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const whole = Math.floor(list.length / LIST_WIDTH);
    this.fill(0, LIST_WIDTH, whole, list);
    this.fill(whole, list.length - whole * LIST_WIDTH, 1, list.subarray(whole * LIST_WIDTH));
    gl.bindTexture(gl.TEXTURE_2D, null);
    return texture;
  }

  private fill(row: number, width: number, rows: number, list: Int32Array): void {
    const {gl} = this;
    if (width === 0 || rows === 0) return;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, width, rows, gl.RED_INTEGER, gl.INT, list);
  }

  /** This turn's texture, of at least so many rows. */
  private textureOf(rows: number): WebGLTexture {
    const {gl} = this;
    const known = this.textures[this.turn];
    if (known && known.rows >= rows) return known.texture;
    if (known) gl.deleteTexture(known.texture);
    const grown = 2 ** Math.ceil(Math.log2(rows));
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.R32I, LIST_WIDTH, grown);
    // Integers cannot be filtered, and a texture that would be is incomplete.
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.textures[this.turn] = {texture, rows: grown};
    return texture;
  }
}
