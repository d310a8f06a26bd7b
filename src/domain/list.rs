//! Lists: titles that somebody put together by hand, in their own order, for everybody or for some.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::audience::Audience;
use super::person::{Person, PersonId};
use super::title::{Kind, MetaId};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub kind: Kind,
    pub id: MetaId,
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

    pub fn holds(&self, kind: Kind) -> bool {
        self.titles.iter().any(|title| title.kind == kind)
    }

    /// Puts a title at a place counted from 1, or at the end; one that is there already moves. Returns whether that changed anything.
    pub fn put(&mut self, title: Listed, place: Option<usize>) -> bool {
        let before = self.titles.clone();
        let there = self.titles.iter().position(|known| *known == title);
        if let Some(at) = there {
            if place.is_none() {
                return false;
            }
            self.titles.remove(at);
        }
        let at = place.map_or(self.titles.len(), |place| place.saturating_sub(1).min(self.titles.len()));
        self.titles.insert(at, title);
        self.titles != before
    }

    /// Returns whether it was there.
    pub fn take_out(&mut self, title: Listed) -> bool {
        let before = self.titles.len();
        self.titles.retain(|known| *known != title);
        self.titles.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{NewPerson, Role};

    fn title(id: &str) -> Listed {
        Listed { kind: Kind::Movie, id: id.parse().expect("an id") }
    }

    #[test]
    fn titles_stand_where_they_are_put() {
        let mut list = List::new(ListId(1), "Autumn");
        let [a, b, c] = ["tmdb:1", "tmdb:2", "tmdb:3"].map(title);
        assert!(list.put(a, None) && list.put(b, None) && list.put(c, Some(1)));
        assert_eq!(list.titles, [c, a, b]);
        assert!(!list.put(a, None), "it is there already");
        assert!(list.put(a, Some(99)) && !list.put(a, Some(3)));
        assert_eq!(list.titles, [c, b, a]);
        assert!(list.put(a, Some(0)));
        assert_eq!(list.titles, [a, c, b]);
        assert!(list.take_out(c) && !list.take_out(c));
        assert!(list.holds(Kind::Movie) && !list.holds(Kind::Series));
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
