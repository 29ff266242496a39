// Sizes of enclosures before sealing: few, so that they tell little of what is inside.
import { LARGEST } from './limits';

const MIB = 1024 * 1024;
/** Up to this size, sizes are powers of two. */
const POWERS = 16 * MIB;
/** Sizes between a power of two above that and the next. */
const STEPS = 8;

/** The attachments exceed the largest enclosure. */
export class TooMuch extends Error {}

/** The smallest of the 61 enclosure sizes for `tar` bytes; at most an eighth is padding above 16 MiB. */
export function sizeHolding(tar: number): number {
  if (tar > LARGEST) throw new TooMuch();
  let power = MIB;
  while (power < tar) power *= 2;
  if (power <= POWERS) return power;
  const step = power / 2 / STEPS;
  return Math.ceil(tar / step) * step;
}

/** Upper bound of the archive's size: a header, an extended header for long names, the content in blocks, the end. */
export function tarBound(files: readonly { size: number }[]): number {
  const entry = (size: number): number => 512 + 512 + 1024 + Math.ceil(size / 512) * 512;
  return files.reduce((sum, { size }) => sum + entry(size), 1024);
}

/** Size of the enclosure of these files, in bytes before sealing. */
export function sizeOf(files: readonly { size: number }[]): number {
  return sizeHolding(tarBound(files));
}
