/** Whom one writes to: the customer, or colleagues alone. */
export type Mode = 'reply' | 'note';
