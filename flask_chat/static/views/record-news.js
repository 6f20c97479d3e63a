/** Tells the page around the chat that a record may have changed: it may show the same one. */

/** @import { State } from '../types.js' */

export class RecordNews {
  /** @type {{conversation: string, card: string, said: number}|null} what the page has heard of */
  #known = null;
  #tell;

  /** @param {(detail: {subject: string, conversation: string}) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {State} state @param {string|null} conversation the open one */
  follow({ conversations, threads }, conversation) {
    const subject = conversations[conversation ?? '']?.subject;
    const thread = threads[conversation ?? ''];
    if (!conversation || !subject || thread?.status !== 'ready') return void (this.#known = null);
    const said = thread.rows.reduce((last, row) => (row.kind === 'system' ? row.seq : last), 0);
    const now = { conversation, card: JSON.stringify(subject), said };
    const before = this.#known;
    this.#known = now;
    if (before?.conversation !== conversation || (before.card === now.card && before.said === said)) return;
    this.#tell({ subject: `${subject.kind}:${subject.id}`, conversation });
  }
}
