//! Builds every part from [`Config`], starts them, and stops them in order: no new requests, streams drain, channels are
//! released and left to another instance, databases close. The only place that reads `Config`; parts get their own small options.

mod beside;
mod bridges;
mod files;
mod parts;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::metadata::Metadata;
use crate::adapters::store::Store;
use crate::adapters::store::binding::{self, Binding, Stamp};
use crate::adapters::store::instance::Instance;
use crate::adapters::telegram::{self, Bots, Telegram, Vault};
use crate::config::Config;
use crate::domain::secret::{Purpose, SecretKey};
use crate::domain::telegram_id::UserId;
use crate::domain::watch;
use crate::engines::bytes::Engine;
use crate::engines::jobs::{Jobs, Kind};
use crate::flows::backups::{Backups, Scheduled};
use crate::flows::channels::{ChannelList, Channels};
use crate::flows::chat::{self, Broadcast, Chat};
use crate::flows::export::{self, Export, TelegramLines};
use crate::flows::files::Files;
use crate::flows::files::expired::ExpiredFiles;
use crate::flows::health::{Alert, Health};
use crate::flows::ingest::review::Review;
use crate::flows::ingest::{self, Ingest};
use crate::flows::instances::{Instances, Shared};
use crate::flows::jobs::JobList;
use crate::flows::library::Library;
use crate::flows::limits::Limits;
use crate::flows::people::{LINK_SECS, People};
use crate::flows::playback::Playback;
use crate::flows::titles::{self, AnimeList, Titles};
use crate::flows::upkeep;
use crate::protocols::addresses::{Addresses, OwnerPage};
use crate::protocols::stremio::AbsoluteUrl;
use crate::protocols::stremio::install::Install;
use crate::{bot, web};

pub use beside::{
    examine, logs, open_backups, open_catalogs, open_channels, open_checks, open_export, open_inside, open_jobs,
    open_lists, open_people, open_profiles, open_records, open_review, open_subtitles, open_sweeps, restore_target,
    titles, try_channel, try_channels,
};
pub use files::{Lock, LogFile, log_file, make_private_dir, write_file};

/// Streams get this long to end when the program is stopped.
const DRAIN: Duration = Duration::from_secs(10);

/// The started product.
pub struct Running {
    pub address: SocketAddr,
    pub addresses: Addresses,
    pub install: Install,
    /// One-time link to the owner's page.
    pub owner_page: AbsoluteUrl,
    pub library: Library,
    pub people: People,
    pub store: Store,
    pub health: Health,
    pub channels: Channels,
    pub limits: Limits,
    pub instances: Instances,
    telegram: Telegram,
    server: actix_web::dev::ServerHandle,
    stop: CancellationToken,
    tasks: JoinSet<()>,
    /// Last, so that it is released when everything else is.
    _lock: Lock,
}

