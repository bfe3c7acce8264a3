-- Slot time that each tenant held, by class, and its share of it.
SELECT class, tenant, sum(slots * occupancy_ms) AS slot_ms,
       round(100.0 * sum(slots * occupancy_ms) / sum(sum(slots * occupancy_ms)) OVER (PARTITION BY class), 1) AS percent
FROM 'slots.parquet' WHERE occupancy_ms IS NOT NULL
GROUP BY class, tenant ORDER BY class, slot_ms DESC, tenant;
