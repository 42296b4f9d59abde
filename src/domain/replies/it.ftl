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

proposal-to-book = { $session }. { $terms }. { $notes }Prenoto?
proposal-to-cancel = Hai prenotato { $session }. { $note }Vuoi che la disdica?
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

### Denaro e attese

cost-reasons = Prezzo: { $sum } = { $price }.
cost-places = Per { $places } persone: { $total }.
cost-credits = { $places ->
    [one] Uso un ingresso del tuo pacchetto.
   *[other] Uso { $places } ingressi del tuo pacchetto.
}
cost-membership = È compresa nel tuo abbonamento.
cost-hold = Tengo il posto per { $minutes } minuti e ti mando il link per pagare con la carta.
returns-all = { $tense ->
    [would] Ti verrebbero restituiti { $back }.
   *[other] Ti restituiamo { $back }, nello stesso modo in cui hai pagato.
}
returns-part = { $tense ->
    [would] Ti verrebbero restituiti { $back } dei { $paid } che hai pagato ({ $percent } %).
   *[other] Ti restituiamo { $back } dei { $paid } che hai pagato, nello stesso modo.
}
returns-nothing = { $tense ->
    [would] È tardi per un rimborso: dei { $paid } che hai pagato non ti tornerebbe nulla.
   *[other] Era tardi per un rimborso.
}
returns-credit = { $tense ->
    [would] L'ingresso ti tornerebbe nel pacchetto o nell'abbonamento.
   *[other] L'ingresso è di nuovo tuo.
}
returns-no-credit = { $tense ->
    [would] È tardi per riaverlo: l'ingresso conterebbe come usato.
   *[other] L'ingresso conta come usato.
}
proposal-to-move = Hai prenotato { $from }. Ti sposto a { $to }? { $change ->
    [more] Costa { $amount } in più.
    [less] Ti verrebbero restituiti { $amount }.
   *[same] Il prezzo resta lo stesso.
}
moved = Fatto, ti ho spostato: { $session }. Il tuo codice ora è { $reference }.
proposal-to-wait = Ti metto in lista d'attesa? { $ahead ->
    [0] Saresti il primo.
    [one] C'è una persona prima di te.
   *[other] Ci sono { $ahead } persone prima di te.
}
waiting = Sei in lista d'attesa per { $session }: { $position ->
    [1] sei il primo
   *[other] sei il numero { $position }
}. Ti scrivo appena si libera un posto.
already-waiting = Sei già in lista d'attesa: { $position ->
    [1] sei il primo
   *[other] sei il numero { $position }
}. Ti scrivo appena si libera un posto.
place-free = Buone notizie: ora c'è un posto per { $session }. Dimmi che lo vuoi e lo prenoto.
held = Ti tengo il posto fino alle { $until }: { $session }. È tuo appena è pagato; il link sta arrivando.
booked-owes = Paghi { $amount } allo studio; tocca il pulsante se preferisci pagare ora con la carta.
pay-button = Paga con la carta
nothing-to-pay = Non c'è più niente da pagare.
link-comes = Ti mando il link per pagare con la carta.
clash = A quell'ora hai già un'altra prenotazione: { $session }. Cerchiamo un altro orario, o disdico prima quella?
clash-unnamed = A quell'ora hai già un'altra prenotazione: non ho cambiato niente.
bookings-not-open = Mi dispiace, non si può ancora prenotare. Ne vuoi una prima?
too-late-to-move = Mi dispiace, è tardi per spostare quella prenotazione. Se vuoi, posso ancora disdirla.
offer-gone = Mi dispiace, nel frattempo quel posto è andato a qualcun altro. In lista d'attesa conservi il tuo turno.
offer-passed = Va bene, lo passo a chi segue. Ti ho tolto da quella lista d'attesa.
nothing-offered = In questo momento non ho posti in sospeso per te.
opted-out = Va bene, non ti scriverò più di mia iniziativa. Qui continuerò a risponderti e a dirti ciò che riguarda le tue prenotazioni. Scrivi START per cambiare idea.
opted-in = Bentornato: riceverai di nuovo promemoria e novità.

