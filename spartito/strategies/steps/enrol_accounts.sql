-- One row: an account whose strategy or version changed (rule 1).
-- By hand on the customer, else on its group, else the lowest priority that applies (ties: code), else the default;
-- a class that is not dunnable has none. A change caused by facts waits until 7 days after the one before.
-- reads: portfolio_customer, portfolio_creditclass, strategies_strategy, strategies_version,
-- reads: strategies_conditionresult, strategies_enrolment
-- writes: strategies_enrolment
with live_strategies as (
    select
        strategy.id as strategy_id,
        strategy.code,
        strategy.is_default,
        version.id as version_id,
        version.applies_to = '{}'::jsonb as is_for_everybody,
        row_number() over (order by version.priority, strategy.code collate "C") as place
    from strategies_strategy as strategy
    inner join strategies_version as version on version.id = strategy.live_version_id
),

for_everybody as (
    select min(place) as place
    from live_strategies
    where is_for_everybody
),

accounts as (
    select
        account.id as account_id,
        account.strategy_code,
        parent.strategy_code as group_strategy_code,
        coalesce(credit_class.is_dunnable, true) as is_dunnable
    from portfolio_customer as account
    left join portfolio_customer as parent on parent.id = account.parent_id
    left join portfolio_creditclass as credit_class on credit_class.id = account.credit_class_id
    where (%(customers)s::bigint[] is null or account.id = any(%(customers)s))
        and account.id in (
            select member.account_id
            from portfolio_customer as member
            where (%(customers)s::bigint[] is null or member.account_id = any(%(customers)s))
        )
),

best_that_applies as (
    select
        result.account_id,
        min(live.place) as place
    from strategies_conditionresult as result
    inner join live_strategies as live on live.version_id = result.version_id
    where result.step_id is null
        and (%(customers)s::bigint[] is null or result.account_id = any(%(customers)s))
    group by result.account_id
),

choices as (
    select
        account.account_id,
        case
            when not account.is_dunnable then 'not_dunnable'
            when by_hand.strategy_id is not null then 'customer'
            when of_group.strategy_id is not null then 'group'
            when by_rule.strategy_id is not null then 'priority'
            when by_default.strategy_id is not null then 'default'
            else 'none'
        end as because,
        case when account.is_dunnable
            then coalesce(by_hand.strategy_id, of_group.strategy_id, by_rule.strategy_id, by_default.strategy_id)
        end as strategy_id
    from accounts as account
    cross join for_everybody
    left join best_that_applies as best on best.account_id = account.account_id
    left join live_strategies as by_hand on by_hand.code = account.strategy_code
    left join live_strategies as of_group on of_group.code = account.group_strategy_code
    left join live_strategies as by_rule on by_rule.place = least(best.place, for_everybody.place)
    left join live_strategies as by_default on by_default.is_default
),

choices_after_the_wait as (
    select
        choice.account_id,
        coalesce(kept.version_id, wanted.version_id) as version_id,
        case when kept.version_id is null then choice.strategy_id else kept.strategy_id end as strategy_id,
        case when kept.version_id is null then choice.because else enrolment.because end as because,
        case
            when kept.version_id is null
                and enrolment.strategy_id <> choice.strategy_id
                and enrolment.because in ('priority', 'default')
                and choice.because in ('priority', 'default') then %(as_of)s::date
            else enrolment.fact_change_on
        end as fact_change_on,
        case
            when kept.version_id is null and enrolment.strategy_id is distinct from choice.strategy_id then %(as_of)s::date
            else coalesce(enrolment.since, %(as_of)s::date)
        end as since
    from choices as choice
    left join live_strategies as wanted on wanted.strategy_id = choice.strategy_id
    left join strategies_enrolment as enrolment
        on enrolment.account_id = choice.account_id
        and (%(customers)s::bigint[] is null or enrolment.account_id = any(%(customers)s))
    left join live_strategies as kept
        on kept.strategy_id = enrolment.strategy_id
        and kept.strategy_id <> choice.strategy_id
        and enrolment.because in ('priority', 'default')
        and choice.because in ('priority', 'default')
        and enrolment.fact_change_on > %(as_of)s::date - 7
),

enrolments_changed as (
    update strategies_enrolment as enrolment
    set
        strategy_id = choice.strategy_id,
        version_id = choice.version_id,
        since = choice.since,
        because = choice.because,
        fact_change_on = choice.fact_change_on
    from choices_after_the_wait as choice
    where choice.account_id = enrolment.account_id
        and (%(customers)s::bigint[] is null or enrolment.account_id = any(%(customers)s))
        and (enrolment.strategy_id, enrolment.version_id, enrolment.because, enrolment.fact_change_on)
        is distinct from (choice.strategy_id, choice.version_id, choice.because, choice.fact_change_on)
    returning enrolment.account_id
),

enrolments_added as (
    insert into strategies_enrolment (account_id, strategy_id, version_id, since, because, fact_change_on)
    select
        choice.account_id,
        choice.strategy_id,
        choice.version_id,
        choice.since,
        choice.because,
        choice.fact_change_on
    from choices_after_the_wait as choice
    where not exists (
        select 1
        from strategies_enrolment as known
        where known.account_id = choice.account_id
            and (%(customers)s::bigint[] is null or known.account_id = any(%(customers)s))
    )
    returning account_id
)

select account_id from enrolments_changed
union all
select account_id from enrolments_added
