import {fromPng, HELD_OUT, openPicture, toPng, TRAINED, type Picture} from '../../examples/inpainting/images';
import {CHANNELS, filled, painted, variants} from '../../examples/inpainting/painting';
import {below, randomFrom} from '../../examples/reinforce/random';
import {drawSquare, heldOutSquares, LARGEST, overlap, pixelsOf} from '../../examples/inpainting/squares';
import {pictureOf} from './pictures';

describe('the photographs', () => {
  it.each([...TRAINED, HELD_OUT])('%s is there, and is a picture of something', (name) => {
    const {height, width, values} = openPicture(name);
    expect([height, width, values.length]).toEqual([128, 128, 128 * 128 * 3]);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(200);
  });

  it('are written as they were read', () => {
    const {height, width, values} = openPicture('rocket');
    expect(fromPng(toPng({height, width, values}))).toEqual({height, width, values});
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => Array.from({length: 20}, randomFrom(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('reach every whole number below a count', () => {
    const random = randomFrom(0);
    const found = new Set(Array.from({length: 200}, () => below(5, random)));
    expect([...found].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('squares', () => {
  const plane = {height: 128, width: 128};

  it.each([2, 10, LARGEST])('of %i pixels for training keep off those held out', (size) => {
    const random = randomFrom(size);
    const heldOut = heldOutSquares(plane, size, random);
    expect(heldOut).toHaveLength(9);
    heldOut.forEach((one, i) =>
      expect(heldOut.slice(i + 1).some((other) => overlap(one, other))).toBe(false),
    );
    for (let i = 0; i < 200; i++) {
      const square = drawSquare(plane, size, heldOut, random);
      expect(heldOut.some((other) => overlap(square, other))).toBe(false);
      const pixels = [...pixelsOf(square, plane.width)];
      expect(pixels).toHaveLength(size ** 2);
      expect(Math.max(...pixels)).toBeLessThan(128 * 128);
    }
  });
});

describe('painting', () => {
  const picture: Picture = pictureOf(4, 5);
  const square = {top: 1, left: 2, size: 2};
  const inside = [...pixelsOf(square, picture.width)];

  it('blackens and marks the square, and nothing else', () => {
    const frame = painted(picture, [square]);
    for (let pixel = 0; pixel < 20; pixel++) {
      const found = [...frame.subarray(pixel * CHANNELS, (pixel + 1) * CHANNELS)];
      const colours = [...picture.values.subarray(3 * pixel, 3 * pixel + 3)];
      expect(found).toEqual(inside.includes(pixel) ? [0, 0, 0, 1] : [...colours, 0]);
    }
  });

  it('makes a frame for each square', () => {
    const squares = [square, {top: 0, left: 0, size: 1}];
    expect(variants(picture, squares)).toEqual(squares.map((one) => painted(picture, [one])));
  });

  it('fills a square with what is given for it, and leaves the picture alone', () => {
    const before = picture.values.slice();
    const {values} = filled(picture, [square], new Float32Array(60).fill(0.25));
    values.forEach((value, i) => {
      expect(value).toBe(inside.includes(Math.floor(i / 3)) ? 0.25 : before[i]);
    });
    expect(picture.values).toEqual(before);
  });
});
