/**
 * How the server runs. A commit is durable (fsync and synchronous_commit stay on): what a developer saved survives a
 * power cut, and a benchmark on it is honest.
 */
export const SETTINGS: Record<string, string> = {
	listen_addresses: '127.0.0.1',
	unix_socket_directories: '', // a second server on the same port number must not share a socket in /tmp
	max_connections: '150',

	// as on a hosted project
	wal_level: 'logical',
	max_wal_senders: '10',
	max_replication_slots: '10',
	max_slot_wal_keep_size: '1GB', // a forgotten slot must not fill the disk
	shared_preload_libraries: 'pg_stat_statements',
	timezone: 'UTC',
	log_timezone: 'UTC',

	// for speed
	shared_buffers: '256MB',
	effective_cache_size: '2GB',
	work_mem: '8MB',
	maintenance_work_mem: '128MB',
	random_page_cost: '1.1',
	effective_io_concurrency: process.platform === 'linux' ? '100' : '0',
	max_wal_size: '2GB',
	checkpoint_timeout: '15min',
	wal_compression: 'on',
	jit: 'off' // compiling takes longer than the short queries it would help
};
