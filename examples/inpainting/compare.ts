/** Training, with reuse and without: both from the same weights over the same lessons, taking turns update by update. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {Mismatch} from '../atari/check';
import {compared, type Figures} from './figures';
import {distance} from '../reinforce/gradients';
import {Learner} from './learner';
import {drawLesson, type Lesson, type LessonSettings} from './lesson';
import {buildNetwork} from './network';
import {randomFrom} from '../reinforce/random';
import {restore, type Restored} from './restore';
import type {Subjects} from './subjects';
import {denseIs, EngineTeacher, PlainTeacher, ReuseTeacher, type Teacher} from './teachers';

export interface CompareSettings extends LessonSettings {
  readonly updates: number;
  /** Of these, how many are made without reuse too. */
  readonly denseUpdates: number;
  readonly filters: readonly [number, number];
  readonly seed: number;
}

export interface Comparison {
  readonly figures: Figures;
  readonly restored: readonly Restored[];
}

/** What gradients may differ by: float32 sums in another order, and nothing more. */
const TOLERANCE = 1e-3;

/** Squares are drawn apart from weights, so that one seed does for both. */
const LESSONS = 1000;

/**
 * @param onUpdate called after each update of either side
 * @throws Mismatch where the gradients of both sides differ
 */
export function compare(
  {trained, unseen}: Subjects,
  settings: CompareSettings,
  onUpdate?: (learner: Learner) => void,
): Comparison {
  const random = randomFrom(LESSONS + settings.seed);
  const build = () => buildNetwork({...unseen.picture, filters: settings.filters}, settings.seed);
  const untrained = build();
  const reuse = new Learner(build(), (model) => new ReuseTeacher(model));
  const dense = new Learner(build(), denseTeacher);
  try {
    const first = drawLesson(trained[0], settings, random);
    const gradientDifference = checkGradients(untrained, first);
    const recomputed = recomputedShare(untrained, first);
    for (let update = 0; update < settings.updates; update++) {
      const lesson = drawLesson(trained[update % trained.length], settings, random);
      for (const learner of update < settings.denseUpdates ? inTurn(update, reuse, dense) : [reuse]) {
        learner.learn(lesson);
        onUpdate?.(learner);
      }
    }
    return {
      figures: {
        ...compared(reuse.updates, dense.updates),
        denseIs: denseIs(),
        recomputed,
        gradientDifference,
      },
      restored: [...trained, unseen].map((subject) =>
        restore(subject, subject !== unseen, untrained, reuse.model),
      ),
    };
  } finally {
    [reuse, dense, untrained].forEach((one) => one.dispose());
  }
}

/** Neither side is always the one to go first. */
function inTurn(update: number, reuse: Learner, dense: Learner): Learner[] {
  return update % 2 === 0 ? [reuse, dense] : [dense, reuse];
}

function denseTeacher(model: LayersModel): Teacher {
  return denseIs() === 'tfjs' ? new PlainTeacher(model) : new EngineTeacher(model);
}

/** Both sides' gradients of one lesson by the same weights. */
function checkGradients(model: LayersModel, lesson: Lesson): number {
  const [found, expected] = [new ReuseTeacher(model), denseTeacher(model)].map((teacher) => {
    const gradients = teacher.gradients(lesson);
    teacher.dispose();
    return gradients;
  });
  const difference = distance(found, expected);
  tf.dispose([found.grads, expected.grads]);
  // Written so that a NaN, which is within no bound, fails.
  if (difference <= TOLERANCE) return difference;
  throw new Mismatch(
    `The gradient with reuse is ${difference.toExponential(2)} of its length off the dense one; allowed is ${TOLERANCE}.`,
  );
}

/** Multiply-adds of the lesson's frames, one after the other. */
function recomputedShare(model: LayersModel, {frames}: Lesson): number {
  const reuse = withReuse(model, {policy: 'incremental'});
  try {
    const reports = frames.map((frame) => {
      reuse.run(frame);
      return reuse.lastFrame!;
    });
    const sum = (key: 'macs' | 'denseMacs') => reports.reduce((total, report) => total + report[key], 0);
    return sum('macs') / sum('denseMacs');
  } finally {
    reuse.dispose();
  }
}
