-- What the waits of DAGs that missed their deadlines were spent on, by class.
WITH late AS (
  SELECT waits.* FROM 'waits.parquet' AS waits
  SEMI JOIN (FROM 'dags.parquet' WHERE NOT deadline_met) AS dags USING (dag_seq)
), parts AS (
  UNPIVOT late ON held_ms, paused_ms, backoff_ms, no_executor_ms, full_ms, other_ms INTO NAME part VALUE ms
)
SELECT replace(part, '_ms', '') AS blame, class, count(DISTINCT dag_seq) AS dags, sum(ms) AS ms,
       round(100.0 * sum(ms) / sum(sum(ms)) OVER (), 1) AS percent
FROM parts WHERE ms > 0
GROUP BY ALL ORDER BY ms DESC, blame, class;
