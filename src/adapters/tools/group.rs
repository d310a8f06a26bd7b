//! The process group of a child: whatever it starts, and goes on when it has ended, ends with the group.

use std::time::Duration;

use tokio::process::Child;

/// Between being asked to end and being ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends everything in it when dropped.
pub(super) struct Group {
    /// The child's process id, which is its group's.
    leader: Option<i32>,
}

impl Group {
    /// Of a child that was started with a group of its own.
    pub fn of(child: &Child) -> Self {
        Self { leader: child.id().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 1) }
    }

    /// Asks it to end, and ends it when it does not.
    pub async fn end(&self, child: &mut Child) {
        self.signal(libc::SIGTERM);
        let _ = tokio::time::timeout(PATIENCE, child.wait()).await;
        self.kill();
        let _ = child.wait().await;
    }

    /// Ends it at once.
    pub fn kill(&self) {
        self.signal(libc::SIGKILL);
    }

    fn signal(&self, signal: libc::c_int) {
        let Some(leader) = self.leader else { return };
        #[expect(unsafe_code, reason = "a plain C call with two numbers")]
        // SAFETY: touches no memory. The kernel gives the number to no other group while a member of this one is there; when none is,
        // nothing is signalled.
        unsafe {
            libc::killpg(leader, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
