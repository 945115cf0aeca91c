/** What the policy 'auto' decides, in words. */
import type {Decision} from '../policy';

const judged = (path: Decision['path'], reason: string): Decision => ({path, reason, isJudged: true});

export const MEASURE: Decision = {path: 'dense', reason: 'measuring the model itself'};
export const TOO_MUCH = judged('dense', 'too much changes for reuse to pay');
export const GIVE_UP: Decision = {...TOO_MUCH, givesUp: true};
export const WAIT = judged('dense', 'waiting for the cached scene to come back');
export const AWAIT = judged('dense', 'monitoring whether reuse will pay');
export const FILL = judged('prime', 'reuse is expected to pay');
export const FILL_FOR_TRIAL = judged('prime', 'trying out reuse');
export const TAKE_OVER = judged('prime', 'taking over a scene that differs from the cached one');
export const TRY: Decision = {path: 'incremental', reason: 'trying out reuse'};
export const REUSE = judged('incremental', 'expected to be faster than the model itself');
export const KEEP_UP = judged('incremental', 'keeping up with a large change, for the smaller ones after it');
