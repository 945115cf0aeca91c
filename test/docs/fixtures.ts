/** What the documentation's hidden setups need again and again. Not a test. */
import {io} from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';

/** A small convolutional model of one image of 24 × 32 pixels with three channels, with four outputs. */
export function smallModel(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({inputShape: [24, 32, 3], filters: 4, kernelSize: 3, strides: 2, activation: 'relu'}),
      layers.flatten(),
      layers.dense({units: 4}),
    ],
  });
}

/** Saves a model and gives what `tf.loadLayersModel` takes in the place of an address. */
export async function addressOf(model: LayersModel): Promise<io.IOHandler> {
  let artifacts: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler((saved) => {
      artifacts = saved;
      return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}});
    }),
  );
  return io.fromMemory(artifacts);
}
