/**
 * Settings of every connection that asks the same few things again and again: workers and the door. All that they ask comes
 * through an index. Plans are made once a connection, not once a call: over the partitions of messages planning takes longer
 * than finding. And none that is kept may read a whole table, as it would where it was made while the table was new.
 */
export const PLANS = { enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan' };

/** And for who only ever asks for few things by their keys: the door. */
export const LOOKUPS = { ...PLANS, enable_hashjoin: 'off', enable_mergejoin: 'off' };
