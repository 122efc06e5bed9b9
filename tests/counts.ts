export interface Counts {
	passed: number;
	failed: number;
	skipped: number;
	/** Of the passed, those that did so only when repeated. */
	wavering?: number;
}

interface VitestReport {
	numPassedTests: number;
	numFailedTests: number;
	numFailedTestSuites: number;
	numPendingTests: number;
}

interface PlaywrightReport {
	stats: { expected: number; unexpected: number; flaky: number; skipped: number };
	errors: unknown[];
}

/** Of vitest's JSON report. A suite that does not load has no tests and counts as one failure. */
export function countVitest(text: string): Counts {
	const report = JSON.parse(text) as VitestReport;
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests || report.numFailedTestSuites,
		skipped: report.numPendingTests
	};
}

/** Of Playwright's JSON report. A test that passes only when repeated has passed, and is counted as wavering too. */
export function countPlaywright(text: string): Counts {
	const { stats, errors } = JSON.parse(text) as PlaywrightReport;
	return {
		passed: stats.expected + stats.flaky,
		failed: stats.unexpected + errors.length,
		skipped: stats.skipped,
		wavering: stats.flaky
	};
}
