/** What the pool itself refuses. In a file of their own, so that who translates them does not hold the pool. */

/** Every connection is lent, and so many wait already. */
export class PoolBusyError extends Error {
  override name = 'PoolBusyError';
}

/** A statement came after its transaction had ended, as those of a timed-out one do, or it outlived its time. */
export class TransactionEndedError extends Error {
  override name = 'TransactionEndedError';
}

/** A statement that a transaction with a caller does not send: anything but reading and writing rows. */
export class StatementRefusedError extends Error {
  override name = 'StatementRefusedError';
}
