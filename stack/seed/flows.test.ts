import { checkFlow } from '@prosa/core/flows/check.ts';
import { expect, test } from 'vitest';
import { DEMO_FLOWS } from './flows.ts';

const flows = Object.values(DEMO_FLOWS).flat();

test.each(flows.map(({ name, flow }) => [name, flow] as const))('nothing is wrong with the demo flow %s', (_, flow) => {
	expect(checkFlow(flow, { tenantVariables: new Set(['frete']) })).toEqual([]);
});
