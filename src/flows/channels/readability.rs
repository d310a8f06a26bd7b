//! Whether a channel can be read, from what the bots found.

use super::Readability;
use crate::adapters::telegram::{ChannelAccess, ChannelWatch};

/// `watch` is what the main bot meets while it watches, `check` what every bot answered, the main bot first.
pub(super) fn readability(watch: Option<&ChannelWatch>, check: Option<&[ChannelAccess]>) -> Readability {
    // Only what Telegram said counts: a bot that cannot ask knows nothing of the channel.
    let cannot = |access: &&ChannelAccess| access.is_known && access.problem.is_some();
    let (main, helpers) = check.and_then(|check| check.split_first()).unzip();
    let helpers: Vec<String> = helpers.into_iter().flatten().filter(cannot).filter_map(|a| a.problem.clone()).collect();
    match watch {
        Some(ChannelWatch::CannotSee(problem)) => Readability::Unreadable(problem.clone()),
        Some(ChannelWatch::Reads) if !helpers.is_empty() => Readability::PartlyReadable(helpers.join(". ")),
        Some(ChannelWatch::Reads) => Readability::Readable,
        Some(ChannelWatch::Failing(_) | ChannelWatch::NotYet) | None => match main.filter(cannot) {
            Some(ChannelAccess { problem: Some(problem), .. }) => Readability::Unreadable(problem.clone()),
            _ => Readability::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(bot: &str, problem: Option<&str>) -> ChannelAccess {
        let is_well = problem.is_none();
        let problem = problem.map(str::to_owned);
        ChannelAccess {
            bot: bot.to_owned(),
            is_known: true,
            is_member: is_well,
            can_read: is_well,
            title: None,
            problem,
        }
    }

    #[test]
    fn nothing_is_called_readable_that_was_not_tried() {
        let bad = || Readability::Unreadable("add it".to_owned());
        let (cannot, failing) = (ChannelWatch::CannotSee("add it".into()), ChannelWatch::Failing("cut".into()));
        let well = [access("main bot", None), access("helper bot 1", None)];
        let slow = [access("main bot", None), access("helper bot 1", Some("add the helper"))];
        let away = [ChannelAccess { is_known: false, ..access("main bot", Some("cannot be reached")) }];
        let out = [access("main bot", Some("add it")), access("helper bot 1", None)];
        type Case<'a> = (Option<&'a ChannelWatch>, Option<&'a [ChannelAccess]>, Readability);
        let cases: [Case<'_>; 13] = [
            (None, None, Readability::Unknown),
            (Some(&ChannelWatch::NotYet), None, Readability::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&well), Readability::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&out), bad()),
            (Some(&failing), Some(&well), Readability::Unknown),
            (Some(&ChannelWatch::Reads), None, Readability::Readable),
            (Some(&ChannelWatch::Reads), Some(&well), Readability::Readable),
            (Some(&ChannelWatch::Reads), Some(&slow), Readability::PartlyReadable("add the helper".to_owned())),
            (Some(&ChannelWatch::Reads), Some(&out), Readability::Readable),
            (Some(&failing), Some(&away), Readability::Unknown),
            (Some(&ChannelWatch::NotYet), Some(&away), Readability::Unknown),
            (Some(&cannot), Some(&well), bad()),
            (Some(&cannot), None, bad()),
        ];
        for (watch, check, wanted) in cases {
            assert_eq!(readability(watch, check), wanted, "{watch:?} {check:?}");
        }
    }
}
