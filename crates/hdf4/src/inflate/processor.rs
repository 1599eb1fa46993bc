//! Code for newer processors, beside that for all of a kind.

/// Whether this processor has the instructions of x86-64-v3 (Haswell, Zen and later).
#[derive(Clone, Copy)]
pub(crate) struct Processor {
    #[cfg(target_arch = "x86_64")]
    newer: Option<fearless_simd::x86::Avx2>,
}

impl Processor {
    pub(crate) fn detect() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            newer: fearless_simd::Level::new().as_avx2(),
        }
    }

    /// Runs `work`, which is compiled a second time for the newer instructions: their shifts take
    /// the distance from any register, and their registers hold 32 bytes.
    #[inline(always)]
    pub(crate) fn run<R>(self, work: impl FnOnce() -> R) -> R {
        #[cfg(target_arch = "x86_64")]
        if let Some(newer) = self.newer {
            return fearless_simd::Simd::vectorize(newer, work);
        }
        work()
    }
}
