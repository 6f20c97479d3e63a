// What the rivals on Node store: the tables of store.py, statements prepared once.
const Database = require('better-sqlite3');

const db = new Database(process.env.BENCH_FILE);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.pragma('busy_timeout = 5000');

const byToken = db.prepare('SELECT id FROM person WHERE token = ?').pluck();
const ofPerson = db.prepare('SELECT conversation FROM membership WHERE person = ?').pluck();
const isMember = db.prepare('SELECT 1 FROM membership WHERE conversation = ? AND person = ?');
const insert = db.prepare(
  'INSERT INTO message (conversation, author, text, sent_at) VALUES (?, ?, ?, ?)',
);

exports.personWith = (token) => byToken.get(token);
exports.conversationsOf = (person) => ofPerson.all(person);

/** Store a message of a member; what the sockets are told, or null. */
exports.addMessage = (person, conversation, text) => {
  if (!isMember.get(conversation, person)) return null;
  const sentAt = new Date().toISOString();
  const id = Number(insert.run(conversation, person, text, sentAt).lastInsertRowid);
  return { type: 'message', id, conversation, author: person, text, sent_at: sentAt };
};
