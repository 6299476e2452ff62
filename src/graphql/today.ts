/** Days are those of the UTC calendar, here and in SQL. */

/** The day that it is, as a column of days has it. */
export const today = (): Date => new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);

/** {@link today} in SQL. */
export const todaySql = "(now() at time zone 'UTC')::date";
