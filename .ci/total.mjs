/**
 * Adds up the test runs of `.ci/run` and prints `N passed, N failed`, with an exit status to match. A step that failed
 * without a failed test to show for it, be it no test run or one that broke down, counts as one failure.
 *
 *     node .ci/total.mjs FOLDER [FAILED_STEP...]      FOLDER holds jest's results, as STEP.json
 */
import {readFileSync, readdirSync} from 'node:fs';
import {basename, join} from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);

const runs = new Map(readdirSync(folder).map((file) => [basename(file, '.json'), read(join(folder, file))]));
const passed = sum([...runs.values()].map((run) => run.passed));
const failed = sum(
  [...runs].map(([step, run]) => (failedSteps.includes(step) ? Math.max(run.failed, 1) : run.failed)),
);
const failedWithoutRun = failedSteps.filter((step) => !runs.has(step)).length;

if (failedSteps.length > 0) console.log(`Failed: ${failedSteps.join(', ')}`);
console.log(`${passed} passed, ${failed + failedWithoutRun} failed`);
process.exitCode = failed + failedWithoutRun > 0 ? 1 : 0;

function read(file) {
  const {numPassedTests, numFailedTests, numRuntimeErrorTestSuites} = JSON.parse(readFileSync(file, 'utf8'));
  return {passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites};
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
