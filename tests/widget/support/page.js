/** A page of a host that draws its own chat: what the browser lends, and a server that answers. */

import { boot, head, message } from './builders.js';
import { Sockets } from './sockets.js';

const net = new Sockets();
/** @type {any} */ let drawn = null;
/** @type {string[]} */ const posted = [];
let listening = 0;

/** @param {any} what */
export function draw(what) {
  drawn = what;
}

/** What the example has done by now. */
export async function told() {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  return { drawn, posted, listening };
}

class Target extends EventTarget {
  /** @param {string} type @param {any} listener @param {any} [options] */
  addEventListener(type, listener, options) {
    listening++;
    options?.signal?.addEventListener('abort', () => listening--);
    super.addEventListener(type, listener, options);
  }
}

/** @param {string} address @param {any} [options] */
async function answer(address, { method = 'GET', body } = {}) {
  const path = `${method} ${String(address).replace('/chat/api', '').split('?')[0]}`;
  const wanted = body && JSON.parse(body);
  if (path === 'POST /conversations/7/messages') posted.push(wanted.body);
  /** @type {Record<string, any>} */
  const answers = {
    'GET /session': boot(),
    'POST /sync': { conversations: [head({ last_seq: 2, last_change: 2, unread: 2, counted_to: 2 })], next: null, gone: [], epoch: 'e1' },
    'POST /conversations': { conversation: head({ last_seq: 2, last_change: 2, unread: 2, counted_to: 2 }) },
    'GET /conversations/7/messages': { messages: [message(1), message(2)], more: false, head: 2 },
    'POST /conversations/7/messages': { message: message(3, { client_id: wanted?.client_id, body: wanted?.body, author: boot().user }) },
  };
  return Response.json(answers[path] ?? { error: { code: 'not_found' } }, { status: answers[path] ? 200 : 404 });
}

const page = { fetch: answer, WebSocket: net.constructor_, location: { origin: 'http://school.test' }, sessionStorage: undefined };
const window_ = Object.assign(new Target(), page, { setTimeout, clearTimeout });
const document_ = Object.assign(new Target(), { visibilityState: 'visible' });
Object.assign(globalThis, { window: window_, document: document_, fetch: answer });
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: {} });
