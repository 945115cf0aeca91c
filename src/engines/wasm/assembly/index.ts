/**
 * Everything that computes frames. Each file below is one kind of work. Of a kernel with many parameters `@call` names those that
 * differ from call to call; the others are given once for a node, by name: scripts/kernel-signatures.mjs makes from it what
 * `bind` has of that kernel.
 */
export * from './mask';
export * from './gate';
export * from './list';
export * from './pick';
export * from './commit';
export * from './conv';
export * from './winograd';
export * from './frame';
export * from './finite';
export * from './activation';
export * from './pointwise';
export * from './pool';
export * from './depthwise';
export * from './merge';
export * from './move';
export * from './reduce';
export * from './top';
export * from './same';
export * from './squares';
