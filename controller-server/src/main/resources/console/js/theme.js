import { byId } from './dom.js';

const KEY = 'mqcontroller.theme';

/** Colours: as the system has them, unless chosen. `onChange` runs whenever they change. */
export function followTheme(onChange) {
  const choice = byId('theme');
  const apply = () => {
    if (choice.value === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = choice.value;
    }
    onChange();
  };
  const kept = localStorage.getItem(KEY);
  choice.value = kept === 'light' || kept === 'dark' ? kept : 'auto';
  choice.addEventListener('change', () => {
    localStorage.setItem(KEY, choice.value);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}
