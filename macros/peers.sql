{% macro peer_rank(value, direction, peer_keys) -%}
    {#-
        Rank among peers, 1 is best, ties share it (Rulebook 4.4). value: the figure as it is compared. peer_keys:
        columns that name the set of peers.
    -#}
    rank() over (
        partition by {{ peer_keys | join(', ') }}
        order by case when {{ direction }} = 'higher' then -1 else 1 end * {{ value }}
    )
{%- endmacro %}


{% macro peer_quartile(value, direction, thresholds) -%}
    {#-
        Quartile among peers by their percentiles, 1 is best; equal to one is in the better quartile (Rulebook 4.4).
        value: the figure as it is compared. thresholds: relation with p25, median and p75.
    -#}
    case
        when {{ direction }} = 'higher'
            then
                case
                    when {{ value }} >= {{ comparable(thresholds ~ '.p75') }} then 1
                    when {{ value }} >= {{ comparable(thresholds ~ '.median') }} then 2
                    when {{ value }} >= {{ comparable(thresholds ~ '.p25') }} then 3
                    else 4
                end
        when {{ value }} <= {{ comparable(thresholds ~ '.p25') }} then 1
        when {{ value }} <= {{ comparable(thresholds ~ '.median') }} then 2
        when {{ value }} <= {{ comparable(thresholds ~ '.p75') }} then 3
        else 4
    end
{%- endmacro %}
