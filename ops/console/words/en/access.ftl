# Signing in, one's own account, the staff.

sign-in = Sign in
sign-in-more = Accounts are made by invitation. For the first one, run: holdfast staff invite
sign-in-wrong = Address or password are not right.
sign-in-wait = { $n ->
    [one] Too many tries. Wait a second, then try again.
   *[other] Too many tries. Wait { $n } seconds, then try again.
}
email = E-mail
password = Password
code = Code
code-more = The six digits of your app, or one of your recovery codes.
code-wrong = That was not the code of this moment. Look at the clock of your phone, and try the next one.
second-step = Second step
second-step-on = Signing in asks for a code of your app.
second-step-off = A password alone can be stolen. Let signing in ask for a code of an app, too.
second-step-begin = Set up an app
second-step-change = Change or remove
second-step-remove = Remove
second-step-why = Your password first, so that nobody else changes this.
second-step-scan = Scan this with an app that makes codes, then write the code that it shows.
second-step-type = Or type this key:
second-step-confirm = Confirm
recovery = Recovery codes
recovery-more = Without your phone, each of these lets you in once. Keep them where your phone is not. They are shown this once.
recovery-kept = I have kept them
recovery-left = { $n ->
    [one] 1 recovery code is left.
   *[other] { $n } recovery codes are left.
}
new-password = New password
password-rule = 12 characters or more; a sentence is good
password-change = Change the password
password-now = Your password now
password-wrong = That is not your password.
password-short = Take at least 12 characters.
password-long = Take at most 128 characters.
password-guessable = This is too easy to guess. Take a few words that do not belong together.
invite = Welcome to Holdfast
invite-hello = { $name }, you are invited as: { $role }. Choose a password, and you are in.
invite-accept = Choose it and come in
invite-gone = This link is used up
invite-gone-more = It works once, and for 24 hours. Ask whoever sent it for another one.
invite-made = Send this link to { $name }:
invite-made-more = It is shown this once, works once, and for 24 hours.
invite-no-email = E-mail: write an address like anna@example.com
invite-no-name = Name: write 1 to 100 characters
invite-no-tenant = Business: managers and agents belong to one; choose it
invite-no-taken = E-mail: somebody has an account with it already
role = Role
language = Language
language-it = Italiano
language-en = English
saved-views = Saved views
saved-views-none = None yet. Save a search on the jobs screen, and it is here.
sessions = Where you are signed in
sessions-end-others = End all others
session-where = Browser
session-opened = Since
session-seen = Last seen
session-end = End
session-this = this one
told-password = The password is changed. Other sessions have ended.
