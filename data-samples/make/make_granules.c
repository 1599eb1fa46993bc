/*
 * Writes synthetic granules shaped like MOD17A3HGF.061 with the reference
 * HDF-EOS2 library, so that a reader is tested against bytes it did not write.
 *
 *   make_granules list LIST OUT_DIR
 *       one granule per line of LIST:
 *         file_name h v year cells layout gpp.raw npp.raw qc.raw
 *       the raw files hold cells x cells values in the machine's byte order
 *       (uint16, int16, uint8).
 *   make_granules full OUT_DIR h v year layout
 *       one full-size granule (2400 x 2400) of made-up content.
 *
 * layout is how the three data sets are stored:
 *   plain        contiguous, uncompressed
 *   stream:L     one deflate stream per data set, level L
 *   RxC:L        chunks of R rows x C columns, each deflated at level L
 *   RxC:0        chunks, uncompressed
 * HDF-EOS2 wants chunk sides that divide the grid evenly.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hdf.h"
#include "mfhdf.h"
#include "HdfEosDef.h"

#define NOTE "Synthetic sample made for testing; not a measurement"
#define GRID_NAME "MOD_Grid_MOD17A3H"
#define FULL_CELLS 2400

static const double RADIUS_M = 6371007.181;
static const double TILE_M = 20015109.354 / 18.0; /* edge as stored in granules */

static const char FILL_DOC[] =
    "MOD17A3HGF FILL VALUE LEGEND (Npp int16 / Gpp uint16 / QC uint8)\n"
    "32767 / 65535 / 255 = not computed, or outside the projection\n"
    "32766 / 65534 / 254 = perennial salt or inland fresh water\n"
    "32765 / 65533 / 253 = barren, sparse vegetation (rock, tundra, desert)\n"
    "32764 / 65532 / 252 = perennial snow, ice\n"
    "32763 / 65531 / 251 = permanent wetlands, inundated marshlands\n"
    "32762 / 65530 / 250 = urban, built-up\n"
    "32761 / 65529 / 249 = unclassified, or not able to determine\n";

static void die(const char *what, const char *where)
{
    fprintf(stderr, "make_granules: %s: %s\n", where, what);
    exit(1);
}

static void need(int ok, const char *what, const char *where)
{
    if (!ok)
        die(what, where);
}

struct granule {
    char name[128]; /* MOD17A3HGF.AYYYYDDD.hHHvVV.061.YYYYDDDHHMMSS.hdf */
    int h, v, year, cells;
    char layout[32];
    uint16_t *gpp;
    int16_t *npp;
    uint8_t *qc;
};

/* ---- how the data sets are stored ---- */

static void declare_storage(int32 grid, const struct granule *g)
{
    int rows, cols, level;
    intn parameters[5] = {0, 0, 0, 0, 0};

    /* The library keeps tiling and compression from one file to the next. */
    need(GDdeftile(grid, HDFE_NOTILE, 0, NULL) == SUCCEED, "GDdeftile", g->name);
    need(GDdefcomp(grid, HDFE_COMP_NONE, parameters) == SUCCEED, "GDdefcomp", g->name);
    if (strcmp(g->layout, "plain") == 0)
        return;
    if (sscanf(g->layout, "stream:%d", &level) == 1) {
        parameters[0] = level;
        need(GDdefcomp(grid, HDFE_COMP_DEFLATE, parameters) == SUCCEED, "GDdefcomp", g->name);
        return;
    }
    need(sscanf(g->layout, "%dx%d:%d", &rows, &cols, &level) == 3, "unknown layout", g->layout);
    int32 chunk[2] = {rows, cols};
    need(GDdeftile(grid, HDFE_TILE, 2, chunk) == SUCCEED, "GDdeftile", g->name);
    if (level > 0) {
        parameters[0] = level;
        need(GDdefcomp(grid, HDFE_COMP_DEFLATE, parameters) == SUCCEED, "GDdefcomp", g->name);
    }
}

