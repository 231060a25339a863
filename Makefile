# amtree - see `make help`
#
# One Makefile, no recursion.  Objects land in $(O); headers are tracked by the
# compiler.  Build variants by giving each its own $(O):
#
#	make check
#	make check O=build/asan SAN=address,undefined CC=clang

O       ?= build/default
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/amtree
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
DESTDIR ?=

CC         ?= cc
PKG_CONFIG ?= pkg-config
SCDOC      ?= scdoc
CFLAGS     ?= -O2 -g

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	-Iinclude -MMD -MP \
	-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Werror \
	$(addprefix -fsanitize=,$(SAN)) $(CFLAGS)

# The floors.  A file may include only its own floor and those to its left.
FLOORS   = base format engine
PROGRAMS = amtree amtree-merge amtree-build amtree-run amtree-scan
MAINS    = $(PROGRAMS) amtree-pigz

# Modules that bring in a library, by the program that needs them.  What is not
# named here needs libc alone, and so do amtree and amtree-merge.
PKGS    := libarchive libdeflate zlib libcrypto
RUN_PKGS = $(if $(PKGS),libseccomp)
SCAN_PKGS = $(if $(PKGS),zlib libcrypto)
PKG_OBJ  = $(addprefix $(O)/src/,format/deflate.o format/digest.o format/gunzip.o \
	engine/pack.o engine/filter.o)
# Modules of amtree-run that need the kernel's own headers, as libc has them.
KERNEL_OBJ = $(addprefix $(O)/src/,format/kstat.o \
	$(addprefix engine/,advice.o capcalls.o filecalls.o lookcalls.o \
	notify.o resume.o roster.o scene.o scribe.o sigcalls.o supervisor.o \
	tracee.o trap.o walk.o))
PKG_LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -pthread
RUN_LIBS = $(shell $(PKG_CONFIG) --libs $(RUN_PKGS)) -pthread
SCAN_LIBS = $(shell $(PKG_CONFIG) --libs $(SCAN_PKGS)) -pthread

