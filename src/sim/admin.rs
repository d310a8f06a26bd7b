//! The admin port: HTTP and JSON, for tests and people who play Telegram. docs/simulation.md lists the calls.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::Deserialize;
use serde_json::json;

use super::faults::Fault;
use super::server::Server;
use super::world::{NewPost, WorldError, marked};

type Shared = web::Data<Arc<Server>>;

/// One post or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Posts {
    Several(Vec<PostForm>),
    One(PostForm),
}

#[derive(Deserialize)]
struct PostForm {
    /// A real file on this machine instead of a generated one.
    media: Option<String>,
    #[serde(flatten)]
    post: NewPost,
}

#[derive(Deserialize)]
struct Edit {
    message: i32,
    caption: Option<String>,
    /// A new file for the message.
    file: Option<NewPost>,
}

#[derive(Deserialize)]
struct Deletion {
    messages: Vec<i32>,
}

#[derive(Deserialize)]
struct Member {
    account: String,
    member: bool,
}

#[derive(Deserialize)]
struct Letter {
    from: i64,
    to: String,
    text: String,
}

#[derive(Deserialize)]
struct Restart {
    #[serde(default)]
    down_ms: u64,
}

#[derive(Deserialize)]
struct Cut {
    account: Option<String>,
}

/// Serves the admin port in the background.
pub fn start(server: Arc<Server>, listener: TcpListener) -> std::io::Result<ServerHandle> {
    let shared = web::Data::new(server);
    let http = HttpServer::new(move || App::new().app_data(shared.clone()).configure(routes))
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run();
    let handle = http.handle();
    tokio::spawn(http);
    Ok(handle)
}

fn routes(service: &mut web::ServiceConfig) {
    service
        .route("/channels/{chat}/posts", web::post().to(post))
        .route("/channels/{chat}/edits", web::post().to(edit))
        .route("/channels/{chat}/deletes", web::post().to(delete))
        .route("/channels/{chat}/members", web::post().to(member))
        .route("/faults", web::post().to(add_fault))
        .route("/faults", web::delete().to(clear_faults))
        .route("/stats", web::get().to(stats))
        .route("/restart", web::post().to(restart))
        .route("/cut", web::post().to(cut))
        .route("/messages", web::post().to(letter))
        .route("/sent", web::get().to(sent))
        .app_data(web::JsonConfig::default().limit(16 << 20));
}

fn wrong(error: impl std::fmt::Display) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error.to_string() }))
}

async fn post(server: Shared, chat: web::Path<i64>, posts: web::Json<Posts>) -> HttpResponse {
    let posts = match posts.into_inner() {
        Posts::Several(posts) => posts,
        Posts::One(post) => vec![post],
    };
    let mut posted = Vec::new();
    for PostForm { media, mut post } in posts {
        if let Some(path) = media {
            match std::fs::read(&path) {
                Ok(bytes) => post.bytes = Some(bytes.into()),
                Err(error) => return wrong(format!("{path}: {error}")),
            }
        }
        match server.post(*chat, post) {
            Ok(p) => posted.push(json!({ "message": p.message, "document": p.document.to_string() })),
            Err(error) => return wrong(error),
        }
    }
    HttpResponse::Ok().json(posted)
}

async fn edit(server: Shared, chat: web::Path<i64>, edit: web::Json<Edit>) -> HttpResponse {
    let edit = edit.into_inner();
    done(server.edit(*chat, edit.message, edit.caption, edit.file))
}

async fn delete(server: Shared, chat: web::Path<i64>, deletion: web::Json<Deletion>) -> HttpResponse {
    match server.delete(*chat, &deletion.messages) {
        Ok(gone) => HttpResponse::Ok().json(json!({ "deleted": gone })),
        Err(error) => wrong(error),
    }
}

async fn member(server: Shared, chat: web::Path<i64>, member: web::Json<Member>) -> HttpResponse {
    done(set_member(&server, *chat, &member.account, member.member))
}

/// Adds an account to a channel, or takes it out.
pub fn set_member(server: &Server, chat: i64, account: &str, is_member: bool) -> Result<(), WorldError> {
    server.change(|world| {
        let id = world.named(account)?;
        let members = &mut world.channels.get_mut(&marked(chat)).ok_or(WorldError::NoChannel(chat))?.members;
        if is_member {
            members.insert(id);
        } else {
            members.remove(&id);
        }
        Ok(())
    })
}

async fn add_fault(server: Shared, fault: web::Json<Fault>) -> HttpResponse {
    server.add_fault(fault.into_inner());
    HttpResponse::Ok().json(json!({}))
}

async fn clear_faults(server: Shared) -> HttpResponse {
    server.faults(|faults| faults.clear());
    HttpResponse::Ok().json(json!({}))
}

async fn stats(server: Shared) -> HttpResponse {
    HttpResponse::Ok().json(server.stats())
}

async fn restart(server: Shared, restart: web::Json<Restart>) -> HttpResponse {
    done(server.restart(Duration::from_millis(restart.down_ms)).await)
}

async fn cut(server: Shared, cut: web::Json<Cut>) -> HttpResponse {
    match cut.account.as_deref().map(|name| server.world(|w| w.named(name))).transpose() {
        Ok(account) => {
            server.cut(account);
            HttpResponse::Ok().json(json!({}))
        }
        Err(error) => wrong(error),
    }
}

async fn letter(server: Shared, letter: web::Json<Letter>) -> HttpResponse {
    match server.world(|w| w.named(&letter.to)) {
        Ok(account) => {
            server.message(letter.from, account, &letter.text);
            HttpResponse::Ok().json(json!({}))
        }
        Err(error) => wrong(error),
    }
}

async fn sent(server: Shared) -> HttpResponse {
    HttpResponse::Ok().json(server.sent())
}

fn done<E: std::fmt::Display>(result: Result<(), E>) -> HttpResponse {
    match result {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(error) => wrong(error),
    }
}
