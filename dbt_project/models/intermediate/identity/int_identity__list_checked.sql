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

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__list_checked'
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

judged as (
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

told as (
    select
        identity.identity_id,
        judged.document_id,
        judged.statement_code,
        judged.fund_code,
        judged.whole_code,
        judged.source_ref,
        min(judged.page_no) as page_no,
        bool_or(judged.is_form_missing) as is_form_missing,
        count(*) as listed_count,
        count(*) filter (where not judged.is_row_missing and judged.is_nothing) as zero_count,
        count(*) filter (where judged.is_row_missing) as absent_count,
        string_agg(judged.part_name || '（' || judged.economic_code || '）', '、' order by judged.part_no)
            filter (where not judged.is_row_missing and judged.is_nothing) as zero_names,
        string_agg(judged.part_name || '（' || judged.economic_code || '）', '、' order by judged.part_no)
            filter (where judged.is_row_missing) as absent_names,
        string_agg(distinct judged.row_ref, ' ' order by judged.row_ref)
            filter (where identity.identity_id = 'LIST-001' and judged.is_nothing) as row_refs
    from judged
    cross join identity
    group by
        identity.identity_id,
        judged.document_id,
        judged.statement_code,
        judged.fund_code,
        judged.whole_code,
        judged.source_ref
),

counted as (
    select
        *,
        case identity_id when 'LIST-001' then zero_count else absent_count end as wrong_count,
        case whole_code when 'personnel' then '人员经费' else '公用经费' end as whole_zh,
        case whole_code when 'personnel' then 'personnel expenditure' else 'public expenditure' end as whole_en
    from told
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, counted.fund_code, counted.whole_code, counted.source_ref)) as check_key,
    expected.document_id,
    expected.identity_id,
    case when counted.document_id is null then '-' else concat_ws('/', counted.fund_code, counted.whole_code, counted.source_ref) end as scope,
    'count' as value_unit,
    case
        when counted.document_id is null then 'not_applicable'
        when counted.is_form_missing then 'not_evaluable'
        when counted.wrong_count > 0 then 'fail'
        else 'pass'
    end as status,
    case
        when counted.document_id is null then 'not_printed'
        when counted.is_form_missing then 'form_absent'
    end as reason_code,
    cast(counted.wrong_count as decimal(28, 4)) as lhs,
    cast(case when counted.document_id is not null then 0 end as decimal(28, 4)) as rhs,
    cast(case when not counted.is_form_missing then counted.wrong_count end as decimal(28, 4)) as difference,
    cast(case when not counted.is_form_missing then 0 end as decimal(28, 8)) as tolerance,
    counted.source_ref as lhs_ref,
    counted.row_refs as rhs_ref,
    counted.page_no,
    counted.statement_code,
    counted.fund_code,
    cast(null as varchar) as row_key,
    counted.whole_code as column_key,
    cast(null as varchar) as basis,
    case expected.identity_id
        when 'LIST-001' then '文字说明列举' || counted.whole_zh || '主要包括' || counted.zero_names || '，表中该行为空或为零。'
        else '文字说明列举' || counted.whole_zh || '主要包括' || counted.absent_names || '，表中没有这些行。'
    end as message_zh,
    case expected.identity_id
        when 'LIST-001'
            then 'The text lists ' || counted.zero_names || ' among the ' || counted.whole_en || '; the form prints nothing or zero in this row.'
        else 'The text lists ' || counted.absent_names || ' among the ' || counted.whole_en || '; the form has no such row.'
    end as message_en,
    cast(null as varchar) as lhs_terms,
    cast(null as varchar) as rhs_terms
from expected
left join counted using (document_id, identity_id)
