/* SPDX-License-Identifier: BSD-2-Clause */
/* mark - how alloc.c tells inject.c that main() is about to begin */
#ifndef TESTS_FAULT_MARK_H
#define TESTS_FAULT_MARK_H

/* An option of prctl(2) that no kernel has. */
#define FAULT_MARK 0x616d7472

#endif
