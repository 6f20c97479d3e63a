/** German, for the launcher. Made from translations/de/LC_MESSAGES/flask_chat.po: change that, not this. */
export default {
  "launcher.open": "Chat öffnen",
  "launcher.unread": { one: "Chat öffnen, {count} ungelesene Nachricht", other: "Chat öffnen, {count} ungelesene Nachrichten" },
  "launcher.close": "Chat schließen",
  "launcher.failed": "Der Chat konnte nicht geöffnet werden. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
  "badge.unread": { one: "{count} ungelesene Nachricht", other: "{count} ungelesene Nachrichten" },
};
