//! Lists: titles that somebody put together by hand, in their own order, for everybody or for some.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::audience::Audience;
use super::person::{Person, PersonId};
use super::title::{Kind, MetaId, Title, TitleIds};

/// A list's number, which no other list ever had: people's apps keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListId(pub u32);

impl fmt::Display for ListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ListId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| is_number).map(Self).ok_or(())
    }
}

/// A title in a list, by the provider's id: that stays the same when a library is built anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Listed {
    pub kind: Kind,
    pub id: MetaId,
}

/// A title by all the ids that it is known by. A list has the one of them that was preferred when the title was put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByIds {
    pub kind: Kind,
    pub ids: TitleIds,
}

impl ByIds {
    pub fn of(title: &Title) -> Self {
        Self { kind: title.kind, ids: title.ids }
    }

    fn is(&self, listed: Listed) -> bool {
        self.kind == listed.kind && self.ids.has(listed.id)
    }
}

/// Titles in one list at most, and lists at most: each is a row on everybody's Board.
pub const MOST_TITLES: usize = 500;
pub const MOST_LISTS: usize = 30;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    pub id: ListId,
    /// One line.
    pub name: String,
    /// Whose role lets them see it.
    pub audience: Audience,
    /// Who sees it whatever their role.
    pub people: BTreeSet<PersonId>,
    /// In the order in which they are shown.
    pub titles: Vec<Listed>,
    /// Raised with each change, so that of two at once none is lost.
    pub revision: u32,
}

impl List {
    /// An empty one for everybody.
    pub fn new(id: ListId, name: &str) -> Self {
        let (people, titles) = (BTreeSet::new(), Vec::new());
        Self { id, name: name.to_owned(), audience: Audience::EVERYBODY, people, titles, revision: 0 }
    }

    /// Whether somebody sees that it is there. Which of its titles are there for them is another question.
    pub fn is_for(&self, person: &Person) -> bool {
        person.is_owner() || self.audience.holds(person.role) || self.people.contains(&person.id)
    }

    /// Its titles of a kind, in their order.
    pub fn titles_of(&self, kind: Kind) -> impl Iterator<Item = Listed> {
        self.titles.iter().copied().filter(move |title| title.kind == kind)
    }

    /// Whether a title is in it, under any of its ids.
    pub fn has(&self, title: ByIds) -> bool {
        self.titles.iter().any(|listed| title.is(*listed))
    }

    /// Puts a title at a place counted from 1, or at the end, under the id that is preferred now. One that is there already moves, or
    /// stays where no place is said. Returns whether that changed anything.
    pub fn put(&mut self, title: ByIds, place: Option<usize>) -> bool {
        let Some(id) = title.ids.preferred() else { return false };
        let before = self.titles.clone();
        let stood = self.titles.iter().position(|listed| title.is(*listed));
        self.titles.retain(|listed| !title.is(*listed));
        let at = place.map(|place| place.saturating_sub(1)).or(stood).unwrap_or(usize::MAX).min(self.titles.len());
        self.titles.insert(at, Listed { kind: title.kind, id });
        self.titles != before
    }

    /// Returns whether it was there.
    pub fn take_out(&mut self, title: ByIds) -> bool {
        let before = self.titles.len();
        self.titles.retain(|listed| !title.is(*listed));
        self.titles.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{NewPerson, Role};

    fn title(id: &str) -> ByIds {
        ByIds { kind: Kind::Movie, ids: id.parse::<MetaId>().expect("an id").into() }
    }

    fn listed(ids: &[&str]) -> Vec<Listed> {
        ids.iter().map(|id| Listed { kind: Kind::Movie, id: id.parse().expect("an id") }).collect()
    }

    #[test]
    fn titles_stand_where_they_are_put() {
        let mut list = List::new(ListId(1), "Autumn");
        let [a, b, c] = ["tmdb:1", "tmdb:2", "tmdb:3"].map(title);
        assert!(list.put(a, None) && list.put(b, None) && list.put(c, Some(1)));
        assert_eq!(list.titles, listed(&["tmdb:3", "tmdb:1", "tmdb:2"]));
        assert!(!list.put(a, None), "it is there already");
        assert!(list.put(a, Some(99)) && !list.put(a, Some(3)));
        assert_eq!(list.titles, listed(&["tmdb:3", "tmdb:2", "tmdb:1"]));
        assert!(list.put(a, Some(0)));
        assert_eq!(list.titles, listed(&["tmdb:1", "tmdb:3", "tmdb:2"]));
        assert!(list.take_out(c) && !list.take_out(c));
        assert_eq!((list.titles_of(Kind::Movie).count(), list.titles_of(Kind::Series).count()), (2, 0));
    }

    #[test]
    fn a_title_is_one_under_each_of_its_ids() {
        let mut list = List::new(ListId(1), "Autumn");
        let (night, other) = (title("tmdb:10331"), title("tmdb:2"));
        assert!(list.put(night, None) && list.put(other, None));
        let ids = TitleIds { imdb: "tt0063350".parse().ok(), ..night.ids };
        let both = ByIds { ids, ..night };
        assert!(list.has(both) && !list.has(ByIds { kind: Kind::Series, ..both }));
        assert!(list.put(both, None), "under its new id, where it stood");
        assert_eq!(list.titles, listed(&["tt0063350", "tmdb:2"]));
        assert!(!list.put(both, None));
        // As versions before kept it.
        list.titles = listed(&["tmdb:10331", "tmdb:2", "tt0063350"]);
        assert!(list.put(both, Some(2)));
        assert_eq!(list.titles, listed(&["tmdb:2", "tt0063350"]));
        list.titles = listed(&["tmdb:10331", "tmdb:2", "tt0063350"]);
        assert!(list.take_out(both) && !list.take_out(both));
        assert_eq!(list.titles, listed(&["tmdb:2"]));
        assert!(!list.put(ByIds { ids: TitleIds::default(), ..both }, None), "without an id there is nothing to keep");
    }

    #[test]
    fn a_list_is_for_a_role_and_for_people_by_name() {
        let person = |id, role| NewPerson::called("x", role, 0).with_id(PersonId(id));
        let mut list = List::new(ListId(1), "Autumn");
        assert!(list.is_for(&person(5, Role::Guest)));
        list.audience = "members".parse().expect("an audience");
        list.people = [PersonId(6)].into();
        assert!(list.is_for(&person(7, Role::Member)) && !list.is_for(&person(5, Role::Guest)));
        assert!(list.is_for(&person(6, Role::Guest)), "by name");
        list.audience = "owner".parse().expect("an audience");
        assert!(!list.is_for(&person(7, Role::Admin)) && list.is_for(&Person::owner("Ada")));
    }

    #[test]
    fn a_list_reads_as_it_was_kept() {
        let mut list = List::new(ListId(7), "Herbst");
        list.put(title("tt0063350"), None);
        let text = serde_json::to_string(&list).expect("text");
        assert_eq!(serde_json::from_str::<List>(&text).ok(), Some(list));
        assert_eq!(("7".parse(), "+7".parse::<ListId>(), "".parse::<ListId>()), (Ok(ListId(7)), Err(()), Err(())));
    }
}
