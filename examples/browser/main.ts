/** The page: its form, and the run that follows from it. Any other choice stops the run and starts another. */
import {useBackend} from './backends';
import {Comparison} from './comparison';
import {installedModels, modelNamed, PAPER_MODELS, PRETRAINED_MODELS} from './models';
import {addressOf, CHOICES, fillForm, readForm, type Settings} from './settings';
import {openSource, type Source} from './sources';
import {Tally} from './tally';
import {clearFigures, prepare, say, show} from './view';

const form = document.querySelector('form')!;
const playButton = form.querySelector('button')!;

/** The first frame is shown in any case. */
let isPaused = matchMedia('(prefers-reduced-motion: reduce)').matches;
let hasFailed = false;
let stop = new AbortController();
let running = Promise.resolve();
/** Kept from run to run while the same one is asked for: a camera would ask for permission again. */
let opened: {readonly key: string; readonly source: Source} | null = null;

const control = (name: string) => form.elements.namedItem(name) as HTMLSelectElement;

async function fillControls(): Promise<void> {
  const installed = await installedModels();
  for (const {name, label} of PAPER_MODELS) control('model').add(new Option(label, name));
  for (const {name, label} of PRETRAINED_MODELS) {
    const isInstalled = installed.has(name);
    const option = new Option(isInstalled ? label : `${label} (npm run models)`, name);
    option.disabled = !isInstalled;
    control('model').add(option);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    for (const choice of choices) control(name).add(new Option(choice, choice));
  }
  control('game').value = 'Breakout';
  fillForm(form, new URLSearchParams(location.search));
}

/** What the controls say beside themselves, and which of them mean something. */
function showSettings({source, gate, threshold}: Settings): void {
  control('game').disabled = source !== 'recording';
  form.querySelector('#gate-value')!.textContent = gate === 0 ? 'off' : `${gate} of 255`;
  form.querySelector('#threshold-value')!.textContent =
    threshold === 0 ? 'off' : `${(100 * threshold).toFixed(1)} %`;
  playButton.textContent = isPaused || hasFailed ? 'Play' : 'Pause';
}

function restart(): void {
  hasFailed = false;
  stop.abort();
  stop = new AbortController();
  const {signal} = stop;
  running = running.then(() => (signal.aborted ? undefined : run(signal)));
}

async function run(signal: AbortSignal): Promise<void> {
  const settings = readForm(form);
  history.replaceState(null, '', addressOf(settings, new URLSearchParams(location.search)));
  showSettings(settings);
  clearFigures();
  try {
    await compare(settings, signal);
  } catch (error) {
    hasFailed = true;
    closeSource();
    say((error as Error).message, 'error');
  }
  showSettings(settings);
}

async function compare(settings: Settings, signal: AbortSignal): Promise<void> {
  const model = modelNamed(settings.model);
  say(isLive(settings) ? 'Waiting for your permission …' : 'Loading …');
  const source = await sourceFor(settings);
  await useBackend(settings.backend);
  const comparison = await Comparison.open(model, settings);
  prepare(model, source.aspect);
  say(`On tfjs’s ${settings.backend} backend`);
  const tally = new Tally();
  try {
    for await (const picture of source.pictures(model, signal)) {
      const due = performance.now() + source.interval;
      const turn = await comparison.next(picture);
      tally.add(turn);
      show(turn, tally);
      do await painted();
      while (!signal.aborted && (isPaused || performance.now() < due));
    }
  } finally {
    comparison.dispose();
  }
}

const painted = () => new Promise<unknown>((resolve) => requestAnimationFrame(resolve));

const isLive = ({source}: Settings) => source === 'webcam' || source === 'screen';

async function sourceFor(settings: Settings): Promise<Source> {
  const key = settings.source === 'recording' ? settings.game : settings.source;
  if (opened?.key === key) return opened.source;
  closeSource();
  opened = {key, source: await openSource(settings)};
  return opened.source;
}

function closeSource(): void {
  opened?.source.close();
  opened = null;
}

playButton.addEventListener('click', () => {
  isPaused = !isPaused && !hasFailed;
  if (hasFailed) restart();
  playButton.textContent = isPaused ? 'Play' : 'Pause';
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', () => showSettings(readForm(form)));
form.addEventListener('change', restart);

await fillControls();
restart();
