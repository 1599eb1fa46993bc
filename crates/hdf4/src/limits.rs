//! How much memory and work a file may ask for.
//!
//! Any bytes may be offered as a file. Everything that is read or allocated is bounded by the
//! file's own length times a stated ratio, so that a small hostile file cannot ask for a large
//! machine. No valid file met so far comes near these limits.

/// Decoded bytes allowed for each stored byte of a deflate stream.
///
/// Deflate's densest code is a 258-byte match in 2 bits, 1032 bytes for each stored byte
/// (RFC 1951); the rest is room for rounding.
pub const DEFLATE_MAX_RATIO: u64 = 1100;

/// Decoded bytes allowed for each stored byte of HDF4's run-length code: 2 bytes give at most
/// 130 (`crle.c` of the reference library).
pub const RLE_MAX_RATIO: u64 = 65;

/// Bytes that may be read from a file while opening it, for each byte the file has.
///
/// Metadata elements do not overlap in a valid file and each is read once or twice.
pub const METADATA_MAX_RATIO: u64 = 8;

/// Bytes the reading methods that return a `Vec` may allocate for values that are in no chunk of
/// the file, whatever the file's size: enough for a full MODIS tile of 64-bit numbers.
pub const SPARSE_ALLOWANCE_BYTES: u64 = 64 << 20;

/// Dimensions of one SDS (`H4_MAX_VAR_DIMS` of the reference library).
pub const MAX_RANK: usize = 32;

/// Nested blocks in ODL text.
pub const MAX_ODL_DEPTH: usize = 64;

/// Bytes of one special element header: a chunked one of [`MAX_RANK`] dimensions needs 450.
pub(crate) const MAX_SPECIAL_HEADER: u64 = 1024;
