//! Packed bytes that come part by part.

/// Gives the bytes of a stream part by part, so that they need not be in memory together.
pub trait Input {
    /// The last `left` bytes of those that were given before, followed by more of the stream, so
    /// that they are `wanted` bytes or more, or all there are; and how many bytes are still to
    /// come. `wanted` is at most 66 KiB, and more than `left`. Not called once none are to come.
    ///
    /// Where bytes cannot be had the stream ends, with none to come.
    fn more(&mut self, left: usize, wanted: usize) -> (&[u8], usize);
}

/// A stream that is in memory.
impl Input for &[u8] {
    fn more(&mut self, _left: usize, _wanted: usize) -> (&[u8], usize) {
        (self, 0)
    }
}
