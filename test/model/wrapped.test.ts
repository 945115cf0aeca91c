/** The wrapped model as the rest of the library sees it, and with some of its answers replaced. */
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {replacing, showing, wrapLayersModel} from '../../src/model/wrapped';
import {useBackend} from '../backends';

beforeAll(() => useBackend('cpu'));

test('answers that are not replaced are those of the model as it is now', () => {
  const model = sequential({
    layers: [layers.conv2d({filters: 1, kernelSize: 3, inputShape: [5, 5, 1], name: 'first'})],
  });
  const wrapped = wrapLayersModel(model);
  const some = showing(wrapped, ['first']);
  const named = replacing(some, {name: 'another'});
  expect([some.isDisposed, named.isDisposed, named.name]).toEqual([false, false, 'another']);
  model.pop();
  model.add(layers.dense({units: 1, inputShape: [3], name: 'other'}));
  model.build(undefined as never);
  wrapped.revision();
  expect(wrapped.outputNames).toEqual(['other']);
  expect([some, named].map(({inputs, outputNames}) => [inputs, outputNames])).toEqual([
    [wrapped.inputs, ['first']],
    [wrapped.inputs, ['first']],
  ]);
  model.dispose();
  expect([wrapped.isDisposed, some.isDisposed, named.isDisposed]).toEqual([true, true, true]);
});
