import { byId, element } from './dom.js';
import { count } from './format.js';
import { hostOf } from './model.js';

const PAUSE_MS = 250;

function machinesOf(groups) {
  const machines = new Map();
  for (const group of groups.values()) {
    for (const replica of group.replicas) {
      const host = hostOf(replica);
      let machine = machines.get(host);
      if (!machine) machines.set(host, machine = { host, replicas: 0, masters: 0, dead: 0, drained: 0 });
      machine.replicas++;
      machine.masters += replica.id === group.master ? 1 : 0;
      machine.dead += replica.alive === false ? 1 : 0;
      machine.drained += replica.drained ? 1 : 0;
    }
  }
  return [...machines.values()].sort((a, b) => a.host.localeCompare(b.host, 'en', { numeric: true }));
}

function row(machine, actions, say) {
  const number = (value, tone = '') => element('td', { class: `number ${value > 0 ? tone : ''}` }, count(value));
  return element('tr', {},
    element('th', { scope: 'row' }, machine.host),
    number(machine.masters, machine.drained > 0 ? 'warn' : ''),
    number(machine.replicas),
    number(machine.dead, 'bad'),
    number(machine.drained, 'warn'),
    element('td', {}, ...(actions.areOffered ? actions.forMachine(machine, say) : [])));
}

/** All machines on which brokers run, with how much is there; opened from the head of the page. */
export class Machines {
  #model;
  #actions;
  #dialog = byId('machines');
  #rows = byId('machine-rows');
  #said = byId('machines-said');
  #due = 0;

  constructor(model, actions) {
    this.#model = model;
    this.#actions = actions;
    byId('show-machines').addEventListener('click', () => this.#open());
    byId('close-machines').addEventListener('click', () => this.#dialog.close());
  }

  #open() {
    this.#said.textContent = '';
    this.#show();
    this.#dialog.showModal();
  }

  /** Shows what is different, a few times a second at most. */
  refresh() {
    if (!this.#dialog.open || this.#due !== 0) return;
    this.#due = setTimeout(() => {
      this.#due = 0;
      if (this.#dialog.open) this.#show();
    }, PAUSE_MS);
  }

  #show() {
    const focused = this.#rows.contains(document.activeElement) ? document.activeElement.closest('tr').firstChild.textContent : null;
    const scrolled = this.#rows.closest('.scrolls').scrollTop;
    const machines = machinesOf(this.#model.groups);
    this.#rows.replaceChildren(...machines.map((machine) => row(machine, this.#actions, (text) => this.#say(text))));
    this.#rows.closest('.scrolls').scrollTop = scrolled;
    byId('no-machines').hidden = machines.length > 0;
    if (focused !== null) {
      [...this.#rows.children].find((line) => line.firstChild.textContent === focused)?.querySelector('button')?.focus();
    }
  }

  #say(text) {
    this.#said.textContent = text;
    this.#show();
  }
}
