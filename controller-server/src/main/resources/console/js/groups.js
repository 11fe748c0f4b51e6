import { byId, element } from './dom.js';
import { count, lag, set } from './format.js';
import { STATES } from './model.js';

const SPARE_ROWS = 6;
const FILTERS = [
  { label: 'all', shows: () => true },
  { label: 'no master', tone: 'bad', shows: (group) => ['none', 'dead', 'fresh'].includes(group.state) },
  { label: 'at risk or behind', tone: 'warn', shows: (group) => ['risk', 'behind'].includes(group.state) },
];

function chip(replica, group) {
  const classes = ['chip'];
  if (group.syncStateSet.includes(replica.id)) classes.push('in');
  if (replica.id === group.master) classes.push('master');
  if (replica.alive === false) classes.push('dead');
  if (replica.drained) classes.push('drained');
  const says = [
    replica.id === group.master ? 'master' : 'slave',
    group.syncStateSet.includes(replica.id) ? 'in the SyncStateSet' : 'not in the SyncStateSet',
    replica.alive === false ? 'not alive' : '',
    replica.drained ? 'drained' : '',
    lag(replica) ? `${lag(replica)} behind` : '',
  ].filter(Boolean).join(', ');
  return element('span', { class: classes.join(' '), title: `${replica.id}, ${replica.address}: ${says}` }, `${replica.id}`);
}

function worstLag(group) {
  const furthest = [...group.replicas].sort((a, b) => (b.lagMs ?? 0) - (a.lagMs ?? 0) || (b.lagBytes ?? 0) - (a.lagBytes ?? 0))[0];
  return furthest ? lag(furthest) : '';
}

function fill(row, group) {
  const { label, tone } = STATES[group.state];
  const master = group.replicas.find((replica) => replica.id === group.master);
  row.dataset.key = group.key;
  row.dataset.state = group.state;
  row.replaceChildren(
    element('span', { role: 'gridcell', class: `state ${tone}` }, label),
    element('span', { role: 'gridcell', title: `${group.cluster} / ${group.name}` }, group.name, ' ', element('small', { class: 'soft' }, group.cluster)),
    element('span', { role: 'gridcell' }, master ? `${master.id} · ${master.address}` : '–'),
    element('span', { role: 'gridcell', class: 'number' }, `${group.masterEpoch}`),
    element('span', { role: 'gridcell', class: 'chips', 'aria-label': `SyncStateSet ${set(group.syncStateSet)}` },
      ...group.replicas.map((replica) => chip(replica, group))),
    element('span', { role: 'gridcell', class: 'number' }, `${group.syncStateSetEpoch}`),
    element('span', { role: 'gridcell', class: 'number' }, worstLag(group)));
}

/** The list: only the rows that can be seen are elements, so ten thousand groups cost as much as twenty. */
export class Groups {
  #model;
  #open;
  #grid = byId('grid');
  #scroller = byId('scroller');
  #canvas = byId('canvas');
  #search = byId('search');
  #filter = FILTERS[0];
  #buttons = [];
  #shown = [];
  #rows = new Map();
  #selected = null;
  #fresh = new Set();
  #due = 0;

