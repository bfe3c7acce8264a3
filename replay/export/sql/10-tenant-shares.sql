-- Slot time that each tenant held, by class, and its share of it; what is still held at the end counts up to there.
WITH ends AS (
  SELECT max(happened_at) AS last_at FROM 'lifecycle.parquet'
), held AS (
  SELECT class, tenant, slots * coalesce(occupancy_ms, epoch_ms(last_at) - epoch_ms(reserved_at)) AS slot_ms
  FROM 'slots.parquet', ends
)
SELECT class, tenant, sum(slot_ms) AS slot_ms,
       round(100.0 * sum(slot_ms) / sum(sum(slot_ms)) OVER (PARTITION BY class), 1) AS percent
FROM held GROUP BY class, tenant ORDER BY class, slot_ms DESC, tenant;
