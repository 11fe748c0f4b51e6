import { element } from './dom.js';

let made = 0;

/**
 * Asks before something is done. What comes back from `action` tells whether it is over; what it throws is shown.
 *
 * @param title what it is about
 * @param texts what may happen, a paragraph each
 * @param label of the button that does it
 * @param danger whether it may cost something: then the other button has the focus
 * @param fields inputs, the first of which has the focus
 * @param back gives the element that has the focus afterwards, for what was clicked may have been drawn anew
 */
export function ask({ title, texts, label, danger = false, fields = [], back = () => null }, action) {
  const titleId = `dialog-${++made}`;
  const said = element('p', { class: 'bad', role: 'alert' });
  const ok = element('button', { class: danger ? 'main danger' : 'main' }, label);
  const cancel = element('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const onsubmit = async (event) => {
    event.preventDefault();
    if (ok.disabled) return;
    ok.disabled = true;
    ok.setAttribute('aria-busy', 'true');
    said.textContent = '';
    try {
      const problem = await action();
      if (problem) {
        said.textContent = problem;
        fields[0]?.focus();
      } else {
        dialog.close();
      }
    } catch {
      said.textContent = 'The controller does not answer. Whether it was done, the list and the events will tell.';
    } finally {
      ok.disabled = false;
      ok.removeAttribute('aria-busy');
    }
  };
  const onclose = () => {
    dialog.remove();
    if (document.activeElement === document.body || document.activeElement === null) back()?.focus();
  };
  const dialog = element('dialog', { 'aria-labelledby': titleId, onclose },
    element('form', { onsubmit },
      element('h3', { id: titleId }, title),
      ...texts.filter(Boolean).map((text) => element('p', {}, text)),
      ...fields, said, element('div', { class: 'panel' }, ok, cancel)));
  document.body.append(dialog);
  dialog.showModal();
  (fields[0] ?? (danger ? cancel : ok)).focus();
}
