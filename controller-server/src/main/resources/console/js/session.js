import { get, post, remove } from './api.js';
import { ask } from './dialog.js';
import { byId, element } from './dom.js';

const PATH = '/api/v1/session';

/** Signing in and out. Without a password on the controller there is nothing to be seen of it. */
export class Session {
  #place = byId('session');
  #model;
  #onChange;
  #signedIn = false;

  /** @param onChange runs when somebody has signed in or out */
  constructor(model, onChange) {
    this.#model = model;
    this.#onChange = onChange;
  }

  /** Whether somebody may act from this page now: only the leader does something. */
  get mayAct() {
    return this.#signedIn && this.#model.nodes?.leading === true;
  }

  async start() {
    const { told } = await get(PATH);
    this.#signedIn = told.signedIn;
    if (told.possible) this.#show();
  }

  /** The controller does not know the session any more. */
  ended() {
    this.#signedIn = false;
    this.#show();
  }

  #show() {
    this.#place.replaceChildren(this.#signedIn
      ? element('button', { type: 'button', id: 'sign-out', onclick: () => this.#signOut() }, 'Sign out')
      : element('button', { type: 'button', id: 'sign-in', onclick: () => this.#signIn() }, 'Sign in'));
    this.#onChange();
  }

  #signIn() {
    const password = element('input', {
      type: 'password', id: 'password', name: 'password', autocomplete: 'current-password', 'aria-label': 'Password', required: true,
    });
    const back = () => this.#place.querySelector('button');
    ask({ title: 'Sign in', texts: ['To act from this page.'], label: 'Sign in', fields: [password], back }, async () => {
      const { ok, told } = await post(PATH, { password: password.value });
      password.value = '';
      this.#signedIn = ok;
      if (ok) this.#show();
      return ok ? '' : told.message;
    });
  }

  async #signOut() {
    await remove(PATH).catch(() => {});
    this.ended();
    this.#place.querySelector('button')?.focus();
  }
}
