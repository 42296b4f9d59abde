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

proposal-to-book = { $session }. { $terms }. { $notes }Shall I book it?
proposal-to-cancel = You are booked for { $session }. { $note }Shall I cancel it?
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

### Money and waiting

cost-reasons = Price: { $sum } = { $price }.
cost-places = For { $places } people: { $total }.
cost-credits = { $places ->
    [one] I'll use one of your credits.
   *[other] I'll use { $places } of your credits.
}
cost-membership = It is part of your membership.
cost-hold = I hold the place for { $minutes } minutes and send you a link to pay by card.
returns-all = { $tense ->
    [would] You would get { $back } back.
   *[other] You get { $back } back, the way you paid.
}
returns-part = { $tense ->
    [would] You would get back { $back } of the { $paid } you paid ({ $percent } %).
   *[other] You get back { $back } of the { $paid } you paid, the way you paid.
}
returns-nothing = { $tense ->
    [would] It is too late for a refund: nothing of the { $paid } you paid would come back.
   *[other] It was too late for a refund.
}
returns-credit = { $tense ->
    [would] You would have it back on your card of credits.
   *[other] It is back among your credits.
}
returns-no-credit = { $tense ->
    [would] It is too late to get it back: it would count as used.
   *[other] It counts as used.
}
proposal-to-move = You are booked for { $from }. Shall I move you to { $to }? { $change ->
    [more] It costs { $amount } more.
    [less] You would get { $amount } back.
   *[same] The price stays the same.
}
moved = Done, I moved you: { $session }. Your reference is { $reference } now.
proposal-to-wait = Shall I put you on the waiting list? { $ahead ->
    [0] You would be the first.
    [one] One person is before you.
   *[other] { $ahead } people are before you.
}
waiting = You are on the waiting list for { $session }: { $position ->
    [1] you are next
   *[other] number { $position }
}. I'll write to you as soon as there is a place.
already-waiting = You are on the waiting list already: { $position ->
    [1] you are next
   *[other] number { $position }
}. I'll write to you as soon as there is a place.
place-free = Good news: there is a place now in { $session }. Tell me that you want it and I'll book it.
held = I hold your place until { $until }: { $session }. It is yours as soon as it is paid; the link is on its way.
booked-owes = You pay { $amount } at the studio; tap the button if you would rather pay by card now.
pay-button = Pay by card
nothing-to-pay = There is nothing left to pay.
link-comes = I'm sending you the link to pay by card.
clash = You have another booking at that time: { $session }. Shall we look for another one, or cancel that one first?
clash-unnamed = You have another booking at that time, so I have changed nothing.
bookings-not-open = I'm sorry, that session cannot be booked yet. Would you like an earlier one?
too-late-to-move = I'm sorry, it is too late to move that booking. I can still cancel it, if you like.
offer-gone = I'm sorry, that place went to somebody else meanwhile. You keep your turn on the waiting list.
offer-passed = All right, I'm passing it on. You are off that waiting list.
nothing-offered = I have no place on hold for you at the moment.
opted-out = All right, I won't write to you unasked any more. I'll still answer you here, and tell you what concerns your bookings. Write START to change that.
opted-in = Welcome back: you will get reminders and news again.

### Waiting lists

waiting-lists = { $count ->
    [one] You are on one waiting list:
   *[other] You are on { $count } waiting lists:
}
waiting-row = { $session }: { $position ->
    [1] you are next
   *[other] number { $position }
}
not-waiting = You are not on any waiting list.
which-list = Which of these waiting lists do you mean? Reply with its number.
left-list = Done, you are off the waiting list for { $session }.
all-full = { $count ->
    [one] I'm sorry, this one is full:
   *[other] I'm sorry, these are full:
}
which-to-wait-for = There is a waiting list. Reply with the number of the one you would wait for.
also-full = { $count ->
    [one] This one is full, but it has a waiting list:
   *[other] These are full, but they have waiting lists:
}
how-to-wait = To wait for a place there, write “waiting list” and its time.

### Errands

move-when = You are booked for { $session }. Which day and time shall I move you to?
pay-at-the-studio = I can't take cards from here. Please pay at the studio.
receipt-comes = I'm sending you the receipt.
nothing-paid = I see nothing that you have paid, so there is no receipt to send.
too-many-places = I can book up to { $most } places at once from this chat. For a larger group, please talk to the staff.

### Memberships and packs

