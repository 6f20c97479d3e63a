/** Chinese, for the launcher. Made from translations/zh/LC_MESSAGES/flask_chat.po: change that, not this. */
export default {
  "launcher.open": "打开聊天",
  "launcher.unread": { other: "打开聊天，{count} 条未读消息" },
  "launcher.close": "关闭聊天",
  "launcher.failed": "无法打开聊天。请检查网络连接后重试。",
  "badge.unread": { other: "{count} 条未读消息" },
};
