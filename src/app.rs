//! Builds every part from [`Config`], starts them, and stops them in order: no new requests, streams drain, channels are
//! let go, databases close. The only place that reads `Config`; parts get their own small options.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::accounts::Accounts;
use crate::chat::Chat;
use crate::config::{Config, Database, make_private_dir};
use crate::domain::catalog::{Order, Query};
use crate::domain::secret::Purpose;
use crate::domain::title::Kind;
use crate::health::{self, Finding, Health};
use crate::ingest::{self, Ingest};
use crate::library::Library;
use crate::metadata::{self, AnswerCache, Metadata};
use crate::playback::{self, Playback};
use crate::store::instance::Instance;
use crate::store::{self, Store};
use crate::stremio::AbsoluteUrl;
use crate::stremio::install::Install;
use crate::telegram::{self, Network, Simulated, Telegram, Timing, Vault, VaultError};
use crate::{bot, web};

/// Streams get this long to end when the program is told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// The set of watched channels is read from the store this often: `cinepost channel` writes it from outside.
const CHANNELS_EVERY: Duration = Duration::from_secs(2);

/// Where in DATA_DIR blocks of films are kept, when they are.
const CACHE_DIR: &str = "cache";

/// The started product.
pub struct Running {
    pub address: SocketAddr,
    pub base_url: AbsoluteUrl,
    pub install: Install,
    /// One-time link to the owner's page.
    pub owner_page: AbsoluteUrl,
    pub library: Library,
    pub accounts: Accounts,
    pub store: Store,
    pub health: Health,
    telegram: Telegram,
    server: actix_web::dev::ServerHandle,
    stop: CancellationToken,
    tasks: tokio::task::JoinSet<()>,
}

/// Starts everything. When it returns, the port answers; the library may still be catching up (`/ready` tells).
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let sign_in = telegram_options(&config)?;
    let secret = config.secret_key()?;
    let store = open_store(&config).await?;
    let instance = Arc::new(Instance::open(&config.data_dir, &secret.derive(Purpose::Session))?);
    store.seed_channels(&config.channels).await?;

    let listener = TcpListener::bind((config.bind, config.port)).with_context(|| {
        format!("PORT {} cannot be opened on {}; is another program using it?", config.port, config.bind)
    })?;
    let address = listener.local_addr()?;
    // Port 0 means "any": links must name the one that was given.
    let base_url = config.base_url.replacen("127.0.0.1:0", &format!("127.0.0.1:{}", address.port()), 1);
    let base_url = absolute(&base_url)?;

    let metadata = Metadata::new(metadata_options(&config), Arc::new(Answers(store.clone())));
    let accounts = Accounts::new(store.clone(), &secret);
    let owner = accounts.owner().await?;
    let (telegram, deliveries) = Telegram::start(sign_in, Arc::new(Sessions(instance))).await?;
    let (ingest, notices) = Ingest::new(store.clone(), metadata, telegram.clone(), ingest::Options::default());
    let library = Library::new(store.clone());
    let health = Health::new(store.clone(), telegram.clone());
    let bytes = playback_options(&config);
    let playback = Playback::new(store.clone(), telegram.clone(), secret.derive(Purpose::Link), bytes)
        .with_context(|| format!("the disk cache in {} cannot be used", config.data_dir.join(CACHE_DIR).display()))?;
    let chat = Chat::new(library.clone(), accounts.clone(), config.owner_id, base_url.clone());

    let stop = CancellationToken::new();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(ingest.clone().run(stop.clone()));
    tasks.spawn(bot::deliver(deliveries, telegram.clone(), ingest.clone(), chat.clone(), stop.clone()));
    tasks.spawn(bot::tell_owner(notices, telegram.clone(), chat, stop.clone()));
    tasks.spawn(follow_channels(store.clone(), telegram.clone(), stop.clone()));

    let install = Install::new(&base_url, &accounts.token(&owner));
    let owner_page = owner_page(&accounts, &base_url).await?;
    let state = web::State::new(base_url.clone(), library.clone(), accounts.clone(), playback, health.clone(), ingest);
    let server = web::server(state, listener, DRAIN)?;
    let handle = server.handle();
    tasks.spawn(async move {
        if let Err(error) = server.await {
            warn!(%error, "The web server ended");
        }
    });
    info!(%address, "Cinepost runs at {}", base_url.as_str());
    Ok(Running {
        address,
        base_url,
        install,
        owner_page,
        library,
        store,
        accounts,
        health,
        telegram,
        server: handle,
        stop,
        tasks,
    })
}

