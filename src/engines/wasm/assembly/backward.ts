/**
 * Everything that recorded frames and the backward pass take beside it: a module of its own, over the same memory, so that who
 * only predicts need not have it.
 */
export * from './log';
export * from './derivative';
export * from './gradient';
export * from './gradient-depthwise';
export * from './gradient-moves';
export * from './gradient-norm';
export * from './gradient-winograd';
