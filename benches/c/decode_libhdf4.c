/* Reads one SDS of HDF4 files with the reference library: decode_libhdf4 SDS FILE...
 *
 * Prints the seconds that took, the seconds of it on a processor, and the sum of the 16-bit
 * values, so that the caller can tell that both readers read the same.
 *
 * decode_libhdf4 --write SDS FILE ROWS COLS LEVEL CHUNK_ROWS CHUNK_COLS makes such a file from
 * 16-bit values on the standard input; without the last two the SDS is one deflate stream.
 */
#include <mfhdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int write_file(int argc, char **argv) {
    if (argc != 7 && argc != 9) return 1;
    int32 shape[2] = {atoi(argv[4]), atoi(argv[5])}, origin[2] = {0, 0};
    size_t cells = (size_t)shape[0] * shape[1];
    short *values = malloc(cells * sizeof *values);
    if (!values || fread(values, sizeof *values, cells, stdin) != cells) return 2;
    int32 file = SDstart(argv[3], DFACC_CREATE);
    int32 sds = SDcreate(file, argv[2], DFNT_INT16, 2, shape);
    if (sds < 0) return 3;
    HDF_CHUNK_DEF chunk;
    comp_info info;
    memset(&chunk, 0, sizeof chunk);
    memset(&info, 0, sizeof info);
    chunk.comp.cinfo.deflate.level = info.deflate.level = atoi(argv[6]);
    chunk.comp.comp_type = COMP_CODE_DEFLATE;
    if (argc == 9) {
        chunk.comp.chunk_lengths[0] = atoi(argv[7]);
        chunk.comp.chunk_lengths[1] = atoi(argv[8]);
        if (SDsetchunk(sds, chunk, HDF_CHUNK | HDF_COMP) < 0) return 4;
    } else if (SDsetcompress(sds, COMP_CODE_DEFLATE, &info) < 0) {
        return 5;
    }
    if (SDwritedata(sds, origin, NULL, shape, values) < 0) return 6;
    if (SDendaccess(sds) < 0 || SDend(file) < 0) return 7;
    free(values);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "--write")) return write_file(argc, argv);
    if (argc < 3) return 1;
    long long sum = 0;
    short *values = NULL;
    size_t room = 0;
    double seconds = 0, on_processor = 0;
    /* The first file is read twice, and once of them not counted: memory is then in place. */
    for (int k = 1; k < argc; k++) {
        int i = k < 2 ? 2 : k;
        double start = now(CLOCK_MONOTONIC), start_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        int32 file = SDstart(argv[i], DFACC_READ);
        int32 sds = SDselect(file, SDnametoindex(file, argv[1]));
        int32 rank, shape[H4_MAX_VAR_DIMS], type, attributes, origin[H4_MAX_VAR_DIMS] = {0};
        char name[H4_MAX_NC_NAME + 1];
        if (sds < 0 || SDgetinfo(sds, name, &rank, shape, &type, &attributes) < 0) return 2;
        size_t cells = (size_t)shape[0] * shape[1];
        if (rank != 2 || DFKNTsize(type) != 2) return 3;
        if (cells > room) values = realloc(values, (room = cells) * sizeof *values);
        if (!values || SDreaddata(sds, origin, NULL, shape, values) < 0) return 4;
        SDendaccess(sds);
        SDend(file);
        if (k < 2) continue;
        seconds += now(CLOCK_MONOTONIC) - start;
        on_processor += now(CLOCK_PROCESS_CPUTIME_ID) - start_cpu;
        for (size_t c = 0; c < cells; c++) sum += values[c];
    }
    printf("%.6f %.6f %lld\n", seconds, on_processor, sum);
    free(values);
    return 0;
}