/// Starts everything. When it returns, the port answers; the library may still be catching up (`/ready` tells).
#[expect(clippy::too_many_lines, reason = "one list: what is built, and of what")]
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let sign_in = parts::telegram_options(config.telegram()?, config.connections_per_bot)?;
    let (lock, secret) = take_folder(&config)?;
    let (store, sessions, stamp) = open_data(&config, &secret).await?;
    let place = stamp.instance.clone();
    let this = watch::Instance { id: place.clone(), name: files::machine_name() };
    let shared = sessions.records.clone().map(|records| Shared { records, stamp });
    let vault: Arc<dyn Vault> = Arc::new(sessions);
    let (listener, address, addresses) = listen(&config)?;

    let people = People::new(store.clone(), &secret).with_join(config.join);
    let (telegram, deliveries) = Telegram::start(sign_in, Arc::clone(&vault)).await?;
    let (engine, limits, playback) = playback(&config, &store, &telegram, &secret)?;
    let playback = playback.with_ffmpeg(beside::ffmpeg(&config).await);
    let files = Files::new(store.clone(), telegram.messages().clone(), parts::file_options(&config), &secret)
        .with_scanner(parts::scan_options(&config), &engine);
    let (messages, bots) = (telegram.messages(), telegram.bots());
    let instances = Instances::new(store.clone(), messages.clone(), shared, this);
    let broadcast = Broadcast::new(people.clone(), limits.clone(), messages.clone());
    let titles = Titles::new(parts::title_index_options(&config));
    let anime = AnimeList::new(parts::anime_options(&config));
    let provider = metadata(&config, &store).with_titles(titles.clone()).with_anime(anime.clone());
    let (ingest, notices) = Ingest::new(store.clone(), provider, engine.clone(), parts::ingest_options(&config));
    let lines = Arc::new(TelegramLines::new(store.clone(), engine.clone()));
    let export = Export::new(store.clone(), secret.derive(Purpose::Link), addresses.clone(), lines);
    let reread = ingest::again::Again { ingest: ingest.clone() };
    let look_again = |now| ingest::again::job(ingest::again::Scope::Review, now);
    let refresh = titles::Refresh { titles: titles.clone(), store: store.clone(), look_again };
    let old_messages = ingest::old_messages::OldMessages::new(store.clone(), messages.clone());
    let check = ingest::check::Check::new(store.clone(), old_messages.clone());
    let sweep = ingest::sweep::Sweep(old_messages);
    let refresh_anime = titles::anime::Refresh { list: anime.clone(), store: store.clone(), look_again };
    let probes = parts::probe_pace(&config).map(|pace| ingest::probe::Probes { ingest: ingest.clone(), pace });
    let jobs = jobs(
        &config,
        &store,
        &engine,
        (place.clone(), &instances),
        [
            Arc::new(broadcast.clone()),
            Arc::new(reread),
            Arc::new(refresh),
            Arc::new(sweep),
            Arc::new(check),
            Arc::new(refresh_anime),
            Arc::new(ExpiredFiles(files.clone())),
        ],
        // Where a backup has no folder to go to, an instance leaves it to those that have one.
        (
            parts::backup_folder(&config)
                .map(|folder| Scheduled { backups: Backups::new(store.clone(), secret.clone()), folder }),
            probes,
            parts::export_folder(&config).map(|folder| export::Scheduled::new(export.clone(), folder)),
        ),
    );
    ingest::again::queue_if_outdated(&store, &jobs, unix_now()).await?;
    // Settings may have changed, and with them every link.
    ingest.changed(unix_now()).await?;
    let job_list = JobList::new(store.clone(), parts::kinds_of_jobs(&config));
    let library = Library::new(store.clone()).with_anime(anime.clone());
    know_bot_and_owner(&people, bots, config.owner_id).await;
    let channels = Channels::new(store.clone(), messages.clone(), bots.clone());
    let health = Health::new(store.clone(), vault, messages.clone(), bots.clone(), channels.clone());
    let chat = Chat::new(chat::Parts {
        library: library.clone(),
        review: Review::of(&ingest),
        people: people.clone(),
        files: files.clone(),
        limits: limits.clone(),
        channels: ChannelList::new(store.clone()),
        logs: beside::logs(&config),
        jobs: jobs.clone(),
        job_list: job_list.clone(),
        broadcast,
        messages: messages.clone(),
        addresses: addresses.clone(),
        owner: config.owner_id,
        required: config.required_channels.clone(),
        web_player: config.web_player.clone(),
    });

    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let alerts = listen_to_bot(&mut tasks, (deliveries, notices), (&ingest, &instances), chat, &stop);
    tasks.spawn(channels.clone().run(instances.watches(), stop.clone()));
    tasks.spawn(health.clone().watch(alerts, instances.watches(), stop.clone()));
    // Whoever is told that it runs may write to the bot at once.
    instances.begin().await;
    tasks.spawn(instances.clone().run(stop.clone()));
    tasks.spawn(jobs.run(stop.clone()));
    tasks.spawn(titles::anime::keep(anime, store.clone(), place.clone(), stop.clone()));
    tasks.spawn(titles::keep(titles.clone(), store.clone(), place, stop.clone()));

    let owner_page = owner_page(&people, &addresses).await?;
    let state = web::State {
        addresses: addresses.clone(),
        library: library.clone(),
        people: people.clone(),
        files,
        playback,
        limits: limits.clone(),
        health: health.clone(),
        channels: channels.clone(),
        review: Review::of(&ingest),
        ingest,
        export,
        instances: instances.clone(),
        jobs: job_list,
        titles,
        web_player: config.web_player.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        runtime: web::Runtime::default(),
    };
    let server = serve(state, listener, &mut tasks)?;
    info!(%address, "Cinepost runs at {}", addresses.base().as_str());
    Ok(Running {
        address,
        install: addresses.install(&people.token(&people.owner().await?)),
        addresses,
        owner_page,
        library,
        people,
        store,
        health,
        channels,
        limits,
        instances,
        telegram,
        server,
        stop,
        tasks,
        _lock: lock,
    })
}

