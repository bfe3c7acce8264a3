-- By which rule of the policy dispatches were decided, by class and lane.
SELECT class, lane, decided_by, count(*) AS dispatches,
       round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY class), 1) AS percent
FROM 'dispatches.parquet'
GROUP BY class, lane, decided_by ORDER BY class, dispatches DESC, lane, decided_by;
