import { byId, element } from './dom.js';
import { duration, set, time } from './format.js';
import { keyOf } from './model.js';

const MAX_SHOWN = 200;

/** What an event says: [text, tone]. */
function told(event) {
  switch (event.kind) {
    case 'leader_changed':
      return [`${event.leader} leads the controllers, term ${event.term}`, ''];
    case 'master_changed':
      return event.master === null
        ? [`no master, epoch ${event.masterEpoch}`, 'bad']
        : [`master ${event.masterBefore ?? '–'} → ${event.master}, epoch ${event.masterEpoch}, set ${set(event.set)}`, ''];
    case 'sync_state_set_changed':
      return [`set ${set(event.setBefore)} → ${set(event.set)}, set epoch ${event.setEpoch}`,
        event.set.length < event.setBefore.length ? 'warn' : ''];
    case 'replicas_removed':
      return ['replicas removed', 'warn'];
    case 'group_removed':
      return ['group removed', 'warn'];
    case 'replica_drained':
      return [`${event.what || `replica ${event.replica}`} drained`, ''];
    case 'replica_undrained':
      return [`${event.what || `replica ${event.replica}`} drained no more`, ''];
    case 'members_changed':
      return [`controllers: ${event.what}`, ''];
    case 'config_changed':
      return [`${event.controller}: ${event.configKey} ${event.valueBefore} → ${event.value}`, ''];
    case 'controller_drained':
      return [`controller ${event.controller} drained`, ''];
    case 'controller_undrained':
      return [`controller ${event.controller} drained no more`, ''];
    case 'operator_asked':
      return [`${event.controller} was asked: ${event.what}`, ''];
    default:
      return [event.kind, ''];
  }
}

function item(event, open) {
  const [what, tone] = told(event);
  const took = event.durationMs === undefined ? '' : `, took ${duration(event.durationMs)}`;
  const by = event.askedBy ? ` at ${event.askedBy}` : '';
  const why = `${event.unclean ? 'UNCLEAN: messages may be lost. ' : ''}${event.cause}${by}${took}`;
  const inputs = event.inputs ?? [];
  return element('li', { 'data-kind': event.kind },
    element('time', { datetime: event.at ? new Date(event.at).toISOString() : '' }, time(event.at)),
    event.name ? element('button', { type: 'button', onclick: () => open(keyOf(event)) }, event.name) : null,
    element('div', { class: `what ${event.unclean ? 'bad' : tone}` }, what),
    inputs.length === 0 ? element('div', { class: 'why' }, why) : element('details', { class: 'why' },
      element('summary', {}, why), element('ul', {}, ...inputs.map((input) => element('li', {}, input)))));
}

/** Events, the newest first. */
export class Timeline {
  #list = byId('events');
  #open;

  constructor(open) {
    this.#open = open;
  }

  load(history) {
    this.#list.replaceChildren(...history.slice(-MAX_SHOWN).reverse().map((event) => item(event, this.#open)));
  }

  add(event) {
    this.#list.prepend(item(event, this.#open));
    if (this.#list.children.length > MAX_SHOWN) this.#list.lastElementChild.remove();
  }
}
