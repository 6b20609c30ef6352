# shellcheck shell=bash disable=SC2034 # what is set here is used by the commands
# What the measuring commands in this folder share: options, programs compiled once, servers started and ended, tables.
# Sourced by them. They listen on 127.0.0.1 alone, end what they started by its process id, and remove what they wrote.
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C
readonly exit_usage=64 exit_missing=69 exit_failed=70

say() { printf '%s\n' "$*" >&2; }

refuse() { say "$(basename "$0"): $*"; exit "$exit_usage"; }

fail() { say "$(basename "$0"): $*"; exit "$exit_failed"; }

# --- options ---------------------------------------------------------------------------------------------------------

seconds=4 rounds=3 max=1000000 kills=200 pastes=1000 renewals=30 full='' transport=git

# The comment at the top of each command is its help.
usage() { sed -n '2,/^$/ s/^# \{0,1\}//p' "$0"; }

read_options() { # read_options "$@"
    while [ $# -gt 0 ]; do
        case $1 in
            --seconds | --rounds | --max | --kills | --pastes | --renewals)
                [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || refuse "$1 wants a whole number, like $1 4"
                printf -v "${1#--}" %s "$2"; shift 2 ;;
            --full) full=yes; shift ;;
            --transport)
                case ${2:-} in git | ssh | https) transport=$2; shift 2 ;; *) refuse '--transport wants git, ssh or https' ;; esac ;;
            -h | --help) usage; exit 0 ;;
            *) refuse "unknown option $1; try --help" ;;
        esac
    done
}

# Nothing is installed in silence: what is missing is named, with the Debian package that brings it.
need() { # need COMMAND:PACKAGE...
    local each missing=()
    for each; do
        command -v "${each%%:*}" >/dev/null || [ -x "/usr/sbin/${each%%:*}" ] || missing+=("${each##*:}")
    done
    [ ${#missing[@]} = 0 ] && return
    say "$(basename "$0"): something is missing; apt-get install ${missing[*]}"
    exit "$exit_missing"
}

# --- what is started and written goes away again ------------------------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/pasteur-bench.XXXXXX")
started=()
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

clean_up() {
    local pid
    for pid in "${started[@]}"; do end "$pid"; done
    rm -rf "$work"
}

# Asks a process of ours to end, and makes it after ten seconds.
end() { # end PID
    local _
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# --- programs -----------------------------------------------------------------------------------------------------------

program='' tool='' version=''

readonly sources=(src web Directory.Build.props Directory.Build.targets Directory.Packages.props global.json)

# The released program and the measuring tool, compiled ahead of time: a just-in-time build has other figures. Kept in
# out/bench, by the last commit that touched what they are made of. PASTEUR_PROGRAM=FILE measures that program instead.
make_programs() {
    make_program
    tool=$root/out/bench/tool-$(compiled_version "${sources[@]}" bench/Pasteur.Bench)/Pasteur.Bench
    compile bench/Pasteur.Bench "$tool"
}

# For those who need no tool.
make_program() {
    need dotnet:dotnet-sdk-10.0 git:git clang:clang ld.lld:lld cmake:cmake
    version="pasteur $(compiled_version "${sources[@]}")"
    program=${PASTEUR_PROGRAM:-$root/out/bench/${version/ /-}/pasteur}
    if [ -z "${PASTEUR_PROGRAM:-}" ]; then compile src/Pasteur "$program"; else version=$("$program" --version); fi
}

compiled_version() { # compiled_version FOLDER_OR_FILE...
    local changes
    changes=$(cd "$root" && git status --porcelain -- "$@" | head -1)
    (cd "$root" && git log -1 --format=%h -- "$@" | tr -d '\n')
    echo "${changes:++changes}"
}

compile() { # compile PROJECT FILE
    case $2 in *+changes*) ;; *) [ -x "$2" ] && return ;; esac
    say "Compiling $1 ahead of time; this takes a minute or two."
    (cd "$root" && dotnet publish "$1" -r linux-x64 -o "$(dirname "$2")" -nologo -v quiet) >"$work/publish.log" 2>&1 ||
        { cat "$work/publish.log" >&2; fail "dotnet publish $1 failed"; }
}

readonly lighthouse=12.8.2
readonly lighthouse_folder=$root/out/bench/lighthouse-$lighthouse

# From npm, once.
fetch_lighthouse() {
    [ -d "$lighthouse_folder/node_modules/lighthouse" ] ||
        npm install --prefix "$lighthouse_folder" --silent --no-audit --no-fund "lighthouse@$lighthouse" >&2 || fail 'npm could not fetch Lighthouse'
}

# --- servers ------------------------------------------------------------------------------------------------------------

site='' site_pid=''

start_site() { # start_site DATA_FOLDER OPTION...: sets site (its address) and site_pid
    local data=$1 log=$work/site-${#started[@]}.log; shift
    : >"$log"
    "$program" --port 0 --data "$data" "$@" >"$log" 2>&1 &
    site_pid=$!
    started+=("$site_pid")
    wait_until 60 grep -q '^The site is at' "$log" || { cat "$log" >&2; fail 'the site did not start'; }
    site=$(sed -n 's/^The site is at //p' "$log")
}

start_ready_site() { # start_ready_site DATA_FOLDER OPTION...: and waits until the first fetch has ended
    start_site "$@"
    wait_until 60 curl -fsS -o "$work/answer" "${site}readyz" 2>/dev/null || fail 'the first fetch did not end'
}

stop_site() { end "$site_pid"; }

backlog() { curl -fsS "$1healthz" | sed -n 's/.*"backlog": \([0-9]*\).*/\1/p'; } # backlog SITE

has_no_backlog() { [ "$(backlog "$1")" = 0 ]; } # has_no_backlog SITE

# shellcheck source=remotes.sh source-path=SCRIPTDIR
. "$bench/remotes.sh"

nginx_file=''

# The yardstick: a 2 KB file from nginx as it comes, a worker for each core, no log.
start_nginx() { # sets nginx_file (an address)
    local port; port=$(free_port)
    mkdir -p "$work/www" "$work/nginx"
    a_text >"$work/www/text"
    cat >"$work/nginx.conf" <<CONF
user $(id -un); worker_processes auto; daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 1024; }
http {
    access_log off; keepalive_requests 1000000000; default_type text/plain;
    client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi; scgi_temp_path $work/nginx/scgi;
    server { listen 127.0.0.1:$port; root $work/www; }
}
CONF
    PATH=$PATH:/usr/sbin nginx -c "$work/nginx.conf" >"$work/nginx/log" 2>&1 &
    started+=("$!")
    nginx_file=http://127.0.0.1:$port/text
    wait_until 10 curl -fsS -o "$work/answer" "$nginx_file" 2>/dev/null || { cat "$work/nginx/log" >&2; fail 'nginx did not start'; }
}

a_text() { head -c 1500 /dev/urandom | base64 -w0 | head -c 2000; }

free_port() {
    local port _
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 12000))
        listens "$port" || { echo "$port"; return; }
    done
    fail 'no free port was found'
}

listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # listens PORT

wait_until() { # wait_until SECONDS COMMAND...
    local tries=$(($1 * 50)) _; shift
    for _ in $(seq "$tries"); do
        "$@" && return
        sleep 0.02
    done
    return 1
}

# --- measuring ----------------------------------------------------------------------------------------------------------

# Load on an address: "rate p50 p99 longest refused", times in ms.
load() { # load CLIENTS ADDRESS WHAT...: what load.lua is to send
    wrk -t1 -c"$1" -d"${seconds}s" --timeout 10s -s "$bench/load.lua" "$2" -- "${@:3}" >"$work/wrk.log" 2>&1 ||
        { cat "$work/wrk.log" >&2; fail 'wrk failed'; }
    sed -n 's/^figures //p' "$work/wrk.log"
}

# Rounds are kept as files of such lines, one file for each row of a table. NAME is a column of it.
column() { # column FILE NAME
    local at
    case $2 in rate | first) at=1 ;; p50 | second) at=2 ;; p99) at=3 ;; longest) at=4 ;; refused) at=5 ;; esac
    cut -d' ' -f"$at" "$1" | sort -g
}

median() { column "$1" "$2" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; } # median FILE NAME

most() { column "$1" "$2" | tail -1; } # most FILE NAME

# The median of the rounds' ratios: both sides of a ratio were measured within seconds of each other.
ratio() { # ratio FILE BY_FILE
    paste -d' ' <(cut -d' ' -f1 "$1") <(cut -d' ' -f1 "$2") | awk '{ print $1 / $2 }' >"$1.ratios"
    two "$(median "$1.ratios" first)"
}

# Figures with failed requests in them are figures of something else.
refuse_failures() { # refuse_failures FILE...
    local file
    for file; do [ "$(most "$file" refused)" = 0 ] || fail "$(basename "$file"): $(most "$file" refused) requests failed"; done
}

resident_megabytes() { awk '/^VmRSS:/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; } # resident_megabytes PID

# --- what is printed ----------------------------------------------------------------------------------------------------

# Over every table stands what it was measured on and with. To be called just before the load begins.
describe() { # describe DETAIL...
    local model memory disk details=''
    model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
    memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
    disk=$(df --output=fstype "$work" | tail -1)
    [ $# = 0 ] || details=$(printf ', %s' "$@")
    echo "Machine: $(nproc) cores (${model:-unknown}), $memory GiB of memory, $disk, $(uname -sr); load before: $(cut -d' ' -f1 /proc/loadavg)."
    echo "Program: $version$details."
    echo
}

nginx_version() { PATH=$PATH:/usr/sbin nginx -v 2>&1 | sed 's/.*nginx\//nginx /'; }

openssh_version() { ssh -V 2>&1 | cut -d, -f1; }

row() { printf '| %s ' "$@"; printf '|\n'; } # row CELL...

heading() { # heading CELL...: names on the left, figures on the right
    row "$@"
    printf '|---'; printf '|---:%.0s' "${@:2}"; printf '|\n'
}

figures() { # figures NAME FILE CELL...: a row with the rate and the times of all rounds, and more cells
    row "$1" "$(whole "$(median "$2" rate)")" "$(two "$(median "$2" p50)")" "$(two "$(median "$2" p99)")" "$(two "$(most "$2" longest)")" "${@:3}"
}

whole() { printf '%.0f' "$1"; }

two() { printf '%.2f' "$1"; }
