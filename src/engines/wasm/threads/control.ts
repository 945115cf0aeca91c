/**
 * The words that a caller and its workers share, in a memory of their own: which list is shared, and how much of it is taken.
 *
 * The ticket is what workers watch: the number of the list in its upper bits, and below how many chunks of it nobody has taken. Who
 * takes a chunk counts the ticket down, by an exchange that fails where the ticket is another one by then. So a worker that comes late
 * finds that nothing is left, or takes a chunk of the list that is there now; it cannot take one for the list before. The other
 * words are written only while nothing is left to take.
 */

/** Bits of the ticket that count chunks. */
export const CHUNK_BITS = 12;
export const MOST_CHUNKS = (1 << CHUNK_BITS) - 1;

/** Where each word lies. Those that are written in turns by many have a line of the processor's cache each. */
export const TICKET = 0;
/** Chunks that workers have done. */
export const DONE = 16;
/** Workers that sleep. */
export const ASLEEP = 32;
/** The kernel's number, items, items a chunk, how many arguments it takes, and which of them says how many items. */
export const KERNEL = 48;
export const ITEMS = 49;
export const CHUNK = 50;
export const ARITY = 51;
export const PLACE = 52;
/** How far each argument moves on with each item. */
export const STEPS = 64;
/** Arguments that a kernel has at most. */
const MOST_ARGUMENTS = 24;
/** Where the arguments lie, as float64. */
export const ARGUMENTS_BYTES = 4 * (STEPS + MOST_ARGUMENTS);
const ENDS_BYTES = ARGUMENTS_BYTES + 8 * MOST_ARGUMENTS;
/** For each thread's number, whether it is to end. */
export const ENDS = ENDS_BYTES / 4;
/** More numbers than threads that can be asked for. */
const MOST_NUMBERS = 256;
export const CONTROL_BYTES = ENDS_BYTES + 4 * MOST_NUMBERS;

/** How long a worker looks out for the next list before it sleeps, in milliseconds. */
export const LINGER_MS = 0.1;
