//! The process group of a child: whatever it starts, and goes on when it has ended, ends with the group.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

/// Between being asked to end and being ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends everything in it when dropped.
pub(super) struct Group {
    /// The child's process id, which is its group's.
    leader: Option<Pid>,
}

impl Group {
    /// Of a child that was started with a group of its own.
    pub fn of(child: &Child) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 1);
        Self { leader: leader.and_then(Pid::from_raw) }
    }

    /// Asks it to end, and ends it when it does not.
    pub async fn end(&self, child: &mut Child) {
        self.signal(Signal::TERM);
        let _ = tokio::time::timeout(PATIENCE, child.wait()).await;
        self.kill();
        let _ = child.wait().await;
    }

    /// Ends it at once.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// From now on it gets no more address space than this, and neither does what it starts.
    #[cfg(target_os = "linux")]
    pub fn limit_memory(&self, bytes: u64) -> std::io::Result<()> {
        use rustix::process::{Resource, Rlimit, prlimit};
        // To the kernel no number means whoever asks, which is us.
        let leader = self.leader.ok_or_else(|| std::io::Error::other("its process id is not known"))?;
        let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
        prlimit(Some(leader), Resource::As, limit)?;
        Ok(())
    }

    /// Only Linux limits another process.
    #[cfg(not(target_os = "linux"))]
    pub fn limit_memory(&self, _bytes: u64) -> std::io::Result<()> {
        Ok(())
    }

    /// The kernel gives the number to no other group while a member of this one is there; when none is, nothing is signalled.
    fn signal(&self, signal: Signal) {
        if let Some(leader) = self.leader {
            let _ = kill_process_group(leader, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}
