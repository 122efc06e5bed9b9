/** What has come of one text: counts alone, so that every share can be given with how sure it is. */
export interface Result {
	uses: number;
	settled: number;
	replied: number;
	resolved: number;
	median_reply_seconds: number | null;
}
