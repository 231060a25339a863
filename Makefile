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
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
DESTDIR ?=

CC         ?= cc
PKG_CONFIG ?= pkg-config
SCDOC      ?= scdoc
OBJCOPY    ?= objcopy
CFLAGS     ?= -O2 -g
# Options that make a bug harder to make use of, of those the compiler knows.
# Empty it where a distribution has its own.
ifeq ($(origin HARDENING),undefined)
HARDENING := $(shell sh scripts/hardening $(CC) $(CFLAGS) $(LDFLAGS) \
	$(addprefix -fsanitize=,$(SAN)))
endif

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	-Iinclude -MMD -MP \
	-Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Werror \
	$(addprefix -fsanitize=,$(SAN)) \
	$(filter-out -pie -Wl%,$(HARDENING)) -fPIC $(VISIBILITY) $(CFLAGS)
# What tests put in the place of a library's own has to be seen by libraries.
VISIBILITY = -fvisibility=hidden
$(O)/tests/%.o: private VISIBILITY =
PROGRAM_LDFLAGS = $(filter -pie -Wl%,$(HARDENING)) $(LDFLAGS)

VERSION := $(shell sed -n 's/^.define VERSION "\(.*\)"$$/\1/p' \
	include/base/version.h)
# Of the library: another one when programs have to be compiled anew.
ABI = 0

# The floors.  A file may include only its own floor and those to its left.
FLOORS   = base format engine lib
PROGRAMS = amtree amtree-merge amtree-build amtree-run amtree-scan amtree-diff
SCRIPTS  = amtree-trybuild
MAINS    = $(PROGRAMS) amtree-pigz

# Modules that bring in a library, by the program that needs them.  What is not
# named here needs libc alone, and so do amtree and amtree-merge.
PKGS    := libarchive libdeflate zlib libcrypto
RUN_PKGS = $(if $(PKGS),libseccomp)
SCAN_PKGS = $(if $(PKGS),zlib libcrypto)
PKG_OBJ  = $(addprefix $(O)/src/,format/deflate.o format/digest.o format/gunzip.o \
	engine/member.o engine/pack.o engine/rules.o lib/output.o)
# Modules of amtree-run that need the kernel's own headers, as libc has them.
KERNEL_OBJ = $(addprefix $(O)/src/,format/kstat.o \
	$(addprefix engine/,advice.o capcalls.o filecalls.o filter.o handover.o \
	layer.o lookcalls.o notify.o resume.o roster.o scene.o scribe.o sigcalls.o \
	supervisor.o target.o tracee.o trap.o walk.o witness.o))
PKG_LIBS = $(shell $(PKG_CONFIG) --libs $(PKGS)) -pthread
RUN_LIBS = $(shell $(PKG_CONFIG) --libs $(RUN_PKGS)) -pthread
SCAN_LIBS = $(shell $(PKG_CONFIG) --libs $(SCAN_PKGS)) -pthread

LIB_SRC = $(sort $(wildcard $(FLOORS:%=src/%/*.c)))
CMD_SRC = $(sort $(wildcard src/cmd/*.c))
LIB_OBJ = $(LIB_SRC:%.c=$(O)/%.o)
# Without packages (see check-musl) the floors have what libc suffices for.
FLOOR_OBJ = $(if $(PKGS),$(LIB_OBJ),$(filter-out $(PKG_OBJ) $(KERNEL_OBJ),\
	$(LIB_OBJ)))
CMD_OBJ = $(CMD_SRC:%.c=$(O)/%.o)
SHARED  = $(filter-out $(MAINS:%=$(O)/src/cmd/%.o),$(CMD_OBJ))
BINS    = $(PROGRAMS:%=$(O)/%)
# What amtree-run puts in front of PATH, in a directory of their own.
HELPERS = $(addprefix $(O)/libexec/,tar pigz)
# What amtree-trybuild is made of.
TRYBUILD = $(patsubst scripts/%,$(O)/%,$(wildcard scripts/libexec/trybuild/*.*))
# Functions for abuild, see doc/abuild.md.
SHELL_LIB = $(O)/amtree.sh
# For other programs: all objects, but with the names of amtree.h only.
PUBLIC  = $(O)/lib/libamtree.so.$(VERSION) $(O)/lib/libamtree.a \
	$(O)/lib/libamtree.pc
PUBLIC_OBJ = $(filter $(O)/src/lib/%,$(LIB_OBJ))
TESTS   = $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/*/test_*.c)))
# The tests of modules: test_NOUN, and test_NOUN_TOPIC where there are many.
tests_of = $(foreach m,$1,$(filter $(foreach f,$(FLOORS),\
	$(O)/tests/$f/test_$m $(O)/tests/$f/test_$m_%),$(TESTS)))
