//! What people use, by role, and what limits refused. The labels are roles and kinds of limits, never people: their number is bounded.

use super::prometheus::Text;
use crate::domain::limits::Refusal;
use crate::domain::person::Role;
use crate::flows::limits::Figures;

pub fn write(text: &mut Text, figures: &Figures) {
    let by_role = |text: &mut Text, name: &str, values: &[u64]| {
        for (role, value) in Role::ALL.iter().zip(values) {
            text.sample(name, &format!("{{role=\"{}\"}}", role.word()), *value);
        }
    };
    text.family("cinepost_sent_bytes_total", "counter", "Bytes of files handed to viewers, by role.");
    by_role(text, "cinepost_sent_bytes_total", &figures.sent_bytes);
    text.family("cinepost_viewer_connections", "gauge", "Connections on which files are being sent, by role.");
    by_role(text, "cinepost_viewer_connections", &figures.streams);
    text.family("cinepost_refused_total", "counter", "What a limit refused.");
    for (word, count) in Refusal::WORDS.iter().zip(figures.refused) {
        text.sample("cinepost_refused_total", &format!("{{limit=\"{word}\"}}"), count);
    }
    text.counter("cinepost_denied_total", "Requests from addresses that are not let in.", figures.denied);
    text.counter("cinepost_uncounted_bytes_total", "Bytes sent that the database failed to count.", figures.uncounted);
    text.counter("cinepost_store_calls_total", "Questions to the database, and changes.", figures.store_calls);
    text.gauge("cinepost_guessers", "Addresses that guessed wrong lately.", figures.guessers);
    text.gauge("cinepost_requesters", "People and addresses whose requests are counted.", figures.requesters);
}
