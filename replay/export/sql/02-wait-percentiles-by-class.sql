-- How long jobs waited once those before them had ended, by class.
SELECT class, count(*) AS dispatches,
       quantile_disc(wait_ms - dependency_ms, 0.5) AS p50_ms,
       quantile_disc(wait_ms - dependency_ms, 0.9) AS p90_ms,
       quantile_disc(wait_ms - dependency_ms, 0.99) AS p99_ms,
       max(wait_ms - dependency_ms) AS longest_ms
FROM 'waits.parquet'
GROUP BY class ORDER BY p99_ms DESC, class;
