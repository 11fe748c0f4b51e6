const AGAIN_MS = 2000;

/** Brings the model what the server says: the state once, then its changes. `onLink` is told whether they come. */
export class Feed {
  #model;
  #onLink;
  #source = null;
  #again = 0;

  constructor(model, onLink) {
    this.#model = model;
    this.#onLink = onLink;
  }

  async start() {
    this.#source?.close();
    clearTimeout(this.#again);
    try {
      const answer = await fetch('/api/v1/state');
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
    const on = (name, action) => source.addEventListener(name, (event) => action(JSON.parse(event.data)));
    source.onopen = () => this.#onLink(true);
    source.onerror = () => {
      this.#onLink(false);
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

  #retry() {
    this.#source?.close();
    this.#onLink(false);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.start(), AGAIN_MS);
  }
}
