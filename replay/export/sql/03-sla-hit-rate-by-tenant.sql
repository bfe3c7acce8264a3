-- How many deadlines were met, by tenant and priority.
SELECT tenant, priority,
       count(*) AS with_deadline,
       count(*) FILTER (deadline_met) AS met,
       count(*) FILTER (NOT deadline_met) AS missed,
       round(100.0 * count(*) FILTER (deadline_met) / nullif(count(deadline_met), 0), 1) AS met_percent
FROM 'dags.parquet'
WHERE deadline_at IS NOT NULL
GROUP BY ALL ORDER BY missed DESC, tenant, priority DESC;