/* ---- attributes ---- */

static void put_text(int32 id, const char *name, const char *text)
{
    need(SDsetattr(id, name, DFNT_CHAR8, (int32)strlen(text), text) == SUCCEED, "SDsetattr", name);
}

static void put_double(int32 id, const char *name, double value)
{
    need(SDsetattr(id, name, DFNT_FLOAT64, 1, &value) == SUCCEED, "SDsetattr", name);
}

static void describe(int32 sd, const char *field, int32 type, const void *range, const void *fill,
                     const char *long_name, const char *units, double scale)
{
    int32 id = SDselect(sd, SDnametoindex(sd, field));
    int32 calibrated = type;

    need(id != FAIL, "SDselect", field);
    put_double(id, "scale_factor", scale);
    put_double(id, "scale_factor_err", 0.0);
    put_double(id, "add_offset", 0.0);
    put_double(id, "add_offset_err", 0.0);
    need(SDsetattr(id, "calibrated_nt", DFNT_INT32, 1, &calibrated) == SUCCEED, "SDsetattr", field);
    need(SDsetattr(id, "valid_range", type, 2, range) == SUCCEED, "SDsetattr", field);
    need(SDsetfillvalue(id, (VOIDP)fill) == SUCCEED, "SDsetfillvalue", field);
    put_text(id, "long_name", long_name);
    put_text(id, "units", units);
    put_text(id, "MOD17A3_FILLVALUE_DOC", FILL_DOC);
    SDendaccess(id);
}

/* "...YYYYDDDHHMMSS.hdf" -> "YYYY-MM-DDTHH:MM:SS.000Z" */
static void iso_time(const char *name, char *out, size_t size)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, day, hour, minute, second, month = 0;
    const char *end = strrchr(name, '.');

    need(end && end - name > 13 && sscanf(end - 13, "%4d%3d%2d%2d%2d", &year, &day, &hour, &minute, &second) == 5,
         "no production time in the file name", name);
    for (int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); month < 11; month++) {
        int days = length[month] + (month == 1 && leap);
        if (day <= days)
            break;
        day -= days;
    }
    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02d.000Z", year, month + 1, day, hour, minute, second);
}

static void put_metadata(int32 sd, const struct granule *g)
{
    char text[4096], stamp[40], tile[16];

    iso_time(g->name, stamp, sizeof stamp);
    snprintf(tile, sizeof tile, "51%03d%03d", g->h, g->v);
    snprintf(text, sizeof text,
             "\nGROUP                  = INVENTORYMETADATA\n  GROUPTYPE            = MASTERGROUP\n"
             "\n  GROUP                  = ECSDATAGRANULE\n"
             "\n    OBJECT                 = LOCALGRANULEID\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%s\"\n    END_OBJECT             = LOCALGRANULEID\n"
             "\n    OBJECT                 = PRODUCTIONDATETIME\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%s\"\n    END_OBJECT             = PRODUCTIONDATETIME\n"
             "\n    OBJECT                 = REPROCESSINGACTUAL\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%s\"\n    END_OBJECT             = REPROCESSINGACTUAL\n"
             "\n  END_GROUP              = ECSDATAGRANULE\n"
             "\n  GROUP                  = COLLECTIONDESCRIPTIONCLASS\n"
             "\n    OBJECT                 = SHORTNAME\n      NUM_VAL              = 1\n"
             "      VALUE                = \"MOD17A3HGF\"\n    END_OBJECT             = SHORTNAME\n"
             "\n    OBJECT                 = VERSIONID\n      NUM_VAL              = 1\n"
             "      VALUE                = 61\n    END_OBJECT             = VERSIONID\n"
             "\n  END_GROUP              = COLLECTIONDESCRIPTIONCLASS\n"
             "\n  GROUP                  = RANGEDATETIME\n"
             "\n    OBJECT                 = RANGEBEGINNINGDATE\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%04d-01-01\"\n    END_OBJECT             = RANGEBEGINNINGDATE\n"
             "\n    OBJECT                 = RANGEENDINGDATE\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%04d-12-31\"\n    END_OBJECT             = RANGEENDINGDATE\n"
             "\n  END_GROUP              = RANGEDATETIME\n"
             "\n  GROUP                  = ADDITIONALATTRIBUTES\n"
             "\n    OBJECT                 = TileID\n      NUM_VAL              = 1\n"
             "      VALUE                = \"%s\"\n    END_OBJECT             = TileID\n"
             "\n  END_GROUP              = ADDITIONALATTRIBUTES\n"
             "\nEND_GROUP              = INVENTORYMETADATA\n\nEND\n",
             g->name, stamp, NOTE, g->year, g->year, tile);
    put_text(sd, "CoreMetadata.0", text);
    put_text(sd, "SAMPLE_NOTE", NOTE);
}

