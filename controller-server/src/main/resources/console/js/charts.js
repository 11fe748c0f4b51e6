import uPlot from '../uplot/uPlot.esm.js';
import { byId, element } from './dom.js';

const HEIGHT = 92;
const CHARTS = [
  { title: 'Groups without a master', column: 1, scale: 1, tone: '--bad' },
  { title: 'Replicas not alive', column: 2, scale: 1, tone: '--warn' },
  { title: 'Longest lag of a slave, s', column: 3, scale: 1000, tone: '--accent' },
];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const clock = (seconds) => new Date(seconds * 1000).toTimeString().slice(0, 5);

/** The last half hour, of what this controller has seen since it started. */
export class Charts {
  #plots = [];
  #samples = [];

  constructor() {
    new ResizeObserver(() => this.#resize()).observe(byId('charts'));
  }

  /** Draws anew, also for other colours. */
  draw(samples = this.#samples) {
    this.#samples = samples;
    this.#plots.forEach((plot) => plot.chart.destroy());
    byId('charts').replaceChildren();
    this.#plots = CHARTS.map((chart) => this.#plot(chart));
    this.update();
  }

  update() {
    this.#plots.forEach(({ spec, chart, value, figure }) => {
      const ys = this.#samples.map((sample) => (sample[spec.column] < 0 ? null : sample[spec.column] / spec.scale));
      chart.setData([this.#samples.map((sample) => sample[0] / 1000), ys]);
      const last = ys.at(-1);
      value.textContent = last === null || last === undefined ? '–' : Number(last.toFixed(1)).toLocaleString('en');
      figure.setAttribute('aria-label', `${spec.title}: ${value.textContent}`);
    });
  }

  #plot(spec) {
    const value = element('b', {});
    const figure = element('figure', { role: 'img' }, element('figcaption', {}, spec.title, value));
    byId('charts').append(figure);
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
    const options = {
      width: Math.max(120, figure.clientWidth),
      height: HEIGHT,
      cursor: { show: false },
      legend: { show: false },
      scales: { y: { range: (self, low, high) => [0, Math.max(1, high ?? 1)] } },
      axes: [{ ...axis, size: 20, space: 60, values: (self, splits) => splits.map(clock) }, { ...axis, size: 38, splits: (self, index, low, high) => [0, high], grid: axis.grid }],
      series: [{}, { stroke: colour(spec.tone), width: 1.5, fill: `${colour(spec.tone)}22`, points: { show: false } }],
    };
    return { spec, value, figure, chart: new uPlot(options, [[], []], figure) };
  }

  #resize() {
    this.#plots.forEach(({ chart, figure }) => {
      const width = Math.max(120, figure.clientWidth);
      if (width !== chart.width) chart.setSize({ width, height: HEIGHT });
    });
  }
}
