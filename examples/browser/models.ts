/**
 * The models of the page: the paper's network in three sizes, with random weights, and the camera example's pretrained
 * ones. For each, how a picture becomes its input, and what its outputs say.
 */
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {buildNetwork} from '../atari/network';
import {MODELS} from '../camera/models';
import type {CameraModel, Result} from '../camera/models/task';
import type {Picture} from '../camera/pictures';
import type {Size} from '../camera/resize';

export interface Found {
  /** In a few words. */
  readonly text: string;
  /** What is drawn over the picture; null where there is nothing to draw. */
  readonly result: Result | null;
}

export interface PageModel {
  readonly name: string;
  readonly label: string;
  readonly size: Size;
  /** Of the input tensor, with its batch axis. */
  readonly shape: readonly number[];
  /** Whether a picture is made smaller by means over pixels; if not, pixels are left out. */
  readonly smooth: boolean;
  /** What one of 255 grey levels is at the input. */
  readonly greyLevel: number;
  /** The outputs to ask for; null: what `predict` gives. */
  readonly outputs: readonly string[] | null;
  load(): Promise<LayersModel | GraphModel>;
  encode(picture: Picture): Float32Array;
  decode(outputs: readonly Float32Array[]): Found;
}

/** As many as the console has. */
const ACTIONS = 18;

/** @param every rows and columns of a recording's screen that are kept: every 2nd or every 4th */
function paperNetwork(every: 2 | 4, filters: readonly [number, number]): PageModel {
  const size = {height: Math.ceil(210 / every), width: 160 / every};
  return {
    name: `paper-${every}-${filters[0]}`,
    label: `Paper’s network ${filters.join('/')}, ${size.width} × ${size.height}`,
    size,
    shape: [1, size.height, size.width, 1],
    smooth: false,
    greyLevel: 1,
    outputs: null,
    load: async () => buildNetwork({...size, filters, actions: ACTIONS}),
    encode: ({values}) => Float32Array.from({length: values.length / 3}, (_, pixel) => values[3 * pixel]),
    decode: ([probabilities]) => ({text: mostLikely(probabilities), result: null}),
  };
}

function mostLikely(probabilities: Float32Array): string {
  const action = probabilities.indexOf(Math.max(...probabilities));
  return `action ${action}, p = ${probabilities[action].toFixed(4)}`;
}

function pretrained({name, finds, size, shape, greyLevel, outputs, encode, decode}: CameraModel): PageModel {
  return {
    name,
    label: `${name}, ${size.width} × ${size.height}, ${finds}`,
    size,
    shape,
    smooth: true,
    greyLevel,
    outputs,
    load: () => loadPretrained(name),
    encode,
    decode: (values) => {
      const result = decode(values);
      return {text: describe(result), result};
    },
  };
}

async function loadPretrained(name: string): Promise<GraphModel> {
  try {
    return await loadGraphModel(`/data/models/${name}.json`);
  } catch (error) {
    throw new Error(`${name} cannot be loaded. Pretrained models are installed by: npm run models`, {
      cause: error,
    });
  }
}

function describe(result: Result): string {
  if (result.kind === 'poses') return count(result.poses.length, 'person', 'people');
  if (result.kind === 'detections') return count(result.detections.length, 'thing', 'things');
  const {values} = result.mask;
  const inside = values.reduce((sum, value) => sum + (value > 0.5 ? 1 : 0), 0);
  return `person: ${((100 * inside) / values.length).toFixed(1)} %`;
}

const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;

export const PAPER_MODELS: readonly PageModel[] = [
  paperNetwork(2, [40, 80]),
  paperNetwork(4, [20, 40]),
  paperNetwork(2, [80, 160]),
];
export const PRETRAINED_MODELS: readonly PageModel[] = MODELS.map(pretrained);

export function modelNamed(name: string): PageModel {
  return [...PAPER_MODELS, ...PRETRAINED_MODELS].find((model) => model.name === name)!;
}

/** Which of the pretrained models `npm run models` has put where the page is served from. */
export async function installedModels(): Promise<ReadonlySet<string>> {
  const files = (await (await fetch('/data/models.json')).json()) as string[];
  return new Set(files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)));
}