### Liste d'attesa

waiting-lists = { $count ->
    [one] Sei in una lista d'attesa:
   *[other] Sei in { $count } liste d'attesa:
}
waiting-row = { $session }: { $position ->
    [1] sei il primo
   *[other] sei il numero { $position }
}
not-waiting = Non sei in nessuna lista d'attesa.
which-list = Quale lista d'attesa intendi? Rispondi con il numero.
left-list = Fatto, ti ho tolto dalla lista d'attesa per { $session }.
all-full = { $count ->
    [one] Mi dispiace, questa è al completo:
   *[other] Mi dispiace, queste sono al completo:
}
which-to-wait-for = C'è la lista d'attesa. Rispondi con il numero di quella per cui aspetteresti.
also-full = { $count ->
    [one] Questa è al completo, ma ha la lista d'attesa:
   *[other] Queste sono al completo, ma hanno la lista d'attesa:
}
how-to-wait = Per aspettare un posto lì, scrivi «lista d'attesa» e l'orario.

### Commissioni

move-when = Hai prenotato { $session }. A quale giorno e ora ti sposto?
pay-at-the-studio = Da qui non posso accettare carte. Puoi pagare allo studio.
receipt-comes = Ti mando la ricevuta.
nothing-paid = Non vedo pagamenti tuoi: non c'è una ricevuta da mandarti.
too-many-places = Da questa chat posso prenotare fino a { $most } posti alla volta. Per un gruppo più grande parla con lo staff.

### Abbonamenti e pacchetti

plans-list = Puoi acquistare in anticipo:
no-plans = In questo momento non abbiamo abbonamenti o pacchetti in vendita.
plan-row = *{ $name }*: { $price }, { $gives }, vale { $days ->
    [one] un giorno
   *[other] { $days } giorni
}
plan-visits = { $count ->
    [one] un ingresso
   *[other] { $count } ingressi
}
plan-a-week = { $count ->
    [one] un ingresso a settimana
   *[other] { $count } ingressi a settimana
}
plan-a-month = { $count ->
    [one] un ingresso al mese
   *[other] { $count } ingressi al mese
}
plan-without-limit = ingressi senza limite
which-plan = Quale preferisci? Rispondi con il numero.
your-plans = Hai:
your-visits = *{ $name }*: { $left ->
    [0] nessun ingresso rimasto
    [one] ti resta un ingresso
   *[other] ti restano { $left } ingressi
}, fino a { $day }
your-membership = *{ $name }*, fino a { $day }
your-unpaid-plan = *{ $name }*: non ancora pagato
no-plan-of-yours = Non hai abbonamenti né pacchetti di ingressi.
plan-offer = { $plan }. Ti mando il link per pagare con la carta?
plan-offer-free = { $plan }. Lo vuoi?
plan-at-the-studio = { $plan }. Puoi acquistarlo allo studio.
plan-yours = Fatto, «{ $name }» è tuo fino a { $day }.
plan-unknown = Quello non è in vendita. Chiedimi «abbonamenti» e ti elenco cosa c'è.

### Di nostra iniziativa

