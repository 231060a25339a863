/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kstat - what statx(2) says, in the shape that stat(2) gives to programs
 *
 * The kernel's struct stat is part of each ABI.  On 64 bits it is the C
 * library's; on 32 bits the C library has another, and programs ask for
 * struct stat64.
 */
#ifndef FORMAT_KSTAT_H
#define FORMAT_KSTAT_H

#include <stddef.h>

struct statx;

enum { KSTAT_MAX = 256, KSTAT64_I386 = 96 };

/*
 * Write the native struct stat of a 64-bit ABI.  Returns its size; 0 on a
 * machine where the C library's differs from the kernel's.
 */
size_t kstat_native(unsigned char out[KSTAT_MAX], const struct statx *from);

/*
 * Write the struct stat64 of i386; on ARM, its own.  Returns its size; 0 on
 * machines that have another.
 */
size_t kstat_i386(unsigned char out[KSTAT_MAX], const struct statx *from);

#endif