FUZZERS = $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
MANS    = $(patsubst %.scd,$(O)/%,$(sort $(wildcard doc/*.scd)))

all: programs library $(MANS) ## build everything (default)

programs: $(BINS) $(HELPERS) $(SHELL_LIB) $(SCRIPTS:%=$(O)/%) $(TRYBUILD) ## build the programs, without their manual

library: $(PUBLIC) ## build libamtree, see include/amtree.h

$(O)/amtree-build: LIBS = $(PKG_LIBS)
$(O)/amtree-run: LIBS = $(RUN_LIBS)
$(O)/amtree-scan $(O)/amtree-diff: LIBS = $(SCAN_LIBS)
$(BINS): $(O)/%: $(O)/src/cmd/%.o $(O)/libcmd.a $(O)/libfloors.a
	$(CC) $(ALL_CFLAGS) $(PROGRAM_LDFLAGS) -o $@ $^ $(LIBS)

$(O)/libexec/pigz: $(O)/src/cmd/amtree-pigz.o $(O)/libcmd.a $(O)/libfloors.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PROGRAM_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(O)/libexec/tar: scripts/libexec/tar
	@mkdir -p $(@D)
	install -m755 $< $@

$(O)/amtree-trybuild: scripts/trybuild include/base/version.h $(O)/libexecdir
	@mkdir -p $(@D)
	sed "s|@VERSION@|$(VERSION)|; s|@LIBEXECDIR@|$(LIBEXECDIR)|" $< >$@
	chmod 755 $@

$(O)/libexec/trybuild/%: scripts/libexec/trybuild/%
	@mkdir -p $(@D)
	install -m$(if $(filter %.sh,$@),755,644) $< $@

$(SHELL_LIB): scripts/abuild/amtree.sh
	@mkdir -p $(@D)
	install -m644 $< $@

# Where amtree-run looks for them if they are not found from its own place.
$(O)/src/cmd/environment.o: $(O)/libexecdir
$(O)/src/cmd/environment.o: private CPPFLAGS += -DLIBEXECDIR='"$(LIBEXECDIR)"'

$(O)/libcmd.a: $(SHARED) $(O)/objects
	rm -f $@ && $(AR) rcs $@ $(SHARED)

$(O)/libfloors.a: $(FLOOR_OBJ) $(O)/objects
	rm -f $@ && $(AR) rcs $@ $(FLOOR_OBJ)

$(O)/lib/libamtree.so.$(VERSION): $(PUBLIC_OBJ) $(O)/libfloors.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(filter -Wl%,$(HARDENING)) $(LDFLAGS) -shared \
		-Wl,-soname,libamtree.so.$(ABI) -o $@ $^ $(PKG_LIBS)

# One object, so that what is hidden can be made local; not with -flto.
$(O)/lib/libamtree.a: $(PUBLIC_OBJ) $(O)/libfloors.a
	@mkdir -p $(@D)
	$(LD) -r -o $(O)/lib/libamtree.o $^
	$(OBJCOPY) --localize-hidden $(O)/lib/libamtree.o
	rm -f $@ && $(AR) rcs $@ $(O)/lib/libamtree.o

$(O)/lib/libamtree.pc: scripts/libamtree.pc.in include/base/version.h FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' -e 's|@PKGS@|$(PKGS)|' $< >$@

$(PKG_OBJ): PKG_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(PKGS))
$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(CC) $(PKG_CFLAGS) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Rewritten only when what they say changes, so that rebuilds happen: compiler
# and flags; which objects there are, also when one has gone; a path.
$(O)/flags: SAYS = $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(PROGRAM_LDFLAGS)
$(O)/objects: SAYS = $(patsubst $(O)/%,%,$(FLOOR_OBJ) $(SHARED))
$(O)/libexecdir: SAYS = $(LIBEXECDIR)
$(O)/flags $(O)/objects $(O)/libexecdir: FORCE
	@mkdir -p $(@D)
	@echo '$(SAYS)' | cmp -s - $@ || echo '$(SAYS)' >$@

$(O)/doc/%: doc/%.scd
	@mkdir -p $(@D)
	$(SCDOC) <$< >$@

# A bound for scripts/bench-run.sh.
$(O)/tests/bench/idle: $(O)/tests/bench/idle.o $(O)/libfloors.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(RUN_LIBS)

check: check-unit check-cmd check-rules check-docs ## build and run the tests

check-unit: $(TESTS:%=%.ok) ## the cmocka tests

# Tests can make these fail, see tests/alloc.h.
ALLOCATORS = malloc calloc realloc strdup realpath fdopendir

$(TESTS): %: %.o $(O)/tests/alloc.o $(O)/libfloors.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(ALLOCATORS:%=-Wl,--wrap=%) -o $@ $^ \
		$(TEST_LIBS)
TEST_LIBS ?= $(PKG_LIBS) $(RUN_LIBS) -lcmocka

%.ok: %
	$(TEST_WRAPPER) $< && touch $@

check-cmd: programs ## the tests of the programs, in a made-up package
	SAN='$(SAN)' sh tests/cmd/run.sh $(O)

check-rules: $(LIB_OBJ) $(CMD_OBJ) ## floors, doors and symbol names hold
	scripts/check-rules $(O)

check-docs: programs $(MANS) ## man pages and completions say what --help does
	sh tests/cmd/docs.sh $(O)
	sh tests/cmd/completions.sh $(O)

check-format: ## the code is as clang-format has it
	find src include tests -name '*.[ch]' -exec \
		clang-format --dry-run -Werror {} +

# Unit tests of what needs libc alone, with another C library.  cmocka is built
# for one C library only; tests/plain has as much of it as these tests use.
MUSL_CC    ?= musl-gcc
MUSL_TESTS  = $(filter-out $(call tests_of,\
	$(basename $(notdir $(PKG_OBJ) $(KERNEL_OBJ))) pool pgzip tail source \
	build apk amtree matchup inspection side),$(TESTS))
check-musl: ## amtree, amtree-merge and their unit tests, with musl
	$(MAKE) O=$(O)/musl CC=$(MUSL_CC) PKGS= TEST_LIBS=-static \
		CPPFLAGS='-Itests/plain' plain-objects
check-i386: ## the same on 32 bits, with gcc-multilib (see doc/portability.md)
	$(MAKE) O=$(O)/i386 CC='$(CC) -m32' PKGS= TEST_LIBS= \
		CPPFLAGS='-Itests/plain' plain-objects
plain-objects: $(O)/amtree $(O)/amtree-merge $(MUSL_TESTS:%=%.ok)

# An hour's work.  What calls seccomp(2), and what counts on system calls or on
# speed that valgrind does not have, is left to the sanitizers.
VALGRIND    ?= valgrind -q --error-exitcode=99 --leak-check=full \
	--show-leak-kinds=definite --errors-for-leak-kinds=definite
VALGRIND_NOT = capcalls filter handover io keeper kin layer notify package relay \
	scene signals supervisor target tracee trap walk witness
check-valgrind: ## units and programs under valgrind
	rm -f $(TESTS:$(O)/%=$(O)/valgrind/%.ok)
	$(MAKE) O=$(O)/valgrind TEST_WRAPPER='$(VALGRIND)' valgrind-units programs
	sh tests/cmd/valgrind.sh $(O)/valgrind '$(VALGRIND)'
valgrind-units: $(addsuffix .ok,\
	$(filter-out $(call tests_of,$(VALGRIND_NOT)),$(TESTS)))

fuzz: ## run the fuzzers, see tests/fuzz/run.sh (needs clang)
	$(MAKE) O=$(O)/fuzz CC=clang SAN=fuzzer-no-link,address,undefined \
		fuzzers
	sh tests/fuzz/run.sh $(O)/fuzz
fuzzers: $(FUZZERS)
$(FUZZERS): %: %.o $(O)/libfloors.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

install: all ## install under $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(BINDIR)
	install -m755 $(BINS) $(SCRIPTS:%=$(O)/%) $(DESTDIR)$(BINDIR)
	install -d $(DESTDIR)$(LIBEXECDIR)/trybuild
	install -m755 $(HELPERS) $(DESTDIR)$(LIBEXECDIR)
	install -m755 $(filter %.sh,$(TRYBUILD)) $(DESTDIR)$(LIBEXECDIR)/trybuild
	install -m644 $(filter-out %.sh,$(TRYBUILD)) \
		$(DESTDIR)$(LIBEXECDIR)/trybuild
	install -D -m644 $(SHELL_LIB) $(DESTDIR)$(DATADIR)/amtree/amtree.sh
	install -D -m644 include/amtree.h $(DESTDIR)$(INCLUDEDIR)/amtree.h
	install -D -m644 $(O)/lib/libamtree.pc \
		$(DESTDIR)$(LIBDIR)/pkgconfig/libamtree.pc
	install -m644 $(O)/lib/libamtree.a $(DESTDIR)$(LIBDIR)
	install -m755 $(O)/lib/libamtree.so.$(VERSION) $(DESTDIR)$(LIBDIR)
	ln -sf libamtree.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libamtree.so.$(ABI)
	ln -sf libamtree.so.$(ABI) $(DESTDIR)$(LIBDIR)/libamtree.so
	set -e; for m in $(MANS); do \
		install -D -m644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; \
	done
	set -e; for p in $(PROGRAMS) $(SCRIPTS); do \
		install -D -m644 scripts/completions/$$p.bash \
			$(DESTDIR)$(DATADIR)/bash-completion/completions/$$p; \
		install -D -m644 scripts/completions/_$$p \
			$(DESTDIR)$(DATADIR)/zsh/site-functions/_$$p; \
		install -D -m644 scripts/completions/$$p.fish \
			$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/$$p.fish; \
	done

uninstall: ## remove what install put there
	rm -f $(patsubst $(O)/libexec/%,$(DESTDIR)$(LIBEXECDIR)/%,$(HELPERS) \
		$(TRYBUILD))
	-rmdir $(DESTDIR)$(LIBEXECDIR)/trybuild
	rm -f $(DESTDIR)$(DATADIR)/amtree/amtree.sh \
		$(DESTDIR)$(INCLUDEDIR)/amtree.h \
		$(DESTDIR)$(LIBDIR)/pkgconfig/libamtree.pc \
		$(DESTDIR)$(LIBDIR)/libamtree.a \
		$(DESTDIR)$(LIBDIR)/libamtree.so \
		$(DESTDIR)$(LIBDIR)/libamtree.so.$(ABI) \
		$(DESTDIR)$(LIBDIR)/libamtree.so.$(VERSION)
	-rmdir $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DATADIR)/amtree
	set -e; for p in $(PROGRAMS) $(SCRIPTS); do rm -f \
		$(DESTDIR)$(BINDIR)/$$p \
		$(DESTDIR)$(DATADIR)/bash-completion/completions/$$p \
		$(DESTDIR)$(DATADIR)/zsh/site-functions/_$$p \
		$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/$$p.fish; \
	done
	set -e; for m in $(MANS); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}; \
	done

dist: ## make amtree-VERSION.tar.gz in $(O), the same bytes each time
	sh scripts/dist.sh amtree-$(VERSION) $(O)

completions: programs ## make scripts/completions anew from --help
	sh scripts/completions/make.sh $(O) scripts/completions

clean: ## remove $(O)
	rm -rf $(O)

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1	/p' Makefile | expand -t 16

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d) $(TESTS:=.d) $(FUZZERS:=.d) \
	$(O)/tests/alloc.d
.PHONY: all programs library dist check check-unit check-cmd check-rules check-docs \
	check-format check-musl check-i386 check-valgrind valgrind-units plain-objects fuzz fuzzers install uninstall \
	completions clean help FORCE
