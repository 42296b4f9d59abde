//! What today costs: the model's tokens, and WhatsApp's messages.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use domain::{
    spend::{self, ByCategory, ByModel, Spend},
    tenant,
};
use maud::{Markup, html};
use tokio::sync::Mutex;

use crate::console::{failure::Failure, shell::parts, tenants::Businesses, visit::Visit};

/// For how long a sum is told again before it is made anew.
const FRESH: Duration = Duration::from_secs(30);
/// The most businesses that are added up.
const MOST: usize = 20;

/// What businesses have spent since their day began.
#[derive(Debug, Default)]
pub(super) struct Sum {
    spend: Spend,
    businesses: usize,
    /// Businesses that were left out.
    others: usize,
}

type Kept = HashMap<Option<i64>, (Instant, Arc<Sum>)>;

/// What was added up a moment ago, by the business that it is of. All tabs of this process share it.
#[derive(Default)]
pub(in crate::console) struct Spent(Mutex<Kept>);

impl Spent {
    /// Since the beginning of each business's own day, of all that this person may see.
    pub(super) async fn today(&self, visit: &Visit, businesses: &Businesses) -> Result<Arc<Sum>, Failure> {
        let whose = visit.sight().tenant;
        let mut kept = self.0.lock().await;
        if let Some((at, sum)) = kept.get(&whose)
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(sum));
        }
        let mut sum = Sum { others: businesses.0.len().saturating_sub(MOST), ..Sum::default() };
        for line in businesses.0.iter().take(MOST) {
            let mut tx = tenant::begin(&visit.console.pool, line.id).await?;
            add(&mut sum.spend, spend::since(&mut tx, day(line, visit.now())).await?);
            tx.commit().await?;
            sum.businesses += 1;
        }
        let sum = Arc::new(sum);
        kept.insert(whose, (Instant::now(), Arc::clone(&sum)));
        Ok(sum)
    }
}

/// When the day began on the business's own wall.
fn day(line: &tenant::Line, now: DateTime<Utc>) -> DateTime<Utc> {
    let zone: Tz = line.zone.parse().unwrap_or(Tz::UTC);
    let midnight = now.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    // Where clocks are put forward at midnight, the day begins at one.
    let begins =
        [0, 1].into_iter().find_map(|hour| zone.from_local_datetime(&(midnight + TimeDelta::hours(hour))).earliest());
    begins.map_or(now, |begins| begins.to_utc())
}

fn add(sum: &mut Spend, more: Spend) {
    sum.turns += more.turns;
    sum.tokens_in += more.tokens_in;
    sum.tokens_out += more.tokens_out;
    for model in more.by_model {
        match sum.by_model.iter_mut().find(|known| known.model == model.model) {
            Some(known) => {
                known.turns += model.turns;
                known.tokens_in += model.tokens_in;
                known.tokens_out += model.tokens_out;
            }
            None => sum.by_model.push(model),
        }
    }
    for category in more.messages {
        match sum.messages.iter_mut().find(|known| known.category == category.category) {
            Some(known) => {
                known.messages += category.messages;
                known.billable += category.billable;
            }
            None => sum.messages.push(category),
        }
    }
}

pub(super) fn card(visit: &Visit, sum: &Sum) -> Markup {
    let words = visit.words();
    let spend = &sum.spend;
    let messages: i64 = spend.messages.iter().map(|category| category.messages).sum();
    let billable: i64 = spend.messages.iter().map(|category| category.billable).sum();
    html! {
        section.card.stack {
            h2 { (words.say("health-spend")) }
            (parts::facts(&[
                (words.say("health-turns"), html! { (parts::number(spend.turns)) }),
                (words.say("health-tokens-in"), html! { (parts::number(spend.tokens_in)) }),
                (words.say("health-tokens-out"), html! { (parts::number(spend.tokens_out)) }),
                (words.say("health-messages"), html! { (parts::number(messages)) }),
                (words.say("health-billable"), html! { (parts::number(billable)) }),
            ]))
            @if !spend.by_model.is_empty() { (models(visit, &spend.by_model)) }
            @if !spend.messages.is_empty() { (categories(visit, &spend.messages)) }
            p.soft { (words.count("health-spend-of", i64::try_from(sum.businesses).unwrap_or(i64::MAX))) }
            @if sum.others > 0 { p.soft { (words.count("health-spend-others", i64::try_from(sum.others).unwrap_or(i64::MAX))) } }
        }
    }
}

fn models(visit: &Visit, models: &[ByModel]) -> Markup {
    let words = visit.words();
    let head = ["health-model", "health-turns", "health-tokens-in", "health-tokens-out"].map(|key| words.say(key));
    parts::table(
        &words.say("health-model"),
        &head,
        html! {
            @for model in models {
                tr {
                    td { (parts::said(&model.model)) } td { (parts::number(model.turns)) }
                    td { (parts::number(model.tokens_in)) } td { (parts::number(model.tokens_out)) }
                }
            }
        },
    )
}

fn categories(visit: &Visit, categories: &[ByCategory]) -> Markup {
    let words = visit.words();
    let head = ["health-category", "health-messages", "health-billable"].map(|key| words.say(key));
    parts::table(
        &words.say("health-category"),
        &head,
        html! {
            @for category in categories {
                tr {
                    td { (parts::said(&words.term("health-category", &category.category))) }
                    td { (parts::number(category.messages)) } td { (parts::number(category.billable)) }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use domain::TenantId;

    use super::*;

    fn line(zone: &str) -> tenant::Line {
        tenant::Line {
            id: TenantId(1),
            slug: "a".to_owned(),
            name: "A".to_owned(),
            zone: zone.to_owned(),
            numbers: Vec::new(),
        }
    }

    #[test]
    fn a_day_begins_on_the_wall_of_the_business() {
        let begins = |zone: &str, now: &str| day(&line(zone), now.parse().unwrap()).to_rfc3339();
        assert_eq!(begins("Europe/Rome", "2026-11-22T15:00:00Z"), "2026-11-21T23:00:00+00:00");
        assert_eq!(begins("Europe/Rome", "2026-11-22T23:30:00Z"), "2026-11-22T23:00:00+00:00");
        // Clocks were put forward at midnight.
        assert_eq!(begins("Africa/Cairo", "2026-04-24T12:00:00Z"), "2026-04-23T22:00:00+00:00");
    }

    #[test]
    fn what_several_businesses_spent_is_added_up_by_model_and_category() {
        let model = |tokens_in| ByModel { model: "m".to_owned(), turns: 1, tokens_in, tokens_out: 2 };
        let category = |category: &str| ByCategory { category: category.to_owned(), messages: 3, billable: 1 };
        let spent = |tokens_in, name: &str| Spend {
            turns: 1,
            tokens_in,
            tokens_out: 2,
            by_model: vec![model(tokens_in)],
            messages: vec![category(name)],
        };
        let mut sum = Spend::default();
        add(&mut sum, spent(10, "service"));
        add(&mut sum, spent(5, "service"));
        add(&mut sum, spent(1, "utility"));
        assert_eq!((sum.turns, sum.tokens_in, sum.tokens_out), (3, 16, 6));
        assert_eq!(sum.by_model, [ByModel { model: "m".to_owned(), turns: 3, tokens_in: 16, tokens_out: 6 }]);
        assert_eq!(
            sum.messages,
            [ByCategory { category: "service".to_owned(), messages: 6, billable: 2 }, category("utility")]
        );
    }
}
