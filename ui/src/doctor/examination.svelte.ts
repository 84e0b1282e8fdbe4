// The examination that is shown. It is made when it is asked for and never by itself: it runs programs.
import type { DoctorPage } from '../lib/bindings/DoctorPage';
import type { Trouble } from '../lib/bindings/Trouble';
import { ask, asTrouble } from '../lib/ipc';

/** What was found last. After a failure it stays, with the trouble beside it. */
export class Examination {
  page = $state.raw<DoctorPage>();
  trouble = $state.raw<Trouble>();
  busy = $state(false);

  #again = false;

  /** Looks now. Asked while it looks, it looks once more after that. */
  async look(): Promise<void> {
    if (this.busy) {
      this.#again = true;
      return;
    }
    this.busy = true;
    do {
      this.#again = false;
      try {
        this.page = await ask<DoctorPage>('examine');
        this.trouble = undefined;
      } catch (error) {
        this.trouble = asTrouble(error);
      }
    } while (this.#again);
    this.busy = false;
  }
}
