const AGAIN_MS = 2000;
const TIMEOUT_MS = 15_000;

/** Something comes every other second; a connection on which nothing does is gone, whatever the browser thinks of it. */
const SILENT_MS = 8000;

/**
 * Brings the model what the server says: the state once, then its changes. `onLink` is told whether they come, and since when they
 * don't.
 */
export class Feed {
  #model;
  #onLink;
  #source = null;
  #again = 0;
  #heardAt = 0;
  #live = false;

  constructor(model, onLink) {
    this.#model = model;
    this.#onLink = onLink;
    setInterval(() => this.#watch(), 1000);
  }

  async start() {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#again);
    try {
      const answer = await fetch('/api/v1/state', { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const state = await answer.json();
      this.#model.load(state);
      this.#listen(state.cursor);
    } catch {
      this.#retry();
    }
  }

  #listen(cursor) {
    const source = new EventSource(`/api/v1/events?after=${encodeURIComponent(cursor)}`);
    const on = (name, action) => source.addEventListener(name, (event) => {
      this.#heard();
      action(JSON.parse(event.data));
    });
    source.onopen = () => this.#heard();
    source.onerror = () => {
      this.#lost();
      // The browser comes back by itself, from the last event on, unless the server has refused it.
      if (source.readyState === EventSource.CLOSED) this.#retry();
    };
    on('groups', (change) => this.#model.changeGroups(change));
    on('nodes', (nodes) => this.#model.changeNodes(nodes));
    on('history', (event) => this.#model.addEvent(event));
    on('sample', (sample) => this.#model.addSample(sample));
    on('reset', () => this.start());
    this.#source = source;
  }

  #watch() {
    if (this.#live && Date.now() - this.#heardAt > SILENT_MS) {
      this.#lost();
      this.start();
    }
  }

  #heard() {
    this.#heardAt = Date.now();
    this.#live = true;
    this.#onLink(true, this.#heardAt);
  }

  #lost() {
    this.#live = false;
    this.#onLink(false, this.#heardAt);
  }

  #retry() {
    this.#source?.close();
    this.#lost();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.start(), AGAIN_MS);
  }
}
