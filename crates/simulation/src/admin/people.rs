//! The admin port's people: what they do to bots, and what they see.

use actix_web::{HttpResponse, web};
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use super::{Chat, Handle, OneOrMany, with};
use crate::post::{NewPerson, NewPost, NewPress};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/people", web::post().to(people))
        .route("/people/{id}/blocks", web::post().to(blocks))
        .route("/groups", web::post().to(groups))
        .route("/channels/{chat}/protection", web::post().to(protection))
        .route("/messages", web::post().to(messages))
        .route("/messages/edits", web::post().to(edits))
        .route("/messages/deletes", web::post().to(deletes))
        .route("/presses", web::post().to(presses))
        .route("/inline", web::post().to(inline))
        .route("/inline/choices", web::post().to(choices))
        .route("/limits", web::post().to(limits))
        .route("/commands", web::get().to(commands))
        .route("/sent", web::get().to(sent));
}

async fn people(handle: Handle, people: web::Json<OneOrMany<NewPerson>>) -> HttpResponse {
    with(&handle, |sim| {
        people.into_inner().into_vec().into_iter().try_for_each(|person| sim.person(person)).map(|()| json!({}))
    })
}

#[derive(Deserialize)]
struct Block {
    account: String,
    blocked: bool,
}

async fn blocks(handle: Handle, person: web::Path<i64>, block: web::Json<Block>) -> HttpResponse {
    with(&handle, |sim| sim.set_blocked(*person, &block.account, block.blocked).map(|()| json!({})))
}

#[derive(Deserialize)]
struct NewGroup {
    chat: i64,
    title: String,
}

async fn groups(handle: Handle, group: web::Json<NewGroup>) -> HttpResponse {
    with(&handle, |sim| sim.found_group(group.chat, &group.title).map(|()| json!({})))
}

#[derive(Deserialize)]
struct Protection {
    protected: bool,
}

async fn protection(handle: Handle, chat: Chat, change: web::Json<Protection>) -> HttpResponse {
    with(&handle, |sim| sim.set_protected(*chat, change.protected).map(|()| json!({})))
}

/// To a bot (`to`) or into a group (`chat`); a text, or anything that can be posted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Letter {
    from: i64,
    to: Option<String>,
    chat: Option<i64>,
    text: Option<String>,
    post: Option<NewPost>,
}

async fn messages(handle: Handle, letter: web::Json<Letter>) -> HttpResponse {
    with(&handle, |sim| {
        let Letter { from, to, chat, text, post } = letter.into_inner();
        let post = post.or(text.map(|text| NewPost::text(&text))).context("give a text or a post")?;
        let message = match (to, chat) {
            (Some(bot), None) => sim.send(from, &bot, post)?,
            (None, Some(chat)) => sim.send_to_group(from, chat, post)?,
            _ => anyhow::bail!("give the bot it goes to, or the group"),
        };
        Ok(json!({"message": message}))
    })
}

#[derive(Deserialize)]
struct Edit {
    to: String,
    message: i32,
    text: String,
}

async fn edits(handle: Handle, edit: web::Json<Edit>) -> HttpResponse {
    with(&handle, |sim| sim.edit_message(&edit.to, edit.message, &edit.text).map(|()| json!({})))
}

#[derive(Deserialize)]
struct Delete {
    to: String,
    messages: Vec<i32>,
}

async fn deletes(handle: Handle, delete: web::Json<Delete>) -> HttpResponse {
    with(&handle, |sim| sim.delete_messages(&delete.to, &delete.messages).map(|()| json!({})))
}

async fn presses(handle: Handle, press: web::Json<NewPress>) -> HttpResponse {
    with(&handle, |sim| Ok(json!({"query": sim.press(press.into_inner())?.to_string()})))
}

#[derive(Deserialize)]
struct Question {
    from: i64,
    to: String,
    query: String,
    #[serde(default)]
    offset: String,
}

async fn inline(handle: Handle, asked: web::Json<Question>) -> HttpResponse {
    with(&handle, |sim| {
        let query = sim.ask_inline(asked.from, &asked.to, &asked.query, &asked.offset)?;
        Ok(json!({"query": query.to_string()}))
    })
}

/// Ids of queries are texts: JavaScript's numbers are too small for them.
#[derive(Deserialize)]
struct Choice {
    query: String,
    result: String,
    chat: i64,
}

async fn choices(handle: Handle, choice: web::Json<Choice>) -> HttpResponse {
    with(&handle, |sim| {
        let query = choice.query.parse().with_context(|| format!("{:?} is no query's id", choice.query))?;
        Ok(json!({"message": sim.choose(query, &choice.result, choice.chat)?}))
    })
}

#[derive(Deserialize)]
struct Limits {
    sending: bool,
}

async fn limits(handle: Handle, limits: web::Json<Limits>) -> HttpResponse {
    with(&handle, |sim| {
        sim.limit_sending(limits.sending);
        Ok(json!({}))
    })
}

async fn commands(handle: Handle) -> HttpResponse {
    with(&handle, |sim| Ok(serde_json::to_value(sim.commands())?))
}

async fn sent(handle: Handle) -> HttpResponse {
    with(&handle, |sim| -> Result<_> { Ok(serde_json::to_value(sim.sent())?) })
}
