//! One row of the route table: a path, who may ask for it, and the handler of each method.

use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, guard, web};

use super::pages::message::failure_page;
use super::{Error, State};

/// Who may ask for a path. The table says it, extractors enforce it ([`super::auth`]), a test compares the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    /// Whoever has a sealed link to a file. The answers are bytes of films, or say where those are.
    Link,
    /// Whoever has the link of a file that somebody shares. A page.
    Shared,
    /// Whoever has an access token in the path.
    Viewer,
    /// The owner, or a program on this machine.
    Operator,
    /// The owner alone.
    Owner,
}

/// A path and its handlers. Without a handler a method gets 405.
pub struct Route {
    pub path: &'static str,
    pub access: Access,
    /// Its answers are worth compressing, though the path is a file's.
    pub is_text: bool,
    handlers: Vec<actix_web::Route>,
}

impl Route {
    pub fn new(access: Access, path: &'static str) -> Self {
        Self { path, access, is_text: false, handlers: Vec::new() }
    }

    /// GET and HEAD: actix does not take HEAD for granted, and players and Stremio's web client ask HEAD first.
    pub fn get<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.with(get_or_head().to(handler))
    }

    /// GET and HEAD of a page: its failures are pages too, whatever the client says that it accepts.
    pub fn page<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output = Result<HttpResponse, Error>>,
        Args: FromRequest + 'static,
    {
        self.with(to_page(get_or_head(), handler))
    }

    /// POST of a form on one of our pages. Its failures are pages.
    pub fn form<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args, Output = Result<HttpResponse, Error>>,
        Args: FromRequest + 'static,
    {
        self.with(to_page(web::post(), handler))
    }

    /// Its answers are text: a playlist of two hours names 1,200 segments.
    pub fn text(self) -> Self {
        Self { is_text: true, ..self }
    }

    /// For a server.
    pub fn resource(self) -> Resource {
        self.handlers.into_iter().fold(web::resource(self.path), Resource::route)
    }

    fn with(mut self, handler: actix_web::Route) -> Self {
        self.handlers.push(handler);
        self
    }
}

fn get_or_head() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The handler, with its own failures and those of our extractors shown as pages. Actix's failures (a query or a form that cannot be
/// read) go on as they are; browsers get a page of those too ([`errors_as_pages`](super::pages::message::errors_as_pages)).
fn to_page<F, Args>(route: actix_web::Route, handler: F) -> actix_web::Route
where
    F: Handler<Args, Output = Result<HttpResponse, Error>>,
    Args: FromRequest + 'static,
{
    route.to(move |state: web::Data<State>, args: Result<Args, actix_web::Error>| {
        let handler = handler.clone();
        async move {
            let result = match args {
                Ok(args) => handler.call(args).await,
                Err(error) => match error.as_error::<Error>() {
                    Some(ours) => return Ok(failure_page(&state, ours)),
                    None => return Err(error),
                },
            };
            Ok(result.unwrap_or_else(|error| failure_page(&state, &error)))
        }
    })
}
