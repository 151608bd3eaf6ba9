"""A small warehouse for drafts: of each mart the columns that are read, a few rows by hand."""

from pathlib import Path

import duckdb

QUARTER = "2006-07 Q1"

# RA1 has all that there is to tell; RA2, RA3 and RA4 are its peers, RA4 with nothing wrong; 5P1 has
# sent nothing; RM4 closed before.
TABLES = """
create schema marts;
create schema intermediate;
create schema audit;

create table marts.dim_quarter as
select *, quarter_start_date + interval 3 months - interval 1 day as quarter_end_date
from (values
    ('2004-05 Q4', date '2005-01-01'), ('2005-06 Q1', date '2005-04-01'),
    ('2005-06 Q2', date '2005-07-01'), ('2005-06 Q3', date '2005-10-01'),
    ('2005-06 Q4', date '2006-01-01'), ('2006-07 Q1', date '2006-04-01')
) as rows (quarter, quarter_start_date);

create table marts.dim_organisation (
    organisation_code varchar, organisation_name varchar, organisation_type varchar,
    organisation_class varchar, cluster varchar, close_date date, successor_code varchar
);
insert into marts.dim_organisation values
    ('RA1', 'North <b>&</b> South Trust', 'acute', 'trust', 'Acute - Small', null, null),
    ('RA2', 'East Trust', 'acute', 'trust', 'Acute - Small', null, null),
    ('RA3', 'West Trust', 'acute', 'trust', 'Acute - Small', null, null),
    ('RA4', 'Well Trust', 'acute', 'trust', 'Acute - Small', null, null),
    ('RA9', 'Far Trust', 'acute', 'trust', 'Acute - Large', null, null),
    ('5P1', 'Some PCT', 'pct', 'pct', null, null, null),
    ('RM4', 'Closed Trust', 'acute', 'trust', null, date '2005-09-30', 'RA1');

create table marts.dim_dq_rule (
    rule_id varchar, name varchar, feeds varchar, description varchar, amber_over double,
    red_over double, amber_under double, red_under double, gates_indicators varchar,
    treatment varchar, evidence varchar, dimension varchar, grain varchar, advice varchar
);
insert into marts.dim_dq_rule values
    ('A01', 'Duplicate episode', 'hes_apc', 'The same episode twice.', 0.02, null, null, null,
     null, 'quarantine', 'DOC', 'uniqueness', 'organisation', 'Send each episode once.'),
    ('A06', 'Date outside the period', 'hes_apc', 'Outside the period.', null, null, null, null,
     null, 'quarantine', 'DOC', 'validity', 'submission', 'Declare the period of the file.'),
    ('A12', 'Diagnosis not coded', 'hes_apc', 'Share without a diagnosis.', null, 0.10, null, null,
     null, 'gate', 'PROP', 'completeness', 'organisation', 'Finish coding <before> the extract.'),
    ('A16', 'Age or sex unknown', 'hes_apc', 'Age or sex unknown.', 0.02, null, null, null,
     null, 'flag', 'PROP', 'completeness', 'organisation', 'Fill in age and sex.'),
    ('FOLLOWUP', 'Follow-up not complete', 'hes_apc', 'No following quarter.', null, null, null,
     null, 'BCBV20', 'gate', 'PROP', 'timeliness', 'organisation', 'Nothing: it is yet to come.'),
    ('V01', 'Incomplete submission', 'hes_apc', 'Fewer records than expected.', null, null, 0.90,
     0.75, null, 'gate', 'PROP', 'coverage', 'organisation', 'Send all months.'),
    ('S01', 'Of another order', 'finance', 'Thousands for pounds.', null, 50, null, 0.02, null,
     'gate', 'PROP', 'consistency', 'organisation', 'Send pounds.');

create table marts.dim_indicator (indicator_id varchar, name varchar, unit varchar);
insert into marts.dim_indicator values
    ('BCBV01', 'Length of stay', 'index'), ('BCBV03', 'Day cases', 'proportion'),
    ('BCBV20', 'Readmission', 'index');

create table marts.fct_indicator_values (
    indicator_id varchar, organisation_code varchar, quarter varchar, value double,
    national_rank bigint, n_ranked bigint, quartile integer, opportunity_annual_gbp double,
    publication_status varchar, status_reason varchar
);
insert into marts.fct_indicator_values values
    ('BCBV01', 'RA1', '2006-07 Q1', 104.25, 7, 9, 3, 1234567.4, 'published', null),
    ('BCBV03', 'RA1', '2006-07 Q1', 0.725, null, 9, null, -250.0, 'withheld', 'A12'),
    ('BCBV20', 'RA1', '2006-07 Q1', 98.0, 2, 9, 1, null, 'caveat', 'FOLLOWUP, MIN'),
    ('BCBV01', 'RA2', '2006-07 Q1', 777.7, 1, 9, 1, 0.0, 'published', null);

create table marts.dq_submission_status (
    organisation_code varchar, feed varchar, quarter varchar, n_records bigint,
    expected_records double, completeness double, n_red bigint, n_amber bigint, rules_red varchar,
    rules_amber varchar, months_present bigint, dq_score double, verdict varchar
);
insert into marts.dq_submission_status values
    ('RA1', 'finance', '2006-07 Q1', 3, null, null, 0, 0, null, null, 3, null, 'green'),
    ('RA1', 'hes_apc', '2006-07 Q1', 1200, 1500, 0.8, 1, 3, 'A12', 'A01,A16,V01', 2, 91.25, 'red'),
    ('RA1', 'hes_op', '2006-07 Q1', 0, null, null, 0, 0, null, null, 0, 0.0, 'not_submitted'),
    ('RA2', 'hes_apc', '2006-07 Q1', 1000, null, null, 0, 1, null, 'A16', 3, 88.0, 'amber'),
    ('RA4', 'hes_apc', '2006-07 Q1', 1000, null, null, 0, 0, null, null, 3, 99.0, 'green'),
    ('5P1', 'finance', '2006-07 Q1', 0, null, null, 0, 0, null, null, 0, null, 'not_submitted'),
    ('RM4', 'hes_apc', '2005-06 Q1', 10, null, null, 0, 0, null, null, 3, null, 'green');

create table marts.dq_rule_results (
    rule_id varchar, organisation_code varchar, feed varchar, quarter varchar, n_checked bigint,
    n_failed bigint, rate double, amber_threshold double, red_threshold double, outcome varchar
);
insert into marts.dq_rule_results values
    -- Of RA1 in the quarter, out of order.
    ('A16', 'RA1', 'hes_apc', '2006-07 Q1', 1300, 39, 0.03, 0.02, null, 'amber'),
    ('FOLLOWUP', 'RA1', 'hes_apc', '2006-07 Q1', 1, 1, 1.0, 0, null, 'amber'),
    ('A01', 'RA1', 'hes_apc', '2006-07 Q1', 1312, 40, 0.0305, 0.02, null, 'amber'),
    ('A12', 'RA1', 'hes_apc', '2006-07 Q1', 1272, 159, 0.125, null, 0.10, 'red'),
    ('V01', 'RA1', 'hes_apc', '2006-07 Q1', 1, 1, 0.8, 0.90, 0.75, 'amber'),
    ('S01', 'RA1', 'finance', '2006-07 Q1', 1, 0, 987654.0, null, 50, 'green'),
    ('V01', 'RA1', 'hes_op', '2006-07 Q1', 0, 0, null, 0.90, 0.75, 'not_submitted'),
    -- Of RA1 before: the quarter five back is not told.
    ('A12', 'RA1', 'hes_apc', '2004-05 Q4', 900, 800, 0.889, null, 0.10, 'red'),
    ('A12', 'RA1', 'hes_apc', '2005-06 Q1', 900, 45, 0.05, null, 0.10, 'green'),
    ('A12', 'RA1', 'hes_apc', '2005-06 Q2', 0, 0, null, null, 0.10, 'not_submitted'),
    ('A12', 'RA1', 'hes_apc', '2005-06 Q3', 0, 0, null, null, 0.10, 'unusable'),
    ('A12', 'RA1', 'hes_apc', '2005-06 Q4', 1000, 110, 0.11, null, 0.10, 'red'),
    -- Peers: 0.02, 0.04 and, far away, 0.9; what was not evaluated is no peer.
    ('A12', 'RA2', 'hes_apc', '2006-07 Q1', 1000, 20, 0.02, null, 0.10, 'green'),
    ('A12', 'RA3', 'hes_apc', '2006-07 Q1', 1000, 40, 0.04, null, 0.10, 'green'),
    ('A12', 'RA4', 'hes_apc', '2006-07 Q1', 0, 0, null, null, 0.10, 'not_evaluated'),
    ('A12', 'RA9', 'hes_apc', '2006-07 Q1', 1000, 900, 0.9, null, 0.10, 'red'),
    ('A16', 'RA2', 'hes_apc', '2006-07 Q1', 1000, 30, 0.03, 0.02, null, 'amber');

create table marts.dq_submissions (
    submission_id varchar, feed varchar, sender varchar, file_name varchar, extract_date date
);
insert into marts.dq_submissions values
    ('s1', 'hes_apc', 'RA1', '=cmd|<script>.csv', date '2006-08-22'),
    ('s2', 'hes_apc', 'RA2', 'others.csv', date '2006-08-22');

create table marts.dq_quarantined_records (
    feed varchar, submission_id varchar, line_number bigint, record_key varchar, rule_id varchar,
    organisation_code varchar, quarter varchar, record varchar
);
insert into marts.dq_quarantined_records
select 'hes_apc', 's1', 100 + n, '+K' || n, 'A01', 'RA1', '2006-07 Q1',
    '{"EPIKEY": "+K' || n || '", "SEX": "=1+1"}'
from range(1, 41) as numbers (n);
insert into marts.dq_quarantined_records values
    ('hes_apc', 's1', 7, '@K', 'A06', 'RA1', '2006-07 Q1', '{"EPIKEY": "@K"}'),
    ('hes_apc', 's1', 8, 'before', 'A01', 'RA1', '2005-06 Q4', '{"EPIKEY": "before"}'),
    ('hes_apc', 's2', 9, 'KEY-OF-ANOTHER', 'A01', 'RA2', '2006-07 Q1', '{"EPIKEY": "other"}'),
    -- Of one that is expected to send nothing, whose code comes before another's.
    ('hes_apc', 's2', 11, 'KEY-OF-RA3', 'A01', 'RA3', '2006-07 Q1', '{"EPIKEY": "third"}'),
    ('hes_apc', 's1', 10, 'KEY-OF-NOBODY', 'A01', null, '2006-07 Q1', '{"EPIKEY": "nobody"}');

-- 12 lines that fail by A16, amber, one by A12 of another, and one by a rule that is green.
create table intermediate.int_failing_lines (
    feed varchar, submission_id varchar, line_number bigint, record_key varchar,
    organisation_code varchar, quarter varchar, rule_id varchar
);
insert into intermediate.int_failing_lines
select 'hes_apc', 's1', 200 + n, '=F' || n, 'RA1', '2006-07 Q1', 'A16'
from range(1, 13) as numbers (n);
insert into intermediate.int_failing_lines values
    ('hes_apc', 's1', 300, 'before', 'RA1', '2005-06 Q4', 'A16'),
    ('hes_apc', 's2', 301, 'KEY-OF-ANOTHER', 'RA2', '2006-07 Q1', 'A16'),
    ('finance', 's1', 302, 'green', 'RA1', '2006-07 Q1', 'S01');

create table intermediate.int_feeds (feed varchar, subject varchar);
insert into intermediate.int_feeds values
    ('finance', 'finance'), ('hes_apc', 'hes_apc'), ('hes_op', 'hes_op'), ('epact', 'epact'),
    ('epd', 'epact');

create table marts.dq_field_quality (
    organisation_code varchar, feed varchar, quarter varchar, field varchar, n_records bigint,
    n_valid bigint, n_default bigint, n_invalid bigint, n_missing bigint, item_score double
);
insert into marts.dq_field_quality values
    ('RA1', 'hes_apc', '2006-07 Q1', 'sex', 1300, 1261, 20, 3, 16, 0.97),
    ('RA1', 'hes_apc', '2006-07 Q1', 'sushrg', 1300, 1300, 0, 0, 0, 1),
    ('RA1', 'hes_apc', '2006-07 Q1', 'consult', 1300, 650, 500, 50, 100, 0.5),
    ('RA1', 'hes_apc', '2006-07 Q1', 'opdate_24', 1300, 0, 0, 0, 1300, null);

create table marts.dq_scores (
    organisation_code varchar, quarter varchar, feed varchar, item_score double, coverage double,
    dq_score double
);
insert into marts.dq_scores values
    ('RA1', '2006-07 Q1', null, 0.9125, 0.5, 45.625), ('RA1', '2006-07 Q1', 'hes_apc', 0.9, 1, 90);

create table marts.dim_submission (submission_id varchar, is_synthetic boolean);
insert into marts.dim_submission values ('s1', false), ('s2', false);

create table audit.builds (
    invocation_id varchar, started_at timestamp, ended_at timestamp, command varchar,
    is_full boolean, as_at date, n_failures integer, invocation varchar
);
insert into audit.builds values
    ('i', '2006-09-01 10:20', null, 'build', false, null, null, 'dbt build'),
    ('i', '2006-09-01 10:20', '2006-09-01 10:30', 'build', true, null, 0, 'dbt build');
"""


def write_warehouse(path: Path, more: str = "") -> None:
    """Write the warehouse; `more` is SQL that changes it afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES + more)
