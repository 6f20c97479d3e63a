/** Spanish, for the launcher. Made from translations/es/LC_MESSAGES/flask_chat.po: change that, not this. */
export default {
  "launcher.open": "Abrir el chat",
  "launcher.unread": { one: "Abrir el chat, {count} mensaje sin leer", many: "Abrir el chat, {count} mensajes sin leer", other: "Abrir el chat, {count} mensajes sin leer" },
  "launcher.close": "Cerrar el chat",
  "launcher.failed": "No se pudo abrir el chat. Compruebe su conexión e inténtelo de nuevo.",
  "badge.unread": { one: "{count} mensaje sin leer", many: "{count} mensajes sin leer", other: "{count} mensajes sin leer" },
};
