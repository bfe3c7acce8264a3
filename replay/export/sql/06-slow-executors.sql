-- Executors whose jobs take longer than those of the others of their class.
WITH runs AS (
  SELECT class, executor, epoch_ms(ended_at) - epoch_ms(granted_at) AS ms
  FROM 'leases.parquet' WHERE outcome = 'completed'
), own AS (SELECT class, executor, count(*) AS runs, sum(ms) AS ms FROM runs GROUP BY ALL
), whole AS (SELECT class, count(*) AS runs, sum(ms) AS ms FROM runs GROUP BY ALL)
SELECT class, executor, own.runs, round(own.ms / own.runs) AS mean_ms,
       round((whole.ms - own.ms) / nullif(whole.runs - own.runs, 0)) AS others_mean_ms,
       round(own.ms / own.runs / nullif((whole.ms - own.ms) / nullif(whole.runs - own.runs, 0), 0), 2) AS times
FROM own JOIN whole USING (class)
ORDER BY times DESC NULLS LAST, class, executor;
