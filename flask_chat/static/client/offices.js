/** What people do with offices: find them, and work through the queue of their own. */

/** @import { Tools } from '../types.js' */

const PAGE = 50;

export class Offices {
  #tools;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  /** Those one may write to, and those one works in. */
  async load() {
    const { inboxes, sentences } = await this.#tools.api.get('/inboxes');
    this.#tools.change({ type: 'inboxes.loaded', inboxes, sentences });
  }

  /** What the heads do not have: what is closed, and orders of the host's. @param {{inbox: string, part: string, order: string|null, further?: boolean}} page */
  async queue({ inbox, part, order, further = false }) {
    const { api, change, state } = this.#tools;
    const key = `${inbox} ${part} ${order ?? ''}`;
    const after = further ? (state().queue.next ?? 0) : 0;
    change({ type: 'queue.loading', key });
    const query = new URLSearchParams({ state: part, after: String(after), limit: String(PAGE), ...(order ? { order } : {}) });
    try {
      const { inquiries, next } = await api.get(`/inboxes/${encodeURIComponent(inbox)}/queue?${query}`);
      change({ type: 'queue.loaded', key, inquiries, next, further });
    } catch {
      change({ type: 'queue.failed', key });
    }
  }

  /** The notes on what one has just opened, whether their head has come yet or not. @param {string} conversation @returns {Promise<string>} */
  async notesOn(conversation) {
    return (await this.#tools.api.get(`${path(conversation)}/inquiry`)).inquiry.notes;
  }

  /** @param {string} conversation @returns {Promise<{label: string, body: string, missing: string[]}[]>} */
  async replies(conversation) {
    return (await this.#tools.api.get(`${path(conversation)}/replies`)).replies;
  }

  /** Taken, given, handed over, put off, closed. @param {string} conversation @param {string} method @param {string} below @param {object} [body] */
  async move(conversation, method, below, body) {
    const { inquiry } = await this.#tools.api.send(method, `${path(conversation)}/${below}`, body);
    this.#tools.change({ type: 'inquiry.told', inquiry });
  }
}

/** @param {string} conversation */
function path(conversation) {
  return `/conversations/${encodeURIComponent(conversation)}`;
}
