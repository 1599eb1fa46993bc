//! What a variable is and of which time: files that contradict themselves, and files that only look so.

mod describe;
mod maker;
mod quantity;
mod time;
