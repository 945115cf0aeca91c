/** Small made-up pictures, in place of photographs. Not a test. */
import type {Picture} from '../../examples/inpainting/images';

/** Soft waves of colour, as a picture has them: a neighbour says much about a pixel. */
export function pictureOf(height: number, width: number, name = 'waves'): Picture {
  const values = Float32Array.from({length: height * width * 3}, (_, i) => {
    const [colour, pixel] = [i % 3, Math.floor(i / 3)];
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return 0.5 + 0.4 * Math.sin(0.2 * y + (0.1 + 0.1 * colour) * x + colour);
  });
  return {name, height, width, values};
}
