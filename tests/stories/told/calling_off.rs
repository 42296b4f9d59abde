//! A session is called off: everybody who is booked hears of it, and gets back what they paid the way they paid it.

use adapters::World;
use domain::{
    CustomerId, Money, SeatId, SessionId, booking, calendar, entitlements,
    payments::{self, Method, Thing},
    tenant,
};
use engine::{Client, Job, Point};
use futures_util::future::join_all;
use serde_json::{Value, json};
use workflows::{CallOffSession, CloseDays, FollowUp};

use crate::house::{Customer, Story, eventually};

/// Tomorrow's yoga, with room for everybody, so that all pay the same.
async fn yoga(story: &Story) -> SessionId {
    let sql = "update session set capacity = 60 where id = (
        select s.id from session s join service v on v.tenant_id = s.tenant_id and v.id = s.service_id
        where v.slug = 'yoga' and (s.starts_at at time zone 'Europe/Rome')::date = (now() at time zone 'Europe/Rome')::date + 1
          and (s.starts_at at time zone 'Europe/Rome')::time = '19:00') returning id";
    sqlx::query_scalar(sql).fetch_one(&story.judge.pool).await.expect("a session")
}

/// Somebody with a place in tomorrow's yoga.
struct Guest<'story> {
    chat: Customer<'story>,
}

impl<'story> Guest<'story> {
    async fn asks(story: &'story Story, phone: &str) -> Self {
        let chat = story.customer(phone);
        chat.says("I want yoga tomorrow at 7pm").await;
        chat.expect_reply_containing("shall I book it").await;
        Self { chat }
    }

    async fn books(&self) {
        self.chat.taps("Yes").await;
        self.chat.expect_reply_containing("you are booked").await;
    }

    /// Of the customer in the database.
    async fn id(&self, story: &Story) -> CustomerId {
        let sql = "select id from customer where phone = $1";
        let phone = self.chat.phone().trim_start_matches('+').to_owned();
        sqlx::query_scalar(sql).bind(phone).fetch_one(&story.judge.pool).await.expect("a customer")
    }

    async fn seat(&self, story: &Story) -> SeatId {
        let sql = "select id from seat where customer_id = $1 and state <> 'cancelled'";
        sqlx::query_scalar(sql).bind(self.id(story).await).fetch_one(&story.judge.pool).await.expect("a booking")
    }

    /// By card, through the link. Refunds of it succeed, or come back from the bank.
    async fn pays_by_link(&self, story: &Story, refunds: &str) {
        self.chat.taps("Pay by card").await;
        self.chat.expect_reply_containing("sending you the link").await;
        let link = self.chat.expect_reply_containing("Here you pay €15.00").await.text;
        let link = link.split("/pay/").nth(1).expect("a link").split_whitespace().next().expect("an id").to_owned();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let pay = format!("http://{}/_sim/payments/{link}/pay", story.outside);
        let paid = client.post(pay).json(&json!({ "refunds": refunds })).send().await.unwrap();
        assert!(paid.status().is_success());
    }

    /// At the desk.
    async fn pays_cash(&self, story: &Story) {
        let (id, seat, now) = (self.id(story).await, self.seat(story).await, story.clock.now());
        let pool = story.pool().await;
        let mut tx = tenant::begin(&pool, story.tenant).await.unwrap();
        let price = Money::new(1500, "EUR");
        let payment = payments::ask(&mut tx, Thing::Seat(seat), id, Method::Cash, &price, now).await.unwrap();
        let (_, after) = booking::paid(&mut tx, payment, None, 1500, now).await.unwrap();
        tx.commit().await.unwrap();
        start(story, &FollowUp { tenant: story.tenant, after }).await;
    }

