//! What the demo studio sells, who works there, and its week.

/// Italian and English.
type Both = (&'static str, &'static str);

pub(super) struct Place {
    pub name: &'static str,
    pub address: &'static str,
    pub directions: Both,
}

pub(super) struct Sold {
    pub slug: &'static str,
    pub name: Both,
    pub aliases: &'static [&'static str],
}

pub(super) struct Member {
    pub name: &'static str,
    pub bio: Both,
    pub leads: &'static [&'static str],
}

pub(super) struct Class {
    pub service: &'static str,
    pub place: &'static str,
    pub member: &'static str,
    pub weekdays: &'static [i16],
    pub at: &'static str,
    pub minutes: i32,
    pub capacity: i32,
    pub price_minor: i64,
}

pub(super) const NAME: &str = "Studio Alghe";
pub(super) const WEBSITE: &str = "https://studioalghe.example";
pub(super) const ABOUT: Both = (
    "Uno studio di movimento a Padova: yoga, pilates, boxe e allenamento funzionale in piccoli gruppi, per principianti e non.",
    "A movement studio in Padova: yoga, pilates, boxing and functional training in small groups, for beginners and everybody else.",
);
pub(super) const OPENING: Both = (
    "Dal lunedì al venerdì 6:45–21:30, sabato e domenica 8:30–20:30.",
    "Monday to Friday 6:45–21:30, Saturday and Sunday 8:30–20:30.",
);
pub(super) const CANCELLATION: Both = (
    "Paghi allo studio o con la carta. Puoi disdire fino all'inizio della lezione: di quanto hai pagato ti torna tutto più di 24 ore prima, la metà più di 12 ore prima, nulla dopo.",
    "You pay at the studio or by card. You can cancel until the class starts: of what you paid, all comes back more than 24 hours before, half more than 12 hours before, nothing after that.",
);

const CENTRO: &str = "Studio Centro";
const PRATO: &str = "Sala Prato";

pub(super) const PLACES: &[Place] = &[
    Place {
        name: CENTRO,
        address: "Via San Fermo 38, 35137 Padova",
        directions: (
            "A dieci minuti a piedi dalla stazione; tram, fermata Ponti Romani. Suona al citofono “Alghe”, primo piano.",
            "Ten minutes on foot from the station; tram stop Ponti Romani. Ring at “Alghe”, first floor.",
        ),
    },
    Place {
        name: PRATO,
        address: "Via Briosco 12, 35123 Padova",
        directions: (
            "Dietro Prato della Valle, ingresso dal cortile. Parcheggio in Piazza Rabin, posti per le bici all'interno.",
            "Behind Prato della Valle, entrance through the courtyard. Car park in Piazza Rabin, bicycle racks inside.",
        ),
    },
];

pub(super) const SOLD: &[Sold] = &[
    Sold { slug: "yoga", name: ("Yoga", "Yoga"), aliases: &["vinyasa", "hatha", "joga", "saluto al sole"] },
    Sold { slug: "pilates", name: ("Pilates", "Pilates"), aliases: &["matwork", "pilates a terra"] },
    Sold {
        slug: "hiit",
        name: ("HIIT", "HIIT"),
        aliases: &[
            "allenamento funzionale",
            "funzionale",
            "functional training",
            "interval training",
            "hit",
            "crossfit",
        ],
    },
    Sold {
        slug: "spinning",
        name: ("Spinning", "Spinning"),
        aliases: &["indoor cycling", "cyclette", "bici", "bike", "spin"],
    },
    Sold {
        slug: "meditation",
        name: ("Meditazione", "Meditation"),
        aliases: &["mindfulness", "meditare", "meditate", "rilassamento", "relaxation"],
    },
    Sold { slug: "boxing", name: ("Boxe", "Boxing"), aliases: &["pugilato", "kickboxing", "box", "fit boxe"] },
    Sold {
        slug: "posture",
        name: ("Ginnastica posturale", "Back care"),
        aliases: &["posturale", "schiena", "mal di schiena", "postura", "posture", "back pain", "stretching"],
    },
    Sold {
        slug: "breath",
        name: ("Laboratorio di respiro", "Breath workshop"),
        aliases: &["respirazione", "respiro", "breathwork", "breathing", "pranayama", "workshop", "laboratorio"],
    },
];

