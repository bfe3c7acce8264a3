-- How much of the slot time of each class was held, hour by hour. A slot that is held is there, though its executor has
-- left or offers fewer by now.
WITH changes AS (
  SELECT class, since_at, 0 AS held,
         slots - coalesce(lag(slots) OVER (PARTITION BY class, executor ORDER BY since_at), 0) AS advertised
  FROM 'capacity.parquet'
  UNION ALL SELECT class, reserved_at, slots, 0 FROM 'slots.parquet'
  UNION ALL SELECT class, freed_at, -slots, 0 FROM 'slots.parquet' WHERE freed_at IS NOT NULL
), ends AS (
  SELECT max(happened_at) AS last_at FROM 'lifecycle.parquet'
), steps AS (
  SELECT class, since_at, sum(held) OVER upto AS held, sum(advertised) OVER upto AS advertised,
         coalesce(lead(since_at) OVER (PARTITION BY class ORDER BY since_at), last_at) AS until_at
  FROM changes, ends
  WINDOW upto AS (PARTITION BY class ORDER BY since_at RANGE UNBOUNDED PRECEDING)
), hours AS (
  SELECT unnest(generate_series(date_trunc('hour', (SELECT min(since_at) FROM changes)), last_at, INTERVAL 1 HOUR)) AS hour
  FROM ends
), slot_ms AS (
  SELECT class, hour, held, greatest(held, advertised) AS there,
         greatest(0, epoch_ms(least(until_at, hour + INTERVAL 1 HOUR)) - epoch_ms(greatest(since_at, hour))) AS ms
  FROM steps, hours
)
SELECT class, hour, round(100.0 * sum(held * ms) / sum(there * ms), 1) AS used_percent
FROM slot_ms
GROUP BY class, hour
HAVING sum(there * ms) > 0
ORDER BY class, hour;
