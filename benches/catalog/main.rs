//! What the catalog costs in a large library: fills a store and asks. On the embedded store, and on MongoDB when TEST_MONGODB_URI is
//! set.
//!
//! ```text
//! cargo bench --bench catalog -- [TITLES] [FILES OF EACH] [FOLDER]     (100,000 titles with one file each unless said)
//! ```
//!
//! A folder is kept, and asked as it is when it holds a store already. A million titles with ten files each need 12 GB.

mod filling;
mod library;
mod questions;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cinepost::adapters::store::{Database, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let number = |at: usize, or: u64| args.get(at).map_or(Ok(or), |arg| arg.parse::<u64>());
    let (titles, files) = (number(0, 100_000)?, number(1, 1)?.clamp(1, library::MOST_FILES / 2));

    let made = std::env::temp_dir().join(format!("cinepost-bench-{}", std::process::id()));
    let dir = args.get(2).map_or(made.clone(), PathBuf::from);
    println!("\nembedded\n");
    let is_filled = dir.join("cinepost.db").exists();
    if !is_filled {
        filling::prove(&dir.join("proof")).await?;
        let store = Store::open(Database::Embedded { dir: dir.clone() }).await?;
        filling::record(&store, titles, filling::MATCHING).await?;
        drop(store);
        filling::copy(&dir, titles, files)?;
    }
    let store = open(&dir).await?;
    questions::ask(&store, titles).await?;
    drop(store);
    println!("\n{} MiB on disk", std::fs::metadata(dir.join("cinepost.db"))?.len() >> 20);
    if dir == made {
        std::fs::remove_dir_all(&dir)?;
    }

    if let Ok(uri) = std::env::var("TEST_MONGODB_URI") {
        println!("\nMongoDB at {uri}\n");
        // The database is emptied first.
        let client = mongodb::Client::with_uri_str(&uri).await?;
        let database = client.default_database().unwrap_or_else(|| client.database("cinepost"));
        database.drop().await?;
        let store = Store::open(Database::Mongo { uri }).await?;
        filling::record(&store, titles, filling::MATCHING).await?;
        questions::ask(&store, titles).await?;
        database.drop().await?;
    }
    Ok(())
}

/// Opens a store, and says how long that took: the second time, as the first one may have had to bring it up to this version.
async fn open(dir: &Path) -> anyhow::Result<Store> {
    let at = || Database::Embedded { dir: dir.to_owned() };
    let mut took = [Duration::ZERO; 2];
    for took in &mut took {
        let begun = Instant::now();
        Store::open(at()).await?;
        *took = begun.elapsed();
    }
    println!("opened in {:.1?}, and again in {:.1?}\n", took[0], took[1]);
    Ok(Store::open(at()).await?)
}
