//! Sorting a body's updates by whose they are, into the order they are recorded in.

use std::collections::HashMap;

use adapters::whatsapp::{Event, InboundMessage, Update};
use domain::{TenantId, customer::Identity};
use sqlx::PgPool;

use super::channels::Channels;

/// One update for one of our numbers.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) tenant: TenantId,
    pub(super) phone_number_id: String,
    pub(super) event: Event,
}

/// A body's updates, in the order they are recorded in.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) items: Vec<Item>,
    /// The numbers that nobody here has, once each.
    pub(super) strays: Vec<String>,
}

/// Finds the tenant of each update. What is of no use to anybody is left out here: the body keeps
/// it.
pub(super) async fn sort(pool: &PgPool, channels: &Channels, updates: Vec<Update>) -> sqlx::Result<Sorted> {
    let mut tenants: HashMap<String, Option<TenantId>> = HashMap::new();
    let mut sorted = Sorted::default();
    for Update { phone_number_id, event } in updates {
        if matches!((&phone_number_id, &event), (None, Event::Other(_))) {
            continue;
        }
        let number = phone_number_id.unwrap_or_default();
        let tenant = match tenants.get(&number) {
            Some(tenant) => *tenant,
            None => channels.tenant(pool, &number).await?,
        };
        match tenant {
            Some(_) if matches!(event, Event::Other(_)) => {}
            Some(tenant) => {
                sorted.items.push(Item { tenant, phone_number_id: number.clone(), event });
            }
            None if tenants.contains_key(&number) => {}
            None => sorted.strays.push(number.clone()),
        }
        tenants.insert(number, tenant);
    }
    order(&mut sorted.items);
    Ok(sorted)
}

/// Puts the items into one order for all processes, so that two batches about the same people
/// never wait for each other crosswise: by tenant, then messages by person, then statuses by
/// message. What is about one person or message stays in the order it came in, and nothing moves
/// past a change of identity.
fn order(items: &mut [Item]) {
    let changes = |item: &Item| matches!(item.event, Event::IdentityChange(_));
    for run in items.split_mut(changes) {
        run.sort_by_cached_key(|item| (item.tenant, rank(&item.event)));
    }
}

fn rank(event: &Event) -> (u8, String) {
    match event {
        Event::Message(message) => (0, person(message)),
        Event::Status(status) => (1, status.wamid.clone()),
        Event::IdentityChange(_) | Event::Other(_) => (2, String::new()),
    }
}

fn person(message: &InboundMessage) -> String {
    identity(message).map(|identity| identity.sort_key().to_owned()).unwrap_or_default()
}

/// Who wrote, in the domain's terms; `None` when it is nobody that could be answered.
pub(super) fn identity(message: &InboundMessage) -> Option<Identity> {
    let from = &message.from;
    Identity::new(from.bsuid.as_deref(), from.phone.as_deref(), from.name.as_deref())
}

#[cfg(test)]
mod tests {
    use adapters::whatsapp::parse;
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;

    fn items(messages: &[(i64, &str, &str)], system: usize) -> Vec<Item> {
        let message = |(position, (_, from, id)): (usize, &(i64, &str, &str))| -> Value {
            let kind = if position == system { "system" } else { "text" };
            json!({"from": from, "id": id, "type": kind, "text": {"body": id},
                   "system": {"type": "user_changed_number", "wa_id": "39999999"}})
        };
        let list: Vec<_> = messages.iter().enumerate().map(message).collect();
        let body = json!({"entry": [{"changes": [{"value": {"messages": list}}]}]}).to_string();
        let updates = parse(body.as_bytes(), DateTime::UNIX_EPOCH).unwrap();
        let item = |(update, (tenant, ..)): (Update, &(i64, &str, &str))| Item {
            tenant: TenantId(*tenant),
            phone_number_id: "100".to_owned(),
            event: update.event,
        };
        updates.into_iter().zip(messages).map(item).collect()
    }

    fn ids(items: &[Item]) -> Vec<String> {
        let id = |item: &Item| match &item.event {
            Event::Message(message) => message.wamid.clone(),
            _ => "change".to_owned(),
        };
        items.iter().map(id).collect()
    }

    #[test]
    fn people_are_in_one_order_and_their_messages_in_theirs() {
        let mut batch =
            items(&[(2, "39222222", "a"), (1, "39333333", "b"), (1, "39222222", "z"), (1, "39222222", "c")], 9);
        order(&mut batch);
        assert_eq!(ids(&batch), ["z", "c", "b", "a"]);
    }

    #[test]
    fn nothing_moves_past_a_change_of_identity() {
        let mut batch =
            items(&[(1, "39444444", "a"), (1, "39333333", "b"), (1, "39333333", "x"), (1, "39222222", "c")], 2);
        order(&mut batch);
        assert_eq!(ids(&batch), ["b", "a", "change", "c"]);
    }
}
