//! Little-endian numbers and texts in a row of bytes.

use nutag_problem::{Error, Problem};

/// Bytes that end too soon, or say what cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damage(pub String);

/// More than a file of this program can say: its lengths are 32-bit numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a piece of the job has {0} entries or bytes in one place; its file holds at most {most}", most = u32::MAX)]
pub struct TooLong(pub usize);

impl From<TooLong> for Error {
    fn from(too_long: TooLong) -> Self {
        Problem::new(too_long.to_string())
            .advice(
                "divide the job: fewer periods, or fewer regions and zones, in one pipeline file",
            )
            .failed()
    }
}

/// Appends.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    pub fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    pub fn i64(&mut self, value: i64) {
        self.0.extend(value.to_le_bytes());
    }

    pub fn i128(&mut self, value: i128) {
        self.0.extend(value.to_le_bytes());
    }

    /// A length, which must fit 32 bits.
    pub fn len(&mut self, len: usize) -> Result<(), TooLong> {
        self.u32(u32::try_from(len).map_err(|_| TooLong(len))?);
        Ok(())
    }

    pub fn text(&mut self, text: &str) -> Result<(), TooLong> {
        self.len(text.len())?;
        self.0.extend(text.as_bytes());
        Ok(())
    }

    /// A body as its length and LZ4 bytes, up to the end of the file.
    pub fn pack(&mut self, body: &Self) -> Result<(), TooLong> {
        self.len(body.0.len())?;
        self.0.extend(lz4_flex::block::compress(&body.0));
        Ok(())
    }
}

/// Takes from the front.
#[derive(Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], Damage> {
        let (front, rest) = self
            .0
            .split_at_checked(len)
            .ok_or_else(|| Damage("it ends too soon".to_owned()))?;
        self.0 = rest;
        Ok(front)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub fn u32(&mut self) -> Result<u32, Damage> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Damage> {
        self.array().map(u64::from_le_bytes)
    }

    pub fn i64(&mut self) -> Result<i64, Damage> {
        self.array().map(i64::from_le_bytes)
    }

    pub fn i128(&mut self) -> Result<i128, Damage> {
        self.array().map(i128::from_le_bytes)
    }

    /// The number of things that follow, each of at least `size` bytes: never
    /// more than the bytes left could hold.
    pub fn len(&mut self, size: usize) -> Result<usize, Damage> {
        let len = self.u32()? as usize;
        if len.saturating_mul(size) > self.0.len() {
            return Err(Damage(format!(
                "it promises {len} entries and ends too soon"
            )));
        }
        Ok(len)
    }

    pub fn text(&mut self) -> Result<String, Damage> {
        let len = self.len(1)?;
        String::from_utf8(self.take(len)?.to_vec())
            .map_err(|_| Damage("a text in it is not UTF-8".to_owned()))
    }

    /// What follows as a length and LZ4 bytes up to the end.
    pub fn unpack(&mut self) -> Result<Vec<u8>, Damage> {
        let len = self.u32()? as usize;
        // LZ4 makes at most 255 bytes of one.
        if len / 255 > self.0.len() {
            return Err(Damage("its length cannot be".to_owned()));
        }
        let packed = std::mem::take(&mut self.0);
        lz4_flex::block::decompress(packed, len)
            .map_err(|error| Damage(format!("it cannot be unpacked: {error}")))
    }

    pub fn end(&self) -> Result<(), Damage> {
        match self.0.len() {
            0 => Ok(()),
            more => Err(Damage(format!("{more} bytes too many"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_32_bits_is_refused_when_it_is_written() {
        let mut file = Writer::default();
        let most = usize::try_from(u32::MAX).unwrap();
        file.len(most).unwrap();
        assert_eq!(file.len(most + 1), Err(TooLong(most + 1)));
        assert_eq!(file.0.len(), 4, "nothing is written of what is refused");
        let words = Error::from(TooLong(most + 1)).to_string();
        assert!(words.contains("4294967296 entries"), "{words}");
    }
}
