//! Where cells are: shapes, windows, transforms, tiles, and true cell areas.
