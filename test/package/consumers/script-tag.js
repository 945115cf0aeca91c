/** A page without a bundler: `tf` and `tfjsReuse` are globals. */
async function main() {
  await check.wrapped(tf, tfjsReuse.withReuse);
  await check.layer(tf, tfjsReuse.IncrementalConv2D, tfjsReuse.withReuse);
  await check.registered(tf);
  return 'OK';
}

globalThis.result = main();
