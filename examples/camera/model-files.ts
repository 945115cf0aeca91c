/** The files of the pretrained models, which `npm run models` installs. Without tfjs, so that a program with one of its own reads them too. */
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {io} from '@tensorflow/tfjs-core';

/** Where scripts/models.mjs puts them. */
export const FOLDER = fileURLToPath(
  new URL('../../node_modules/.cache/tfjs-reuse/human-models-3.0.4/models', import.meta.url),
);

/** The files' own form: topology and weights are told apart, and weights may lie in several files. */
interface ModelFile extends Omit<io.ModelArtifacts, 'weightSpecs' | 'weightData'> {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

export function areModelsInstalled(): boolean {
  return existsSync(FOLDER);
}

/**
 * What is stored of a model, with its weights in one.
 * @throws where the models are not installed, or none has that name
 */
export function readModel(name: string, folder = FOLDER): io.ModelArtifacts {
  if (!existsSync(folder)) throw new Error('The models are not installed. Install them: npm run models');
  const path = join(folder, `${name}.json`);
  if (!existsSync(path)) throw new Error(`There is no model ${name} in ${folder}.`);
  return readArtifacts(path, folder);
}

function readArtifacts(path: string, folder: string): io.ModelArtifacts {
  const {weightsManifest, ...rest} = JSON.parse(readFileSync(path, 'utf8')) as ModelFile;
  const files = weightsManifest.flatMap(({paths}) => paths.map((file) => readFileSync(join(folder, file))));
  return {
    ...rest,
    weightSpecs: weightsManifest.flatMap(({weights}) => weights),
    weightData: Uint8Array.from(Buffer.concat(files)).buffer,
  };
}
