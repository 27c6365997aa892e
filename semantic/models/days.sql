-- One row per day: MetricFlow asks for no less, though figures are by year.
select cast(day as date) as day
from generate_series(date '2000-01-01', date '2049-12-31', interval 1 day) as days(day)
