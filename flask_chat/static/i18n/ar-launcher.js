/** Arabic, for the launcher. Made from translations/ar/LC_MESSAGES/flask_chat.po: change that, not this. */
export default {
  "launcher.open": "فتح الدردشة",
  "launcher.unread": { zero: "فتح الدردشة، لا رسائل غير مقروءة", one: "فتح الدردشة، رسالة واحدة غير مقروءة", two: "فتح الدردشة، رسالتان غير مقروءتين", few: "فتح الدردشة، {count} رسائل غير مقروءة", many: "فتح الدردشة، {count} رسالة غير مقروءة", other: "فتح الدردشة، {count} رسالة غير مقروءة" },
  "launcher.close": "إغلاق الدردشة",
  "launcher.failed": "تعذّر فتح الدردشة. تحقّق من اتصالك وحاول مرة أخرى.",
  "badge.unread": { zero: "لا رسائل غير مقروءة", one: "رسالة واحدة غير مقروءة", two: "رسالتان غير مقروءتين", few: "{count} رسائل غير مقروءة", many: "{count} رسالة غير مقروءة", other: "{count} رسالة غير مقروءة" },
};
