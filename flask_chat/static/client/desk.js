/** The open client: hears the frames, does what a person asks, and keeps the parts in step. */

import { Timers } from '../net/timers.js';
import { Heads } from './heads.js';
import { Gaps, History } from './history.js';
import { Keep, Outbox } from './outbox.js';
import { Presence } from './presence.js';
import { Reads } from './reads.js';
import { Typing } from './typing.js';

/**
 * @import { Action, Conversation, Frame, Tools } from '../types.js'
 * @import { Records } from './records.js'
 */

/** The server was busy: ask again after one to two of these. */
const RETRY_MS = 3_000;
/** More conversations than this are quicker asked for, page by page, than copied. */
const SHARED_MAX = 500;

export class Desk {
  /** @type {Frame[]} heard before the heads were loaded */
  #early = [];
  /** @type {Record<string, (action: any) => any>} */
  #verbs;
  #tell;
  #tools;
  #heads;
  #history;
  #gaps;
  #keep;
  #outbox;
  #presence;
  #reads;
  /** @type {Records|null} once a conversation about a record was opened */
  #records = null;
  /** Conversations that somebody has open. @type {Set<string>} */
  #shown = new Set();
  #bringRecords;
  #typing;
  #timers;

  /** @param {Tools} told */
  constructor(told) {
    const tools = { ...told, change: (/** @type {Frame} */ event) => this.#change(event) };
    this.#tell = told.change;
    this.#tools = tools;
    this.#timers = new Timers(tools.env);
    this.#heads = new Heads(tools);
    this.#history = new History(tools);
    this.#gaps = new Gaps(tools, this.#heads, this.#history);
    this.#keep = new Keep(tools);
    this.#outbox = new Outbox(tools, this.#keep);
    this.#presence = new Presence(tools);
    this.#reads = new Reads(tools);
    this.#typing = new Typing(tools);
    const people = once(() => import('./people.js').then(({ People }) => new People(tools)));
    const conversations = once(() => import('./conversations.js').then(({ Conversations }) => new Conversations(tools, this.#heads)));
    const announcements = once(() => import('./announcements.js').then(({ Announcements }) => new Announcements(tools)));
    const records = (this.#bringRecords = once(() => import('./records.js').then(({ Records }) => (this.#records = new Records(tools)))));
    const offices = once(() => import('./offices.js').then(({ Offices }) => new Offices(tools)));
    this.#verbs = {
      open: () => (tools.boot.features.inboxes ? offices().then((them) => them.load()).catch(() => {}) : undefined),
      sync: () => this.catchUp(),
      'conversation.open': ({ conversation }) => this.#open(conversation),
      'conversation.close': ({ conversation }) => this.#close(conversation),
      'history.older': ({ conversation }) => this.#history.older(conversation),
      'history.retry': ({ conversation }) => this.#history.newest(conversation),
      'message.post': (action) => this.#outbox.post(action),
      'message.retry': ({ client_id }) => this.#outbox.retry(client_id),
      'message.discard': ({ client_id }) => this.#outbox.discard(client_id),
      'message.edit': async (action) => (await conversations()).edit(action),
      'message.delete': async (action) => (await conversations()).erase(action),
      'held.cancel': async ({ conversation, held }) => (await conversations()).takeBack(conversation, held),
      'held.send': async ({ conversation, held }) => (await conversations()).sendHeld(conversation, held),
      'draft.change': (action) => this.#keep.draft(action),
      typing: ({ conversation }) => this.#typing.tell(conversation),
      read: (action) => this.#reads.mark(action),
      'people.search': async ({ query, inbox }) => (await people()).search(query, inbox).then(() => this.#presence.watch()),
      'people.more': async () => (await people()).more().then(() => this.#presence.watch()),
      'conversation.start': async ({ type, ...draft }) => (await conversations()).start(draft),
      'conversation.change': async ({ type, conversation, ...change }) => (await conversations()).change(conversation, change),
      'conversation.leave': async ({ conversation }) => (await conversations()).leave(conversation),
      'inboxes.load': async () => (await offices()).load(),
      'queue.load': async (action) => (await offices()).queue(action),
      'inquiry.move': async ({ conversation, method, below, body }) => (await offices()).move(conversation, method, below, body),
      'notes.open': async ({ conversation }) => this.#open(await (await offices()).notesOn(conversation)),
      'replies.load': async ({ conversation }) => (await offices()).replies(conversation),
      'actions.about': async ({ subject }) => (await records()).about(subject),
      'action.run': async ({ type, ...deed }) => (await records()).run(deed),
      'members.load': async ({ conversation, query }) => (await conversations()).members(conversation, query),
      'members.more': async () => (await conversations()).moreMembers(),
      'members.add': async ({ conversation, users }) => (await conversations()).add(conversation, users),
      'members.remove': async ({ conversation, user }) => (await conversations()).remove(conversation, user),
      'members.appoint': async ({ conversation, user, role }) => (await conversations()).appoint(conversation, user, role),
      'announcement.lists': async () => (await announcements()).lists(),
      'announcement.count': async ({ to }) => (await announcements()).count(to),
      'announcement.post': async ({ type, ...draft }) => (await announcements()).post(draft),
      'announcement.confirm': async ({ conversation }) => (await announcements()).confirm(conversation),
      'announcement.reply': async ({ conversation }) => (await announcements()).replyTo(conversation),
      'announcement.recipients': async ({ conversation, missing, after, limit }) => (await announcements()).recipients(conversation, missing, after, limit),
    };
    this.#keep.restore();
  }

  /** @param {Action} action @returns {any} */
  perform(action) {
    const verb = this.#verbs[action.type];
    if (!verb) throw new Error(`There is no action ${action.type}`);
    return verb(action);
  }

  /** @param {Frame} frame */
  hear(frame) {
    if (frame.type === 'resync') return void this.catchUp();
    if (frame.type === 'typing') return this.#typing.hear(frame);
    if (frame.type === 'presence') return this.#tools.change(frame);
    if (this.#tools.state().heads !== 'ready') return void this.#early.push(frame);
    this.#take(frame);
  }

  /** Everything from here to the server's present. @param {string} [epoch] of the hello */
  async catchUp(epoch) {
    const { env, state, change } = this.#tools;
    if (epoch && state().epoch && state().epoch !== epoch) change({ type: 'forget' });
    const done = await this.#heads.sync();
    if (!done) return this.#timers.after('catch up', RETRY_MS * (1 + env.random()), () => this.#again());
    for (const frame of this.#early.splice(0)) this.#take(frame);
    this.#gaps.checkAll();
    this.#history.reopen();
    this.#presence.watch();
    this.#records?.again();
    this.#reads.flush();
    this.#outbox.flush();
  }

  /** Only over a living connection: any other one begins with catching up anyway. */
  #again() {
    if (this.#tools.socket.status === 'live') this.catchUp();
  }

  /** @param {string} status of the connection */
  follow(status) {
    if (status === 'unauthorised') this.#keep.save();
    this.#presence.follow(status);
    if (status !== 'live' && status !== 'polling') return;
    this.#reads.flush();
    this.#outbox.flush();
  }

  stop() {
    this.#keep.save();
  }

  /** All that another tab needs to begin where this one is; null while something is amiss. */
  snapshot() {
    const { heads, epoch, conversations, held = [] } = this.#tools.state();
    const known = Object.values(conversations);
    const whole = heads === 'ready' && !this.#heads.busy && known.length <= SHARED_MAX && !known.some(({ stale }) => stale);
    return whole && this.#tools.socket.status === 'live' ? { epoch, conversations, held } : null;
  }

  /** @param {Frame} frame */
  #take(frame) {
    const id = frame.conversation;
    const { state, change } = this.#tools;
    const known = state().conversations[id];
    if (frame.type === 'gone') return void (known && this.#verify(id));
    if (id && !known) return void this.#heads.sync();
    if (expels(frame, state().me.id)) return this.#leave(frame, known);
    change(frame);
    this.#gaps.check(id);
    if (state().conversations[id]?.stale) this.#heads.refreshSoon(id);
  }

  /** Out; unless something newer is known, and so perhaps in again. @param {Frame} frame @param {Conversation} known */
  #leave(frame, known) {
    if (frame.change <= known.last) return;
    if (frame.change < known.last_change) return this.#verify(known.id);
    this.#tools.change({ type: 'gone', conversation: known.id });
    this.#heads.repeat();
  }

  /** Frames of two workers may come in any order; the server knows. @param {string} id */
  #verify(id) {
    this.#heads.refresh(id).catch(() => {});
  }

  /** @param {string} conversation */
  async #open(conversation) {
    if (!this.#tools.state().conversations[conversation]) await this.#heads.refresh(conversation);
    const loaded = this.#history.open(conversation);
    this.#presence.look(conversation);
    this.#shown.add(conversation);
    this.#lookAtRecord(conversation);
    if (this.#tools.boot.features.quiet) this.#lookAtClock(conversation);
    await loaded;
  }

  /** What would hold back a message there. @param {string} conversation */
  async #lookAtClock(conversation) {
    try {
      this.#tools.change({ type: 'held.loaded', conversation, ...(await this.#tools.api.get(`/conversations/${encodeURIComponent(conversation)}/held`)) });
    } catch {
      // Whoever writes hears of it all the same.
    }
  }

  /** @param {string} conversation */
  #lookAtRecord(conversation) {
    const { boot, state } = this.#tools;
    if (!boot.features.actions || state().conversations[conversation]?.kind !== 'subject') return;
    this.#bringRecords().then((records) => (this.#shown.has(conversation) ? records.open(conversation) : undefined), () => {});
  }

  /** @param {string} conversation */
  #close(conversation) {
    this.#shown.delete(conversation);
    this.#records?.close(conversation);
    this.#tools.change({ type: 'thread.closed', conversation });
  }

  /** @param {Frame} event */
  #change(event) {
    this.#tell(event);
    this.#records?.hear(event);
  }
}

/**
 * What a person may never do is fetched when they first do it.
 * @template Part
 * @param {() => Promise<Part>} fetch
 */
function once(fetch) {
  /** @type {Promise<Part>|null} */
  let coming = null;
  return () => (coming ??= fetch().catch((problem) => ((coming = null), Promise.reject(problem))));
}

/** @param {Frame} frame @param {string} me */
function expels(frame, me) {
  return frame.type === 'member.left' && frame.data?.members?.some((/** @type {any} */ member) => member.id === me);
}
