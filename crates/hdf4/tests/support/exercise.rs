//! Does with a file what a user may do. Whatever the bytes, it must end, in little memory.

use hdf4::{Dataset, Element, Hdf4File, NumberType, Scratch};

/// Reads at most this many values at once.
const CELLS: usize = 1 << 16;

/// Opens the bytes as a file and reads from every SDS. Gives how many reads succeeded.
pub fn exercise(bytes: &[u8]) -> usize {
    let Ok(file) = Hdf4File::from_bytes(bytes) else {
        return 0;
    };
    let mut scratch = Scratch::new();
    let _ = file.eos_grids();
    let _ = file.dataset("Npp_500m");
    let mut reads = 0;
    for ds in file.datasets() {
        for attribute in ds.attributes() {
            let _ = attribute.as_f64s();
        }
        reads += match ds.number_type() {
            NumberType::I8 => read::<i8>(&file, ds, &mut scratch),
            NumberType::I16 => read::<i16>(&file, ds, &mut scratch),
            NumberType::U16 => read::<u16>(&file, ds, &mut scratch),
            NumberType::I32 => read::<i32>(&file, ds, &mut scratch),
            NumberType::U32 => read::<u32>(&file, ds, &mut scratch),
            NumberType::F32 => read::<f32>(&file, ds, &mut scratch),
            NumberType::F64 => read::<f64>(&file, ds, &mut scratch),
            _ => read::<u8>(&file, ds, &mut scratch),
        };
    }
    reads
}

fn read<T: Element>(file: &Hdf4File, ds: &Dataset, scratch: &mut Scratch) -> usize {
    let mut reads = 0;
    let shape = ds.shape();
    let mut left = CELLS;
    // As much of the slowest dimensions as fits, from the last ones on.
    let mut count = vec![0; shape.len()];
    for (to, &n) in count.iter_mut().zip(shape).rev() {
        *to = n.min(left);
        left /= (*to).max(1);
    }
    let cells = count.iter().product();
    let mut out = vec![T::default(); cells];
    let ends: Vec<usize> = shape.iter().zip(&count).map(|(&n, &c)| n - c).collect();
    for start in [vec![0; shape.len()], ends] {
        let report = file.read_window_into(ds, &start, &count, &mut out, scratch);
        if let Ok(report) = report {
            assert!(report.missing_chunks <= report.chunks);
            assert!(report.missing_cells <= cells as u64);
            reads += 1;
        }
    }
    if let Ok(cost) = file.window_cost(ds, &vec![0; shape.len()], shape) {
        assert!(cost.missing_chunks <= cost.chunks);
    }
    let chunk = ds.natural_chunk_shape();
    let chunk_cells = chunk.iter().try_fold(1_usize, |all, &n| all.checked_mul(n));
    if let Some(chunk_cells) = chunk_cells.filter(|&n| n <= CELLS) {
        out.resize(chunk_cells, T::default());
        let place = vec![0; shape.len()];
        reads += usize::from(file.read_chunk_into(ds, &place, &mut out, scratch).is_ok());
    }
    reads
}