/* ---- one granule ---- */

/*
 * HDF4 stores the path it was given inside the file. So the file is written by
 * its bare name, in a folder of its own, and moved into OUT_DIR when whole.
 */
static void write_granule(const char *out_dir, struct granule *g)
{
    /* Outer edges of the tile, metres. */
    double upper_left[2] = {(g->h - 18) * TILE_M, (9 - g->v) * TILE_M};
    double lower_right[2] = {(g->h - 17) * TILE_M, (8 - g->v) * TILE_M};
    double projection[13] = {0};
    const uint16_t gpp_range[2] = {0, 65500}, gpp_fill = 65535;
    const int16_t npp_range[2] = {-30000, 32700}, npp_fill = 32767;
    const uint8_t qc_range[2] = {0, 100}, qc_fill = 255;
    int32 hdf, sd;

    char moved[160];
    int home = open(".", O_RDONLY);
    need(home >= 0, "cannot open the working folder", ".");
    need(chdir(out_dir) == 0, "no such folder", out_dir);
    mkdir(".part", 0777); /* it may be there: another maker runs beside this one */
    need(chdir(".part") == 0, "cannot make the folder .part", out_dir);
    remove(g->name);
    int32 file = GDopen(g->name, DFACC_CREATE);
    need(file != FAIL, "cannot create", g->name);
    int32 grid = GDcreate(file, GRID_NAME, g->cells, g->cells, upper_left, lower_right);
    need(grid != FAIL, "GDcreate", g->name);
    projection[0] = RADIUS_M;
    need(GDdefproj(grid, GCTP_SNSOID, -1, -1, projection) == SUCCEED, "GDdefproj", g->name);
    declare_storage(grid, g);
    need(GDdeffield(grid, "Gpp_500m", "YDim,XDim", DFNT_UINT16, HDFE_NOMERGE) == SUCCEED, "GDdeffield", g->name);
    need(GDdeffield(grid, "Npp_500m", "YDim,XDim", DFNT_INT16, HDFE_NOMERGE) == SUCCEED, "GDdeffield", g->name);
    need(GDdeffield(grid, "Npp_QC_500m", "YDim,XDim", DFNT_UINT8, HDFE_NOMERGE) == SUCCEED, "GDdeffield", g->name);
    need(GDdetach(grid) == SUCCEED, "GDdetach", g->name);

    need(EHidinfo(file, &hdf, &sd) == SUCCEED, "EHidinfo", g->name);
    describe(sd, "Gpp_500m", DFNT_UINT16, gpp_range, &gpp_fill,
             "MOD17A3HGF MODIS Gridded 500M Annual Gross Primary Productivity (GPP) [synthetic]", "kg_C/m^2", 0.0001);
    describe(sd, "Npp_500m", DFNT_INT16, npp_range, &npp_fill,
             "MOD17A3HGF MODIS Gridded 500M Annual Net Primary Productivity (NPP) [synthetic]", "kg_C/m^2", 0.0001);
    describe(sd, "Npp_QC_500m", DFNT_UINT8, qc_range, &qc_fill,
             "MOD17A3HGF MODIS Gridded 500M Annual QC: percent of growing season with filled FPAR/LAI [synthetic]", "percent", 1.0);
    put_metadata(sd, g);

    grid = GDattach(file, GRID_NAME);
    need(grid != FAIL, "GDattach", g->name);
    need(GDwritefield(grid, "Gpp_500m", NULL, NULL, NULL, g->gpp) == SUCCEED, "GDwritefield", g->name);
    need(GDwritefield(grid, "Npp_500m", NULL, NULL, NULL, g->npp) == SUCCEED, "GDwritefield", g->name);
    need(GDwritefield(grid, "Npp_QC_500m", NULL, NULL, NULL, g->qc) == SUCCEED, "GDwritefield", g->name);
    need(GDdetach(grid) == SUCCEED, "GDdetach", g->name);
    need(GDclose(file) == SUCCEED, "GDclose", g->name);
    snprintf(moved, sizeof moved, "../%s", g->name);
    need(rename(g->name, moved) == 0, "cannot rename", g->name);
    need(chdir("..") == 0, "cannot leave .part", out_dir);
    rmdir(".part"); /* fails while another maker uses it */
    need(fchdir(home) == 0, "cannot return to the working folder", out_dir);
    close(home);
}

