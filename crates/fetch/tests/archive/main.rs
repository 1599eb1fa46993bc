//! Downloads from an archive on loopback that is slow, full, cut, forgetful and lying.

mod faults;
mod secrets;
mod server;
