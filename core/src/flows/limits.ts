/** What bounds a flow, so that none, however drawn, runs for ever or grows without end. */
export const LIMITS = {
	/** Characters of an exported flow. */
	json: 1_000_000,
	/** Levels of braces in it. */
	depth: 24,
	nodes: 500,
	edges: 2_000,
	variables: 100,
	/** Characters of an expression, and the nodes of its syntax. */
	expression: 1_000,
	expressionNodes: 200,
	/** Characters of a text that a variable holds, and the members of a list. */
	text: 10_000,
	list: 500,
	/** Nodes that one event may run through. */
	stepsAnEvent: 200,
	/** Messages that one event may send. */
	sendsAnEvent: 20,
	/** Nodes between two words of the customer, over all time-outs and answers of machines. */
	stepsWithoutAnswer: 1_000,
	/** Flows within flows. */
	stack: 10,
	/** Wrong answers before a question gives up. */
	retries: 5
} as const;