static void allocate(struct granule *g)
{
    size_t n = (size_t)g->cells * g->cells;
    g->gpp = malloc(n * sizeof *g->gpp);
    g->npp = malloc(n * sizeof *g->npp);
    g->qc = malloc(n);
    need(g->gpp && g->npp && g->qc, "out of memory", g->name);
}

static void release(struct granule *g)
{
    free(g->gpp);
    free(g->npp);
    free(g->qc);
}

/* ---- from raw files ---- */

static void load(const char *path, void *into, size_t bytes)
{
    FILE *f = fopen(path, "rb");
    need(f != NULL, "cannot open", path);
    need(fread(into, 1, bytes, f) == bytes && fgetc(f) == EOF, "unexpected length", path);
    fclose(f);
}

static void from_list(const char *list, const char *out_dir)
{
    char line[4096], gpp[1024], npp[1024], qc[1024];
    struct granule g;
    FILE *f = fopen(list, "r");

    need(f != NULL, "cannot open", list);
    while (fgets(line, sizeof line, f)) {
        need(sscanf(line, "%127s %d %d %d %d %31s %1023s %1023s %1023s", g.name, &g.h, &g.v, &g.year,
                    &g.cells, g.layout, gpp, npp, qc) == 9, "expected nine fields", line);
        allocate(&g);
        size_t n = (size_t)g.cells * g.cells;
        load(gpp, g.gpp, n * 2);
        load(npp, g.npp, n * 2);
        load(qc, g.qc, n);
        write_granule(out_dir, &g);
        release(&g);
    }
    fclose(f);
}

/* ---- full size, made-up content ---- */

/* A hash of three integers (the finaliser of MurmurHash3), for noise without state. */
static uint32_t hash(uint32_t x, uint32_t y, uint32_t z)
{
    uint32_t k = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ z * 0xC2B2AE3Du;
    k ^= k >> 16;
    k *= 0x85EBCA6Bu;
    k ^= k >> 13;
    k *= 0xC2B2AE35u;
    return k ^ k >> 16;
}

static double unit(uint32_t x, uint32_t y, uint32_t z)
{
    return hash(x, y, z) / 4294967296.0;
}

