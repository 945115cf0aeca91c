/** Channels that become space. */
import {imageAt, moved} from '../image';
import {isImage, type NodeImporter} from '../use';

export const depthToSpace: NodeImporter = (use) => {
  const image = imageAt(use);
  // tfjs wants to be told the format, and has no block of 1.
  use.attributes.string('data_format');
  const block = use.attributes.integer('block_size');
  if (!image || !isImage(use, image.view) || block < 2) return null;
  return moved(use, image, {kind: 'depthToSpace', block});
};
