//! Waiting, coming with others, moving, paying, buying ahead: dialogues in both languages.

use domain::Language::{En, It};

use super::house::Talk;

/// Says each to a house of its own, in which this much was done before, and looks for the words in the last call and the
/// answer.
fn each(language: domain::Language, prepare: impl Fn(&mut Talk), cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (messages, expected) in cases {
        for message in messages.split(" | ") {
            let mut talk = Talk::new(language);
            prepare(&mut talk);
            let (calls, words) = talk.say(message);
            let told = format!("{} {words}", calls.last().map_or("", String::as_str));
            if !told.contains(expected) {
                wrong.push((message, *expected, told));
            }
        }
    }
    assert!(wrong.is_empty(), "message, expected, told: {wrong:#?}");
}

#[test]
fn who_names_a_full_session_is_asked_whether_to_wait() {
    let mut talk = Talk::new(En);
    let (calls, words) = talk.say("boxing tomorrow at 8pm");
    assert_eq!(words, "I'm sorry, we don't offer “boxing”. We offer: Boxe, Pilates, Yoga.", "{calls:?}");
    let (calls, words) = talk.say("boxe tomorrow at 8pm");
    assert_eq!((calls.last().unwrap().as_str(), words.as_str()), ("create_booking session_id=103", "wait?"));
    assert_eq!(talk.last_call("the first"), "create_booking session_id=101", "an alternative");
}

#[test]
fn what_is_full_is_told_beside_what_has_room() {
    let mut talk = Talk::new(It);
    let (calls, words) = talk.say("yoga o boxe domani sera");
    assert_eq!(calls.len(), 2);
    assert!(
        words.contains("1. Yoga con Giulia") && words.contains("ha la lista d'attesa:\n• Boxe con Marco"),
        "{words}"
    );
    assert_eq!(talk.last_call("mettimi in lista d'attesa"), "create_booking session_id=103");

    let mut talk = Talk::new(En);
    talk.say("yoga or boxe tomorrow evening");
    assert_eq!(talk.last_call("put me on the waiting list please"), "create_booking session_id=103");
    let mut talk = Talk::new(En);
    talk.say("yoga or boxe tomorrow evening");
    assert_eq!(talk.last_call("the first one"), "create_booking session_id=102");
}

#[test]
fn of_several_full_ones_one_is_waited_for() {
    let mut talk = Talk::new(It);
    let (_, words) = talk.say("boxe");
    assert!(words.contains("queste sono al completo") && words.contains("1. Boxe"), "{words}");
    assert_eq!(talk.last_call("la 2"), "create_booking session_id=107");

    let mut talk = Talk::new(En);
    talk.say("boxe this week");
    assert_eq!(talk.last_call("put me on the waiting list for friday"), "create_booking session_id=107");
}

#[test]
fn a_place_in_the_list_can_be_asked_for_at_once() {
    each(
        It,
        |_| (),
        &[
            (
                "mettimi in lista d'attesa per boxe domani alle 20 | boxe domani alle 20, mettimi in lista",
                "create_booking session_id=103",
            ),
            (
                "c'è una lista d'attesa per boxe domani? | vorrei mettermi in lista d'attesa per boxe domani",
                "create_booking session_id=103",
            ),
            // There is room: nobody needs to wait.
            ("mettimi in lista d'attesa per yoga domani alle 19", "create_booking session_id=102"),
            ("mettimi in lista d'attesa", "Quale attività"),
        ],
    );
    each(
        En,
        |_| (),
        &[
            (
                "put me on the waiting list for boxe tomorrow at 8pm | waiting list boxe tomorrow",
                "create_booking session_id=103",
            ),
            ("can I join the waitlist for boxe tomorrow?", "create_booking session_id=103"),
            ("put me on the waiting list", "Which activity"),
        ],
    );
}

