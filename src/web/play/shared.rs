//! Bytes of files that somebody shares: GET and HEAD `/d/{link}/{file name}`.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::answer;
use crate::flows::files::Counter;
use crate::flows::playback::{self, Body};
use crate::flows::unix_now;
use crate::web::pages::share::{Query, open};
use crate::web::{Error, State};

pub async fn shared(
    state: web::Data<State>,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let link = request.match_info().get("link").unwrap_or_default();
    let opened = open(&state, link, &request).await?;
    let now = unix_now();
    if !state.files.is_unlocked(&opened, query.key.as_deref(), now) {
        return Err(Error::Locked);
    }
    let found = state.playback.find_shared(&opened.file, opened.locations(), now).await?;
    let counter = |is_whole| state.files.counter(&opened, is_whole);
    answer(&state, &request, &found, query.save.is_some(), Some(&counter)).await
}

/// A body that is counted, where it is one of a shared file's.
pub(super) struct Counted {
    body: Body,
    counter: Option<Counter>,
}

pub(super) fn counted(body: Body, counter: Option<&dyn Fn(bool) -> Counter>, is_whole: bool) -> Counted {
    Counted { body, counter: counter.map(|counter| counter(is_whole)) }
}

impl Stream for Counted {
    type Item = Result<Bytes, playback::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.counter.as_ref().is_some_and(Counter::is_over) {
            return Poll::Ready(Some(Err(playback::Error::Revoked)));
        }
        let polled = self.body.poll_next_unpin(cx);
        if let (Poll::Ready(Some(Ok(piece))), Some(counter)) = (&polled, &mut self.counter) {
            counter.sent(piece.len());
        }
        polled
    }
}
