# Il personale.

staff-name = Nome
staff-actions = Azioni
staff-invite = Invita qualcuno
staff-reset = Link per la password
staff-disable = Disattiva
staff-enable = Riattiva
staff-disabled = disattivato
staff-sign-out = Chiudi le sessioni
told-no-last-owner = Non è stato fatto niente: un titolare deve restare. Nominane prima un altro.
told-no-of-the-house = Non è stato fatto niente: responsabili e addetti appartengono a un'attività.