pub(super) const CREW: &[Member] = &[
    Member {
        name: "Giulia Rossi",
        bio: (
            "Insegna yoga da dodici anni, tra Padova e Rishikesh. Lezioni fluide, con attenzione al respiro.",
            "Has taught yoga for twelve years, between Padova and Rishikesh. Flowing classes with an eye on the breath.",
        ),
        leads: &["yoga", "meditation"],
    },
    Member {
        name: "Marco Bellin",
        bio: (
            "Ex atleta di canottaggio, laureato in Scienze motorie. Allena forte e spiega tutto.",
            "A former rower with a degree in sports science. Trains hard and explains everything.",
        ),
        leads: &["hiit", "spinning"],
    },
    Member {
        name: "Sara Venturi",
        bio: (
            "Fisioterapista e insegnante di pilates. Chiedile della tua schiena.",
            "Physiotherapist and pilates teacher. Ask her about your back.",
        ),
        leads: &["pilates", "posture"],
    },
    Member {
        name: "Luca Ferraro",
        bio: (
            "Dieci anni sul ring, oggi maestro di boxe per chi non vuole prendere pugni.",
            "Ten years in the ring, now teaches boxing to people who would rather not be hit.",
        ),
        leads: &["boxing", "hiit"],
    },
    Member {
        name: "Elena Conti",
        bio: (
            "Psicologa. Guida la meditazione del mattino e lo yoga lento della domenica.",
            "Psychologist. Leads the morning meditation and the slow yoga on Sundays.",
        ),
        leads: &["meditation", "yoga"],
    },
    Member {
        name: "Davide Moro",
        bio: (
            "In bicicletta dappertutto, anche da fermo. Le sue playlist hanno un loro pubblico.",
            "Cycles everywhere, even standing still. His playlists have a following.",
        ),
        leads: &["spinning", "pilates"],
    },
];

const EVERY_DAY: &[i16] = &[1, 2, 3, 4, 5, 6, 7];
const WORKDAYS: &[i16] = &[1, 2, 3, 4, 5];
const MON_WED_FRI: &[i16] = &[1, 3, 5];
const TUE_THU: &[i16] = &[2, 4];
const WEEKEND: &[i16] = &[6, 7];
const SATURDAY: &[i16] = &[6];

pub(super) const CLASSES: &[Class] = &[
    class("yoga", CENTRO, "Giulia Rossi", EVERY_DAY, "19:00", 60, 10, 1500),
    class("yoga", CENTRO, "Elena Conti", WORKDAYS, "07:00", 60, 10, 1500),
    class("yoga", CENTRO, "Elena Conti", WEEKEND, "10:00", 75, 14, 1800),
    class("meditation", CENTRO, "Elena Conti", WORKDAYS, "08:15", 30, 16, 800),
    class("meditation", CENTRO, "Giulia Rossi", WEEKEND, "20:15", 45, 16, 800),
    class("pilates", PRATO, "Sara Venturi", MON_WED_FRI, "09:30", 55, 8, 1600),
    class("pilates", PRATO, "Sara Venturi", WORKDAYS, "18:00", 55, 8, 1600),
    class("pilates", PRATO, "Davide Moro", WEEKEND, "11:00", 55, 8, 1600),
    class("posture", PRATO, "Sara Venturi", TUE_THU, "10:30", 50, 6, 1800),
    class("posture", PRATO, "Sara Venturi", MON_WED_FRI, "17:00", 50, 6, 1800),
    class("hiit", PRATO, "Marco Bellin", MON_WED_FRI, "07:00", 45, 12, 1400),
    class("hiit", PRATO, "Luca Ferraro", EVERY_DAY, "13:00", 45, 12, 1400),
    class("hiit", PRATO, "Marco Bellin", TUE_THU, "19:15", 45, 12, 1400),
    class("spinning", CENTRO, "Davide Moro", WORKDAYS, "12:45", 45, 15, 1300),
    class("spinning", CENTRO, "Marco Bellin", MON_WED_FRI, "18:15", 45, 15, 1300),
    class("spinning", CENTRO, "Davide Moro", WEEKEND, "09:00", 60, 15, 1500),
    class("boxing", PRATO, "Luca Ferraro", TUE_THU, "18:00", 60, 12, 1500),
    class("boxing", PRATO, "Luca Ferraro", MON_WED_FRI, "20:15", 60, 12, 1500),
    class("boxing", PRATO, "Luca Ferraro", WEEKEND, "17:30", 60, 12, 1500),
    class("breath", CENTRO, "Giulia Rossi", SATURDAY, "15:00", 90, 8, 3500),
];

#[expect(clippy::too_many_arguments, reason = "a row of the timetable reads best as one line")]
const fn class(
    service: &'static str,
    place: &'static str,
    member: &'static str,
    weekdays: &'static [i16],
    at: &'static str,
    minutes: i32,
    capacity: i32,
    price_minor: i64,
) -> Class {
    Class { service, place, member, weekdays, at, minutes, capacity, price_minor }
}
