/** Before the unit tests: says what they run on and what not, and keeps TensorFlow's own messages short. */
import {backends, leftOut, wantedBuild} from './backends';
import {scale} from './scale';

/** What TensorFlow says of itself whenever it is loaded, before it looks how much it is to say. */
const GREETING =
  /^(WARNING: All log messages before absl::InitializeLog|I\d{4} .* oneDNN custom operations are on\.).*\n/gm;

export default function setUp(): void {
  const not = leftOut.map(({name, why}) => `; not on ${name}: ${why}`).join('');
  const kernels = wantedBuild ? `; kernels: the ${wantedBuild} build` : '';
  process.stdout.write(`\nNode ${process.version}${kernels}. Backends: ${backends.join(', ')}${not}\n`);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // On some processors with AVX-512 TensorFlow 2.21 corrupts memory where oneDNN goes back through some hundreds of convolutions, and
  // ends the process: the model's own gradients, with which ours are compared.
  if (scale === 'long') process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '0';
  leaveOut(GREETING);
}

/** From what workers write on standard error, which comes through this process. */
function leaveOut(words: RegExp): void {
  const write = process.stderr.write.bind(process.stderr) as (text: string, ...rest: unknown[]) => boolean;
  process.stderr.write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
    write((typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()).replace(words, ''), ...rest);
}
