import { byId, element } from './dom.js';

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  return { ok: answer.ok, status: answer.status, told: await answer.json() };
}

/** Signing in and out, and what one may do then. Without a password on the controller there is nothing to be seen of it. */
export class Session {
  #place = byId('session');
  #model;
  #onChange;
  #signedIn = false;

  /** @param onChange runs when somebody has signed in or out, or done something; gets what is to be said of it */
  constructor(model, onChange) {
    this.#model = model;
    this.#onChange = onChange;
  }

  async start() {
    const answer = await fetch('/api/v1/session');
    const { possible, signedIn } = await answer.json();
    this.#signedIn = signedIn;
    if (possible) this.#show();
  }

  /** The buttons for a replica. */
  actionsFor(group, replica) {
    if (!this.#signedIn || !this.#model.nodes.leading) return [];
    const button = (action, label, question, disabled = false) => element('button', {
      type: 'button', 'data-action': `${action}-${replica.id}`, disabled,
      onclick: () => this.#ask(question, () => this.#act(action, group, replica)),
    }, label);
    const who = `broker ${replica.id} of ${group.name}`;
    return [
      replica.id === group.master ? null : button('switch-over', 'Switch over',
        `Make ${who} master? Writes pause until it has everything, and go on with it.`, Boolean(replica.notElectable)),
      replica.drained
        ? button('undrain', 'Undrain', `Let ${who} be master again like the others?`)
        : button('drain', 'Drain', `Drain ${who}? It hands over if it is master, and is master only where nobody else can be.`),
    ].filter(Boolean);
  }

  #show() {
    this.#place.replaceChildren(this.#signedIn
      ? element('button', { type: 'button', id: 'sign-out', onclick: () => this.#signOut() }, 'Sign out')
      : element('button', { type: 'button', id: 'sign-in', onclick: () => this.#signIn() }, 'Sign in'));
    this.#onChange('');
  }

  #signIn() {
    const password = element('input', { type: 'password', id: 'password', autocomplete: 'current-password', 'aria-label': 'Password', required: true });
    const said = element('p', { class: 'bad', role: 'alert' });
    this.#dialog('Sign in', 'To act from this page.', [password, said], async () => {
      const { ok, told } = await post('/api/v1/session', { password: password.value });
      said.textContent = ok ? '' : told.message;
      password.value = '';
      this.#signedIn = ok;
      if (ok) this.#show();
      return ok;
    });
  }

  async #signOut() {
    await fetch('/api/v1/session', { method: 'DELETE' });
    this.#signedIn = false;
    this.#show();
  }

  #ask(question, action) {
    this.#dialog('Yes', question, [], action);
  }

  async #act(action, group, replica) {
    const { status, told } = await post(`/api/v1/${action}`, { cluster: group.cluster, name: group.name, broker: replica.id });
    if (status === 401) {
      this.#signedIn = false;
      this.#show();
    }
    this.#onChange(told.message);
    return true;
  }

  /** @param action returns whether the dialog is done */
  #dialog(label, text, fields, action) {
    const ok = element('button', { class: 'main' }, label);
    const cancel = element('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
    const onsubmit = async (event) => {
      event.preventDefault();
      ok.disabled = true;
      if (await action().catch(() => false)) dialog.close();
      ok.disabled = false;
    };
    const dialog = element('dialog', { onclose: () => dialog.remove() },
      element('form', { onsubmit }, element('p', {}, text), ...fields, element('div', { class: 'panel' }, ok, cancel)));
    document.body.append(dialog);
    dialog.showModal();
  }
}
