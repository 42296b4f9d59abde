# Every sentence a customer reads, in English. it.ftl has the same keys.

### Pieces

day = { $weekday } { $number } { $month }
free = free
session = { $service }{ $crew_named ->
    [yes] {" "}with { $crew }
   *[no] {""}
}, { $day } { $time }{ $location_named ->
    [yes] {" "}at { $location }
   *[no] {""}
}
session-terms = { $spots ->
    [0] full
    [one] 1 spot left
   *[other] { $spots } spots left
}, { $price }
choose = { $count ->
    [one] Is that all right? Reply “yes” and I'll go on.
   *[other] Which one would you like? Reply with its number.
}

### Proposals and their answers

proposal-to-book = { $session }. { $terms }. Shall I book it?
proposal-to-cancel = You are booked for { $session }. Shall I cancel it?
yes-button = Yes, please
no-button = No, thanks
booked = Done, you are booked: { $session }. Your reference is { $reference }. See you there!
already-booked = You already have a place: { $session }.
full = I'm sorry, { $session } is full.
full-unnamed = I'm sorry, that one is full.
full-no-alternatives = I see nothing similar with a free spot. Would you like another day?
alternatives = These still have room:
cancelled = Your booking is cancelled: { $session }. I hope to see you another time.
already-cancelled = That booking had been cancelled already; there is nothing left to do.
declined = All right, I have left everything as it is.
proposal-expired = That offer has expired, so I have changed nothing. Tell me again what you would like and I'll check what is free.
session-started = I'm sorry, that session has already started, so I can no longer change it here.
session-cancelled = I'm sorry, that session has been called off by the studio. Would you like another one?
bookings-closed = I'm sorry, that session is not open for booking. Would you like another one?
session-unknown = I can't find that session in the calendar any more. Tell me the activity and the day and I'll look again.
booking-unknown = I can't find that booking. Ask me for your bookings and I'll list them.
bookings-list = { $count ->
    [one] You have one booking:
   *[other] You have { $count } bookings:
}
no-bookings = You have no upcoming bookings.

### Choices

options = { $count ->
    [one] I found this:
   *[other] I found these:
}
list-button = See the times
nothing-exact = I have nothing with a free spot exactly like that. The nearest are:
nothing-found = I'm sorry, I found nothing for that. Would you like another day or time?
no-such-activity = I'm sorry, we don't offer “{ $asked }”.
which-activity = Which activity would you like?
known-activities = { $count ->
    [one] We offer { $known }.
   *[other] We offer: { $known }.
}
nothing-scheduled = There is nothing in the timetable for those days.
past-date = The day you name ({ $day }) has already passed. Which day would you like?
timetable = Here is the timetable:
timetable-row = { $time } { $service } ({ $spots ->
    [0] full
    [one] 1 spot left
   *[other] { $spots } spots left
}, { $price })
timetable-more = { $count ->
    [one] … and one more.
   *[other] … and { $count } more.
}
timetable-close = To book, reply with a number, or tell me the activity and the time.
which-booking = Which of these bookings do you mean?

### The business

crew-list = { $count ->
    [one] Here is who you are asking about:
   *[other] Our team:
}
crew-gives = ({ $activities })
no-crew = I know nobody here who fits that. Ask me “who teaches?” for the whole team.
locations-list = { $count ->
    [one] You find us here:
   *[other] You find us in { $count } places:
}
opening = Opening hours: { $value }
cancellation = Cancellations: { $value }
phone = Phone: { $value }
website = Website: { $value }
prices = Prices for one place:
talk-to-staff = I'm the automatic assistant. To talk to a person, call { $phone }.
talk-to-staff-here = I'm the automatic assistant. Someone of the staff can read this chat too.

### Talk

greeting = Hello! I can book a class for you, change your bookings or tell you about the timetable. What would you like to do?
help = Write to me as you would to a person, for example:
    • “yoga tomorrow at 7pm”
    • “what's on Thursday?”
    • “my bookings”
    • “cancel my class”
    • “where are you?”
not-understood = I'm sorry, I did not understand that. I can book a class, cancel one, or tell you the timetable, prices and where to find us. Try, for example: “yoga tomorrow at 7pm”.
thanks-reply = You're welcome! I'm here if you need anything else.
yes-without-question = Gladly, but I have nothing waiting for your yes. What would you like to book?
move-explained = To move a booking, let's book the new time first; after that, tell me “cancel” and I'll ask which one to give up.
one-place-each = I can book one place from this chat; the others can each write to me from their own phone.
last-word = I'm sorry, I could not settle this by myself. A person of the staff will follow up here.
trouble = I'm sorry, something went wrong on our side and I could not finish that. Please try again in a few minutes.
unsupported-kind = I'm sorry, I can't read this kind of message yet. Could you write it to me in words?
