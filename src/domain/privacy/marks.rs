//! What a person is known by: in whose rows it stands is about them.

use sqlx::PgConnection;

use crate::ErasureId;

/// A shorter phone number or id is looked for as a whole word only: it may be part of another number.
const LONG: usize = 8;

/// What a person is known by, while they are being forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Phone numbers and WhatsApp's ids of them: nobody else's, wherever they stand.
    pub words: Vec<String>,
    /// Names of two words or more that no other customer, nobody of the crew and nothing of the house has.
    pub full_names: Vec<String>,
    /// All names. One word may be anybody's name.
    pub names: Vec<String>,
    /// WhatsApp's ids of messages, and what is too short to be looked for everywhere.
    pub tokens: Vec<String>,
}

impl Marks {
    /// What is looked for anywhere in a text.
    #[must_use]
    pub fn everywhere(&self) -> Vec<String> {
        self.words.iter().chain(&self.full_names).cloned().collect()
    }
}

/// Writes down what a person is known by now. What belongs to somebody else by now (a number that changed hands), or to
/// the house, is left out.
pub async fn collect(conn: &mut PgConnection, erasure: ErasureId) -> sqlx::Result<u64> {
    let collected = sqlx::query!(
        r#"
        with family as materialized (
          select c.* from customer c join privacy_erasure e on c.id = e.customer_id or c.merged_into = e.customer_id where e.id = $1
        ), said as materialized (
          select m.* from message m where m.conversation_id in (select v.id from conversation v where v.customer_id in (select id from family))
        ), told as materialized (
          select d.* from said m join delivery_status d on d.phone_number_id = m.phone_number_id and d.wamid = m.wamid where m.direction = 'out'
        ), called(mark) as (
          select phone from family union select bsuid from family
          union select body ->> k from said, unnest('{from,from_user_id}'::text[]) k where direction = 'in'
          union select body -> 'system' ->> k from said, unnest('{customer,wa_id,new_wa_id,user_id}'::text[]) k where direction = 'in'
          union select body ->> k from told, unnest('{recipient_id,recipient_user_id}'::text[]) k
        ), found(kind, mark) as (
          select case when mark ~ '^[0-9]+$' then 'phone' else 'user' end, mark from called where length(mark) between 5 and 256
          union select 'name', name from family where length(name) > 1
          union select 'wamid', mark from (select wamid from said union select reply_to from said union select wamid from told) w(mark)
            where mark not like 'erased:%' and length(mark) > 5
        )
        insert into privacy_mark (erasure_id, kind, mark)
        select $1, kind, mark from found f
        where not exists (select from customer c where c.id not in (select id from family) and f.mark in (c.phone, c.bsuid))
          and not exists (select from channel c where f.mark in (c.phone_number_id, regexp_replace(c.display_phone, '\D', '', 'g')))
        on conflict do nothing
        "#,
        erasure as ErasureId,
    )
    .execute(conn)
    .await?;
    Ok(collected.rows_affected())
}

/// What was written down.
pub async fn marks(conn: &mut PgConnection, erasure: ErasureId) -> sqlx::Result<Marks> {
    let rows = sqlx::query!(
        r#"
        select kind, mark, (mark ~ '\S\s+\S' and not exists (
          select from customer c where strpos(c.name, mark) > 0 and c.id not in (
            select f.id from customer f join privacy_erasure e on f.id = e.customer_id or f.merged_into = e.customer_id where e.id = $1)
          union all select from crew where strpos(name, mark) > 0
          union all select from location where strpos(name, mark) > 0 or strpos(address, mark) > 0
          union all select from service where strpos(name::text, mark) > 0
          union all select from tenant where strpos(name, mark) > 0)) as "is_unlike_others!"
        from privacy_mark where erasure_id = $1 order by kind, mark
        "#,
        erasure as ErasureId,
    )
    .fetch_all(conn)
    .await?;
    let mut marks = Marks::default();
    for row in rows {
        match row.kind.as_str() {
            "name" => {
                if row.is_unlike_others {
                    marks.full_names.push(row.mark.clone());
                }
                marks.names.push(row.mark);
            }
            "wamid" => marks.tokens.push(row.mark),
            _ if row.mark.len() < LONG => marks.tokens.push(row.mark),
            _ => marks.words.push(row.mark),
        }
    }
    Ok(marks)
}
