//! The macro that declares a face: what can be asked of the store about one subject.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares a handle for callers and the trait that both backends implement for it, from one list of methods.
///
/// The trait has no default methods, so that a backend that lacks one does not compile. Methods of the list are handed to the backend
/// as they are; those under `by_hand` are in the trait only, and the handle's own file says what comes before.
macro_rules! face {
    (
        $(#[$doc:meta])*
        $face:ident / $trait:ident {
            $(
                $(#[$method_doc:meta])*
                async fn $method:ident(&self $(, $arg:ident: $type:ty)*) -> $returned:ty;
            )*
        }
        $(by_hand {
            $(async fn $hand:ident(&self $(, $hand_arg:ident: $hand_type:ty)*) -> $hand_returned:ty;)*
        })?
    ) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $face(pub(super) std::sync::Arc<super::Backend>);

        impl $face {
            $(
                $(#[$method_doc])*
                pub async fn $method(&self $(, $arg: $type)*) -> $returned {
                    super::face::ask!(self, $trait::$method($($arg),*))
                }
            )*
        }

        /// What a backend implements for the face of this file.
        pub(super) trait $trait {
            $(async fn $method(&self $(, $arg: $type)*) -> $returned;)*
            $($(async fn $hand(&self $(, $hand_arg: $hand_type)*) -> $hand_returned;)*)?
        }
    };
}

/// Calls a method of a face's trait on the backend that the store has. MongoDB's driver would wait for ever on a connection that
/// went silent, so its calls have a limit.
macro_rules! ask {
    ($face:ident, $trait:ident::$method:ident($($arg:expr),*)) => {{
        super::face::count_call();
        match &*$face.0 {
            super::Backend::Embedded(backend) => $trait::$method(backend, $($arg),*).await,
            super::Backend::Mongo(backend) => super::mongo::with_limit($trait::$method(backend, $($arg),*)).await,
        }
    }};
}

/// Of all stores of this process: there is one but in tests.
static CALLS: AtomicU64 = AtomicU64::new(0);

pub(super) fn count_call() {
    CALLS.fetch_add(1, Ordering::Relaxed);
}

/// Questions and changes so far.
pub(super) fn calls() -> u64 {
    CALLS.load(Ordering::Relaxed)
}

pub(super) use {ask, face};
