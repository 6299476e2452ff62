/** Whether somebody still waits for the answer of a request. Whoever works for it may listen, and stop. */
export class Wanted {
  #givenUp = false;
  readonly #listeners = new Set<() => void>();

  get givenUp(): boolean {
    return this.#givenUp;
  }

  giveUp(): void {
    if (this.#givenUp) return;
    this.#givenUp = true;
    for (const listener of this.#listeners) listener();
  }

  onGivenUp(listener: () => void): void {
    this.#listeners.add(listener);
  }

  forget(listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