impl Running {
    /// Serves until SIGINT or SIGTERM, then stops in order.
    pub async fn until_stopped(self) -> anyhow::Result<()> {
        told_to_stop().await?;
        info!("Stopping; streams get {} s", DRAIN.as_secs());
        self.stop().await;
        Ok(())
    }

    /// Where films play, for whoever prints links: newest films first.
    pub async fn play_links(&self, count: u32) -> anyhow::Result<Vec<String>> {
        let owner = self.accounts.owner().await?;
        let query = Query { kind: Kind::Movie, order: Order::Newest, genre: None, year: None, skip: 0, limit: count };
        let mut links = Vec::new();
        for title in self.library.page(&query).await? {
            let Some(id) = title.meta_id() else { continue };
            for entry in self.library.streams(Kind::Movie, id, None).await? {
                links.push(
                    self.base_url.at(&self.accounts.play_path(&owner, entry.id, &entry.name)).as_str().to_owned(),
                );
            }
        }
        Ok(links)
    }

    /// Stops in order: requests, then channels and matching, then Telegram.
    pub async fn stop(mut self) {
        self.server.stop(true).await;
        self.stop.cancel();
        self.telegram.stop().await;
        while self.tasks.join_next().await.is_some() {}
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

/// The database that the settings name, for commands that need nothing else.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    make_private_dir(&config.data_dir)?;
    let location = match &config.database {
        Database::Embedded => store::Location::Embedded { dir: config.data_dir.clone() },
        Database::Mongo(uri) => store::Location::Mongo { uri: uri.0.clone() },
    };
    Ok(Store::open(location).await?)
}

/// A one-time link to the owner's page.
pub async fn owner_page(accounts: &Accounts, base_url: &AbsoluteUrl) -> anyhow::Result<AbsoluteUrl> {
    let ticket = accounts.new_ticket(unix_now()).await?;
    Ok(base_url.join(["owner", "enter", &ticket]))
}

/// BASE_URL as the addon's types want it.
pub fn absolute(base_url: &str) -> anyhow::Result<AbsoluteUrl> {
    AbsoluteUrl::parse(base_url).with_context(|| format!("BASE_URL is {base_url:?}, which is not an address"))
}

/// People and their links, for commands that need nothing else.
pub async fn open_accounts(config: &Config) -> anyhow::Result<Accounts> {
    let store = open_store(config).await?;
    Ok(Accounts::new(store, &config.secret_key()?))
}

/// Looks at everything that the settings name; what `cinepost doctor` prints.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let store = match open_store(config).await {
        Ok(store) => {
            findings.push(Finding::good("database", "answers"));
            Some(store)
        }
        Err(error) => {
            findings.push(Finding::bad(
                "database",
                format!("{error:#}"),
                Some("check DATABASE_URL or DATA_DIR".to_owned()),
            ));
            None
        }
    };
    match telegram_for_doctor(config).await {
        Ok(telegram) => {
            findings.extend(health::bots(&telegram));
            findings.extend(health::connection(&telegram));
            findings.extend(examine_channels(config, store.as_ref(), &telegram).await);
            telegram.stop().await;
        }
        Err(error) => findings.push(Finding::bad("Telegram", format!("{error:#}"), None)),
    }
    if config.owner_id.is_none() {
        findings.push(Finding::worth(
            "OWNER_ID",
            "is not set, so the bot tells nobody what was added",
            "write /start to your bot; it answers with the number to set",
        ));
    }
    let metadata = Metadata::new(metadata_options(config), Arc::new(Forgetful));
    findings.push(health::provider(&metadata, config.tmdb_key.is_some()).await);
    findings.extend(health::base_url(&config.base_url).await);
    findings
}

async fn telegram_for_doctor(config: &Config) -> anyhow::Result<Telegram> {
    let sign_in = telegram_options(config)?;
    let instance = Instance::open(&config.data_dir, &config.secret_key()?.derive(Purpose::Session))?;
    let (telegram, _) = Telegram::start(sign_in, Arc::new(Sessions(Arc::new(instance)))).await?;
    Ok(telegram)
}

async fn examine_channels(config: &Config, store: Option<&Store>, telegram: &Telegram) -> Vec<Finding> {
    let stored = match store {
        Some(store) => store.channels().await.unwrap_or_default(),
        None => Vec::new(),
    };
    // Before the first start the environment's channels are not in the store yet.
    let chats = match stored.is_empty() {
        true => config.channels.clone(),
        false => stored.into_iter().filter(|c| c.active).map(|c| c.chat).collect(),
    };
    if chats.is_empty() {
        let fix = "cinepost channel add -1001234567890, with your channel's id".to_owned();
        return vec![Finding::bad("channels", "none is watched", Some(fix))];
    }
    let mut findings = Vec::new();
    for chat in chats {
        findings.extend(health::channel(telegram, chat).await);
    }
    findings
}

