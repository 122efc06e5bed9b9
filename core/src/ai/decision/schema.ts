/** What a decision looks like, for providers that hold a model to a schema. `Decision` reads it, however it comes. */
export const DECISION_SCHEMA = {
	name: 'decision',
	schema: {
		type: 'object',
		additionalProperties: false,
		properties: {
			intent: { type: 'string' },
			sentiment: { type: 'string', enum: ['negative', 'neutral', 'positive'] },
			urgency: { type: 'string', enum: ['low', 'normal', 'high'] },
			language: { type: 'string' },
			temperature: { type: 'string', enum: ['cold', 'warm', 'hot'] },
			hand_over: { type: 'boolean' },
			reason: { type: 'string' },
			confidence: { type: 'number', minimum: 0, maximum: 1 },
			facts: { type: 'array', items: { type: 'string' } }
		},
		required: [
			'intent',
			'sentiment',
			'urgency',
			'language',
			'temperature',
			'hand_over',
			'reason',
			'confidence',
			'facts'
		]
	}
};
