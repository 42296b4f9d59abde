# Le code, una per tipo di lavoro, con le loro pause e i loro limiti.

queues-none = Nessun tipo di lavoro è ancora conosciuto
queues-none-more = Vengono registrati quando parte il primo processo: holdfast serve
queues-ready = Pronti
queues-oldest = Pronto più vecchio
queues-running = In corso
queues-held = Trattenuti
queues-blocked = Bloccati
queues-later = Più tardi
queues-scheduled = Programmati
queues-retrying = Nuovi tentativi
queues-waiting = In attesa
queues-dead = Morti, 24 h
queues-hour = Ultima ora
queues-run-wait = Durata, attesa
queues-run = Un tentativo dura
queues-wait = Attesa prima dell'avvio
queues-idle = { $n ->
    [one] 1 coda senza niente da fare
   *[other] { $n } code senza niente da fare
}
queues-idle-table = Code senza niente da fare
queues-depth-told = { $n ->
    [one] 1 lavoro è pronto
   *[other] { $n } lavori sono pronti
}
queues-hour-told = Completati nell'ultima ora: { $n }. Tentativi falliti: { $m }.
queues-quiet = Nell'ultima ora qui non è successo niente.
queues-open = aperta
queues-paused = in pausa
queues-draining = in pausa, si svuota
queues-unserved = nessun processo
queues-pauses = Cosa è in pausa
queues-everything = tutto
queues-for = Per
queues-pause = Metti in pausa
queues-pause-everything = Metti in pausa tutto
queues-resume = Riprendi
queues-all-jobs = Tutti i suoi lavori
queues-now = Adesso
queues-policy = Come viene trattato
queues-attempts = Tentativi
queues-timeout = Tentativo più lungo
queues-concurrency = Insieme in un processo
queues-breaker = Dipende dall'interruttore
queues-former = Nomi precedenti
queues-no-limits = Nessun limite lo frena: quanti girano insieme dipende dal numero di processi.
queues-limit = Limite
queues-at-once = Nello stesso momento
queues-rate = Avvii nel tempo
queues-starts = Avvii
queues-per = In quanti secondi
queues-any = senza limite
queues-empty-any = vuoto: senza limite
queues-used-told = { $n ->
    [one] 1 in corso
   *[other] { $n } in corso
}
queues-scope = Contato
queues-scope-all = su tutti
queues-scope-tenant = per ogni attività
queues-scope-key = per ogni chiave
queues-waits-here = In attesa qui
queues-limit-kinds = Tipi di lavoro
queues-limit-by-hand = Modificato da
queues-limit-change = Cambia il limite
queues-limit-release = Torna a ciò che dice il codice
queues-no-running = Nello stesso momento: scrivi un numero intero da 0 a 1000000, o lascia vuoto
queues-no-rate = Avvii: scrivi un numero intero da 1 a 1000000, o lascia vuoto
queues-no-per = Secondi: scrivi un numero da 0.001 a 604800
told-queue-paused = In pausa. Ciò che è in corso finisce come al solito.
told-queue-drains = { $n ->
    [one] In pausa. 1 lavoro è ancora in corso e finisce come al solito.
   *[other] In pausa. { $n } lavori sono ancora in corso e finiscono come al solito.
}
told-queue-resumed = Ripreso.
told-no-queue-pause = Non è stato fatto niente: quella pausa non c'era più.
told-no-limit-change = Non è stato fatto niente: il limite ha già i numeri del codice, o questa versione non lo conosce.
