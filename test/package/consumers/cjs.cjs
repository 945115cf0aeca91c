/** A project of CommonJS modules. */
require('@tensorflow/tfjs-backend-cpu');
require('./check.js');
const tf = {...require('@tensorflow/tfjs-core'), ...require('@tensorflow/tfjs-layers')};
const {IncrementalConv2D, withReuse} = require('tfjs-reuse');

async function main() {
  await check.wrapped(tf, withReuse);
  await check.layer(tf, IncrementalConv2D, withReuse);
  await check.registered(tf);
  await check.savedAndLoaded(tf, IncrementalConv2D, withReuse);
  console.log('OK');
}

main();
