//! The page's words, in the languages it speaks.

/// One language.
pub(super) struct Words {
    /// ISO 639-1.
    pub(super) code: &'static str,
    pub(super) italian: bool,
    pub(super) test: &'static str,
    /// Before the amount.
    pub(super) pay: &'static str,
    pub(super) decline: &'static str,
    pub(super) declined: &'static str,
    pub(super) paid: &'static str,
    pub(super) expired: &'static str,
    /// Before the business's name.
    pub(super) back: &'static str,
    /// Before a time.
    pub(super) until: &'static str,
}

pub(super) static EN: Words = Words {
    code: "en",
    italian: false,
    test: "Simulator: no card is charged",
    pay: "Pay",
    decline: "Card declined",
    declined: "Your card was declined and nothing was charged. You can try again.",
    paid: "Payment received. Thank you!",
    expired: "This payment link has expired. Nothing was charged.",
    back: "Back to",
    until: "You can pay until",
};

static IT: Words = Words {
    code: "it",
    italian: true,
    test: "Simulatore: nessuna carta viene addebitata",
    pay: "Paga",
    decline: "Carta rifiutata",
    declined: "La carta è stata rifiutata e non è stato addebitato nulla. Puoi riprovare.",
    paid: "Pagamento ricevuto. Grazie!",
    expired: "Questo link di pagamento è scaduto. Non è stato addebitato nulla.",
    back: "Torna a",
    until: "Puoi pagare fino al",
};

impl Words {
    /// Those of a session's locale (`it`, `it-IT`); English for every other one.
    pub(super) fn of(locale: Option<&str>) -> &'static Self {
        let is_italian = locale.is_some_and(|locale| locale.split(['-', '_']).next() == Some("it"));
        if is_italian { &IT } else { &EN }
    }
}
