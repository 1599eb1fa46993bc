/* Small files in every layout that the reference libraries write, for the reader's tests.
 *
 * make_fixtures FOLDER writes sd.hdf (libhdf4), eos.hdf (libhdfeos) and dfsd.hdf (libhdf4's
 * interface of before 1993). Values are synthetic.
 *
 * cc make_fixtures.c -I/usr/include/hdf -o make_fixtures \
 *    -I/usr/include/$(cc -print-multiarch)/hdf -lhdfeos -lmfhdfalt -ldfalt -lz -ljpeg -lm
 */
#include <mfhdf.h>
/* Needs the types of the line above. */
#include <HdfEosDef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 23
#define COLS 17
#define CELLS (ROWS * COLS)

#define MUST(call)                                                      \
    do {                                                                \
        if ((call) < 0) {                                               \
            fprintf(stderr, "line %d: %s\n", __LINE__, #call);          \
            HEprint(stderr, 0);                                         \
            exit(1);                                                    \
        }                                                               \
    } while (0)

static union {
    int8 i8[CELLS];
    uint8 u8[CELLS];
    int16 i16[CELLS];
    uint16 u16[CELLS];
    int32 i32[CELLS];
    uint32 u32[CELLS];
    float32 f32[CELLS];
    float64 f64[CELLS];
} values;

/* A third of the cells are equal, so that run lengths have something to do. */
static void fill(int32 type) {
    for (int i = 0; i < CELLS; i++) {
        uint32 v = i % 30 < 10 ? 77u : (uint32)i * 2654435761u;
        switch (type & 0xff) {
        case DFNT_FLOAT32: values.f32[i] = (float32)(int32)v / 7; break;
        case DFNT_FLOAT64: values.f64[i] = (float64)(int32)v / 7; break;
        case DFNT_INT16: case DFNT_UINT16: values.u16[i] = (uint16)(v >> 16); break;
        case DFNT_INT32: case DFNT_UINT32: values.u32[i] = v; break;
        default: values.u8[i] = (uint8)(v >> 24);
        }
    }
}

static const struct {
    const char *name;
    int32 type;
} types[] = {
    {"i8", DFNT_INT8},    {"u8", DFNT_UINT8},    {"i16", DFNT_INT16},   {"u16", DFNT_UINT16},
    {"i32", DFNT_INT32},  {"u32", DFNT_UINT32},  {"f32", DFNT_FLOAT32}, {"f64", DFNT_FLOAT64},
    {"char", DFNT_CHAR8}, {"uchar", DFNT_UCHAR8}, {"lei16", DFNT_LINT16}, {"leu32", DFNT_LUINT32},
    {"lef32", DFNT_LFLOAT32}, {"lef64", DFNT_LFLOAT64},
};

static int32 start[2] = {0, 0};
static int32 shape[2] = {ROWS, COLS};

static int32 create(int32 file, const char *layout, const char *type_name, int32 type) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", layout, type_name);
    int32 sds = SDcreate(file, name, type, 2, shape);
    MUST(sds);
    return sds;
}

static void put(int32 sds, int32 type) {
    fill(type);
    MUST(SDwritedata(sds, start, NULL, shape, &values));
    MUST(SDendaccess(sds));
}

