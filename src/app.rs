//! Builds every part from [`Config`], starts them, and stops them in order: no new requests, streams drain, channels are
//! let go, databases close. The only place that reads `Config`; parts get their own small options.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::data_folder::Lock;
use crate::adapters::metadata::{self, AnswerCache, Metadata};
use crate::adapters::store::bond::{self, Bond};
use crate::adapters::store::instance::Instance;
use crate::adapters::store::{self, Store};
use crate::adapters::telegram::{self, Bots, MemoryVault, Network, Simulated, Telegram, Timing, Vault, VaultError};
use crate::config::{Config, Database, Problem, Telegram as Account, make_private_dir};
use crate::domain::catalog::{Order, Query};
use crate::domain::post::ChatId;
use crate::domain::secret::Purpose;
use crate::domain::telegram_id::UserId;
use crate::domain::title::Kind;
use crate::engines::bytes;
use crate::flows::channels::{self, Channels};
use crate::flows::chat::Chat;
use crate::flows::health::{self, Finding, Health};
use crate::flows::ingest::{self, Ingest};
use crate::flows::library::Library;
use crate::flows::people::{self, People};
use crate::flows::playback::Playback;
use crate::protocols::addresses::{Addresses, OwnerPage};
use crate::protocols::stremio::AbsoluteUrl;
use crate::protocols::stremio::install::Install;
use crate::{bot, web};

/// Streams get this long to end when the program is told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// Where in DATA_DIR blocks of films are kept, when they are.
const CACHE_DIR: &str = "cache";

/// The started product.
pub struct Running {
    pub address: SocketAddr,
    pub site: Addresses,
    pub install: Install,
    /// One-time link to the owner's page.
    pub owner_page: AbsoluteUrl,
    pub library: Library,
    pub people: People,
    pub store: Store,
    pub health: Health,
    pub channels: Channels,
    telegram: Telegram,
    server: actix_web::dev::ServerHandle,
    stop: CancellationToken,
    tasks: tokio::task::JoinSet<()>,
    /// Last, so that it is let go when everything else is.
    _lock: Lock,
}

/// Starts everything. When it returns, the port answers; the library may still be catching up (`/ready` tells).
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let sign_in = telegram_options(config.telegram()?, config.connections_per_bot)?;
    make_private_dir(&config.data_dir)?;
    let lock = Lock::take(&config.data_dir)?;
    let secret = config.secret_key()?;
    let store = Store::open(location(&config)).await?;
    let instance = Arc::new(Instance::open(&config.data_dir, &secret.derive(Purpose::Session))?);
    store.seed_channels(&config.channels).await?;
    bind(&store, &instance).await?;

    let listener = TcpListener::bind((config.bind, config.port)).with_context(|| {
        format!("PORT {} cannot be opened on {}; is another program using it?", config.port, config.bind)
    })?;
    let address = listener.local_addr()?;
    // Port 0 means "any": links must name the one that was given.
    let base_url = config.base_url.replacen("127.0.0.1:0", &format!("127.0.0.1:{}", address.port()), 1);
    let site = site(&base_url)?;

    let metadata = Metadata::new(metadata_options(&config), Arc::new(Answers(store.clone())));
    let people = People::new(store.clone(), &secret);
    let owner = people.owner().await?;
    let vault: Arc<dyn Vault> = Arc::new(Sessions(instance));
    let (telegram, deliveries) = Telegram::start(sign_in, Arc::clone(&vault)).await?;
    let engine = bytes::Engine::new(telegram.files().clone(), engine_options(&config))
        .with_context(|| format!("the disk cache in {} cannot be used", config.data_dir.join(CACHE_DIR).display()))?;
    let (ingest, notices) = Ingest::new(store.clone(), metadata, engine.clone(), ingest::Options::default());
    let library = Library::new(store.clone());
    let channels = Channels::new(store.clone(), telegram.messages().clone(), telegram.bots().clone());
    let health =
        Health::new(store.clone(), vault, telegram.messages().clone(), telegram.bots().clone(), channels.clone());
    let playback = Playback::new(store.clone(), engine, secret.derive(Purpose::Link));
    let chat = Chat::new(library.clone(), people.clone(), config.owner_id.map(UserId), site.clone());

    let stop = CancellationToken::new();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(ingest.clone().run(stop.clone()));
    tasks.spawn(bot::deliver(deliveries, telegram.messages().clone(), ingest.clone(), chat.clone(), stop.clone()));
    let (alerts, alerted) = mpsc::unbounded_channel();
    tasks.spawn(bot::tell_owner(notices, alerted, telegram.messages().clone(), chat, stop.clone()));
    tasks.spawn(channels.clone().run(stop.clone()));
    tasks.spawn(health.clone().watch(alerts, stop.clone()));

    let install = site.install(&people.token(&owner));
    let owner_page = owner_page(&people, &site).await?;
    let state = web::State::new(web::Parts {
        addresses: site.clone(),
        library: library.clone(),
        accounts: people.clone(),
        playback,
        health: health.clone(),
        channels: channels.clone(),
        ingest,
        trusted_proxies: config.trusted_proxies.clone(),
    });
    let server = web::server(state, listener, DRAIN)?;
    let handle = server.handle();
    tasks.spawn(async move {
        if let Err(error) = server.await {
            warn!(%error, "The web server ended");
        }
    });
    info!(%address, "Cinepost runs at {}", site.base().as_str());
    Ok(Running {
        address,
        site,
        install,
        owner_page,
        library,
        store,
        people,
        health,
        channels,
        telegram,
        server: handle,
        stop,
        tasks,
        _lock: lock,
    })
}

