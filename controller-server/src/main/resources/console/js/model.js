const MAX_EVENTS = 500;
const MAX_SAMPLES = 900;

/** States of a group, the worst first; `alive` is null where the controller that is asked does not lead. */
export const STATES = {
  none: { label: 'no master', tone: 'bad' },
  dead: { label: 'master dead', tone: 'bad' },
  risk: { label: 'at risk', tone: 'warn' },
  behind: { label: 'behind', tone: 'warn' },
  fresh: { label: 'not elected', tone: 'soft' },
  ok: { label: 'ok', tone: 'ok' },
};

/** The machine that a replica is on: the host part of its address. */
export const hostOf = (replica) => replica.address.slice(0, replica.address.lastIndexOf(':'));

/** Nobody takes its writes, and it had a master. */
export const lacksMaster = (group) => group.state === 'none' || group.state === 'dead';

/** Nobody takes its writes, now or yet. */
export const mayElect = (group) => lacksMaster(group) || group.state === 'fresh';

export const keyOf = (group) => `${group.name}\n${group.cluster}`;

function stateOf(group) {
  if (group.master === null) return group.everElected ? 'none' : 'fresh';
  const replicas = new Map(group.replicas.map((replica) => [replica.id, replica]));
  if (replicas.get(group.master)?.alive === false) return 'dead';
  if (group.syncStateSet.length < 2 && group.replicas.length > 1) return 'risk';
  const unwell = group.replicas.some((replica) => replica.alive === false || !group.syncStateSet.includes(replica.id));
  return unwell || group.replicas.some((replica) => replica.lagMs || replica.lagBytes) ? 'behind' : 'ok';
}

function prepared(group) {
  const addresses = group.replicas.map((replica) => replica.address).join(' ');
  return { ...group, key: keyOf(group), state: stateOf(group), words: `${group.name} ${group.cluster} ${addresses}`.toLowerCase() };
}

/** What the server has told. Fires `groups` (detail: changed keys), `nodes`, `history` (detail: the event), `samples` and `loaded`. */
export class Model extends EventTarget {
  groups = new Map();
  nodes = null;
  history = [];
  samples = [];

  load(state) {
    this.groups = new Map(state.groups.map((group) => [keyOf(group), prepared(group)]));
    this.nodes = state.nodes;
    this.history = state.history;
    this.samples = state.samples;
    this.dispatchEvent(new Event('loaded'));
  }

  changeGroups({ changed, removed }) {
    const added = changed.some((group) => !this.groups.has(keyOf(group)));
    changed.forEach((group) => this.groups.set(keyOf(group), prepared(group)));
    removed.forEach((group) => this.groups.delete(keyOf(group)));
    if (added) {
      this.groups = new Map([...this.groups].sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    this.#fire('groups', new Set([...changed, ...removed].map(keyOf)));
  }

  changeNodes(nodes) {
    this.nodes = nodes;
    this.#fire('nodes', nodes);
  }

  addEvent(event) {
    this.history.push(event);
    if (this.history.length > MAX_EVENTS) this.history.shift();
    this.#fire('history', event);
  }

  addSample(sample) {
    this.samples.push(sample);
    if (this.samples.length > MAX_SAMPLES) this.samples.shift();
    this.#fire('samples', sample);
  }

  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
