/** Everything the engine calls. Each file below is one kind of work. */
export * from './mask';
export * from './gate';
export * from './list';
export * from './commit';
export * from './conv';
export * from './frame';
export * from './activation';
export * from './pointwise';
export * from './pool';
export * from './depthwise';
export * from './merge';
export * from './move';
export * from './reduce';
export * from './log';
export * from './derivative';
export * from './gradient';
export * from './gradient-moves';
