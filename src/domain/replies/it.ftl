# Ogni frase che legge un cliente, in italiano. en.ftl ha le stesse chiavi.

### Pezzi

day = { $weekday } { $number } { $month }
free = gratis
session = { $service }{ $crew_named ->
    [yes] {" "}con { $crew }
   *[no] {""}
}, { $day } { $time }{ $location_named ->
    [yes] {" "}presso { $location }
   *[no] {""}
}
session-terms = { $spots ->
    [0] al completo
    [one] 1 posto libero
   *[other] { $spots } posti liberi
}, { $price }
choose = { $count ->
    [one] Va bene? Rispondi «sì» e vado avanti.
   *[other] Quale preferisci? Rispondi con il numero.
}

### Proposte e risposte

proposal-to-book = { $session }. { $terms }. Prenoto?
proposal-to-cancel = Hai prenotato { $session }. Vuoi che la disdica?
yes-button = Sì, grazie
no-button = No, grazie
booked = Fatto, il posto è tuo: { $session }. Il tuo codice è { $reference }. A presto!
already-booked = Hai già un posto: { $session }.
full = Mi dispiace, { $session } è al completo.
full-unnamed = Mi dispiace, è al completo.
full-no-alternatives = Non vedo niente di simile con un posto libero. Ti va bene un altro giorno?
alternatives = Qui c'è ancora posto:
cancelled = Prenotazione disdetta: { $session }. Spero di rivederti presto.
already-cancelled = Quella prenotazione era già stata disdetta: non c'è altro da fare.
declined = Va bene, ho lasciato tutto com'era.
proposal-expired = La proposta è scaduta e non ho cambiato niente. Dimmi di nuovo cosa vorresti e guardo cosa c'è di libero.
session-started = Mi dispiace, è già iniziata: da qui non posso più cambiare nulla.
session-cancelled = Mi dispiace, è stata annullata dallo studio. Ne vuoi un'altra?
bookings-closed = Mi dispiace, non è aperta alle prenotazioni. Ne vuoi un'altra?
session-unknown = Non la trovo più in calendario. Dimmi l'attività e il giorno e cerco di nuovo.
booking-unknown = Non trovo quella prenotazione. Chiedimi le tue prenotazioni e te le elenco.
bookings-list = { $count ->
    [one] Hai una prenotazione:
   *[other] Hai { $count } prenotazioni:
}
no-bookings = Non hai prenotazioni in programma.

### Scelte

options = { $count ->
    [one] Ho trovato questa:
   *[other] Ho trovato queste:
}
list-button = Vedi gli orari
nothing-exact = Proprio così non ho niente con un posto libero. Le più vicine sono:
nothing-found = Mi dispiace, non ho trovato niente. Vuoi provare un altro giorno o un altro orario?
no-such-activity = Mi dispiace, da noi non c'è «{ $asked }».
which-activity = Quale attività ti interessa?
known-activities = { $count ->
    [one] Da noi trovi { $known }.
   *[other] Da noi trovi: { $known }.
}
nothing-scheduled = In quei giorni non c'è niente in programma.
past-date = Il giorno che dici ({ $day }) è già passato. Quale giorno vorresti?
timetable = Ecco il programma:
timetable-row = { $time } { $service } ({ $spots ->
    [0] al completo
    [one] 1 posto libero
   *[other] { $spots } posti liberi
}, { $price })
timetable-more = { $count ->
    [one] … e un'altra.
   *[other] … e altre { $count }.
}
timetable-close = Per prenotare rispondi con il numero, oppure scrivimi attività e orario.
which-booking = Quale di queste prenotazioni intendi?

### La casa

crew-list = { $count ->
    [one] Ecco chi cercavi:
   *[other] Il nostro staff:
}
crew-gives = ({ $activities })
no-crew = Non conosco nessuno qui che corrisponda. Chiedimi «chi insegna?» per vedere tutto lo staff.
locations-list = { $count ->
    [one] Ci trovi qui:
   *[other] Ci trovi in { $count } sedi:
}
opening = Orari di apertura: { $value }
cancellation = Disdette: { $value }
phone = Telefono: { $value }
website = Sito: { $value }
prices = Prezzi per un posto:
talk-to-staff = Sono l'assistente automatico. Per parlare con una persona chiama il { $phone }.
talk-to-staff-here = Sono l'assistente automatico. Anche lo staff può leggere questa chat.

### Conversazione

greeting = Ciao! Posso prenotarti una lezione, cambiare le tue prenotazioni o dirti gli orari. Cosa ti serve?
help = Scrivimi come a una persona, per esempio:
    • «yoga domani alle 19»
    • «cosa c'è giovedì?»
    • «le mie prenotazioni»
    • «disdici la lezione»
    • «dove siete?»
not-understood = Scusami, non ho capito. Posso prenotare o disdire una lezione e dirti orari, prezzi e dove siamo. Prova per esempio: «yoga domani alle 19».
thanks-reply = Di niente! Se ti serve altro sono qui.
yes-without-question = Volentieri, ma non ho niente in attesa di un tuo sì. Cosa vuoi prenotare?
move-explained = Per spostare una prenotazione fissiamo prima il nuovo orario; poi scrivimi «disdici» e ti chiedo quale lasciare.
one-place-each = Da questa chat posso prenotare un posto; gli altri possono scrivermi ognuno dal proprio telefono.
last-word = Mi dispiace, non sono riuscito a risolvere da solo. Ti risponde qui una persona dello staff.
trouble = Mi dispiace, qualcosa non ha funzionato da parte nostra e non ho potuto finire. Riprova tra qualche minuto.
unsupported-kind = Mi dispiace, non so ancora leggere questo tipo di messaggio. Me lo scrivi a parole?
