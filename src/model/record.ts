/** Starting an episode on a model's stream: what the model's options rule out, and what the episode is told of the model. */
import {object, onlyKnown} from '../checks';
import {isOpen} from '../region';
import {startRecording} from '../stream';
import {startEpisode, type Episode, type RecordSettings} from '../training';
import type {ResolvedOptions} from './options';
import type {Plans} from './plans';
import type {Predictor} from './predictor';
import type {Streams} from './streams';
import {fixedShapes, type Prediction, type Wrapped} from './wrapped';

export interface Recordable {
  readonly wrapped: Wrapped;
  readonly plans: Plans;
  readonly options: ResolvedOptions;
  readonly predictor: Pick<Predictor, 'queue' | 'interrupt'>;
  readonly streams: Pick<Streams, 'takeToRecord'>;
}

/** @throws where a frame of the stream is under way, or an option rules it out; and as `startEpisode` */
export function recordOn(
  {wrapped, plans, options, predictor, streams}: Recordable,
  settings: RecordSettings = {},
): Episode<Prediction> {
  const checkIdle = () => predictor.queue.checkIdle();
  checkIdle();
  predictor.interrupt();
  checkOptions(options);
  onlyKnown('record(): options', object('record(): options', settings, '{maxBytes}'), ['maxBytes']);
  // Every frame of an episode is of one plan.
  const shapes = fixedShapes(wrapped, 'make the model with a fixed inputShape to record its frames');
  const {program} = plans.get(shapes, wrapped.outputNames);
  const stream = streams.takeToRecord(program);
  let unpin: (() => void) | null = null;
  return startEpisode(
    {
      name: wrapped.name,
      program,
      trainable: wrapped.trainable(),
      record(wanted) {
        const recording = startRecording(stream, program, wanted);
        unpin = plans.pin();
        return recording;
      },
      stop() {
        stream.stopRecording();
        unpin?.();
      },
      checkIdle,
      pack: (outputs) => wrapped.pack(outputs),
    },
    settings,
  );
}

function checkOptions({threshold, inputThreshold, batch}: ResolvedOptions): void {
  const thresholds = [threshold.default, ...threshold.nodes.values()];
  if (!isOpen(inputThreshold) || thresholds.some((own) => own !== 0))
    throw new Error(
      'record(): gradients are exact, so that inputThreshold and every threshold have to be 0.',
    );
  if (batch === 'streams')
    throw new Error(
      "record(): with batch 'streams' every row has a stream; record on a stream() of each instead.",
    );
}
