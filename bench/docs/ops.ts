/** The table of ops in docs/support.md, made from the tables of the code: importers, definitions of ops, engines. */
import {opOf} from '../../src/engines/tfjs/ops';
import {definitions, type Op, type OpDefinition, type OpKind} from '../../src/graph';
import {importers, type KindImporters} from '../../src/importers/table';
import type {Column} from '../columns';
import {ENGINES, titlesOf} from './engines';
import {markdownTable} from './markdown';

interface Row {
  readonly kind: OpKind;
  readonly importers: KindImporters;
  readonly definition: OpDefinition<{kind: OpKind}>;
}

/** What there is none of. */
const NONE = '–';

const columns: readonly Column<Row>[] = [
  {title: 'Op', text: ({kind}) => `\`${kind}\``},
  {title: 'Layers (float32, channels last)', text: ({importers: {layers}}) => namesOf(layers)},
  {
    title: 'Nodes of a `tf.GraphModel` (batch of 1, channels last or first)',
    text: nodesOf,
  },
  {title: 'How it is computed', text: howComputed},
  {title: 'Engines', text: enginesOf},
  {title: 'Gradients', text: gradientOf},
  {title: 'Above the cut', text: aboveOf},
];

export function opsTable(): string {
  const kinds = Object.keys(definitions) as OpKind[];
  const rows = kinds.map((kind): Row => ({
    kind,
    importers: importers[kind],
    definition: definitions[kind] as unknown as Row['definition'],
  }));
  return markdownTable(columns, rows, 'text');
}

/** A name that begins with _ would be emphasis. */
const namesOf = (named: object): string =>
  Object.keys(named)
    .map((name) => name.replace(/^_/, '\\_'))
    .join(', ') || NONE;

/** What becomes an op though its importer stands at another one. */
const IMPORTED_ELSEWHERE: Partial<Record<OpKind, string>> = {padChannels: 'Pad, PadV2 (of channels)'};

function nodesOf({kind, importers: {nodes}}: Row): string {
  return IMPORTED_ELSEWHERE[kind] ?? namesOf(nodes);
}

function howComputed({kind, definition}: Row): string {
  if (kind === 'external') return '[see below](#what-is-no-op)';
  if (!definition.isComputed) return 'nothing to compute';
  if (definition.countedBy === 'outputs') return 'the pixels a change reached';
  return 'the blocks of the input that changed; partial results are kept';
}

function enginesOf({kind, definition}: Row): string {
  if (!definition.isComputed) return NONE;
  const having = titlesOf(({computes}) => computes(kind));
  return having.length === Object.keys(ENGINES).length ? 'all' : having.join(', ') || NONE;
}

function gradientOf({kind, definition}: Row): string {
  const gradient = definition.gradient({kind});
  if (gradient === 'none') return 'no';
  const having = titlesOf(({differentiates}) => differentiates(kind)).join(', ');
  return gradient === 'cut' ? `${having}; the cut` : having;
}

/** Whether it may stand in the head of an episode. */
function aboveOf({kind}: Row): string {
  return opOf({kind} as Op).whole === null ? 'no' : 'yes';
}
