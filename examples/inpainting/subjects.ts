/** The pictures of a run, each with the squares of it that are never trained with. */
import {HELD_OUT, openPicture, TRAINED, type Picture} from './images';
import {randomFrom, type Random} from '../reinforce/random';
import {heldOutSquares, type Square} from './squares';

export interface Subject {
  readonly picture: Picture;
  /** Where it is painted over to see what was learnt, and never to learn. */
  readonly heldOut: readonly Square[];
}

export interface Subjects {
  readonly trained: readonly Subject[];
  /** A whole picture that is not learnt from. */
  readonly unseen: Subject;
}

/** @param area side of the squares */
export function openSubjects(area: number, seed: number): Subjects {
  const random = randomFrom(seed);
  const open = (name: string) => subjectOf(openPicture(name), area, random);
  return {trained: TRAINED.map(open), unseen: open(HELD_OUT)};
}

export function subjectOf(picture: Picture, area: number, random: Random): Subject {
  return {picture, heldOut: heldOutSquares(picture, area, random)};
}
