//! Any headers of a request for bytes lead to an answer that lies inside the file.
#![no_main]

use cinepost::domain::conditions::{Conditions, Method, Outcome, Validators};
use cinepost::domain::range::{Answer, ByteRange, Wanted};
use libfuzzer_sys::fuzz_target;

type Texts<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fuzz_target!(|input: (Texts<'_>, u64, Option<i64>, bool)| {
    let ((range, if_range, if_match, if_none_match, if_modified_since, if_unmodified_since), length, modified, head) =
        input;
    if let Some(wanted) = Wanted::parse(range) {
        check(wanted.answer(length), length);
    }
    let current = Validators { etag: "\"0a1b\"".to_owned(), modified };
    let conditions =
        Conditions { if_match, if_unmodified_since, if_none_match, if_modified_since, range: Some(range), if_range };
    let method = if head { Method::Head } else { Method::Get };
    if let Outcome::Send(answer) = conditions.decide(method, &current, length) {
        assert!(!head || answer == Answer::Full, "ranges have no meaning for HEAD");
        check(answer, length);
    }
});

fn check(answer: Answer, length: u64) {
    let is_inside = |run: &ByteRange| run.start() < run.end() && run.end() <= length;
    match answer {
        Answer::Full | Answer::NotSatisfiable => {}
        Answer::Partial(run) => assert!(is_inside(&run), "{run:?} of {length}"),
        Answer::Several(mut runs) => {
            assert!(runs.len() > 1 && runs.iter().all(is_inside), "{runs:?} of {length}");
            runs.sort_by_key(|run| run.start());
            assert!(runs.windows(2).all(|two| two[0].end() < two[1].start()), "{runs:?} touch");
        }
    }
}