/* Smooth noise in 0..1 of a square lattice of `step` cells. */
static void smooth_row(double *row, int cells, long x0, long y, int step, uint32_t seed)
{
    double fy = (double)(y % step) / step;
    fy = fy * fy * (3 - 2 * fy);
    for (int i = 0; i < cells; i++) {
        long x = x0 + i, cx = x / step, cy = y / step;
        double fx = (double)(x % step) / step;
        fx = fx * fx * (3 - 2 * fx);
        double top = unit(cx, cy, seed) * (1 - fx) + unit(cx + 1, cy, seed) * fx;
        double low = unit(cx, cy + 1, seed) * (1 - fx) + unit(cx + 1, cy + 1, seed) * fx;
        row[i] = top * (1 - fy) + low * fy;
    }
}

static void make_content(struct granule *g)
{
    const int n = g->cells;
    const double bad_year = 14.0 * (unit(g->year, 7, 7) - 0.5);
    static double wide[FULL_CELLS], fine[FULL_CELLS], seen[FULL_CELLS];

    for (int r = 0; r < n; r++) {
        long y = (long)g->v * n + r, x0 = (long)g->h * n;
        double latitude = 90.0 - (y + 0.5) * 10.0 / n;
        smooth_row(wide, n, x0, y, 311, 1);
        smooth_row(fine, n, x0, y, 37, 2);
        smooth_row(seen, n, x0, y, 173, 1000u + g->year);
        for (int i = 0; i < n; i++) {
            size_t at = (size_t)r * n + i;
            uint32_t chance = hash(x0 + i, y, 3);
            /* gC m-2: greener northwards, plus country, plus valley, plus the year. */
            double base = 60 + 13 * (latitude - 42) + 120 * (wide[i] - 0.5) + 40 * (fine[i] - 0.5);
            int code = -1; /* 0..6: unclassified, urban, wetland, snow, barren, water, fill */
            if (base < 45)
                code = 4;
            else if (wide[i] > 0.86)
                code = 5;
            else if (wide[i] > 0.85)
                code = 2;
            else if (fine[i] > 0.97 && latitude > 47)
                code = 3;
            else if (chance < 200000u)
                code = 6;
            else if (chance < 3000000u)
                code = 1;
            else if (chance < 4000000u)
                code = 0;
            if (code >= 0) {
                g->npp[at] = (int16_t)(32761 + code);
                g->gpp[at] = (uint16_t)(65529 + code);
                g->qc[at] = (uint8_t)(249 + code);
                continue;
            }
            uint32_t noise = hash(x0 + i, y, (uint32_t)g->year);
            int npp = (int)((base + bad_year + 24 * (seen[i] - 0.5)) * 10) + (int)(noise & 15) - 7;
            g->npp[at] = (int16_t)npp;
            g->gpp[at] = (uint16_t)(npp / 8 * 12 + 600);
            g->qc[at] = (uint8_t)(30 * seen[i] + (noise >> 9 & 1));
        }
    }
}

static void full_size(const char *out_dir, char **a)
{
    struct granule g;

    memset(&g, 0, sizeof g);
    g.h = atoi(a[0]);
    g.v = atoi(a[1]);
    g.year = atoi(a[2]);
    g.cells = FULL_CELLS;
    snprintf(g.layout, sizeof g.layout, "%s", a[3]);
    need(g.h >= 0 && g.h < 36 && g.v >= 0 && g.v < 18, "no such tile", a[0]);
    snprintf(g.name, sizeof g.name, "MOD17A3HGF.A%04d001.h%02dv%02d.061.2022%03d%02d%02d%02d.hdf", g.year,
             g.h, g.v, 20 + g.year % 100, g.h % 24, g.v, g.year % 60);
    allocate(&g);
    make_content(&g);
    write_granule(out_dir, &g);
    release(&g);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "list") == 0)
        from_list(argv[2], argv[3]);
    else if (argc == 7 && strcmp(argv[1], "full") == 0)
        full_size(argv[2], argv + 3);
    else {
        fprintf(stderr, "usage: make_granules list LIST OUT_DIR\n"
                        "       make_granules full OUT_DIR h v year layout\n");
        return 2;
    }
    return 0;
}