static void with_attributes(int32 sds, int32 type) {
    char8 text[] = "some words";
    int8 i8[2] = {-1, 2};
    uint8 u8 = 200;
    int16 i16[2] = {-30000, 32700};
    uint16 u16 = 65535;
    int32 i32[3] = {-1, 0, 1};
    uint32 u32 = 4000000000u;
    float32 f32 = 0.1f;
    float64 f64[2] = {0.0001, -1e300};
    fill(type);
    MUST(SDsetattr(sds, "text", DFNT_CHAR8, (int32)strlen(text), text));
    MUST(SDsetattr(sds, "i8", DFNT_INT8, 2, i8));
    MUST(SDsetattr(sds, "u8", DFNT_UINT8, 1, &u8));
    MUST(SDsetattr(sds, "i16", DFNT_INT16, 2, i16));
    MUST(SDsetattr(sds, "u16", DFNT_UINT16, 1, &u16));
    MUST(SDsetattr(sds, "i32", DFNT_INT32, 3, i32));
    MUST(SDsetattr(sds, "u32", DFNT_UINT32, 1, &u32));
    MUST(SDsetattr(sds, "f32", DFNT_FLOAT32, 1, &f32));
    MUST(SDsetattr(sds, "f64", DFNT_FLOAT64, 2, f64));
    MUST(SDsetattr(sds, "lei16", DFNT_LINT16, 2, i16));
    MUST(SDsetattr(sds, "lef64", DFNT_LFLOAT64, 2, f64));
}