fn telegram_options(config: &Config) -> anyhow::Result<telegram::Options> {
    let account = config.telegram()?;
    let (network, main, helpers) = match &account.simulation {
        None => (Network::Telegram, None, Vec::new()),
        Some(file) => {
            let text =
                std::fs::read_to_string(file).with_context(|| format!("TELEGRAM_SIM: reading {}", file.display()))?;
            let book = Simulated::from_json(&text).with_context(|| format!("TELEGRAM_SIM: {}", file.display()))?;
            (Network::Simulated(book.clone()), Some(book.main_token()?), book.helper_tokens())
        }
    };
    let main = match (account.main.0.is_empty(), main) {
        (true, Some(main)) => main,
        _ => account.main.0.parse().context("BOT_TOKEN")?,
    };
    let helpers = match account.helpers.is_empty() {
        true => helpers,
        false => {
            account.helpers.iter().map(|t| t.0.parse().context("HELPER_BOT_TOKENS")).collect::<anyhow::Result<_>>()?
        }
    };
    Ok(telegram::Options {
        api_id: account.api_id,
        api_hash: account.api_hash.0.clone(),
        main,
        helpers,
        network,
        lanes_per_bot: config.connections_per_bot,
        timing: Timing::default(),
    })
}

fn playback_options(config: &Config) -> playback::Options {
    let disk = (config.cache_disk_bytes > 0).then(|| (config.data_dir.join(CACHE_DIR), config.cache_disk_bytes));
    playback::Options { memory_bytes: config.memory_bytes, disk, ..playback::Options::default() }
}

fn metadata_options(config: &Config) -> metadata::Options {
    metadata::Options {
        tmdb_key: config.tmdb_key.as_ref().map(|key| key.0.clone()),
        tmdb_url: config.tmdb_url.clone(),
        image_url: config.image_url.clone(),
        cinemeta_url: config.cinemeta_url.clone(),
        language: config.language.clone(),
    }
}

/// Keeps Telegram watching what the store says, and the store knowing what the channels call themselves.
async fn follow_channels(store: Store, telegram: Telegram, stop: CancellationToken) {
    let follow = async {
        let mut watched = None;
        loop {
            match store.channels().await {
                Ok(channels) => {
                    let active: Vec<_> = channels.iter().filter(|c| c.active).map(|c| c.chat).collect();
                    if watched.as_ref() != Some(&active) {
                        telegram.watch(active.clone());
                        watched = Some(active);
                    }
                    for channel in channels.iter().filter(|c| c.active && c.title.is_empty()) {
                        name_channel(&store, &telegram, channel.chat).await;
                    }
                }
                Err(error) => warn!(%error, "The list of channels cannot be read"),
            }
            tokio::time::sleep(CHANNELS_EVERY).await;
        }
    };
    let _ = stop.run_until_cancelled(follow).await;
}

async fn name_channel(store: &Store, telegram: &Telegram, chat: crate::domain::post::ChatId) {
    // A channel that cannot be asked now is asked again with the next look; doctor says what is wrong with it.
    if let Ok(title) = telegram.channel_title(chat).await
        && let Err(error) = store.name_channel(chat, &title).await
    {
        warn!(%error, channel = %chat, "A channel's title could not be kept");
    }
}

/// Telegram sessions in the instance's own sealed database.
struct Sessions(Arc<Instance>);

impl Vault for Sessions {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.0.load(key).map_err(|e| VaultError(Box::new(e)))
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.save(key, value).map_err(|e| VaultError(Box::new(e)))
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.0.remove(key).map_err(|e| VaultError(Box::new(e)))
    }
}

/// Providers' answers in the store, shared by all instances. Failing to remember only costs another question.
struct Answers(Store);

impl AnswerCache for Answers {
    fn get<'a>(&'a self, key: &'a str) -> metadata::BoxFuture<'a, Option<String>> {
        Box::pin(async move { self.0.answer(key, unix_now()).await.ok().flatten() })
    }

    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> metadata::BoxFuture<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.0.keep_answer(key, value, unix_now() + ttl.as_secs() as i64).await {
                warn!(%error, "A provider's answer could not be kept");
            }
        })
    }
}

/// Remembers nothing: the doctor wants to hear the provider itself.
struct Forgetful;

impl AnswerCache for Forgetful {
    fn get<'a>(&'a self, _: &'a str) -> metadata::BoxFuture<'a, Option<String>> {
        Box::pin(async { None })
    }

    fn put<'a>(&'a self, _: &'a str, _: &'a str, _: Duration) -> metadata::BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

fn unix_now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i64)
}
