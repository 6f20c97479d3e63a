/** What people do to conversations, their members and single messages, over REST. */

/**
 * @import { Tools } from '../types.js'
 * @import { Heads } from './heads.js'
 */

/**
 * @typedef {{conversation: string, message: string, body?: string}} Place
 */

export class Conversations {
  #tools;
  #heads;
  /** The last question about members. @type {object} */
  #asked = {};

  /** @param {Tools} tools @param {Heads} heads */
  constructor(tools, heads) {
    this.#tools = tools;
    this.#heads = heads;
  }

  /** @param {object} draft kind, and user or title and members @returns {Promise<string>} its id */
  async start(draft) {
    const { conversation } = await this.#tools.api.send('POST', '/conversations', draft);
    this.#tools.change({ type: 'conversation.loaded', conversation });
    return conversation.id;
  }

  /** @param {string} id @param {object} change title, muted, archived, pinned */
  async change(id, change) {
    const { conversation } = await this.#tools.api.send('PATCH', path(id), change);
    this.#tools.change({ type: 'conversation.loaded', conversation });
  }

  /** @param {string} id */
  async leave(id) {
    await this.#tools.api.send('DELETE', path(id));
    this.#tools.change({ type: 'gone', conversation: id });
  }

  /** The first page, of all or of those who are called so. @param {string} id @param {string} [query] */
  members(id, query = '') {
    return this.#page(id, query, null);
  }

  async moreMembers() {
    const { conversation, query, next } = this.#tools.state().roster;
    if (conversation && next) await this.#page(conversation, query, next);
  }

  /** A newer question ends an older one. @param {string} id @param {string} query @param {string|null} after */
  async #page(id, query, after) {
    const asked = (this.#asked = {});
    const words = new URLSearchParams({ ...(query && { q: query }), ...(after && { after }) }).toString();
    const { members, next } = await this.#tools.api.get(`${path(id)}/members${words && `?${words}`}`);
    if (asked !== this.#asked) return;
    this.#tools.change({ type: 'members.loaded', conversation: id, members, query, next, further: after !== null });
  }

  /** @param {string} id @param {string[]} users */
  add(id, users) {
    return this.#membership(id, 'POST', '', { users });
  }

  /** @param {string} id @param {string} user */
  remove(id, user) {
    return this.#membership(id, 'DELETE', `/${encodeURIComponent(user)}`);
  }

  /** @param {string} id @param {string} user @param {'owner'|'member'} role */
  appoint(id, user, role) {
    return this.#membership(id, 'PATCH', `/${encodeURIComponent(user)}`, { role });
  }

  /** @param {Place} place */
  async edit({ conversation, message, body }) {
    const answer = await this.#tools.api.send('PATCH', path(conversation, message), { body });
    this.#tools.change({ type: 'message.received', message: answer.message });
  }

  /** @param {Place} place */
  async erase({ conversation, message }) {
    const answer = await this.#tools.api.send('DELETE', path(conversation, message));
    this.#tools.change({ type: 'message.received', message: answer.message });
  }

  /** @param {string} conversation @param {string} held */
  async takeBack(conversation, held) {
    const answer = await this.#tools.api.send('DELETE', `${path(conversation)}/held/${encodeURIComponent(held)}`);
    this.#tools.change({ type: 'message.held', data: answer.held });
  }

  /** @param {string} conversation @param {string} id */
  async sendHeld(conversation, id) {
    const { messages, held } = await this.#tools.api.send('POST', `${path(conversation)}/held/${encodeURIComponent(id)}/send`);
    for (const message of messages) this.#tools.change({ type: 'message.received', message });
    for (const data of held) this.#tools.change({ type: 'message.held', data });
  }

  /** @param {string} id @param {string} method @param {string} below @param {object} [body] */
  async #membership(id, method, below, body) {
    await this.#tools.api.send(method, `${path(id)}/members${below}`, body);
    await this.#heads.refresh(id);
    if (this.#tools.state().conversations[id]) await this.members(id);
  }
}

/** @param {string} conversation @param {string} [message] */
function path(conversation, message) {
  const below = message ? `/messages/${encodeURIComponent(message)}` : '';
  return `/conversations/${encodeURIComponent(conversation)}${below}`;
}
