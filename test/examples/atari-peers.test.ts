import {missingText, peersBeside} from '../../examples/atari/peers/names';
import {openPeers} from '../../examples/atari/peers/open';

describe('peers', () => {
  it('are tfjs-node and onnxruntime-node, but none is its own', () => {
    expect(peersBeside('wasm')).toEqual(['tfjs-node', 'onnxruntime-node']);
    expect(peersBeside('tensorflow')).toEqual(['onnxruntime-node']);
  });

  it('that are missing come with how to install them', () => {
    expect(missingText(peersBeside('cpu'))).toBe(
      'Install these to see them beside it: tfjs-node (npm i @tensorflow/tfjs-node), onnxruntime-node (npm run bench:peers).',
    );
  });

  // A test's process reads no TypeScript, and hands that on: those that are installed end before they have answered.
  it('that do not load are left out', async () => {
    expect(await openPeers(peersBeside('wasm'))).toEqual([]);
  });
});
