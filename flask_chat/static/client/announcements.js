/** Announcements: to which lists, how many that are, and who has read one. */

/** @import { Tools } from '../types.js' */

const PAGE = 100;

/** @typedef {{to: string, title: string, body: string, confirm: boolean, recipients: number}} Draft */

export class Announcements {
  #tools;
  /** The mark of what is being sent: trying the same again must not send it twice. */
  #sending = { words: '', token: '' };

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  lists() {
    return this.#tools.api.get('/announcements/lists');
  }

  /** @param {string} to @returns {Promise<number>} how many people that is now */
  async count(to) {
    return (await this.#tools.api.get(`/announcements/recipients?to=${encodeURIComponent(to)}`)).recipients;
  }

  /** @param {Draft} draft @returns {Promise<string>} the conversation's id */
  async post(draft) {
    const { recipients, ...said } = draft;
    const words = JSON.stringify(said);
    if (this.#sending.words !== words) this.#sending = { words, token: this.#tools.env.token() };
    const { conversation } = await this.#tools.api.send('POST', '/announcements', { ...draft, client_id: this.#sending.token });
    this.#sending = { words: '', token: '' };
    this.#tools.change({ type: 'conversation.loaded', conversation });
    return conversation.id;
  }

  /** @param {string} id */
  async confirm(id) {
    const own = await this.#tools.api.send('PUT', `/conversations/${encodeURIComponent(id)}/confirmation`, {});
    this.#tools.change({ type: 'conversation.self', conversation: id, data: own });
  }

  /** Whom a private answer goes to, if one may write to them. @param {string} id @returns {Promise<import('../types.js').Person|null>} */
  async replyTo(id) {
    return (await this.#tools.api.get(`/conversations/${encodeURIComponent(id)}/reply`)).to[0] ?? null;
  }

  /** @param {string} id @param {boolean} missing @param {string|null} after @param {number} [limit] */
  recipients(id, missing, after, limit = PAGE) {
    const place = `missing=${missing ? 1 : 0}&limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`;
    return this.#tools.api.get(`/conversations/${encodeURIComponent(id)}/recipients?${place}`);
  }
}
