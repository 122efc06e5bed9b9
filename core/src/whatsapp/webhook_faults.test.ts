import { expect, test } from 'vitest';
import { webhookFault } from './webhook_faults.ts';

test('each way a webhook fails is told with what to do about it', () => {
	expect(webhookFault('not_json', 'pt-BR')).toContain('JSON');
	expect(webhookFault('23514: new row violates check constraint', 'en')).toContain('mend the event');
	expect(webhookFault('receive_failed 22P05: unsupported Unicode', 'en')).toContain('mend the event');
	expect(webhookFault('receive_failed 57014: canceling statement', 'en')).toContain('should go in now');
	expect(webhookFault('XX000: whatever', 'pt-BR')).toContain('Algo deu errado');
});
