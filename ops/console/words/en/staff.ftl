# The staff.

staff-name = Name
staff-actions = Actions
staff-invite = Invite somebody
staff-reset = New password link
staff-disable = Disable
staff-enable = Enable
staff-disabled = disabled
staff-sign-out = End sessions
told-no-last-owner = Nothing was done: somebody has to stay the owner. Make another owner first.
told-no-of-the-house = Nothing was done: managers and agents belong to a business.
