/** An operation that GraphiQL offers. Every one of them runs on the demo data as `owner@acme.example`. */
export interface Example {
  /** The name of its operation. */
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}
