/** The slope of the straight line that fits the points best, by least squares: in units of y for one unit of x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const products = points.map(([at, value]) => (at - x) * (value - y));
  const squares = points.map(([at]) => (at - x) ** 2);
  return mean(products) / mean(squares);
}
