# Gli interruttori.

breakers-none = Nessun interruttore è ancora conosciuto
breakers-none-more = I tipi di lavoro dichiarano da cosa dipendono; gli interruttori vengono registrati quando parte il primo processo.
breakers-state-closed = chiuso
breakers-state-open = aperto
breakers-state-half-open = riprova
breakers-state-recovering = si riprende
breakers-since = Da
breakers-next = Prossimo tentativo
breakers-until = Forzato fino a
breakers-failures = Errori che contano
breakers-successes = Successi che contano
breakers-held = Lavori in attesa
breakers-kinds = Tipi di lavoro
breakers-forced = Forzato da
breakers-force-open = Forza aperto
breakers-force-closed = Forza chiuso
breakers-release = Togli la forzatura
breakers-open-more = Non parte niente di ciò che ne dipende.
breakers-closed-more = Parte tutto, qualunque cosa fallisca.
breakers-minutes = Per quanti minuti
breakers-no-minutes = Minuti: scrivi un numero intero da 1 a 10080
breakers-limits = Limiti
breakers-limit = Limite
told-breaker-forced = { $n ->
    [one] Forzato per 1 minuto; poi torna a decidere da solo.
   *[other] Forzato per { $n } minuti; poi torna a decidere da solo.
}
told-breaker-released = Ora torna a decidere da solo.
told-no-breaker-forced = Non è stato fatto niente: non è forzato.
