/** MoveNet of pose-detection for several persons, whose model sees the whole frame each time. Its weights lie beside the program. */
import {createDetector, movenet, SupportedModels} from '@tensorflow-models/pose-detection';
import {reuseInPlace} from 'tfjs-reuse';
import {readModel} from '../camera/model-files';
import type {Client} from './client';
import {graphModelIn} from './model-in';

const modelType = movenet.modelType.MULTIPOSE_LIGHTNING;

export const client: Client = {
  name: '@tensorflow-models/pose-detection',
  of: modelType,
  line: 'reuseInPlace(detector.moveNetModel)',
  weights: 'human-models',
  frame: {height: 256, width: 256},

  async open(reuse) {
    const artifacts = readModel('movenet-multipose');
    const modelUrl = {load: async () => artifacts};
    // Smoothed key points depend on when they are asked for. Poses that are no one's are compared, too.
    const unsmoothed = {enableSmoothing: false, enableTracking: false, minPoseScore: 1e-6};
    const detector = await createDetector(SupportedModels.MoveNet, {modelType, modelUrl, ...unsmoothed});
    const model = graphModelIn(detector, 'moveNetModel');
    if (reuse) reuseInPlace(model);
    return {
      model,
      calls: {
        estimatePoses: async (frame) => {
          const poses = await detector.estimatePoses(frame);
          return poses.flatMap(({keypoints}) => keypoints.flatMap(({x, y, score = 0}) => [x, y, score]));
        },
      },
    };
  },
};
