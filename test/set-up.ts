/** Before the unit tests: says which backends they run on and which not, and keeps TensorFlow's own messages short. */
import {backends, leftOut} from './backends';

export default function setUp(): void {
  const not = leftOut.map(({name, why}) => `; not on ${name}: ${why}`).join('');
  process.stdout.write(`\nBackends: ${backends.join(', ')}${not}\n`);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}
