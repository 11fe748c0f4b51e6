import { Actions } from './actions.js';
import { Charts } from './charts.js';
import { Detail } from './detail.js';
import { Feed } from './feed.js';
import { count } from './format.js';
import { Groups } from './groups.js';
import { showLink } from './link.js';
import { Machines } from './machines.js';
import { lacksMaster, Model } from './model.js';
import { showNodes } from './nodes.js';
import { Session } from './session.js';
import { followTheme } from './theme.js';
import { Timeline } from './timeline.js';

const model = new Model();
const session = new Session(model, () => {
  detail.show();
  machines.refresh();
});
const actions = new Actions(session, model);
const detail = new Detail(model, actions);
const machines = new Machines(model, actions);
const open = (key) => detail.open(key);
const groups = new Groups(model, open);
const timeline = new Timeline(open);
const charts = new Charts();

/** Also a tab that nobody looks at says that something is wrong. */
function showTitle() {
  let without = 0;
  model.groups.forEach((group) => { without += lacksMaster(group) ? 1 : 0; });
  document.title = `${without > 0 ? `${count(without)} without master · ` : ''}${model.nodes.cluster} · mqcontroller`;
}

model.addEventListener('loaded', () => {
  showTitle();
  showNodes(model.nodes);
  groups.refresh();
  timeline.load(model.history);
  charts.draw(model.samples);
  detail.show();
  machines.refresh();
});
model.addEventListener('groups', (event) => {
  showTitle();
  groups.refreshAfter(event.detail);
  detail.show();
  machines.refresh();
});
model.addEventListener('nodes', () => {
  showNodes(model.nodes);
  detail.show();
});
model.addEventListener('history', (event) => timeline.add(event.detail));
model.addEventListener('samples', () => charts.update());

document.addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]')) return;
  const types = event.target.matches('input, select, textarea');
  if (event.key === '/' && !types && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    groups.focusSearch();
  } else if (event.key === 'Escape' && !detail.close() && types) {
    groups.focus();
  }
});

followTheme(() => charts.draw());
new Feed(model, showLink).start();
session.start().catch(() => {});
