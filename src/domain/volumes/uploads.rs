//! Which volumes were uploaded together, and whether they are complete.

use std::collections::{BTreeMap, BTreeSet};

use super::{ArchiveSplit, Content, Scheme, VolumeName, ZIP_LAST};
use crate::domain::post::{ChatId, PostRef};

/// A post's file that is a volume, and where it stands.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub name: VolumeName,
    /// Bytes.
    pub size: u64,
    /// Messages that carry it, with their albums.
    pub at: Vec<(PostRef, Option<i64>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Ready to be played, or its archive to be read.
    Complete,
    /// Nothing is missing so far, and nothing says that this is all.
    MoreMayCome,
    /// The names of volumes that must be there and are not.
    Missing(Vec<String>),
    /// Volumes of different uploads, and no telling which belongs where.
    Mixed,
}

/// What names and sizes leave open, for whoever can read the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    None,
    /// They may be films that play on their own. They are when one of `later`, which are in this order, begins as a film; and
    /// when there is none of these.
    Films {
        later: Vec<usize>,
    },
    /// What seems to be the first volume is it when it begins as a film. Otherwise these, which come before it, are missing.
    Beginning {
        missing: Vec<String>,
    },
}

/// Volumes that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Positions in the list of candidates, in the order of their numbers.
    pub volumes: Vec<usize>,
    /// What they come to, if nothing speaks against it that `doubt` asks for.
    pub state: State,
    pub doubt: Doubt,
}