/// Whoever finds the store exchanged reads the channels back anew, instead of going on where another store stood.
async fn bind(store: &Store, instance: &Instance) -> anyhow::Result<()> {
    let Bond::Renewed { forgotten } = bond::renew(store, instance, telegram::POSITIONS).await? else { return Ok(()) };
    warn!(
        "The database is not the one that this DATA_DIR worked with last (it is new, another one, or from a backup): the newest \
         posts of the channels are read back into it"
    );
    let watched: Vec<_> = store.channels().await?.iter().map(|channel| channel.chat.to_string()).collect();
    for chat in forgotten.iter().filter(|chat| !watched.contains(chat)) {
        warn!("The database does not know channel {chat}, which was watched before: cinepost channel add {chat}");
    }
    Ok(())
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
        let owner = self.people.owner().await?;
        let query = Query { kind: Kind::Movie, order: Order::Newest, genre: None, year: None, skip: 0, limit: count };
        let mut links = Vec::new();
        for title in self.library.page(&query).await? {
            let Some(id) = title.meta_id() else { continue };
            for entry in self.library.streams(Kind::Movie, id, None).await? {
                links.push(self.site.play(&self.people.play_path(&owner, entry.id, &entry.name)).to_string());
            }
        }
        Ok(links)
    }

    /// Whether the channels were caught up and nothing waits for its first match.
    pub async fn is_settled(&self) -> bool {
        self.telegram.messages().is_caught_up() && self.library.counts().await.is_ok_and(|counts| counts.pending == 0)
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

fn location(config: &Config) -> store::Database {
    match &config.database {
        Database::Embedded => store::Database::Embedded { dir: config.data_dir.clone() },
        Database::Mongo(uri) => store::Database::Mongo { uri: uri.0.clone() },
    }
}

/// The database of the program, for commands beside it. Never a new one: that would be an empty one in a wrong folder.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let there = Store::open_existing(location(config)).await?;
    there.with_context(|| match &config.database {
        Database::Embedded => format!(
            "there is no Cinepost data in {}: run this in the folder where Cinepost runs, or set DATA_DIR. Before the first start \
             there is none anywhere",
            whole_path(&config.data_dir).display()
        ),
        Database::Mongo(_) => "there is no Cinepost data at DATABASE_URL: check the name of the database at its end. Before the \
                               first start there is none anywhere"
            .to_owned(),
    })
}

/// A one-time link to the owner's page.
pub async fn owner_page(people: &People, site: &Addresses) -> anyhow::Result<AbsoluteUrl> {
    let token = people.new_sign_in_token(unix_now(), people::LINK_SECS).await?;
    Ok(site.sign_in(&token, OwnerPage::Top))
}

/// Where everything is found under BASE_URL.
pub fn site(base_url: &str) -> anyhow::Result<Addresses> {
    let base = AbsoluteUrl::parse(base_url);
    Ok(Addresses::new(base.with_context(|| format!("BASE_URL is {base_url:?}, which is not an address"))?))
}

/// People and their links, for commands that need nothing else.
pub async fn open_people(config: &Config) -> anyhow::Result<People> {
    let store = open_store(config).await?;
    // What is sealed under a key that was made just now would open nothing.
    let secret = config.known_secret_key()?.with_context(|| {
        format!(
            "there is no secret.key in {}: restore it from a backup, or start the program",
            config.data_dir.display()
        )
    })?;
    Ok(People::new(store, &secret))
}

