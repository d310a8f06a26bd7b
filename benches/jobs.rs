//! What jobs cost: queueing, claiming and ending them, with few and with many waiting, and through the engine. On the embedded store, and
//! on MongoDB when TEST_MONGODB_URI is set, where every command that goes to the server is counted on the way.
//!
//! ```text
//! cargo bench --bench jobs -- [JOBS]     (10,000 unless said)
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cinepost::adapters::clock::unix_now;
use cinepost::adapters::store::{Database, Store};
use cinepost::domain::job::{About, Claim, Ending, Job, NewJob, Place, Priority, State};
use cinepost::domain::person::PersonId;
use cinepost::engines::jobs::{BoxFuture, Jobs, Kind, Options, Run, Stop};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const SMALL: About = About {
    name: "small",
    does: "nothing",
    at_once: 1000,
    per_person: 1000,
    priority: Priority::Normal,
    tries: 3,
    schedule: None,
    place: Place::AnyInstance,
};
/// Of which none may begin.
const FULL: About = About { name: "full", at_once: 1, priority: Priority::Urgent, ..SMALL };

struct Small;

impl Kind for Small {
    fn about(&self) -> &'static About {
        &SMALL
    }

    fn run<'a>(&'a self, _: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async { Ok("did nothing".to_owned()) })
    }
}

/// Commands that went to the database server, where there is one.
#[derive(Clone, Default)]
struct Commands(Option<Arc<AtomicU64>>);

impl Commands {
    fn so_far(&self) -> Option<u64> {
        self.0.as_ref().map(|count| count.load(Ordering::Relaxed))
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let jobs = std::env::args().skip(1).find_map(|arg| arg.parse::<u64>().ok()).unwrap_or(10_000);
    let dir = std::env::temp_dir().join(format!("cinepost-bench-jobs-{}", std::process::id()));
    println!("\nembedded\n");
    measure(&Store::open(Database::Embedded { dir: dir.clone() }).await?, &Commands::default(), jobs).await?;
    std::fs::remove_dir_all(&dir)?;
    if let Ok(uri) = std::env::var("TEST_MONGODB_URI") {
        println!("\nMongoDB at {uri}\n");
        let (uri, commands) = counted(&uri).await?;
        let client = mongodb::Client::with_uri_str(&uri).await?;
        let database = client.default_database().unwrap_or_else(|| client.database("cinepost"));
        database.drop().await?;
        measure(&Store::open(Database::Mongo { uri }).await?, &commands, jobs).await?;
        database.drop().await?;
    }
    Ok(())
}

async fn measure(store: &Store, commands: &Commands, jobs: u64) -> anyhow::Result<()> {
    println!("| step | a second | commands for each |\n| --- | --- | --- |");
    report("queued", jobs, commands, queue(store, &SMALL, jobs)).await?;
    report("claimed and ended by one instance", jobs / 2, commands, finish(store, jobs / 2)).await?;
    report("by four at once", jobs / 2, commands, async {
        let all: Vec<_> = (0..4).map(|_| finish(store, jobs / 8)).collect();
        futures_util::future::try_join_all(all).await.map(drop)
    })
    .await?;
    queue(store, &FULL, jobs).await?;
    anyhow::ensure!(claim(store).await?.is_some_and(|job| job.kind == FULL.name), "the only one of its kind runs");
    queue(store, &SMALL, jobs / 10).await?;
    report(&format!("with {jobs} waiting before them"), jobs / 10, commands, finish(store, jobs / 10)).await?;
    report("looked for in vain", 1000, commands, async {
        for _ in 0..1000 {
            anyhow::ensure!(claim(store).await?.is_none(), "all are done");
        }
        Ok(())
    })
    .await?;
    queue(store, &SMALL, jobs / 2).await?;
    report("done through the engine", jobs / 2, commands, through_engine(store, jobs / 2)).await
}

async fn queue(store: &Store, about: &About, jobs: u64) -> anyhow::Result<()> {
    for n in 0..jobs {
        let person = Some(PersonId((n % 50) as u32 + 1));
        store.jobs().add(&NewJob { person, ..NewJob::of(about, 1) }, 1).await?;
    }
    Ok(())
}

async fn claim(store: &Store) -> anyhow::Result<Option<Job>> {
    let (now, ends) = (unix_now(), unix_now() + 3600);
    let claim = Claim { holder: "bench", place: "bench", now, ends, kinds: &[&FULL, &SMALL] };
    Ok(store.jobs().claim(&claim).await?)
}

async fn finish(store: &Store, jobs: u64) -> anyhow::Result<()> {
    for _ in 0..jobs {
        let Some(Job { id, claim, tries, progress, .. }) = claim(store).await? else { continue };
        let ending = Ending { state: State::Done, due: 1, tries, says: String::new(), progress, now: unix_now() };
        anyhow::ensure!(store.jobs().end(id, claim, &ending).await?, "the claim is ours");
    }
    Ok(())
}

async fn through_engine(store: &Store, jobs: u64) -> anyhow::Result<()> {
    let options = Options::new("bench".to_owned(), std::env::temp_dir().join("cinepost-bench-scratch"));
    let done = async || Ok::<_, anyhow::Error>(store.jobs().count_ended(0, i64::MAX).await?.done);
    let wanted = done().await? + jobs;
    let stop = CancellationToken::new();
    let running = tokio::spawn(Jobs::new(store.clone(), vec![Arc::new(Small)], options).run(stop.clone()));
    while done().await? < wanted {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    Ok(running.await?)
}

async fn report(
    step: &str,
    count: u64,
    commands: &Commands,
    work: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let (began, before) = (Instant::now(), commands.so_far());
    work.await?;
    let each = before.zip(commands.so_far()).map(|(before, after)| (after - before) as f64 / count as f64);
    let each = each.map_or("".to_owned(), |each| format!("{each:.1}"));
    println!("| {step} | {:.0} | {each} |", count as f64 / began.elapsed().as_secs_f64());
    Ok(())
}

/// An address that leads to the same server and counts what goes there. Every message begins with its length.
async fn counted(uri: &str) -> anyhow::Result<(String, Commands)> {
    let (scheme, rest) = uri.split_once("://").ok_or_else(|| anyhow::anyhow!("{uri:?} is no address"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, "?directConnection=true"));
    let server = host.rsplit('@').next().unwrap_or(host).to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let here = listener.local_addr()?;
    let count = Arc::new(AtomicU64::new(0));
    let commands = Commands(Some(Arc::clone(&count)));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(relay(client, server.clone(), Arc::clone(&count)));
        }
    });
    Ok((
        format!("{scheme}://{}/{path}", host.replace(host.rsplit('@').next().unwrap_or(host), &here.to_string())),
        commands,
    ))
}

async fn relay(client: TcpStream, server: String, count: Arc<AtomicU64>) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    loop {
        let length = from_client.read_u32_le().await?;
        let mut message = vec![0; (length as usize).saturating_sub(4)];
        from_client.read_exact(&mut message).await?;
        to_server.write_u32_le(length).await?;
        to_server.write_all(&message).await?;
        count.fetch_add(1, Ordering::Relaxed);
        if back.is_finished() {
            return Ok(());
        }
    }
}