    /// Ten visits, at the desk.
    async fn buys_credits(&self, story: &Story) {
        let (id, now) = (self.id(story).await, story.clock.now());
        let pool = story.pool().await;
        let mut tx = tenant::begin(&pool, story.tenant).await.unwrap();
        let plans = entitlements::plans(&mut tx).await.unwrap();
        let plan = plans.iter().find(|plan| plan.credits == Some(7)).expect("seven visits");
        let bought = entitlements::buy(&mut tx, id, plan, Method::Cash, now).await.unwrap();
        entitlements::activate(&mut tx, bought.entitlement, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn hears(&self) -> Vec<String> {
        self.chat.hears_the_rest().into_iter().map(|sent| sent.text).collect()
    }
}

async fn start<J: Job<World>>(story: &Story, job: &J) -> i64 {
    Client::new(story.pool().await).enqueue_now(story.tenant.0, job).await.expect("a job").id
}

/// What a workflow came to.
async fn output(story: &Story, job: i64) -> Value {
    eventually(async || {
        let sql = "select output::text from holdfast.done where id = $1";
        let output: Option<String> = sqlx::query_scalar(sql).bind(job).fetch_optional(&story.judge.pool).await.unwrap();
        output.map(|text| serde_json::from_str(&text).unwrap()).ok_or_else(|| format!("job {job} has not ended"))
    })
    .await
}

/// So many guests, who said hello and were asked.
async fn guests(story: &Story, count: usize) -> Vec<Guest<'_>> {
    let phones: Vec<_> = (0..count).map(|n| format!("+4477009002{n:02}")).collect();
    join_all(phones.iter().map(|phone| Guest::asks(story, phone))).await
}

#[tokio::test]
async fn twelve_hear_of_it_and_each_gets_back_the_way_they_paid() {
    let story = Story::begin().await;
    let session = yoga(&story).await;
    let plan = "insert into plan (tenant_id, name, kind, price_minor, credits, valid_days)
                values ($1, '{\"it\": \"Sette\", \"en\": \"Seven\"}', 'credits', 7000, 7, 90)";
    sqlx::query(plan).bind(story.tenant).execute(&story.judge.pool).await.unwrap();
    let guests = guests(&story, 12).await;
    let (linked, cash, credits) = (&guests[..5], &guests[5..9], &guests[9..]);
    join_all(credits.iter().map(|guest| guest.buys_credits(&story))).await;
    join_all(guests.iter().map(Guest::books)).await;
    for (n, guest) in linked.iter().enumerate() {
        guest.pays_by_link(&story, if n == 2 { "fail" } else { "at_once" }).await;
    }
    join_all(cash.iter().map(|guest| guest.pays_cash(&story))).await;
    story.judge.finds_all_done().await;
    let used = "select count(*) from entitlement_use where returned_at is null";
    assert_eq!(story.judge.number(used).await, 3);
    assert_eq!(
        story.judge.number("select count(*) from payment where seat_id is not null and state = 'captured'").await,
        9
    );
    drop(guests.iter().map(Guest::hears).collect::<Vec<_>>());

    let reason = "the teacher is ill".to_owned();
    let job = start(&story, &CallOffSession { tenant: story.tenant, session, reason }).await;
    let told = output(&story, job).await;
    let people = told["people"].as_array().expect("people");
    assert_eq!(
        (people.len(), people.iter().filter(|person| person["ended"] == "given_up").count()),
        (12, 12),
        "{told}"
    );
    story.judge.finds_all_done().await;

    for (n, guest) in guests.iter().enumerate() {
        let heard = guest.hears();
        let called_off: Vec<_> = heard.iter().filter(|text| text.contains("had to call off")).collect();
        assert_eq!(called_off.len(), 1, "{n}: {heard:?}");
        assert_eq!(called_off[0].contains("You get €15.00 back"), n < 9, "{n}: {heard:?}");
        let sent_back = heard.iter().filter(|text| text.contains("We sent €15.00 back")).count();
        assert!(sent_back == usize::from(n < 5) || n == 2, "{n}: {heard:?}");
        assert_eq!(heard.len(), 1 + sent_back, "{n}: {heard:?}");
    }
    each_has_it_back(&story).await;
    story.end().await;
}

async fn each_has_it_back(story: &Story) {
    let seats = "select distinct state || ' ' || cancelled_by from seat";
    assert_eq!(story.judge.texts(seats).await, ["cancelled business"]);
    let refunds = "select p.method || ' ' || r.state || ' ' || r.reason || ' ' || count(*) from refund r
                   join payment p on p.tenant_id = r.tenant_id and p.id = r.payment_id group by p.method, r.state, r.reason order by 1";
    let expected =
        ["card failed session_cancelled 1", "card succeeded session_cancelled 4", "cash by_hand session_cancelled 4"];
    assert_eq!(story.judge.texts(refunds).await, expected);
    assert_eq!(story.judge.number("select count(*) from entitlement where credits_left = credits").await, 3);
    // Staff are called where money has to go back by hand.
    let called = "select count(*) from conversation where needs_person_reason like $1";
    for (reason, times) in [("%could not be paid back%", 1), ("%is to be paid back in cash%", 4)] {
        let count: i64 = sqlx::query_scalar(called).bind(reason).fetch_one(&story.judge.pool).await.unwrap();
        assert_eq!(count, times, "{reason}");
    }
    assert_eq!(
        story.judge.texts("select cancel_reason from session where status = 'cancelled'").await,
        ["the teacher is ill"]
    );
}

/// Calls off a session of three while each job fails once at this point: nobody hears twice, no money goes back twice.
async fn is_called_off_once(point: Point) {
    let plan = move |job: &'static str, attempt: u16, at: Point| {
        let part_of_it = ["call_off_session", "call_off", "cancel_seat", "follow_up", "make_refund", "tell_customer"];
        attempt == 1 && at == point && part_of_it.contains(&job)
    };
    let story = Story::sabotaged(plan).await;
    let session = yoga(&story).await;
    let guests = guests(&story, 3).await;
    join_all(guests.iter().map(Guest::books)).await;
    guests[0].pays_by_link(&story, "later").await;
    guests[1].pays_cash(&story).await;
    story.judge.finds_all_done().await;
    drop(guests.iter().map(Guest::hears).collect::<Vec<_>>());
    let work = CallOffSession { tenant: story.tenant, session, reason: "ill".to_owned() };
    let (first, again) = (start(&story, &work).await, start(&story, &work).await);
    assert_eq!(first, again, "however often it is asked for");
    assert_eq!(output(&story, first).await["people"].as_array().map(Vec::len), Some(3));
    story.judge.finds_all_done().await;
    let refunds = "select p.method || ' ' || r.state from refund r join payment p on p.tenant_id = r.tenant_id and p.id = r.payment_id order by 1";
    eventually(async || match story.judge.texts(refunds).await.join(", ").as_str() {
        "card succeeded, cash by_hand" => Ok(()),
        other => Err(format!("{point:?}: {other}")),
    })
    .await;
    story.judge.finds_all_done().await;
    let heard: Vec<_> = guests.iter().map(|guest| guest.hears().len()).collect();
    assert_eq!(heard, [2, 1, 1], "{point:?}");
    story.end().await;
}

