//! Floor 3: people and what proves who they are: access tokens in install links, the owner's one-time link and cookie.

use crate::domain::secret::SecretKey;
use crate::store::{Person, Store};

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {}

impl Accounts {
    pub fn new(store: Store, secret: &SecretKey) -> Self {
        let _ = (store, secret);
        unimplemented!()
    }

    /// Makes the owner on the first start ever; answers them on every start.
    pub async fn owner(&self) -> Result<Person, crate::store::Error> {
        unimplemented!()
    }
}
