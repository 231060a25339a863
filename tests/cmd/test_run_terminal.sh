#!/bin/sh
# amtree-run: on a terminal, as if the command were there alone
# shellcheck disable=SC2154 # variables of lib.sh and processes.sh
# shellcheck disable=SC2016,SC2317 # shells and functions that check() calls
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$tests/processes.sh"

export run hear PS1='$ ' ENV=

# on_terminal NAME COMMAND... - NAME is a promise, kept if the steps of
# terminal.py on stdin are
on_terminal() {
	cat >"$here/steps"
	terminal_name=$1
	shift
	check "$terminal_name" python3 "$tests/terminal.py" "$@" <"$here/steps"
}

# What is typed.
cat >plain <<'END'
echo ready
exec sleep 1000
END
on_terminal 'Ctrl-C ends the command, and its shell sees 130' sh -i <<'END'
type "$run" sh plain; echo status=$?\r
see ready
type \x03
see status=130
type exit 5\r
end 5
END
on_terminal 'a command that handles Ctrl-C decides itself' sh -i <<'END'
type "$run" $hear SIGINT=3; echo status=$?\r
see ready
type \x03
see got SIGINT
see status=3
END
on_terminal 'Ctrl-C reaches a command once that goes on' \
	sh -c 'exec "$run" $hear SIGINT SIGQUIT=4' <<'END'
see ready
type \x03
see got SIGINT
type \x1c
see got SIGQUIT
once got SIGINT
end 4
END
on_terminal 'Ctrl-\ ends the command, and its shell sees 131' sh -i <<'END'
type "$run" sh plain; echo status=$?\r
see ready
type \x1c
see status=131
END
on_terminal 'Ctrl-Z stops the job, bg and fg let it go on' sh -i <<'END'
type "$run" $hear SIGCONT SIGINT=3\r
see ready
type \x1a
see Stopped
type bg\r
see got SIGCONT
type fg; echo status=$?\r
see got SIGCONT
type \x1a
see Stopped
type fg; echo status=$?\r
see got SIGCONT
type \x03
see got SIGINT
see status=3
END
on_terminal 'a job in the background stops when it reads' sh -i <<'END'
type "$run" sh -c 'read line; echo "it read $line"' &\r
type until jobs >now; grep -q Stopped now; do sleep 0.02; done; echo has stop"ped"\r
see has stopped
type fg; echo status=$?\r
type words\r
see it read words
see status=0
END
on_terminal 'a command that ignores Ctrl-Z is not stopped' \
	sh -c 'exec "$run" sh -c "trap \"\" TSTP; exec $hear SIGINT=3"' <<'END'
see ready
type \x1a
type \x03
see got SIGINT
end 3
END
on_terminal 'a changed size of the window is told once' \
	"$run" sh -c 'exec $hear SIGWINCH SIGINT=0' <<'END'
see ready
size 33 99
see got SIGWINCH
type \x03
see got SIGINT
once got SIGWINCH
end 0
END
on_terminal 'the terminal is there' "$run" sh -c \
	'stty size; test -t 0 && tty && echo line >/dev/tty; read x; echo "<$x>"' <<'END'
see /dev/
see line
type words\r
see <words>
end 0
END
on_terminal 'a terminal that goes away ends what leads its session' \
	sh -c 'exec "$run" $hear SIGHUP=3' <<'END'
see ready
hang up
end 3
END
on_terminal 'or what its shell has in the foreground' sh -i <<'END'
type "$run" sh -c 'echo $$ >pid; exec $hear SIGHUP=0'\r
see ready
hang up
end 129
END
check 'and neither stays' until_true is_gone pid

on_terminal 'a shell inside has job control' sh -i <<'END'
type "$run" sh -i; echo status=$?\r
see $
type $hear SIGCONT SIGINT=3\r
see ready
type \x1a
see Stopped
type fg; echo inner=$?\r
see got SIGCONT
type \x03
see got SIGINT
see inner=3
type exit 7\r
see status=7
type sh plain; echo alone=$?\r
see ready
type \x1c
see alone=131
once Stopped
END

# What is sent to all the job.
on_terminal 'SIGTERM to the process group ends all, by its number' \
	sh -c 'exec "$run" sh plain' <<'END'
see ready
signal SIGTERM
end 143
END
on_terminal 'a command that handles it goes on' \
	sh -c 'exec "$run" $hear SIGTERM SIGINT=4' <<'END'
see ready
signal SIGTERM
see got SIGTERM
type \x03
end 4
END
finish
