/** Waits for threads of a side that had its turn: they may still look out for work, and keep a core busy while they do. */

/** How the process is found to be at rest: in so many milliseconds it takes no more than that of a processor's time. */
const REST = {ms: 5, cpuMs: 1};
const MOST_RESTS = 100;

export async function settle(): Promise<void> {
  for (let i = 0; i < MOST_RESTS; i++) {
    const start = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, REST.ms));
    const {user, system} = process.cpuUsage(start);
    if ((user + system) / 1000 <= REST.cpuMs) return;
  }
}
