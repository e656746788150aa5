-- What a step counted: prices, requests, markets that nobody knows. Numbers under names of ours, so the page may show them.
create or replace view status.steps as
select s.id, s.job_id, j.run_id, j.platform, s.attempt, s.name, s.status, s.items_total, s.items_done, s.items_failed,
       s.error_kind, s.started_at, s.finished_at, s.metadata as counts
from steps s join jobs j on j.id = s.job_id;