/// Looks at everything that the settings name and that can still be looked at; what `cinepost doctor` prints. Makes nothing.
pub async fn examine(config: &Config) -> Vec<Finding> {
    // Each text begins with the variable's name, and so does each line of the doctor.
    let wrong = |problem: &Problem| {
        let text = problem.text.strip_prefix(problem.variable).unwrap_or(&problem.text);
        Finding::bad(problem.variable, text.trim_start_matches([':', ' ']), None)
    };
    let mut findings: Vec<_> = config.problems().iter().map(wrong).collect();
    let hint = |text: &String| Finding::worth("settings", text.clone(), "rename it, or take it away");
    findings.extend(config.misspelt.iter().map(hint));
    let (store, said) = examine_store(config).await;
    findings.extend(said);
    if let Some(account) = config.usable_telegram() {
        match telegram_for_doctor(config, account).await {
            Ok(telegram) => {
                findings.extend(health::bots(telegram.bots()));
                findings.extend(health::connection(telegram.bots()));
                findings.extend(examine_channels(config, store.as_ref(), telegram.bots()).await);
                telegram.stop().await;
            }
            Err(error) => findings.push(Finding::bad("Telegram", format!("{error:#}"), None)),
        }
    }
    if config.owner_id.is_none() && config.has(&["OWNER_ID"]) {
        findings.push(Finding::worth(
            "OWNER_ID",
            "is not set, so the bot tells nobody what was added",
            "write /start to your bot; it answers with the number to set",
        ));
    }
    if config.has(&["TMDB_URL", "TMDB_IMAGE_URL", "CINEMETA_URL"]) {
        let metadata = Metadata::new(metadata_options(config), Arc::new(Forgetful));
        findings.push(health::provider(&metadata, config.tmdb_key.is_some()).await);
    }
    if config.has(&["BASE_URL", "PORT"]) {
        findings.extend(health::base_url(&config.base_url).await);
    }
    findings
}

async fn examine_store(config: &Config) -> (Option<Store>, Option<Finding>) {
    if !config.has(&["DATABASE_URL", "DATA_DIR"]) {
        return (None, None);
    }
    let what = "database";
    match Store::open_existing(location(config)).await {
        Ok(Some(store)) => (Some(store), Some(Finding::good(what, "answers"))),
        Ok(None) => (None, Some(Finding::good(what, not_yet(config)))),
        Err(error) => (None, Some(Finding::bad(what, error.to_string(), None))),
    }
}

/// Asks every bot whether it can read these channels; for commands beside the program.
pub async fn try_channels(config: &Config, chats: &[ChatId]) -> Vec<Finding> {
    let not_tried = |why: String| vec![Finding::worth("channels", format!("not tried: {why}"), "cinepost doctor")];
    let account = match config.telegram() {
        Ok(account) => account,
        Err(error) => return not_tried(error.to_string()),
    };
    let telegram = match telegram_for_doctor(config, account).await {
        Ok(telegram) => telegram,
        Err(error) => return not_tried(format!("{error:#}")),
    };
    let mut findings = Vec::new();
    for chat in chats {
        findings.extend(channels::findings(telegram.bots(), *chat).await);
    }
    telegram.stop().await;
    findings
}

/// With the place, for who looks in a wrong folder.
fn not_yet(config: &Config) -> String {
    match config.database {
        Database::Embedded => {
            format!("is not there yet; the first start makes it in {}", whole_path(&config.data_dir).display())
        }
        Database::Mongo(_) => "answers, and is empty; the first start makes what it needs".to_owned(),
    }
}

fn whole_path(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Signed in with what the program keeps, where it has run already; else only for as long as the doctor looks.
async fn telegram_for_doctor(config: &Config, account: &Account) -> anyhow::Result<Telegram> {
    let sign_in = telegram_options(account, config.connections_per_bot)?;
    let is_kept = config.has(&["DATA_DIR", "SECRET_KEY"]) && Instance::is_in(&config.data_dir);
    let secret = if is_kept { config.known_secret_key()? } else { None };
    let vault: Arc<dyn Vault> = match secret {
        Some(secret) => {
            Arc::new(Sessions(Arc::new(Instance::open(&config.data_dir, &secret.derive(Purpose::Session))?)))
        }
        None => Arc::new(MemoryVault::default()),
    };
    let (telegram, _) = Telegram::start(sign_in, vault).await?;
    Ok(telegram)
}

async fn examine_channels(config: &Config, store: Option<&Store>, bots: &Bots) -> Vec<Finding> {
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
        findings.extend(channels::findings(bots, chat).await);
    }
    findings
}

fn telegram_options(account: &Account, connections_per_bot: usize) -> anyhow::Result<telegram::Options> {
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
        connections_per_bot,
        timing: Timing::default(),
    })
}

fn engine_options(config: &Config) -> bytes::Options {
    let disk = (config.cache_disk_bytes > 0).then(|| (config.data_dir.join(CACHE_DIR), config.cache_disk_bytes));
    bytes::Options { memory_bytes: config.memory_bytes, disk, ..bytes::Options::default() }
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
