/** Resizes of images. */
import {nearestRows} from '../../asked';
import {imageAt, moved, type Image} from '../image';
import {integersAt, isImage, type NodeImporter, type NodeUse} from '../use';

interface Resize {
  readonly image: Image;
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** What a node resizes, and how; null where tfjs rejects. */
function resizeOf(use: NodeUse): Resize | null {
  const image = imageAt(use);
  const size = integersAt(use, 1);
  if (!image || size?.length !== 2 || size.some((side) => side < 1) || !isImage(use, image.view)) return null;
  const alignCorners = use.attributes.boolean('align_corners', false);
  const halfPixelCenters = use.attributes.boolean('half_pixel_centers', false);
  return alignCorners && halfPixelCenters
    ? null
    : {image, size: [size[0], size[1]], alignCorners, halfPixelCenters};
}

export const resizeBilinear: NodeImporter = (use) => {
  const found = resizeOf(use);
  if (!found) return null;
  const {image, ...how} = found;
  if (how.size[0] === image.height && how.size[1] === image.width) return [image.view];
  return moved(use, image, {kind: 'resize2d', ...how});
};

export const resizeNearest: NodeImporter = (use) => {
  const found = resizeOf(use);
  if (!found) return null;
  const {image, size, alignCorners, halfPixelCenters} = found;
  const [rows, columns] = [image.height, image.width].map((from, axis) =>
    nearestRows({from, to: size[axis], alignCorners, halfPixelCenters}),
  );
  return rows && columns && moved(use, image, {kind: 'gather2d', rows, columns, fill: 0});
};