static void sd_file(const char *path) {
    int32 file = SDstart(path, DFACC_CREATE);
    MUST(file);
    comp_info info;
    HDF_CHUNK_DEF chunk;
    for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
        const char *name = types[t].name;
        int32 type = types[t].type;
        int32 sds = create(file, "plain", name, type);
        if (t == 0) with_attributes(sds, type);
        put(sds, type);

        sds = create(file, "deflate", name, type);
        memset(&info, 0, sizeof info);
        info.deflate.level = 1 + (int)t % 9;
        MUST(SDsetcompress(sds, COMP_CODE_DEFLATE, &info));
        put(sds, type);

        sds = create(file, "rle", name, type);
        MUST(SDsetcompress(sds, COMP_CODE_RLE, &info));
        put(sds, type);

        sds = create(file, "empty", name, type);
        MUST(SDendaccess(sds));

        /* A chunk table takes 4 kB, so chunks come in some of the types only. */
        if (t % 3 == 1) continue;
        memset(&chunk, 0, sizeof chunk);
        chunk.chunk_lengths[0] = 5;
        chunk.chunk_lengths[1] = 7;
        if (t % 4 == 2) {
            sds = create(file, "chunked", name, type);
            MUST(SDsetchunk(sds, chunk, HDF_CHUNK));
            put(sds, type);
        }

        memset(&chunk, 0, sizeof chunk);
        chunk.comp.chunk_lengths[0] = 5;
        chunk.comp.chunk_lengths[1] = 7;
        chunk.comp.comp_type = COMP_CODE_DEFLATE;
        chunk.comp.cinfo.deflate.level = 5;
        sds = create(file, "chunkdeflate", name, type);
        MUST(SDsetchunk(sds, chunk, HDF_CHUNK | HDF_COMP));
        put(sds, type);

        if (t % 4 == 0) {
            chunk.comp.comp_type = COMP_CODE_RLE;
            sds = create(file, "chunkrle", name, type);
            MUST(SDsetchunk(sds, chunk, HDF_CHUNK | HDF_COMP));
            put(sds, type);
        }
    }

    /* Chunks that are never written, with netCDF's fill value and with one of our own. */
    for (int own = 0; own < 2; own++) {
        int32 sds = create(file, own ? "missing_own" : "missing", "i16", DFNT_INT16);
        int16 fill_value = -3000;
        if (own) MUST(SDsetfillvalue(sds, &fill_value));
        memset(&chunk, 0, sizeof chunk);
        chunk.comp.chunk_lengths[0] = 5;
        chunk.comp.chunk_lengths[1] = 7;
        chunk.comp.comp_type = COMP_CODE_DEFLATE;
        chunk.comp.cinfo.deflate.level = 5;
        MUST(SDsetchunk(sds, chunk, HDF_CHUNK | HDF_COMP));
        fill(DFNT_INT16);
        int32 place[2] = {1, 0};
        MUST(SDwritechunk(sds, place, &values));
        place[0] = 4, place[1] = 2;
        MUST(SDwritechunk(sds, place, &values));
        MUST(SDendaccess(sds));
    }

    /* Rows appended in turns, so that both SDS end up in linked blocks. */
    int32 growing[2] = {SD_UNLIMITED, COLS}, one[2] = {1, COLS}, at[2] = {0, 0};
    int32 a = SDcreate(file, "linked_i32", DFNT_INT32, 2, growing);
    int32 b = SDcreate(file, "linked_u8", DFNT_UINT8, 2, growing);
    MUST(a);
    MUST(b);
    MUST(SDsetblocksize(a, 200));
    MUST(SDsetblocksize(b, 50));
    for (at[0] = 0; at[0] < ROWS; at[0]++) {
        fill(DFNT_INT32);
        MUST(SDwritedata(a, at, NULL, one, values.i32 + at[0] * COLS));
        fill(DFNT_UINT8);
        if (at[0] < 19) MUST(SDwritedata(b, at, NULL, one, values.u8 + at[0] * COLS));
    }
    MUST(SDendaccess(a));
    MUST(SDendaccess(b));

    /* One and three dimensions, a scale, no dimension. */
    int32 line[1] = {CELLS}, box[3] = {3, 7, 11}, origin[3] = {0, 0, 0};
    fill(DFNT_UINT16);
    a = SDcreate(file, "line", DFNT_UINT16, 1, line);
    MUST(a);
    memset(&chunk, 0, sizeof chunk);
    chunk.comp.chunk_lengths[0] = 100;
    chunk.comp.comp_type = COMP_CODE_DEFLATE;
    chunk.comp.cinfo.deflate.level = 9;
    MUST(SDsetchunk(a, chunk, HDF_CHUNK | HDF_COMP));
    MUST(SDwritedata(a, origin, NULL, line, &values));
    MUST(SDendaccess(a));
    a = SDcreate(file, "box", DFNT_UINT16, 3, box);
    MUST(a);
    chunk.comp.chunk_lengths[0] = 2;
    chunk.comp.chunk_lengths[1] = 3;
    chunk.comp.chunk_lengths[2] = 4;
    MUST(SDsetchunk(a, chunk, HDF_CHUNK | HDF_COMP));
    MUST(SDwritedata(a, origin, NULL, box, &values));
    int32 dim = SDgetdimid(a, 0);
    float64 scale[3] = {10, 20, 30};
    MUST(SDsetdimname(dim, "depth"));
    MUST(SDsetdimscale(dim, 3, DFNT_FLOAT64, scale));
    MUST(SDendaccess(a));
    a = SDcreate(file, "scalar", DFNT_INT16, 0, box);
    MUST(a);
    MUST(SDwritedata(a, origin, NULL, box, &values));
    MUST(SDendaccess(a));

    /* Coders that are not read. */
    memset(&info, 0, sizeof info);
    a = create(file, "unsupported_huffman", "u8", DFNT_UINT8);
    info.skphuff.skp_size = 1;
    MUST(SDsetcompress(a, COMP_CODE_SKPHUFF, &info));
    put(a, DFNT_UINT8);
    a = create(file, "unsupported_nbit", "i16", DFNT_INT16);
    MUST(SDsetnbitdataset(a, 11, 12, 0, 0));
    put(a, DFNT_INT16);

    char8 title[] = "every layout of libhdf4";
    MUST(SDsetattr(file, "title", DFNT_CHAR8, (int32)strlen(title), title));
    MUST(SDend(file));
}

