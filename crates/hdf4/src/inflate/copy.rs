//! Copying matches, which may overlap themselves.

/// What [`roomy`] may write beyond the match.
pub(super) const SPILL: usize = 31;

/// Writes the `length` bytes that begin `distance` before `at` to `at`, and at most [`SPILL`]
/// bytes after them. `None` if `distance` is 0 or reaches before the beginning, or the room ends.
#[inline(always)]
pub(super) fn roomy(out: &mut [u8], at: usize, distance: usize, length: usize) -> Option<()> {
    let from = at.checked_sub(distance)?;
    if distance >= 32 {
        let mut done = 0;
        loop {
            let row: [u8; 32] = *out.get(from + done..)?.first_chunk()?;
            *out.get_mut(at + done..)?.first_chunk_mut()? = row;
            done += 32;
            if done >= length {
                return Some(());
            }
        }
    }
    let (before, after) = out.split_at_mut_checked(at)?;
    let period = before.get(from..)?;
    let after = after.get_mut(..length + SPILL)?;
    let row = repeat(period)?;
    // Runs of one number are matches at the distance of its size.
    let whole = row.len() - row.len() % period.len();
    if whole == row.len() {
        for to in after.as_chunks_mut().0 {
            *to = row;
        }
        return Some(());
    }
    let mut done = 0;
    while done < length {
        *after.get_mut(done..)?.first_chunk_mut()? = row;
        done += whole;
    }
    Some(())
}

/// `period` (1 to 31 bytes) again and again.
#[inline(always)]
fn repeat(period: &[u8]) -> Option<[u8; 32]> {
    let mut row = [0; 32];
    match *period {
        [] => return None,
        [one] => row = [one; 32],
        [one, two] => row.as_chunks_mut().0.fill([one, two]),
        _ => {
            row.get_mut(..period.len())?.copy_from_slice(period);
            let mut done = period.len();
            while done < row.len() {
                let more = done.min(row.len() - done);
                row.copy_within(..more, done);
                done += more;
            }
        }
    }
    Some(row)
}

/// As [`roomy`], but writes nothing after the match.
pub(super) fn exact(out: &mut [u8], at: usize, distance: usize, length: usize) -> Option<()> {
    let from = at.checked_sub(distance)?;
    let end = at.checked_add(length)?;
    if distance == 0 || end > out.len() {
        return None;
    }
    let mut at = at;
    // What is copied doubles what may be copied next.
    while at < end {
        let more = (end - at).min(at - from);
        out.copy_within(from..from + more, at);
        at += more;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_copy_byte_by_byte() {
        for distance in 1..=80 {
            for length in (1..70).chain([255, 257, 258]) {
                let at = 90;
                let begin: Vec<u8> = (0..at as u8).map(|k| k.wrapping_mul(37)).collect();
                let mut expected = begin.clone();
                for k in 0..length {
                    expected.push(expected[at + k - distance]);
                }
                let mut out = begin.clone();
                out.resize(at + length + SPILL, 0xee);
                assert_eq!(roomy(&mut out, at, distance, length), Some(()));
                assert_eq!(out[..at + length], expected, "{distance}, {length}");
                let mut out = begin;
                out.resize(at + length + SPILL, 0xee);
                assert_eq!(exact(&mut out, at, distance, length), Some(()));
                assert_eq!(out[..at + length], expected, "{distance}, {length}");
                assert!(out[at + length..].iter().all(|&b| b == 0xee));
            }
        }
    }

    #[test]
    fn neither_leaves_the_buffer() {
        let mut out = [7; 100];
        for (at, distance, length) in [(5, 6, 3), (5, 0, 3), (98, 2, 3), (98, 40, 3), (200, 1, 3)] {
            assert_eq!(roomy(&mut out, at, distance, length), None);
            assert_eq!(exact(&mut out, at, distance, length), None);
        }
        assert_eq!(out, [7; 100]);
    }
}