#[tokio::test]
async fn calling_off_goes_on_where_it_failed_before_it_began() {
    is_called_off_once(Point::BeforeRun).await;
}

#[tokio::test]
async fn calling_off_goes_on_where_it_failed_before_it_committed() {
    is_called_off_once(Point::BeforeCommit).await;
}

#[tokio::test]
async fn calling_off_runs_twice_with_the_same_end() {
    is_called_off_once(Point::AfterRun).await;
}

/// The database refuses to let one of them go, whatever is tried.
#[tokio::test]
async fn one_who_cannot_be_helped_does_not_keep_the_others_waiting() {
    let story = Story::begin().await;
    let session = yoga(&story).await;
    let guests = guests(&story, 3).await;
    join_all(guests.iter().map(Guest::books)).await;
    let stuck = guests[1].seat(&story).await;
    for sql in [
        "create function stay() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$".to_owned(),
        format!(
            "create trigger stay before update on seat for each row when (old.id = {stuck}) execute function stay()"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&story.judge.pool).await.unwrap();
    }
    let work = CallOffSession { tenant: story.tenant, session, reason: "ill".to_owned() };
    let told = output(&story, start(&story, &work).await).await;
    let ended = |person: &Value| person["ended"].as_str().unwrap().to_owned();
    let ended: Vec<_> = told["people"].as_array().unwrap().iter().map(ended).collect();
    assert_eq!(ended.iter().filter(|ended| *ended == "given_up").count(), 2, "{told}");
    assert_eq!(ended.iter().filter(|ended| *ended == "failed").count(), 1, "{told}");
    for guest in [&guests[0], &guests[2]] {
        guest.chat.expect_reply_containing("had to call off").await;
    }
    let stands = "select id::text from seat where state = 'booked'";
    assert_eq!(story.judge.texts(stands).await, [stuck.to_string()]);
}

#[tokio::test]
async fn a_closed_day_is_called_off_with_everything_on_it() {
    let story = Story::begin().await;
    let session = yoga(&story).await;
    let guests = guests(&story, 2).await;
    join_all(guests.iter().map(Guest::books)).await;
    let pool = story.pool().await;
    let mut tx = tenant::begin(&pool, story.tenant).await.unwrap();
    let zone = tenant::zone(&mut tx).await.unwrap();
    let tomorrow = story.clock.now().with_timezone(&zone).date_naive().succ_opt().unwrap();
    let closed =
        calendar::close(&mut tx, tomorrow..=tomorrow, None, "flood", story.clock.now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(closed.sessions.len() > 5 && closed.sessions.contains(&session));
    let told = output(&story, start(&story, &CloseDays { tenant: story.tenant, closure: closed.closure }).await).await;
    let done = |one: &&Value| one["called_off"]["Ok"]["result"] == "done";
    assert_eq!(told.as_array().unwrap().iter().filter(done).count(), closed.sessions.len(), "{told}");
    story.judge.finds_all_done().await;
    for guest in &guests {
        assert!(guest.hears().iter().any(|text| text.contains("had to call off")));
    }
    let cancelled = "select count(*) from session where status = 'cancelled' and cancel_reason = 'flood'";
    assert_eq!(story.judge.number(cancelled).await, i64::try_from(closed.sessions.len()).unwrap());
    story.end().await;
}