#[test]
fn where_one_stands_is_told_and_one_can_leave() {
    let waits = |talk: &mut Talk| talk.waiting = vec![103];
    each(
        It,
        waits,
        &[
            (
                "sono in lista d'attesa? | a che posto sono in lista? | lista d'attesa | in lista d'attesa che numero sono?",
                "20:00–21:00 presso Sala Piccola: sei il numero 2",
            ),
            ("le mie prenotazioni", "Sei in una lista d'attesa:\n1. Boxe"),
            (
                "toglimi dalla lista d'attesa | non voglio più stare in lista | toglimi dalla lista per boxe",
                "leave_waitlist session_id=103",
            ),
            ("toglimi dalla lista d'attesa di pilates", "Quale lista d'attesa intendi?"),
        ],
    );
    each(
        En,
        waits,
        &[
            ("am I on the waiting list? | what's my position on the waitlist? | am I still on the list?", "number 2"),
            (
                "take me off the waiting list | remove me from the waitlist | I want to leave the waiting list",
                "leave_waitlist session_id=103",
            ),
        ],
    );
    each(
        En,
        |_| (),
        &[("am I on the waiting list? | take me off the waiting list", "You are not on any waiting list.")],
    );

    each(
        It,
        |talk| talk.booked = vec![102],
        &[("disdici yoga e mettimi in lista d'attesa per boxe domani", "create_booking session_id=103")],
    );

    let mut talk = Talk::new(En);
    talk.waiting = vec![103, 107];
    assert!(talk.say("take me off the waiting list").1.contains("2. Boxe"));
    assert_eq!(talk.last_call("the second"), "leave_waitlist session_id=107");
}

#[test]
fn a_party_gets_as_many_places() {
    each(
        En,
        |_| (),
        &[
            (
                "yoga tomorrow at 7pm for 2 people | yoga tomorrow at 7pm for two | two spots for yoga tomorrow at 7pm",
                "create_booking places=2 session_id=102",
            ),
            (
                "me and my wife would like yoga tomorrow at 7pm | yoga tomorrow at 7pm with my friend",
                "create_booking places=2 session_id=102",
            ),
            // There are two left: for three the house asks whether to wait.
            ("yoga tomorrow at 7pm for three", "create_booking places=3 session_id=102"),
            ("yoga tomorrow at 7pm for 12 people", "up to 10 places"),
        ],
    );
    each(
        It,
        |_| (),
        &[
            (
                "yoga domani alle 19 per 2 persone | per due yoga domani alle 19 | 2 posti per yoga domani alle 19",
                "create_booking places=2 session_id=102",
            ),
            (
                "io e mia moglie vorremmo yoga domani alle 19 | yoga domani alle 19, siamo in due",
                "create_booking places=2 session_id=102",
            ),
        ],
    );
}

#[test]
fn how_many_come_can_be_said_before_and_after() {
    let mut talk = Talk::new(It);
    talk.say("yoga domani per due");
    assert_eq!(talk.last_call("la seconda"), "create_booking places=2 session_id=102");
    assert_eq!(talk.last_call("anzi siamo in tre"), "create_booking places=3 session_id=102");

    let mut talk = Talk::new(En);
    talk.say("yoga tomorrow");
    assert_eq!(talk.last_call("the first one, for two"), "create_booking places=2 session_id=100");
    let mut talk = Talk::new(En);
    talk.say("pilates tomorrow for 3");
    assert_eq!(talk.last_call("and on friday?"), "create_booking places=3 session_id=105");
}

#[test]
fn a_booking_is_moved_to_the_time_that_is_named() {
    let booked = |talk: &mut Talk| talk.booked = vec![102];
    each(
        En,
        booked,
        &[
            (
                "move my yoga to friday at 7pm | reschedule my class to friday at 7pm",
                "move_booking booking_id=1102 session_id=106",
            ),
            ("can I move my booking to pilates on friday?", "move_booking booking_id=1102 session_id=105"),
            ("move my yoga", "Which day and time"),
            ("move my yoga to friday", "1. Yoga with Anna Neri, Friday 12 March 08:00"),
        ],
    );
    each(
        It,
        booked,
        &[
            (
                "sposta la mia prenotazione di yoga a venerdì alle 19 | posso spostare yoga a venerdì sera?",
                "move_booking booking_id=1102 session_id=106",
            ),
            ("vorrei cambiare orario", "A quale giorno e ora ti sposto?"),
            ("sposta yoga a boxe venerdì", "al completo"),
        ],
    );
    each(It, |_| (), &[("sposta yoga a venerdì", "Non hai prenotazioni")]);
}

