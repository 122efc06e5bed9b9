/** One tap away. */
export const quickReactions = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** Behind the plus: what people answer customers with. */
export const moreReactions = [
	...['👏', '🎉', '🥳', '😍', '😊', '😉', '😅', '🤩', '🤗', '🤔'],
	...['😎', '😇', '🥰', '😋', '😴', '😬', '😱', '😡', '😞', '🤝'],
	...['👌', '🙌', '💪', '👀', '🫶', '💚', '🔥', '✨', '✅', '❌'],
	...['⭐', '💯', '🎂', '🎁', '🌹', '☕']
];
