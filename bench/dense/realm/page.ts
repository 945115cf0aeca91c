/** The page: it fetches calls, hands each to the frame that it is for, and brings back what came of it. */
import type {Answer} from './messages';
import type {Frame} from './frame';

interface PageCall {
  readonly realm: string;
  readonly name: string;
  readonly given: unknown;
}

const frames = new Map<string, HTMLIFrameElement>();

async function frameFor(realm: string): Promise<HTMLIFrameElement> {
  const known = frames.get(realm);
  if (known) return known;
  const frame = document.createElement('iframe');
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
  frame.src = `/frame.html?${realm.replace(/\/[^/]*$/, '')}`;
  document.body.append(frame);
  await loaded;
  frames.set(realm, frame);
  return frame;
}

async function take({realm, name, given}: PageCall): Promise<Answer> {
  if (name === 'close') {
    frames.get(realm)?.remove();
    frames.delete(realm);
    return {result: null};
  }
  const {contentWindow} = await frameFor(realm);
  return (contentWindow as Window & {frame: Frame}).frame.take({name: name as never, given});
}

for (;;) {
  const call = (await (await fetch('/call')).json()) as PageCall | null;
  if (call) await fetch('/answer', {method: 'POST', body: JSON.stringify(await take(call))});
}
