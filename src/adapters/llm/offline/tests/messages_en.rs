use domain::Language::En;

use super::check;

#[test]
fn bookings() {
    check(
        &[
            (
                "I want yoga tomorrow at 7pm | book me yoga tomorrow at 7 in the evening | yoga tmrw 7pm pls",
                "find_sessions activity=yoga date=2027-03-11 time=19:00",
            ),
            (
                "Could you please book yoga for the 11th at 19? | can I join yoga on thursday 11 at seven pm",
                "find_sessions activity=yoga date=2027-03-11 time=19:00",
            ),
            (
                "hey, can i book a spot for yoga tomorrow evening | any yoga tomorrow night?",
                "find_sessions activity=yoga date=2027-03-11 part_of_day=evening",
            ),
            (
                "yoga tonight? | is there yoga this evening",
                "find_sessions activity=yoga date=2027-03-10 part_of_day=evening",
            ),
            (
                "can u sign me up for spining on saturday at 6.30pm",
                "find_sessions activity=spinning date=2027-03-13 time=18:30",
            ),
            (
                "piltes on friday | is there a pilates class on Friday? | put me down for pilates this friday",
                "find_sessions activity=pilates date=2027-03-12",
            ),
            ("a haircut next tuesday at 10", "find_sessions activity=haircut date=2027-03-16 time=10:00"),
            (
                "deep tissue massage on monday at noon",
                "find_sessions activity=deep tissue massage date=2027-03-15 time=12:00",
            ),
            ("what else is there on monday evening?", "find_sessions date=2027-03-15 part_of_day=evening"),
            ("yoga with Marco next friday", "find_sessions activity=yoga crew=Marco date=2027-03-19"),
            (
                "meditation next week in the evening",
                "find_sessions activity=meditation date=2027-03-15 part_of_day=evening until=2027-03-21",
            ),
            ("boxing this weekend", "find_sessions activity=boxing date=2027-03-13 until=2027-03-14"),
            ("when is boxing? | I'd like to do boxing | boxing times", "find_sessions activity=boxing"),
            (
                "is there any pilates class on thursday after 5?",
                "find_sessions activity=pilates date=2027-03-11 part_of_day=evening",
            ),
            ("yoga before 10am tomorrow", "find_sessions activity=yoga date=2027-03-11 part_of_day=morning"),
            ("do you have something on saturday morning?", "find_sessions date=2027-03-13 part_of_day=morning"),
            ("book me something tomorrow at 6pm", "find_sessions date=2027-03-11 time=18:00"),
            ("I'd like to book a class | can I book?", "find_sessions"),
            ("yoga tomorrow, no wait, friday at 7pm", "find_sessions activity=yoga date=2027-03-12 time=19:00"),
            ("pilates tomorrow rather than yoga", "find_sessions activity=pilates date=2027-03-11"),
            ("yoga in 2 hours", "find_sessions activity=yoga date=2027-03-10 time=12:00"),
            ("half past six yoga on friday", "find_sessions activity=yoga date=2027-03-12 time=18:30"),
            ("Yoga Thu 11 Mar 19:00 [session 7]", "create_booking session_id=7"),
        ],
        En,
    );
}

#[test]
fn two_things_at_once() {
    check(
        &[
            ("what classes tomorrow and where are you?", "list_locations + list_sessions date=2027-03-11 days=1"),
            (
                "yoga or pilates on friday",
                "find_sessions activity=yoga date=2027-03-12 + find_sessions activity=pilates date=2027-03-12",
            ),
            (
                "yoga at 6pm or 8pm tomorrow",
                "find_sessions activity=yoga date=2027-03-11 time=18:00 + find_sessions activity=yoga date=2027-03-11 time=20:00",
            ),
        ],
        En,
    );
}

#[test]
fn everything_else() {
    check(
        &[
            ("cancel my class | I can't make it on monday | please cancel yoga | I need to cancel", "find_bookings"),
            ("my bookings | what have I booked? | when is my class? | am I booked for yoga?", "find_bookings"),
            ("move my yoga to friday | can I reschedule?", "find_bookings"),
            ("what's on tomorrow? | what classes do you have tomorrow", "list_sessions date=2027-03-11 days=1"),
            ("timetable | can you send me the schedule?", "list_sessions date=2027-03-10 days=7"),
            ("who teaches yoga?", "find_crew activity=yoga"),
            ("who is Giulia?", "find_crew name=giulia"),
            ("how much is yoga? | price of yoga", "find_sessions activity=yoga"),
            ("what are your prices?", "list_sessions days=7"),
            ("where are you? | what's the address? | how do I get there? | is there parking", "list_locations"),
            (
                "are you open on sunday? | what's your phone number? | what's your cancellation policy? | \
                 can I pay cash?",
                "business_info",
            ),
            ("can I talk to a person?", "business_info"),
            ("do I need to bring my own mat?", "business_info"),
            ("hi | thanks! | ok | no thanks | help | yes | yesterday | [video] | qwerty", ""),
        ],
        En,
    );
}
