/** What is run over the films: a network, how a picture becomes its input, and how its results are judged. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {checkClose, checkOutput} from '../../examples/atari/check';
import {mean} from '../../examples/atari/figures';
import {buildNetwork, type NetworkSize} from '../../examples/atari/network';
import {inputPlane} from '../../examples/atari/preprocess';
import {reference} from '../../examples/atari/reference';
import {ofValues} from '../../examples/camera/agree';
import {loadModel} from '../../examples/camera/load-model';
import {posenet} from '../../examples/camera/models/posenet';
import type {Picture} from '../../examples/camera/pictures';
import {resize} from '../../examples/camera/resize';
import {measuredModel} from '../models/models';
import {networkName, type Network} from '../networks';
import {redOf} from './pong';
import type {Gate} from './results';

type Values = readonly Float32Array[];

export interface Task {
  readonly network: string;
  readonly model: LayersModel | GraphModel;
  readonly shape: readonly number[];
  /** The outputs to ask for; the model's own where there are none named. */
  readonly outputs?: readonly string[];
  /** What one of 255 grey levels is at the input. */
  readonly greyLevel: number;
  readonly gate: Gate;
  readonly measure: string;
  encode(picture: Picture): Float32Array;
  /** How far two results agree, from 0 to 1; `own` are the model's own of all frames. */
  agreement(own: readonly Values[]): (one: Values, other: Values) => number;
  /** @throws Mismatch where an exact result is further from the model's own than is promised */
  check(values: Values, own: Values, frame: Float32Array, where: string): void;
}

/** Two layers see a change of little as little: the gate of a picture out of a file. */
const GAME_GATE: Gate = {levels: 4};
/** Many layers see wide areas; a pixel alone that is over the gate is a codec's. */
const SCREEN_GATE: Gate = {levels: 8, neighbours: 2};

/** The paper's network over a game's screen. */
export function gameTask(network: Network, screen: Picture, actions: number): Task {
  const size: NetworkSize = {...inputPlane(screen, 2), filters: network.filters, actions};
  const model = buildNetwork(size);
  return {
    network: networkName(network),
    model,
    shape: [1, size.height, size.width, 1],
    greyLevel: 1,
    gate: GAME_GATE,
    measure: 'same action',
    encode: redOf,
    agreement: sameAction,
    check: ([values], [own], frame, where) => {
      checkOutput(values, own, () => reference(model, size, frame), where);
    },
  };
}

/**
 * The action whose probability is furthest above its mean over the film. With weights that nobody trained, the background alone
 * decides which is the most probable: always the same one.
 */
function sameAction(own: readonly Values[]): (one: Values, other: Values) => number {
  const means = [...own[0][0]].map((_, action) => mean(own.map(([values]) => values[action])));
  const actionOf = ([values]: Values) => {
    const above = means.map((usual, action) => values[action] - usual);
    return above.indexOf(Math.max(...above));
  };
  return (one, other) => Number(actionOf(one) === actionOf(other));
}

/** PoseNet over a screen. */
export async function poseTask(): Promise<Task> {
  const {title, of} = measuredModel(posenet.name).agreement!;
  return {
    ...posenet,
    network: 'PoseNet',
    model: await loadModel(posenet.name),
    gate: SCREEN_GATE,
    measure: title,
    encode: (picture) => posenet.encode(resize(picture, posenet.size)),
    agreement: () => ofValues(of),
    check: (values, own, _, where) =>
      values.forEach((one, i) => checkClose(one, own[i], `${where}, ${posenet.outputs[i]}`)),
  };
}
