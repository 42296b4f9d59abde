//! Waiting lists, errands and plans in words.

use super::*;
use crate::entitlements::{OnSale, Yours};
use crate::{Language, Money, PlanId};

fn on_sale(credits: Option<i32>, limit: Option<(i32, &str)>, minor: i64) -> OnSale {
    OnSale {
        plan_id: PlanId(1),
        name: "Alga".to_owned(),
        price: Money::new(minor, "EUR"),
        credits,
        at_most: limit.map(|(most, _)| most),
        per: limit.map(|(_, per)| per.to_owned()),
        valid_days: 30,
    }
}

fn yours(credits_left: Option<i32>, unpaid: bool) -> Yours {
    let until = chrono::NaiveDate::from_ymd_opt(2026, 12, 12).unwrap();
    Yours { name: "Alga".to_owned(), credits_left, until, unpaid }
}

/// Every sentence with facts filled in.
pub(super) fn everything(lang: Language, lines: &[SessionLine]) -> Vec<String> {
    let kinds = [
        on_sale(Some(10), None, 12_000),
        on_sale(Some(1), None, 0),
        on_sale(None, Some((2, "week")), 6900),
        on_sale(None, Some((1, "month")), 6900),
        on_sale(None, None, 6900),
    ];
    let own =
        [yours(Some(0), false), yours(Some(1), false), yours(Some(7), false), yours(None, false), yours(None, true)];
    vec![
        waiting_lists(lang, &[(lines[0].clone(), 1)]),
        waiting_lists(lang, &[(lines[0].clone(), 2), (lines[1].clone(), 1)]),
        not_waiting(lang),
        which_list(lang, lines),
        left_list(lang, &lines[0]),
        all_full(lang, lines),
        all_full(lang, &lines[..1]),
        also_full(lang, lines),
        also_full(lang, &lines[..1]),
        move_when(lang, &lines[0]),
        pay_at_the_studio(lang),
        receipt_comes(lang),
        nothing_paid(lang),
        too_many_places(lang, 10),
        plans(lang, &kinds, &own),
        plans(lang, &kinds, &[]),
        plans(lang, &[], &own),
        plans(lang, &[], &[]),
        your_plans(lang, &[]),
        which_plan(lang, &kinds),
        which_plan(lang, &[]),
        plan_offer(lang, &kinds[0]),
        plan_offer(lang, &kinds[1]),
        plan_at_the_studio(lang, &kinds[2]),
        plan_yours(lang, "Alga", own[0].until),
        plan_unknown(lang),
    ]
}

#[test]
fn a_plan_tells_what_it_costs_gives_and_how_long_it_lasts() {
    assert_eq!(
        plan_offer(Language::En, &on_sale(Some(10), None, 12_000)),
        "*Alga*: €120.00, 10 visits, good for 30 days. Shall I send you the link to pay it by card?"
    );
    assert_eq!(
        plan_offer(Language::It, &on_sale(None, Some((2, "week")), 6900)),
        "*Alga*: 69,00 €, 2 ingressi a settimana, vale 30 giorni. Ti mando il link per pagare con la carta?"
    );
}

#[test]
fn what_is_left_is_told_with_its_last_day() {
    let said = your_plans(Language::It, &[yours(Some(7), false), yours(None, true)]);
    assert!(said.contains("*Alga*: ti restano 7 ingressi, fino a sabato 12 dicembre"), "{said}");
    assert!(said.ends_with("*Alga*: non ancora pagato"), "{said}");
}
