/**
 * The program of a peer's process: loads the peer that its argument names, and predicts the frames that it is sent. When
 * it answers, its threads are at rest.
 */
import {createRequire} from 'node:module';
import {useBackend} from '../backend';
import {buildNetwork, type NetworkSize} from '../network';
import {findOnnxRuntime} from '../onnx/runtime';
import {denseSide} from '../sides/dense';
import {withInputs} from '../sides/inputs';
import {onnxFile, onnxSide} from '../sides/onnx';
import {settle} from '../sides/settle';
import type {Side, Timed} from '../sides/side';
import type {Answer, Question} from './messages';
import {ROOT, type PeerName} from './names';

interface Library {
  readonly version: string;
  open(size: NetworkSize): Promise<Side>;
}

/** Each as it comes: with as many threads as it chooses. */
const LIBRARIES: Readonly<Record<PeerName, () => Promise<Library>>> = {
  'tfjs-node': async () => {
    await useBackend('tensorflow');
    const {version} = createRequire(import.meta.url)('@tensorflow/tfjs-node/package.json') as {
      version: string;
    };
    return {
      version,
      open: async (size) => {
        const model = buildNetwork(size);
        return {...denseSide(model, 'tensorflow'), dispose: () => void model.dispose()};
      },
    };
  },
  'onnxruntime-node': async () => {
    const runtime = findOnnxRuntime(ROOT);
    if (!runtime) throw new Error('onnxruntime-node is not installed.');
    // Weights are made by tfjs, on any backend.
    await useBackend('cpu');
    return {
      version: runtime.env.versions.node ?? 'unknown',
      open: async (size) => {
        const model = buildNetwork(size);
        const side = await onnxSide(runtime, onnxFile(model, size), size, 'cpu', 0);
        model.dispose();
        return side;
      },
    };
  },
};

/** Keeps the side of the last network: games come one after another. */
class Player {
  private side: Side | null = null;
  private size = '';

  constructor(private readonly library: Library) {}

  async play({size, frames}: Question): Promise<Timed[]> {
    if (this.size !== JSON.stringify(size)) {
      await this.side?.dispose();
      this.side = await this.library.open(size);
      this.size = JSON.stringify(size);
    }
    const outputs = await this.run(size, frames);
    await settle();
    return outputs;
  }

  private run(size: NetworkSize, frames: readonly Float32Array[]): Promise<Timed[]> {
    const side = this.side!;
    return withInputs(side, size, frames, async (inputs) => {
      const outputs: Timed[] = [];
      for (const input of inputs) outputs.push(await side.predict(input));
      return outputs;
    });
  }
}

const answer = (message: Answer) => process.send!(message);
const fail = (error: Error) => answer({error: error.message});

async function main(): Promise<void> {
  const library = await LIBRARIES[process.argv[2] as PeerName]();
  const player = new Player(library);
  process.on('message', (question: Question) => {
    player.play(question).then((outputs) => answer({outputs}), fail);
  });
  answer({version: library.version});
}

// Nobody is left to answer.
process.once('disconnect', () => process.exit());
main().catch(fail);