plans-list = You can buy ahead:
no-plans = We have no memberships or packs of visits on sale at the moment.
plan-row = *{ $name }*: { $price }, { $gives }, good for { $days ->
    [one] one day
   *[other] { $days } days
}
plan-visits = { $count ->
    [one] one visit
   *[other] { $count } visits
}
plan-a-week = { $count ->
    [one] one visit a week
   *[other] { $count } visits a week
}
plan-a-month = { $count ->
    [one] one visit a month
   *[other] { $count } visits a month
}
plan-without-limit = as many visits as you like
which-plan = Which of these would you like? Reply with its number.
your-plans = You have:
your-visits = *{ $name }*: { $left ->
    [0] no visits left
    [one] one visit left
   *[other] { $left } visits left
}, until { $day }
your-membership = *{ $name }*, until { $day }
your-unpaid-plan = *{ $name }*: not paid yet
no-plan-of-yours = You have no membership and no pack of visits.
plan-offer = { $plan }. Shall I send you the link to pay it by card?
plan-offer-free = { $plan }. Would you like it?
plan-at-the-studio = { $plan }. You can buy it at the studio.
plan-yours = Done, “{ $name }” is yours until { $day }.
plan-unknown = That one is not on sale. Ask me for “memberships” and I'll list what there is.

### Unasked

notice-reminder = A reminder: { $session }. If you can't come, write “cancel”.
notice-waitlist-offer = A place is free: { $session }, { $price }. I hold it for you until { $until }. Do you want it?
take-button = Yes, I want it
notice-waitlist-promoted = A place became free and it is yours: { $session }. Your reference is { $reference }. If you can't come, write “cancel”.
notice-place-free = A place is free in { $session }. The first who books it has it: write to me if you want it.
notice-offer-expired = The place in { $session } went to the next on the list. Write to me if you still want one: you keep your turn.
notice-payment-link = Here you pay { $amount } for { $what }: { $url }{ $limited ->
    [yes] {" "}(until { $until })
   *[no] {""}
}
notice-payment-received = Thank you, I received { $amount }. Your place is booked: { $session }. Your reference is { $reference }.
notice-plan-paid = Thank you, I received { $amount }. “{ $plan }” is yours from now on.
notice-hold-expired = I could not hold your place in { $session } any longer, because it was not paid. Write to me if you still want it.
notice-paid-in-vain = Your payment of { $amount } for { $session } came when the place was gone. You get all of it back.
notice-refund-made = We sent { $amount } back to you, the way you paid. With a card it takes a few days to arrive.
notice-session-cancelled = I'm sorry, the studio had to call off { $session }. { $paid ->
    [yes] You get { $amount } back.
   *[no] You owe nothing.
} Would you like another one?
notice-session-changed = Your booking has changed. It is now: { $session }. If it does not suit you, write “cancel”: it costs you nothing.
notice-credits-expiring = { $credits ->
    [one] One credit of “{ $plan }” is good until { $day }.
   *[other] { $credits } credits of “{ $plan }” are good until { $day }.
} Shall I find you a class?

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
    • “move my class to Friday”
    • “cancel my class”
    • “memberships”
    • “where are you?”
not-understood = I'm sorry, I did not understand that. I can book a class, cancel one, or tell you the timetable, prices and where to find us. Try, for example: “yoga tomorrow at 7pm”.
thanks-reply = You're welcome! I'm here if you need anything else.
yes-without-question = Gladly, but I have nothing waiting for your yes. What would you like to book?
last-word = I'm sorry, I could not settle this by myself. A person of the staff will follow up here.
trouble = I'm sorry, something went wrong on our side and I could not finish that. Please try again in a few minutes.
unsupported-kind = I'm sorry, I can't read this kind of message yet. Could you write it to me in words?

### Documents

receipt-title = Courtesy receipt
receipt-not-fiscal = This is not a fiscal document. It sums up a booking as a courtesy and replaces neither an invoice nor a till receipt.
receipt-name = Courtesy receipt { $number }
receipt-foot = Courtesy receipt { $number } · not a fiscal document
receipt-page = Page { $page } of { $of }
receipt-number = Number
receipt-date = Date
receipt-customer = Customer
receipt-description = Description
receipt-when = Date and time
receipt-places = Places
receipt-amount = Amount
receipt-total = Total
receipt-payments = Payments
receipt-no-payments = None yet
receipt-refunds = Refunds
receipt-refund = Refund
receipt-due = Still to pay
receipt-credit = In your favour
receipt-settled = Nothing is left to pay
receipt-caption = Here is your courtesy receipt { $number }. It is not a fiscal document.
receipt-filename = receipt-{ $number }.pdf
paid-by-card = Card
paid-in-cash = Cash
calendar-caption = Open this file to put it in your calendar.
calendar-filename = booking-{ $reference }.ics
calendar-summary = { $service } at { $business }
calendar-description = { $crew_named ->
    [yes] With { $crew }.{" "}
   *[no] {""}
}Your reference is { $reference }. To change or cancel it, write to us on WhatsApp.
calendar-cancelled = Your booking { $reference } is cancelled.
