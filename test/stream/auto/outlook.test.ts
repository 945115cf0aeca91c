/** What is expected of the frames to come, in frames of the model. */
import {Outlook} from '../../../src/stream/auto/outlook';

const after = (...costs: number[]): Outlook => {
  const outlook = new Outlook();
  costs.forEach((cost) => outlook.see(cost));
  return outlook;
};
const calm = (frames: number, cost = 0.1) => Array.from({length: frames}, () => cost);

test('large frames do not count for what a calm one takes', () => {
  expect(after(0.2, 5, 0.4, 3).calm).toBeCloseTo(0.3, 9);
});

test('the longer it was calm, the more a fill may lose', () => {
  expect(after(...calm(3)).repays(20)).toBe(false);
  expect(after(...calm(60)).repays(20)).toBe(true);
  const passing = after(0.1);
  passing.pass(60);
  expect(passing.repays(20)).toBe(true);
});

test('a stream in which large frames come often repays less', () => {
  const often = Array.from({length: 20}, () => [4, ...calm(2)]).flat();
  expect(after(...often).repays(5)).toBe(false);
  expect(after(...often).repays(1)).toBe(true);
});

test('key frames among calm ones are kept up with; large frames in a row are not', () => {
  const keys = Array.from({length: 6}, () => [...calm(11), 4]).flat();
  expect(after(...keys).isWorthKeepingUp(3, 4)).toBe(true);
  const burst = [...calm(60), ...calm(20, 4)];
  expect(after(...burst).isWorthKeepingUp(3, 4)).toBe(false);
});

test('a frame that is hardly larger than the model is kept up with the longer', () => {
  const fifty = [...calm(40), 1.2, 1.2, 0.1, 1.2, 1.2, 0.1, 1.2, 1.2];
  expect(after(...fifty).isWorthKeepingUp(0.2, 2)).toBe(true);
  expect(after(...fifty).isWorthKeepingUp(1.9, 2.9)).toBe(false);
});

test('of another scene it is not known what calm frames take', () => {
  const outlook = after(...calm(40, 0.9));
  outlook.restart();
  outlook.see(0.1);
  expect(outlook.calm).toBeCloseTo(0.1, 9);
});
