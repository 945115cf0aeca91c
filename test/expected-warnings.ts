/** Run before each test file: what tfjs warns of, and tests bring about on purpose, is not printed. Any other word of it is. */
const EXPECTED = [
  // The cpu backend, when it makes its first tensor.
  `
============================
Hi, looks like you are running TensorFlow.js in Node.js. To speed things up dramatically, install our node backend, visit https://github.com/tensorflow/tfjs-node for more details. 
============================`,
  // Every graph can be awaited, so that tests await those that need not be.
  'This model execution did not contain any nodes with control flow or dynamic output shapes. You can use model.execute() instead.',
  // The webgpu backend, once: a plan reads the model's constants when it is made.
  'The performance of synchronously reading data from GPU to CPU is poor on the webgpu backend, please use asynchronous APIs instead.',
];

const warn = console.warn.bind(console);
console.warn = (...words: unknown[]) => {
  if (!EXPECTED.includes(words.join(' '))) warn(...words);
};
