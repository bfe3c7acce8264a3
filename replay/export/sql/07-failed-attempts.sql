-- Attempts that did not end well, by how, with the slot time that they took in vain.
SELECT class, outcome, count(*) AS attempts, count(DISTINCT dag_seq) AS dags,
       sum(held.slot_ms) AS slot_ms
FROM 'leases.parquet'
JOIN (SELECT token, sum(slots * occupancy_ms) AS slot_ms FROM 'slots.parquet' GROUP BY token) AS held USING (token)
WHERE outcome <> 'completed'
GROUP BY ALL ORDER BY slot_ms DESC NULLS LAST, class, outcome;
