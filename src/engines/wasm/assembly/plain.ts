/** Everything the engine calls, for hosts without SIMD: the same names and arguments, the same results but for rounding. */
export * from './mask';
export * from './gate';
export * from './list';
export * from './plain/commit';
export * from './plain/conv';
export * from './plain/frame';
export * from './plain/activation';
export * from './plain/pointwise';
export * from './plain/pool';
export * from './plain/depthwise';
export * from './plain/merge';
export * from './plain/move';
export * from './plain/reduce';
export * from './log';
export * from './derivative';
export * from './plain/gradient';
export * from './gradient-moves';
