/**
 * The widget's own client, fed by Python: a line of JSON comes in with what the server answered
 * before, the frames it sent, and what it would answer now; a line goes out with what the client
 * shows then, what a client shows that loads anew, and what the first one had to ask for.
 */

import { createInterface } from 'node:readline';
import '../../flask_chat/static/client/desk.js';
import { createChatClient } from '../../flask_chat/static/client.js';
import { Clock, settled } from '../widget/support/clock.js';
import { Sockets } from '../widget/support/sockets.js';

/** @param {any} life */
async function replay({ boot, before, frames, after }) {
  const lived = new Browser(boot, before);
  await lived.open();
  lived.answers = after;
  lived.asked = [];
  for (const frame of frames) await lived.hear(frame);
  await lived.rest();
  const { asked } = lived;
  await lived.openAll();
  const fresh = new Browser(boot, after);
  await fresh.open();
  return { lived: lived.view(), fresh: fresh.view(), asked };
}

class Browser {
  /** @type {string[]} */
  asked = [];
  #clock = new Clock();
  #net = new Sockets();
  #client;

  /** @param {any} boot @param {any} answers */
  constructor(boot, answers) {
    this.answers = answers;
    let tokens = 0;
    this.#client = createChatClient(
      boot,
      /** @type {any} */ ({
        setTimeout: this.#clock.setTimeout,
        clearTimeout: this.#clock.clearTimeout,
        fetch: this.#fetch,
        WebSocket: this.#net.constructor_,
        random: () => 0.5,
        now: () => this.#clock.now,
        token: () => `token-${++tokens}`,
        storage: null,
        origin: 'http://school.test',
      }),
    );
  }

  /** Everything is opened, so that everything is shown. */
  async open() {
    this.#client.start();
    this.#net.last.greet({ user: this.#state.me.id, epoch: this.answers.epoch });
    await this.#client.dispatch({ type: 'open' });
    await this.rest();
    await this.openAll();
  }

  async openAll() {
    this.asked = [];
    for (const conversation of Object.keys(this.#state.conversations)) {
      if (!this.#state.threads[conversation]) await this.#client.dispatch({ type: 'conversation.open', conversation });
    }
    await this.rest();
  }

  /** @param {any} frame */
  async hear(frame) {
    this.#net.last.tell(frame);
    await settled();
  }

  /** Every answer is here, and every timer of a few seconds has fired. */
  async rest() {
    for (let turn = 0; turn < 8; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#clock.pass(700);
    }
  }

  get #state() {
    return this.#client.getSnapshot();
  }

  #fetch = async (/** @type {any} */ url, /** @type {any} */ { method, body }) => {
    const [path, query = ''] = String(url).replace('/chat/api', '').split('?');
    this.asked.push(`${method} ${path.replace(/\d+/, 'ID')}`);
    const found = path === '/sync' ? this.#sync(method, JSON.parse(body ?? 'null')) : this.#find(path, query);
    return new Response(JSON.stringify(found ?? { error: { code: 'not_found' } }), { status: found ? 200 : 404 });
  };

  /** As the server compares what is known. @param {string} method @param {any} request */
  #sync(method, request) {
    if (method === 'GET') return { totals: this.answers.sync.totals };
    const { conversations } = this.answers.sync;
    const differs = (/** @type {any} */ { id, last_change, version }) => {
      const known = request.known[id];
      return !known || known[0] !== last_change || known[1] !== version;
    };
    const here = conversations.map((/** @type {any} */ { id }) => id);
    const gone = Object.keys(request.known).filter((id) => !here.includes(id));
    return { ...this.answers.sync, conversations: conversations.filter(differs), gone };
  }

  /** @param {string} path @param {string} query */
  #find(path, query) {
    const after = Number(/after=(\d+)/.exec(query)?.[1] ?? 0);
    const found = this.answers.paths[path];
    if (!path.endsWith('/changes') || !found) return found;
    return { ...found, changes: found.changes.filter((/** @type {any} */ { change }) => change > after) };
  }

  /** What a person can see; how times and marks are kept does not matter. */
  view() {
    const { conversations, threads, totals, me, held = [] } = this.#state;
    const done = Object.values(conversations).flatMap(({ id, inquiry }) => (inquiry?.closed_at ? [id, inquiry.conversation] : []));
    // What the staff have closed is in their queue, and in no list.
    const listed = Object.values(conversations).filter(({ id }) => !done.includes(id));
    const shown = listed.map((conversation) => [
      conversation.id,
      {
        kind: conversation.kind,
        title: conversation.title,
        first_seq: conversation.first_seq,
        last_seq: conversation.last_seq,
        last: conversation.last,
        read_seq: conversation.read_seq,
        unread: Math.min(100, conversation.unread + conversation.fresh.length),
        muted: conversation.muted,
        archived: conversation.archived,
        pinned: conversation.pinned,
        confirmed: conversation.confirmed,
        announcement: conversation.announcement,
        version: conversation.version,
        inbox: conversation.inbox,
        inquiry: standing(conversation.inquiry),
        preview: words(conversation.preview),
        members_count: conversation.members_count,
        members: conversation.members.filter(({ left }) => !left).map((each) => member(each, me.id)).sort(byId),
        messages: threads[conversation.id]?.rows.map(words),
      },
    ]);
    return { totals, conversations: Object.fromEntries(shown), held };
  }
}

/** @param {any} inquiry */
function standing(inquiry) {
  if (!inquiry) return null;
  const { did, ...stands } = inquiry;
  return stands;
}

/** @param {any} message */
function words(message) {
  if (!message) return null;
  const { id, seq, change, author, office, body, client_id, edited_at, deleted, reply_to } = message;
  return { id, seq, change, author: author?.id ?? null, office, body, client_id, edited_at, deleted, reply_to };
}

/** One's own mark stands elsewhere. @param {any} member @param {string} me */
function member({ id, name, owner, since_seq, read_seq }, me) {
  return { id, name, owner, since_seq, read_seq: id === me ? null : read_seq };
}

/** @param {{id: string}} one @param {{id: string}} other */
function byId(one, other) {
  return Number(one.id) - Number(other.id);
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await replay(JSON.parse(line)))}\n`);
}