LIB_SRC = $(sort $(wildcard $(FLOORS:%=src/%/*.c)))
CMD_SRC = $(sort $(wildcard src/cmd/*.c))
LIB_OBJ = $(LIB_SRC:%.c=$(O)/%.o)
CMD_OBJ = $(CMD_SRC:%.c=$(O)/%.o)
SHARED  = $(filter-out $(MAINS:%=$(O)/src/cmd/%.o),$(CMD_OBJ))
BINS    = $(PROGRAMS:%=$(O)/%)
# What amtree-run puts in front of PATH, in a directory of their own.
HELPERS = $(addprefix $(O)/libexec/,tar pigz)
TESTS   = $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/*/test_*.c)))
FUZZERS = $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
MANS    = $(patsubst %.scd,$(O)/%,$(sort $(wildcard doc/*.scd)))

all: $(BINS) $(HELPERS) $(MANS) ## build everything (default)

programs: $(BINS) $(HELPERS) ## build the programs, without their manual

$(O)/amtree-build: LIBS = $(PKG_LIBS)
$(O)/amtree-run: LIBS = $(RUN_LIBS)
$(O)/amtree-scan: LIBS = $(SCAN_LIBS)
$(BINS): $(O)/%: $(O)/src/cmd/%.o $(O)/libcmd.a $(O)/libamtree.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(O)/libexec/pigz: $(O)/src/cmd/amtree-pigz.o $(O)/libcmd.a $(O)/libamtree.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(O)/libexec/tar: scripts/libexec/tar
	@mkdir -p $(@D)
	install -m755 $< $@

# Where amtree-run looks for them if they are not found from its own place.
$(O)/src/cmd/amtree-run.o: CPPFLAGS += -DLIBEXECDIR='"$(LIBEXECDIR)"'

$(O)/libcmd.a: $(SHARED)
	rm -f $@ && $(AR) rcs $@ $^

# Without packages (see check-musl) it has what libc suffices for.
$(O)/libamtree.a: $(if $(PKGS),$(LIB_OBJ),$(filter-out $(PKG_OBJ) \
	$(KERNEL_OBJ),$(LIB_OBJ)))
	rm -f $@ && $(AR) rcs $@ $^

$(PKG_OBJ): PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(PKG_CFLAGS) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Rewritten only when the compiler or its flags change, so that rebuilds happen.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS)' >$@

$(O)/doc/%: doc/%.scd
	@mkdir -p $(@D)
	$(SCDOC) <$< >$@

check: check-unit check-cmd check-rules check-docs ## build and run the tests

check-unit: $(TESTS:%=%.ok) ## the cmocka tests

# Tests can make these fail, see tests/alloc.h.
ALLOCATORS = malloc calloc realloc strdup realpath fdopendir

$(TESTS): %: %.o $(O)/tests/alloc.o $(O)/libamtree.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(ALLOCATORS:%=-Wl,--wrap=%) -o $@ $^ \
		$(TEST_LIBS)
TEST_LIBS ?= $(PKG_LIBS) $(RUN_LIBS) -lcmocka

%.ok: %
	$(TEST_WRAPPER) $< && touch $@

check-cmd: $(BINS) $(HELPERS) ## the tests of the programs, in a made-up package
	SAN='$(SAN)' sh tests/cmd/run.sh $(O)

check-rules: $(LIB_OBJ) $(CMD_OBJ) ## floors, doors and symbol names hold
	scripts/check-rules $(O)

check-docs: $(BINS) $(MANS) ## man pages and completions say what --help does
	sh tests/cmd/docs.sh $(O)

check-format: ## the code is as clang-format has it
	find src include tests -name '*.[ch]' -exec \
		clang-format --dry-run -Werror {} +

# Unit tests of what needs libc alone, with another C library.  cmocka is built
# for one C library only; tests/plain has as much of it as these tests use.
MUSL_CC    ?= musl-gcc
MUSL_TESTS  = $(filter-out $(foreach o,$(PKG_OBJ) $(KERNEL_OBJ),\
	%/test_$(basename $(notdir $o))) %/test_pool %/test_pgzip %/test_tail \
	%/test_source %/test_build %/test_apk,$(TESTS))
check-musl: ## amtree, amtree-merge and their unit tests, with musl
	$(MAKE) O=$(O)/musl CC=$(MUSL_CC) PKGS= TEST_LIBS=-static \
		CPPFLAGS='-Itests/plain' musl-objects
musl-objects: $(O)/amtree $(O)/amtree-merge $(MUSL_TESTS:%=%.ok)

fuzz: ## run each fuzzer for FUZZ_SECONDS (needs clang)
	$(MAKE) O=$(O)/fuzz CC=clang SAN=fuzzer-no-link,address,undefined \
		fuzzers
	sh tests/fuzz/run.sh $(O)/fuzz
fuzzers: $(FUZZERS)
$(FUZZERS): %: %.o $(O)/libamtree.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

install: all ## install under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(BINDIR)
	install -m755 $(BINS) $(DESTDIR)$(BINDIR)
	install -d $(DESTDIR)$(LIBEXECDIR)
	install -m755 $(HELPERS) $(DESTDIR)$(LIBEXECDIR)
	set -e; for m in $(MANS); do \
		install -D -m644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; \
	done
	set -e; for p in $(PROGRAMS); do \
		install -D -m644 scripts/completions/$$p.bash \
			$(DESTDIR)$(DATADIR)/bash-completion/completions/$$p; \
		install -D -m644 scripts/completions/_$$p \
			$(DESTDIR)$(DATADIR)/zsh/site-functions/_$$p; \
		install -D -m644 scripts/completions/$$p.fish \
			$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/$$p.fish; \
	done

uninstall: ## remove what install put there
	rm -f $(HELPERS:$(O)/libexec/%=$(DESTDIR)$(LIBEXECDIR)/%)
	-rmdir $(DESTDIR)$(LIBEXECDIR)
	set -e; for p in $(PROGRAMS); do rm -f \
		$(DESTDIR)$(BINDIR)/$$p \
		$(DESTDIR)$(DATADIR)/bash-completion/completions/$$p \
		$(DESTDIR)$(DATADIR)/zsh/site-functions/_$$p \
		$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/$$p.fish; \
	done
	set -e; for m in $(MANS); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; \
	done

completions: $(BINS) ## make scripts/completions anew from --help
	sh scripts/completions/make.sh $(O) scripts/completions

clean: ## remove $(O)
	rm -rf $(O)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 16

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d) $(TESTS:=.d) $(FUZZERS:=.d) \
	$(O)/tests/alloc.d
.PHONY: all programs check check-unit check-cmd check-rules check-docs \
	check-format check-musl musl-objects fuzz fuzzers install uninstall \
	completions clean help FORCE
.SECONDARY:
