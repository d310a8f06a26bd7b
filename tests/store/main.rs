//! The store's contract: one suite, run on the embedded store, and on MongoDB when TEST_MONGODB_URI is set.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod backup;
mod catalog;
mod channels;
mod choices;
mod collections;
mod cuts;
mod entries;
mod files;
mod golden;
mod jobs;
mod lists;
mod lookups;
mod older;
mod opening;
mod order;
mod passed_over;
mod people;
mod plans;
mod posts;
mod probes;
mod reach;
mod review;
mod samples;
mod settings;
mod shelves;
mod subtitles;
mod titles;
mod usage;
mod volumes;
mod watch;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use cinepost::adapters::store::{Database, Store};

use backup::*;
use catalog::*;
use channels::*;
use choices::*;
use collections::*;
use entries::*;
use files::*;
use jobs::*;
use lists::*;
use opening::*;
use order::*;
use passed_over::*;
use people::*;
use posts::*;
use probes::*;
use reach::*;
use review::*;
use samples::{FILMS, SHOWS, chat};
use settings::*;
use shelves::*;
use subtitles::*;
use titles::*;
use usage::*;
use volumes::*;
use watch::*;

/// A database of its own for each test, which can be opened again and again.
struct Home {
    location: Database,
    /// Empty for MongoDB.
    dir: PathBuf,
}

impl Home {
    fn embedded() -> Self {
        let dir = temp_dir();
        Self { location: Database::Embedded { dir: dir.clone() }, dir }
    }

    /// A database of its own on the server that TEST_MONGODB_URI names. `None` when it is not set.
    fn mongo() -> Option<Self> {
        let uri = std::env::var("TEST_MONGODB_URI").ok()?;
        let (scheme, rest) = uri.split_once("://").unwrap();
        let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
        let server = lookups::through(path.split('/').next().unwrap());
        let name = temp_dir().file_name()?.to_str()?.to_owned();
        let uri = format!("{scheme}://{server}/{name}-{:x}?{options}", rand());
        Some(Self { location: Database::Mongo { uri }, dir: PathBuf::new() })
    }

    /// With a folder of its own, as every program has one.
    fn with_folder(mut self) -> Self {
        let dir = temp_dir();
        std::fs::create_dir_all(&dir).unwrap();
        self.dir = dir;
        self
    }

    async fn open(&self) -> Store {
        Store::open(self.location.clone()).await.unwrap()
    }

    /// Opened, with [`FILMS`] and [`SHOWS`] watched.
    async fn watching(&self) -> Store {
        let store = self.open().await;
        store.channels().seed(&[chat(FILMS), chat(SHOWS)]).await.unwrap();
        store
    }
}

impl Home {
    /// Whether the database tells of changes. False for the embedded one, and for servers that stand alone.
    async fn has_change_streams(&self) -> bool {
        let Database::Mongo { uri } = &self.location else { return false };
        let client = mongodb::Client::with_uri_str(uri).await.unwrap();
        let found = client.default_database().unwrap().watch().await.is_ok();
        if !found {
            eprintln!("left out: this MongoDB has no change streams");
        }
        found
    }

    async fn drop_database(&self) {
        if let Database::Mongo { uri } = &self.location {
            let client = mongodb::Client::with_uri_str(uri).await.unwrap();
            client.default_database().unwrap().drop().await.unwrap();
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn temp_dir() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("cinepost-store-{}-{count}", std::process::id()))
}

/// Differs in every run: databases of earlier runs may still be there.
fn rand() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()
}

/// Makes a test of each function, once for each home.
macro_rules! contract {
    ($($name:ident)*) => {
        mod embedded {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::plans::watch();
                    let home = super::Home::embedded();
                    super::$name(&home).await;
                    super::plans::check(&home);
                }
            )*
        }
        mod mongo {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    match super::Home::mongo() {
                        Some(home) => {
                            super::$name(&home).await;
                            super::lookups::check(&home);
                            home.drop_database().await;
                        }
                        None => eprintln!("left out: TEST_MONGODB_URI is not set"),
                    }
                }
            )*
        }
    };
}

