-- How much of the advertised slot time of each class was held, hour by hour.
WITH changes AS (
  SELECT class, since_at, slots - coalesce(lag(slots) OVER (PARTITION BY class, executor ORDER BY since_at), 0) AS delta
  FROM 'capacity.parquet'
), steps AS (
  SELECT class, since_at, sum(delta) OVER (PARTITION BY class ORDER BY since_at RANGE UNBOUNDED PRECEDING) AS slots,
         lead(since_at) OVER (PARTITION BY class ORDER BY since_at) AS until_at
  FROM changes
), ends AS (
  SELECT max(happened_at) AS last_at FROM 'lifecycle.parquet'
), advertised AS (
  SELECT class, slots, since_at, coalesce(until_at, last_at) AS until_at FROM steps, ends
), hours AS (
  SELECT unnest(generate_series(date_trunc('hour', (SELECT min(since_at) FROM changes)), last_at, INTERVAL 1 HOUR)) AS hour
  FROM ends
), offered AS (
  SELECT class, hour,
         sum(slots * greatest(0, epoch_ms(least(until_at, hour + INTERVAL 1 HOUR)) - epoch_ms(greatest(since_at, hour)))) AS slot_ms
  FROM advertised, hours GROUP BY ALL
), used AS (
  SELECT class, hour,
         sum(slots * greatest(0, epoch_ms(least(coalesce(freed_at, last_at), hour + INTERVAL 1 HOUR))
                                 - epoch_ms(greatest(reserved_at, hour)))) AS slot_ms
  FROM 'slots.parquet', hours, ends GROUP BY ALL
)
SELECT class, hour, round(100.0 * coalesce(used.slot_ms, 0) / offered.slot_ms, 1) AS used_percent
FROM offered LEFT JOIN used USING (class, hour)
WHERE offered.slot_ms > 0
ORDER BY class, hour;
