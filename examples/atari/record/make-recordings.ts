/**
 * Makes `recordings/` from a folder of original recordings: `npx tsx examples/atari/record/make-recordings.ts --from DIR`.
 * Run by hand, and only to make them anew. Every file is read back and compared before it is written.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Command} from 'commander';
import {GAMES} from '../games';
import {openRecording, parseShipped, RECORDINGS, toShipped, type Recording} from '../recording';

/** What all files may weigh together. */
const MOST_BYTES = 4_000_000;

function requireSame(original: Recording, made: Recording): void {
  const {game} = original.header;
  if (JSON.stringify(original.header) !== JSON.stringify(made.header))
    throw new Error(`${game}: the header differs.`);
  const screens = made.screens();
  let frame = 0;
  for (const screen of original.screens()) {
    const next = screens.next();
    if (next.done || Buffer.compare(screen, next.value) !== 0)
      throw new Error(`${game}: screen ${frame} differs.`);
    frame++;
  }
  if (!screens.next().done) throw new Error(`${game}: there are more than ${frame} screens.`);
}

function makeAll(from: string, to: string): void {
  mkdirSync(to, {recursive: true});
  let total = 0;
  for (const game of GAMES) {
    const original = openRecording(game, from);
    const file = toShipped(original);
    requireSame(original, parseShipped(file));
    writeFileSync(join(to, `${game}.rec.br`), file);
    total += file.length;
    console.log(`${game}: ${original.header.frames} screens, ${file.length} bytes`);
  }
  console.log(`All: ${total} bytes`);
  if (total > MOST_BYTES) throw new Error(`The recordings weigh more than ${MOST_BYTES} bytes together.`);
}

const options = new Command()
  .description('Makes the recordings of examples/atari from the original ones.')
  .requiredOption('--from <dir>', 'folder of the original recordings, NAME.rec.gz')
  .option('--to <dir>', 'folder to write them to', RECORDINGS)
  .parse()
  .opts<{from: string; to: string}>();

makeAll(options.from, options.to);
