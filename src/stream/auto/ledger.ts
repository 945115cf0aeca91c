/** What reuse has lost against the model: never more than 3 % of any 200 frames. */

export const WINDOW = 200;
/** In frames of the model. */
export const MOST_LOST = 5.7;

export class Ledger {
  /** What each of the last frames lost, in frames of the model; below 0 what it gained. */
  private readonly losses = new Float64Array(WINDOW);
  private next = 0;

  add(loss: number): void {
    this.losses[this.next] = loss;
    this.next = (this.next + 1) % WINDOW;
  }

  /** What may be lost now, in frames of the model, wherever the 200 frames begin. */
  get left(): number {
    let [sum, worst] = [0, 0];
    for (let age = 1; age < WINDOW; age++) {
      sum += this.losses[(this.next - age + WINDOW) % WINDOW];
      worst = Math.max(worst, sum);
    }
    return MOST_LOST - worst;
  }
}
