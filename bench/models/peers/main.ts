/**
 * The command: PoseNet over a camera's clip and over sprites, with reuse beside what people would use instead. All sides run
 * in this process, in turns. Needs `npm run models`, `npm run bench:peers` and tfjs-node.
 * `npm run bench:models:peers -- --help` lists the options.
 */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {useBackend, type Backend} from '../../../examples/atari/backend';
import {checkClose} from '../../../examples/atari/check';
import {mean} from '../../../examples/atari/figures';
import {findOnnxRuntime, type OnnxRuntime} from '../../../examples/atari/onnx/runtime';
import {ofValues} from '../../../examples/camera/agree';
import {openClip} from '../../../examples/camera/clips';
import {loadModel} from '../../../examples/camera/load-model';
import {posenet as task} from '../../../examples/camera/models/posenet';
import {ready, setThreads, type ReuseOptions} from '../../../src';
import {GraphModelImporter} from '../../../src/importers';
import {ROOT} from '../../frames';
import {writeJson} from '../../json';
import {describeMachine} from '../../machine';
import {measuredModel} from '../models';
import {calibrated, type ClipName} from '../settings';
import {measureSides, type Played} from './measure';
import {onnxSide} from './onnx';
import {onnxGraph} from '../../formats/onnx';
import {readPeersOptions} from './options';
import type {PeersResults, PeersRow} from './results';
import {SIDE_IDS, threadsOf, type PeerSide, type SideId} from './side';
import {denseSide, reuseSide} from './tfjs';

type Frames = readonly Float32Array[];

const agreement = ofValues(measuredModel(task.name).agreement!.of);

async function loadOn(backend: Backend): Promise<GraphModel> {
  await useBackend(backend);
  return loadModel(task.name);
}

/** Those that compute every frame in full, the model on tfjs's wasm backend first. */
async function denseSides(model: GraphModel, runtime: OnnxRuntime): Promise<PeerSide[]> {
  await tf.setBackend('wasm');
  const input = {name: model.inputs[0].name, shape: task.shape, dtype: 'float32'} as const;
  const graph = onnxGraph(new GraphModelImporter(model).graph([input], task.outputs));
  return [
    denseSide('tfjs-wasm', 'wasm', model, task),
    denseSide('tfjs-node', 'tensorflow', await loadOn('tensorflow'), task),
    await onnxSide(runtime, graph, 1),
    await onnxSide(runtime, graph, 2),
  ];
}

function openFrames(clip: ClipName, count: number): Frames {
  return openClip({clip, frames: count}, task.size).map((picture) => task.encode(picture));
}

async function calibratedOptions(model: GraphModel, clip: ClipName, frames: Frames): Promise<ReuseOptions> {
  await tf.setBackend('wasm');
  const tensors = frames.map((values) => tf.tensor(values.slice(), [...task.shape]));
  try {
    return (await calibrated(model, measuredModel(task.name), tensors, clip)).setting.options;
  } finally {
    tf.dispose(tensors);
  }
}

interface Contest {
  /** On tfjs's wasm backend. */
  readonly model: GraphModel;
  readonly dense: readonly PeerSide[];
  readonly rounds: number;
}

type Settings = readonly (readonly [name: PeersRow['setting'], options: ReuseOptions])[];

/** All settings of a clip are measured in the same turns, beside the same sides. */
async function measureClip(
  clip: ClipName,
  frames: Frames,
  settings: Settings,
  {model, dense, rounds}: Contest,
): Promise<PeersRow[]> {
  await tf.setBackend('wasm');
  const reuse = settings.map(([, options]) => reuseSide(model, task, options));
  const played = await measureSides([...dense, ...reuse], frames, rounds);
  for (const side of reuse) await side.dispose();
  const [own, ...peers] = played.slice(0, dense.length);
  peers.forEach((peer) => check(peer, own, clip));
  const times = Object.fromEntries([own, ...peers].map(({side, ms}) => [side.id, ms]));
  return settings.map(([setting], i) => {
    const mine = played[dense.length + i];
    if (setting === 'exact') check(mine, own, clip);
    const ms = {...times, reuse: mine.ms} as Record<SideId, number>;
    return {clip, setting, ms, agreement: agreementOf(mine, own)};
  });
}

function check({side, outputs}: Played, own: Played, clip: ClipName): void {
  outputs.forEach((values, frame) =>
    values.forEach((one, i) =>
      checkClose(one, own.outputs[frame][i], `${clip}, ${side.id}, frame ${frame}, ${task.outputs[i]}`),
    ),
  );
}

const agreementOf = (mine: Played, own: Played): number =>
  mean(mine.outputs.slice(1).map((outputs, i) => agreement(outputs, own.outputs[i + 1])));

const describe = ({clip, setting, ms}: PeersRow): string =>
  `${clip}, ${setting}: ${SIDE_IDS.map((id) => `${id} ${ms[id].toFixed(1)} ms`).join(', ')}`;

async function main(): Promise<void> {
  const {frames, rounds, json} = readPeersOptions(process.argv.slice(2));
  const runtime = findOnnxRuntime(ROOT);
  if (!runtime) throw new Error('onnxruntime-node is not installed: npm run bench:peers');
  const machine = describeMachine(runtime, '');
  const model = await loadOn('wasm');
  // Figures are of one thread: so are most of those that they stand beside.
  await setThreads(1);
  await ready();
  const contest: Contest = {model, dense: await denseSides(model, runtime), rounds};
  const [sprites, camera] = [openFrames('sprites', frames), openFrames('camera', frames)];
  const exact = ['exact', {}] as const;
  const calibration = ['calibrated', await calibratedOptions(model, 'camera', camera)] as const;
  const rows = [
    ...(await measureClip('sprites', sprites, [exact], contest)),
    ...(await measureClip('camera', camera, [exact, calibration], contest)),
  ];
  for (const side of contest.dense) await side.dispose();
  rows.forEach((row) => console.log(describe(row)));
  const results: PeersResults = {machine, model: task.name, frames, rounds, threads: threadsOf(), rows};
  writeJson(json, results);
  console.log(`Written to ${json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
