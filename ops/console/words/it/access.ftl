# L'accesso, il proprio account, il personale.

sign-in = Entra
sign-in-more = Gli account nascono da un invito. Per il primo: holdfast staff invite
sign-in-wrong = Indirizzo o password non sono giusti.
sign-in-wait = { $n ->
    [one] Troppi tentativi. Aspetta un secondo e riprova.
   *[other] Troppi tentativi. Aspetta { $n } secondi e riprova.
}
email = E-mail
password = Password
code = Codice
code-more = Le sei cifre della tua app, o uno dei tuoi codici di recupero.
code-wrong = Non era il codice di questo momento. Guarda l'orologio del telefono e prova con il prossimo.
second-step = Secondo passaggio
second-step-on = L'accesso chiede un codice della tua app.
second-step-off = Una password da sola si può rubare. Fa' che l'accesso chieda anche il codice di un'app.
second-step-begin = Configura un'app
second-step-change = Cambia o togli
second-step-remove = Togli
second-step-why = Prima la tua password, così nessun altro può cambiarlo.
second-step-scan = Inquadra con un'app che genera codici, poi scrivi il codice che mostra.
second-step-type = Oppure scrivi questa chiave:
second-step-confirm = Conferma
recovery = Codici di recupero
recovery-more = Senza telefono, ognuno di questi ti fa entrare una volta. Tienili dove non c'è il telefono. Si vedono solo adesso.
recovery-kept = Li ho messi via
recovery-left = { $n ->
    [one] Resta 1 codice di recupero.
   *[other] Restano { $n } codici di recupero.
}
new-password = Nuova password
password-rule = almeno 12 caratteri; va bene una frase
password-change = Cambia la password
password-now = La tua password attuale
password-wrong = Non è la tua password.
password-short = Usa almeno 12 caratteri.
password-long = Usa al massimo 128 caratteri.
password-guessable = Questa è troppo facile da indovinare. Prendi qualche parola che non c’entra con le altre.
invite = Benvenuto in Holdfast
invite-hello = { $name }, sei invitato come: { $role }. Scegli una password ed entri.
invite-accept = Scegli ed entra
invite-gone = Questo link è esaurito
invite-gone-more = Vale una volta, per 24 ore. Chiedine un altro a chi te l'ha mandato.
invite-made = Manda questo link a { $name }:
invite-made-more = Si vede solo adesso, vale una volta e per 24 ore.
invite-no-email = E-mail: scrivi un indirizzo come anna@example.com
invite-no-name = Nome: scrivi da 1 a 100 caratteri
invite-no-tenant = Attività: responsabili e addetti ne hanno una; sceglila
invite-no-taken = E-mail: qualcuno ha già un account con questa
role = Ruolo
language = Lingua
language-it = Italiano
language-en = English
saved-views = Ricerche salvate
saved-views-none = Ancora nessuna. Salva una ricerca nella schermata dei lavori e la trovi qui.
sessions = Dove hai fatto l'accesso
sessions-end-others = Chiudi tutte le altre
session-where = Browser
session-opened = Da
session-seen = Ultima volta
session-end = Chiudi
session-this = questa
told-password = La password è cambiata. Le altre sessioni sono chiuse.
