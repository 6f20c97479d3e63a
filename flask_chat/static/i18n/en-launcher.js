/** English, for the launcher alone: all that a closed widget says. */
export default {
  'launcher.open': 'Open chat',
  'launcher.unread': { one: 'Open chat, {count} unread message', other: 'Open chat, {count} unread messages' },
  'launcher.close': 'Close chat',
  'launcher.failed': 'The chat could not be opened. Check your connection and try again.',
  'badge.unread': { one: '{count} unread message', other: '{count} unread messages' },
};
