export {Episode, type ValueAndGrads} from './episode';
export {startEpisode, type EpisodeSource, type RecordSettings} from './start';
