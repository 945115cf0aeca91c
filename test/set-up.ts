/** Before the unit tests: says what they run on and what not, and keeps TensorFlow's own messages short. */
import {backends, leftOut, wantedBuild} from './backends';

export default function setUp(): void {
  const not = leftOut.map(({name, why}) => `; not on ${name}: ${why}`).join('');
  const kernels = wantedBuild ? `; kernels: the ${wantedBuild} build` : '';
  process.stdout.write(`\nNode ${process.version}${kernels}. Backends: ${backends.join(', ')}${not}\n`);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}
