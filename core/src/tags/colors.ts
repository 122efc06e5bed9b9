/** The palette of tags, in the order it is offered. sql/31_tags.sql holds the same names; themes decide how they look. */
export const TAG_COLORS = ['gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink'] as const;
export type TagColor = (typeof TAG_COLORS)[number];
