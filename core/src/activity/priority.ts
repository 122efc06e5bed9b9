/** How much a conversation hurries, as `conversations.priority` holds it. */
export const PRIORITIES = [0, 1, 2, 3, 4] as const;
export type Priority = (typeof PRIORITIES)[number];
