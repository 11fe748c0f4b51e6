import { Charts } from './charts.js';
import { Detail } from './detail.js';
import { byId } from './dom.js';
import { Feed } from './feed.js';
import { Groups } from './groups.js';
import { Model } from './model.js';
import { showNodes } from './nodes.js';
import { Session } from './session.js';
import { followTheme } from './theme.js';
import { Timeline } from './timeline.js';

const model = new Model();
const session = new Session(model, (said) => detail.say(said));
const detail = new Detail(model, (group, replica) => session.actionsFor(group, replica));
const open = (key) => detail.open(key);
const groups = new Groups(model, open);
const timeline = new Timeline(open);
const charts = new Charts();

model.addEventListener('loaded', () => {
  showNodes(model.nodes);
  groups.refresh();
  timeline.load(model.history);
  charts.draw(model.samples);
  detail.show();
});
model.addEventListener('groups', (event) => {
  groups.refreshAfter(event.detail);
  detail.show();
});
model.addEventListener('nodes', () => showNodes(model.nodes));
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

function showLink(comes) {
  const link = byId('link');
  link.className = comes ? 'ok' : 'bad';
  link.textContent = comes ? 'live' : 'no connection; what is shown may be old';
}

followTheme(() => charts.draw());
new Feed(model, showLink).start();
session.start();
