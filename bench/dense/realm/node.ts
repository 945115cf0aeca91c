/** A process of Node's as a realm: hosts/node.ts starts it with the work's folder, and sends it calls. */
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {useBackend} from '../../../examples/atari/backend';
import {findOnnxRuntime} from '../../../examples/atari/onnx/runtime';
import {settle} from '../../../examples/atari/sides/settle';
import {ROOT} from '../../frames';
import {startCost} from '../../measure/cost';
import {answer, type Call} from './messages';
import {loadLiteRt, loadOnnxWeb} from './node-peers';
import type {Platform} from './platform';
import {realmOf} from './realm';

function platformIn(folder: string): Platform {
  return {
    read: async (name) => Uint8Array.from(await readFile(join(folder, name))).buffer,
    // TensorFlow's threads are told to its process; tfjs's wasm backend has one here.
    useBackend: (backend) => {
      giveBackUtil();
      return useBackend(backend);
    },
    loadLiteRt,
    loadOnnxWeb,
    async loadOnnxNode() {
      const runtime = findOnnxRuntime(ROOT);
      if (!runtime) throw new Error('onnxruntime-node is not installed: npm run bench:peers');
      return runtime;
    },
  };
}

/** tfjs-node 4.22 calls this function at each op, which Node has dropped with its version 23. */
function giveBackUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
}

const calls = realmOf(platformIn(process.argv[2]));

async function take(call: Call): Promise<void> {
  const stop = startCost(null);
  const said = await answer(calls, call);
  const {cpuMs} = stop();
  // Threads that still look out for work would keep a core busy in another's turn.
  await settle();
  process.send!('result' in said ? {...said, cpuMs} : said);
}

process.on('message', (call) => void take(call as Call));
