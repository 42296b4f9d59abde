# I lavori morti, per causa.

dead-none = Niente è morto
dead-none-more = Qui si raccolgono, per causa, i lavori che hanno esaurito i tentativi. Per vedere tutti i lavori, apri l'elenco.
dead-told = { $kinds ->
    [one] { $kinds } tipo di errore
   *[other] { $kinds } tipi di errore
  }, { $n ->
    [one] { $jobs } lavoro
   *[other] { $jobs } lavori
  }.
dead-more = Sono contati solo i 10.000 lavori morti più recenti; ce ne sono di più vecchi.
dead-sorts-more = Altri { $n } tipi di errore, di pochi lavori ciascuno, non sono mostrati. Guarda un solo tipo di lavoro per vederli.
dead-share = { $share } dei lavori morti
dead-first = Primo
dead-last = ultimo
dead-latest = i più recenti:
dead-look = Guarda i lavori
dead-retry = Riprova tutti…
dead-delete = Elimina tutti…
