/** Announcements: to which lists, how many that are, and who has read one. */

/** @import { Tools } from '../types.js' */

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

  /** @param {string} id @param {boolean} missing @param {string|null} after */
  recipients(id, missing, after) {
    const place = `missing=${missing ? 1 : 0}${after ? `&after=${encodeURIComponent(after)}` : ''}`;
    return this.#tools.api.get(`/conversations/${encodeURIComponent(id)}/recipients?${place}`);
  }
}