notice-reminder = Promemoria: { $session }. Se non puoi venire, scrivi «disdici».
notice-waitlist-offer = Si è liberato un posto: { $session }, { $price }. Te lo tengo fino alle { $until }. Lo vuoi?
take-button = Sì, lo voglio
notice-waitlist-promoted = Si è liberato un posto ed è tuo: { $session }. Il tuo codice è { $reference }. Se non puoi venire, scrivi «disdici».
notice-place-free = Si è liberato un posto per { $session }. È del primo che lo prenota: scrivimi se lo vuoi.
notice-offer-expired = Il posto per { $session } è passato a chi seguiva. Scrivimi se ne vuoi ancora uno: conservi il tuo turno.
notice-payment-link = Qui paghi { $amount } per { $what }: { $url }{ $limited ->
    [yes] {" "}(entro le { $until })
   *[no] {""}
}
notice-payment-received = Grazie, ho ricevuto { $amount }. Il posto è tuo: { $session }. Il tuo codice è { $reference }.
notice-plan-paid = Grazie, ho ricevuto { $amount }. «{ $plan }» è tuo da adesso.
notice-hold-expired = Non ho potuto tenerti ancora il posto per { $session }, perché non è stato pagato. Scrivimi se lo vuoi ancora.
notice-paid-in-vain = Il tuo pagamento di { $amount } per { $session } è arrivato quando il posto non c'era più. Te lo restituiamo per intero.
notice-refund-made = Ti abbiamo restituito { $amount }, nello stesso modo in cui hai pagato. Con la carta ci vogliono alcuni giorni.
notice-session-cancelled = Mi dispiace, lo studio ha dovuto annullare { $session }. { $paid ->
    [yes] Ti restituiamo { $amount }.
   *[no] Non devi nulla.
} Ne vuoi un'altra?
notice-session-changed = La tua prenotazione è cambiata. Ora è: { $session }. Se non ti va bene, scrivi «disdici»: non ti costa nulla.
notice-credits-expiring = { $credits ->
    [one] Un ingresso di «{ $plan }» vale fino a { $day }.
   *[other] { $credits } ingressi di «{ $plan }» valgono fino a { $day }.
} Ti cerco una lezione?

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
    • «sposta la lezione a venerdì»
    • «disdici la lezione»
    • «abbonamenti»
    • «dove siete?»
not-understood = Scusami, non ho capito. Posso prenotare o disdire una lezione e dirti orari, prezzi e dove siamo. Prova per esempio: «yoga domani alle 19».
thanks-reply = Di niente! Se ti serve altro sono qui.
yes-without-question = Volentieri, ma non ho niente in attesa di un tuo sì. Cosa vuoi prenotare?
last-word = Mi dispiace, non sono riuscito a risolvere da solo. Ti risponde qui una persona dello staff.
trouble = Mi dispiace, qualcosa non ha funzionato da parte nostra e non ho potuto finire. Riprova tra qualche minuto.
unsupported-kind = Mi dispiace, non so ancora leggere questo tipo di messaggio. Me lo scrivi a parole?

### Documenti

receipt-title = Ricevuta di cortesia
receipt-not-fiscal = Questo non è un documento fiscale. Riepiloga una prenotazione per cortesia e non sostituisce né la fattura né il documento commerciale (scontrino).
receipt-name = Ricevuta di cortesia { $number }
receipt-foot = Ricevuta di cortesia { $number } · documento non fiscale
receipt-page = Pagina { $page } di { $of }
receipt-number = Numero
receipt-date = Data
receipt-customer = Cliente
receipt-description = Descrizione
receipt-when = Data e ora
receipt-places = Posti
receipt-amount = Importo
receipt-total = Totale
receipt-payments = Pagamenti
receipt-no-payments = Ancora nessuno
receipt-refunds = Rimborsi
receipt-refund = Rimborso
receipt-due = Da pagare
receipt-credit = A tuo credito
receipt-settled = Non resta niente da pagare
receipt-caption = Ecco la tua ricevuta di cortesia { $number }. Non è un documento fiscale.
receipt-filename = ricevuta-{ $number }.pdf
paid-by-card = Carta
paid-in-cash = Contanti
calendar-caption = Apri questo file per aggiungerlo al tuo calendario.
calendar-filename = prenotazione-{ $reference }.ics
calendar-summary = { $service } presso { $business }
calendar-description = { $crew_named ->
    [yes] Con { $crew }.{" "}
   *[no] {""}
}Il tuo codice è { $reference }. Per spostarla o disdirla scrivici su WhatsApp.
calendar-cancelled = La tua prenotazione { $reference } è disdetta.
