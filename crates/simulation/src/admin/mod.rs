//! The admin port: the simulation's strings, over HTTP and JSON. What goes wrong is answered with 400 and
//! `{"error": "..."}`. What people do has routes of its own ([`people`]).

mod people;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::faults::Fault;
use super::post::NewPost;
use super::{Inner, Sim};

pub(super) fn bind(port: u16) -> Result<(TcpListener, SocketAddr)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).with_context(|| format!("the admin port cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until `stop`. Does not keep the simulation alive.
pub(super) fn serve(listener: TcpListener, sim: &Arc<Inner>, stop: CancellationToken) -> Result<()> {
    let sim = web::Data::new(Arc::downgrade(sim));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(sim.clone())
            .app_data(web::JsonConfig::default().limit(64 * 1024 * 1024).error_handler(|e, _| {
                let answer = refused(&e);
                actix_web::error::InternalError::from_response(e, answer).into()
            }))
            .route("/", web::get().to(book))
            .route("/channels", web::post().to(found))
            .route("/channels/{chat}/posts", web::post().to(posts))
            .route("/channels/{chat}/edits", web::post().to(edits))
            .route("/channels/{chat}/deletes", web::post().to(deletes))
            .route("/channels/{chat}/members", web::post().to(members))
            .route("/accounts/{name}", web::post().to(account))
            .configure(people::routes)
            .route("/faults", web::post().to(faults))
            .route("/faults", web::delete().to(clear_faults))
            .route("/clock", web::post().to(clock))
            .route("/stats", web::get().to(stats))
            .route("/calls", web::get().to(calls))
            .route("/restart", web::post().to(restart))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(1)
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    tokio::spawn(async move {
        stop.cancelled().await;
        handle.stop(false).await;
    });
    Ok(())
}

type Handle = web::Data<Weak<Inner>>;
type Chat = web::Path<i64>;

fn with(handle: &Handle, act: impl FnOnce(&Sim) -> Result<serde_json::Value>) -> HttpResponse {
    let Some(inner) = handle.upgrade() else { return HttpResponse::ServiceUnavailable().finish() };
    match act(&Sim { inner }) {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(e) => refused(&format!("{e:#}")),
    }
}

fn refused(why: &impl ToString) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": why.to_string()}))
}

async fn book(handle: Handle) -> HttpResponse {
    with(&handle, |sim| Ok(serde_json::to_value(sim.book())?))
}

#[derive(Deserialize)]
struct NewChannel {
    chat: i64,
    title: String,
}

async fn found(handle: Handle, channel: web::Json<NewChannel>) -> HttpResponse {
    with(&handle, |sim| sim.found_channel(channel.chat, &channel.title).map(|()| json!({})))
}

/// One of something, or a list of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(Box<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::Many(all) => all,
            Self::One(one) => vec![*one],
        }
    }
}

async fn posts(handle: Handle, chat: Chat, posts: web::Json<OneOrMany<NewPost>>) -> HttpResponse {
    with(&handle, |sim| {
        let posted = posts.into_inner().into_vec().into_iter().map(|post| sim.post(*chat, post));
        Ok(serde_json::to_value(posted.collect::<Result<Vec<_>>>()?)?)
    })
}

#[derive(Deserialize)]
struct Edit {
    message: i32,
    caption: String,
}

async fn edits(handle: Handle, chat: Chat, edits: web::Json<OneOrMany<Edit>>) -> HttpResponse {
    with(&handle, |sim| {
        let mut edits = edits.into_inner().into_vec().into_iter();
        edits.try_for_each(|edit| sim.edit(*chat, edit.message, &edit.caption)).map(|()| json!({}))
    })
}

#[derive(Deserialize)]
struct Delete {
    messages: Vec<i32>,
}

async fn deletes(handle: Handle, chat: Chat, delete: web::Json<Delete>) -> HttpResponse {
    with(&handle, |sim| sim.delete(*chat, &delete.messages).map(|()| json!({})))
}

/// Of a bot or a person. What is not given stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Membership {
    account: Option<String>,
    person: Option<i64>,
    member: Option<bool>,
    admin: Option<bool>,
    muted: Option<bool>,
}

async fn members(handle: Handle, chat: Chat, m: web::Json<Membership>) -> HttpResponse {
    with(&handle, |sim| {
        if let (Some(person), Some(member)) = (m.person, m.member) {
            sim.set_person_member(*chat, person, member)?;
        }
        let Some(account) = &m.account else { return Ok(json!({})) };
        m.admin.map_or(Ok(()), |admin| sim.set_admin(*chat, account, admin))?;
        m.muted.map_or(Ok(()), |muted| sim.set_muted(*chat, account, muted))?;
        m.member.map_or(Ok(()), |member| sim.set_member(*chat, account, member))?;
        Ok(json!({}))
    })
}

#[derive(Deserialize)]
struct AccountChange {
    revoked: bool,
}

async fn account(handle: Handle, name: web::Path<String>, change: web::Json<AccountChange>) -> HttpResponse {
    with(&handle, |sim| sim.set_revoked(&name, change.revoked).map(|()| json!({})))
}

async fn faults(handle: Handle, faults: web::Json<OneOrMany<Fault>>) -> HttpResponse {
    with(&handle, |sim| {
        faults.into_inner().into_vec().into_iter().for_each(|fault| sim.fault(fault));
        Ok(json!({}))
    })
}

async fn clear_faults(handle: Handle) -> HttpResponse {
    with(&handle, |sim| {
        sim.clear_faults();
        Ok(json!({}))
    })
}

#[derive(Deserialize)]
struct Step {
    step_secs: i64,
}

async fn clock(handle: Handle, step: web::Json<Step>) -> HttpResponse {
    with(&handle, |sim| {
        // Message ids have 31 bits for the seconds.
        anyhow::ensure!(step.step_secs.abs() <= 366 * 86_400, "a step of more than a year is too long");
        sim.step_clock(step.step_secs);
        Ok(json!({"ahead_secs": sim.clock_ahead()}))
    })
}

async fn stats(handle: Handle) -> HttpResponse {
    with(&handle, |sim| Ok(serde_json::to_value(sim.stats())?))
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn calls(handle: Handle, query: web::Query<Since>) -> HttpResponse {
    with(&handle, |sim| Ok(serde_json::to_value(sim.calls(query.since))?))
}

#[derive(Deserialize)]
struct Restart {
    #[serde(default)]
    down_ms: u64,
}

async fn restart(handle: Handle, restart: web::Json<Restart>) -> HttpResponse {
    let Some(inner) = handle.upgrade() else { return HttpResponse::ServiceUnavailable().finish() };
    match (Sim { inner }).restart(Duration::from_millis(restart.down_ms)).await {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(e) => refused(&format!("{e:#}")),
    }
}
