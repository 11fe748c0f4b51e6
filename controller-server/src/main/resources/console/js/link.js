import { byId } from './dom.js';
import { time } from './format.js';

let shown = null;

/** Says whether what is shown is so now; if it is not, since when nobody can miss it. */
export function showLink(comes, heardAt) {
  if (shown === comes) return;
  shown = comes;
  const link = byId('link');
  link.className = comes ? 'ok' : 'bad';
  link.textContent = comes ? 'live' : 'no connection';
  document.body.classList.toggle('old', !comes);
  const stale = byId('stale');
  stale.hidden = comes;
  stale.textContent = comes ? '' : heardAt === 0
    ? 'This controller does not answer.'
    : `No connection since ${time(heardAt)}. What is shown is as it was then; the groups may be otherwise now.`;
}
