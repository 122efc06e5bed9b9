import { z } from 'zod';
import { part } from './part.ts';
import { Text } from './schema.ts';

export const TextPayload = z.object({ body: Text });

export const text = part('text', TextPayload, ({ body }) => ({ content: { kind: 'text', text: body }, body }));
