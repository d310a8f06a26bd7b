//! Answers to pressed buttons and to inline queries, with Telegram's limits on them (core.telegram.org/method/messages.setInlineBotResults,
//! core.telegram.org/method/messages.setBotCallbackAnswer).

use std::collections::HashSet;

use grammers_tl_types as tl;
use tl::functions::messages as f;

use super::{Call, words};
use crate::post::{InlineResult, SentKind};
use crate::refusal::Refusal;
use crate::world::Words;

const MOST_RESULTS: usize = 50;
const LONGEST_ID: usize = 64;
const LONGEST_ANSWER: usize = 200;

pub(super) fn answer_press(call: &Call<'_>, account: i64, request: f::SetBotCallbackAnswer) -> Result<bool, Refusal> {
    let mut world = call.server.world();
    let message = request.message.unwrap_or_default();
    if message.chars().count() > LONGEST_ANSWER {
        return Err(Refusal::bad("MESSAGE_TOO_LONG"));
    }
    let own = world.account(account).map(|account| format!("https://t.me/{}?start=", account.username()));
    if request.url.as_ref().is_some_and(|url| own.is_none_or(|own| !url.starts_with(&own))) {
        return Err(Refusal::bad("URL_INVALID"));
    }
    let lifetime = call.server.rules.query_lifetime;
    let person = world.answer_query(request.query_id, account, false, lifetime)?.person;
    let (kind, text) = match request.url {
        Some(url) => (SentKind::Opened, url),
        None if message.is_empty() => (SentKind::Quiet, message),
        None if request.alert => (SentKind::Alert, message),
        None => (SentKind::Toast, message),
    };
    world.show(account, person, kind, text, Vec::new());
    Ok(true)
}

pub(super) fn answer_query(call: &Call<'_>, account: i64, request: f::SetInlineBotResults) -> Result<bool, Refusal> {
    if request.results.len() > MOST_RESULTS {
        return Err(Refusal::bad("RESULTS_TOO_MUCH"));
    }
    if request.next_offset.as_ref().is_some_and(|offset| offset.len() > LONGEST_ID) {
        return Err(Refusal::bad("NEXT_OFFSET_INVALID"));
    }
    if let Some(tl::enums::InlineBotSwitchPm::Pm(start)) = &request.switch_pm {
        check_start(start)?;
    }
    let mut ids = HashSet::new();
    let mut results = Vec::new();
    for result in request.results {
        let result = read(result)?;
        if !ids.insert(result.id.clone()) {
            return Err(Refusal::bad("RESULT_ID_DUPLICATE"));
        }
        results.push(result);
    }
    let mut world = call.server.world();
    let query = world.answer_query(request.query_id, account, true, call.server.rules.query_lifetime)?;
    query.results = results.clone();
    let person = query.person;
    world.show(account, person, SentKind::Results, String::new(), results);
    Ok(true)
}

fn check_start(start: &tl::types::InlineBotSwitchPm) -> Result<(), Refusal> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if start.text.trim().is_empty() {
        return Err(Refusal::bad("SWITCH_PM_TEXT_EMPTY"));
    }
    if start.start_param.is_empty() {
        return Err(Refusal::bad("START_PARAM_EMPTY"));
    }
    match start.start_param.len() <= LONGEST_ID && start.start_param.chars().all(is_plain) {
        true => Ok(()),
        false => Err(Refusal::bad("START_PARAM_INVALID")),
    }
}

/// Of the kinds of results those are simulated that are a text.
fn read(result: tl::enums::InputBotInlineResult) -> Result<InlineResult, Refusal> {
    let tl::enums::InputBotInlineResult::Result(result) = result else {
        return Err(Refusal::bad("RESULT_TYPE_INVALID"));
    };
    if !(1..=LONGEST_ID).contains(&result.id.len()) {
        return Err(Refusal::bad("RESULT_ID_INVALID"));
    }
    if result.r#type != "article" {
        return Err(Refusal::bad("RESULT_TYPE_INVALID"));
    }
    let title = result.title.filter(|title| !title.trim().is_empty()).ok_or(Refusal::bad("ARTICLE_TITLE_EMPTY"))?;
    let tl::enums::InputBotInlineMessage::Text(message) = result.send_message else {
        return Err(Refusal::bad("SEND_MESSAGE_TYPE_INVALID"));
    };
    let words = Words {
        entities: words::entities(message.entities)?,
        buttons: words::keyboard(message.reply_markup, false)?,
        ..Words::plain(message.message)
    };
    words.check()?;
    Ok(InlineResult {
        id: result.id,
        title,
        description: result.description.unwrap_or_default(),
        text: words.text,
        entities: words.entities,
        buttons: words.buttons,
    })
}
