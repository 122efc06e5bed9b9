const ONE = '\\p{Extended_Pictographic}\\u{FE0F}?[\\u{1F3FB}-\\u{1F3FF}]?(?:[\\u{E0020}-\\u{E007E}]+\\u{E007F})?';
const EMOJI = new RegExp(`^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|[0-9#*]\\u{FE0F}?\\u{20E3}|${ONE}(?:\\u{200D}${ONE})*)$`, 'u');

/**
 * Whether a text is exactly one emoji (Unicode TR 51), however many code points it is made of: a flag, a keycap, a
 * family joined by zero-width joiners. The database has the same in `private.is_one_emoji`; a test asks both.
 */
export const isOneEmoji = (text: string): boolean => EMOJI.test(text);
