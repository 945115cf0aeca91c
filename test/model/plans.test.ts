/** The programs of a model: how many are kept, and which are not given back while somebody needs them. */
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {allEngines, type Program} from '../../src/engines';
import {resolveOptions} from '../../src/model/options';
import {Plans} from '../../src/model/plans';
import {wrapLayersModel} from '../../src/model/wrapped';
import {useBackend} from '../backends';

beforeAll(() => useBackend('cpu'));

const [USER, OTHER] = [{dispose: jest.fn()}, {dispose: jest.fn()}];

/** Of a model that takes images of any size. */
function plansOfAnySize(): {plans: Plans; get: (side: number) => Program} {
  const model = sequential({
    layers: [layers.conv2d({inputShape: [null, null, 1], filters: 2, kernelSize: 3})],
  });
  const plans = new Plans(wrapLayersModel(model), resolveOptions({}), allEngines).join(USER);
  return {plans, get: (side) => plans.get([[side, side, 1]], ['output']).program};
}

test('a program is made once for a size, and given back with the last stream', () => {
  const {plans, get} = plansOfAnySize();
  const program = get(5);
  const dispose = jest.spyOn(program, 'dispose');
  get(6);
  expect(get(5)).toBe(program);
  plans.join(OTHER);
  plans.leave(OTHER);
  expect(dispose).not.toHaveBeenCalled();
  plans.leave(USER);
  expect(dispose).toHaveBeenCalledTimes(1);
});

test('of many sizes those that were made first are given back, and made anew when they come again', () => {
  const {plans, get} = plansOfAnySize();
  const first = get(5);
  const dispose = jest.spyOn(first, 'dispose');
  for (let side = 6; side < 5 + 32; side++) get(side);
  expect(dispose).not.toHaveBeenCalled();
  get(5 + 32);
  expect(dispose).toHaveBeenCalledTimes(1);
  expect(get(5)).not.toBe(first);
  plans.leave(USER);
});

test('a program that a frame runs on, or an episode is recorded with, is kept', () => {
  const {plans, get} = plansOfAnySize();
  const [running, recorded] = [get(5), get(6)];
  const release = plans.hold(running);
  const unpin = plans.pin();
  const disposals = [running, recorded].map((program) => jest.spyOn(program, 'dispose'));
  for (let side = 7; side < 60; side++) get(side);
  disposals.forEach((dispose) => expect(dispose).not.toHaveBeenCalled());
  release();
  expect(disposals[0]).toHaveBeenCalledTimes(1);
  unpin();
  get(60);
  expect(disposals[1]).toHaveBeenCalledTimes(1);
  plans.leave(USER);
  disposals.forEach((dispose) => expect(dispose).toHaveBeenCalledTimes(1));
});
