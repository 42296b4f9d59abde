use chrono::DateTime;

use super::{Consent, read, tapped};
use crate::booking::{Kind, Proposal, ProposalState};
use crate::{ConversationId, CustomerId, Language, Money, ProposalId, SessionId};

fn open(kind: Kind) -> Proposal {
    Proposal {
        id: ProposalId(7),
        conversation: ConversationId(1),
        customer: CustomerId(1),
        kind,
        session: SessionId(1),
        seat: None,
        places: 1,
        summary: String::new(),
        language: Language::It,
        price: Money::new(1500, "EUR"),
        quote: None,
        refund_percent: None,
        created_at: DateTime::UNIX_EPOCH,
        expires_at: DateTime::UNIX_EPOCH,
        state: ProposalState::Open,
        refusal: None,
    }
}

fn all(kind: Kind, expected: Consent, phrases: &str) {
    for phrase in phrases.split('|').map(str::trim) {
        assert_eq!(read(phrase, None, &open(kind)), expected, "{phrase:?}");
    }
}

#[test]
fn a_plain_yes_is_a_yes() {
    all(
        Kind::Book,
        Consent::Yes,
        "sì | si | Sì! | SI | sí | siiii | sì sì | sì grazie | si, grazie mille! | sì per favore | certo | Certo! | certamente
         | ok | OK. | okay | okkk | ok grazie | ok va bene | va bene | va bene, grazie | va benissimo | perfetto | Perfetto, grazie!
         | perfetto 👍 | d'accordo | d’accordo | confermo | Sì, confermo | confermo grazie | conferma pure | confermo la prenotazione
         | esatto | ottimo | volentieri | assolutamente sì | come no | procedi | procedi pure | vai | andata! | ci sto
         | per me va bene | mi va bene, grazie | dai ok | sì dai | prenota | prenota pure | sì, prenotami | sì prenota, grazie
         | 👍 | 👍🏽 | 👍👍 | 👌 | ✅ | 🆗 | sì 🙏 | ok 😊 | Si\u{300} | ma certo | direi di sì
         | yes | Yes! | YES | yesss | yes please | yes, please! | yeah | yep | yup | sure | Sure thing | of course | ok thanks
         | okay, thank you | sounds good | sounds great, thanks | perfect | great, thanks | that's fine | that’s perfect | works for me
         | go ahead | please do | let's do it | book it | please book it | yes book it please | I confirm | confirmed | correct
         | absolutely | definitely | y | k | all good | count me in | I'll take it | thanks, yes",
    );
}

#[test]
fn a_plain_no_is_a_no() {
    all(
        Kind::Book,
        Consent::No,
        "no | No. | NO! | nooo | no no | no grazie | No, grazie! | no grazie mille | lascia stare | Lascia perdere | lasciamo stare grazie
         | niente | non importa | non mi va | non confermo | non va bene | non ora | meglio di no | direi di no | per ora no
         | ho cambiato idea | scusa, ho cambiato idea | ci ho ripensato | preferisco di no | no, non posso | non posso più | anche no
         | assolutamente no | annulla | annulla pure | no, annulla | annulla la prenotazione | cancella | 👎 | ❌ | no 🙏
         | mi dispiace, no | no va bene così | nope | nah | no thanks | No, thank you | not now | never mind | nevermind | forget it
         | cancel | cancel it | please cancel | don't | I changed my mind | sorry, I changed my mind | not interested | I'd rather not
         | leave it | absolutely not | no way | stop | not really | of course not",
    );
}

#[test]
fn anything_more_is_neither() {
    all(
        Kind::Book,
        Consent::Unclear,
        "sì ma alle 20 | yes but at 8 | ok, ma domani | va bene alle 19 | yes, for two people | sì per due | ok e quanto costa | ok? | sì?
         | va bene? | yes, what time was it? | forse | magari | maybe | non lo so | I don't know | penso di sì | I think so | no, alle 20
         | no, meglio domani | no ma pilates sì | yes and no | sì no | no sì | ok no | grazie | thanks | ciao | 🙏 | 🤔 | yoga | yoga domani
         | prenota anche pilates | book pilates instead | sì con Giulia | yes at 7pm | 19 | 2 | ok domani alle 7 | confermo per sabato
         | se c'è posto sì | if there is room yes | posso pagare domani | can I bring a friend | no problem | non c'è problema
         | tienila | keep it | aspetta | wait | un attimo | sicuro che sia alle 19 |  | ... | ! | sì, e annulla l'altra
         | perfetto ma con Luca | certo che se piove no | okay but cheaper | si può fare alle 8 | va bene qualsiasi orario",
    );
}

#[test]
fn a_proposal_to_cancel_is_agreed_to_by_cancelling() {
    all(
        Kind::Cancel,
        Consent::Yes,
        "sì | annulla | sì annulla | annulla pure, grazie | disdici | cancella la prenotazione | cancel | yes, cancel it | please cancel
         | cancel my booking | confermo | 👍 | ok",
    );
    all(
        Kind::Cancel,
        Consent::No,
        "no | no grazie | non annullare | no, non annullare | tienila | no, tienila | keep it | no, keep it please | don't cancel
         | lascia stare | ho cambiato idea | never mind",
    );
    all(
        Kind::Cancel,
        Consent::Unclear,
        "prenota | book it | annulla quella di domani | cancel the other one | sì ma solo sabato",
    );
}

#[test]
fn a_button_counts_for_its_own_proposal_only() {
    let open = open(Kind::Book);
    assert_eq!(read("Sì", Some("yes:7"), &open), Consent::Yes);
    assert_eq!(read("No", Some("no:7"), &open), Consent::No);
    for other in ["yes:6", "yes:", "yes:7x", "session:7", "maybe:7", ""] {
        assert_eq!(read("Sì", Some(other), &open), Consent::Unclear, "{other}");
    }
    assert_eq!(tapped("yes:6"), Some((Consent::Yes, ProposalId(6))));
    assert_eq!(tapped("session:6"), None);
}

#[test]
fn a_yes_to_waiting_and_to_moving_has_words_of_its_own() {
    all(
        Kind::Wait,
        Consent::Yes,
        "sì | mettimi in lista | aspetto | ok, in lista d'attesa grazie | put me on the waiting list",
    );
    all(Kind::Wait, Consent::No, "no | lascia stare | annulla");
    all(Kind::Wait, Consent::Unclear, "prenota | e se si libera dopo?");
    all(Kind::Move, Consent::Yes, "sì | spostami | sì, spostala pure | move it please");
    all(Kind::Move, Consent::No, "no grazie | tienila | keep it");
    all(Kind::Move, Consent::Unclear, "annulla | cancel | mettimi in lista");
}
