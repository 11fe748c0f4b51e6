import { post } from './api.js';
import { ask } from './dialog.js';
import { element } from './dom.js';
import { count, duration, set } from './format.js';
import { hostOf, mayElect } from './model.js';

const NAMED_GROUPS = 5;

function names(groups) {
  const named = groups.slice(0, NAMED_GROUPS).map((group) => group.name).join(', ');
  return groups.length > NAMED_GROUPS ? `${named} and ${count(groups.length - NAMED_GROUPS)} more` : named;
}

/** Whether some other machine has a replica that could take over now, as far as this page knows. */
function hasHeir(group, machine) {
  return group.replicas.some((replica) => hostOf(replica) !== machine && replica.alive && !replica.drained
    && group.syncStateSet.includes(replica.id));
}

/** What one may do when signed in. Each is asked back about, with what may come of it; the controller checks it again. */
export class Actions {
  #session;
  #model;

  constructor(session, model) {
    this.#session = session;
    this.#model = model;
  }

  get areOffered() {
    return this.#session.mayAct;
  }

  /** The button for a group as a whole, if it needs one. */
  forGroup(group, more, say) {
    if (!this.areOffered || !mayElect(group)) return [];
    return [this.#button('elect', 'Elect a master', Boolean(more?.trouble), () => this.#ask(
      {
        title: `Elect a master of ${group.name}?`,
        texts: [
          'The controllers do this by themselves as soon as somebody can be elected; now they try at once, and take the best of those who'
            + ' can be.',
          ...this.#wait(group, more),
        ],
        label: 'Elect',
        focus: 'elect',
      },
      'elect', { cluster: group.cluster, name: group.name }, say))];
  }

  /** The buttons for a replica. */
  forReplica(group, replica, more, say) {
    if (!this.areOffered) return [];
    const target = { cluster: group.cluster, name: group.name, broker: replica.id };
    const who = `broker ${replica.id} of ${group.name}`;
    const button = (action, label, disabled, spec) => this.#button(`${action}-${replica.id}`, label, disabled,
      () => this.#ask({ ...spec, label: spec.label ?? label, focus: `${action}-${replica.id}` }, action, target, say));
    return [
      this.#roleButton(group, replica, more, who, button),
      replica.drained
        ? button('undrain', 'Undrain', false, { title: `Undrain ${who}?`, texts: ['It may be master again like the others. Nothing is switched back by this.'] })
        : button('drain', 'Drain', false, {
          title: `Drain ${who}?`,
          texts: [
            replica.id === group.master
              ? 'It hands over to another replica: writes pause for a moment, nothing is lost. If nobody can take over, it stays master.'
              : '',
            'Until it is undrained, it is master only where nobody else can be.',
          ],
        }),
    ].filter(Boolean);
  }

  #roleButton(group, replica, more, who, button) {
    const hindered = Boolean(replica.notElectable);
    if (!mayElect(group)) {
      return replica.id === group.master ? null : button('switch-over', 'Switch over', hindered, {
        title: `Make ${who} master?`,
        texts: ['Writes pause until it has everything, and go on with it. Nothing is lost: if it does not get there in time, all stays as it is.'],
      });
    }
    const first = group.state === 'fresh';
    const safe = first || group.syncStateSet.includes(replica.id);
    return button('elect', safe ? 'Elect' : 'Elect, unclean', hindered || replica.alive === false, {
      title: `Elect ${who}?`,
      texts: safe
        ? [first ? 'It is the first master of this group.' : 'It is in the SyncStateSet: it has what was acknowledged to all of the set.',
          ...this.#wait(group, more)]
        : [
          `It is NOT in the SyncStateSet ${set(group.syncStateSet)}: messages that were acknowledged, and that it does not have, are lost`
            + ' for good.',
          'If one of the set can be brought back, do that instead.',
          ...this.#wait(group, more),
        ],
      label: safe ? 'Elect' : 'Elect, and lose messages',
      danger: !safe,
    });
  }

  #wait(group, more) {
    if (group.state === 'fresh') return [];
    return [more?.leaseLeftMs > 0
      ? `The old master may still take writes by its lease: it is waited for until that is over, ${duration(more.leaseLeftMs)} at most.`
      : 'If the old master still runs, without an agent, where the controllers do not reach it, what it takes meanwhile is lost.'];
  }

  /** The buttons for all replicas of a machine. */
  forMachine(machine, say) {
    const drained = machine.drained === machine.replicas;
    const action = drained ? 'undrain' : 'drain';
    const focus = `${action}-machine-${machine.host}`;
    const label = drained ? 'Undrain' : 'Drain';
    // What may happen is found out when it is asked for: there may be many machines.
    const begin = () => this.#ask({ ...(drained ? this.#undrainOf(machine) : this.#drainOf(machine)), label, focus }, action,
      { machine: machine.host }, say);
    return [
      this.#button(focus, label, false, begin, `${label} ${machine.host}`),
      drained && machine.masters > 0
        ? this.#button(`hindrance-${machine.host}`, 'Why still master?', false, () => this.#askHindrance(machine, say))
        : null,
    ].filter(Boolean);
  }

  #undrainOf(machine) {
    return {
      title: `Undrain ${machine.host}?`,
      texts: [`Its replicas (${count(machine.replicas)}) may be master again like the others. Nothing is switched back by this.`],
    };
  }

  #drainOf({ host, replicas }) {
    const mastered = [...this.#model.groups.values()]
      .filter((group) => group.replicas.some((replica) => replica.id === group.master && hostOf(replica) === host));
    const stuck = mastered.filter((group) => !hasHeir(group, host));
    return {
      title: `Drain ${host}?`,
      texts: [
        `Replicas there: ${count(replicas)}. Until they are undrained, they are master only where nobody else can be.`,
        mastered.length > 0
          ? `${count(mastered.length)} of them ${mastered.length === 1 ? 'is' : 'are'} master, and handed over one after the other: each`
            + ' time writes of that group pause for a moment. Nothing is lost. It goes on when this page is closed.'
          : '',
        stuck.length > 0 ? `Nobody elsewhere can take over now: ${names(stuck)}. These stay where they are until somebody can.` : '',
      ],
      danger: stuck.length > 0,
    };
  }

  /** To ask for a drain again changes nothing, and tells how far it is. */
  async #askHindrance(machine, say) {
    try {
      const { told } = await post('/api/v1/drain', { machine: machine.host });
      say(`${told.message}.`);
    } catch {
      say('The controller does not answer.');
    }
  }

  #button(action, label, disabled, onclick, name = label) {
    return element('button', { type: 'button', 'data-action': action, 'aria-label': name, disabled, onclick }, label);
  }

  #ask(spec, action, target, say) {
    const back = () => {
      const same = [...document.querySelectorAll('button[data-action]')].find((button) => button.dataset.action === spec.focus && !button.disabled);
      return same ?? document.querySelector('dialog[open] button, #detail:not([hidden]) button');
    };
    ask({ ...spec, back }, async () => {
      const { ok, status, told } = await post(`/api/v1/${action}`, target);
      if (status === 401) this.#session.ended();
      if (ok) say(`Done: ${told.message}.`);
      return ok ? '' : told.message;
    });
  }
}
