-- One row per document and project name as printed: the key that ties the names of one project.
with amount as (
    select * from {{ ref('int_project__keyed') }}
),

bare_name as (
    select
        document_id,
        source,
        statement_code,
        project_name,
        amount_yuan,
        coalesce(
            nullif(
                regexp_replace(
                    regexp_replace({{ squeeze(fold_width('project_name')) }}, '[(][^()]*[)]|[“”"《》、,，.。·/-]', '', 'g'),
                    '(项目支出|项目|专项|经费|资金|费用|费)+$', ''
                ),
                ''
            ),
            project_name
        ) as name_key
    from amount
    where project_name is not null
),

named_amount as (
    select
        document_id,
        source,
        statement_code,
        name_key,
        amount_yuan,
        list_distinct(string_split(name_key, '')) as characters
    from bare_name
    where amount_yuan != 0
    group by all
),

-- the same amount in another place of the document, under a name that shares half of the shorter one's characters or more
likeness as (
    select
        one.*,
        other.source as other_source,
        other.statement_code as other_statement_code,
        other.name_key as other_key,
        len(list_intersect(one.characters, other.characters)) / least(len(one.characters), len(other.characters)) as share
    from named_amount as one
    inner join named_amount as other
        on
            one.document_id = other.document_id
            and one.amount_yuan = other.amount_yuan
            and one.name_key != other.name_key
            and (one.source != other.source or one.statement_code != other.statement_code)
    where share >= 0.5
),

best_likeness as (
    select *
    from likeness
    qualify
        row_number() over (
            partition by document_id, source, statement_code, name_key, other_source, other_statement_code
            order by share desc, other_key asc
        ) = 1
        and row_number() over (
            partition by document_id, other_source, other_statement_code, other_key, source, statement_code
            order by share desc, name_key asc
        ) = 1
),

key_name as (
    select
        bare_name.document_id,
        bare_name.project_name,
        least(min(bare_name.name_key), coalesce(min(best_likeness.other_key), min(bare_name.name_key))) as key_name
    from bare_name
    left join best_likeness
        on bare_name.document_id = best_likeness.document_id and bare_name.name_key = best_likeness.name_key
    group by bare_name.document_id, bare_name.project_name
)

select
    document_id,
    project_name,
    left(md5(document_id || '|' || key_name), 16) as project_key
from key_name
