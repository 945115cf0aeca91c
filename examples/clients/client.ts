/** What the test of clients wants of each: a file of its own, which says how it is opened, asked, and let reuse. */
import type {GraphModel, LayersModel, Tensor3D} from '@tensorflow/tfjs';
import type {Size} from '../camera/resize';

export interface Client {
  /** Its npm package. */
  readonly name: string;
  /** Which of its models, where it has several. */
  readonly of?: string;
  /** The one line that a program adds. */
  readonly line: string;
  /** Where its weights are from: 'wiring' where they are random, in a graph of the same kind, so that only the calls are tested. */
  readonly weights: 'its own' | 'human-models' | 'wiring';
  /** Of the frames that it is shown. */
  readonly frame: Size;
  /** @param reuse whether the line is run */
  open(reuse: boolean): Promise<OpenClient>;
}

export interface OpenClient {
  /** The model that reuses, or would. */
  readonly model: GraphModel | LayersModel;
  /** Whole calls by their names, as a program makes them for each frame, in this order. */
  readonly calls: Readonly<Record<string, Call>>;
}

/** Gives what the client gives, as numbers in one order. */
export type Call = (frame: Tensor3D) => Promise<number[]>;
