/**
 * Puts questions to the backend in use, each once: what it makes of a small tensor. Where it cannot be read without a wait, the
 * answer comes late, and a graph that did without it may be another one then. The questions are elsewhere.
 */
import * as tf from '@tensorflow/tfjs-core';

type Answer = readonly number[];

/** By backend, which may be replaced by another one of its name; null for those that are still to come. */
const answers = new WeakMap<object, Map<string, Answer | null>>();

/** Whoever sends frames of many sizes has many questions. */
const MOST_ANSWERS = 512;

let late = 0;

/** How many answers came after they were wanted. */
export const lateAnswers = (): number => late;

/**
 * What the current backend makes of a small tensor; null where that is not known yet.
 * @param otherwise what it is known to be without asking; null where it is not. Taken where the backend cannot be read at once
 */
export function asked(
  question: string,
  compute: () => tf.Tensor,
  otherwise: () => Answer | null,
): Answer | null {
  const known = answersOf(tf.backend());
  const found = known.get(question);
  if (found !== undefined) return found;
  const tensor = tf.keep(tf.tidy(compute));
  const answer = readNow(tensor) ?? otherwise();
  if (known.size >= MOST_ANSWERS) known.clear();
  known.set(question, answer);
  if (answer) tensor.dispose();
  else void readLate(tensor, (values) => known.set(question, values));
  return answer;
}

function answersOf(backend: object): Map<string, Answer | null> {
  const known = answers.get(backend) ?? new Map<string, Answer | null>();
  answers.set(backend, known);
  return known;
}

function readNow(tensor: tf.Tensor): Answer | null {
  try {
    return Array.from(tensor.dataSync());
  } catch {
    return null;
  }
}

async function readLate(tensor: tf.Tensor, note: (values: Answer) => void): Promise<void> {
  try {
    note(Array.from(await tensor.data()));
    late++;
  } catch {
    // The device was lost: whoever wants to know goes on without.
  } finally {
    tensor.dispose();
  }
}
