-- One row per money figure compared with parts that are rows of another fact: projects of a form, allocations of a project, economic items.
with project_cell as (
    select *
    from {{ ref('int_form_cell__code_resolved') }}
    where
        fact = 'project_budget'
        and column_key = 'total'
        and economic_code is null
        and part_word is null
        and line_code is null  -- neither a unit's nor a category's subtotal
        and amount_yuan is not null
),

line as (
    select *
    from {{ ref('int_line__unified') }}
    where
        source = 'table'
        and occurrence = 1
        and amount_yuan is not null
),

form_status as (
    select * from {{ ref('int_form__status') }}
),

statement as (
    select * from {{ ref('forms') }}
),

project as (
    select *
    from {{ ref('int_project__keyed') }}
    where
        source = 'narrative'
        and allocation_name is null
        and occurrence = 1
),

allocation as (
    select *
    from {{ ref('int_stated_part__unified') }}
    where
        whole_code = 'project_budget'
        and value is not null
        and part_name not in ('合计', '小计', '总计', '共计')
),

three_public_item as (
    select * from {{ ref('three_public_item') }}
    where economic_code is not null
),

expected as (
    select
        document_id,
        identity_id
    from {{ ref('int_identity__expected') }}
    where evaluation = 'int_identity__part_checked'
),

project_total as (
    select *
    from project_cell
    where row_role = 'total'
    qualify row_number() over (partition by document_id, statement_code, fund_code, basis order by form_no, row_no) = 1
),

-- a form that lost its header may have lost rows too
summed_form as (
    select
        total.document_id,
        'AL-T05-001' as identity_id,
        total.statement_code,
        total.fund_code,
        total.basis,
        'sum' as relation,
        total.amount_yuan as whole_value,
        total.half_width_yuan as whole_half_width,
        total.reported_unit,
        total.reported_decimals,
        total.source_ref as whole_ref,
        total.page_no,
        sum(part.amount_yuan) as part_sum,
        sum(part.half_width_yuan) as part_half_width,
        string_agg(distinct part.source_ref, ' ' order by part.source_ref) as part_refs,
        string_agg(
            part.project_name || ' ' || {{ number_text('part.reported_value', 'part.reported_decimals', true) }} || part.reported_unit,
            ' + ' order by part.row_no
        ) as parts,
        case
            when bool_or(form_status.status = 'partial') then 'form_partial'
            when bool_or(coalesce(form_status.is_form_cut, false)) or bool_or(coalesce(total.header_path, '') = '') then 'form_cut'
        end as reason_code
    from project_total as total
    inner join project_cell as part
        on
            total.document_id = part.document_id
            and total.form_no = part.form_no
            and total.fund_code = part.fund_code
            and total.basis = part.basis
    left join form_status
        on total.document_id = form_status.document_id and total.statement_code = form_status.statement_code
    where
        part.project_name is not null
        and part.row_role != 'total'
    group by all
),

-- publishers print the projects of the fund or of all funds: the form of all funds may agree, the form of the same fund must where none does
across_forms as (
    select
        total.document_id,
        'AL-T05-002' as identity_id,
        total.statement_code,
        total.fund_code,
        total.basis,
        'same' as relation,
        total.amount_yuan as whole_value,
        total.half_width_yuan as whole_half_width,
        total.reported_unit,
        total.reported_decimals,
        total.source_ref as whole_ref,
        total.page_no,
        line.amount_yuan as part_sum,
        line.half_width_yuan as part_half_width,
        line.source_ref as part_refs,
        line.fund_code = total.fund_code as is_of_same_fund,
        abs(total.amount_yuan - line.amount_yuan) <= total.half_width_yuan + line.half_width_yuan as is_agreeing,
        '《' || statement.name_zh || '》的项目支出为 '
        || {{ number_text('line.reported_value', 'line.reported_decimals', true) }} || line.reported_unit as parts
    from project_total as total
    inner join line
        on total.document_id = line.document_id and total.basis = line.basis
    inner join statement
        on line.statement_code = statement.statement_code
    where
        line.fact = 'expenditure'
        and line.row_key = 'total'
        and line.column_key = 'project'
        and (line.fund_code = total.fund_code or line.fund_code = 'all')
        and line.statement_code in ('general_public_expenditure', 'expenditure')
    qualify
        (is_of_same_fund or is_agreeing)
        and row_number() over (
            partition by total.document_id, total.statement_code, total.fund_code, total.basis
            order by not is_agreeing, not is_of_same_fund
        ) = 1
),

