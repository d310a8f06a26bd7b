//! The byte engine's figures as Prometheus text: how long readers wait, what it takes to serve them, how the connections
//! to Telegram stand.

use std::collections::BTreeMap;

use super::prometheus::Text;
use crate::flows::playback::{BUCKETS_MS, Histogram, Playback};

pub fn write(text: &mut Text, playback: &Playback) {
    let totals = playback.totals();
    text.gauge("cinepost_streams", "Films being sent right now.", playback.watching().len() as u64);
    for (name, help, value) in [
        ("cinepost_streams_total", "Answers with bytes of a film begun.", totals.streams),
        ("cinepost_streams_broken_total", "Those that had to be cut off.", totals.broken_streams),
        ("cinepost_sent_bytes_total", "Bytes of films sent.", totals.sent_bytes),
        ("cinepost_reads_total", "Reads asked of Telegram.", totals.reads),
        ("cinepost_reads_failed_total", "Reads that failed, flood waits included.", totals.failed_reads),
        ("cinepost_reads_hedged_total", "Reads asked again elsewhere because the first was late.", totals.hedged_reads),
        ("cinepost_hedged_bytes_total", "Bytes of those.", totals.hedged_bytes),
        ("cinepost_hedges_won_total", "Times that the second read came before the first.", totals.hedges_won),
        ("cinepost_failovers_total", "Reads asked again because their connection fell silent.", totals.failovers),
        ("cinepost_flood_waits_total", "Times that Telegram asked a bot to wait.", totals.flood_waits),
    ] {
        text.counter(name, help, value);
    }
    text.family("cinepost_cached_bytes_total", "counter", "Bytes that did not have to be asked of Telegram, by why.");
    for (from, bytes) in [("memory", totals.memory_bytes), ("disk", totals.disk_bytes), ("flight", totals.shared_bytes)]
    {
        text.sample("cinepost_cached_bytes_total", &format!("{{from=\"{from}\"}}"), bytes);
    }
    let holdings = playback.holdings();
    text.family("cinepost_held_bytes", "gauge", "Bytes of films held now.");
    for (place, bytes) in [("ahead", holdings.ahead), ("memory", holdings.memory_cache), ("disk", holdings.disk_cache)]
    {
        text.sample("cinepost_held_bytes", &format!("{{place=\"{place}\"}}"), bytes);
    }
    for (name, help, times) in [
        ("cinepost_first_byte_seconds", "From a request for bytes to the first of them.", &totals.first_byte),
        ("cinepost_head_wait_seconds", "How long readers waited in mid-stream.", &totals.head_wait),
        ("cinepost_failover_seconds", "From asking a silent connection to another's bytes.", &totals.failover),
    ] {
        histogram(text, name, help, times);
    }
    connections(text, playback);
}

fn connections(text: &mut Text, playback: &Playback) {
    let traffic = playback.traffic();
    let mut waits = BTreeMap::new();
    for (name, kind, help, value) in [
        ("cinepost_telegram_connections", "gauge", "Connections open for reading.", 0),
        ("cinepost_telegram_connections_total", "counter", "Connections opened for reading.", 1),
        ("cinepost_telegram_bytes_total", "counter", "Bytes read from Telegram.", 2),
        ("cinepost_telegram_wasted_bytes_total", "counter", "Bytes that came after their reader had left.", 3),
    ] {
        text.family(name, kind, help);
        for of in &traffic {
            let t = of.traffic;
            let value = [t.connections_open as u64, t.connections_opened, t.received_bytes, t.wasted_bytes][value];
            text.sample(name, &format!("{{bot=\"{}\",dc=\"{}\"}}", of.bot, of.dc), value);
            waits.insert(&of.bot, of.flood_wait);
        }
    }
    text.family("cinepost_flood_wait_seconds_total", "counter", "Seconds that Telegram asked a bot to wait.");
    for (bot, wait) in waits {
        text.sample("cinepost_flood_wait_seconds_total", &format!("{{bot=\"{bot}\"}}"), wait.as_secs());
    }
    let loads = playback.connections();
    for (name, help, is_window) in [
        ("cinepost_connection_window_bytes", "What may be in flight on a connection.", true),
        ("cinepost_connection_in_flight_bytes", "What is.", false),
    ] {
        text.family(name, "gauge", help);
        for load in &loads {
            let labels = format!("{{bot=\"{}\",slot=\"{}\",dc=\"{}\"}}", load.slot.bot, load.slot.index, load.dc);
            text.sample(name, &labels, if is_window { load.window_bytes } else { load.in_flight_bytes });
        }
    }
}

fn histogram(text: &mut Text, name: &str, help: &str, times: &Histogram) {
    text.family(name, "histogram", help);
    let mut so_far = 0;
    for (end, count) in BUCKETS_MS.iter().zip(times.counts) {
        so_far += count;
        text.sample(&format!("{name}_bucket"), &format!("{{le=\"{}\"}}", *end as f64 / 1000.0), so_far);
    }
    let all: u64 = times.counts.iter().sum();
    text.sample(&format!("{name}_bucket"), "{le=\"+Inf\"}", all);
    text.number(&format!("{name}_sum"), times.sum.as_secs_f64());
    text.sample(&format!("{name}_count"), "", all);
}