static void eos_file(const char *path) {
    int32 file = GDopen((char *)path, DFACC_CREATE);
    MUST(file);
    /* The tile h25v04, in 20 rows and 14 columns: the library wants tiles that divide them. */
    float64 upper_left[2] = {7783653.637667, 5559752.598333};
    float64 lower_right[2] = {8895604.157333, 4447802.078667};
    float64 projection[13] = {6371007.181};
    int32 grid = GDcreate(file, "MOD_Grid_MOD17A3H", 14, 20, upper_left, lower_right);
    MUST(grid);
    MUST(GDdefproj(grid, GCTP_SNSOID, -1, -1, projection));
    int32 level[5] = {8}, tile[2] = {5, 7};
    static const char *layouts[] = {"plain", "deflate", "tiles", "tiledeflate", "rle"};
    for (size_t t = 0; t < 8; t++) {
        for (int k = 0; k < 5; k++) {
            char name[64];
            if ((k == 2 || k == 3) && t % 2) continue;
            snprintf(name, sizeof name, "%s %s", layouts[k], types[t].name);
            if (k == 2 || k == 3)
                MUST(GDdeftile(grid, HDFE_TILE, 2, tile));
            else
                MUST(GDdeftile(grid, HDFE_NOTILE, 0, NULL));
            if (k == 1 || k == 3)
                MUST(GDdefcomp(grid, HDFE_COMP_DEFLATE, level));
            else if (k == 4)
                MUST(GDdefcomp(grid, HDFE_COMP_RLE, NULL));
            else
                MUST(GDdefcomp(grid, HDFE_COMP_NONE, NULL));
            MUST(GDdeffield(grid, name, "YDim,XDim", types[t].type, HDFE_NOMERGE));
        }
    }
    MUST(GDdetach(grid));
    grid = GDattach(file, "MOD_Grid_MOD17A3H");
    MUST(grid);
    for (size_t t = 0; t < 8; t++) {
        fill(types[t].type);
        for (int k = 0; k < 5; k++) {
            char name[64];
            if ((k == 2 || k == 3) && t % 2) continue;
            snprintf(name, sizeof name, "%s %s", layouts[k], types[t].name);
            MUST(GDwritefield(grid, name, NULL, NULL, NULL, &values));
        }
    }
    MUST(GDdetach(grid));

    /* A second grid: geographic, three dimensions, corners in packed degrees. */
    float64 west_north[2] = {EHconvAng(80.5, HDFE_DEG_DMS), EHconvAng(52.25, HDFE_DEG_DMS)};
    float64 east_south[2] = {EHconvAng(120.0, HDFE_DEG_DMS), EHconvAng(41.0, HDFE_DEG_DMS)};
    grid = GDcreate(file, "geographic", 11, 7, west_north, east_south);
    MUST(grid);
    MUST(GDdefproj(grid, GCTP_GEO, 0, 0, NULL));
    MUST(GDdeforigin(grid, HDFE_GD_UL));
    MUST(GDdefdim(grid, "Band", 3));
    MUST(GDdeffield(grid, "stack", "Band,YDim,XDim", DFNT_INT16, HDFE_NOMERGE));
    MUST(GDdetach(grid));
    grid = GDattach(file, "geographic");
    MUST(grid);
    fill(DFNT_INT16);
    MUST(GDwritefield(grid, "stack", NULL, NULL, NULL, &values));
    MUST(GDdetach(grid));
    MUST(GDclose(file));
}

static void dfsd_file(const char *path) {
    remove(path);
    MUST(DFSDsetdims(2, shape));
    MUST(DFSDsetNT(DFNT_INT16));
    fill(DFNT_INT16);
    MUST(DFSDadddata(path, 2, shape, &values));
    MUST(DFSDclear());
    MUST(DFSDsetdims(2, shape));
    MUST(DFSDsetNT(DFNT_FLOAT64));
    MUST(DFSDsetdatastrs("height", "m", "F8.2", "none"));
    fill(DFNT_FLOAT64);
    MUST(DFSDadddata(path, 2, shape, &values));
}

int main(int argc, char **argv) {
    char path[4096];
    if (argc != 2) return 1;
    snprintf(path, sizeof path, "%s/sd.hdf", argv[1]);
    sd_file(path);
    snprintf(path, sizeof path, "%s/eos.hdf", argv[1]);
    eos_file(path);
    snprintf(path, sizeof path, "%s/dfsd.hdf", argv[1]);
    dfsd_file(path);
    return 0;
}