/// What comes in at the bot goes to ingest and to the chat, which tells the owner the news. Returns where alerts for the owner go.
fn listen_to_bot(
    tasks: &mut JoinSet<()>,
    (deliveries, notices): (chat::Inbox, mpsc::UnboundedReceiver<ingest::Notice>),
    (ingest, instances): (&Ingest, &Instances),
    chat: Chat,
    stop: &CancellationToken,
) -> mpsc::UnboundedSender<Alert> {
    let (alerts, alerted) = mpsc::unbounded_channel();
    tasks.spawn(ingest.clone().run(instances.watches(), stop.clone()));
    tasks.spawn(bot::run(deliveries, ingest.clone(), chat.clone(), stop.clone()));
    tasks.spawn(chat.clone().offer_commands());
    tasks.spawn(chat.tell_owner(notices, alerted, stop.clone()));
    alerts
}

/// DATA_DIR for this program alone, and the key that is kept there.
fn take_folder(config: &Config) -> anyhow::Result<(Lock, SecretKey)> {
    make_private_dir(&config.data_dir)?;
    let lock = Lock::take(&config.data_dir)?;
    Ok((lock, files::secret_key(config)?))
}

/// The store and this instance's own database, tied to each other, and which instance it is.
async fn open_data(config: &Config, secret: &SecretKey) -> anyhow::Result<(Store, bridges::Sessions, Stamp)> {
    let store = Store::open(parts::location(config)).await?;
    let instance = Instance::open(&config.data_dir, &secret.derive(Purpose::Session))?;
    let channels = ChannelList::new(store.clone());
    channels.seed(&config.channels).await?;
    if let Binding::Renewed { forgotten } = binding::bind(&store, &instance, telegram::POSITIONS).await? {
        // The channels are read anew, instead of going on where another store was.
        channels.report_renewed(&forgotten).await?;
    }
    let stamp = Stamp::of(&instance)?.context("the instance is bound to its store")?;
    let sessions = bridges::Sessions::new(instance);
    let sessions = if store.is_shared() { sessions.shared() } else { sessions };
    Ok((store, sessions, stamp))
}

/// `place`: this instance's id.
fn jobs<const N: usize>(
    config: &Config,
    store: &Store,
    engine: &Engine,
    (place, instances): (String, &Instances),
    more: [Arc<dyn Kind>; N],
    (backups, probes, export): (Option<Scheduled>, Option<ingest::probe::Probes>, Option<export::Scheduled>),
) -> Jobs {
    let mut kinds = upkeep::kinds(store, engine.clone(), parts::cache_dir(config));
    kinds.extend(more);
    kinds.extend(backups.map(|backups| Arc::new(backups) as Arc<dyn Kind>));
    kinds.extend(probes.map(|probes| Arc::new(probes) as Arc<dyn Kind>));
    kinds.extend(export.map(|export| Arc::new(export) as Arc<dyn Kind>));
    Jobs::new(store.clone(), kinds, parts::jobs_options(config, place, instances))
}