/// Sorts volumes of one name (see [`VolumeName::set`]) into the uploads that they belong to.
///
/// Volumes belong together within a channel. In the order of their messages each joins the latest upload that has no other
/// volume of its number and whose sizes it fits; posts of an album stay together. What that cannot tell apart is
/// [`State::Mixed`]. Of equal groups (the same posts forwarded to a second channel) one is given, and none that another
/// one already completes.
pub fn group(candidates: &[Candidate]) -> Vec<Group> {
    let mut kinds: BTreeMap<(ChatId, Scheme), Vec<usize>> = BTreeMap::new();
    for (n, candidate) in candidates.iter().enumerate() {
        let chats: BTreeSet<ChatId> = candidate.at.iter().map(|(at, _)| at.chat).collect();
        for chat in chats {
            kinds.entry((chat, candidate.name.scheme)).or_default().push(n);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for ((chat, _), volumes) in kinds {
        for group in uploads(candidates, chat, volumes) {
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
    }
    let is_within = |small: &Group, large: &Group| small.volumes.iter().all(|n| large.volumes.contains(n));
    let covers =
        |large: &Group, small: &Group| large != small && large.state == State::Complete && is_within(small, large);
    let kept = groups.iter().filter(|group| !groups.iter().any(|other| covers(other, group)));
    kept.cloned().collect()
}

/// One channel's volumes of one scheme, by upload.
fn uploads(candidates: &[Candidate], chat: ChatId, volumes: Vec<usize>) -> Vec<Group> {
    // By the first message in this channel.
    let place = |n: &usize| {
        let here = candidates[*n].at.iter().filter(|(at, _)| at.chat == chat);
        here.map(|(at, album)| (at.message, *album)).min()
    };
    let mut placed: Vec<(i32, Option<i64>, usize)> =
        volumes.iter().filter_map(|n| place(n).map(|(message, album)| (message, album, *n))).collect();
    placed.sort_unstable();

    let mut units: Vec<(Option<i64>, Vec<usize>)> = Vec::new();
    for (_, album, n) in placed {
        match units.iter_mut().find(|(of, _)| of.is_some() && *of == album) {
            Some((_, unit)) if fits(candidates, unit, &[n]) => unit.push(n),
            _ => units.push((album, vec![n])),
        }
    }
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for (_, unit) in units {
        match clusters.iter_mut().rev().find(|cluster| fits(candidates, cluster, &unit)) {
            Some(cluster) => cluster.extend(unit),
            None => clusters.push(unit),
        }
    }
    for cluster in &mut clusters {
        cluster.sort_by_key(|n| candidates[*n].name.number);
    }
    let is_film = |cluster: &[usize]| cluster.first().is_some_and(|n| candidates[*n].name.content() == Content::Video);
    let grouped = |cluster: &Vec<usize>| {
        let is_mixed = is_film(cluster) && clusters.iter().any(|other| may_end_in(candidates, cluster, other));
        let state = if is_mixed { State::Mixed } else { state(candidates, cluster) };
        Group { volumes: cluster.clone(), state, doubt: doubt(candidates, cluster) }
    };
    clusters.iter().map(grouped).collect()
}

/// Whether one of two uploads has no beginning and would go on where the other seems to end: that end may be its own.
fn may_end_in(candidates: &[Candidate], cluster: &[usize], other: &[usize]) -> bool {
    let number = |n: Option<&usize>| n.map_or(0, |n| candidates[*n].name.number);
    let is_open = |cluster: &[usize]| number(cluster.first()) > start(candidates, cluster);
    let (is_open, is_other_open) = (is_open(cluster), is_open(other));
    let (last, other_last) = (number(cluster.last()), number(other.last()));
    (!is_open && is_other_open && other_last > last) || (is_open && !is_other_open && last > other_last)
}

/// The number of an upload's first volume: 0 where one has that, else 1.
fn start(candidates: &[Candidate], cluster: &[usize]) -> u16 {
    cluster.iter().map(|n| candidates[*n].name.number).min().unwrap_or(1).min(1)
}

/// What only the bytes of these volumes tell.
fn doubt(candidates: &[Candidate], cluster: &[usize]) -> Doubt {
    let Some(first) = cluster.first().map(|n| &candidates[*n]) else { return Doubt::None };
    if first.name.is_doubtful() {
        let sizes: Vec<u64> = cluster.iter().map(|n| candidates[*n].size).collect();
        let is_cut = sizes.windows(2).any(|pair| pair[0] == pair[1]) || is_cut_size(sizes[0]);
        let start = start(candidates, cluster);
        let later = cluster.iter().copied().filter(|n| candidates[*n].name.number > start).collect();
        return if is_cut { Doubt::None } else { Doubt::Films { later } };
    }
    // What is counted with two digits begins with 00 as a rule.
    match (first.name.scheme, first.name.number) {
        (Scheme::TwoDigits, 1) if first.name.content() == Content::Video => {
            Doubt::Beginning { missing: vec![first.name.of_number(0)] }
        }
        _ => Doubt::None,
    }
}

/// Whether people cut files at this size: a whole number of 64 KiB or of 100 kB. One film in 40,000 is so large by chance.
fn is_cut_size(bytes: u64) -> bool {
    bytes > 0 && (bytes.is_multiple_of(64 * 1024) || bytes.is_multiple_of(100_000))
}

/// By how much volumes of one upload may differ in size, the last one aside: not at all where they were cut by bytes, a
/// little where an archiver filled them.
fn slack(name: &VolumeName, size: u64) -> u64 {
    match name.content() {
        Content::Archive(_, ArchiveSplit::Archiver) => size / 100,
        _ => 0,
    }
}

/// Whether volumes can be of the same upload: no number twice, and all but the last of one size.
fn fits(candidates: &[Candidate], cluster: &[usize], more: &[usize]) -> bool {
    let mut all: Vec<(u16, u64)> =
        cluster.iter().chain(more).map(|n| (candidates[*n].name.number, candidates[*n].size)).collect();
    all.sort_unstable();
    let is_once = all.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let Some(((_, last), before)) = all.split_last() else { return true };
    let size = before.first().map_or(*last, |(_, size)| *size);
    let slack = cluster.first().or(more.first()).map_or(0, |n| slack(&candidates[*n].name, size));
    is_once && before.iter().all(|(_, other)| other.abs_diff(size) <= slack) && *last <= size.saturating_add(slack)
}

fn state(candidates: &[Candidate], cluster: &[usize]) -> State {
    let Some(name) = cluster.first().map(|n| &candidates[*n].name) else { return State::Mixed };
    let numbers: BTreeSet<u16> = cluster.iter().map(|n| candidates[*n].name.number).collect();
    let has_zip = numbers.contains(&ZIP_LAST);
    let highest = numbers.iter().copied().filter(|number| *number != ZIP_LAST).max().unwrap_or(0);
    let mut missing: Vec<String> = (start(candidates, cluster)..=highest)
        .filter(|number| !numbers.contains(number))
        .map(|number| name.of_number(number))
        .collect();
    match name.scheme {
        Scheme::Zip if !has_zip => missing.push(name.of_number(ZIP_LAST)),
        Scheme::Of(total) => missing.extend((highest + 1..=total).map(|number| name.of_number(number))),
        // One volume alone is no split film: there must be a second.
        _ if cluster.len() == 1 && highest <= 1 && name.content() == Content::Video => {
            missing.push(name.of_number(highest + 1));
        }
        _ => {}
    }
    if !missing.is_empty() {
        return State::Missing(missing);
    }
    let sizes: Vec<u64> = cluster.iter().map(|n| candidates[*n].size).collect();
    let ends_smaller = matches!(sizes[..], [first, .., last] if last < first.saturating_sub(slack(name, first)));
    match name.scheme {
        Scheme::Zip | Scheme::Of(_) => State::Complete,
        Scheme::Rar if sizes.len() == 1 => State::Complete,
        _ if ends_smaller => State::Complete,
        _ => State::MoreMayCome,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::volumes::read;

    /// `(number or whole name, size, message, album)`; names without a dot are numbers of a film.
    type Row = (&'static str, u64, i32, Option<i64>);
    /// The rows of a group, and whether it is complete.
    type Whole = (&'static [usize], bool);

    fn candidates(rows: &[Row]) -> Vec<Candidate> {
        let chat = ChatId::from_bare(1_500_000_001).expect("a channel");
        let candidate = |(name, size, message, album): &Row| {
            let name = if name.contains('.') { (*name).to_owned() } else { format!("film.mkv.{name}") };
            let at = vec![(PostRef { chat, message: *message }, *album)];
            Candidate { name: read(&name).expect("a volume"), size: *size, at }
        };
        rows.iter().map(candidate).collect()
    }

    fn grouped(rows: &[Row]) -> Vec<(Vec<usize>, State)> {
        group(&candidates(rows)).into_iter().map(|group| (group.volumes, group.state)).collect()
    }

    #[test]
    fn a_set_is_complete_when_nothing_lacks_and_the_last_is_smaller() {
        let missing = |names: &[&str]| State::Missing(names.iter().map(|name| (*name).to_owned()).collect());
        let cases: [(&str, &[Row], State); 25] = [
            ("in any order", &[("003", 4, 1, None), ("001", 9, 2, None), ("002", 9, 3, None)], State::Complete),
            ("all of one size", &[("001", 9, 1, None), ("002", 9, 2, None)], State::MoreMayCome),
            ("one is missing", &[("001", 9, 1, None), ("003", 4, 2, None)], missing(&["film.mkv.002"])),
            ("the first is missing", &[("002", 9, 1, None)], missing(&["film.mkv.001"])),
            (
                "several are missing",
                &[("004", 9, 1, None), ("002", 9, 2, None)],
                missing(&["film.mkv.001", "film.mkv.003"]),
            ),
            ("one alone", &[("001", 9, 1, None)], missing(&["film.mkv.002"])),
            ("a zip", &[("a.zip", 9, 1, None)], State::Complete),
            ("a split zip", &[("a.zip", 3, 9, None), ("a.z01", 9, 1, None), ("a.z02", 9, 2, None)], State::Complete),
            ("its last is missing", &[("a.z01", 9, 1, None)], missing(&["a.zip"])),
            (
                "its second is missing",
                &[("a.z03", 9, 1, None), ("a.z01", 9, 1, None), ("a.zip", 2, 1, None)],
                missing(&["a.z02"]),
            ),
            ("a rar", &[("a.rar", 9, 1, None)], State::Complete),
            ("an old rar", &[("a.r00", 3, 9, None), ("a.rar", 9, 1, None)], State::Complete),
            ("its first is missing", &[("a.r00", 3, 9, None)], missing(&["a.rar"])),
            ("a new rar", &[("a.part01.rar", 9, 1, None), ("a.part02.rar", 9, 2, None)], State::MoreMayCome),
            (
                "its second is missing",
                &[("a.part01.rar", 9, 1, None), ("a.part03.rar", 9, 2, None)],
                missing(&["a.part02.rar"]),
            ),
            (
                "filled to a few bytes",
                &[("a.part1.rar", 9000, 1, None), ("a.part2.rar", 9003, 2, None), ("a.part3.rar", 50, 3, None)],
                State::Complete,
            ),
            ("a zip in one piece", &[("a.zip.001", 9, 1, None)], State::MoreMayCome),
            ("from zero", &[("a.mkv.000", 9, 1, None), ("a.mkv.001", 4, 2, None)], State::Complete),
            ("two digits", &[("a.mkv.01", 4, 1, None), ("a.mkv.00", 9, 2, None)], State::Complete),
            ("the first alone", &[("a.mkv.00", 9, 1, None)], missing(&["a.mkv.01"])),
            ("one of ten", &[("a.mkv.00", 9, 1, None), ("a.mkv.02", 9, 2, None)], missing(&["a.mkv.01"])),
            ("parts", &[("a.mkv.part1", 9, 1, None), ("a.mkv.part2", 4, 2, None)], State::Complete),
            ("parts inside", &[("a.part01.mkv", 9, 1, None), ("a.part02.mkv", 4, 2, None)], State::Complete),
            ("all that it says", &[("a (1 of 2).mkv", 9, 1, None), ("a (2 of 2).mkv", 9, 2, None)], State::Complete),
            ("less than it says", &[("a [1of3].mkv", 9, 1, None)], missing(&["a [2of3].mkv", "a [3of3].mkv"])),
        ];
        for (what, rows, wanted) in cases {
            let groups = grouped(rows);
            assert_eq!(groups.len(), 1, "{what}: {groups:?}");
            assert_eq!(groups[0].1, wanted, "{what}");
            assert_eq!(groups[0].0.len(), rows.len(), "{what}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn uploads_of_one_name_are_told_apart_or_said_to_be_mixed() {
        let cases: [(&str, &[Row], &[Whole]); 8] = [
            (
                "one after the other",
                &[("001", 9, 1, None), ("002", 4, 2, None), ("001", 9, 50, None), ("002", 5, 51, None)],
                &[(&[0, 1], true), (&[2, 3], true)],
            ),
            (
                "by their sizes, whatever their order",
                &[
                    ("001", 9, 1, None),
                    ("001", 8, 2, None),
                    ("002", 9, 3, None),
                    ("002", 8, 4, None),
                    ("003", 8, 5, None),
                ],
                &[(&[0, 2], false), (&[1, 3, 4], false)],
            ),
            (
                "by their albums",
                &[
                    ("002", 9, 1, Some(1)),
                    ("001", 9, 2, Some(1)),
                    ("003", 3, 3, Some(1)),
                    ("001", 9, 4, Some(2)),
                    ("002", 3, 5, Some(2)),
                ],
                &[(&[1, 0, 2], true), (&[3, 4], true)],
            ),
            (
                "a volume sent again later on makes its own set whole",
                &[
                    ("001", 9, 1, None),
                    ("003", 4, 3, None),
                    ("001", 9, 10, None),
                    ("002", 9, 11, None),
                    ("003", 5, 12, None),
                    ("002", 9, 40, None),
                ],
                &[(&[0, 5, 1], true), (&[2, 3, 4], true)],
            ),
            (
                "a second volume 2 leaves what plays alone",
                &[("001", 9, 1, None), ("002", 9, 2, None), ("003", 4, 3, None), ("002", 9, 40, None)],
                &[(&[0, 1, 2], true), (&[3], false)],
            ),
            (
                "what looks like an end may be the middle of another upload",
                &[("001", 9, 1, None), ("002", 8, 2, None), ("003", 5, 3, None)],
                &[(&[0, 1], false), (&[2], false)],
            ),
            (
                "every other one",
                &[("001", 9, 1, None), ("001", 9, 2, None), ("003", 4, 3, None), ("003", 4, 4, None)],
                &[(&[0, 3], false), (&[1, 2], false)],
            ),
            (
                "two ways of splitting have nothing to do with each other",
                &[("a.zip", 9, 1, None), ("a.zip.001", 9, 2, None), ("a.zip.002", 3, 3, None)],
                &[(&[1, 2], true), (&[0], true)],
            ),
        ];
        for (what, rows, wanted) in cases {
            let groups: Vec<_> =
                grouped(rows).into_iter().map(|(volumes, state)| (volumes, state == State::Complete)).collect();
            let wanted: Vec<_> = wanted.iter().map(|(volumes, whole)| (volumes.to_vec(), *whole)).collect();
            assert_eq!(groups, wanted, "{what}");
        }
    }

    #[test]
    fn a_copy_in_another_channel_is_no_second_set() {
        let mut all = candidates(&[("001", 9, 1, None), ("002", 4, 2, None)]);
        let other = ChatId::from_bare(1_500_000_002).expect("a channel");
        all[1].at.push((PostRef { chat: other, message: 7 }, None));
        let whole = [Group { volumes: vec![0, 1], state: State::Complete, doubt: Doubt::None }];
        assert_eq!(group(&all), whole);
        all[0].at.push((PostRef { chat: other, message: 8 }, None));
        assert_eq!(group(&all), whole);
        // Each channel has one half.
        all[0].at.truncate(1);
        all[1].at.remove(0);
        assert!(group(&all).iter().all(|group| matches!(group.state, State::Missing(_))));
    }

    #[test]
    fn sizes_settle_what_a_name_leaves_open_and_else_bytes_do() {
        let films = |later: &[usize]| Doubt::Films { later: later.to_vec() };
        let cases: [(&str, &[Row], Doubt); 10] = [
            ("a name that is sure", &[("001", 7, 1, None), ("002", 4, 2, None)], Doubt::None),
            (
                "equal to the byte",
                &[("a.part1.mkv", 7, 1, None), ("a.part2.mkv", 7, 2, None), ("a.part3.mkv", 5, 3, None)],
                Doubt::None,
            ),
            ("cut at MiB", &[("a.part1.mkv", 2_097_152_000, 1, None), ("a.part2.mkv", 7, 2, None)], Doubt::None),
            ("cut at MB", &[("a (1 of 2).mkv", 1_900_000_000, 1, None), ("a (2 of 2).mkv", 7, 2, None)], Doubt::None),
            ("any sizes", &[("a.part1.mkv", 7, 1, None), ("a.part2.mkv", 5, 2, None)], films(&[1])),
            ("the first of two", &[("a.part1.mkv", 7, 1, None)], films(&[])),
            ("the second of two", &[("a (2 of 2).mkv", 7, 1, None)], films(&[0])),
            ("from zero", &[("a.part0.mkv", 7, 1, None), ("a.part1.mkv", 5, 2, None)], films(&[1])),
            ("two digits from 00", &[("a.mkv.00", 9, 1, None), ("a.mkv.01", 4, 2, None)], Doubt::None),
            (
                "two digits from 01",
                &[("a.mkv.01", 9, 1, None), ("a.mkv.02", 4, 2, None)],
                Doubt::Beginning { missing: vec!["a.mkv.00".to_owned()] },
            ),
        ];
        for (what, rows, wanted) in cases {
            let groups = group(&candidates(rows));
            assert_eq!(groups.len(), 1, "{what}: {groups:?}");
            assert_eq!(groups[0].doubt, wanted, "{what}");
        }
    }

    proptest! {
        #[test]
        fn every_volume_is_in_a_group_and_groups_are_honest(
            rows in proptest::collection::vec((1u16..6, 1u64..4, 1i32..30, proptest::option::of(0i64..3)), 0..14),
        ) {
            let chat = ChatId::from_bare(1_500_000_001).expect("a channel");
            let all: Vec<Candidate> = rows.iter().map(|(number, size, message, album)| Candidate {
                name: read(&format!("film.mkv.{number:03}")).expect("a volume"),
                size: *size,
                at: vec![(PostRef { chat, message: *message }, *album)],
            }).collect();
            let groups = group(&all);
            for n in 0..all.len() {
                prop_assert_eq!(groups.iter().filter(|group| group.volumes.contains(&n)).count(), 1);
            }
            for group in groups {
                let numbers: Vec<u16> = group.volumes.iter().map(|n| all[*n].name.number).collect();
                if group.state == State::Complete {
                    prop_assert_eq!(numbers, (1..=group.volumes.len() as u16).collect::<Vec<_>>());
                    let sizes: Vec<u64> = group.volumes.iter().map(|n| all[*n].size).collect();
                    prop_assert!(sizes.last() < sizes.first());
                }
            }
        }
    }
}
