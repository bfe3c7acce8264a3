-- The jobs that were ready longest before they were dispatched.
SELECT tenant, dag, job, attempt, class, wait_ms - dependency_ms AS ready_wait_ms,
       full_ms, no_executor_ms, held_ms, paused_ms, backoff_ms, other_ms
FROM 'waits.parquet'
ORDER BY ready_wait_ms DESC, tenant, dag, job, attempt
LIMIT 20;
