/** The pretrained models, which `npm run models` installs, read from disk in a way that suits every tfjs backend. */
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {FOLDER, readModel} from './model-files';

export {areModelsInstalled, readModel} from './model-files';

/**
 * A model by the name of its file.
 * @throws where the models are not installed, or none has that name
 */
export async function loadModel(name: string, folder = FOLDER): Promise<GraphModel> {
  const artifacts = readModel(name, folder);
  return loadGraphModel({load: async () => artifacts});
}
