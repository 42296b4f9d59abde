use domain::Language::It;

use super::check;

#[test]
fn bookings() {
    check(
        &[
            (
                "Vorrei yoga domani alle 19 | yoga domani alle 7 di sera | ciao, mi prenoti yoga per domani alle 19?",
                "find_sessions activity=yoga date=2027-03-11 time=19:00",
            ),
            (
                "ciao volevo sapere se domani c'è posto a yoga verso le 7 di sera | \
                 Prenota yoga domani alle 19:00, grazie! | domani sera alle sette vorrei fare yoga",
                "find_sessions activity=yoga date=2027-03-11 time=19:00",
            ),
            (
                "prenotazione yoga 11/3 ore 19 | yoga l'11 marzo h19 | yoga giovedì 11 alle 19.00",
                "find_sessions activity=yoga date=2027-03-11 time=19:00",
            ),
            (
                "yoga domani | c'è yoga domani? | domani yoga? | avete posto domani a yoga? | \
                 posso venire domani a yoga?",
                "find_sessions activity=yoga date=2027-03-11",
            ),
            (
                "stasera c'è pilates? | pilates stasera | c'è ancora posto a pilates questa sera",
                "find_sessions activity=pilates date=2027-03-10 part_of_day=evening",
            ),
            (
                "mi segni a spining sabto mattina? | spinning sabato mattina",
                "find_sessions activity=spinning date=2027-03-13 part_of_day=morning",
            ),
            (
                "vorrei un massaggio venerdì alle 15 | massagio venerdi alle tre del pomeriggio",
                "find_sessions activity=massaggio date=2027-03-12 time=15:00",
            ),
            ("taglio e piega sabato alle 10", "find_sessions activity=taglio e piega date=2027-03-13 time=10:00"),
            ("una seduta di fisioterapia lunedì prossimo", "find_sessions activity=fisioterapia date=2027-03-15"),
            (
                "yoga con Giulia venerdì | venerdì yoga con Giulia, grazie",
                "find_sessions activity=yoga crew=Giulia date=2027-03-12",
            ),
            ("venerdì yoga con giulia", "find_sessions activity=yoga crew=giulia date=2027-03-12"),
            ("pilates la prossima settimana", "find_sessions activity=pilates date=2027-03-15 until=2027-03-21"),
            ("boxe nel weekend", "find_sessions activity=boxe date=2027-03-13 until=2027-03-14"),
            ("quando c'è boxe? | orari di boxe | vorrei fare boxe", "find_sessions activity=boxe"),
            ("yoga domani dopo le 18", "find_sessions activity=yoga date=2027-03-11 part_of_day=evening"),
            ("yoga domani tra le 14 e le 16", "find_sessions activity=yoga date=2027-03-11 part_of_day=afternoon"),
            (
                "yoga domani, anzi no, lunedì alle 19 | non domani, lunedì alle 19 yoga",
                "find_sessions activity=yoga date=2027-03-15 time=19:00",
            ),
            ("domani pilates invece di yoga", "find_sessions activity=pilates date=2027-03-11"),
            (
                "avete qualcosa domani mattina? | cosa c'è domani mattina?",
                "find_sessions date=2027-03-11 part_of_day=morning",
            ),
            ("vorrei prenotare per domani alle 18", "find_sessions date=2027-03-11 time=18:00"),
            ("vorrei prenotare | vorrei prenotare una lezione | posso prenotare?", "find_sessions"),
            ("yoga tra due ore", "find_sessions activity=yoga date=2027-03-10 time=12:00"),
            ("Yoga 19:00 [session 108]", "create_booking session_id=108"),
        ],
        It,
    );
}

#[test]
fn a_bare_hour_that_may_be_either_is_looked_for_twice() {
    check(
        &[(
            "yoga domani alle 7 | yoga domani alle sette",
            "find_sessions activity=yoga date=2027-03-11 time=07:00 + find_sessions activity=yoga date=2027-03-11 time=19:00",
        )],
        It,
    );
}

#[test]
fn two_things_at_once() {
    check(
        &[
            (
                "yoga e pilates domani",
                "find_sessions activity=yoga date=2027-03-11 + find_sessions activity=pilates date=2027-03-11",
            ),
            (
                "yoga giovedì o venerdì",
                "find_sessions activity=yoga date=2027-03-11 + find_sessions activity=yoga date=2027-03-12",
            ),
            ("dove siete e che corsi ci sono domani?", "list_locations + list_sessions date=2027-03-11 days=1"),
        ],
        It,
    );
}

#[test]
fn everything_else() {
    check(
        &[
            (
                "disdici | devo annullare | vorrei cancellare la mia prenotazione | non riesco a venire | \
                 disdico yoga",
                "find_bookings",
            ),
            (
                "le mie prenotazioni | cosa ho prenotato? | a che ora è la mia lezione? | sono prenotata per yoga?",
                "find_bookings",
            ),
            ("posso spostare yoga a venerdì? | vorrei cambiare orario", "find_bookings"),
            ("che corsi ci sono domani? | cosa c'è domani?", "list_sessions date=2027-03-11 days=1"),
            ("orari | mi mandi il programma?", "list_sessions date=2027-03-10 days=7"),
            ("orari della prossima settimana", "list_sessions date=2027-03-15 days=7"),
            ("chi insegna pilates?", "find_crew activity=pilates"),
            ("chi è Giulia?", "find_crew name=giulia"),
            ("chi sono gli istruttori?", "find_crew"),
            ("quanto costa?", "list_sessions days=7"),
            ("quanto costa pilates? | prezzo di pilates", "find_sessions activity=pilates"),
            ("dove siete? | indirizzo | come arrivo? | avete parcheggio?", "list_locations"),
            (
                "siete aperti domenica? | a che ora chiudete? | numero di telefono? | entro quando posso disdire?",
                "business_info",
            ),
            ("vorrei parlare con una persona", "business_info"),
            ("serve il tappetino?", "business_info"),
            ("ciao | buonasera | grazie mille | ok | 👍 | no grazie | aiuto | [audio] | [image] | ieri | asdf", ""),
        ],
        It,
    );
}
