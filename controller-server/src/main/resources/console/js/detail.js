import { get } from './api.js';
import { byId, element } from './dom.js';
import { bytes, count, duration, set } from './format.js';
import { STATES } from './model.js';

const REFRESH_MS = 2000;

function facts(...pairs) {
  return element('dl', {}, ...pairs
    .filter(([, value]) => value !== '' && value !== null && value !== undefined)
    .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

function lastHeard(replica) {
  const through = replica.heardThrough.length > 0 ? `, through ${replica.heardThrough.join(', ')}` : '';
  return `${duration(replica.silentMs)} ago${through}`;
}

function lagOf(replica) {
  if (replica.lagBytes === undefined) return '';
  return `${bytes(replica.lagBytes)}, had everything ${duration(replica.lagMs ?? 0)} ago`;
}

/** One group with all that is known of it; asks again every two seconds while it is open. */
export class Detail {
  #model;
  #panel = byId('detail');
  #actions;
  #key = null;
  #more = null;
  #note = '';
  #said = '';
  #timer = 0;
  #before = null;

  constructor(model, actions) {
    this.#model = model;
    this.#actions = actions;
  }

  open(key) {
    this.#before ??= document.activeElement;
    this.#key = key;
    this.#more = null;
    this.#note = '';
    this.#said = '';
    this.#panel.hidden = false;
    this.show();
    this.#panel.querySelector('button')?.focus();
    this.#ask();
  }

  close() {
    if (this.#key === null) return false;
    this.#key = null;
    clearTimeout(this.#timer);
    this.#panel.hidden = true;
    (this.#before?.isConnected && this.#before !== document.body ? this.#before : byId('grid')).focus();
    this.#before = null;
    return true;
  }

  /** Says what came of an action. */
  #say(text) {
    this.#said = text;
    this.show();
  }

  /** Somebody is copying something out of it. */
  #isSelectedFrom() {
    const selection = getSelection();
    return !selection.isCollapsed && this.#panel.contains(selection.anchorNode);
  }

  /** As the model has it now. */
  show() {
    if (this.#key === null || this.#isSelectedFrom()) return;
    const focused = this.#panel.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
    const group = this.#model.groups.get(this.#key);
    const [name, cluster] = this.#key.split('\n');
    const close = element('button', { type: 'button', 'data-action': 'close', onclick: () => this.close() }, 'Close');
    const scrolled = this.#panel.scrollTop;
    const title = element('div', { class: 'title' }, element('h3', { id: 'detail-title' }, name, ' ', element('small', { class: 'soft' }, cluster)), close);
    this.#panel.replaceChildren(title, ...(group ? this.#body(group) : [element('p', {}, 'This group was removed.')]));
    this.#panel.scrollTop = scrolled;
    if (focused !== undefined) {
      const buttons = [...this.#panel.querySelectorAll('button:not([disabled])')];
      (buttons.find((button) => button.dataset.action === focused) ?? close).focus({ preventScroll: true });
    }
  }

  #body(group) {
    const more = this.#more;
    const { label, tone } = STATES[group.state];
    return [
      more?.trouble ? element('p', { class: 'trouble' }, `Nobody can be elected: ${more.trouble}`) : null,
      ...this.#actions.forGroup(group, more, (text) => this.#say(text)),
      facts(
        ['State', element('span', { class: tone }, label)],
        ['Master', group.master === null ? 'none' : `${group.master}, epoch ${group.masterEpoch}`],
        ['SyncStateSet', `${set(group.syncStateSet)}, epoch ${group.syncStateSetEpoch}`],
        ['Lease', more?.leaseLeftMs > 0 ? `nobody else is elected for ${duration(more.leaseLeftMs)} yet` : '']),
      this.#said ? element('p', { role: 'status' }, this.#said) : null,
      this.#note ? element('p', { class: 'soft' }, this.#note) : null,
      ...group.replicas.map((replica) => this.#replica(group, { ...replica, ...more?.replicas.find((known) => known.id === replica.id) })),
    ].filter(Boolean);
  }

  #replica(group, replica) {
    const inSet = group.syncStateSet.includes(replica.id);
    const role = replica.id === group.master ? 'master' : 'slave';
    return element('div', { class: 'replica' },
      element('h4', {}, `${replica.id} · ${replica.address}`,
        element('span', { class: 'chip' }, role),
        element('span', { class: inSet ? 'chip in' : 'chip' }, inSet ? 'in sync' : 'not in the set'),
        replica.alive === false ? element('span', { class: 'chip dead' }, 'not alive') : null,
        replica.drained ? element('span', { class: 'chip' }, 'drained') : null),
      element('div', { class: 'panel' }, ...this.#actions.forReplica(group, replica, this.#more, (text) => this.#say(text))),
      facts(
        ['Last heartbeat', replica.silentMs >= 0 ? lastHeard(replica) : ''],
        ['Counts as dead after', replica.timeoutMs ? duration(replica.timeoutMs) : ''],
        ['Log ends at', replica.maxOffset >= 0 ? `${count(replica.maxOffset)}, epoch ${replica.lastEpoch}` : ''],
        ['Behind', role === 'slave' ? lagOf(replica) : ''],
        ['Agent', replica.agent ? replica.role ?? 'yes' : 'no'],
        ['Lease', replica.leaseRemainingMs > 0 ? duration(replica.leaseRemainingMs) : ''],
        ['Can\'t be master', replica.notElectable]));
  }

  async #ask() {
    clearTimeout(this.#timer);
    const key = this.#key;
    const [name, cluster] = key.split('\n');
    try {
      const { ok, told } = await get(`/api/v1/group?${new URLSearchParams({ cluster, name })}`);
      if (this.#key !== key) return;
      this.#more = ok ? told : null;
      this.#note = ok ? '' : told.message;
    } catch {
      if (this.#key !== key) return;
      this.#note = 'The controller does not answer.';
    }
    this.show();
    this.#timer = setTimeout(() => this.#ask(), REFRESH_MS);
  }
}