/// Keeps what commands beside the program and the bot's flows need to know. The program runs without it.
async fn know_bot_and_owner(people: &People, bots: &Bots, owner: Option<UserId>) {
    let main = bots.health().into_iter().next();
    if let Some(username) = main.and_then(|bot| bot.username)
        && let Err(error) = people.set_bot_name(&username).await
    {
        warn!(%error, "The bot's name could not be kept");
    }
    if let Some(account) = owner
        && let Err(error) = people.set_owner_account(account, unix_now()).await
    {
        warn!(%error, "OWNER_ID could not be kept with the owner: {error}");
    }
}

fn listen(config: &Config) -> anyhow::Result<(TcpListener, SocketAddr, Addresses)> {
    let listener = TcpListener::bind((config.bind, config.port)).with_context(|| {
        format!("PORT {} cannot be opened on {}; is another program using it?", config.port, config.bind)
    })?;
    let address = listener.local_addr()?;
    // Port 0 means "any": links must name the one that was given.
    let base_url = config.base_url.replacen("127.0.0.1:0", &format!("127.0.0.1:{}", address.port()), 1);
    Ok((listener, address, addresses(&base_url)?))
}

fn metadata(config: &Config, store: &Store) -> Metadata {
    Metadata::new(parts::metadata_options(config), Arc::new(bridges::StoredAnswers(store.answers())))
        .with_sites(parts::site_options(config))
}

/// What reads files, and what people may have of it.
fn playback(
    config: &Config,
    store: &Store,
    telegram: &Telegram,
    secret: &SecretKey,
) -> anyhow::Result<(Engine, Limits, Playback)> {
    let engine = Engine::new(telegram.files().clone(), parts::engine_options(config))
        .with_context(|| format!("the disk cache in {} cannot be used", parts::cache_dir(config).display()))?;
    let limits = Limits::new(store.clone(), parts::limit_options(config));
    let playback = Playback::new(store.clone(), engine.clone(), secret.derive(Purpose::Link), limits.clone());
    Ok((engine, limits, playback.with_kept(parts::kept_subtitles(config)?)))
}

fn serve(
    state: web::State,
    listener: TcpListener,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<actix_web::dev::ServerHandle> {
    let server = web::server(state, listener, DRAIN)?;
    let handle = server.handle();
    tasks.spawn(async move {
        if let Err(error) = server.await {
            warn!(%error, "The web server ended");
        }
    });
    Ok(handle)
}

impl Running {
    /// Serves until SIGINT or SIGTERM, then stops in order.
    pub async fn until_stopped(self) -> anyhow::Result<()> {
        told_to_stop().await?;
        info!("Stopping; streams get {} s", DRAIN.as_secs());
        self.stop().await;
        Ok(())
    }

    /// Stops in order: requests, then channels and matching, then Telegram.
    pub async fn stop(mut self) {
        self.server.stop(true).await;
        self.limits.save(unix_now()).await;
        self.stop.cancel();
        self.telegram.stop().await;
        while self.tasks.join_next().await.is_some() {}
        self.instances.end().await;
    }
}

/// Waits for the signal that ends a program: Ctrl-C, or SIGTERM from a service manager.
pub async fn told_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

/// A one-time link to the owner's page.
pub async fn owner_page(people: &People, addresses: &Addresses) -> anyhow::Result<AbsoluteUrl> {
    let token = people.new_sign_in_token(&people.owner().await?, unix_now(), LINK_SECS).await?;
    Ok(addresses.sign_in(&token, OwnerPage::Top))
}

/// Where everything is found under BASE_URL.
pub fn addresses(base_url: &str) -> anyhow::Result<Addresses> {
    let base = AbsoluteUrl::parse(base_url);
    Ok(Addresses::new(base.with_context(|| format!("BASE_URL is {base_url:?}, which is not an address"))?))
}
