/** How far apart rows stand where there is room; a new one goes so far behind the last. */
const gap = 1_024;
/** How far apart they are pushed where there is none: seldom far enough to meet the next but one. */
const room = 64;

export interface Placed {
  readonly position: number;
  /** The rows behind it that make room: their new positions, by their index. */
  readonly pushed: ReadonlyMap<number, number>;
}

/**
 * Finds the position of a row among others: halfway between its neighbors. Where they stand too close, those behind are
 * pushed on, and no more of them than must be.
 *
 * @param others the positions of the other rows, in their order.
 * @param index how many of them come before.
 */
export function placeAt(others: readonly number[], index: number): Placed {
  const before = index === 0 ? 0 : (others[index - 1] ?? 0);
  const after = others[index] ?? before + 2 * gap;
  if (after - before > 1) return { position: before + Math.floor((after - before) / 2), pushed: new Map() };
  const pushed = new Map<number, number>();
  let last = before + room;
  for (let at = index; at < others.length && (others[at] ?? 0) <= last; at++) {
    last += room;
    pushed.set(at, last);
  }
  return { position: before + room, pushed };
}