  constructor(model, open) {
    this.#model = model;
    this.#open = open;
    this.#scroller.addEventListener('scroll', () => this.#paintSoon(), { passive: true });
    new ResizeObserver(() => this.#paintSoon()).observe(this.#scroller);
    this.#search.addEventListener('input', () => this.refresh());
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        this.#grid.focus();
        this.#select(this.#indexOfSelected() < 0 ? 0 : this.#indexOfSelected());
        if (event.key === 'Enter') this.#openSelected();
      }
    });
    this.#grid.addEventListener('keydown', (event) => this.#onKey(event));
    this.#canvas.addEventListener('click', (event) => {
      const row = event.target.closest('.row');
      if (row) {
        this.#selected = row.dataset.key;
        this.#open(row.dataset.key);
        this.#paintSoon();
      }
    });
    this.#buttons = FILTERS.map((filter) => element('button', { type: 'button', onclick: () => this.#choose(filter) }));
    byId('filters').replaceChildren(...this.#buttons);
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  focus() {
    this.#grid.focus();
  }

  /** Marks what changed, for a moment. */
  refreshAfter(changed) {
    changed.forEach((key) => this.#fresh.add(key));
    this.refresh();
  }

  /** Looks anew which groups are to be shown. */
  refresh() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const counts = FILTERS.map(() => 0);
    this.#shown = [];
    for (const group of this.#model.groups.values()) {
      FILTERS.forEach((filter, i) => { counts[i] += filter.shows(group) ? 1 : 0; });
      if (this.#filter.shows(group) && words.every((word) => group.words.includes(word))) this.#shown.push(group);
    }
    FILTERS.forEach((filter, i) => {
      this.#buttons[i].textContent = `${filter.label} ${count(counts[i])}`;
      this.#buttons[i].setAttribute('aria-pressed', `${filter === this.#filter}`);
      this.#buttons[i].className = counts[i] > 0 ? filter.tone ?? '' : '';
    });
    byId('count').textContent = this.#shown.length === this.#model.groups.size ? '' : `${count(this.#shown.length)} found`;
    const nothing = byId('nothing');
    nothing.hidden = this.#shown.length > 0;
    nothing.textContent = this.#model.groups.size === 0 ? 'No broker has registered yet.' : 'No group is like that.';
    this.#grid.setAttribute('aria-rowcount', `${this.#shown.length + 1}`);
    this.#paintSoon();
  }

  #choose(filter) {
    this.#filter = filter;
    this.#scroller.scrollTop = 0;
    this.refresh();
  }

  #onKey(event) {
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight()) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.#select(this.#indexOfSelected() + steps[event.key]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#openSelected();
    }
  }

  /** One that was selected before, and that the filters leave out now, is not what anybody means. */
  #openSelected() {
    if (this.#indexOfSelected() >= 0) this.#open(this.#selected);
  }

  #indexOfSelected() {
    return this.#shown.findIndex((group) => group.key === this.#selected);
  }

  #select(index) {
    if (this.#shown.length === 0) return;
    const chosen = Math.min(Math.max(index, 0), this.#shown.length - 1);
    this.#selected = this.#shown[chosen].key;
    const height = this.#rowHeight();
    const top = chosen * height;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
    if (top + height > this.#scroller.scrollTop + this.#scroller.clientHeight) {
      this.#scroller.scrollTop = top + height - this.#scroller.clientHeight;
    }
    this.#paintSoon();
  }

  #rowHeight() {
    return parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
  }

  #paintSoon() {
    if (this.#due === 0) this.#due = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#due = 0;
    const height = this.#rowHeight();
    this.#canvas.style.height = `${this.#shown.length * height}px`;
    const first = Math.max(0, Math.floor(this.#scroller.scrollTop / height) - SPARE_ROWS);
    const last = Math.min(this.#shown.length, Math.ceil((this.#scroller.scrollTop + this.#scroller.clientHeight) / height) + SPARE_ROWS);
    const painted = new Map();
    for (let i = first; i < last; i++) {
      painted.set(this.#shown[i].key, this.#paintRow(this.#shown[i], i, height));
    }
    this.#rows.forEach(({ row }, key) => { if (!painted.has(key)) row.remove(); });
    this.#rows = painted;
    this.#fresh.clear();
    const selected = painted.get(this.#selected);
    if (selected) {
      this.#grid.setAttribute('aria-activedescendant', selected.row.id);
    } else {
      this.#grid.removeAttribute('aria-activedescendant');
    }
  }

  #paintRow(group, index, height) {
    const known = this.#rows.get(group.key);
    const row = known?.row ?? element('div', { class: 'row', role: 'row' });
    if (!known) {
      row.addEventListener('animationend', () => row.classList.remove('fresh'));
      this.#canvas.append(row);
    }
    if (known?.group !== group) fill(row, group);
    if (this.#fresh.has(group.key)) {
      row.classList.remove('fresh');
      requestAnimationFrame(() => row.classList.add('fresh'));
    }
    row.id = `row-${index}`;
    row.style.transform = `translateY(${index * height}px)`;
    row.setAttribute('aria-rowindex', `${index + 2}`);
    row.setAttribute('aria-selected', `${group.key === this.#selected}`);
    return { row, group };
  }
}