contract! {
    a_backup_brings_everything_back_into_every_store
    a_backup_that_was_cut_or_changed_is_refused_before_anything_is_touched
    the_same_post_twice_is_one_entry
    one_file_in_two_channels_is_one_entry_with_two_sources
    an_edit_makes_an_entry_pending_again
    only_the_newest_message_speaks_for_an_entry
    a_match_begun_before_an_edit_is_refused
    an_entry_keeps_what_it_was_read_as
    entries_are_walked_in_the_order_of_their_ids
    a_message_whose_file_is_replaced_leaves_its_entry
    posts_of_a_run_of_messages_are_found
    removed_messages_take_their_entry_along
    a_removed_channel_hides_its_entries_and_brings_them_back
    a_large_channel_is_hidden_and_shown_whole
    what_is_passed_over_is_counted_as_it_stands
    of_what_is_passed_over_the_newest_are_kept
    of_many_that_count_at_once_none_loses_anything
    channels_are_seeded_once
    what_the_owner_says_of_a_channel_is_kept
    what_a_channel_carries_is_walked_in_its_order
    statuses_decide_the_lists
    what_a_person_has_tried_again_stays_in_the_list
    what_a_person_chose_stays_with_the_file
    a_choice_comes_before_a_match_that_is_on_its_way
    rules_are_found_by_what_reads_alike
    the_review_list_is_narrowed_to_a_channel
    a_title_known_by_one_id_is_the_same_with_both
    two_titles_that_turn_out_to_be_one_are_merged
    what_a_probe_found_stays_with_the_file
    files_that_nobody_looked_into_are_found_newest_first
    a_newer_reader_finds_what_older_ones_looked_into
    titles_stand_where_their_tracks_are_spoken
    a_corrected_id_moves_without_merging
    concurrent_titles_give_one_id
    titles_are_filed_by_genre_and_year
    both_orders_hold
    pages_have_no_gap_and_no_repeat
    pages_go_on_while_titles_come
    search_finds_what_people_type
    search_reads_every_script
    search_sees_the_catalog_only
    unmatched_is_searched_by_name_and_caption
    packs_hold_each_episode_of_their_season
    people_and_settings_are_kept
    people_have_numbers_that_nobody_had_and_names_that_nobody_has
    a_telegram_account_is_one_persons
    of_changes_at_once_none_is_lost
    people_of_an_older_store_become_owner_and_members
    a_code_lets_one_browser_in_once
    a_browsers_code_waits_until_somebody_says_yes
    an_invitation_lets_no_more_in_than_it_says
    what_admins_did_is_read_from_the_newest_on
    who_sees_some_channels_finds_what_is_in_them_and_nothing_else
    pages_of_who_sees_some_channels_have_no_gap_and_no_repeat
    a_channel_is_there_for_those_that_it_is_for
    sessions_are_kept_and_ended
    of_many_first_values_of_a_setting_one_stands
    what_another_instance_changes_is_told
    a_store_that_is_not_there_is_not_made_by_looking
    a_one_time_link_is_used_once
    answers_expire
    a_store_opened_again_holds_everything
    a_store_left_without_closing_holds_everything
    subtitles_are_found_by_what_they_belong_to
    subtitles_go_along_when_titles_become_one
    a_shift_of_subtitles_is_kept_with_the_file
    what_a_message_answers_is_kept
    volumes_are_joined_into_entries_with_their_sources
    what_is_made_of_an_answer_answers_too
    what_volumes_make_lives_while_all_of_them_do
    a_set_is_looked_at_again_whenever_its_volumes_change
    a_file_that_is_made_again_as_it_was_keeps_its_title
    a_join_begun_before_a_change_is_refused
    a_set_joined_otherwise_replaces_what_was_made_before
    a_hidden_channel_hides_what_its_volumes_make
    a_film_of_its_own_in_a_set_keeps_its_title_and_stands_where_films_do
    what_was_no_volume_before_is_filed_into_its_set
    volumes_of_an_older_store_are_found
    the_owner_of_an_older_store_keeps_their_name
    the_review_list_is_filtered_paged_and_counted
    rows_of_the_review_list_name_their_newest_post
    what_is_ignored_stands_nowhere_until_it_changes
    ignoring_comes_before_a_match_that_is_on_its_way
    what_is_ignored_takes_its_title_from_the_catalog
    reasons_of_an_older_store_are_found
    posts_of_one_second_stand_in_the_order_of_their_messages
    people_find_what_they_made
    a_search_of_a_thousand_words_is_cut
    a_store_of_the_version_before_is_renewed
    files_are_kept_once_for_each_message
    files_change_one_thing_at_a_time
    people_see_their_own_files_newest_first
    folders_hold_files_and_folders
    a_job_goes_from_the_queue_to_its_end
    jobs_come_by_priority_and_time
    limits_hold_by_kind_and_by_person
    limits_hold_when_many_claim_at_once
    of_many_instances_one_does_each_job
    a_key_is_queued_once_and_a_period_runs_once
    what_a_dead_instance_left_is_taken_over
    a_job_is_cancelled_in_every_state
    jobs_of_one_instance_wait_for_it
    old_jobs_go
    figures_of_days_add_up
    a_store_without_jobs_gets_room_for_them
    what_is_over_is_removed_and_counted
    instances_that_add_at_once_lose_nothing
    days_and_months_are_summed_by_person
    of_many_who_take_the_last_link_one_gets_it
    histories_are_kept_read_and_erased
    what_instances_send_is_known_for_a_while
    titles_stand_where_their_languages_are_spoken
    titles_stand_in_the_channels_of_their_files
    popular_titles_come_first
    an_episode_that_was_not_there_brings_its_series_up
    each_viewer_goes_on_where_their_own_page_ended
    collections_stand_there_with_two_films_or_more
    lists_are_kept_and_changed_by_one_at_a_time
    a_list_shows_what_is_here_of_it_in_its_order
    a_list_is_offered_for_the_kinds_that_are_here_of_it
    a_title_is_taken_out_by_any_id_that_it_ever_had
    a_walk_meets_every_title_that_is_seen_once
    a_whole_name_means_a_title_and_nothing_less_does
    what_others_see_keeps_nothing_from_being_found
    a_large_older_store_is_filed_and_found_anew
    titles_of_an_older_store_are_filed_by_their_files
    one_instance_has_the_watch_until_it_lets_it_end
    of_many_that_want_the_watch_one_gets_it
    a_lease_whose_clock_runs_ahead_is_taken_when_it_is_not_renewed
    the_term_of_the_watch_rises_whenever_it_goes_to_another_one
    whoever_watches_next_finds_the_records_of_the_last
    one_that_lost_the_watch_replaces_nothing_of_the_next_one
    thousands_of_records_are_kept_in_batches
    jobs_of_an_earlier_run_of_an_instance_are_taken_back_at_once
}
