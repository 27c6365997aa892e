-- One row per sentence that lists what an amount of basic expenditure includes, compared with the rows of the form.
with stated_part as (
    select *
    from {{ ref('int_stated_part__unified') }}
    where
        whole_code in ('personnel', 'public')
        and economic_code is not null
        and value is null
),

-- a section of the classification, whatever divides it further or stands beside it
line as (
    select * replace (coalesce(nullif(regexp_extract(row_key, '^[0-9]{3,5}'), ''), row_key) as row_key)
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and share_suffix = ''
        and fact = 'economic'
        and column_key = 'total'
),

form_status as (
    select * from {{ ref('int_form__status') }}
),

form_row as (
    select
        line.document_id,
        line.statement_code,
        line.row_key,
        max(abs(line.amount_yuan)) as amount_yuan,
        min(line.source_ref) filter (where line.amount_yuan is not null) as source_ref
    from line
    inner join form_status using (document_id, statement_code)
    where
        form_status.status = 'extracted'
        and not form_status.is_form_cut
    group by
        line.document_id,
        line.statement_code,
        line.row_key
),

form as (
    select
        document_id,
        statement_code
    from form_row
    group by
        document_id,
        statement_code
    having count(*) filter (where amount_yuan > 0) >= 3
),

form_row_joined as (
    select
        stated_part.document_id,
        stated_part.statement_code,
        stated_part.fund_code,
        stated_part.whole_code,
        stated_part.source_ref,
        stated_part.page_no,
        stated_part.part_no,
        stated_part.part_name,
        stated_part.economic_code,
        form_row.source_ref as row_ref,
        form.document_id is null as is_form_missing,
        form_row.document_id is null as is_row_missing,
        coalesce(form_row.amount_yuan, 0) = 0 as is_nothing
    from stated_part
    left join form using (document_id, statement_code)
    left join form_row
        on
            stated_part.document_id = form_row.document_id
            and stated_part.statement_code = form_row.statement_code
            and stated_part.economic_code = form_row.row_key
),

identity as (
    select unnest(['LIST-001', 'LIST-002']) as identity_id
),

listed as (
    select
        identity.identity_id,
        form_row_joined.document_id,
        form_row_joined.statement_code,
        form_row_joined.fund_code,
        form_row_joined.whole_code,
        form_row_joined.source_ref,
        min(form_row_joined.page_no) as page_no,
        bool_or(form_row_joined.is_form_missing) as is_form_missing,
        count(*) as listed_count,
        count(*) filter (where not form_row_joined.is_row_missing and form_row_joined.is_nothing) as zero_count,
        count(*) filter (where form_row_joined.is_row_missing) as absent_count,
        string_agg(form_row_joined.part_name || '（' || form_row_joined.economic_code || '）', '、' order by form_row_joined.part_no)
            filter (where not form_row_joined.is_row_missing and form_row_joined.is_nothing) as zero_names,
        string_agg(form_row_joined.part_name || '（' || form_row_joined.economic_code || '）', '、' order by form_row_joined.part_no)
            filter (where form_row_joined.is_row_missing) as absent_names,
        string_agg(distinct form_row_joined.row_ref, ' ' order by form_row_joined.row_ref)
            filter (where identity.identity_id = 'LIST-001' and form_row_joined.is_nothing) as row_refs
    from form_row_joined
    cross join identity
    group by
        identity.identity_id,
        form_row_joined.document_id,
        form_row_joined.statement_code,
        form_row_joined.fund_code,
        form_row_joined.whole_code,
        form_row_joined.source_ref
),

counted as (
    select
        *,
        case identity_id when 'LIST-001' then zero_count else absent_count end as wrong_count,
        case whole_code when 'personnel' then '人员经费' else '公用经费' end as whole_zh,
        case whole_code when 'personnel' then 'personnel expenditure' else 'public expenditure' end as whole_en
    from listed
)

select
    document_id,
    identity_id,
    concat_ws('/', fund_code, whole_code, source_ref) as place,
    'count' as value_unit,
    case when is_form_missing then 'form_absent' end as reason_code,
    wrong_count as lhs,
    0 as rhs,
    0 as tolerance,
    source_ref as lhs_ref,
    row_refs as rhs_ref,
    page_no,
    statement_code,
    fund_code,
    whole_code as column_key,
    {{ arguments(whole=['whole_zh', 'whole_en'], names="case identity_id when 'LIST-001' then zero_names else absent_names end") }} as arguments
from counted
