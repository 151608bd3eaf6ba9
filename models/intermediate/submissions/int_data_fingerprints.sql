with

indicator_feeds as (
    select
        indicator_id,
        {{ explode_list('feeds') }} as feed
    from {{ ref('indicators') }}
),

effective_months as (
    select
        feed,
        submission_id,
        quarter
    from {{ ref('int_submission_months') }}
    where is_effective
),

-- Rulebook 9.15: an identifier holds the checksum of the file.
final as (
    select
        indicator_feeds.indicator_id,
        effective_months.quarter,
        {{ text_hash(
            "string_agg(distinct effective_months.submission_id, ',' order by effective_months.submission_id)"
        ) }} as data_fingerprint
    from indicator_feeds
    inner join effective_months
        on indicator_feeds.feed = effective_months.feed
    group by indicator_feeds.indicator_id, effective_months.quarter
)

select * from final
