/* SPDX-License-Identifier: BSD-2-Clause */
/* version - the one place where the version of all programs stands */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define VERSION "0.1.0"

#endif
