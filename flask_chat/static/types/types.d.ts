/** The shapes everything here speaks of. Types only: no browser ever loads this file. */

export interface Person { id: string; name: string; role: string | null; avatar: string | null }

export interface Member extends Person {
  owner: boolean; since_seq: number; read_seq: number | null; left: boolean;
  /** Why a rule of the school has added them; empty once it no longer does, null for those who talk. */
  rule: string | null;
}

export interface Message {
  id: string; conversation: string; seq: number; change: number; kind: 'user' | 'system';
  author: Person | null; body: string; client_id: string | null; created_at: string;
  edited_at: string | null; deleted: boolean; reply_to: string | null;
  office?: string;
  /** What has happened, where the chat itself says it. */
  said?: { code: string; named: Record<string, string | null> };
}

/** The office that has a conversation. */
export interface InboxView { name: string; title: string; closed: boolean }

/** How something that was asked of an office stands there; only its staff know. */
export interface Inquiry {
  conversation: string; notes: string; inbox: string;
  state: 'new' | 'assigned' | 'waiting' | 'closed';
  writer: Person | null; assignee: Person | null; opened_at: string | null;
  waiting_since: string | null; snoozed_until: string | null; closed_at: string | null;
  /** In a page of the queue only. */
  preview?: Message | null; sorted_by?: string | null;
}

/** An office one may write to, or works in. */
export interface Inbox {
  name: string; title: string; writes: boolean; staff: boolean; open: boolean; orders: string[];
}

/** A page of a queue that the server has sorted; `key` says of which. */
export interface Queue {
  status: 'idle' | 'loading' | 'ready' | 'failed'; key: string; list: Inquiry[]; next: number | null;
}

/** What is the reader's own in a conversation. `counted_to`: the seq up to which `unread` counts. */
export interface Own {
  version: number; read_seq: number; unread: number; counted_to: number;
  muted: boolean; archived: boolean; pinned: boolean; confirmed: boolean;
}

/** The record of the host's that a conversation is about, as it is now. */
export interface Subject {
  kind: string; id: string; title: string; link: string | null;
  details: { label: string; value: string }[]; closed: boolean;
}

/** What the host lets this person do to a record now, and what it asks before. */
export interface RecordAction {
  name: string; label: string; confirm: string | null;
  fields: { name: string; label: string; required: boolean; choices: string[] }[];
}

/** A conversation as the server tells it to its reader. */
export interface Head extends Own {
  id: string; kind: 'direct' | 'group' | 'self' | 'announcement' | 'subject' | 'inbox' | 'notes';
  title: string | null;
  members: Member[]; members_count: number; last_seq: number; last_change: number; first_seq: number;
  updated_at: string; preview: Message | null; announcement?: { confirm: boolean }; subject?: Subject;
  inbox?: InboxView; inquiry?: Inquiry;
}

/** A frame that carries a change. */
export interface Durable { type: string; conversation: string; change: number; data?: any }

export interface Frame { type: string; [field: string]: any }

/**
 * A conversation as kept here.
 * `last`: highest change applied · `fresh`: seqs of others' messages above `counted_to` ·
 * `held`: frames that came too early · `stale`: own state must be asked for anew.
 */
export interface Conversation extends Head {
  last: number; fresh: number[]; held: Durable[]; stale: boolean;
}

/** The loaded end of a conversation's history. `line`: new messages begin after this seq. */
export interface Thread {
  rows: Message[]; status: 'loading' | 'ready' | 'failed'; more: boolean;
  older: 'idle' | 'loading' | 'failed'; line: number | null;
}

/** Own words on their way. */
export interface Pending {
  client_id: string; conversation: string; body: string; at: number;
  status: 'queued' | 'sending' | 'slow' | 'failed' | 'held'; reason: string | null;
  held?: Held;
}

/** Own words that wait for the end of somebody's quiet hours; nobody else knows of them. */
export interface Held {
  id: string; conversation: string; client_id: string; body: string; reply_to: string | null;
  state: 'waiting' | 'refused' | 'cancelled'; reason: string; code: string | null;
  due_at: string | null; may_send: boolean; created_at: string;
}

/** What would hold back a message that is written now. */
export interface Quiet { until: string | null; reason: string; may_send: boolean }

export type Status =
  | 'idle' | 'connecting' | 'syncing' | 'live' | 'waiting' | 'offline' | 'polling'
  | 'unauthorised' | 'refused' | 'closed';

/** `outdated`: the server asks for a reload of the page · `skew`: server's clock minus ours, ms. */
export interface Connection {
  status: Status; retryAt: number | null; outdated: boolean; skew: number;
}

export interface Directory {
  status: 'idle' | 'loading' | 'ready' | 'failed'; list: Person[]; at: number | null;
  query: string; next: string | null; inbox: string | null;
}

/** What has been asked of a conversation's members last; those found are among its own. */
export interface Roster { conversation: string | null; query: string; found: string[]; next: string | null }

export interface Limits {
  body: number; title: number; frame: number; members: number; edit_seconds: number;
  delete_seconds?: number | null;
}

export interface Boot {
  user: Person; api: string; ws: string; page?: string; login?: string | null;
  csrf?: { header: string; token: string } | null; limits: Limits;
  features: { typing: boolean; presence: boolean; read_receipts: boolean; announcements?: boolean; inboxes?: boolean; actions?: boolean; quiet?: boolean };
  tabs?: string; heartbeat?: number;
  /** The host's languages: where the texts of each are, without `.js`. */
  languages?: Record<string, string>;
}

export interface State {
  me: Person; limits: Limits; features: Boot['features']; login: string | null;
  connection: Connection;
  totals: { unread: number; conversations: number };
  epoch: string | null;
  heads: 'none' | 'loading' | 'ready' | 'failed';
  conversations: Record<string, Conversation>;
  threads: Record<string, Thread>;
  outbox: Pending[];
  drafts: Record<string, string>;
  typing: Record<string, Record<string, number>>;
  online: Record<string, boolean>;
  people: Directory;
  roster: Roster;
  gone: string | null;
  inboxes: Inbox[];
  /** What the chat itself says in the notes of an office, by the code of what has happened. */
  sentences: Record<string, string>;
  queue: Queue;
  /** By conversation. */
  actions: Record<string, RecordAction[]>;
  held?: Held[];
  /** By conversation. */
  quiet?: Record<string, Quiet|null>;
}

/** A fact for the reducer: a frame off the wire or one of the client's own. */
export type StateEvent = Frame;

/** What the browser lends: handed in, so that everything runs in Node under a fake clock. */
export interface Environment {
  WebSocket: new (url: string) => any;
  fetch: typeof fetch;
  setTimeout(call: () => void, ms: number): any;
  clearTimeout(timer: any): void;
  random(): number;
  now(): number;
  token(): string;
  storage: Storage | null;
  /** With both, the tabs of a browser share one socket. */
  locks?: LockManager | null;
  channel?: ((name: string) => BroadcastChannel) | null;
  origin: string;
}

/** What a person does; the answer of `dispatch` where there is one. */
export interface Action { type: string; [field: string]: any }

