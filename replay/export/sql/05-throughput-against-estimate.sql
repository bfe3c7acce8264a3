-- What a class could do by the mean occupancy of its slots, and what it did. An attempt of 2 slots occupies two of them;
-- `marie capacity` knows no slots of attempts, and says what a class could do with jobs of one slot each.
WITH span AS (SELECT epoch_ms(max(happened_at)) - epoch_ms(min(happened_at)) AS ms FROM 'lifecycle.parquet'
), most AS (
  SELECT class, max(total) AS slots FROM (
    SELECT class, sum(delta) OVER (PARTITION BY class ORDER BY since_at RANGE UNBOUNDED PRECEDING) AS total FROM (
      SELECT class, since_at, slots - coalesce(lag(slots) OVER (PARTITION BY class, executor ORDER BY since_at), 0) AS delta
      FROM 'capacity.parquet'))
  GROUP BY class
)
SELECT class, any_value(most.slots) AS slots, round(avg(occupancy_ms)) AS mean_occupancy_ms,
       round(any_value(most.slots) / nullif(avg(occupancy_ms * taken.slots), 0) * 1000, 2) AS possible_per_second,
       round(count(*) / nullif(any_value(span.ms), 0) * 1000, 2) AS real_per_second
FROM 'slots.parquet' AS taken JOIN most USING (class), span
WHERE freed_at IS NOT NULL
GROUP BY class ORDER BY class;
