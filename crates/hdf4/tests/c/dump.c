/* What the reference library reads from an HDF4 file: one line for each SDS and attribute.
 *
 *   S <name> <type> <shape> <hash>            values of an SDS
 *   A <sds or -> <name> <type> <count> <hash> values of an attribute
 *
 * Fields are separated by tabs. The hash is 64-bit FNV-1a of the values as little-endian bytes,
 * row-major. Types are the codes of hntdefs.h without flag bits.
 *
 * cc dump.c -I/usr/include/hdf -o dump -lmfhdfalt -ldfalt -lz -ljpeg -lm
 */
#include <inttypes.h>
#include <mfhdf.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t fnv(const unsigned char *bytes, size_t n) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void *room(size_t n) {
    void *p = calloc(n ? n : 1, 1);
    if (!p) exit(3);
    return p;
}

static void attributes(int32 id, const char *owner, int32 count) {
    for (int32 i = 0; i < count; i++) {
        char name[H4_MAX_NC_NAME + 1];
        int32 type, n;
        if (SDattrinfo(id, i, name, &type, &n) < 0) exit(4);
        size_t bytes = (size_t)n * DFKNTsize((type & 0xfff) | DFNT_NATIVE);
        unsigned char *values = room(bytes);
        if (SDreadattr(id, i, values) < 0) exit(5);
        printf("A\t%s\t%s\t%d\t%d\t%016" PRIx64 "\n", owner, name, type & 0xfff, n,
               fnv(values, bytes));
        free(values);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return 1;
    int32 file = SDstart(argv[1], DFACC_READ), arrays, count;
    if (file < 0 || SDfileinfo(file, &arrays, &count) < 0) return 2;
    for (int32 i = 0; i < arrays; i++) {
        int32 sds = SDselect(file, i), rank, type, own, shape[H4_MAX_VAR_DIMS];
        int32 start[H4_MAX_VAR_DIMS] = {0};
        char name[H4_MAX_NC_NAME + 1];
        if (sds < 0 || SDgetinfo(sds, name, &rank, shape, &type, &own) < 0) return 6;
        size_t bytes = DFKNTsize((type & 0xfff) | DFNT_NATIVE);
        for (int32 d = 0; d < rank; d++) bytes *= (size_t)shape[d];
        unsigned char *values = room(bytes);
        if (bytes && SDreaddata(sds, start, NULL, shape, values) < 0) return 7;
        printf("S\t%s\t%d\t", name, type & 0xfff);
        for (int32 d = 0; d < rank; d++) printf(d ? "x%d" : "%d", shape[d]);
        printf("\t%016" PRIx64 "\n", fnv(values, bytes));
        free(values);
        attributes(sds, name, own);
        SDendaccess(sds);
    }
    attributes(file, "-", count);
    SDend(file);
    return 0;
}
