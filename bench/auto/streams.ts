/** The streams that 'auto' is measured on: recorded games, a sprite over a picture with key frames, a still. */
import type {Game} from '../../examples/atari/games';
import {buildNetwork} from '../../examples/atari/network';
import {preprocessor} from '../../examples/atari/preprocess';
import {randomFrom} from '../../examples/reinforce/random';
import {initializers, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {readRecording, sizeOf} from '../frames';
import {findNetwork} from '../networks';

/** Networks of the paper, by name, and that of the DQN paper (Mnih et al., 2015): four stacked frames of 84 × 84. */
export const NETWORKS = ['D2:80/160', 'D2:20/40', 'D4:20/40', 'DQN'] as const;
export type NetworkName = (typeof NETWORKS)[number];

export interface Stream {
  readonly name: string;
  readonly model: LayersModel;
  readonly shape: readonly [number, number, number, number];
  /** Frame t, whatever came before it; a fresh array. */
  readonly frame: (t: number) => Float32Array;
}

const DQN_SIDE = 84;
const DQN_FRAMES = 4;
const SPRITE = 6;

/** A recorded game as a network sees it. After its last frame it begins again. */
export function gameStream(game: Game, network: NetworkName): Stream {
  const recording = readRecording(game);
  const {header} = recording;
  // Each is shown in the same memory.
  const screens = Array.from(recording.screens(), (screen) => screen.slice());
  if (network === 'DQN') {
    const grey = (t: number) => resized(screens[Math.max(0, t) % screens.length], header);
    return {
      name: `${network} ${game}`,
      model: dqn(header.actionCount),
      shape: [1, DQN_SIDE, DQN_SIDE, DQN_FRAMES],
      frame: (t) => stacked(Array.from({length: DQN_FRAMES}, (_, i) => grey(t - DQN_FRAMES + 1 + i))),
    };
  }
  const {downsample, filters} = findNetwork(network)!;
  const size = sizeOf(recording, {downsample, filters});
  const preprocess = preprocessor(header, downsample);
  return {
    name: `${network} ${game}`,
    model: buildNetwork(size),
    shape: [1, size.height, size.width, 1],
    frame: (t) => preprocess(screens[t % screens.length]),
  };
}

/** A sprite that wanders over a picture; every so often all of it is another picture. @param every frames; Infinity for none */
export function keyFrameStream(network: Exclude<NetworkName, 'DQN'>, every: number): Stream {
  const {downsample, filters} = findNetwork(network)!;
  const [height, width] = [Math.ceil(210 / downsample), Math.ceil(160 / downsample)];
  return {
    name: `${network}, ${every === Infinity ? 'a sprite' : `key frame every ${every}`}`,
    model: buildNetwork({height, width, filters, actions: 6}),
    shape: [1, height, width, 1],
    frame: (t) => {
      const picture = randomFrom(1 + (every === Infinity ? 0 : Math.floor(t / every)));
      const frame = Float32Array.from({length: height * width}, () => Math.floor(256 * picture()));
      const [y0, x0] = [t % (height - SPRITE), (3 * t) % (width - SPRITE)];
      for (let y = y0; y < y0 + SPRITE; y++) frame.fill(255, y * width + x0, y * width + x0 + SPRITE);
      return frame;
    },
  };
}

/** One frame, over and over. */
export function stillStream(network: Exclude<NetworkName, 'DQN'>): Stream {
  const stream = keyFrameStream(network, Infinity);
  return {...stream, name: `${network}, a still`, frame: () => stream.frame(0)};
}

/** Shades of red, every pixel the nearest of the screen. */
function resized(screen: Uint8Array, {height, width, palette}: ReturnType<typeof readRecording>['header']) {
  const grey = new Float32Array(DQN_SIDE * DQN_SIDE);
  for (let y = 0, i = 0; y < DQN_SIDE; y++) {
    const row = Math.floor((y * height) / DQN_SIDE) * width;
    for (let x = 0; x < DQN_SIDE; x++, i++)
      grey[i] = palette[screen[row + Math.floor((x * width) / DQN_SIDE)]][0] / 255;
  }
  return grey;
}

function stacked(frames: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(frames.length * frames[0].length);
  frames.forEach((frame, channel) => frame.forEach((value, i) => (all[i * frames.length + channel] = value)));
  return all;
}

function dqn(actions: number): LayersModel {
  const initializer = (seed: number) => initializers.glorotUniform({seed});
  const convolution = (filters: number, kernelSize: number, strides: number) => ({
    filters,
    kernelSize,
    strides,
    activation: 'relu' as const,
    kernelInitializer: initializer(kernelSize),
  });
  return sequential({
    layers: [
      layers.conv2d({inputShape: [DQN_SIDE, DQN_SIDE, DQN_FRAMES], ...convolution(32, 8, 4)}),
      layers.conv2d(convolution(64, 4, 2)),
      layers.conv2d(convolution(64, 3, 1)),
      layers.flatten(),
      layers.dense({units: 512, activation: 'relu', kernelInitializer: initializer(5)}),
      layers.dense({units: actions, kernelInitializer: initializer(6)}),
    ],
  });
}
