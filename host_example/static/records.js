// A list of records, each with what is unread about it and since when somebody waits: asked for again
// when something was said or read, and every minute, for who waits has waited longer.
import { refresh } from './record.js';

await customElements.whenDefined('flask-chat');
const { client } = document.querySelector('flask-chat');
let before = client.getSnapshot();
let coming;

client.subscribe(() => {
  const now = client.getSnapshot();
  if (now.totals === before.totals && now.conversations === before.conversations) return;
  before = now;
  clearTimeout(coming);
  coming = setTimeout(show, 500);
});

setInterval(() => document.hidden || show(), 60_000);

// Not while the server is away, nor for somebody who has signed out.
function show() {
  if (['live', 'polling'].includes(client.getSnapshot().connection.status)) refresh();
}