-- basic expenditure is a part of what an item costs: projects pay for it too
economic_part as (
    select
        whole.document_id,
        case three_public_item.item when 'overseas_travel' then 'AL-T07-004' else 'AL-T07-003' end as identity_id,
        whole.statement_code,
        whole.fund_code,
        whole.basis,
        three_public_item.item as row_key,
        'at_most' as relation,
        whole.amount_yuan as whole_value,
        whole.half_width_yuan as whole_half_width,
        whole.reported_unit,
        whole.reported_decimals,
        whole.source_ref as whole_ref,
        whole.page_no,
        part.amount_yuan as part_sum,
        part.half_width_yuan as part_half_width,
        part.source_ref as part_refs,
        part.row_key || ' ' || part.label || ' '
        || {{ number_text('part.reported_value', 'part.reported_decimals', true) }} || part.reported_unit as parts
    from line as whole
    inner join three_public_item
        on whole.row_key = three_public_item.item
    inner join line as part
        on
            whole.document_id = part.document_id
            and whole.basis = part.basis
            and three_public_item.economic_code = part.row_key
    where
        whole.fact = 'three_public'
        and whole.fund_code in ('general_public', 'fiscal_appropriation')
        and part.fact = 'economic'
        and part.statement_code = 'general_public_basic'
        and part.column_key = 'total'
),

allocated as (
    select
        project.document_id,
        'LIST-003' as identity_id,
        project.statement_code,
        project.fund_code,
        project.basis,
        project.project_name as row_key,
        'sum' as relation,
        project.amount_yuan as whole_value,
        project.half_width_yuan as whole_half_width,
        project.reported_unit,
        project.reported_decimals,
        project.source_ref as whole_ref,
        project.page_no,
        sum(allocation.value) as part_sum,
        sum(allocation.half_width_yuan) as part_half_width,
        string_agg(distinct allocation.source_ref, ' ' order by allocation.source_ref) as part_refs,
        string_agg(
            allocation.part_name || ' ' || {{ number_text('allocation.reported_value', 'allocation.reported_decimals', true) }}
            || allocation.reported_unit,
            ' + ' order by allocation.part_no
        ) as parts
    from project
    inner join allocation
        on
            project.document_id = allocation.document_id
            and project.statement_code = allocation.statement_code
            and project.fund_code = allocation.fund_code
            and project.basis = allocation.basis
            and project.project_name = allocation.project_name
    group by all
),

candidate as (
    select * from summed_form
    union all by name
    select * exclude (is_of_same_fund, is_agreeing) from across_forms
    union all by name
    select * from economic_part
    union all by name
    select * from allocated
),

told as (
    select
        *,
        concat_ws('/', statement_code, fund_code, row_key, basis) as place,
        {{ printed_amount('whole_value', 'reported_unit', 'reported_decimals', 'reported_unit') }} as whole_printed,
        case relation when 'at_most' then least(whole_value - part_sum, 0) else whole_value - part_sum end as difference,
        whole_half_width + part_half_width as tolerance,
        coalesce('“' || row_key || '”', '') as subject
    from candidate
),

worded as (
    select
        told.*,
        coalesce(item.name_zh, nullif(told.subject, ''), '项目支出合计') as subject_zh,
        coalesce(item.name_en, nullif(told.subject, ''), 'Total project expenditure') as subject_en
    from told
    left join three_public_item as item
        on told.row_key = item.item
)

select
    md5(concat_ws('|', expected.document_id, expected.identity_id, worded.place)) as check_key,
    expected.document_id,
    expected.identity_id,
    coalesce(worded.place, '-') as scope,
    'yuan' as value_unit,
    case
        when worded.document_id is null then 'not_applicable'
        when worded.reason_code is not null then 'not_evaluable'
        when abs(worded.difference) <= worded.tolerance then 'pass'
        else 'fail'
    end as status,
    case when worded.document_id is null then 'not_printed' else worded.reason_code end as reason_code,
    cast(worded.whole_value as decimal(28, 4)) as lhs,
    cast(worded.part_sum as decimal(28, 4)) as rhs,
    cast(worded.difference as decimal(28, 4)) as difference,
    cast(worded.tolerance as decimal(28, 8)) as tolerance,
    worded.whole_ref as lhs_ref,
    worded.part_refs as rhs_ref,
    worded.page_no,
    worded.statement_code,
    worded.fund_code,
    worded.row_key,
    cast(null as varchar) as column_key,
    worded.basis,
    worded.subject_zh || '印为 ' || worded.whole_printed
    || case worded.relation when 'sum' then '，各部分之和不同：' when 'same' then '，' else '，小于其中的 ' end || left(worded.parts, 400) || '。' as message_zh,
    worded.subject_en || ' is printed as ' || worded.whole_printed
    || case worded.relation when 'sum' then ', its parts add up to another figure: ' when 'same' then ', but ' else ', less than a part of it: ' end
    || left(worded.parts, 400) || '.' as message_en,
    worded.whole_printed as lhs_terms,
    worded.parts as rhs_terms
from expected
left join worded using (document_id, identity_id)
