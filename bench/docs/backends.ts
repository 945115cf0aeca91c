/** The table of tfjs's backends in docs/support.md: which engine computes there by default, by the engines' own word. */
import {allEngines} from '../../src/engines';
import {hasKernels} from '../../src/engines/tfjs/memory/kernels/register';
import {definitions, type OpKind} from '../../src/graph';
import type {BackendName} from '../../test/backends';
import type {Column} from '../columns';
import {ENGINES} from './engines';
import {markdownTable} from './markdown';

/** What is tested on each. */
const TESTED: Readonly<Record<BackendName | 'webgl' | 'webgpu' | 'any other', string>> = {
  cpu: 'yes',
  wasm: 'yes',
  tensorflow: 'yes, where `@tensorflow/tfjs-node` is installed',
  webgl: 'in Chromium, drawn on the CPU',
  webgpu: 'in Node and in Chromium, computed on the CPU',
  'any other': 'no',
};

type Backend = keyof typeof TESTED;

const columns: readonly Column<Backend>[] = [
  {title: 'Backend', text: (backend) => backend},
  {title: 'Engine by default', text: (backend) => defaultEngine(backend).title},
  {title: 'Episodes (`record()`)', text: episodesOf},
  {title: 'The portable engine writes', text: writesOf},
  {title: 'Tested', text: (backend) => TESTED[backend]},
];

export function backendsTable(): string {
  return markdownTable(columns, Object.keys(TESTED) as Backend[], 'text');
}

/** Once it is ready, of a graph that it can run. */
function defaultEngine(backend: Backend) {
  const {name} = allEngines.find((engine) => engine.suits(backend))!;
  // In the main entry no graph is left to the model.
  return ENGINES[name as keyof typeof ENGINES];
}

function episodesOf(backend: Backend): string {
  const {differentiates} = defaultEngine(backend);
  return (Object.keys(definitions) as OpKind[]).some(differentiates) ? 'yes' : "with `{engine: 'tfjs'}`";
}

function writesOf(backend: Backend): string {
  if (hasKernels(backend)) return 'in place';
  return backend === 'webgl' ? 'in place, by shaders (WebGL 2)' : 'a new tensor each time';
}
