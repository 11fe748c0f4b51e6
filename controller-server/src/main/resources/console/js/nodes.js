import { byId, element } from './dom.js';
import { count } from './format.js';

function health(node, nodes) {
  if (node.answers === false) return { text: 'no answer', tone: 'bad' };
  if (node.receivingSnapshot) return { text: 'gets a snapshot', tone: 'warn' };
  if (node.lag > 0) return { text: `${count(node.lag)} entries behind`, tone: node.lag > 1000 ? 'warn' : 'soft' };
  if (node.id === nodes.self && nodes.failedChecks.length > 0) return { text: 'not ready', tone: 'bad' };
  if (node.answers) return { text: 'up to date', tone: 'ok' };
  return { text: nodes.leader === '' ? 'not known' : 'the leader knows', tone: 'soft' };
}

function line(node, nodes) {
  const { text, tone } = health(node, nodes);
  const role = node.role === 'leader' ? 'leader' : node.voter ? 'follower' : 'learner';
  return element('li', { class: node.role === 'leader' ? 'leads' : '' },
    element('span', {}, element('b', {}, node.id), ` ${role}`),
    element('span', { class: 'address', title: node.address }, node.address, node.id === nodes.self ? ' (this page)' : ''),
    element('span', { class: tone }, text));
}

function banner(nodes) {
  const shown = byId('banner');
  let text = '';
  if (nodes.leader === '') {
    text = 'No controller leads: groups go on as they are, and nothing switches. Is a majority of the controllers up?';
  } else if (!nodes.leading) {
    text = `${nodes.leader} leads. This is ${nodes.self}: masters, sets and events are shown as it has them; who is alive and how far`
      + ' slaves are behind only the leader knows.';
  }
  shown.hidden = text === '';
  shown.className = nodes.leader === '' ? 'bad' : 'warn';
  shown.replaceChildren(text);
  if (text !== '' && nodes.leaderUrl) {
    shown.append(' ', element('a', { href: nodes.leaderUrl }, `Open the leader's page`));
  }
}

/** The controllers, and who leads. */
export function showNodes(nodes) {
  byId('cluster').textContent = nodes.cluster;
  byId('version').textContent = nodes.version;
  byId('nodes').replaceChildren(...nodes.nodes.map((node) => line(node, nodes)));
  const checks = byId('checks');
  checks.hidden = nodes.failedChecks.length === 0;
  checks.replaceChildren(...nodes.failedChecks.map((check) => element('li', {}, `${check.name}: ${check.message}`)));
  banner(nodes);
}