#[test]
fn a_move_is_settled_in_several_messages() {
    let mut talk = Talk::new(En);
    talk.booked = vec![102];
    talk.say("I'd like to move my yoga");
    assert!(talk.say("friday").1.contains("2. Yoga with Giulia Testa"));
    assert_eq!(talk.last_call("the second"), "move_booking booking_id=1102 session_id=106");

    let mut talk = Talk::new(It);
    talk.booked = vec![102, 106];
    assert!(talk.say("sposta yoga a sabato alle 19").1.contains("Quale di queste prenotazioni"));
    assert_eq!(talk.last_call("la prima"), "move_booking booking_id=1102 session_id=110");
    assert_eq!(
        talk.last_call("sposta yoga di venerdì a sabato alle 19"),
        "move_booking booking_id=1106 session_id=110"
    );

    let mut talk = Talk::new(En);
    talk.booked = vec![102];
    talk.say("move my yoga to friday");
    assert_eq!(talk.last_call("Yoga Fri 12 Mar 19:00 [session 106]"), "move_booking booking_id=1102 session_id=106");
}

#[test]
fn a_booking_is_paid_by_words() {
    let booked = |talk: &mut Talk| talk.booked = vec![102];
    each(
        En,
        booked,
        &[("pay | how do I pay? | can I pay by card? | send me the payment link", "pay_booking booking_id=1102")],
    );
    each(
        It,
        booked,
        &[(
            "paga con la carta | vorrei pagare | link per pagare | mi mandi il link per pagare?",
            "pay_booking booking_id=1102",
        )],
    );
    each(En, booked, &[("can I pay cash?", "*Casa*")]);
    each(It, |talk| (talk.booked, talk.paid) = (vec![102], vec![102]), &[("vorrei pagare", "niente da pagare")]);
    each(En, |_| (), &[("how do I pay?", "*Casa*")]);

    let mut talk = Talk::new(It);
    talk.booked = vec![101, 106];
    assert!(talk.say("vorrei pagare").1.contains("2. Yoga"));
    assert_eq!(talk.last_call("la seconda"), "pay_booking booking_id=1106");
    assert_eq!(talk.last_call("pago pilates"), "pay_booking booking_id=1101");
}

#[test]
fn plans_are_told_and_bought() {
    each(
        En,
        |_| (),
        &[
            (
                "what memberships do you have? | memberships | do you have packs of visits?",
                "1. *Dieci ingressi*: €120.00, 10 visits",
            ),
            ("how many credits do I have left?", "*Dieci ingressi*: 7 visits left, until Saturday 12 June"),
            ("I want the ten-visit pack | can I buy the 10 visits pack | I'd like ten credits", "buy_plan plan_id=1"),
            ("I'd like a membership", "Which of these would you like?"),
        ],
    );
    each(
        It,
        |_| (),
        &[
            ("pacchetti | che abbonamenti avete? | quanto costa l'abbonamento?", "3. *Senza limiti*: 99,00 €"),
            ("quanti ingressi mi restano?", "ti restano 7 ingressi"),
            ("vorrei il pacchetto da 10 ingressi | compro il carnet da dieci", "buy_plan plan_id=1"),
            ("vorrei l'abbonamento due volte a settimana", "buy_plan plan_id=2"),
            ("vorrei disdire l'abbonamento", "parlare con una persona"),
            ("prenota yoga domani alle 19 con i miei ingressi", "create_booking session_id=102"),
        ],
    );
    let mut talk = Talk::new(It);
    talk.say("pacchetti");
    assert_eq!(talk.last_call("il terzo"), "buy_plan plan_id=3");
    talk.say("pacchetti");
    assert_eq!(talk.last_call("senza limiti"), "buy_plan plan_id=3");
    assert_eq!(talk.last_call("sì"), "buy_plan plan_id=3", "a yes that came too late is asked again");
}

#[test]
fn what_comes_back_is_told_by_the_proposal_to_cancel() {
    let booked = |talk: &mut Talk| talk.booked = vec![102];
    each(
        En,
        booked,
        &[
            (
                "what do I get back if I cancel? | do I get a refund? | I want my money back",
                "cancel_booking booking_id=1102",
            ),
            ("what's your refund policy?", "*Casa*"),
        ],
    );
    each(It, booked, &[("quanto mi rimborsate? | se disdico cosa mi torna?", "cancel_booking booking_id=1102")]);
    each(It, |_| (), &[("quanto mi rimborsate?", "*Casa*")]);
}

#[test]
fn a_receipt_is_sent_for_what_was_paid() {
    let paid = |talk: &mut Talk| (talk.booked, talk.paid) = (vec![101, 106], vec![101, 106]);
    each(
        En,
        paid,
        &[("can I have a receipt?", "send_receipt"), ("a receipt for my yoga please", "send_receipt booking_id=1106")],
    );
    each(It, |_| (), &[("ricevuta | mi mandi la ricevuta?", "send_receipt")]);
}
